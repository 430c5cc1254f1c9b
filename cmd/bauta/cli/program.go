// Package cli is what all commands of bauta share: where they read and write, which
// gateway of this host they mean and its client, exit codes, tables, passwords and
// files.
//
// In: flags and the terminal. Out: a client of the daemon, lines in the user's
// language, and the exit code of an error, which no other package chooses. It starts
// one goroutine at most, which reads a password and ends with the process. It never
// prints a password and never takes one from the command line.
package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

// Program is what every command gets: where it reads and writes, and when to stop.
type Program struct {
	// Ctx ends when the program is to stop.
	Ctx    context.Context
	Stdin  *os.File
	Stdout io.Writer
	Stderr io.Writer
	Lang   text.Lang
	// LangGiven: Lang is by --lang, and no settings change it.
	LangGiven bool
}

// Say prints one line of the catalogue to stdout.
func (p *Program) Say(key text.Key, args ...any) {
	fmt.Fprintln(p.Stdout, p.Text(key, args...))
}

// Text is an entry of the catalogue in the user's language.
func (p *Program) Text(key text.Key, args ...any) string { return text.Of(p.Lang, key, args...) }

// JSON prints v for programs.
func (p *Program) JSON(v any) error {
	e := json.NewEncoder(p.Stdout)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// Local prints a time in this host's zone, to the minute.
func Local(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

// Seconds prints a time in this host's zone, to the second.
func Seconds(t time.Time) string { return t.Local().Format(time.DateTime) }
