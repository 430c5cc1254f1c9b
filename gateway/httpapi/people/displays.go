package people

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/displays"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
)

// displayHandlers answer for the links of screens.
type displayHandlers struct {
	displays   *displays.Displays
	audit      *audit.Log
	consoleURL func() string
}

func (h displayHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/displays", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return h.displays.List(), nil }))
	r.HandleFunc("POST /v1/displays", route.Answer(http.StatusCreated, h.add))
	r.HandleFunc("GET /v1/displays/{id}", route.Answer(http.StatusOK, h.named))
	r.HandleFunc("DELETE /v1/displays/{id}", route.Answer(http.StatusOK, h.withdraw))
}

func (h displayHandlers) add(r *http.Request) (any, error) {
	var in api.NewDisplay
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	made, err := h.displays.Add(in)
	if err != nil {
		return nil, err
	}
	if base := h.consoleURL(); base != "" {
		made.Link = strings.TrimSuffix(base, "/") + console.DisplayPath + "#" + made.Token
	}
	return made, h.audit.Did(r.Context(), audit.DisplayAdded, subject(made.Display), "until="+made.Expires.Format("2006-01-02")+" "+shows(made.Display), nil)
}

// named writes down that somebody read the names.
func (h displayHandlers) named(r *http.Request) (any, error) {
	one, err := h.displays.Named(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return one, h.audit.Did(r.Context(), audit.DisplayRead, subject(one.Display), "", nil)
}

func (h displayHandlers) withdraw(r *http.Request) (any, error) {
	gone, err := h.displays.Withdraw(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return struct{}{}, h.audit.Did(r.Context(), audit.DisplayWithdrawn, subject(gone), shows(gone), nil)
}

func subject(d api.Display) string { return "display/" + d.ID }

// shows are the cameras of a link for the audit log. Groups are counted: people name them.
func shows(d api.Display) string {
	if d.All {
		return "cameras=all"
	}
	return "cameras=" + join(d.Cameras) + " groups=" + strconv.Itoa(len(d.Groups))
}
