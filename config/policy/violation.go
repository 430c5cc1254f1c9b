package policy

import (
	"cmp"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// ViolationKind is what was violated.
type ViolationKind string

// The kinds of violations.
const (
	// ViolationShown: a face was shown without a token that counts.
	ViolationShown ViolationKind = "shown_without_token"
	// ViolationLate: a withdrawn consent counted longer than it may.
	ViolationLate ViolationKind = "late_withdrawal"
	// ViolationPlace: a camera is in a prohibited place.
	ViolationPlace ViolationKind = "prohibited_place"
)

// ViolationKinds are all kinds.
var ViolationKinds = []ViolationKind{ViolationShown, ViolationLate, ViolationPlace}

// Word is the catalogue's entry.
func (k ViolationKind) Word() text.Key { return text.Violation(string(k)) }

// Violation is what a camera did against the law, in numbers, nothing of a person. It
// stays whatever becomes of the camera, until somebody closes it.
type Violation struct {
	// ID is empty where it waits for the disk.
	ID     string         `json:"id,omitempty"`
	Kind   ViolationKind  `json:"kind"`
	Camera media.CameraID `json:"camera"`
	// Name is what the camera was called when it was opened; empty in what earlier versions kept.
	Name string `json:"name,omitempty"`
	// Place of the camera when it was opened; empty: nobody had said it.
	Place Place `json:"place,omitempty"`
	// Since and Last are when it was first and last seen, Count how often. Since is
	// zero where the entry cannot be read: it may be open.
	Since time.Time `json:"since"`
	Last  time.Time `json:"last"`
	Count int       `json:"count"`
	// Seconds are the longest time that a withdrawn consent still counted.
	Seconds float64 `json:"seconds,omitempty"`
	// Closing ended it; nil while it is open.
	Closing *Closing `json:"closing,omitempty"`
}

// Closing is the record that ends a violation.
type Closing struct {
	// Time and Account say when and by whom; the gateway fills them in.
	Time    time.Time `json:"time"`
	Account string    `json:"account"`
	// Cause of the violation and Measure taken against it, without names.
	Cause   string `json:"cause"`
	Measure string `json:"measure"`
	// File is the SHA-256 of the photo or document that proves it, in hex.
	File string `json:"proof"`
	// FootageDeleted and Police, the reference of the report to the police, are asked
	// for where the place was a prohibited one (Decree 799 Articles 8 and 27).
	FootageDeleted *bool  `json:"footage_deleted,omitempty"`
	Police         string `json:"police,omitempty"`
}

// Check refuses a closing that leaves out what a violation of this kind asks for.
func (c Closing) Check(k ViolationKind) error {
	err := field.First(field.Required("cause", c.Cause), field.Required("measure", c.Measure), field.Hash("proof", c.File), field.Line("police", c.Police))
	if k != ViolationPlace {
		return err
	}
	deleted := error(nil)
	if c.FootageDeleted == nil {
		deleted = text.Fail(field.ErrInvalid, text.PolicyRequired, text.Field("footage_deleted"))
	}
	return field.First(err, deleted, field.Required("police", c.Police))
}

// Open reports whether nobody has closed it.
func (v Violation) Open() bool { return v.Closing == nil }

// Same reports whether two are of one kind and camera.
func (v Violation) Same(other Violation) bool {
	return v.Kind == other.Kind && v.Camera == other.Camera
}

// Merge takes in what was seen of the same violation besides.
func (v *Violation) Merge(seen Violation) {
	if v.Since.IsZero() || seen.Since.Before(v.Since) {
		v.Since = seen.Since
	}
	if seen.Last.After(v.Last) {
		v.Last = seen.Last
	}
	v.Place, v.Name = cmp.Or(v.Place, seen.Place), cmp.Or(v.Name, seen.Name)
	v.Count += seen.Count
	v.Seconds = max(v.Seconds, seen.Seconds)
}

// In says which camera did what, where and since when by the clock of a place.
func (v Violation) In(lang text.Lang, clock *time.Location) string {
	place, since := text.NotStated, v.Since.In(clock).Format(time.DateTime)
	if v.Place != "" {
		place = v.Place.Word()
	}
	if v.Since.IsZero() {
		since = "?"
	}
	return text.Of(lang, text.FoundViolation, cmp.Or(v.Name, string(v.Camera)), place, v.Kind.Word(), since, v.Count)
}

// openViolations are those of some kinds, for evidence.
type openViolations struct {
	all   []Violation
	clock *time.Location
}

// In names the first of them.
func (o openViolations) In(lang text.Lang) string {
	var out []string
	for _, v := range o.all {
		out = append(out, v.In(lang, o.clock))
	}
	return few(out, "; ")
}

// violated is the finding on violations of these kinds that are open; false without any.
func (f *Facts) violated(next text.Key, kinds ...ViolationKind) (Finding, bool) {
	open := openViolations{clock: f.Now.Location()}
	for _, v := range f.Violations {
		if v.Open() && slices.Contains(kinds, v.Kind) {
			v.Name = cmp.Or(v.Name, f.CameraName(v.Camera))
			open.all = append(open.all, v)
		}
	}
	return fail(next, text.FoundViolations, open), len(open.all) > 0
}

// onRecord reports whether there is a violation of this kind, open or closed.
func (f *Facts) onRecord(k ViolationKind) bool {
	return slices.ContainsFunc(f.Violations, func(v Violation) bool { return v.Kind == k })
}
