package policy

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Kind names a kind of records in paths and commands.
type Kind string

// The kinds of records.
const (
	KindSign       Kind = "sign"
	KindAssessment Kind = "assessment"
	KindFiling     Kind = "filing"
	KindDeviceTest Kind = "devicetest"
	KindComplaint  Kind = "complaint"
	KindExport     Kind = "export"
	KindRetention  Kind = "retention"
	KindInspection Kind = "inspection"
)

// RecordKinds are all kinds.
var RecordKinds = []Kind{KindSign, KindAssessment, KindFiling, KindDeviceTest, KindComplaint, KindExport, KindRetention, KindInspection}

// Record is one of the records below. Check refuses what is not complete enough to be
// entered today; those that earlier versions stored may be less so, and are read all the same.
type Record interface{ Check() error }

// Sign is a sign that tells of the cameras, as somebody found it in place.
type Sign struct {
	// Place is where it hangs.
	Place string `json:"place"`
	// Camera is how earlier versions said which one it stands for; empty meant all of the site.
	Camera media.CameraID `json:"camera,omitempty"`
	// Cameras are those that it stands for.
	Cameras []media.CameraID `json:"cameras,omitempty"`
	// Date is when it was last seen in place, Photo the SHA-256 of a photo of
	// it, in hex. The photo itself stays with the operator.
	Date  Date   `json:"date"`
	Photo string `json:"photo"`
	// Layer is 1 for a sign before entry, 2 for the full notice; Link leads
	// from the first to the second.
	Layer int    `json:"layer"`
	Link  string `json:"link,omitempty"`
}

// Check refuses an incomplete record.
func (s Sign) Check() error {
	layer := error(nil)
	if s.Layer != 1 && s.Layer != 2 {
		layer = text.Fail(ErrInvalid, text.ConfigChoice, "layer", fmt.Sprint(s.Layer), "1, 2")
	}
	return firstError(required("place", s.Place), valid("date", s.Date), hash("photo", s.Photo), layer, line("link", s.Link), camera(s.Camera),
		listed(s.Cameras, text.PolicyCameraList))
}

// Covers reports whether the sign stands for a camera.
func (s Sign) Covers(id media.CameraID) bool { return covers(s.Camera, s.Cameras, id) }

// AssessmentItems are the six items of an impact assessment (2023 draft
// Article 15, Order 19 Article 9), in their order.
var AssessmentItems = []string{"lawfulness", "necessity", "precision", "measures", "risks", "harm"}

// Assessment is a personal information protection impact assessment.
type Assessment struct {
	Date Date `json:"date"`
	// Items hold the findings by the words of AssessmentItems.
	Items map[string]string `json:"items"`
	// File is the SHA-256 of the signed document, in hex.
	File string `json:"file"`
	// Config is the ConfigHash that it was made for; the gateway fills it in.
	Config string `json:"config"`
	// Review is when it is to be looked at again.
	Review Date `json:"review"`
}

// Check refuses an incomplete record.
func (a Assessment) Check() error {
	err := firstError(valid("date", a.Date), hash("file", a.File), hash("config", a.Config), valid("review", a.Review))
	for _, item := range AssessmentItems {
		err = firstError(err, required(item, a.Items[item]))
	}
	for item := range a.Items {
		err = firstError(err, oneOf("items", item, AssessmentItems...))
	}
	return err
}

// Filing is a report to an authority.
type Filing struct {
	// Of is system (Decree 799 Article 14) or enrolment (Order 19 Article 15).
	Of string `json:"of"`
	// Date is when it was handed in, Receipt the authority's number of it.
	Date    Date   `json:"date"`
	Receipt string `json:"receipt,omitempty"`
	// Authority that it was handed in to. Earlier versions did not ask for it.
	Authority string `json:"authority,omitempty"`
	// Cameras are those that a filing of the system lists. A person says so: earlier
	// versions filled them in by themselves.
	Cameras []media.CameraID `json:"cameras,omitempty"`
	// Scope is what a filing of the enrolment is about, such as the devices and how many people.
	Scope string `json:"scope,omitempty"`
}

// The filings.
const (
	FilingSystem    = "system"
	FilingEnrolment = "enrolment"
)

// Check refuses an incomplete record.
func (f Filing) Check() error {
	err := firstError(required("of", f.Of), oneOf("of", f.Of, FilingSystem, FilingEnrolment), valid("date", f.Date), line("receipt", f.Receipt))
	switch {
	case f.Of == FilingSystem:
		err = firstError(err, listed(f.Cameras, text.PolicyFilingList))
	case f.Receipt != "":
		err = firstError(err, required("scope", f.Scope))
	}
	return firstError(err, required("authority", f.Authority), line("scope", f.Scope))
}

