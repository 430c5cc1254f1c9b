package gateway

import (
	"context"
	"net/http"
	"net/url"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/console"
)

// NewUser is the body of POST /v1/users.
type NewUser struct {
	User     string       `json:"user"`
	Password string       `json:"password"`
	Role     console.Role `json:"role"`
	Language text.Lang    `json:"language,omitempty"`
}

// NewPassword is the body of PUT /v1/users/{name}/password. Present is asked
// of who changes the own one over HTTPS.
type NewPassword struct {
	Password string `json:"password"`
	Present  string `json:"present,omitempty"`
}

// NewRole and NewLanguage are the bodies of PUT /v1/users/{name}/role and language.
type (
	NewRole struct {
		Role console.Role `json:"role"`
	}
	NewLanguage struct {
		Language text.Lang `json:"language"`
	}
)

// NewToken is the body of POST /v1/tokens.
type NewToken struct {
	Name string       `json:"name"`
	Role console.Role `json:"role"`
	// Days that it is good for, 1 to 3650.
	Days int `json:"days"`
}

// MadeToken is the answer: Secret is told this once.
type MadeToken struct {
	console.Token
	Secret string `json:"secret"`
}

// SetupCode is the answer of GET /v1/setup-code; empty once there is a user.
type SetupCode struct {
	Code    string `json:"code"`
	Console string `json:"console"`
}

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
func (g *Gateway) SetupCode() SetupCode {
	return SetupCode{Code: g.accounts.SetupCode(), Console: g.ConsoleURL()}
}

func (g *Gateway) postUser(r *http.Request) (any, error) {
	var in NewUser
	if err := body(r, &in); err != nil {
		return nil, err
	}
	u, err := g.accounts.Add(r.Context(), in.User, in.Password, in.Role, in.Language)
	if err != nil {
		return nil, err
	}
	return u, g.changed(r.Context(), "user.added", "user/"+u.ID, "role="+string(u.Role), nil)
}

func (g *Gateway) deleteUser(r *http.Request) (any, error) {
	u, err := g.accounts.Remove(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return struct{}{}, g.changed(r.Context(), "user.removed", "user/"+u.ID, "role="+string(u.Role), nil)
}

func (g *Gateway) putPassword(r *http.Request) (any, error) {
	var in NewPassword
	if err := body(r, &in); err != nil {
		return nil, err
	}
	u, err := g.accounts.SetPassword(r.Context(), r.PathValue("name"), in.Present, in.Password)
	if err != nil {
		return nil, err
	}
	return u, g.changed(r.Context(), "user.password", "user/"+u.ID, "", nil)
}

func (g *Gateway) putRole(r *http.Request) (any, error) {
	var in NewRole
	if err := body(r, &in); err != nil {
		return nil, err
	}
	u, err := g.accounts.SetRole(r.PathValue("name"), in.Role)
	if err != nil {
		return nil, err
	}
	return u, g.changed(r.Context(), "user.role", "user/"+u.ID, "role="+string(u.Role), nil)
}

func (g *Gateway) putLanguage(r *http.Request) (any, error) {
	var in NewLanguage
	if err := body(r, &in); err != nil {
		return nil, err
	}
	u, err := g.accounts.SetLanguage(r.Context(), r.PathValue("name"), in.Language)
	if err != nil {
		return nil, err
	}
	return u, g.changed(r.Context(), "user.language", "user/"+u.ID, "language="+string(u.Language), nil)
}

func (g *Gateway) postToken(r *http.Request) (any, error) {
	var in NewToken
	if err := body(r, &in); err != nil {
		return nil, err
	}
	t, secret, err := g.accounts.AddToken(in.Name, in.Role, in.Days)
	if err != nil {
		return nil, err
	}
	return MadeToken{t, secret}, g.changed(r.Context(), "token.added", "token/"+t.ID, "role="+string(t.Role)+" until="+t.Expires.Format("2006-01-02"), nil)
}

func (g *Gateway) deleteToken(r *http.Request) (any, error) {
	t, err := g.accounts.RemoveToken(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return struct{}{}, g.changed(r.Context(), "token.removed", "token/"+t.ID, "", nil)
}

// SetupCode asks for the code of the set-up.
func (c *Client) SetupCode(ctx context.Context) (SetupCode, error) {
	var out SetupCode
	return out, c.call(ctx, http.MethodGet, "/v1/setup-code", nil, &out)
}

// Users lists the console's users.
func (c *Client) Users(ctx context.Context) ([]console.User, error) {
	var out []console.User
	return out, c.call(ctx, http.MethodGet, "/v1/users", nil, &out)
}

// AddUser makes a user.
func (c *Client) AddUser(ctx context.Context, u NewUser) error {
	return c.call(ctx, http.MethodPost, "/v1/users", u, nil)
}

// RemoveUser removes a user.
func (c *Client) RemoveUser(ctx context.Context, name string) error {
	return c.call(ctx, http.MethodDelete, "/v1/users/"+url.PathEscape(name), nil, nil)
}

// SetPassword gives a user a new password.
func (c *Client) SetPassword(ctx context.Context, name, password string) error {
	return c.call(ctx, http.MethodPut, "/v1/users/"+url.PathEscape(name)+"/password", NewPassword{Password: password}, nil)
}
