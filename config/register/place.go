package register

import (
	"slices"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Walk is a walk past the doors that cameras see, which shows whether a private room can be
// seen when one is open (Decree 799 Article 8(1)).
type Walk struct {
	Date civil.Date `json:"date" form:"required"`
	// Cameras that it is about, Photo the SHA-256 of a picture of each with the doors open, in hex.
	// The picture itself stays with the operator.
	Cameras []media.CameraID `json:"cameras" form:"required"`
	Photo   string           `json:"photo" form:"required,hash"`
	// PrivateRoom: one of them shows a private room.
	PrivateRoom *bool `json:"private_room" form:"required"`
	// MadeFor are the devices that were looked through, one line a camera; the gateway fills
	// it in.
	MadeFor []string `json:"made_for,omitempty" form:"filled"`
}

// Check refuses an incomplete record.
func (w Walk) Check() error { return entered(w) }

// Covers reports whether the walk was past a camera.
func (w Walk) Covers(id media.CameraID) bool { return slices.Contains(w.Cameras, id) }

// What may allow a handling, as far as checks tell it apart.
const (
	NoGround            = "no-ground"
	LegitimateInterests = "legitimate-interests"
	NoExemption         = "no-exemption"
)

// Ground is what allows cameras under the GDPR, and the balance of interests (Article 6).
type Ground struct {
	Date civil.Date `json:"date" form:"required"`
	// Cameras that it is about.
	Cameras []media.CameraID `json:"cameras" form:"required"`
	// Basis is one of Article 6(1), or that none was found.
	Basis string `json:"basis" form:"required" choices:"consent contract legal-obligation vital-interests public-task legitimate-interests no-ground"`
	// Interest is whose and which, Balance why those of the people seen do not outweigh it.
	Interest string `json:"interest,omitempty"`
	Balance  string `json:"balance,omitempty"`
	// Special is the exemption of Article 9(2) where faces are matched; empty: not said.
	Special string `json:"special,omitempty" choices:"explicit-consent employment-law vital-interests legal-claims substantial-public-interest no-exemption"`
	// Document is the SHA-256 of the written balance, in hex.
	Document string `json:"document,omitempty" form:"hash"`
}

// Check refuses an incomplete record, and legitimate interests that nobody balanced.
func (g Ground) Check() error {
	err := entered(g)
	if g.Basis == LegitimateInterests {
		err = field.First(err, field.Required("interest", g.Interest), field.Required("balance", g.Balance))
	}
	return err
}

// Covers reports whether the ground is of a camera.
func (g Ground) Covers(id media.CameraID) bool { return slices.Contains(g.Cameras, id) }
