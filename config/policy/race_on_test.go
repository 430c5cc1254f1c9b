//go:build race

package policy

// raced: the race detector makes Go ten times slower.
const raced = true
