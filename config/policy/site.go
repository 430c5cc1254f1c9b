package policy

import (
	"fmt"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
)

// Site is what the operator says of the site as a whole. Empty fields are not
// said yet.
type Site struct {
	// Kind is what kind of place it is. Class, which is art7, art9 or non_public, follows from
	// it (Decree 799 Articles 7 and 9); earlier versions asked for the class alone, and such a
	// one frees from no duty until the kind is said.
	Kind  SiteKind `json:"kind,omitempty"`
	Class string   `json:"class,omitempty"`
	// Entitled says by what the unit may watch the place: it owns it, or the lease or property
	// contract by which it owes the security there. Without names.
	Entitled string `json:"entitled,omitempty"`
	// Unit that runs the cameras: its name, unified social credit code (GB 32100-2015) and
	// address.
	Unit       string `json:"unit,omitempty"`
	CreditCode string `json:"credit_code,omitempty"`
	Address    string `json:"address,omitempty"`
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
	// NamesDays is for how many days names of persons are kept in the registers after the
	// newest version of a record; 0: NamesDaysDefault. Three years are kept in any case.
	NamesDays int `json:"names_days,omitempty"`
	// NationalRule is that of the country on how long footage is kept, and where it stands: the
	// GDPR has none of its own.
	NationalRule string `json:"national_rule,omitempty"`
	// Answers to the questions that decide which duties there are.
	Answers map[Question]Answer `json:"answers,omitempty"`
}

// For how long names of persons are kept: the registers that ask for them are kept for three
// years by law.
const (
	NamesDaysDefault = 3 * 365
	namesYears       = 3
	mostNamesDays    = 36_500
)

// NamesDue reports whether the names of a record are to be forgotten, of which the newest version
// was entered on a day.
func (s Site) NamesDue(entered, today civil.Date) bool {
	days := s.NamesDays
	if days == 0 {
		days = NamesDaysDefault
	}
	law := civil.Of(entered.Time().AddDate(namesYears, 0, 0))
	return today > max(entered.After(days), law)
}

// The classes of sites and the modes of recognition.
const (
	Art7       = "art7"
	Art9       = "art9"
	NonPublic  = "non_public"
	DetectOnly = "detect_only"
	Matching   = "match_tokens"
)

// Check refuses unknown words and what is too long.
func (s Site) Check() error {
	return field.First(
		field.OneOf("class", s.Class, Art7, Art9, NonPublic), s.Kind.check(s.Class),
		field.Line("entitled", s.Entitled), field.Line("unit", s.Unit), field.CreditCode("credit_code", s.CreditCode), field.Line("address", s.Address), field.Line("national_rule", s.NationalRule),
		field.OneOf("recognition_mode", s.Mode, DetectOnly, Matching),
		checkJurisdiction(s.Jurisdiction), field.Line("contact", s.Contact),
		field.Line("grading", s.Grading), field.Line("near_secret_consent", s.NearSecretConsent), timeZone(s.TimeZone), s.checkNamesDays(), s.checkAnswers())
}

func (s Site) checkNamesDays() error {
	if s.NamesDays != 0 && (s.NamesDays < NamesDaysDefault || s.NamesDays > mostNamesDays) {
		return text.Fail(field.ErrInvalid, text.ConfigRange, text.Field("names_days"), fmt.Sprint(s.NamesDays), fmt.Sprint(NamesDaysDefault), fmt.Sprint(mostNamesDays), fmt.Sprint(NamesDaysDefault))
	}
	return nil
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
	Commissioned civil.Date `json:"commissioned,omitempty"`
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
		extra = field.First(extra, field.OneOf("extras", e, Extras...))
	}
	return field.First(
		placeError(c.Place), field.OneOf("purpose", c.Purpose, register.Purposes...), civil.Optional("commissioned", c.Commissioned), extra,
		field.Line("necessity", c.Necessity), field.Line("model", c.Model), field.Line("firmware", c.Firmware), field.Line("certificate", c.Certificate),
		field.Line("alternative", c.Alternative), field.Line("extras_reason", c.ExtrasReason))
}

func placeError(p Place) error {
	if p == "" || p.Known() {
		return nil
	}
	return text.Fail(field.ErrInvalid, text.PolicyPlace, string(p))
}
