package api

import (
	"errors"
	"fmt"

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
}

func (e *Error) Error() string {
	if e.Message == "" && e.Cause != nil {
		return e.Cause.Error()
	}
	return e.Message
}

func (e *Error) Unwrap() error { return e.Cause }

// Refuse is an error of the local API, said in the caller's language.
func Refuse(code Code, key text.Key, args ...any) error {
	return text.Fail(&Error{Code: code}, key, args...)
}

// Invalid is the same for what only English has words for.
func Invalid(format string, args ...any) error {
	return &Error{Code: CodeInvalid, Message: fmt.Sprintf(format, args...)}
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
