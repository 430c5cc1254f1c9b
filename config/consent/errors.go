package consent

import (
	"errors"
	"strings"
	"time"
)

// Why a token or a revocation does not count. errors.Is finds them; the text
// comes in both languages and says what to do.
var (
	// ErrMalformed: not a token at all, or a claim is missing, wrong or unknown.
	ErrMalformed = errors.New("malformed token")
	// ErrType: another kind of token.
	ErrType = errors.New("wrong type of token")
	// ErrAlgorithm: signed by another algorithm than EdDSA, or not at all.
	ErrAlgorithm = errors.New("wrong algorithm")
	// ErrNoKeyID: it does not name the key that signed it.
	ErrNoKeyID = errors.New("token without key id")
	// ErrIssuer: signed by a key, or in a name, that is not trusted.
	ErrIssuer = errors.New("unknown issuer")
	// ErrSignature: the signature does not belong to it.
	ErrSignature = errors.New("bad signature")
	// ErrGuardian: the token of a minor without a guardian.
	ErrGuardian = errors.New("minor without guardian")
	// ErrPurpose: for a purpose that is not served here.
	ErrPurpose = errors.New("unknown purpose")
	// ErrOtherPurpose: for another purpose than the one that counts there.
	ErrOtherPurpose = errors.New("token of another purpose")
	// ErrFileOnly: for SubjectAccess, which counts in copies of footage alone.
	ErrFileOnly = errors.New("token for copies of film only")
	// ErrFootage: for SubjectAccess, and does not say for which footage.
	ErrFootage = errors.New("token without footage")
	// ErrOutside: for other footage than this.
	ErrOutside = errors.New("film outside of the token's footage")
	// ErrFilmTime: nobody knows when the footage was recorded.
	ErrRecordingTime = errors.New("time of the film unknown")
	// ErrFilmDisputed: two sources disagree on when the footage was recorded.
	ErrRecordingDisputed = errors.New("time of the film disputed")
	// ErrZone: for none of the consent zones here.
	ErrZone = errors.New("unknown zone")
	// ErrLife: valid for longer than allowed.
	ErrLife = errors.New("life too long")
	// ErrExpired: its time is over.
	ErrExpired = errors.New("token expired")
	// ErrNotYetValid: its time has not come.
	ErrNotYetValid = errors.New("token not yet valid")
	// ErrRevoked: withdrawn for good.
	ErrRevoked = errors.New("token revoked")
	// ErrBadge: the badge belongs to another token at that time, or rests.
	ErrBadge = errors.New("badge in use")
	// ErrID: another token has this id.
	ErrID = errors.New("token id in use")
)

// Errors of keys.
var (
	// ErrKey: a file that holds no such key.
	ErrKey = errors.New("unusable key")
)

var codes = []struct {
	err  error
	code string
}{
	{ErrMalformed, "malformed"}, {ErrType, "wrong_type"}, {ErrAlgorithm, "wrong_algorithm"}, {ErrNoKeyID, "no_key_id"},
	{ErrIssuer, "unknown_issuer"}, {ErrSignature, "bad_signature"}, {ErrGuardian, "minor_without_guardian"},
	{ErrPurpose, "unknown_purpose"}, {ErrOtherPurpose, "wrong_purpose"}, {ErrFileOnly, "file_only"}, {ErrFootage, "no_footage"},
	{ErrOutside, "outside_footage"}, {ErrRecordingTime, "film_time_unknown"}, {ErrRecordingDisputed, "film_time_disputed"},
	{ErrZone, "unknown_zone"}, {ErrLife, "life_too_long"}, {ErrExpired, "expired"},
	{ErrNotYetValid, "not_yet_valid"}, {ErrRevoked, "revoked"}, {ErrBadge, "badge_in_use"}, {ErrID, "id_in_use"},
}

// Code is the name of an error for programs; empty where it is none of this
// package's.
func Code(err error) string {
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	return ""
}

func list(words []string) string { return strings.Join(words, ", ") }

// stamp shows a time in messages.
func stamp(t, now time.Time) string { return t.In(now.Location()).Format("2006-01-02 15:04") }
