package consent

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

var now = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)

// key is the same in each run, so that fuzzing finds what it found before.
func key(seed byte) PrivateKey {
	return PrivateKey{ed25519.NewKeyFromSeed(append(make([]byte, 31), seed))}
}

func good() Token {
	return Token{
		Issuer: "front-desk", Subject: "p-2041", ID: "token-0001", Issued: now.Add(-time.Hour), NotBefore: now.Add(-time.Hour),
		Expires: now.AddDate(0, 6, 0), Zones: []string{"lobby", "gate"}, Purpose: "access-control", Basis: Separate,
		Statement: strings.Repeat("0a", 32), Badge: 7, Age: Adult,
	}
}

func rules() Rules {
	return Rules{Now: now, Purposes: DefaultPurposes, Zone: func(z string) bool { return z == "lobby" }}
}

func trust() Issuers { return NewIssuers(Issuer{"front-desk", key(1).Public()}) }

func signed(t *testing.T, token Token) string {
	t.Helper()
	raw, err := Sign(token, key(1))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestRoundTrip(t *testing.T) {
	minor := good()
	minor.Age, minor.Guardian, minor.Basis, minor.Zones = Minor14, "g-2041", Written, []string{AnyZone}
	face := good()
	face.Badge, face.Face = 0, "template-1"
	for _, want := range []Token{good(), minor, face} {
		raw := signed(t, want)
		got, err := Open(raw, trust())
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got.Token, want) || got.Raw() != raw || got.KeyID() != key(1).Public().ID() {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if err := got.Check(rules()); err != nil {
			t.Error(err)
		}
		if peeked, err := Peek(raw); err != nil || !reflect.DeepEqual(peeked, want) {
			t.Errorf("peeked %+v, %v", peeked, err)
		}
	}
}

// craft signs any header and claims, as somebody with the key but without this
// package could.
func craft(header, body map[string]any, with PrivateKey) string {
	part := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	text := part(header) + "." + part(body)
	return text + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(with.key, []byte(text)))
}

func header(typ string) map[string]any {
	return map[string]any{"alg": "EdDSA", "typ": typ, "kid": key(1).Public().ID()}
}

func body() map[string]any {
	return map[string]any{
		"iss": "front-desk", "sub": "p-2041", "jti": "token-0001", "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Unix() + 86400,
		"zones": []string{"lobby"}, "purpose": "care", "basis": "separate", "statement": strings.Repeat("0a", 32),
		"bind": map[string]any{"badge": 7}, "age": "adult",
	}
}

// with returns m with one member changed; nil takes it away.
func with(m map[string]any, name string, value any) map[string]any {
	m = maps.Clone(m)
	m[name] = value
	if value == nil {
		delete(m, name)
	}
	return m
}

// reason checks an error's kind, its name for programs and both languages.
func reason(t *testing.T, what string, err, want error, code string) {
	t.Helper()
	if !errors.Is(err, want) || Code(err) != code {
		t.Errorf("%s: %v (%s), want %v (%s)", what, err, Code(err), want, code)
		return
	}
	for _, c := range codes {
		if c.err != want && errors.Is(err, c.err) {
			t.Errorf("%s is %v as well", what, c.err)
		}
	}
	var p *text.Problem
	if !errors.As(err, &p) {
		t.Fatalf("%s: %v is in one language only", what, err)
	}
	if zh := p.In(text.ZhCN); zh == p.In(text.EN) || strings.Contains(zh+p.In(text.EN), "%!") {
		t.Errorf("%s: %s", what, zh)
	}
}

