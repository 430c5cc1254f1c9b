package httpapi

import (
	"net/http"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/logins"
)

// loginHandlers answer for the logins at the embedded broker.
type loginHandlers struct {
	logins *logins.Logins
	audit  *audit.Log
	end    func(name string) // cuts a login's connections
}

func (h loginHandlers) bind(r *Routes) {
	r.HandleFunc("GET /v1/mqtt/logins", answer(http.StatusOK, func(*http.Request) (any, error) { return h.logins.List(), nil }))
	r.HandleFunc("POST /v1/mqtt/logins", answer(http.StatusCreated, h.add))
	r.HandleFunc("DELETE /v1/mqtt/logins/{name}", answer(http.StatusOK, h.remove))
}

func (h loginHandlers) add(r *http.Request) (any, error) {
	var in api.NewMQTTLogin
	if err := body(r, &in); err != nil {
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