// DeviceTest is the yearly test of a camera and its masking.
type DeviceTest struct {
	Camera media.CameraID `json:"camera"`
	Date   Date           `json:"date"`
	Passed bool           `json:"passed"`
	Note   string         `json:"note,omitempty"`
	// Model and Firmware of the device that was tested; the gateway fills them in.
	Model    string `json:"model,omitempty"`
	Firmware string `json:"firmware,omitempty"`
}

// Check refuses an incomplete record.
func (d DeviceTest) Check() error {
	return firstError(required("camera", string(d.Camera)), camera(d.Camera), valid("date", d.Date), line("note", d.Note), line("model", d.Model), line("firmware", d.Firmware))
}

// Complaint is what somebody complained of, without a name.
type Complaint struct {
	Date    Date   `json:"date"`
	Content string `json:"content"`
	// Closed is when it was settled, Answer how.
	Closed Date   `json:"closed,omitempty"`
	Answer string `json:"answer,omitempty"`
}

// Check refuses an incomplete record.
func (c Complaint) Check() error {
	answer := line
	if c.Closed != "" {
		answer = required
	}
	return firstError(valid("date", c.Date), required("content", c.Content), optional("closed", c.Closed), answer("answer", c.Answer))
}

// Export is footage that was viewed, retrieved or copied for somebody (Decree
// 799 Article 16: reason, content, unit, name).
type Export struct {
	Date    Date           `json:"date"`
	Camera  media.CameraID `json:"camera,omitempty"`
	Reason  string         `json:"reason"`
	Content string         `json:"content"`
	Unit    string         `json:"unit"`
	Name    string         `json:"name"`
	// Purpose is one of Purposes.
	Purpose string `json:"purpose"`
	// Public says that it is to be shown to the public, Masked that faces and
	// plates in it are masked for good.
	Public bool `json:"public,omitempty"`
	Masked bool `json:"masked,omitempty"`
	// Report is the SHA-256 of the report that bauta redact wrote of it, in hex.
	Report string `json:"report,omitempty"`
	// Closed is when what was wrong with it was settled: Cause is why it happened, Measure
	// what was done, Document the SHA-256 of the one that shows it, in hex.
	Closed   Date   `json:"closed,omitempty"`
	Cause    string `json:"cause,omitempty"`
	Measure  string `json:"measure,omitempty"`
	Document string `json:"document,omitempty"`
}

// Check refuses an incomplete record.
func (e Export) Check() error {
	return firstError(valid("date", e.Date), required("reason", e.Reason), required("content", e.Content), required("unit", e.Unit),
		required("name", e.Name), required("purpose", e.Purpose), oneOf("purpose", e.Purpose, Purposes...), camera(e.Camera), e.checkReport(), e.checkClosing())
}

// checkReport refuses what is no report's hash: a word there proves nothing.
func (e Export) checkReport() error {
	if e.Report == "" {
		return nil
	}
	return hash("report", e.Report)
}

// checkClosing refuses a closing that leaves something out, and parts of none.
func (e Export) checkClosing() error {
	if e.Closed == "" && e.Cause == "" && e.Measure == "" && e.Document == "" {
		return nil
	}
	return firstError(valid("closed", e.Closed), required("cause", e.Cause), required("measure", e.Measure), hash("document", e.Document))
}

// Retention says how long the recorder keeps footage.
type Retention struct {
	// Camera is how earlier versions said of which one; empty meant all of the site.
	Camera media.CameraID `json:"camera,omitempty"`
	// Cameras that it is said of.
	Cameras []media.CameraID `json:"cameras,omitempty"`
	Date    Date             `json:"date"`
	// Hours that footage is kept.
	Hours int `json:"hours"`
	// Reason why so long.
	Reason string `json:"reason,omitempty"`
}

// Check refuses an incomplete record.
func (r Retention) Check() error {
	hours := error(nil)
	if r.Hours < 1 || r.Hours > 10*366*24 {
		hours = text.Fail(ErrInvalid, text.ConfigRange, "hours", fmt.Sprint(r.Hours), "1", fmt.Sprint(10*366*24), "720")
	}
	return firstError(valid("date", r.Date), hours, line("reason", r.Reason), camera(r.Camera), listed(r.Cameras, text.PolicyCameraList))
}

// Covers reports whether the statement is about a camera.
func (r Retention) Covers(id media.CameraID) bool { return covers(r.Camera, r.Cameras, id) }

