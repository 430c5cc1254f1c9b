package cli

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

func isTerminal(f *os.File) bool {
	var mode uint32
	return windows.GetConsoleMode(windows.Handle(f.Fd()), &mode) == nil
}

// columnsOf is the console's width; 0 where it does not say.
func columnsOf(f *os.File) int {
	var info windows.ConsoleScreenBufferInfo
	if err := windows.GetConsoleScreenBufferInfo(windows.Handle(f.Fd()), &info); err != nil {
		return 0
	}
	return int(info.Window.Right-info.Window.Left) + 1
}

// silence has the console not show what is typed, until restore is called.
func silence(f *os.File) (restore func(), err error) {
	console := windows.Handle(f.Fd())
	var before uint32
	if err := windows.GetConsoleMode(console, &before); err != nil {
		return nil, errors.New("no terminal to ask for the password: use --password-file or --password-stdin")
	}
	silent := before&^windows.ENABLE_ECHO_INPUT | windows.ENABLE_LINE_INPUT | windows.ENABLE_PROCESSED_INPUT
	if err := windows.SetConsoleMode(console, silent); err != nil {
		return nil, fmt.Errorf("read the password: %w", err)
	}
	return func() { windows.SetConsoleMode(console, before) }, nil
}
