package onvifserver

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/challenge"
	"github.com/bauta-gateway/bauta/gateway/lockout"
)

const anything = `<tds:GetDeviceInformation/>`

func (d *device) statusOf(header string) int {
	d.t.Helper()
	status, _, _ := d.post(theDevice, enveloped(header, anything))
	return status
}

func TestTokens(t *testing.T) {
	d := start(t)
	good := token("recorder", recorderPassword, freshNonce(), time.Now())
	if got := d.statusOf(good); got != http.StatusOK {
		t.Fatalf("a right one: %d", got)
	}
	if got := d.statusOf(good); got != http.StatusUnauthorized {
		t.Errorf("the same once more: %d", got)
	}
	plain := strings.Replace(token("recorder", recorderPassword, freshNonce(), time.Now()), "#PasswordDigest", "#PasswordText", 1)
	cut := func(from, to string) string {
		s := token("recorder", recorderPassword, freshNonce(), time.Now())
		i, j := strings.Index(s, from), strings.Index(s, to)+len(to)
		return s[:i] + s[j:]
	}
	for name, header := range map[string]string{
		"six minutes ago":      token("recorder", recorderPassword, freshNonce(), time.Now().Add(-6*time.Minute)),
		"in six minutes":       token("recorder", recorderPassword, freshNonce(), time.Now().Add(6*time.Minute)),
		"the password itself":  plain,
		"no nonce":             cut("<wsse:Nonce>", "</wsse:Nonce>"),
		"no time":              cut("<wsu:Created", "</wsu:Created>"),
		"no password":          cut("<wsse:Password", "</wsse:Password>"),
		"no name":              cut("<wsse:Username>", "</wsse:Username>"),
		"another one's":        token("wall", recorderPassword, freshNonce(), time.Now()),
		"too long a nonce":     token("recorder", recorderPassword, strings.Repeat("x", 200), time.Now()),
		"an empty nonce":       token("recorder", recorderPassword, "", time.Now()),
		"a password as a name": token(recorderPassword, "", freshNonce(), time.Now()),
	} {
		if got := d.statusOf(header); got != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, got)
		}
	}
	for _, off := range []time.Duration{-4 * time.Minute, 4 * time.Minute} {
		if got := d.statusOf(token("recorder", recorderPassword, freshNonce(), time.Now().Add(off))); got != http.StatusOK {
			t.Errorf("a clock off by %v: %d", off, got)
		}
	}
}

// A login that was withdrawn is none from then on.
func TestWithdrawnLogin(t *testing.T) {
	d := start(t)
	ask := func() int { return d.statusOf(token("wall", wallPassword, freshNonce(), time.Now())) }
	if got := ask(); got != http.StatusOK {
		t.Fatalf("before: %d", got)
	}
	d.logins.withdraw()
	if got := ask(); got != http.StatusUnauthorized {
		t.Errorf("after: %d", got)
	}
}

func TestDigest(t *testing.T) {
	d := start(t)
	body := []byte(enveloped("", anything))
	if res, _ := d.digest(http.MethodPost, theDevice, "recorder", recorderPassword, body); res.StatusCode != http.StatusOK {
		t.Errorf("a right one: %s", res.Status)
	}
	if res, _ := d.digest(http.MethodPost, theDevice, "recorder", "wrong", body); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("a wrong one: %s", res.Status)
	}
	first, _ := d.request(http.MethodPost, theDevice, "", body)
	offer := challenge.Read(first.Header.Values("WWW-Authenticate"))
	if len(offer.Digests) != 1 || offer.Basic {
		t.Fatalf("%+v", offer)
	}
	one := offer.Digests[0]
	status := func(authorization string) (int, string) {
		res, _ := d.request(http.MethodPost, theDevice, authorization, body)
		return res.StatusCode, res.Header.Get("WWW-Authenticate")
	}
	answers := make([]string, 3)
	for i := range answers {
		answers[i] = one.Answer(http.MethodPost, theDevice, "recorder", recorderPassword)
	}
	for _, i := range []int{1, 0, 2} { // several at once, in any order
		if got, _ := status(answers[i]); got != http.StatusOK {
			t.Errorf("answer %d: %d", i, got)
		}
	}
	if got, asked := status(answers[1]); got != http.StatusUnauthorized || !strings.Contains(asked, "stale=true") {
		t.Errorf("the same once more: %d, %s", got, asked)
	}
	elsewhere := one.Answer(http.MethodPost, "/onvif/media_service", "recorder", recorderPassword)
	for name, header := range map[string]string{
		"of another path":   elsewhere,
		"of another method": one.Answer(http.MethodGet, theDevice, "recorder", recorderPassword),
		"without qop":       strings.Replace(one.Answer(http.MethodPost, theDevice, "recorder", recorderPassword), "qop=auth", "qop=", 1),
		"basic":             "Basic " + base64.StdEncoding.EncodeToString([]byte("recorder:"+recorderPassword)),
		"rubbish":           `Digest username="recorder", nonce="x`,
	} {
		if got, _ := status(header); got != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, got)
		}
	}
}

