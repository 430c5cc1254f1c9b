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
	KindDevice     Kind = "device"
	KindProcessing Kind = "processing"
	KindIncident   Kind = "incident"
	KindNotice     Kind = "notice"
	KindTraining   Kind = "training"
	KindContract   Kind = "contract"
	KindRequest    Kind = "request"
	KindDocument   Kind = "document"
	KindApproval   Kind = "approval"
	KindRecorder   Kind = "recorder"
	KindQuiet      Kind = "quiet"
	KindWalk       Kind = "walk"
	KindGround     Kind = "ground"
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

// Filing is a report to an authority.
type Filing struct {
	// Of is system (Decree 799 Article 14), or enrolment or its end (Order 19 Article 15).
	Of string `json:"of" form:"required" choices:"system enrolment enrolment-end"`
	// Date is when it was handed in, Receipt the authority's number of it.
	Date    civil.Date `json:"date" form:"required"`
	Receipt string     `json:"receipt,omitempty"`
	// Authority that got it. Earlier versions did not ask for it.
	Authority string `json:"authority,omitempty" form:"required"`
	// Cameras are those that a filing of the system lists. A person says so: earlier
	// versions filled them in by themselves.
	Cameras []media.CameraID `json:"cameras,omitempty"`
	// Scope is what a filing of the enrolment is about, such as the devices and how many people.
	Scope string `json:"scope,omitempty"`
}

// The filings.
const (
	FilingSystem       = "system"
	FilingEnrolment    = "enrolment"
	FilingEnrolmentEnd = "enrolment-end"
)

// Check refuses an incomplete record.
func (f Filing) Check() error {
	switch {
	case f.Of == FilingSystem && len(f.Cameras) == 0:
		return text.Fail(field.ErrInvalid, text.PolicyFilingList) // it asks for all that the receipt has at once
	case f.Of == FilingEnrolment && f.Receipt != "":
		return field.First(entered(f), field.Required("scope", f.Scope))
	}
	return entered(f)
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
		return text.Fail(field.ErrInvalid, text.ConfigSlug, text.Field("camera"), string(id), media.MaxCameraID, "lobby")
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
