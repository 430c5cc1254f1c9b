package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

// program is what every command gets: where it reads and writes, and when to stop.
type program struct {
	ctx    context.Context
	stdin  *os.File
	stdout io.Writer
	stderr io.Writer
	lang   text.Lang
	told   bool // lang is by --lang
}

// say prints one line of the catalogue to stdout.
func (p *program) say(key text.Key, args ...any) {
	fmt.Fprintln(p.stdout, p.text(key, args...))
}

func (p *program) text(key text.Key, args ...any) string { return text.Of(p.lang, key, args...) }

func (p *program) json(v any) error {
	e := json.NewEncoder(p.stdout)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func local(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

func seconds(t time.Time) string { return t.Local().Format(time.DateTime) }
