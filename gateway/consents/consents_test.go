package consents

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/config/store/storetest"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// A clock that is set ahead ends consents at once; set right again, they count
// as before. The time is handed in here: no test may set a machine's clock.
func TestClockIsSet(t *testing.T) {
	r := newRoom(t)
	id := r.accepted(t, consenttest.Token(t, nil))
	ahead := time.Now().Add(2 * time.Hour)
	r.watchClock(ahead)
	r.cfg.Cameras.Permit(r.grants(ahead))
	r.worker.Await(t, "hall", "after its end by the clock")
	r.watchClock(time.Now())
	r.refresh()
	r.worker.Await(t, "hall", "with the clock right again", id)
	if !strings.Contains(r.log.String(), "set back") {
		t.Error("the log does not say that the clock was set back")
	}
	faultlog.Check(t, faultlog.Row{Topic: "box", Fault: "clock set two hours ahead and back (time handed in)", Ends: "consents that ended by it are masked; looked at with each picture, and each 10 s they count again"}, 0)
}

// While nobody may be shown, consents come and go all the same; afterwards those that
// count then are shown.
func TestNobodyMayBeShown(t *testing.T) {
	r := newRoom(t)
	first := r.accepted(t, consenttest.Token(t, nil))
	r.ShowNobody(true)
	r.worker.Await(t, "hall", "while nobody may be shown")
	second := r.imported(t, consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 8, "p-2042" })).ID
	if len(r.grants(time.Now())) > 0 {
		t.Error("a consent counts while nobody may be shown")
	}
	if _, err := r.Revoke(t.Context(), consent.Revocation{Token: first}); err != nil {
		t.Fatal(err)
	}
	r.ShowNobody(false)
	r.worker.Await(t, "hall", "afterwards", second)
}

// isIdle checks what the register and the status say of a consent that counts nowhere.
func (r *room) isIdle(t *testing.T, id string, want api.IdleReason) {
	t.Helper()
	got, err := r.Get(id)
	if err != nil || got.Reason != want || (want == "") != (len(got.Cameras) > 0) {
		t.Errorf("%+v, %v; want the reason %q", got, err, want)
	}
	if n := r.Status().Idle[want]; want != "" && n == 0 {
		t.Errorf("the status counts %v", r.Status().Idle)
	}
	if want != "" && !text.Has(text.ConsentReason(string(want))) {
		t.Errorf("there are no words for %q", want)
	}
}

// forCopy is a token in order for a copy of the last hour's recording.
func forCopy(c *consent.Token) {
	c.Purpose, c.Footage = consent.SubjectAccess, consent.Footage{From: c.Issued.Add(-time.Hour), To: c.Issued}
}

// Subject access is for copies of recordings. No zone can name it, and where one did,
// by whatever way, it would show nobody.
func TestSubjectAccessNeverCountsLive(t *testing.T) {
	r := newRoom(t)
	badge := 10
	for name, zones := range map[string][]string{"its own": {"lobby"}, "any": {consent.AnyZone}, "none that is here": {"redact"}} {
		badge++
		got := r.imported(t, consenttest.Token(t, func(c *consent.Token) {
			forCopy(c)
			c.Zones, c.Badge, c.Subject = zones, badge, fmt.Sprintf("p-%d", badge)
		}))
		if got.Outcome != api.Accepted || got.In(text.EN).Code != "file_only" {
			t.Fatalf("%s: %+v", name, got)
		}
		r.isIdle(t, got.ID, api.IdleFileOnly)
		forged := []zone.Zone{{ID: "lobby", Kind: zone.Consent, Purposes: []string{consent.SubjectAccess}, Points: lobby().Points}}
		one, err := r.Stored(got.ID)
		if err != nil {
			t.Fatal(err)
		}
		r.mu.Lock()
		in := r.zonesFor(one, forged)
		r.mu.Unlock()
		if len(in) != 0 {
			t.Errorf("%s: shown in %v", name, in)
		}
		for _, g := range r.grants(time.Now()) {
			if in := g.In(forged); len(in) != 0 {
				t.Errorf("%s: a camera would show it in %v", name, in)
			}
		}
	}
	// Settings reach the worker in order: with this one it would know of all before.
	r.accepted(t, consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 8, "p-2042" }))
	none := consenttest.Token(t, func(c *consent.Token) { c.Purpose, c.Badge = consent.SubjectAccess, 9 })
	if got := r.imported(t, none); got.Outcome != api.Refused || consent.Code(got.Err) != "no_footage" {
		t.Errorf("without footage: %+v", got)
	}
}

