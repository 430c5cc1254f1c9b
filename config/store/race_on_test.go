//go:build race

package store

// slack: the race detector makes Go ten times slower.
const slack = 10
