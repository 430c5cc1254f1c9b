package cli

import "golang.org/x/sys/unix"

// The requests by which a terminal is asked and set.
const (
	getTermios      = unix.TIOCGETA
	setTermios      = unix.TIOCSETA
	setTermiosFlush = unix.TIOCSETAF
)
