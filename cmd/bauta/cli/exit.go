package cli

import (
	"errors"
	"fmt"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// The exit codes; docs/cli.md promises them.
const (
	exitOK         = 0
	exitFailed     = 1
	ExitUsage      = 2
	exitNotRunning = 3
	ExitRefused    = 4
)

// Errors that only set the exit code; what is to be said was said.
var (
	ErrSaid    = errors.New("failed")
	ErrRefused = errors.New("refused")
)

// usageError is a wrong combination of arguments.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// Usage makes err one of wrong arguments.
func Usage(err error) error { return usageError{err} }

// refusal is what bauta will not do, though it could.
type refusal struct{ error }

func (e refusal) Unwrap() error { return e.error }

// Refuse makes err say that bauta will not do what it could.
func Refuse(err error) error { return refusal{err} }

// Finish prints the error in the user's language and picks the exit code.
func (p *Program) Finish(err error) int {
	if err == nil {
		return exitOK
	}
	if !errors.Is(err, ErrSaid) && !errors.Is(err, ErrRefused) {
		fmt.Fprintln(p.Stderr, "bauta: "+text.Explain(p.Lang, err))
	}
	return exitCode(err)
}

func exitCode(err error) int {
	var usage usageError
	var answer *api.Error
	var refused refusal
	switch {
	case errors.As(err, &usage):
		return ExitUsage
	case errors.Is(err, api.ErrNotRunning):
		return exitNotRunning
	case errors.Is(err, api.ErrNotAllowed), errors.Is(err, ErrRefused):
		return ExitRefused
	case errors.As(err, &refused), errors.As(err, &answer) && answer.Code != api.CodeInternal:
		return ExitRefused
	}
	return exitFailed
}
