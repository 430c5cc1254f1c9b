package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
)

// IsTerminal reports whether a person looks at w or types into it.
func IsTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && isTerminal(f)
}

// columns is the terminal's width; 80 where it does not say.
func columns(w any) int {
	f, ok := w.(*os.File)
	if !ok {
		return 80
	}
	if n := columnsOf(f); n > 0 {
		return n
	}
	return 80
}

// maxPassword bounds a password that is read from a file or a pipe.
const maxPassword = 1024

// ReadPassword takes the first line of r. A password may begin or end with
// spaces, so only the end of line goes.
func ReadPassword(r io.Reader) (string, error) {
	line, err := readLine(r)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if len(line) > maxPassword {
		return "", fmt.Errorf("the password is longer than %d bytes", maxPassword)
	}
	return line, nil
}

// readLine reads up to the end of the line and nothing of the next one, which may be
// asked for later.
func readLine(r io.Reader) (string, error) {
	var line []byte
	for one := make([]byte, 1); len(line) <= maxPassword; {
		switch _, err := io.ReadFull(r, one); {
		case errors.Is(err, io.EOF):
			return string(line), nil
		case err != nil:
			return "", err
		case one[0] == '\n':
			return string(line), nil
		}
		line = append(line, one[0])
	}
	return string(line), nil
}

// AskPassword shows the prompt on the terminal and reads a line without echo.
func (p *Program) AskPassword(prompt string) (string, error) {
	restore, err := silence(p.Stdin)
	if err != nil {
		return "", err
	}
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

// AskSecret is AskPassword at a terminal, and else the next line of standard input.
func (p *Program) AskSecret(prompt string) (string, error) {
	if IsTerminal(p.Stdin) {
		return p.AskPassword(prompt + " ")
	}
	return p.ReadUntilStopped()
}

// Confirm asks for a yes, of a person or of a program at standard input.
func (p *Program) Confirm(question string) (bool, error) {
	fmt.Fprint(p.Stderr, question+" ")
	line, err := p.ReadUntilStopped()
	line = strings.ToLower(strings.TrimSpace(line))
	return line == "yes" || line == p.Text(text.AnswerYes), err
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
