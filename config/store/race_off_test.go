//go:build !race

package store

// slack is how much longer things may take here.
const slack = 1
