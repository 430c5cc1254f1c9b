package people

import (
	"net/http"
	"strconv"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
)

// userHandlers answer for the console's users and for machines' tokens.
type userHandlers struct {
	accounts *console.Accounts
	audit    *audit.Log
	// consoleURL and fingerprint are empty where the console is off.
	consoleURL, fingerprint func() string
}

func (h userHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/setup-code", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return h.setupCode(), nil }))
	r.HandleFunc("GET /v1/users", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return h.accounts.Users(), nil }))
	r.HandleFunc("POST /v1/users", route.Answer(http.StatusCreated, h.add))
	r.HandleFunc("DELETE /v1/users/{name}", route.Answer(http.StatusOK, h.remove))
	r.HandleFunc("PUT /v1/users/{name}/password", route.Answer(http.StatusOK, h.setPassword))
	r.HandleFunc("PUT /v1/users/{name}/role", route.Answer(http.StatusOK, h.setRole))
	r.HandleFunc("PUT /v1/users/{name}/language", route.Answer(http.StatusOK, h.setLanguage))
	r.HandleFunc("DELETE /v1/users/{name}/second", route.Answer(http.StatusOK, h.resetSecond))
	r.HandleFunc("GET /v1/second-factor", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return api.SecondFactor{Managers: h.accounts.SecondRequired()}, nil }))
	r.HandleFunc("PUT /v1/second-factor", route.Answer(http.StatusOK, h.requireSecond))
	r.HandleFunc("GET /v1/tokens", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return h.accounts.Tokens(), nil }))
	r.HandleFunc("POST /v1/tokens", route.Answer(http.StatusCreated, h.addToken))
	r.HandleFunc("DELETE /v1/tokens/{id}", route.Answer(http.StatusOK, h.removeToken))
}

// setupCode is what lets the first user in, and where.
func (h userHandlers) setupCode() api.SetupCode {
	return api.SetupCode{Code: h.accounts.SetupCode(), Console: h.consoleURL(), Fingerprint: h.fingerprint()}
}

func (h userHandlers) add(r *http.Request) (any, error) {
	var in api.NewUser
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	u, err := h.accounts.Add(r.Context(), in.User, in.Password, in.Role, in.Language)
	if err != nil {
		return nil, err
	}
	return u, h.audit.Did(r.Context(), audit.UserAdded, "user/"+u.ID, "role="+string(u.Role), nil)
}

func (h userHandlers) remove(r *http.Request) (any, error) {
	u, err := h.accounts.Remove(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return struct{}{}, h.audit.Did(r.Context(), audit.UserRemoved, "user/"+u.ID, "role="+string(u.Role), nil)
}

func (h userHandlers) setPassword(r *http.Request) (any, error) {
	var in api.NewPassword
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	u, err := h.accounts.SetPassword(r.Context(), r.PathValue("name"), in.Present, in.Password)
	if err != nil {
		return nil, err
	}
	return u, h.audit.Did(r.Context(), audit.UserPassword, "user/"+u.ID, "", nil)
}

func (h userHandlers) setRole(r *http.Request) (any, error) {
	var in api.NewRole
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	u, err := h.accounts.SetRole(r.PathValue("name"), in.Role)
	if err != nil {
		return nil, err
	}
	return u, h.audit.Did(r.Context(), audit.UserRole, "user/"+u.ID, "role="+string(u.Role), nil)
}

func (h userHandlers) setLanguage(r *http.Request) (any, error) {
	var in api.NewLanguage
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	u, err := h.accounts.SetLanguage(r.Context(), r.PathValue("name"), in.Language)
	if err != nil {
		return nil, err
	}
	return u, h.audit.Did(r.Context(), audit.UserLanguage, "user/"+u.ID, "language="+string(u.Language), nil)
}

// resetSecond helps who has lost the app and the recovery codes.
func (h userHandlers) resetSecond(r *http.Request) (any, error) {
	u, err := h.accounts.ResetSecond(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return u, h.audit.Did(r.Context(), audit.UserSecond, "user/"+u.ID, "reset", nil)
}

func (h userHandlers) requireSecond(r *http.Request) (any, error) {
	var in api.SecondFactor
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	if err := h.accounts.RequireSecond(r.Context(), in.Managers); err != nil {
		return nil, err
	}
	return in, h.audit.Did(r.Context(), audit.SecondRequired, "console", "managers="+strconv.FormatBool(in.Managers), nil)
}

func (h userHandlers) addToken(r *http.Request) (any, error) {
	var in api.NewToken
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	t, secret, err := h.accounts.AddToken(in.Name, in.Role, in.Days)
	if err != nil {
		return nil, err
	}
	return api.MadeToken{Token: t, Secret: secret}, h.audit.Did(r.Context(), audit.TokenAdded, "token/"+t.ID, "role="+string(t.Role)+" until="+t.Expires.Format("2006-01-02"), nil)
}

func (h userHandlers) removeToken(r *http.Request) (any, error) {
	t, err := h.accounts.RemoveToken(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return struct{}{}, h.audit.Did(r.Context(), audit.TokenRemoved, "token/"+t.ID, "", nil)
}
