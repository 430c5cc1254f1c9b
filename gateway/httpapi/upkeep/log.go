package upkeep

import (
	"cmp"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/loglines"
)

// logHandlers answer with the newest lines of the log.
type logHandlers struct{ lines *loglines.Ring }

// mostLines are in one answer.
const mostLines = 1000

func (h logHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/log", route.Answer(http.StatusOK, h.page))
}

func (h logHandlers) page(r *http.Request) (any, error) {
	q := r.URL.Query()
	f := loglines.Filter{Text: q.Get("text"), Most: mostLines}
	after, err := strconv.ParseUint(cmp.Or(q.Get("after"), "0"), 10, 64)
	if err != nil {
		return nil, api.Refuse(api.CodeInvalid, text.QueryNumber, "after")
	}
	f.After = after
	if level := q.Get("level"); level != "" && f.Level.UnmarshalText([]byte(level)) != nil {
		return nil, api.Refuse(api.CodeInvalid, text.ConfigChoice, "level", level, "debug, info, warn, error")
	} else if level == "" {
		f.Level = slog.LevelDebug
	}
	lines, last := h.lines.Lines(f)
	return api.LogPage{Lines: lines, Last: last}, nil
}
