package console

import (
	"crypto/tls"
	"net"
	"net/http"
	"testing"
	"time"
)

// Three hundred connections of one address that say nothing keep nobody else
// out, and end nobody's running request.
func TestIdleCrowdOfOneAddress(t *testing.T) {
	a, _ := accounts(t)
	running, finish := make(chan struct{}, 1), make(chan struct{})
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running <- struct{}{}
		<-finish
		w.WriteHeader(http.StatusTeapot)
	})
	s, err := New(Config{Addr: "127.0.0.1:0", Store: a.store, Accounts: a, API: api, Routes: describedRoutes(t), Audit: func(_, _, _, _ string) {}, Log: silentLog()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	secret, _ := a.mustLogin(t, "boss")
	inside := make(chan int, 1)
	go func() { inside <- fetch(t, "127.0.0.1", "https://"+s.Addr()+"/api/v1/cameras", secret) }()
	<-running
	for range 300 {
		c, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
	}
	began := time.Now()
	if code := fetch(t, "127.0.0.2", "https://"+s.Addr()+"/api/openapi.yaml", secret); code != http.StatusOK || time.Since(began) > 2*time.Second {
		t.Errorf("another address got %d after %v", code, time.Since(began))
	}
	close(finish)
	if code := <-inside; code != http.StatusTeapot {
		t.Errorf("the request that ran got %d", code)
	}
}

// fetch asks once from an address of this host, as who has the cookie, and
// returns the status; 0: no answer.
func fetch(t *testing.T, local, url, secret string) int {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(local)}}
	c := http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		DialContext: dialer.DialContext, DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // its own certificate
	}}
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Error(err)
		return 0
	}
	r.AddCookie(&http.Cookie{Name: cookieName, Value: secret})
	res, err := c.Do(r)
	if err != nil {
		t.Errorf("%s from %s: %v", url, local, err)
		return 0
	}
	res.Body.Close()
	return res.StatusCode
}
