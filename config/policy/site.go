package policy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bauta-gateway/bauta/config/text"
)

// Site is what the operator says of the site as a whole. Empty fields are not
// said yet.
type Site struct {
	// Class is art7, art9 or non_public: Decree 799 Articles 7 and 9 list the
	// public places.
	Class string `json:"class,omitempty"`
	// Mode is detect_only or match_tokens.
	Mode string `json:"recognition_mode,omitempty"`
	// Jurisdiction is the code of where the site lies, such as CN-44; it chooses the packs.
	Jurisdiction string `json:"jurisdiction,omitempty"`
	// TimeZone is the site's, by its IANA name such as Asia/Shanghai; see Location.
	TimeZone string `json:"time_zone,omitempty"`
	// Contact is where people complain, as on the signs: a telephone number
	// or address of the unit, not of a person.
	Contact string `json:"contact,omitempty"`
	// Grading is the reference of the graded protection record.
	Grading string `json:"grading,omitempty"`
	// NearSecret tells of a military or secret unit nearby (Decree 799
	// Article 10), and NearSecretConsent is the reference of its consent.
	NearSecret        bool   `json:"near_secret,omitempty"`
	NearSecretConsent string `json:"near_secret_consent,omitempty"`
	// Answers to the questions that decide which duties there are.
	Answers map[Question]Answer `json:"answers,omitempty"`
}

// The classes of sites and the modes of recognition.
const (
	Art7       = "art7"
	Art9       = "art9"
	NonPublic  = "non_public"
	DetectOnly = "detect_only"
	Matching   = "match_tokens"
)

// Public reports whether the site is a public place. One of unknown class is
// taken for one.
func (s Site) Public() bool { return s.Class != NonPublic }

// Check refuses unknown words and what is too long.
func (s Site) Check() error {
	return firstError(
		oneOf("class", s.Class, Art7, Art9, NonPublic),
		oneOf("recognition_mode", s.Mode, DetectOnly, Matching),
		checkJurisdiction(s.Jurisdiction), line("contact", s.Contact),
		line("grading", s.Grading), line("near_secret_consent", s.NearSecretConsent), timeZone(s.TimeZone), s.checkAnswers())
}

// Camera is what the operator says of one camera. Empty fields are not said yet.
type Camera struct {
	Place   Place  `json:"place,omitempty"`
	Purpose string `json:"purpose,omitempty"`
	// Necessity says why nothing less than a camera here will do.
	Necessity string `json:"necessity,omitempty"`
	// Model, Firmware and Certificate of the device.
	Model       string `json:"model,omitempty"`
	Firmware    string `json:"firmware,omitempty"`
	Certificate string `json:"certificate,omitempty"`
	// AccessControl says that the camera lets people in; Alternative is then
	// the other way in, without a face.
	AccessControl bool   `json:"access_control,omitempty"`
	Alternative   string `json:"alternative,omitempty"`
	// Commissioned is the first day of use.
	Commissioned Date `json:"commissioned,omitempty"`
	// Extras are the device's functions in use beyond the frame, such as
	// audio, analytics, ptz, zoom; ExtrasReason says why they are needed.
	Extras       []string `json:"extras,omitempty"`
	ExtrasReason string   `json:"extras_reason,omitempty"`
}

// Extras are the functions that a camera may have beyond its frame.
var Extras = []string{"audio", "analytics", "ptz", "zoom"}

// Check refuses unknown words and what is too long.
func (c Camera) Check() error {
	var extra error
	for _, e := range c.Extras {
		extra = firstError(extra, oneOf("extras", e, Extras...))
	}
	return firstError(
		placeError(c.Place), oneOf("purpose", c.Purpose, Purposes...), optional("commissioned", c.Commissioned), extra,
		line("necessity", c.Necessity), line("model", c.Model), line("firmware", c.Firmware), line("certificate", c.Certificate),
		line("alternative", c.Alternative), line("extras_reason", c.ExtrasReason))
}

func placeError(p Place) error {
	if p == "" || p.Known() {
		return nil
	}
	return text.Fail(ErrInvalid, text.PolicyPlace, string(p))
}

// maxLine bounds a free text, in bytes.
const maxLine = 1000

func line(field, s string) error {
	if len(s) > maxLine || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return text.Fail(ErrInvalid, text.PolicyLine, field, maxLine)
	}
	return nil
}

// required is a line that may not be empty.
func required(field, s string) error {
	if strings.TrimSpace(s) == "" {
		return text.Fail(ErrInvalid, text.PolicyRequired, field)
	}
	return line(field, s)
}

// oneOf takes the empty word too.
func oneOf(field, s string, words ...string) error {
	if s == "" || slices.Contains(words, s) {
		return nil
	}
	return text.Fail(ErrInvalid, text.ConfigChoice, field, s, strings.Join(words, ", "))
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
