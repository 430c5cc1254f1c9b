package httpapi

import (
	"net/http"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/restore"
)

// SafeMode binds what is answered while the store is damaged: the status, a restore, and
// why not anything else.
func SafeMode(status func(text.Lang) api.Status, intake *restore.Intake, why error) http.Handler {
	r := &Routes{Mux: http.NewServeMux()}
	r.HandleFunc("GET /v1/status", answer(http.StatusOK, func(r *http.Request) (any, error) {
		return status(text.Pick(r.Header.Get("Accept-Language"))), nil
	}))
	bindRestore(r, intake)
	r.HandleFunc("/", answer(http.StatusOK, func(*http.Request) (any, error) { return nil, api.Because(api.CodeStore, why) }))
	return r.Mux
}