// A thousand revocations that no trusted issuer signed are one line in the log
// for each reason, and all are counted.
func TestRefusedRevocationsAreReportedOnceAMinute(t *testing.T) {
	r := newRoom(t)
	for range 1000 {
		r.Receive(consent.KindRevocation, "0123456789abcdef", []byte("unsigned"), func() {})
	}
	eventually(t, "all are refused", func() bool { return r.Status().RevocationsRefused >= 1000 })
	if n := strings.Count(r.log.String(), "what the broker sent about consents was refused"); n != 1 {
		t.Errorf("%d lines", n)
	}
}

// An issuer that comes has the broker asked for what was refused for want of it.
func TestNewIssuerAsksForRevocationsAgain(t *testing.T) {
	r := newRoom(t)
	<-r.asked // of the front desk
	if err := r.AddIssuer(t.Context(), consent.Issuer{Name: "back-desk", Key: consent.NewKey().Public()}); err != nil {
		t.Fatal(err)
	}
	<-r.asked
	all, err := r.Issuers()
	if err != nil || len(all) != 2 || all[0].Name != "back-desk" || all[1].Name != "front-desk" {
		t.Errorf("issuers: %+v, %v", all, err)
	}
}

// A disk that hangs keeps nobody visible: the worker hears of a withdrawal
// before it is written, and the administrator gets the word once it is.
func TestWithdrawalDoesNotWaitForTheDisk(t *testing.T) {
	r := newRoom(t)
	id := r.accepted(t, consenttest.Token(t, nil))
	release := storetest.Stall(t, r.cfg.Store)
	began := time.Now()
	answered := make(chan error, 1)
	go func() {
		_, err := r.Revoke(t.Context(), consent.Revocation{Token: id})
		answered <- err
	}()
	r.worker.Await(t, "hall", "while the disk hangs")
	took := time.Since(began)
	select {
	case err := <-answered:
		t.Errorf("acknowledged before it was written: %v", err)
	default:
	}
	release()
	if err := <-answered; err != nil {
		t.Error(err)
	}
	if c, err := r.Stored(id); err != nil || c.Revoked.IsZero() {
		t.Errorf("not withdrawn in the store: %+v, %v", c, err)
	}
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "a disk that hangs while a consent is withdrawn", Ends: "the worker masks at once; acknowledged once written",
		Bound: time.Second}, took)
}

// While the disk hangs one withdrawal does not wait for another, whoever asks for it;
// each answer says that it is not stored yet. Once the disk is back all of them are.
func TestWithdrawalsDoNotWaitForOneAnother(t *testing.T) {
	r := newRoom(t)
	person := func(badge int, subject string) string {
		return consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = badge, subject })
	}
	var ids []string
	for badge := range 4 {
		ids = append(ids, r.accepted(t, person(badge+1, fmt.Sprintf("p-%d", badge+1)), ids...))
	}
	release := storetest.Stall(t, r.cfg.Store)
	stored := make(chan struct{})
	for _, c := range []struct {
		name string
		ask  func() error
		left []string
	}{
		{"a token", func() error { _, err := r.Revoke(t.Context(), consent.Revocation{Token: ids[0]}); return err }, ids[1:]},
		{"a person", func() error { _, err := r.Revoke(t.Context(), consent.Revocation{Subject: "p-2"}); return err }, ids[2:]},
		{"by the broker", func() error {
			r.Receive(consent.KindRevocation, "x", []byte(signed(t, consenttest.Key, consent.Revocation{Token: ids[2]})), func() { close(stored) })
			return api.ErrUnstored
		}, ids[3:]},
		{"the issuer", func() error { _, err := r.RemoveIssuer(t.Context(), "front-desk"); return err }, nil},
	} {
		began, answered := time.Now(), make(chan error, 1)
		go func() { answered <- c.ask() }()
		r.worker.Await(t, "hall", c.name, slices.Clone(c.left)...)
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s: masked after %v", c.name, took)
		}
		if err := <-answered; !errors.Is(err, api.ErrUnstored) || time.Since(began) > 2*time.Second {
			t.Errorf("%s: answered %v after %v", c.name, err, time.Since(began))
		}
	}
	if n, err := r.List(api.ConsentFilter{All: true}, ""); err != nil || len(n.Consents) != 4 {
		t.Errorf("the register does not answer meanwhile: %+v, %v", n, err)
	}
	select {
	case <-stored:
		t.Error("acknowledged before it was written")
	default:
	}
	release()
	<-stored
	eventually(t, "all is stored", func() bool { n, _ := r.cfg.Queue.Unstored(); return n == 0 })
	for i, id := range ids {
		if c, err := r.Stored(id); err != nil || c.Revoked.IsZero() != (i == 3) {
			t.Errorf("token %d in the store: %+v, %v", i, c, err)
		}
	}
	if all, err := r.cfg.Store.Issuers(); err != nil || len(all) != 0 {
		t.Errorf("the issuer is back: %+v, %v", all, err)
	}
}
