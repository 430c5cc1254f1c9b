package challenge

import "slices"

// Login is who logs in.
type Login struct {
	User, Password string
	// Basic allows to hand the password over where the camera offers nothing else.
	Basic bool
}

func (l Login) empty() bool { return l.User == "" && l.Password == "" }

// Authorizer answers a camera's challenges with one login, request by request. The zero value but for
// Login is ready.
type Authorizer struct {
	Login Login
	// Digest reports that a digest was offered at some time.
	Digest bool

	answers *Digest // the challenge that is answered; nil: none
	basic   bool    // basic is answered instead
}

// Header is the value of the header Authorization for the next request, empty before the first challenge.
func (a *Authorizer) Header(method, uri string) string {
	switch {
	case a.basic:
		return Basic(a.Login.User, a.Login.Password)
	case a.answers != nil:
		return a.answers.Answer(method, uri, a.Login.User, a.Login.Password)
	}
	return ""
}

// Tries are the ways in which one request was answered; each wrong one brings the account nearer to being
// locked. The zero value is that of a request without an answer yet.
type Tries struct {
	ways    []string
	renewed bool // a nonce that was too old has been replaced
}

const basicWay = "basic"

// Refused takes the challenges of a refusal and reports whether the request should be sent again. An error
// is ErrBasicOnly.
func (a *Authorizer) Refused(headers []string, t *Tries) (again bool, err error) {
	if a.Login.empty() {
		return false, nil
	}
	offer := Read(headers)
	a.Digest = a.Digest || offer.Digest
	for _, d := range offer.Digests {
		if t.take(d) {
			a.answers, a.basic = d, false
			return true, nil
		}
	}
	if offer.Digest || !offer.Basic || slices.Contains(t.ways, basicWay) {
		return false, nil
	}
	if !a.Login.Basic {
		return false, ErrBasicOnly
	}
	t.ways = append(t.ways, basicWay)
	a.answers, a.basic = nil, true
	return true, nil
}

// take reports whether a challenge is worth an answer: each algorithm once, and once more where
// the camera says that the nonce was too old.
func (t *Tries) take(d *Digest) bool {
	name := d.Algorithm()
	if !slices.Contains(t.ways, name) {
		t.ways = append(t.ways, name)
		return true
	}
	renew := d.Stale() && !t.renewed
	t.renewed = t.renewed || renew
	return renew
}
