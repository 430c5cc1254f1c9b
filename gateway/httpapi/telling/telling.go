// Package telling answers the API's paths for who is told of what, and for the page of all gateways
// what a person does there. In: requests. Out: what the rooms say. It starts no goroutines and
// decides nothing. No address goes into the audit log.
package telling

import (
	"errors"
	"net/http"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/fleet"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/notify"
)

// Parts are what the handlers work with.
type Parts struct {
	Notify *notify.Room
	Fleet  *fleet.StateCache // nil: there is no page of all gateways
	Audit  *audit.Log
}

// Bind binds the paths.
func Bind(r *route.Routes, p Parts) {
	r.HandleFunc("GET /v1/notify", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return p.Notify.List(), nil }))
	r.HandleFunc("PUT /v1/notify/site", route.Answer(http.StatusOK, set(p, "site", p.Notify.SetSite)))
	r.HandleFunc("PUT /v1/notify/mail", route.Answer(http.StatusOK, set(p, "mail", p.Notify.SetMail)))
	r.HandleFunc("PUT /v1/notify/rules", route.Answer(http.StatusOK, set(p, "rules", p.Notify.SetRules)))
	r.HandleFunc("PUT /v1/notify/ping", route.Answer(http.StatusOK, set(p, "ping", p.Notify.SetPing)))
	r.HandleFunc("PUT /v1/notify/people/{name}", route.Answer(http.StatusOK, p.setPerson))
	r.HandleFunc("DELETE /v1/notify/people/{name}", route.Answer(http.StatusOK, p.removePerson))
	r.HandleFunc("POST /v1/notify/webhooks", route.Answer(http.StatusCreated, p.addWebhook))
	r.HandleFunc("PUT /v1/notify/webhooks/{id}", route.Answer(http.StatusOK, p.setWebhook))
	r.HandleFunc("DELETE /v1/notify/webhooks/{id}", route.Answer(http.StatusOK, p.removeWebhook))
	r.HandleFunc("POST /v1/notify/test", route.Answer(http.StatusOK, p.test))
	r.HandleFunc("POST /v1/fleet/{name}/seen", route.Answer(http.StatusOK, p.seen))
}

// set answers for one part of the settings.
func set[T any](p Parts, what string, put func(T) error) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		var in T
		if err := route.Body(r, &in); err != nil {
			return nil, err
		}
		if err := put(in); err != nil {
			return nil, err
		}
		return struct{}{}, p.did(r, what, "")
	}
}

func (p Parts) did(r *http.Request, what, detail string) error {
	return p.Audit.Did(r.Context(), audit.NotifyChanged, "notify/"+what, detail, nil)
}

// kindsOf is what the audit log keeps of whom is told of what.
func kindsOf(to api.NotifyTo) string {
	var all []string
	for _, k := range to.Kinds {
		all = append(all, string(k))
	}
	return "kinds=" + strings.Join(all, ",")
}

func (p Parts) setPerson(r *http.Request) (any, error) {
	var in api.NotifyPerson
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	in.User = r.PathValue("name")
	id, err := p.Notify.SetPerson(in)
	if err != nil {
		return nil, err
	}
	return struct{}{}, p.did(r, id, kindsOf(in.NotifyTo))
}

func (p Parts) removePerson(r *http.Request) (any, error) {
	id, err := p.Notify.RemovePerson(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return struct{}{}, p.did(r, id, "removed")
}

func (p Parts) addWebhook(r *http.Request) (any, error) {
	var in api.NotifyWebhook
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	made, err := p.Notify.AddWebhook(in)
	if err != nil {
		return nil, err
	}
	return made, p.did(r, made.ID, "added "+kindsOf(in.NotifyTo))
}

func (p Parts) setWebhook(r *http.Request) (any, error) {
	var in api.NotifyWebhook
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	id := r.PathValue("id")
	if err := p.Notify.SetWebhook(id, in); err != nil {
		return nil, err
	}
	return struct{}{}, p.did(r, id, kindsOf(in.NotifyTo))
}

func (p Parts) removeWebhook(r *http.Request) (any, error) {
	id := r.PathValue("id")
	if err := p.Notify.RemoveWebhook(id); err != nil {
		return nil, err
	}
	return struct{}{}, p.did(r, id, "removed")
}

// test sends to an address of the settings alone: it is no way to reach others.
func (p Parts) test(r *http.Request) (any, error) {
	var in api.NotifyTest
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	got, err := p.Notify.Test(r.Context(), in, route.Lang(r))
	if err != nil {
		return nil, err
	}
	result := "sent"
	if !got.Sent {
		result = string(got.Reason)
	}
	return got, p.Audit.Did(r.Context(), audit.NotifyTested, "notify", "result="+result, nil)
}

// seen notes that who asks has seen what is wrong with a gateway.
func (p Parts) seen(r *http.Request) (any, error) {
	who, named := identity.Who(r.Context())
	if p.Fleet == nil || !named || who.User == "" {
		return nil, api.Refuse(api.CodeForbidden, text.AccessNeeded)
	}
	name := r.PathValue("name")
	switch err := p.Fleet.Acknowledge(name, who.ID); {
	case errors.Is(err, fleet.ErrUnknown):
		return nil, api.Refuse(api.CodeNotFound, text.FleetGone)
	case errors.Is(err, fleet.ErrGood):
		return nil, api.Refuse(api.CodeInvalid, text.FleetIsGood)
	case err != nil:
		return nil, api.Refuse(api.CodeBusy, text.FleetFullFew)
	}
	return struct{}{}, p.Audit.Did(r.Context(), audit.GatewayNoted, "gateway/"+name, "", nil)
}