// A nonce is ours for five minutes, and nobody else's is.
func TestOurNonces(t *testing.T) {
	s, other := start(t), start(t)
	now := time.Now()
	nonce := func(d *device) string {
		return challenge.Parameters(strings.TrimPrefix(d.challenge(now, false), "Digest "))["nonce"]
	}
	if ok, _ := s.ours(nonce(s), now.Add(ClockSkew-time.Second)); !ok {
		t.Error("not ours before five minutes")
	}
	if ok, _ := s.ours(nonce(s), now.Add(ClockSkew+time.Second)); ok {
		t.Error("ours after five minutes")
	}
	for _, bad := range []string{nonce(other), "", "x", nonce(s)[1:], nonce(s) + "AA"} {
		if ok, _ := s.ours(bad, now); ok {
			t.Errorf("%q is ours", bad)
		}
	}
}

// Who guesses waits, and keeps no other login at the same address out.
func TestGuessesWait(t *testing.T) {
	d := start(t)
	for range lockout.FreeTries {
		d.statusOf(token("recorder", "guess", freshNonce(), time.Now()))
	}
	if got := d.statusOf(token("recorder", recorderPassword, freshNonce(), time.Now())); got != http.StatusUnauthorized {
		t.Errorf("the right one after %d guesses: %d", lockout.FreeTries, got)
	}
	if got := d.statusOf(token("wall", wallPassword, freshNonce(), time.Now())); got != http.StatusOK {
		t.Errorf("another login: %d", got)
	}
	if n := d.Stats().LoginsFailed; n != lockout.FreeTries+1 {
		t.Errorf("%d wrong logins counted", n)
	}
}

// Many right logins at once are no guesses.
func TestManyRightLoginsAtOnce(t *testing.T) {
	d := start(t)
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			if got := d.statusOf(token("recorder", recorderPassword, freshNonce(), time.Now())); got != http.StatusOK {
				t.Errorf("%d", got)
			}
		})
	}
	all.Wait()
}

func TestUsedNonces(t *testing.T) {
	u := newUsed()
	now := time.Now()
	u.now = func() time.Time { return now }
	for i, c := range []struct {
		count uint32
		ok    bool
	}{{1, true}, {1, false}, {3, true}, {2, true}, {2, false}, {3, false}, {100, true}, {36, true}, {36, false}, {35, false}, {99, true}, {101, true}, {99, false}, {0, false}, {1 << 31, true}, {101, false}} {
		if got := u.take("a", "n", c.count, now.Add(time.Minute)); got != c.ok {
			t.Errorf("%d: count %d: %v", i, c.count, got)
		}
	}
	if !u.take("b", "n", 1, now.Add(time.Minute)) {
		t.Error("another login's nonce counts as used")
	}
	for i := range MaxNonces {
		u.take(fmt.Sprint(i%2), fmt.Sprint("x", i), 1, now.Add(time.Minute))
	}
	if len(u.all) > MaxNonces {
		t.Errorf("%d nonces are remembered", len(u.all))
	}
	if u.take("c", "full", 1, now.Add(time.Minute)) {
		t.Error("one more than can be remembered counts")
	}
	now = now.Add(2 * time.Minute)
	if !u.take("c", "full", 1, now.Add(time.Minute)) || len(u.all) != 1 || len(u.each) != 1 {
		t.Errorf("after their time %d are left", len(u.all))
	}
}
