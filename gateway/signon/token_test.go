package signon

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
)

// A provider's token counts if its key, issuer, audience, time, nonce and party are right; a
// hostile one spoils each alone.
func TestSpoiltTokensAreRefused(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	other, err2 := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	var token string // what the provider hands out next
	mux := http.NewServeMux()
	s := httptest.NewServer(mux)
	defer s.Close()
	say := func(v any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(v)
		}
	}
	mux.HandleFunc("/.well-known/openid-configuration", say(map[string]any{"issuer": s.URL, "authorization_endpoint": s.URL + "/auth", "token_endpoint": s.URL + "/token", "jwks_uri": s.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}}))
	mux.HandleFunc("/keys", say(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}}))
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		say(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": token})(w, r)
	})
	room := openRoom(t)
	if err := room.Set(t.Context(), Settings{Issuer: s.URL, ClientID: "bauta", Secret: "secret", Console: console}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what  string
		spoil func(jwt.MapClaims)
		by    jwt.SigningMethod
		key   any
		good  bool
	}{
		{"nothing", func(jwt.MapClaims) {}, jwt.SigningMethodRS256, key, true},
		{"its party, who is us", func(m jwt.MapClaims) { m["azp"] = "bauta" }, jwt.SigningMethodRS256, key, true},
		{"another key", func(jwt.MapClaims) {}, jwt.SigningMethodRS256, other, false},
		{"no key", func(jwt.MapClaims) {}, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, false},
		{"the client's secret as the key", func(jwt.MapClaims) {}, jwt.SigningMethodHS256, []byte("secret"), false},
		{"another issuer", func(m jwt.MapClaims) { m["iss"] = "https://evil.example" }, jwt.SigningMethodRS256, key, false},
		{"another audience", func(m jwt.MapClaims) { m["aud"] = "another-client" }, jwt.SigningMethodRS256, key, false},
		{"another party", func(m jwt.MapClaims) { m["aud"] = []string{"bauta", "other"}; m["azp"] = "other" }, jwt.SigningMethodRS256, key, false},
		{"another nonce", func(m jwt.MapClaims) { m["nonce"] = "replayed" }, jwt.SigningMethodRS256, key, false},
		{"no nonce", func(m jwt.MapClaims) { delete(m, "nonce") }, jwt.SigningMethodRS256, key, false},
		{"its end", func(m jwt.MapClaims) { m["exp"] = time.Now().Add(-time.Hour).Unix() }, jwt.SigningMethodRS256, key, false},
		{"nobody", func(m jwt.MapClaims) { m["sub"] = "" }, jwt.SigningMethodRS256, key, false},
	} {
		_, cookie, err := room.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b, _ := room.open(cookie)
		claims := jwt.MapClaims{"iss": s.URL, "aud": "bauta", "sub": "somebody", "nonce": b.Nonce, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()}
		c.spoil(claims)
		one := jwt.NewWithClaims(c.by, claims)
		one.Header["kid"] = "1"
		if token, err = one.SignedString(c.key); err != nil {
			t.Fatal(err)
		}
		got, err := room.Finish(t.Context(), cookie, url.Values{"state": {b.State}, "code": {"c"}})
		if c.good != (err == nil) || !c.good && !errors.Is(err, ErrRefused) {
			t.Errorf("%s is spoilt: %+v, %v", c.what, got, err)
		}
	}
}
