package gateway

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/faultlog"
)

// A disk that hangs keeps nobody visible: the worker hears of a withdrawal
// before it is written, and the administrator gets the word once it is.
func TestWithdrawalDoesNotWaitForTheDisk(t *testing.T) {
	g, client := consenting(t, settings(t), &logTo{})
	id := accepted(t, client, consenttest.Token(t, nil))
	release := stall(t, g)
	began := time.Now()
	answered := make(chan error, 1)
	go func() {
		_, err := g.RevokeConsents(t.Context(), consent.Revocation{Token: id})
		answered <- err
	}()
	eventually(t, "the worker is told", func() bool { return len(shown(g, "hall")) == 0 })
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
	if c, err := g.store.Consent(id); err != nil || c.Revoked.IsZero() {
		t.Errorf("not withdrawn in the store: %+v, %v", c, err)
	}
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "a disk that hangs while a consent is withdrawn", Ends: "the worker masks at once; acknowledged once written",
		Bound: time.Second}, took)
}
