package api

import (
	"errors"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/reply"
)

// Because is an error of the local API whose text is err's, in the caller's language.
func Because(code Code, err error) error { return &Error{Code: code, Cause: err} }

// Code is what programs compare.
type Code = reply.Code

// The codes of the API.
const (
	CodeInvalid  = reply.Invalid
	CodeNotFound = reply.NotFound
	CodeExists   = reply.Exists
	// CodeProbe: the camera was tried, in vain.
	CodeProbe Code = "probe_failed"
	// CodeProhibited: the camera is in a prohibited place.
	CodeProhibited Code = "prohibited"
	CodeForbidden       = reply.Forbidden
	CodeTooMany         = reply.TooMany
	CodeBusy            = reply.Busy
	CodeTooLarge        = reply.TooLarge
	CodeChanged         = reply.Stale
	CodeInternal        = reply.Internal
)

// CodeStore: the store is damaged; only a restore is possible.
const CodeStore Code = ReasonStore

// CodeNoPicture: the camera gives no masked frame now.
const CodeNoPicture Code = "no_picture"

// Error is the body of every answer that is not a success, under "error".
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
	// Reason is the source's reason where Code is probe_failed.
	Reason string `json:"reason,omitempty"`
	// Location is where a camera sent us that moved, for who may change cameras.
	Location string `json:"location,omitempty"`
	// Changed says of code changed who did it; nil: it is not known.
	Changed *reply.Changed `json:"changed,omitempty"`

	Cause error `json:"-"` // whose text is the message, in the caller's language
	// Kind and Fact say more of Reason, see text.Probe.
	Kind string `json:"-"`
	Fact string `json:"-"`
}

func (e *Error) Error() string {
	switch {
	case e.Message != "":
		return e.Message
	case e.Cause != nil:
		return e.Cause.Error()
	}
	return e.In(text.EN)
}

// In says what the code, and the reason of a camera, say to people.
func (e *Error) In(lang text.Lang) string {
	if e.Reason != "" {
		return text.Probe(lang, e.Reason, e.Kind, e.Fact)
	}
	return text.Of(lang, text.Refused(string(e.Code)))
}

func (e *Error) Unwrap() error { return e.Cause }

// Refuse is an error of the local API, said in the caller's language.
func Refuse(code Code, key text.Key, args ...any) error {
	return text.Fail(&Error{Code: code}, key, args...)
}

// Unstored is the body of 202: a change is in force, and not on the disk yet.
type Unstored struct {
	// State is "masked, not yet stored"; Message says it to people.
	State   string `json:"state"`
	Message string `json:"message"`
}

// ErrUnstored: what masks is in force and waits for the disk. It is lost if the
// gateway ends before that is back.
var ErrUnstored = errors.New("masked, not yet stored")

// FromStore says what the store refuses from its own failures.
func FromStore(err error) error {
	for _, c := range []struct {
		is   error
		code Code
	}{{store.ErrInvalid, CodeInvalid}, {store.ErrExists, CodeExists}, {store.ErrNotFound, CodeNotFound}} {
		if errors.Is(err, c.is) {
			return Because(c.code, err)
		}
	}
	return err
}