func TestHeader(t *testing.T) {
	ok := craft(header(tokenType), body(), key(1))
	if _, err := Open(ok, trust()); err != nil {
		t.Fatalf("the crafted token is refused anyway: %v", err)
	}
	parts := strings.Split(ok, ".")
	hs := func(name string, value any) string {
		return craft(with(header(tokenType), name, value), body(), key(1))
	}
	forged := strings.Split(craft(header(tokenType), with(body(), "exp", now.Unix()+1e6), key(1)), ".")
	for _, c := range []struct {
		name, raw string
		want      error
		code      string
	}{
		{"empty", "", ErrMalformed, "malformed"},
		{"words", "not a token", ErrMalformed, "malformed"},
		{"two parts", parts[0] + "." + parts[1], ErrMalformed, "malformed"},
		{"four parts", ok + ".x", ErrMalformed, "malformed"},
		{"padding", parts[0] + "." + parts[1] + "." + parts[2] + "==", ErrMalformed, "malformed"},
		{"not base64", parts[0] + ".!." + parts[2], ErrMalformed, "malformed"},
		{"not JSON", parts[0] + "." + parts[0][:8] + "." + parts[2], ErrMalformed, "malformed"},
		{"line end", ok + "\n", ErrMalformed, "malformed"},
		{"huge", ok + strings.Repeat("A", MaxSize), ErrMalformed, "malformed"},
		{"alg none", hs("alg", "none"), ErrAlgorithm, "wrong_algorithm"},
		{"alg none, no signature", strings.Join(strings.Split(hs("alg", "none"), ".")[:2], ".") + ".", ErrAlgorithm, "wrong_algorithm"},
		{"alg HS256", hs("alg", "HS256"), ErrAlgorithm, "wrong_algorithm"},
		{"alg ES256", hs("alg", "ES256"), ErrAlgorithm, "wrong_algorithm"},
		{"alg unheard of", hs("alg", "X1"), ErrAlgorithm, "wrong_algorithm"},
		{"alg in lower case", hs("alg", "eddsa"), ErrAlgorithm, "wrong_algorithm"},
		{"no alg", hs("alg", nil), ErrAlgorithm, "wrong_algorithm"},
		{"alg a number", hs("alg", 1), ErrAlgorithm, "wrong_algorithm"},
		{"no typ", hs("typ", nil), ErrType, "wrong_type"},
		{"typ JWT", hs("typ", "JWT"), ErrType, "wrong_type"},
		{"a revocation", hs("typ", revocationType), ErrType, "wrong_type"},
		{"no kid", hs("kid", nil), ErrNoKeyID, "no_key_id"},
		{"empty kid", hs("kid", ""), ErrNoKeyID, "no_key_id"},
		{"kid a number", hs("kid", 7), ErrNoKeyID, "no_key_id"},
		{"unknown kid", hs("kid", key(2).Public().ID()), ErrIssuer, "unknown_issuer"},
		{"critical member", hs("crit", []string{"b64"}), ErrMalformed, "malformed"},
		{"a key in the header", hs("jwk", map[string]any{}), ErrMalformed, "malformed"},
		{"another key", craft(header(tokenType), body(), key(2)), ErrSignature, "bad_signature"},
		{"no signature", parts[0] + "." + parts[1] + ".", ErrSignature, "bad_signature"},
		{"another body", parts[0] + "." + forged[1] + "." + parts[2], ErrSignature, "bad_signature"},
		{"another name", craft(header(tokenType), with(body(), "iss", "back-desk"), key(1)), ErrIssuer, "unknown_issuer"},
	} {
		_, err := Open(c.raw, trust())
		reason(t, c.name, err, c.want, c.code)
	}
}

func TestNamelessIssuerTakesAnyName(t *testing.T) {
	if _, err := Open(craft(header(tokenType), body(), key(1)), NewIssuers(Issuer{Key: key(1).Public()})); err != nil {
		t.Error(err)
	}
}

func TestClaims(t *testing.T) {
	many := make([]string, MaxZones+1)
	for i := range many {
		many[i] = fmt.Sprintf("z%d", i)
	}
	bad := map[string][]any{
		"iss":       {nil, 1, "", "Front Desk", strings.Repeat("a", 65)},
		"sub":       {nil, 1, "", "王小明", "a b", strings.Repeat("a", 65)},
		"jti":       {nil, 1, "short", "-option-", "a/b/c/d/e", strings.Repeat("a", 65)},
		"iat":       {nil, "1", 1.5, -1, 0, 1e18, true},
		"nbf":       {nil, "1", 1.5, -1, 0, 1e18, []int{1}},
		"exp":       {nil, "1", 1.5, -1, 0, 1e18, now.Unix(), now.Unix() - 1},
		"zones":     {nil, "lobby", []string{}, []int{1}, []string{"Lobby"}, []string{""}, []string{"a", "a"}, []string{"*", "a"}, many},
		"purpose":   {nil, 1, "", "any thing"},
		"basis":     {nil, "", "implied", "Separate"},
		"statement": {nil, "", strings.Repeat("0A", 32), strings.Repeat("0a", 31)},
		"age":       {nil, "", "unknown", "minor", 12},
		"guardian":  {"g-1", "", 5}, // of an adult
		"bind": {nil, 7, map[string]any{}, map[string]any{"badge": 0}, map[string]any{"badge": 250}, map[string]any{"badge": "7"}, map[string]any{"badge": 7.5},
			map[string]any{"face": ""}, map[string]any{"face": 1}, map[string]any{"badge": 7, "face": "template-1"}, map[string]any{"badge": 7, "x": 1}, map[string]any{"gait": 1}},
		"cameras": {[]string{"lobby"}}, "nonce": {""}, "Exp": {now.Unix()}, "aud": {"x"},
	}
	for name, values := range bad {
		for _, v := range values {
			_, err := Open(craft(header(tokenType), with(body(), name, v), key(1)), trust())
			reason(t, fmt.Sprintf("%s %v", name, v), err, ErrMalformed, "malformed")
			if err != nil && !strings.Contains(err.Error(), name) {
				t.Errorf("%s: %v does not name the claim", name, err)
			}
		}
	}
}

