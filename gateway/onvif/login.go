package onvif

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/challenge"
)

// way is how a device wants the login. Services keep it: numbers are never given anew.
type way int

const (
	byToken    way = iota // the digest of WS-UsernameToken, by the device's clock
	byDigest              // HTTP digest, with the device's first algorithm
	byBoth                // both of them
	bySecond              // HTTP digest, with the device's second algorithm
	byOurClock            // as byToken, by our clock: the device says another time than it goes by
	byBasic               // the password itself, which everybody on the way can read without TLS
	noWay                 // no login is sent any more
)

// order is that in which the ways are tried. A login is never tried twice in the same way:
// devices lock out who knocks too often.
var order = []way{byToken, byDigest, bySecond, byBoth, byOurClock, byBasic}

const (
	// maxLogins bounds the ways tried with one device.
	maxLogins = 4
	// slack is how far a device's clock may be off before by whose clock a token is made is
	// worth a login of its own.
	slack = 5 * time.Second
)

// login is that of one client, and what the device showed of how it wants it.
type login struct {
	user, password string
	readable       bool // Basic may be sent without TLS, where the device was never seen with better
	most           int  // ways that may be tried; 0: maxLogins

	way    way
	fixed  bool // the way is known: no other is tried
	tried  int  // of maxLogins
	proven bool // the login was taken in this way
	asked  bool // with a fixed way: its challenge was answered

	digests []*challenge.Digest // of the newest refusal that had any, in the device's order
	basic   bool                // the newest refusal offered Basic alone
	better  bool                // one offered a digest, be it one that is not known here
	taken   bool                // the device took a token
	overTLS bool                // it answered over TLS
	sent    bool                // the password itself was sent
}

// challenged reads what a refusal offers.
func (l *login) challenged(headers []string) {
	offered := challenge.Read(headers)
	if len(offered.Digests) > 0 {
		l.digests = offered.Digests
	}
	l.basic, l.better = offered.Basic && !offered.Digest, l.better || offered.Digest
}

// open are questions that devices answer without a login (ONVIF core specification, section
// 5.9): an answer proves none.
func open(body string) bool {
	return strings.HasPrefix(body, "<tds:GetServices") || strings.HasPrefix(body, "<tds:GetCapabilities")
}

// passed notes that a question was let through.
func (l *login) passed(answered bool, body string) {
	token := l.way == byToken || l.way == byOurClock
	if answered && l.user != "" && !(token && open(body)) {
		l.proven, l.taken = true, l.taken || token || l.way == byBoth
	}
}

// usedUp reports whether a refusal says nothing of the login: its challenge counted once, or
// is too old.
func (l *login) usedUp() bool {
	return l.digest() != nil && (l.proven || l.digest().Stale())
}

// digest is the challenge that the present way answers; nil: none.
func (l *login) digest() *challenge.Digest {
	switch {
	case (l.way == byDigest || l.way == byBoth) && len(l.digests) > 0:
		return l.digests[0]
	case l.way == bySecond && len(l.digests) > 1:
		return l.digests[1]
	}
	return nil
}

// next moves on to a way that is left; false: there is none.
func (l *login) next(service *url.URL, ahead time.Duration) bool {
	if l.fixed {
		first := !l.asked && l.way != byToken && l.way != byOurClock && l.possible(l.way, service, ahead)
		l.asked = true
		return first
	}
	l.tried++
	left := order[slices.Index(order, l.way)+1:]
	if l.way == noWay || l.tried >= cmp.Or(l.most, maxLogins) {
		left = nil
	}
	l.way, l.proven = noWay, false
	for _, w := range left {
		if l.possible(w, service, ahead) {
			l.way = w
			break
		}
	}
	return l.way != noWay
}

func (l *login) possible(w way, service *url.URL, ahead time.Duration) bool {
	switch w {
	case byDigest:
		return len(l.digests) > 0
	case byBoth:
		return len(l.digests) == 1 || l.fixed && len(l.digests) > 0 // who offers two algorithms wants one of them
	case bySecond:
		return len(l.digests) > 1
	case byOurClock:
		return ahead.Abs() > slack
	case byBasic:
		return l.mayReadable(service)
	}
	return true
}

// mayReadable reports whether the password may be sent as it is: the device offers nothing
// else, never offered or took a digest, and TLS hides it, or there is none. Who sits on the
// way could else ask for the password in the name of a device that needs none.
func (l *login) mayReadable(service *url.URL) bool {
	return l.basic && !l.better && !l.taken && (service.Scheme == "https" || l.readable && !l.overTLS)
}

// why is the error of a refused login.
func (l *login) why() error {
	if l.user != "" && l.basic && !l.sent {
		return text.Fail(ErrLogin, text.ONVIFBasicOnly)
	}
	return text.Fail(ErrLogin, text.ONVIFLogin)
}

// token reports whether a token is sent, and how far ahead of our clock it is dated.
func (l *login) token(ahead time.Duration) (time.Duration, bool) {
	switch {
	case l.user == "":
		return 0, false
	case l.way == byOurClock:
		return 0, true
	}
	return ahead, l.way == byToken || l.way == byBoth
}

// authorize adds the login over HTTP, where the present way has one.
func (l *login) authorize(req *http.Request) {
	switch d := l.digest(); {
	case l.user == "":
	case d != nil:
		req.Header.Set("Authorization", d.Answer(req.Method, req.URL.RequestURI(), l.user, l.password))
	case l.way == byBasic && l.mayReadable(req.URL):
		req.SetBasicAuth(l.user, l.password)
		l.sent = true
	}
}
