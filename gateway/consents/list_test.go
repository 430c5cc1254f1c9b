package consents

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// list is the front desk's list that follows another.
func list(t *testing.T, after consent.SignedList, issued time.Time, all ...consent.Revocation) consent.SignedList {
	t.Helper()
	after.Issuer = "front-desk"
	raw, err := consent.SignList(after.With(issued, all...), consenttest.Key)
	must(t, err)
	l, err := consent.OpenList(raw, consent.NewIssuers(consent.Issuer{Name: "front-desk", Key: consenttest.Key.Public()}))
	must(t, err)
	return l
}

// taken waits until what the broker brought is stored or refused.
func (r *room) taken(t *testing.T, kind consent.Kind, raw string) {
	t.Helper()
	stored := make(chan struct{})
	r.Receive(kind, "front-desk", []byte(raw), func() { close(stored) })
	select {
	case <-stored:
	case <-time.After(patience):
		t.Fatal("the broker never had its receipt")
	}
}

// attested says that nothing came after a list, as the front desk itself says it.
func attested(t *testing.T, l consent.SignedList, at time.Time) string {
	t.Helper()
	raw, err := consent.SignAttestation(consent.Attestation{Issuer: "front-desk", Number: l.Number, Hash: l.Hash(), Issued: at}, "", consenttest.Key)
	must(t, err)
	return raw
}

// What any list withdraws is masked, in whatever order lists come, and the newest stays.
func TestListsWithdrawInAnyOrder(t *testing.T) {
	r := newRoom(t)
	ids := []string{r.accepted(t, consenttest.Token(t, nil))}
	for badge := 8; badge <= 9; badge++ {
		ids = append(ids, r.accepted(t, consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = badge, "p-"+string(rune('0'+badge)) }), ids...))
	}
	first := list(t, consent.SignedList{}, time.Now(), consent.Revocation{Token: ids[0]})
	second := list(t, list(t, consent.SignedList{}, time.Now()), time.Now(), consent.Revocation{Badge: 8, Issued: time.Now()}) // lacks the first's
	r.taken(t, consent.KindList, second.Raw())
	r.worker.Await(t, "hall", "after the second list", ids[0], ids[2])
	r.taken(t, consent.KindList, first.Raw())
	r.worker.Await(t, "hall", "after the first list", ids[2])
	if got := r.Status().Lists; len(got) != 1 || got[0].Issuer != "front-desk" || got[0].Number != 2 || got[0].Withdrawn != 1 || got[0].Stale || got[0].Behind {
		t.Errorf("the status says %+v", got)
	}
	r.stops.Run()
	kept, err := store.Open(r.path, store.Options{})
	must(t, err)
	defer kept.Close()
	all, err := kept.IssuerLists()
	if err != nil || len(all) != 1 || all[0].List != second.Raw() {
		t.Errorf("the store has %+v, %v", all, err)
	}
	if _, err := kept.AddConsents([]consent.Signed{}, store.Adding{}); err != nil {
		t.Error(err)
	}
}

// A list that comes again and again changes nothing, and one that nobody trusted signed does nothing.
func TestListsThatChangeNothing(t *testing.T) {
	r := newRoom(t)
	id := r.accepted(t, consenttest.Token(t, nil))
	l := list(t, consent.SignedList{}, time.Now(), consent.Revocation{Token: "another-token"})
	for range 3 {
		r.taken(t, consent.KindList, l.Raw())
	}
	stranger, err := consent.SignList(l.With(time.Now(), consent.Revocation{Token: id}), consent.NewKey())
	must(t, err)
	r.taken(t, consent.KindList, stranger)
	if got, err := r.Get(id); err != nil || got.State != api.ConsentValid || len(got.Cameras) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if s := r.Status(); s.RevocationsRefused != 1 || s.Lists[0].Number != 1 {
		t.Errorf("%+v", s)
	}
	if n := strings.Count(r.log.String(), "an issuer's list came"); n != 1 {
		t.Errorf("one list is told of in %d lines", n)
	}
}

// Without a proof that is fresh enough nobody is shown, and why stands in the register.
func TestNobodyIsShownWithoutAFreshAttestation(t *testing.T) {
	r := newRoomWith(t, 7*24*time.Hour)
	id := r.imported(t, consenttest.Token(t, nil)).ID
	r.isIdle(t, id, api.IdleStale)
	l := list(t, consent.SignedList{}, time.Now().Add(-8*24*time.Hour), consent.Revocation{Token: "another-token"})
	r.taken(t, consent.KindList, l.Raw())
	r.isIdle(t, id, api.IdleStale)
	newer := list(t, l, time.Now(), consent.Revocation{Token: "a-third-token"})
	r.taken(t, consent.KindAttestation, attested(t, newer, time.Now()))
	r.isIdle(t, id, api.IdleStale) // of a list that is not here
	if s := r.Status().Lists[0]; !s.Behind || !s.Stale {
		t.Errorf("the status says %+v", s)
	}
	if got := r.imported(t, newer.Raw()); got.Kind != api.KindList || got.Outcome != api.Accepted {
		t.Errorf("the list carried here: %+v", got)
	}
	r.worker.Await(t, "hall", "with the list that was attested", id)
	r.isIdle(t, id, "")
	if all := r.grants(time.Now().Add(8 * 24 * time.Hour)); len(all) > 0 {
		t.Error("somebody is shown eight days later")
	}
}

