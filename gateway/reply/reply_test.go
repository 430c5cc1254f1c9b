package reply

import (
	"net/http/httptest"
	"testing"
)

func TestAnswers(t *testing.T) {
	for want, write := range map[string]func(w *httptest.ResponseRecorder){
		`{"n":1}` + "\n": func(w *httptest.ResponseRecorder) { JSON(w, 418, map[string]int{"n": 1}) },
		`{"error":{"code":"busy","message":"wait"}}` + "\n": func(w *httptest.ResponseRecorder) {
			Fail(w, 418, Error{Code: Busy, Message: "wait"})
		},
		`{"error":{"code":"probe_failed","message":"no answer","reason":"timeout"}}` + "\n": func(w *httptest.ResponseRecorder) {
			Fail(w, 418, Error{Code: "probe_failed", Message: "no answer", Reason: "timeout"})
		},
	} {
		w := httptest.NewRecorder()
		write(w)
		if w.Body.String() != want || w.Code != 418 || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%d %v %q, want %q", w.Code, w.Header(), w.Body, want)
		}
	}
}
