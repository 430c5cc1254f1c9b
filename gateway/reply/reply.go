// Package reply answers requests in JSON: one shape for what went well and one for errors.
//
// In: a status and a value, or an error's code and its text in the caller's language.
// Out: the whole answer. It owns no goroutine, and it must never put an error's text
// into an answer of its own accord: what an error says may be meant for the log.
package reply

import (
	"encoding/json"
	"net/http"
)

// Code says what went wrong. It is stable: programs compare it.
type Code string

// The codes of refusals.
const (
	Invalid   Code = "invalid"
	NotFound  Code = "not_found"
	Exists    Code = "exists"
	Login     Code = "login"     // nobody is logged in
	Forbidden Code = "forbidden" // the role or the account does not allow it
	CSRF      Code = "csrf"
	Second    Code = "second_factor" // a code of the second factor is missing or wrong, or it is not set up
	OtherName Code = "other_name"    // of a certificate: say that it is meant
	TooMany   Code = "too_many"      // wait, then try again
	Busy      Code = "busy"          // too much at once
	TooLarge  Code = "too_large"
	Internal  Code = "internal"
)

// Error is the body of every answer that is not a success, under "error".
type Error struct {
	Code Code `json:"code"`
	// Message is for people, in their language.
	Message string `json:"message"`
	// Reason tells more of the code, for programs; empty: there is no more.
	Reason string `json:"reason,omitempty"`
	// Location is where a camera sent us that moved; only who may change it is told.
	Location string `json:"location,omitempty"`
}

// JSON answers with v.
func JSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}

// Fail answers with an error.
func Fail(w http.ResponseWriter, status int, e Error) {
	JSON(w, status, struct {
		Error Error `json:"error"`
	}{e})
}
