package sse

import (
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestEventsAreSentAtOnce(t *testing.T) {
	more := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s := Start(w, time.Second)
		if err := s.Send("all", map[string]int{"n": 1}); err != nil {
			t.Error(err)
		}
		<-more // the first one has arrived
		if err := s.Send("news", "two\nlines"); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	res, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	first := make([]byte, len("event: all\ndata: {\"n\":1}\n\n"))
	if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != "event: all\ndata: {\"n\":1}\n\n" {
		t.Fatalf("%q, %v", first, err)
	}
	close(more)
	rest, err := io.ReadAll(res.Body)
	if err != nil || string(rest) != "event: news\ndata: \"two\\nlines\"\n\n" {
		t.Errorf("%q, %v", rest, err)
	}
	if h := res.Header; h.Get("Content-Type") != "text/event-stream" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", h)
	}
}

// The stream outlives the limits that the server has for ordinary requests.
func TestStreamOutlivesTheServersDeadlines(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := Start(w, time.Minute)
		for range 4 {
			time.Sleep(50 * time.Millisecond) // past both deadlines
			if err := s.Send("news", 1); err != nil || r.Context().Err() != nil {
				t.Errorf("%v, %v", err, r.Context().Err())
			}
		}
	}))
	server.Config.ReadTimeout, server.Config.WriteTimeout = 80*time.Millisecond, 80*time.Millisecond
	server.Start()
	defer server.Close()
	res, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got, err := io.ReadAll(res.Body); err != nil || strings.Count(string(got), "event: ") != 4 {
		t.Errorf("%q, %v", got, err)
	}
}

func TestBrowserThatDoesNotReadIsCutOff(t *testing.T) {
	failed := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s := Start(w, 50*time.Millisecond)
		for big := strings.Repeat("x", 1<<20); ; {
			if err := s.Send("news", big); err != nil {
				failed <- err
				return
			}
		}
	}))
	defer server.Close()
	res, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	select {
	case <-failed:
	case <-time.After(20 * time.Second):
		t.Error("it is still waited for")
	}
}

func TestSendRefusesWhatIsNoJSON(t *testing.T) {
	w := httptest.NewRecorder()
	if err := Start(w, time.Second).Send("news", math.NaN()); err == nil || w.Body.Len() > 0 {
		t.Errorf("%v, %q sent", err, w.Body)
	}
}
