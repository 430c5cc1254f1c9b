package main

import (
	"path/filepath"
	"slices"

	"github.com/bauta-gateway/bauta/cmd/dev/internal/probe"
)

// workersBelow are the real workers of a daemon: children of its relays. A
// relay that has just begun, or lost its worker, has none.
func workersBelow(pid int) []int {
	var all []int
	for _, p := range probe.Below(pid) {
		if filepath.Base(probe.Name(p)) == realName {
			all = append(all, p)
		}
	}
	slices.Sort(all)
	return all
}
