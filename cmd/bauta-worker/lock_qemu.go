//go:build qemu

package main

import (
	"github.com/bauta-gateway/bauta/anonymize/sandbox"
	"github.com/bauta-gateway/bauta/anonymize/wire"
)

// Built with the tag qemu the worker runs where the kernel's filters cannot be:
// under qemu's user emulation, which has no seccomp. It is for tests of what the
// worker does to frames on another architecture, and no package holds it. Its
// build ID is nobody else's: a gateway as users have it refuses this worker.
func init() { wire.BuildID += "-qemu" }

// lock reports what could not be put up instead of failing.
func lock(string) ([]string, error) {
	layers, err := sandbox.Lock(sandbox.Options{})
	if err != nil {
		return []string{"open: " + err.Error()}, nil
	}
	return layers, nil
}
