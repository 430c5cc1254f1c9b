package sealed

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// MaxSpan bounds what one request may ask for.
const MaxSpan = 24 * time.Hour

// Person is who did something: an account of the gateway, empty where there was none, and an
// id of the register. Never a name.
type Person struct {
	Account string `json:"account,omitempty"`
	ID      string `json:"id"`
}

// IsPersonID reports whether s can be a person's id in the register: a slug, and so no name.
func IsPersonID(s string) bool { return len(s) <= media.MaxCameraID && media.IsSlug(s) }

// Request asks both groups to open a stretch of one camera.
type Request struct {
	ID     string         `json:"id"`
	Camera media.CameraID `json:"camera"`
	From   time.Time      `json:"from"`
	To     time.Time      `json:"to"`
	// Purpose, Basis and Document say what for, by which law, and by which paper.
	Purpose  string    `json:"purpose"`
	Basis    string    `json:"basis"`
	Document string    `json:"document"`
	By       Person    `json:"by"`
	Created  time.Time `json:"created"`
	// Opener is the public key, made for this request alone, to which holders give
	// their shares.
	Opener string `json:"opener"`
	// Test: it is the yearly proof that the originals can be opened.
	Test bool `json:"test,omitempty"`
}

// NewRequest gives a request its id, its time and a key of its own. The identity opens what the
// holders give: it stays with who asks.
func NewRequest(r Request, now time.Time) (Request, *age.X25519Identity, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return Request{}, nil, err
	}
	b := make([]byte, 8)
	rand.Read(b) // never fails
	r.ID, r.Opener, r.Created = hex.EncodeToString(b), id.Recipient().String(), now.UTC().Truncate(time.Second)
	return r, id, r.Check()
}

// How long the texts of a request may be, in bytes.
const (
	maxRequestID = 64
	maxField     = 500
)

// Check says what is wrong with a request. ErrRequest.
func (r Request) Check() error {
	_, key := age.ParseX25519Recipient(r.Opener)
	_, camera := media.ParseCameraID(string(r.Camera))
	switch {
	case r.ID == "" || len(r.ID) > maxRequestID || !media.IsSlug(r.ID) || key != nil || r.Created.IsZero():
		return text.Fail(ErrRequest, text.SealedRequestMalformed)
	case camera != nil:
		return text.Fail(errors.Join(ErrRequest, camera), text.SealedRequestCamera, string(r.Camera))
	case !r.From.Before(r.To):
		return text.Fail(ErrRequest, text.SealedRequestOrder)
	case r.To.Sub(r.From) > MaxSpan:
		return text.Fail(ErrRequest, text.SealedRequestLong, int(MaxSpan/time.Hour))
	case r.To.After(r.Created.Add(time.Minute)):
		return text.Fail(ErrRequest, text.SealedRequestFuture)
	}
	for name, value := range map[string]string{"purpose": r.Purpose, "basis": r.Basis, "document": r.Document, "by": r.By.ID} {
		if strings.TrimSpace(value) == "" || len(value) > maxField {
			return text.Fail(ErrRequest, text.SealedRequestField, name)
		}
	}
	return nil
}

// Sum is the hash that approvals name, so that nobody changes a request after it was approved.
func (r Request) Sum() Sum {
	b, _ := json.Marshal(r) // strings and times always marshal
	return sha256.Sum256(b)
}

// Code is the start of Sum for people to compare, by telephone say: who asked reads it out, and a holder approves
// where his program shows the same. Otherwise somebody in between, such as a gateway that was taken over, may have
// put his own key in the place of the Opener.
func (r Request) Code() string {
	s := r.Sum().String()
	return s[:4] + "-" + s[4:8] + "-" + s[8:12]
}

// Covers reports whether a segment may hold something of the stretch. One without a length is
// taken for one of a minute.
func (r Request) Covers(s Segment) bool {
	length := max(s.Trailer.Duration(), time.Minute)
	return s.Header.Camera == r.Camera && s.Header.Start.Before(r.To) && s.Header.Start.Add(length).After(r.From)
}

