package cli

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

// IsTerminal reports whether a person looks at w or types into it.
func IsTerminal(w any) bool {
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

// ReadPassword takes the first line of r. A password may begin or end with
// spaces, so only the end of line goes.
func ReadPassword(r io.Reader) (string, error) {
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

// AskPassword shows the prompt on the terminal and reads a line without echo.
func (p *Program) AskPassword(prompt string) (string, error) {
	fd := int(p.Stdin.Fd())
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
	fmt.Fprint(p.Stderr, prompt)
	defer fmt.Fprintln(p.Stderr)
	return p.ReadUntilStopped()
}

// ReadUntilStopped reads a line but gives up with the program's context: ^C
// must not leave the terminal without echo.
func (p *Program) ReadUntilStopped() (string, error) {
	type line struct {
		text string
		err  error
	}
	got := make(chan line, 1)
	// The read cannot be cancelled; after ^C the process ends and takes this
	// goroutine along.
	go func() {
		s, err := ReadPassword(p.Stdin)
		got <- line{s, err}
	}()
	select {
	case l := <-got:
		return l.text, l.err
	case <-p.Ctx.Done():
		return "", errors.New("interrupted")
	}
}

// PasswordFile reads the first line of a file.
func PasswordFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	defer f.Close()
	return ReadPassword(f)
}

// NewPassword is how a command gets a user's password: asked for at a
// terminal, else one line of standard input.
func (p *Program) NewPassword() (string, error) {
	read := func() (string, error) { return ReadPassword(p.Stdin) }
	if IsTerminal(p.Stdin) {
		read = func() (string, error) { return p.AskPassword(p.Text(text.UserAskPassword)) }
	}
	password, err := read()
	if err == nil && password == "" {
		err = text.Fail(Usage(errors.New("no password")), text.UserPasswordEmpty)
	}
	return password, err
}
