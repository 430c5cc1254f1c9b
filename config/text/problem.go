package text

import (
	"errors"
	"strings"
)

// Problem is an error that can be told in each language.
type Problem struct {
	Key  Key
	Args []any
	// Err is what errors.Is and errors.As find; it is not printed unless it
	// is among Args too. It may be nil.
	Err error
}

// Fail returns a Problem that wraps err, which may be nil. The text comes from
// key and args alone: pass err among args too to have it printed.
func Fail(err error, key Key, args ...any) error {
	return &Problem{Key: key, Args: args, Err: err}
}

// Error tells the problem in English, for logs.
func (p *Problem) Error() string { return p.In(EN) }

// In tells the problem in lang.
func (p *Problem) In(lang Lang) string { return Of(lang, p.Key, p.Args...) }

// Unwrap returns the error underneath.
func (p *Problem) Unwrap() error { return p.Err }

// Explain tells err in lang: its first Problem, or one line for each error
// where several are joined, or the plain message where it holds no Problem.
func Explain(lang Lang, err error) string {
	if err == nil {
		return ""
	}
	for at := err; at != nil; at = errors.Unwrap(at) {
		if p, ok := at.(*Problem); ok {
			return p.In(lang)
		}
		if many, ok := at.(interface{ Unwrap() []error }); ok {
			return explainAll(lang, many.Unwrap(), err)
		}
	}
	return err.Error()
}

// explainAll tells the parts one a line, or all as it is where none of them
// has a translation.
func explainAll(lang Lang, parts []error, all error) string {
	var p *Problem
	if !errors.As(all, &p) {
		return all.Error()
	}
	lines := make([]string, 0, len(parts))
	for _, part := range parts {
		lines = append(lines, Explain(lang, part))
	}
	return strings.Join(lines, "\n")
}
