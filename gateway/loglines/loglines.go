// Package loglines keeps the newest lines of the daemon's log for the console and for support.
//
// In: records of slog, on their way to where the log goes anyway. Out: the lines, without logins,
// paths and queries of addresses. It starts no goroutines. It is bounded by a number of lines and
// their length, counts what made room, and must never hold up who logs.
package loglines

import (
	"bytes"
	"context"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/bauta-gateway/bauta/gateway/api"
)

const (
	// maxLines of at most maxLength bytes are some 2 MB.
	maxLines  = 4000
	maxLength = 500
)

// Ring keeps the newest lines. Its methods may be called from any goroutine.
type Ring struct {
	mu    sync.Mutex
	lines []api.LogLine // the oldest first
	last  uint64
	buf   bytes.Buffer // of the line that is being written
}

// New is an empty ring.
func New() *Ring { return &Ring{} }

// Handler keeps what goes to next, and what is of level info or above even where next does not
// want it.
func (r *Ring) Handler(next slog.Handler) slog.Handler {
	plain := slog.NewTextHandler(&r.buf, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: withoutHead})
	return handler{ring: r, next: next, text: plain}
}

// withoutHead leaves out what a line has in fields of its own.
func withoutHead(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey) {
		return slog.Attr{}
	}
	return a
}

type handler struct {
	ring       *Ring
	next, text slog.Handler
}

func (h handler) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelInfo || h.next.Enabled(ctx, l)
}

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	h.ring.take(ctx, h.text, r)
	if !h.next.Enabled(ctx, r.Level) {
		return nil
	}
	return h.next.Handle(ctx, r)
}

func (h handler) WithAttrs(a []slog.Attr) slog.Handler {
	return handler{h.ring, h.next.WithAttrs(a), h.text.WithAttrs(a)}
}

func (h handler) WithGroup(name string) slog.Handler {
	return handler{h.ring, h.next.WithGroup(name), h.text.WithGroup(name)}
}

func (r *Ring) take(ctx context.Context, text slog.Handler, record slog.Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.buf.Reset()
	if text.Handle(ctx, record) != nil {
		return // a buffer takes all
	}
	r.last++
	line := api.LogLine{Seq: r.last, Time: record.Time.UTC().Truncate(time.Millisecond), Level: strings.ToLower(record.Level.String()), Text: clean(r.buf.String())}
	if len(r.lines) == maxLines {
		r.lines = slices.Delete(r.lines, 0, maxLines/10) // seldom, for it moves the rest
	}
	r.lines = append(r.lines, line)
}

var (
	// address is one with a scheme; of it the host is kept.
	address = regexp.MustCompile(`\b([a-z][a-z0-9+.-]{1,15}://)[^\s"'<>\\]+`)
	host    = regexp.MustCompile(`^(?:[^/]*@)?([^/@?#]*)`)
)

// clean leaves of addresses only the host: a path may hold a password as a login does.
func clean(line string) string {
	line = strings.TrimPrefix(strings.TrimSpace(line), "msg=")
	line = address.ReplaceAllStringFunc(line, func(s string) string {
		scheme, rest, _ := strings.Cut(s, "://")
		at := strings.LastIndex(rest, "@") // a password may hold a slash
		if at >= 0 {
			rest = rest[at+1:]
		}
		return scheme + "://" + host.FindStringSubmatch(rest)[1]
	})
	if len(line) > maxLength {
		line = line[:maxLength]
		for !utf8.ValidString(line) {
			line = line[:len(line)-1]
		}
		line += " ..."
	}
	return strings.ToValidUTF8(line, "?")
}

// Filter chooses lines.
type Filter struct {
	After uint64     // the number of the last line that is known
	Level slog.Level // the least one
	Text  string     // what it holds, whatever its case
	Most  int        // of them, the newest; 0: all
}

// Lines are those that fit, the oldest first, and the number of the newest of all.
func (r *Ring) Lines(f Filter) (lines []api.LogLine, last uint64) {
	r.mu.Lock()
	all := slices.Clone(r.lines)
	last = r.last
	r.mu.Unlock()
	lines = []api.LogLine{}
	text := strings.ToLower(f.Text)
	for _, l := range all {
		var level slog.Level
		if l.Seq <= f.After || level.UnmarshalText([]byte(l.Level)) != nil || level < f.Level || !strings.Contains(strings.ToLower(l.Text), text) {
			continue
		}
		lines = append(lines, l)
	}
	if f.Most > 0 && len(lines) > f.Most {
		lines = lines[len(lines)-f.Most:]
	}
	return lines, last
}
