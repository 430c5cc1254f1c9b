//go:build !cgo && (amd64 || arm64)

package sandbox

// landlockABI is 0: only C runs early enough.
func landlockABI() int { return 0 }