// A delegate's word keeps consents in force; the desk's own consents need no proof.
func TestWhoNeedsNoListOfTheirOwn(t *testing.T) {
	r := newRoomWith(t, 24*time.Hour)
	issued, err := r.Issue(t.Context(), api.IssueRequest{Badge: 9, Zones: []string{"lobby"}, Purpose: "care", Basis: consent.Separate, Age: consent.Adult, Statement: "I agree."})
	must(t, err)
	r.worker.Await(t, "hall", "of the gateway's own", issued.Consent.ID)
	by, err := consent.SignDelegation(consent.Delegation{Issuer: "front-desk", Key: desk.Public(), Issued: time.Now().Add(-time.Hour), Expires: time.Now().Add(time.Hour)}, consenttest.Key)
	must(t, err)
	said, err := consent.SignAttestation(consent.Attestation{Issuer: "front-desk", Issued: time.Now()}, by, desk)
	must(t, err)
	id := r.imported(t, consenttest.Token(t, nil)).ID
	r.isIdle(t, id, api.IdleStale)
	if got := r.imported(t, said); got.Kind != api.KindAttestation || got.Outcome != api.Accepted {
		t.Fatalf("the attestation: %+v", got)
	}
	want := []string{issued.Consent.ID, id}
	slices.Sort(want)
	r.worker.Await(t, "hall", "with the delegate's word", want...)
}

// desk is the key that attests.
var desk = consent.NewKey()

// Time never goes behind the newest that was signed, whatever the box's clock says.
func TestTimeNeverGoesBehindTheNewestSigned(t *testing.T) {
	r := newRoom(t)
	id := r.accepted(t, consenttest.Token(t, nil)) // for an hour
	r.taken(t, consent.KindList, list(t, consent.SignedList{}, time.Now().Add(2*time.Hour)).Raw())
	r.worker.Await(t, "hall", "two hours later by the issuer's clock")
	if got, err := r.Get(id); err != nil || got.State != api.ConsentExpired {
		t.Errorf("%+v, %v", got, err)
	}
	third := r.imported(t, consenttest.Token(t, func(c *consent.Token) { c.Expires = c.Expires.Add(3 * time.Hour) }))
	for _, g := range r.grants(time.Now()) {
		if left := time.Until(g.Expires); g.Token != third.ID || left < 115*time.Minute || left > 125*time.Minute {
			t.Errorf("%+v counts for %v", g, left)
		}
	}
}

// What a clock far ahead signed withdraws, but proves nothing about time.
func TestListsFromFarAheadWithdrawOnly(t *testing.T) {
	r := newRoomWith(t, 24*time.Hour)
	r.taken(t, consent.KindList, list(t, consent.SignedList{}, time.Now()).Raw())
	first := r.accepted(t, consenttest.Token(t, nil))
	second := r.accepted(t, consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 8, "p-2042" }), first)
	ahead := list(t, list(t, consent.SignedList{}, time.Now()), time.Now().AddDate(1, 0, 0), consent.Revocation{Token: first})
	r.taken(t, consent.KindList, ahead.Raw())
	r.worker.Await(t, "hall", "after a list of next year")
	r.isIdle(t, second, api.IdleStale) // until the clocks agree
	if !strings.Contains(r.log.String(), "from the future") {
		t.Error("the log does not say whose clock is wrong")
	}
	if got, err := r.Get(first); err != nil || got.State != api.ConsentRevoked {
		t.Errorf("%+v, %v", got, err)
	}
}

// An issuer that changes its key begins a list of its own: once the old key is trusted no more, the
// old key's list neither counts nor stands in its way.
func TestListsOfAFormerKey(t *testing.T) {
	r := newRoomWith(t, 24*time.Hour)
	next := consent.NewKey()
	must(t, r.AddIssuer(t.Context(), consent.Issuer{Name: "front-desk", Key: next.Public()}))
	former := list(t, list(t, consent.SignedList{}, time.Now()), time.Now(), consent.Revocation{Token: "withdrawn-1"})
	r.taken(t, consent.KindList, former.Raw())
	token := consenttest.Peek(t, consenttest.Token(t, nil))
	raw, err := consent.Sign(token, next)
	must(t, err)
	r.accepted(t, raw)
	_, err = r.RemoveIssuer(t.Context(), consenttest.Key.Public().ID())
	must(t, err)
	r.isIdle(t, token.ID, api.IdleStale)
	first, err := consent.SignList(consent.SignedList{List: consent.List{Issuer: "front-desk"}}.With(time.Now()), next)
	must(t, err)
	r.taken(t, consent.KindList, first)
	r.worker.Await(t, "hall", "with the first list of the new key", token.ID)
	if err := r.cfg.Store.CheckRevoked(consent.Token{Issuer: "front-desk", ID: "withdrawn-1"}); err == nil {
		t.Error("what the former key withdrew is withdrawn no more")
	}
}
