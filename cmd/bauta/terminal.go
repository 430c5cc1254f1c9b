package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/config/text"
)

// isTerminal tells whether a person looks at w or types into it.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}

// columns is the terminal's width; 80 where it does not say.
func columns(w any) int {
	f, ok := w.(*os.File)
	if !ok {
		return 80
	}
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil || size.Col == 0 {
		return 80
	}
	return int(size.Col)
}

// maxPassword bounds a password that is read from a file or a pipe.
const maxPassword = 1024

// readPassword takes the first line of r. A password may begin or end with
// spaces, so only the end of line goes.
func readPassword(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxPassword+1)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if len(line) > maxPassword {
		return "", fmt.Errorf("the password is longer than %d bytes", maxPassword)
	}
	return line, nil
}

// askPassword shows the prompt on the terminal and reads a line without echo.
func (p *program) askPassword(prompt string) (string, error) {
	fd := int(p.stdin.Fd())
	before, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return "", errors.New("no terminal to ask for the password: use --password-file or --password-stdin")
	}
	silent := *before
	silent.Lflag &^= unix.ECHO
	silent.Lflag |= unix.ICANON | unix.ISIG
	if err := unix.IoctlSetTermios(fd, unix.TCSETSF, &silent); err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	restore := func() { unix.IoctlSetTermios(fd, unix.TCSETS, before) }
	defer restore()
	fmt.Fprint(p.stderr, prompt)
	defer fmt.Fprintln(p.stderr)
	return p.readUntilStopped()
}

// readUntilStopped reads a line but gives up with the program's context: ^C
// must not leave the terminal without echo.
func (p *program) readUntilStopped() (string, error) {
	type line struct {
		text string
		err  error
	}
	got := make(chan line, 1)
	// The read cannot be cancelled; after ^C the process ends and takes this
	// goroutine along.
	go func() {
		s, err := readPassword(p.stdin)
		got <- line{s, err}
	}()
	select {
	case l := <-got:
		return l.text, l.err
	case <-p.ctx.Done():
		return "", errors.New("interrupted")
	}
}

func passwordFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	defer f.Close()
	return readPassword(f)
}

// newPassword is how a command gets a user's password: asked for at a
// terminal, else one line of standard input.
func (p *program) newPassword() (string, error) {
	read := func() (string, error) { return readPassword(p.stdin) }
	if isTerminal(p.stdin) {
		read = func() (string, error) { return p.askPassword(p.text(text.UserAskPassword)) }
	}
	password, err := read()
	if err == nil && password == "" {
		err = text.Fail(usageError{errors.New("no password")}, text.UserPasswordEmpty)
	}
	return password, err
}
