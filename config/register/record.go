// Package register holds what a site keeps in writing: one type for each kind of record, with
// what a form asks for and what is refused.
//
// In: JSON as people or earlier versions wrote it. Out: records, and errors that name the
// field. It judges nothing (config/policy does) and stores nothing (config/store does).
package register

import (
	"slices"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
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

// Record is one of the records below. Check refuses what is not complete enough to be
// entered today; those that earlier versions stored may be less so, and are read all the same.
type Record interface{ Check() error }

// Sign is a sign that tells of the cameras, as somebody found it in place.
type Sign struct {
	// Place is where it hangs.
	Place string `json:"place" form:"required"`
	// Camera is how earlier versions said which one it stands for; empty meant all of the site.
	Camera media.CameraID `json:"camera,omitempty" form:"camera,old"`
	// Cameras are those that it stands for.
	Cameras []media.CameraID `json:"cameras,omitempty" form:"required"`
	// Date is when it was last seen in place, Photo the SHA-256 of a photo of
	// it, in hex. The photo itself stays with the operator.
	Date  civil.Date `json:"date" form:"required"`
	Photo string     `json:"photo" form:"required,hash"`
	// Layer is 1 for a sign before entry, 2 for the full notice; Link leads
	// from the first to the second.
	Layer int    `json:"layer" form:"required" choices:"1 2"`
	Link  string `json:"link,omitempty"`
}

// Check refuses an incomplete record.
func (s Sign) Check() error {
	return entered(s)
}

// Covers reports whether the sign stands for a camera.
func (s Sign) Covers(id media.CameraID) bool { return covers(s.Camera, s.Cameras, id) }

// AssessmentItems are the six items of an impact assessment (2023 draft
// Article 15, Order 19 Article 9), in their order.
var AssessmentItems = []string{"lawfulness", "necessity", "precision", "measures", "risks", "harm"}

// Assessment is a personal information protection impact assessment.
type Assessment struct {
	Date civil.Date `json:"date" form:"required"`
	// Items hold the findings by the words of AssessmentItems.
	Items map[string]string `json:"items" form:"required"`
	// File is the SHA-256 of the signed document, in hex.
	File string `json:"file" form:"required,hash"`
	// Config is the ConfigHash that it was made for; the gateway fills it in.
	Config string `json:"config" form:"required,filled,hash"`
	// Review is when it is to be looked at again.
	Review civil.Date `json:"review" form:"required,later"`
}

// Check refuses an incomplete record.
func (a Assessment) Check() error {
	err := entered(a)
	for _, item := range AssessmentItems {
		err = field.First(err, field.Required(item, a.Items[item]))
	}
	for item := range a.Items {
		err = field.First(err, field.OneOf("items", item, AssessmentItems...))
	}
	return err
}

// Filing is a report to an authority.
type Filing struct {
	// Of is system (Decree 799 Article 14) or enrolment (Order 19 Article 15).
	Of string `json:"of" form:"required" choices:"system enrolment"`
	// Date is when it was handed in, Receipt the authority's number of it.
	Date    civil.Date `json:"date" form:"required"`
	Receipt string     `json:"receipt,omitempty"`
	// Authority that it was handed in to. Earlier versions did not ask for it.
	Authority string `json:"authority,omitempty" form:"required"`
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
	err := entered(f)
	switch {
	case f.Of == FilingSystem && len(f.Cameras) == 0:
		err = field.First(err, text.Fail(field.ErrInvalid, text.PolicyFilingList))
	case f.Of == FilingEnrolment && f.Receipt != "":
		err = field.First(err, field.Required("scope", f.Scope))
	}
	return err
}

// DeviceTest is the yearly test of a camera and its masking.
type DeviceTest struct {
	Camera media.CameraID `json:"camera" form:"required,camera"`
	Date   civil.Date     `json:"date" form:"required"`
	Passed bool           `json:"passed" form:"required"`
	Note   string         `json:"note,omitempty"`
	// Model and Firmware of the device that was tested; the gateway fills them in.
	Model    string `json:"model,omitempty" form:"filled"`
	Firmware string `json:"firmware,omitempty" form:"filled"`
}

// Check refuses an incomplete record.
func (d DeviceTest) Check() error {
	return entered(d)
}

// Complaint is what somebody complained of, without a name.
type Complaint struct {
	Date    civil.Date `json:"date" form:"required"`
	Content string     `json:"content" form:"required"`
	// Closed is when it was settled, Answer how.
	Closed civil.Date `json:"closed,omitempty"`
	Answer string     `json:"answer,omitempty"`
}

// Check refuses an incomplete record.
func (c Complaint) Check() error {
	err := entered(c)
	if c.Closed != "" {
		err = field.First(err, field.Required("answer", c.Answer))
	}
	return err
}

// Export is footage that was viewed, retrieved or copied for somebody (Decree
// 799 Article 16: reason, content, unit, name).
type Export struct {
	Date    civil.Date     `json:"date" form:"required"`
	Camera  media.CameraID `json:"camera,omitempty" form:"camera"`
	Reason  string         `json:"reason" form:"required"`
	Content string         `json:"content" form:"required"`
	Unit    string         `json:"unit" form:"required"`
	Name    string         `json:"name" form:"required,name"`
	// Purpose is one of Purposes.
	Purpose string `json:"purpose" form:"required,purpose"`
	// Public says that it is to be shown to the public, Masked that faces and
	// plates in it are masked for good.
	Public bool `json:"public,omitempty"`
	Masked bool `json:"masked,omitempty"`
	// Report is the SHA-256 of the report that bauta redact wrote of it, in hex.
	Report string `json:"report,omitempty" form:"hash"`
	// Closed is when what was wrong with it was settled: Cause is why it happened, Measure
	// what was done, Document the SHA-256 of the one that shows it, in hex.
	Closed   civil.Date `json:"closed,omitempty"`
	Cause    string     `json:"cause,omitempty"`
	Measure  string     `json:"measure,omitempty"`
	Document string     `json:"document,omitempty" form:"hash"`
}

// Check refuses an incomplete record.
func (e Export) Check() error {
	return field.First(entered(e), e.checkClosing())
}

// checkClosing refuses a closing that leaves something out, and parts of none.
func (e Export) checkClosing() error {
	if e.Closed == "" && e.Cause == "" && e.Measure == "" && e.Document == "" {
		return nil
	}
	return field.First(civil.Valid("closed", e.Closed), field.Required("cause", e.Cause), field.Required("measure", e.Measure), field.Hash("document", e.Document))
}

// Retention says how long the recorder keeps footage.
type Retention struct {
	// Camera is how earlier versions said of which one; empty meant all of the site.
	Camera media.CameraID `json:"camera,omitempty" form:"camera,old"`
	// Cameras that it is said of.
	Cameras []media.CameraID `json:"cameras,omitempty" form:"required"`
	Date    civil.Date       `json:"date" form:"required"`
	// Hours that footage is kept.
	Hours int `json:"hours" form:"required" range:"1 87840"`
	// Reason why so long.
	Reason string `json:"reason,omitempty"`
}

// Check refuses an incomplete record.
func (r Retention) Check() error {
	return entered(r)
}

// Covers reports whether the statement is about a camera.
func (r Retention) Covers(id media.CameraID) bool { return covers(r.Camera, r.Cameras, id) }

// Inspection is a round through the site for cameras in prohibited places
// (Decree 799 Article 8).
type Inspection struct {
	Date civil.Date `json:"date" form:"required"`
	// Found says what was found, Cameras how many cameras, nil where an older version did not
	// ask; Reported when that went to the police.
	Found    string     `json:"found" form:"required"`
	Cameras  *int       `json:"cameras,omitempty" range:"0 10000"`
	Reported civil.Date `json:"reported,omitempty"`
}

// Check refuses an incomplete record.
func (i Inspection) Check() error {
	return entered(i)
}

func camera(id media.CameraID) error {
	if id == "" {
		return nil
	}
	if _, err := media.ParseCameraID(string(id)); err != nil {
		return text.Fail(field.ErrInvalid, text.ConfigSlug, "camera", string(id), media.MaxCameraID, "lobby")
	}
	return nil
}

// cameras refuses a record that does not say which cameras it covers.
func cameras(ids []media.CameraID, required bool) (err error) {
	if required && len(ids) == 0 {
		return text.Fail(field.ErrInvalid, text.PolicyCameraList)
	}
	for _, id := range ids {
		err = field.First(err, camera(id), field.Required("cameras", string(id)))
	}
	return err
}

// covers reports whether a record lists a camera. One that names none is of an earlier version,
// which took that for all: nobody confirmed it, and cameras came since.
func covers(one media.CameraID, list []media.CameraID, id media.CameraID) bool {
	return one == id || slices.Contains(list, id)
}
