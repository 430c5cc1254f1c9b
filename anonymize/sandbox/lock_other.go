//go:build !linux || !(amd64 || arm64)

package sandbox

import (
	"fmt"
	"runtime"
)

// Lock fails: this system offers no lock-down.
func Lock(Options) ([]string, error) {
	return nil, fmt.Errorf("lock down on %s/%s: not supported, run the worker on Linux on amd64 or arm64", runtime.GOOS, runtime.GOARCH)
}
