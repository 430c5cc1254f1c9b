//go:build !bauta_reveal_keys

package sealed

// reveal does nothing. In a build for the test that looks for keys in memory and on
// the disk, it tells them.
func reveal(Header, []byte) {}
