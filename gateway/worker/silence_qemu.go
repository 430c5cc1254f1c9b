//go:build qemu

package worker

import "time"

// An emulated processor is a hundred times as slow.
const fileSilence = 20 * time.Minute
