package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/topics"
)

// NewUser is the body of POST /v1/users.
type NewUser struct {
	User     string        `json:"user"`
	Password string        `json:"password"`
	Role     identity.Role `json:"role"`
	Language text.Lang     `json:"language,omitempty"`
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
		Role identity.Role `json:"role"`
	}
	NewLanguage struct {
		Language text.Lang `json:"language"`
	}
)

// NewToken is the body of POST /v1/tokens.
type NewToken struct {
	Name string        `json:"name"`
	Role identity.Role `json:"role"`
	// Days that it is good for, 1 to 3650.
	Days int `json:"days"`
}

// MadeToken is the answer: Secret is shown this once.
type MadeToken struct {
	identity.Token
	Secret string `json:"secret"`
}

// SetupCode is the answer of GET /v1/setup-code; empty once there is a user.
type SetupCode struct {
	Code    string `json:"code"`
	Console string `json:"console"`
	// Fingerprint of the certificate that the console made for itself, SHA-256 in hex; empty where it
	// uses another.
	Fingerprint string `json:"fingerprint"`
}

// SecondFactor is the body of PUT /v1/second-factor, and the answer of GET.
type SecondFactor struct {
	// Managers need one, where they log in by password.
	Managers bool `json:"managers"`
}

// SetupCode asks for the code of the set-up.
func (c *Client) SetupCode(ctx context.Context) (SetupCode, error) {
	var out SetupCode
	return out, c.Call(ctx, http.MethodGet, "/v1/setup-code", nil, &out)
}

// Users lists the console's users.
func (c *Client) Users(ctx context.Context) ([]identity.User, error) {
	var out []identity.User
	return out, c.Call(ctx, http.MethodGet, "/v1/users", nil, &out)
}

// AddUser makes a user.
func (c *Client) AddUser(ctx context.Context, u NewUser) error {
	return c.Call(ctx, http.MethodPost, "/v1/users", u, nil)
}

// RemoveUser removes a user.
func (c *Client) RemoveUser(ctx context.Context, name string) error {
	return c.Call(ctx, http.MethodDelete, "/v1/users/"+url.PathEscape(name), nil, nil)
}

// SetPassword gives a user a new password.
func (c *Client) SetPassword(ctx context.Context, name, password string) error {
	return c.Call(ctx, http.MethodPut, "/v1/users/"+url.PathEscape(name)+"/password", NewPassword{Password: password}, nil)
}

// SetRole gives a user another role.
func (c *Client) SetRole(ctx context.Context, name string, role identity.Role) error {
	return c.Call(ctx, http.MethodPut, "/v1/users/"+url.PathEscape(name)+"/role", NewRole{role}, nil)
}

// SetLanguage sets in which language a user is spoken to.
func (c *Client) SetLanguage(ctx context.Context, name string, lang text.Lang) error {
	return c.Call(ctx, http.MethodPut, "/v1/users/"+url.PathEscape(name)+"/language", NewLanguage{lang}, nil)
}

// SecondFactor asks whose logins need one.
func (c *Client) SecondFactor(ctx context.Context) (SecondFactor, error) {
	var out SecondFactor
	return out, c.Call(ctx, http.MethodGet, "/v1/second-factor", nil, &out)
}

// RequireSecond says whose logins need one.
func (c *Client) RequireSecond(ctx context.Context, in SecondFactor) error {
	return c.Call(ctx, http.MethodPut, "/v1/second-factor", in, nil)
}

// ResetSecond takes a user's second factor away.
func (c *Client) ResetSecond(ctx context.Context, name string) error {
	return c.Call(ctx, http.MethodDelete, "/v1/users/"+url.PathEscape(name)+"/second", nil, nil)
}

// MQTTLogin is a login at the embedded broker, for a machine.
type MQTTLogin struct {
	// Name is the user name there, a slug.
	Name    string     `json:"name"`
	May     topics.May `json:"may"`
	Created time.Time  `json:"created"`
}

// NewMQTTLogin is the body of POST /v1/mqtt/logins.
type NewMQTTLogin struct {
	Name string     `json:"name"`
	May  topics.May `json:"may"`
}

// MadeMQTTLogin is the answer: Password is shown this once.
type MadeMQTTLogin struct {
	MQTTLogin
	Password string `json:"password"`
}

// MQTTLogins lists the logins at the embedded broker.
func (c *Client) MQTTLogins(ctx context.Context) ([]MQTTLogin, error) {
	var out []MQTTLogin
	return out, c.Call(ctx, http.MethodGet, "/v1/mqtt/logins", nil, &out)
}

// AddMQTTLogin makes a login at the embedded broker.
func (c *Client) AddMQTTLogin(ctx context.Context, in NewMQTTLogin) (MadeMQTTLogin, error) {
	var out MadeMQTTLogin
	return out, c.Call(ctx, http.MethodPost, "/v1/mqtt/logins", in, &out)
}

// RemoveMQTTLogin removes one and cuts its connections.
func (c *Client) RemoveMQTTLogin(ctx context.Context, name string) error {
	return c.Call(ctx, http.MethodDelete, "/v1/mqtt/logins/"+url.PathEscape(name), nil, nil)
}
