package people

import (
	"context"
	"net/http"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/logins"
	"github.com/bauta-gateway/bauta/gateway/undo"
	"github.com/bauta-gateway/bauta/gateway/viewers"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// loginHandlers answer for the logins at the embedded broker.
type loginHandlers struct {
	logins *logins.Logins
	audit  *audit.Log
	end    func(name string) // cuts a login's connections
}

func (h loginHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/mqtt/logins", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return h.logins.List(), nil }))
	r.HandleFunc("POST /v1/mqtt/logins", route.Answer(http.StatusCreated, h.add))
	r.HandleFunc("DELETE /v1/mqtt/logins/{name}", route.Answer(http.StatusOK, h.remove))
}

func (h loginHandlers) add(r *http.Request) (any, error) {
	var in api.NewMQTTLogin
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	made, err := h.logins.Add(in)
	if err != nil {
		return nil, err
	}
	return made, h.audit.Did(r.Context(), audit.MQTTLoginAdded, "mqtt-login/"+made.Name, "may="+string(made.May), nil)
}

func (h loginHandlers) remove(r *http.Request) (any, error) {
	gone, err := h.logins.Remove(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	h.end(gone.Name)
	return struct{}{}, h.audit.Did(r.Context(), audit.MQTTLoginRemoved, "mqtt-login/"+gone.Name, "may="+string(gone.May), nil)
}

// streamLoginHandlers answer for the logins at the masked streams.
type streamLoginHandlers struct {
	viewers *viewers.Viewers
	audit   *audit.Log
	has     func(media.CameraID) bool
	undo    *undo.Room
}

func (h streamLoginHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/streams/logins", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return h.viewers.List(), nil }))
	r.HandleFunc("POST /v1/streams/logins", route.Answer(http.StatusCreated, h.add))
	r.HandleFunc("PUT /v1/streams/logins/{name}/cameras", route.Answer(http.StatusOK, h.setCameras))
	r.HandleFunc("PUT /v1/streams/built-in", route.Answer(http.StatusOK, h.setBuiltIn))
	r.HandleFunc("DELETE /v1/streams/logins/{name}", route.Answer(http.StatusOK, h.remove))
}

func (h streamLoginHandlers) add(r *http.Request) (any, error) {
	var in api.NewStreamLogin
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	made, err := h.viewers.Add(in, h.has)
	if err != nil {
		return nil, err
	}
	return made, h.did(r.Context(), audit.StreamLoginAdded, made.StreamLogin)
}

func (h streamLoginHandlers) setCameras(r *http.Request) (any, error) {
	var in api.StreamCameras
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	if in.Cameras == nil { // forgotten must not mean all
		return nil, api.Refuse(api.CodeInvalid, text.StreamCameras)
	}
	now, err := h.viewers.SetCameras(r.PathValue("name"), in.Cameras, h.has)
	if err != nil {
		return nil, err
	}
	return struct{}{}, h.did(r.Context(), audit.StreamLoginChanged, now)
}

func (h streamLoginHandlers) setBuiltIn(r *http.Request) (any, error) {
	var in api.NewBuiltIn
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	now, err := h.viewers.SetBuiltIn(in.On)
	if err != nil {
		return nil, err
	}
	state := "on"
	if now.Off {
		state = "off"
	}
	return struct{}{}, h.audit.Did(r.Context(), audit.StreamLoginChanged, "stream-login/"+now.Name, state, nil)
}

func (h streamLoginHandlers) remove(r *http.Request) (any, error) {
	again := h.viewers.Again(r.PathValue("name"), h.has)
	gone, err := h.viewers.Remove(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	back := noted(again, func(ctx context.Context) error { return h.did(ctx, audit.StreamLoginAdded, gone) })
	return api.Removed{Undo: h.undo.Offer(r.Context(), back)}, h.did(r.Context(), audit.StreamLoginRemoved, gone)
}

// did writes down which cameras a login may watch, or might.
func (h streamLoginHandlers) did(ctx context.Context, what audit.Action, login api.StreamLogin) error {
	cameras := "all"
	if !login.All {
		cameras = join(login.Cameras)
	}
	return h.audit.Did(ctx, what, "stream-login/"+login.Name, "cameras="+cameras, nil)
}

func join(cameras []media.CameraID) string {
	var names []string
	for _, id := range cameras {
		names = append(names, string(id))
	}
	return strings.Join(names, ",")
}
