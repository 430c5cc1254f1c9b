package register

import (
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Who may ask for footage.
const (
	AskedByPolice   = "police"
	AskedByCourt    = "court"
	AskedByRelative = "relative"
	AskedByPerson   = "person"
)

// MannerOpenSealed is how footage was given whose sealed originals were opened.
const MannerOpenSealed = "open-sealed"

// Export is footage that was viewed, retrieved or copied for somebody, or that was asked for
// and refused (Decree 799 Articles 16, 20 and 21).
type Export struct {
	Date    civil.Date     `json:"date" form:"required"`
	Camera  media.CameraID `json:"camera,omitempty" form:"camera"`
	Reason  string         `json:"reason" form:"required"`
	Content string         `json:"content" form:"required"`
	Unit    string         `json:"unit" form:"required"`
	// Requester is who asked; earlier versions did not ask for it.
	Requester string `json:"requester,omitempty" form:"required" choices:"police court relative person other-unit public internal"`
	// Name is who came for it, Second the second officer of a state organ, Approver who allowed it.
	Name     string `json:"name" form:"required,person"`
	Second   string `json:"second_officer,omitempty" form:"person"`
	Approver string `json:"approver,omitempty" form:"person"`
	// LegalBasis and Number are those of a state organ's document.
	LegalBasis string `json:"legal_basis,omitempty"`
	Number     string `json:"document_number,omitempty"`
	// Relation to the person who is seen, of a relative or carer.
	Relation string `json:"relation,omitempty"`
	// IdentityChecked and UnitAgreed are what the person, relatives and carers need.
	IdentityChecked *bool `json:"identity_checked,omitempty"`
	UnitAgreed      *bool `json:"unit_agreed,omitempty"`
	// Refused says that nothing was given, Refusal why.
	Refused bool   `json:"refused,omitempty"`
	Refusal string `json:"refusal,omitempty"`
	// FootageFrom and FootageTo are the days of the footage. Manner is how it was given:
	// looked at, copied, or the sealed originals opened. Medium is what the copy is on,
	// Returned when it came back or was destroyed.
	FootageFrom civil.Date `json:"footage_from,omitempty"`
	FootageTo   civil.Date `json:"footage_to,omitempty"`
	Manner      string     `json:"manner,omitempty" choices:"view copy open-sealed"`
	Medium      string     `json:"medium,omitempty"`
	Returned    civil.Date `json:"returned,omitempty"`
	// Purpose is one of Purposes. Who has a right of their own to the footage needs none.
	Purpose string `json:"purpose,omitempty" form:"purpose"`
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

// ByStateOrgan reports whether one asked for it.
func (e Export) ByStateOrgan() bool {
	return e.Requester == AskedByPolice || e.Requester == AskedByCourt
}

// ByPerson reports whether who is seen, a relative or a carer asked for it.
func (e Export) ByPerson() bool {
	return e.Requester == AskedByPerson || e.Requester == AskedByRelative
}

// Check refuses an incomplete record.
func (e Export) Check() error {
	err := field.First(entered(e), e.checkClosing(), ordered("footage_from", e.FootageFrom, "footage_to", e.FootageTo))
	if !e.ByStateOrgan() && !e.ByPerson() {
		err = field.First(err, field.Required("purpose", e.Purpose))
	}
	if e.Refused {
		err = field.First(err, field.Required("refusal", e.Refusal))
	}
	return err
}

// checkClosing refuses a closing that leaves something out, and parts of none.
func (e Export) checkClosing() error {
	if e.Closed == "" && e.Cause == "" && e.Measure == "" && e.Document == "" {
		return nil
	}
	return field.First(civil.Valid("closed", e.Closed), field.Required("cause", e.Cause), field.Required("measure", e.Measure), field.Hash("document", e.Document))
}

// ordered refuses a time that ends before it begins; an end that is open is none.
func ordered(nameFrom string, from civil.Date, nameTo string, to civil.Date) error {
	if to != "" && to < from {
		return text.Fail(field.ErrInvalid, text.RecordOrder, text.Field(nameTo), string(to), text.Field(nameFrom), string(from))
	}
	return nil
}
