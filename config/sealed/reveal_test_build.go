//go:build bauta_reveal_keys

package sealed

import (
	"fmt"
	"os"
)

// reveal tells a content key to the test that looks for it in memory and on the disk. It
// is written so that no other copy of it is made in the form that is searched for.
func reveal(h Header, key []byte) {
	for i, b := range key {
		fmt.Fprintf(os.Stderr, "reveal %s %d %d %d\n", h.Camera, h.Sequence, i, ^b)
	}
}