// Inspection is a round through the site for cameras in prohibited places
// (Decree 799 Article 8).
type Inspection struct {
	Date Date `json:"date"`
	// Found says what was found, Cameras how many cameras, nil where an older version did not
	// ask; Reported when that went to the police.
	Found    string `json:"found"`
	Cameras  *int   `json:"cameras,omitempty"`
	Reported Date   `json:"reported,omitempty"`
}

// Check refuses an incomplete record.
func (i Inspection) Check() error {
	if i.Cameras != nil && (*i.Cameras < 0 || *i.Cameras > maxFound) {
		return text.Fail(ErrInvalid, text.ConfigRange, "cameras", fmt.Sprint(*i.Cameras), "0", fmt.Sprint(maxFound), "1")
	}
	return firstError(valid("date", i.Date), required("found", i.Found), optional("reported", i.Reported))
}

// maxFound is more cameras than any round finds.
const maxFound = 10000

var sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)

func hash(field, s string) error {
	if sha256Hex.MatchString(s) {
		return nil
	}
	return text.Fail(ErrInvalid, text.PolicyHash, field)
}

func camera(id media.CameraID) error {
	if id == "" {
		return nil
	}
	if _, err := media.ParseCameraID(string(id)); err != nil {
		return text.Fail(ErrInvalid, text.ConfigSlug, "camera", string(id), media.MaxCameraID, "lobby")
	}
	return nil
}

// listed refuses a record that does not say which cameras it covers.
func listed(ids []media.CameraID, missing text.Key) (err error) {
	if len(ids) == 0 {
		return text.Fail(ErrInvalid, missing)
	}
	for _, id := range ids {
		err = firstError(err, camera(id), required("cameras", string(id)))
	}
	return err
}

// covers reports whether a record lists a camera. One that names none is of an earlier version,
// which took that for all: nobody confirmed it, and cameras came since.
func covers(one media.CameraID, list []media.CameraID, id media.CameraID) bool {
	return one == id || slices.Contains(list, id)
}

// NewRecord returns an empty record of a kind, to decode into; nil for an
// unknown one.
func NewRecord(k Kind) Record {
	switch k {
	case KindSign:
		return &Sign{}
	case KindAssessment:
		return &Assessment{}
	case KindFiling:
		return &Filing{}
	case KindDeviceTest:
		return &DeviceTest{}
	case KindComplaint:
		return &Complaint{}
	case KindExport:
		return &Export{}
	case KindRetention:
		return &Retention{}
	case KindInspection:
		return &Inspection{}
	}
	return nil
}

// Records are all records of a gateway, by kind, the oldest first.
type Records struct {
	Signs       []Sign       `json:"signs"`
	Assessments []Assessment `json:"assessments"`
	Filings     []Filing     `json:"filings"`
	DeviceTests []DeviceTest `json:"device_tests"`
	Complaints  []Complaint  `json:"complaints"`
	Exports     []Export     `json:"exports"`
	Retentions  []Retention  `json:"retentions"`
	Inspections []Inspection `json:"inspections"`
	// Unreadable are the kinds of which something cannot be read. It is not known then
	// what is on record.
	Unreadable []Kind `json:"unreadable,omitempty"`
	// Ahead are the kinds of which records were left out because they are dated after
	// today, see Until.
	Ahead []Kind `json:"ahead,omitempty"`
}

// Add takes one record of a kind in.
func (r *Records) Add(k Kind, body []byte) error {
	rec := NewRecord(k)
	if rec == nil {
		return fmt.Errorf("kind %q: %w", k, ErrInvalid)
	}
	if err := json.Unmarshal(body, rec); err != nil {
		return fmt.Errorf("%s: %w", k, err)
	}
	switch v := rec.(type) {
	case *Sign:
		r.Signs = append(r.Signs, *v)
	case *Assessment:
		r.Assessments = append(r.Assessments, *v)
	case *Filing:
		r.Filings = append(r.Filings, *v)
	case *DeviceTest:
		r.DeviceTests = append(r.DeviceTests, *v)
	case *Complaint:
		r.Complaints = append(r.Complaints, *v)
	case *Export:
		r.Exports = append(r.Exports, *v)
	case *Retention:
		r.Retentions = append(r.Retentions, *v)
	case *Inspection:
		r.Inspections = append(r.Inspections, *v)
	}
	return nil
}

// sortedIDs are ids in order, for evidence.
func sortedIDs(ids []media.CameraID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	slices.Sort(out)
	return out
}
