package gateway

import (
	"net/http"

	"github.com/bauta-gateway/bauta/gateway/api"
)

func (g *Gateway) accountRoutes(r *routes) {
	r.HandleFunc("GET /v1/setup-code", answer(http.StatusOK, func(*http.Request) (any, error) { return g.SetupCode(), nil }))
	r.HandleFunc("GET /v1/users", answer(http.StatusOK, func(*http.Request) (any, error) { return g.accounts.Users(), nil }))
	r.HandleFunc("POST /v1/users", answer(http.StatusCreated, g.postUser))
	r.HandleFunc("DELETE /v1/users/{name}", answer(http.StatusOK, g.deleteUser))
	r.HandleFunc("PUT /v1/users/{name}/password", answer(http.StatusOK, g.putPassword))
	r.HandleFunc("PUT /v1/users/{name}/role", answer(http.StatusOK, g.putRole))
	r.HandleFunc("PUT /v1/users/{name}/language", answer(http.StatusOK, g.putLanguage))
	r.HandleFunc("GET /v1/tokens", answer(http.StatusOK, func(*http.Request) (any, error) { return g.accounts.Tokens(), nil }))
	r.HandleFunc("POST /v1/tokens", answer(http.StatusCreated, g.postToken))
	r.HandleFunc("DELETE /v1/tokens/{id}", answer(http.StatusOK, g.deleteToken))
}

// SetupCode is what lets the first user in, and where.
func (g *Gateway) SetupCode() api.SetupCode {
	return api.SetupCode{Code: g.accounts.SetupCode(), Console: g.ConsoleURL()}
}

func (g *Gateway) postUser(r *http.Request) (any, error) {
	var in api.NewUser
	if err := body(r, &in); err != nil {
		return nil, err
	}
	u, err := g.accounts.Add(r.Context(), in.User, in.Password, in.Role, in.Language)
	if err != nil {
		return nil, err
	}
	return u, g.trail.Did(r.Context(), audit.UserAdded, "user/"+u.ID, "role="+string(u.Role), nil)
}

func (g *Gateway) deleteUser(r *http.Request) (any, error) {
	u, err := g.accounts.Remove(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return struct{}{}, g.trail.Did(r.Context(), audit.UserRemoved, "user/"+u.ID, "role="+string(u.Role), nil)
}

func (g *Gateway) putPassword(r *http.Request) (any, error) {
	var in api.NewPassword
	if err := body(r, &in); err != nil {
		return nil, err
	}
	u, err := g.accounts.SetPassword(r.Context(), r.PathValue("name"), in.Present, in.Password)
	if err != nil {
		return nil, err
	}
	return u, g.trail.Did(r.Context(), audit.UserPassword, "user/"+u.ID, "", nil)
}

func (g *Gateway) putRole(r *http.Request) (any, error) {
	var in api.NewRole
	if err := body(r, &in); err != nil {
		return nil, err
	}
	u, err := g.accounts.SetRole(r.PathValue("name"), in.Role)
	if err != nil {
		return nil, err
	}
	return u, g.trail.Did(r.Context(), audit.UserRole, "user/"+u.ID, "role="+string(u.Role), nil)
}

func (g *Gateway) putLanguage(r *http.Request) (any, error) {
	var in api.NewLanguage
	if err := body(r, &in); err != nil {
		return nil, err
	}
	u, err := g.accounts.SetLanguage(r.Context(), r.PathValue("name"), in.Language)
	if err != nil {
		return nil, err
	}
	return u, g.trail.Did(r.Context(), audit.UserLanguage, "user/"+u.ID, "language="+string(u.Language), nil)
}

func (g *Gateway) postToken(r *http.Request) (any, error) {
	var in api.NewToken
	if err := body(r, &in); err != nil {
		return nil, err
	}
	t, secret, err := g.accounts.AddToken(in.Name, in.Role, in.Days)
	if err != nil {
		return nil, err
	}
	return api.MadeToken{Token: t, Secret: secret}, g.trail.Did(r.Context(), audit.TokenAdded, "token/"+t.ID, "role="+string(t.Role)+" until="+t.Expires.Format("2006-01-02"), nil)
}

func (g *Gateway) deleteToken(r *http.Request) (any, error) {
	t, err := g.accounts.RemoveToken(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return struct{}{}, g.trail.Did(r.Context(), audit.TokenRemoved, "token/"+t.ID, "", nil)
}
