package worker

import (
	"fmt"
	"regexp"
	"time"

	"golang.org/x/time/rate"

	"github.com/bauta-gateway/bauta/anonymize/wire"
)

// decisionBurst decisions in a row are passed on, then decisionsPerSecond: a
// crowd of badges is slower, a child gone wild is not.
const (
	decisionBurst      = 200
	decisionsPerSecond = 50
)

func newDecisionAllowance() *allowance {
	return &allowance{limiter: rate.NewLimiter(decisionsPerSecond, decisionBurst)}
}

// plain is what ids and codes are made of. What a child says ends in logs and
// reports, and a child that was taken over could put anything into it.
var plain = regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)

// readDecision takes a child's decision; a strange one is a violation.
func readDecision(body []byte) (wire.Decision, error) {
	var d wire.Decision
	if err := wire.UnmarshalJSONBody(body, &d); err != nil {
		return d, err
	}
	for _, s := range []string{d.Token, d.Zone, string(d.Reason)} {
		if !plain.MatchString(s) {
			return wire.Decision{}, fmt.Errorf("decision with a strange code: %w", errViolation)
		}
	}
	return d, nil
}

// decision reports to the output why a face is shown or not.
func (o *owner) decision(body []byte, now time.Time) error {
	d, err := readDecision(body)
	if err != nil {
		return err
	}
	if o.decisions.take(now) {
		o.decisions.reportHidden(o.h.cfg.Log)
		o.h.out.Decision(d)
	}
	return nil
}

func (f *filing) decision(body []byte) error {
	d, err := readDecision(body)
	if err == nil && f.cfg.Decision != nil {
		f.cfg.Decision(d)
	}
	return err
}
