//go:build !linux || !(amd64 || arm64)

package process

import (
	"fmt"
	"os"
	"runtime"
)

func hold(*os.File) error { return nil }

// lock fails: nothing is sealed where the process cannot be locked down.
func lock() ([]string, error) {
	return nil, fmt.Errorf("lock down on %s/%s: not supported, run the gateway on Linux on amd64 or arm64", runtime.GOOS, runtime.GOARCH)
}
