// Package signontest runs a login provider for tests: the OpenID provider of zitadel, which is
// certified, with its own login page. In: a client and where it is sent back to. Out: the
// provider's address, and a way through its page without a browser. Its goroutines are its HTTP
// server's, which end with the test. The product never imports it.
package signontest

import (
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

// User and Password are those of somebody whom the provider knows, Subject its name for them.
const (
	User     = "test-user2"
	Password = "verysecure"
	Subject  = "id2"
)

// Provider is one that runs.
type Provider struct {
	// Issuer is its address.
	Issuer string
	server *httptest.Server
}

// Start runs one until the test ends. A client may come with the secret "secret".
func Start(t testing.TB, client, returnTo string) *Provider {
	t.Helper()
	var handler http.Handler
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(s.Close)
	storage.RegisterClients(storage.WebClient(client, "secret", returnTo))
	handler = exampleop.SetupServer(s.URL, storage.NewStorage(storage.NewUserStore(s.URL)), slog.New(slog.DiscardHandler), false)
	return &Provider{Issuer: s.URL, server: s}
}

// Stop ends it before the test does.
func (p *Provider) Stop() { p.server.Close() }

// LogIn goes through the provider's page and returns what it sends the browser back with.
func (p *Provider) LogIn(t testing.TB, address string) url.Values {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var back *url.URL
	client := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if !strings.HasPrefix(r.URL.String(), p.Issuer) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	page, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	page.Body.Close()
	id := page.Request.URL.Query().Get("authRequestID")
	res, err := client.PostForm(p.Issuer+"/login/username", url.Values{"username": {User}, "password": {Password}, "id": {id}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if back == nil {
		t.Fatalf("the provider leads nobody back: %s at %s", res.Status, res.Request.URL)
	}
	return back.Query()
}