func TestMinors(t *testing.T) {
	minor := with(body(), "age", "minor14")
	_, err := Open(craft(header(tokenType), minor, key(1)), trust())
	reason(t, "minor", err, ErrGuardian, "minor_without_guardian")
	for _, v := range []any{"", "a b", 3} {
		_, err := Open(craft(header(tokenType), with(minor, "guardian", v), key(1)), trust())
		reason(t, fmt.Sprint("guardian ", v), err, ErrMalformed, "malformed")
	}
	if _, err := Open(craft(header(tokenType), with(minor, "guardian", "g-1"), key(1)), trust()); err != nil {
		t.Error(err)
	}
}

// Readers of JSON differ in which of two members they take.
func TestMemberTwice(t *testing.T) {
	b, err := json.Marshal(body())
	if err != nil {
		t.Fatal(err)
	}
	h, _ := json.Marshal(header(tokenType))
	for _, evil := range []string{
		strings.Replace(string(b), "{", `{"exp":4000000000,`, 1), strings.Replace(string(b), `{"badge":7}`, `{"badge":7,"badge":8}`, 1), string(b) + " ",
	} {
		text := base64.RawURLEncoding.EncodeToString(h) + "." + base64.RawURLEncoding.EncodeToString([]byte(evil))
		_, err = Open(text+"."+base64.RawURLEncoding.EncodeToString(ed25519.Sign(key(1).key, []byte(text))), trust())
		if strings.HasSuffix(evil, " ") {
			if err != nil {
				t.Errorf("space at the end: %v", err)
			}
			continue
		}
		reason(t, "twice", err, ErrMalformed, "malformed")
	}
}