// Approval is one holder's answer to a request.
type Approval struct {
	Request string `json:"request"` // the ID
	Sum     Sum    `json:"sum"`
	Group   int    `json:"group"` // 1 or 2
	By      Person `json:"by"`
	// At is when, by the holder's clock.
	At time.Time `json:"at"`
	// Refused says why not; Shares is empty then.
	Refused string `json:"refused,omitempty"`
	// Segments are the sequence numbers of the segments whose shares are given.
	Segments []uint64 `json:"segments,omitempty"`
	// Shares are the shares, encrypted to the request's Opener.
	Shares []byte `json:"shares,omitempty"`
}

// Approve gives the holder's shares of the segments of a request. Each front is what
// Segment.Front returns. What is not of the request's camera and time is an
// ErrRequest: somebody tries to have more opened than is asked for.
func Approve(r Request, fronts [][]byte, by Person, now time.Time, ids ...age.Identity) (Approval, error) {
	if err := r.Check(); err != nil {
		return Approval{}, err
	}
	if len(fronts) == 0 {
		return Approval{}, text.Fail(ErrRequest, text.SealedRequestNothing, r.Camera)
	}
	a := Approval{Request: r.ID, Sum: r.Sum(), By: by, At: now.UTC().Truncate(time.Second)}
	shares := make([]Share, 0, len(fronts))
	for _, front := range fronts {
		s, err := shareFor(r, front, ids)
		if err != nil {
			return Approval{}, err
		}
		if a.Group != 0 && s.Group != a.Group {
			return Approval{}, text.Fail(ErrKeys, text.SealedBothGroups)
		}
		a.Group = s.Group
		shares, a.Segments = append(shares, s), append(a.Segments, s.Sequence)
	}
	opener, err := age.ParseX25519Recipient(r.Opener)
	if err != nil {
		return Approval{}, err
	}
	b, err := json.Marshal(shares)
	if err != nil {
		return Approval{}, err
	}
	a.Shares, err = encrypt(b, opener)
	clear(b)
	return a, err
}

func shareFor(r Request, front []byte, ids []age.Identity) (Share, error) {
	in := bytes.NewReader(front)
	s, err := Inspect(in, int64(len(front)))
	if err != nil {
		return Share{}, err
	}
	// A front has no length: a segment that began up to ten minutes before may reach into the stretch.
	h := s.Header
	if h.Camera != r.Camera || h.Start.After(r.To) || h.Start.Before(r.From.Add(-maxLength)) {
		return Share{}, text.Fail(ErrRequest, text.SealedRequestMore, h.Camera, h.Start)
	}
	return ShareOf(h, s.Body(in), ids...)
}

// maxLength is longer than any segment is: one holds a minute, and more only where
// the camera sends no keyframe.
const maxLength = 10 * time.Minute

// SharesOf opens what a holder gave, with the identity of who asked. ErrShares.
func (a Approval) SharesOf(r Request, opener age.Identity) ([]Share, error) {
	switch {
	case a.Refused != "":
		return nil, text.Fail(ErrShares, text.SealedRefused, a.Request, a.By.ID, a.Refused)
	case a.Request != r.ID || a.Sum != r.Sum():
		return nil, text.Fail(ErrShares, text.SealedOtherRequest, a.By.ID, r.ID)
	}
	plain, err := age.Decrypt(bytes.NewReader(a.Shares), opener)
	if err != nil {
		return nil, text.Fail(errors.Join(ErrShares, err), text.SealedOtherOpener, a.Request)
	}
	b, err := io.ReadAll(io.LimitReader(plain, MaxApproval))
	if err != nil {
		return nil, text.Fail(errors.Join(ErrShares, err), text.SealedOtherOpener, a.Request)
	}
	var shares []Share
	if err := json.Unmarshal(b, &shares); err != nil {
		return nil, text.Fail(errors.Join(ErrShares, err), text.SealedOtherOpener, a.Request)
	}
	return slices.DeleteFunc(shares, func(s Share) bool { return s.Group != a.Group }), nil
}

// MaxApproval bounds the shares of an approval in bytes: it is enough for the shares of MaxSpan in segments of a minute, and many short ones.
const MaxApproval = 16 << 20
