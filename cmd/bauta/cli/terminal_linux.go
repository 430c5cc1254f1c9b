package cli

import "golang.org/x/sys/unix"

// The requests by which a terminal is asked and set.
const (
	getTermios      = unix.TCGETS
	setTermios      = unix.TCSETS
	setTermiosFlush = unix.TCSETSF
)