func TestCheck(t *testing.T) {
	change := func(f func(*Token)) Token { token := good(); f(&token); return token }
	for _, c := range []struct {
		name  string
		token Token
		want  error
		code  string
	}{
		{"good", good(), nil, ""},
		{"any zone", change(func(t *Token) { t.Zones = []string{AnyZone} }), nil, ""},
		{"other zones", change(func(t *Token) { t.Zones = []string{"gate"} }), ErrZone, "unknown_zone"},
		{"purpose", change(func(t *Token) { t.Purpose = "marketing" }), ErrPurpose, "unknown_purpose"},
		{"over", change(func(t *Token) { t.Expires = now.Add(-Skew) }), ErrExpired, "expired"},
		{"just over", change(func(t *Token) { t.Expires = now.Add(-Skew + time.Second) }), nil, ""},
		{"soon", change(func(t *Token) { t.NotBefore = now.Add(Skew) }), nil, ""},
		{"later", change(func(t *Token) { t.NotBefore = now.Add(Skew + time.Second) }), ErrNotYetValid, "not_yet_valid"},
		{"issued soon", change(func(t *Token) { t.Issued = now.Add(Skew) }), nil, ""},
		{"issued later", change(func(t *Token) { t.Issued = now.Add(Skew + time.Second) }), ErrNotYetValid, "not_yet_valid"},
		{"400 days", change(func(t *Token) { t.Expires = t.Issued.Add(DefaultMaxLife) }), nil, ""},
		{"longer", change(func(t *Token) { t.Expires = t.Issued.Add(DefaultMaxLife + time.Second) }), ErrLife, "life_too_long"},
		{"long ahead", change(func(t *Token) { t.NotBefore, t.Expires = now.AddDate(2, 0, 0), now.AddDate(2, 0, 1) }), ErrLife, "life_too_long"},
		{"back-dated", change(func(t *Token) { t.NotBefore = t.Issued.AddDate(-1, 0, 0) }), ErrLife, "life_too_long"},
		{"future and wrong zone", change(func(t *Token) { t.NotBefore, t.Zones = now.AddDate(0, 1, 0), []string{"x"} }), ErrZone, "unknown_zone"},
	} {
		err := c.token.Check(rules())
		if c.want == nil {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		reason(t, c.name, err, c.want, c.code)
	}
	if err := good().Check(Rules{Now: now, MaxLife: time.Hour, Purposes: DefaultPurposes}); !errors.Is(err, ErrLife) {
		t.Errorf("a shorter longest life: %v", err)
	}
	if err := good().Check(Rules{Now: now}); !errors.Is(err, ErrPurpose) {
		t.Errorf("no purposes: %v", err)
	}
}

// When a token ended is told by the clock that it is asked by.
func TestTimesByTheClockOfWhoAsks(t *testing.T) {
	site := time.FixedZone("site", 8*60*60)
	over := Token{Expires: now.Add(-time.Hour)}
	if err := over.CheckTime(now.In(site)); !strings.Contains(fmt.Sprint(err), "2026-05-04 16:00") {
		t.Error(err)
	}
}

func TestSignRefusesWhatOpenWould(t *testing.T) {
	for name, f := range map[string]func(*Token){
		"name for a pseudonym": func(t *Token) { t.Subject = "王小明" },
		"badge":                func(t *Token) { t.Badge = 250 },
		"no binding":           func(t *Token) { t.Badge = 0 },
		"no time":              func(t *Token) { t.Expires = t.NotBefore },
	} {
		token := good()
		f(&token)
		if raw, err := Sign(token, key(1)); !errors.Is(err, ErrMalformed) || raw != "" {
			t.Errorf("%s: %q, %v", name, raw, err)
		}
	}
}

func TestRevocations(t *testing.T) {
	for _, r := range []Revocation{{Token: "token-0001"}, {Subject: "p-2041"}, {Badge: 7}} {
		r.Issuer, r.ID, r.Issued = "front-desk", NewID(), now
		raw, err := SignRevocation(r, key(1))
		if err != nil {
			t.Fatal(err)
		}
		got, err := OpenRevocation(raw, trust(), now)
		if err != nil || got != r || !IsRevocation(raw) || !got.Concerns(good()) || !got.Valid() {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := Open(raw, trust()); !errors.Is(err, ErrType) {
			t.Errorf("a revocation passes as a token: %v", err)
		}
		if _, err := OpenRevocation(raw, trust(), now.Add(-2*Skew)); !errors.Is(err, ErrNotYetValid) {
			t.Errorf("from the future: %v", err)
		}
		if _, err := OpenRevocation(raw, trust(), now.AddDate(50, 0, 0)); err != nil {
			t.Errorf("an old one: %v", err)
		}
		other := good()
		other.Issuer = "back-desk"
		if got.Concerns(other) {
			t.Error("it withdraws another issuer's token")
		}
		got.Issuer = ""
		if !got.Concerns(other) {
			t.Error("the administrator's does not")
		}
	}
	raw := signed(t, good())
	if _, err := OpenRevocation(raw, trust(), now); !errors.Is(err, ErrType) || IsRevocation(raw) {
		t.Errorf("a token passes as a revocation: %v", err)
	}
	later := good()
	later.ID, later.Issued = "token-0002", now.Add(time.Second)
	if (Revocation{Issued: now, Subject: later.Subject}).Concerns(later) || (Revocation{Issued: now, Badge: 7}).Concerns(later) {
		t.Error("a later consent is withdrawn as well")
	}
	for _, v := range []any{nil, "x", map[string]any{}, map[string]any{"jti": "x"}, map[string]any{"badge": 0}, map[string]any{"sub": "p", "badge": 7}, map[string]any{"all": true}} {
		b := with(map[string]any{"iss": "front-desk", "jti": "revocation-1", "iat": now.Unix()}, "revoke", v)
		_, err := OpenRevocation(craft(header(revocationType), b, key(1)), trust(), now)
		reason(t, fmt.Sprint("revoke ", v), err, ErrMalformed, "malformed")
	}
	for _, r := range []Revocation{{}, {Token: "x"}, {Subject: "p", Badge: 7}, {Badge: 250}, {Subject: "a b"}} {
		if r.Valid() {
			t.Errorf("%+v is valid", r)
		}
	}
}

func TestKeys(t *testing.T) {
	k := NewKey()
	private, err := ParsePrivateKey(k.PEM())
	if err != nil || !private.key.Equal(k.key) {
		t.Errorf("%v", err)
	}
	public, err := ParsePublicKey(k.Public().PEM())
	if err != nil || public.ID() != k.Public().ID() {
		t.Errorf("%v", err)
	}
	for _, b := range [][]byte{nil, []byte("x"), k.PEM(), append(k.Public().PEM(), 'x'), []byte("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")} {
		if _, err := ParsePublicKey(b); !errors.Is(err, ErrKey) {
			t.Errorf("%q is a public key: %v", b, err)
		}
	}
	if _, err := ParsePrivateKey(k.Public().PEM()); !errors.Is(err, ErrKey) {
		t.Errorf("the public key is private: %v", err)
	}
	if _, err := ParsePublicKey(k.PEM()); err == nil || !strings.Contains(err.Error(), "private") {
		t.Errorf("%v", err)
	}
	seed := fmt.Sprintf("%x", k.key.Seed()[:8])
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		if s := fmt.Sprintf(verb, struct{ K PrivateKey }{k}); strings.Contains(s, seed) || !strings.Contains(s, "[secret]") {
			t.Errorf("%s shows the key: %s", verb, s)
		}
	}
}

// The example of RFC 8037, appendix A.3.
func TestThumbprint(t *testing.T) {
	x, err := base64.RawURLEncoding.DecodeString("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
	if err != nil {
		t.Fatal(err)
	}
	if got := (PublicKey{x}).ID(); got != "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" {
		t.Error(got)
	}
}

func TestPurposes(t *testing.T) {
	if got, ok := ParsePurposes(" care, event"); !ok || !reflect.DeepEqual(got, []string{"care", "event"}) {
		t.Errorf("%q, %v", got, ok)
	}
	for _, bad := range []string{"", ",", "care,", "Care", "a b"} {
		if got, ok := ParsePurposes(bad); ok {
			t.Errorf("%q gives %q", bad, got)
		}
	}
	if got, ok := ParsePurposes(strings.Join(DefaultPurposes, ",")); !ok || len(got) != len(DefaultPurposes) {
		t.Error("the defaults are no purposes")
	}
}

func FuzzOpen(f *testing.F) {
	raw, err := Sign(good(), key(1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add(craft(with(header(tokenType), "alg", "none"), body(), key(1)))
	f.Add("..")
	f.Fuzz(func(t *testing.T, s string) {
		_, _ = Peek(s)
		_ = IsRevocation(s)
		got, err := Open(s, trust())
		if err == nil && (s != got.Raw() || !reflect.DeepEqual(got.Token, good())) {
			t.Errorf("%q passes: %+v", s, got)
		}
		if err != nil && Code(err) == "" {
			t.Errorf("%v has no code", err)
		}
	})
}

// FuzzClaims puts anything behind a good signature.
func FuzzClaims(f *testing.F) {
	b, err := json.Marshal(body())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"iss":"front-desk","jti":"revocation-1","iat":1777885200,"revoke":{"badge":7}}`))
	access, err := json.Marshal(with(with(body(), "purpose", SubjectAccess), "footage", map[string]any{"from": now.Unix(), "to": now.Unix() + 60}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(access)
	f.Add([]byte(`{"exp":1e400,"bind":{"badge":{}},"zones":[[[`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := decodeRevocation(b); err == nil && !r.Valid() {
			t.Errorf("%s gives %+v", b, r)
		}
		token, err := decodeToken(b)
		if err != nil {
			return
		}
		raw, err := Sign(token, key(1))
		if err != nil {
			t.Fatalf("%s gives %+v, which cannot be signed: %v", b, token, err)
		}
		again, err := Open(raw, NewIssuers(Issuer{Key: key(1).Public()}))
		if err != nil || !reflect.DeepEqual(again.Token, token) {
			t.Errorf("%+v became %+v, %v", token, again.Token, err)
		}
	})
}
