package sealed

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// MaxSegments bounds the segments of one request: those of MaxSpan are 1440, and more where
// a camera is often gone.
const MaxSegments = 20000

// ParseRequest reads a request that came from elsewhere. ErrRequest.
func ParseRequest(b []byte) (Request, error) {
	var r Request
	if err := strictly(b, &r); err != nil {
		return Request{}, text.Fail(errors.Join(ErrRequest, err), text.SealedRequestMalformed)
	}
	return r, r.Check()
}

// ParseApproval reads an approval or a refusal that came from elsewhere. ErrRequest.
func ParseApproval(b []byte) (Approval, error) {
	var a Approval
	if err := strictly(b, &a); err != nil {
		return Approval{}, text.Fail(errors.Join(ErrRequest, err), text.SealedApprovalMalformed)
	}
	return a, a.Check()
}

// strictly reads one JSON value and nothing after it.
func strictly(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more than one value")
	}
	return nil
}

// Check says whether an approval has the form of one; whether it opens anything, only the
// opener's identity shows. ErrRequest.
func (a Approval) Check() error {
	given := a.Refused == "" && len(a.Shares) > 0 && len(a.Segments) > 0 && a.Group >= 1 && a.Group <= Groups
	refused := a.Refused != "" && len(a.Shares) == 0 && len(a.Segments) == 0
	switch {
	case a.Request == "" || len(a.Request) > maxRequestID || !media.IsSlug(a.Request), a.Sum == Sum{}, a.At.IsZero(),
		given == refused, len(a.Refused) > maxField, len(a.By.ID) > maxField, a.By.ID == "",
		len(a.Shares) > MaxApproval, len(a.Segments) > MaxSegments:
		return text.Fail(ErrRequest, text.SealedApprovalMalformed)
	}
	return nil
}

// Refuse is a holder's no to a request.
func Refuse(r Request, why string, by Person, now time.Time) (Approval, error) {
	a := Approval{Request: r.ID, Sum: r.Sum(), By: by, At: now.UTC().Truncate(time.Second), Refused: why}
	return a, a.Check()
}

// Shares opens what several holders gave, for who has the request's identity. ErrShares
// where somebody refused, or gave for another request.
func Shares(r Request, given []Approval, opener age.Identity) ([]Share, error) {
	var all []Share
	var wrong error
	for _, a := range given {
		some, err := a.SharesOf(r, opener)
		if a.Refused != "" {
			return nil, err
		}
		wrong = errors.Join(wrong, err)
		all = append(all, some...)
	}
	if len(all) == 0 {
		return nil, wrong
	}
	return all, nil // one that somebody sent who has no key takes nothing from the others
}
