package wire

import (
	"slices"

	"github.com/bauta-gateway/bauta/gateway/challenge"
)

// Login is who logs in.
type Login struct {
	User, Password string
	// Basic allows to hand the password over where the camera offers nothing else.
	Basic bool
}

func (l Login) empty() bool { return l.User == "" && l.Password == "" }

// authorizer answers a camera's challenges.
type authorizer struct {
	login     Login
	digest    bool              // a digest was offered at some time
	challenge *challenge.Digest // the one that is answered; nil: none
	basic     bool              // basic is answered instead
}

// header is that of the next request, empty before the first challenge.
func (a *authorizer) header(method, uri string) string {
	switch {
	case a.basic:
		return challenge.Basic(a.login.User, a.login.Password)
	case a.challenge != nil:
		return a.challenge.Answer(method, uri, a.login.User, a.login.Password)
	}
	return ""
}

// tries are the ways in which one request was answered; each wrong one brings the account nearer to being
// locked.
type tries struct {
	ways    []string
	renewed bool // a nonce that was too old has been replaced
}

const basicWay = "basic"

// refused takes the challenges of a refusal and reports whether the request should be sent again.
func (a *authorizer) refused(headers []string, t *tries) (again bool, err error) {
	if a.login.empty() {
		return false, nil
	}
	offer := challenge.Read(headers)
	a.digest = a.digest || offer.Digest
	for _, c := range offer.Digests {
		if t.take(c) {
			a.challenge, a.basic = c, false
			return true, nil
		}
	}
	if offer.Digest || !offer.Basic || slices.Contains(t.ways, basicWay) {
		return false, nil
	}
	if !a.login.Basic {
		return false, challenge.ErrBasicOnly
	}
	t.ways = append(t.ways, basicWay)
	a.challenge, a.basic = nil, true
	return true, nil
}

// take reports whether a challenge is worth an answer: each algorithm once, and once more where
// the camera says that the nonce was too old.
func (t *tries) take(c *challenge.Digest) bool {
	name := c.Algorithm()
	if !slices.Contains(t.ways, name) {
		t.ways = append(t.ways, name)
		return true
	}
	renew := c.Stale() && !t.renewed
	t.renewed = t.renewed || renew
	return renew
}
