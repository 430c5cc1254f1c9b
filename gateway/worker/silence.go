//go:build !qemu

package worker

import "time"

// One 4K frame on the slowest host takes far less.
const fileSilence = time.Minute
