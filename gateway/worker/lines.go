package worker

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"time"

	"golang.org/x/time/rate"

	"github.com/bauta-gateway/bauta/anonymize/wire"
)

const (
	// maxLine bounds a line of the child's in the log, in bytes.
	maxLine = 400
	// lineBurst lines in a row go to the log, then linesPerSecond.
	lineBurst      = 60
	linesPerSecond = 5
)

// allowance lets a burst of lines pass and then so many a second, so that a child gone
// wild, or one after the other, cannot fill the log. One goroutine at a time.
type allowance struct {
	limiter *rate.Limiter
	hidden  int // lines held back since the last one that passed
}

func newAllowance() *allowance {
	return &allowance{limiter: rate.NewLimiter(linesPerSecond, lineBurst)}
}

func (a *allowance) take(now time.Time) bool {
	if !a.limiter.AllowN(now, 1) {
		a.hidden++
		return false
	}
	return true
}

// log writes text unless the allowance is used up.
func (a *allowance) log(log *slog.Logger, level slog.Level, text string) {
	if !a.take(time.Now()) {
		return
	}
	a.reportHidden(log)
	log.Log(context.Background(), level, "worker says", "text", text[:min(len(text), maxLine)])
}

// logLines logs the child's error output line by line until it ends.
func (a *allowance) logLines(r io.Reader, log *slog.Logger) {
	b := bufio.NewReaderSize(r, maxLine)
	inside := false // of a line whose begin was logged
	for {
		line, more, err := b.ReadLine()
		if err != nil {
			break
		}
		if !inside && len(line) > 0 {
			a.log(log, slog.LevelWarn, string(line))
		}
		inside = more
	}
	a.reportHidden(log)
}

// reportHidden logs how many lines were held back.
func (a *allowance) reportHidden(log *slog.Logger) {
	if a.hidden > 0 {
		log.Warn("lines of the worker were left out", "lines", a.hidden)
		a.hidden = 0
	}
}

// logNotice logs a notice of the child.
func (a *allowance) logNotice(log *slog.Logger, n wire.Notice) {
	level := slog.LevelInfo
	switch n.Level {
	case "debug":
		level = slog.LevelDebug
	case "warn":
		level = slog.LevelWarn
	case "error":
		level = slog.LevelError
	}
	a.log(log, level, n.Text)
}
