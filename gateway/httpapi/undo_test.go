package httpapi

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/progress"
	"github.com/bauta-gateway/bauta/gateway/undo"
)

// Work is asked for by every mark under which it can be begun, and what is none is no path.
func TestProgressByItsMark(t *testing.T) {
	desk := progress.NewDesk()
	r := &route.Routes{Mux: http.NewServeMux()}
	workHandlers{undo.New(), desk}.bind(r)
	for mark, known := range map[string]bool{"0123456789abcdef0123456789abcdef": true, "Evidence00000001": true, "short": false, "with-dashes-0000": false} {
		work, end := desk.Begin(t.Context(), mark)
		progress.Say(work, text.ProgressFrames, 12, 33)
		w := httptest.NewRecorder()
		r.Mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/v1/progress/"+mark, nil).WithContext(t.Context()))
		end()
		var got api.Progress
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || (w.Code == http.StatusOK) != known || known && (got.Done != 12 || got.Total != 33) {
			t.Errorf("%s: %d %s", mark, w.Code, w.Body)
		}
	}
}
