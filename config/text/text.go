// Package text is the catalogue of everything that a person reads: each entry
// in English and in simplified Chinese.
//
// To add one, add a Key constant and its entry in the table beside it; a test
// checks that both languages are there and take the same arguments. Entries
// are printf formats (a percent sign is written %%). English ones follow the
// voice of the project's errors: lower case, no full stop, and where the
// reader can act, what to do next.
//
// In: a Key, a language and arguments. Out: the text. It starts no goroutines, keeps
// no state and never reads a file; it does not know whether a text is about a person,
// so callers never give it what must not be shown.
package text

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/config/text/pages"
)

// Lang is a language of the catalogue. The zero value reads as English.
type Lang string

// The languages.
const (
	EN   Lang = "en"
	ZhCN Lang = "zh-CN"
)

// Langs are all languages of the catalogue.
var Langs = []Lang{EN, ZhCN}

// Key names one entry. The string is stable but never shown.
type Key string

// wording is one text in both languages.
type wording struct{ en, zh string }

type table map[Key]wording

var catalogue = merge(append(consolePages(),
	slate, camera, cli, usage, settings, storage, daemon, consents, consentCLI, zones, policy, law, facts, records, complianceTexts, jurisdictions, reports, manual, hardware, backups, access, signOn, mqttLogin, streamLogin, display, choices, preview, fleet, discovery, running, shares, entry, consoleEntry, calendars, violations, registers, registerChecks, sitePlaces, devices, consoleDevices, asks, consoleAsk, consoleSuggest, forms, formsAssessment, sealedFootage, sealedOpening, sealedKeeping, locks, csvTexts, notifications, refusals, siteFile)...)

// consolePages are the texts of the console's pages.
func consolePages() []table {
	var all []table
	for _, t := range pages.Tables {
		one := make(table, len(t))
		for key, w := range t {
			one[Key(key)] = wording{w.EN, w.ZH}
		}
		all = append(all, one)
	}
	return all
}

func merge(tables ...table) table {
	n := 0
	for _, t := range tables {
		n += len(t)
	}
	all := make(table, n)
	for _, t := range tables {
		for key, e := range t {
			if _, twice := all[key]; twice {
				panic("text: two entries for " + string(key))
			}
			all[key] = e
		}
	}
	return all
}

// Of returns the text of key in lang with its arguments put in. A Key among the
// arguments stands for its own text, and what has a method In(Lang) string or is an error
// with a Problem in it is told in lang too. A key without an entry returns itself, an unknown language
// reads as English.
func Of(lang Lang, key Key, args ...any) string {
	e, ok := catalogue[key]
	if !ok {
		return string(key)
	}
	format := e.en
	if lang == ZhCN {
		format = e.zh
	}
	shown := make([]any, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case Key:
			shown[i] = Of(lang, arg)
		case interface{ In(Lang) string }:
			shown[i] = arg.In(lang)
		case error:
			shown[i] = Explain(lang, arg)
		default:
			shown[i] = arg
		}
	}
	return fmt.Sprintf(format, shown...)
}

// Has reports whether key has an entry.
func Has(key Key) bool {
	_, ok := catalogue[key]
	return ok
}

// Pick returns the language for a locale such as zh_CN.UTF-8, zh-CN or
// en_GB. Every kind of Chinese reads as zh-CN, all else (C, empty) as English.
func Pick(env string) Lang {
	tag := strings.ToLower(strings.TrimSpace(env))
	if tag == "zh" || strings.HasPrefix(tag, "zh_") || strings.HasPrefix(tag, "zh-") || strings.HasPrefix(tag, "zh.") {
		return ZhCN
	}
	return EN
}

// FromEnv picks the language of this process's environment: the first of
// LC_ALL, LC_MESSAGES and LANG that is not empty.
func FromEnv() Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			return Pick(v)
		}
	}
	return EN
}

// Under returns all entries whose keys begin with one of the prefixes, as formats.
func Under(lang Lang, prefixes ...string) map[Key]string {
	all := map[Key]string{}
	for key, e := range catalogue {
		if !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(string(key), p) }) {
			continue
		}
		all[key] = e.en
		if lang == ZhCN {
			all[key] = e.zh
		}
	}
	return all
}

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
