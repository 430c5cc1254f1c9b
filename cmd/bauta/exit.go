package main

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
	exitUsage      = 2
	exitNotRunning = 3
	exitRefused    = 4
)

// Errors that only set the exit code; what is to be said was said.
var (
	errSaid    = errors.New("failed")
	errRefused = errors.New("refused")
)

// usageError is a wrong combination of arguments.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// refusal is what bauta will not do, though it could.
type refusal struct{ error }

func (e refusal) Unwrap() error { return e.error }

// finish tells the error in the user's language and picks the exit code.
func (p *program) finish(err error) int {
	if err == nil {
		return exitOK
	}
	if !errors.Is(err, errSaid) && !errors.Is(err, errRefused) {
		fmt.Fprintln(p.stderr, "bauta: "+text.Explain(p.lang, err))
	}
	return exitCode(err)
}

func exitCode(err error) int {
	var usage usageError
	var answer *api.Error
	var refused refusal
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, api.ErrNotRunning):
		return exitNotRunning
	case errors.Is(err, api.ErrNotAllowed), errors.Is(err, errRefused):
		return exitRefused
	case errors.As(err, &refused), errors.As(err, &answer) && answer.Code != api.CodeInternal:
		return exitRefused
	}
	return exitFailed
}
