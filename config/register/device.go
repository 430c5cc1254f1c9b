package register

import (
	"slices"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Device is one that works with faces and is no camera of this gateway: a gate, attendance, the
// recorder's search, a count of heads, a platform. Nil and empty mean that nobody said it yet.
type Device struct {
	// Name by which it is known at the site, What it does.
	Name string `json:"name" form:"required"`
	What string `json:"what" form:"required" choices:"gate door attendance recorder-search headcount returning-customers attention platform other"`
	// Date is when somebody last saw that all of this is so.
	Date     civil.Date `json:"date" form:"required"`
	Maker    string     `json:"maker,omitempty"`
	Model    string     `json:"model,omitempty"`
	Supplier string     `json:"supplier,omitempty"`
	Place    string     `json:"place,omitempty"`
	// Cameras of this gateway that it uses.
	Cameras []media.CameraID `json:"cameras,omitempty"`
	// Mode: it verifies one person (1:1), identifies one of many (1:N), or finds and counts faces
	// without telling persons apart.
	Mode string `json:"mode" form:"required" choices:"verify identify none"`
	// Templates: it keeps what faces are recognised by. People is of how many, Since the day
	// from which there are so many.
	Templates *bool      `json:"templates,omitempty"`
	People    *int       `json:"people,omitempty"`
	Since     civil.Date `json:"since,omitempty"`
	// Storage is where the faces are; Internet: they leave over it. TransferGround is why they
	// may be elsewhere than in the device, Deletes: they go when a consent or their need ends.
	Storage        string `json:"storage,omitempty" choices:"device premises remote"`
	Internet       *bool  `json:"internet,omitempty"`
	TransferGround string `json:"transfer_ground,omitempty" choices:"law separate-consent none"`
	Deletes        *bool  `json:"deletes,omitempty"`
	// Alternative is the way without a face, Works whether it works, Walked when somebody last
	// went that way.
	Alternative string     `json:"alternative,omitempty"`
	Works       *bool      `json:"alternative_works,omitempty"`
	Walked      civil.Date `json:"alternative_walked,omitempty"`
	// Tied: without a face there is no service. Bulk: many were enrolled in one act.
	Tied *bool `json:"tied,omitempty"`
	Bulk *bool `json:"bulk,omitempty"`
	// Children under 14 are among the people, their Guardians agreed, and ChildRules is the
	// SHA-256 of the rules made for them, in hex.
	Children   *bool  `json:"children,omitempty"`
	Guardians  *bool  `json:"guardians,omitempty"`
	ChildRules string `json:"children_rules,omitempty" form:"hash"`
	// Public: it stands in a public place. PrivateRoom: inside a room of Decree 799 Article 8(1).
	Public      *bool `json:"public,omitempty"`
	PrivateRoom *bool `json:"private_room,omitempty"`
	// AreaLimited: it captures no more than its purpose needs. SignSeen is when its sign was last
	// seen in place. The zones and signs of its Cameras stand for both.
	AreaLimited *bool      `json:"area_limited,omitempty"`
	SignSeen    civil.Date `json:"sign_seen,omitempty"`
	// Purpose is one of Purposes, Ground what allows it.
	Purpose string `json:"purpose,omitempty" form:"purpose"`
	Ground  string `json:"ground,omitempty" choices:"law separate-consent written-consent none"`
	// The written need: Need itself, Milder why nothing milder will do, by whom and when.
	Need     string     `json:"need,omitempty"`
	Milder   string     `json:"milder,omitempty"`
	Author   string     `json:"author,omitempty" form:"person"`
	NeedDate civil.Date `json:"need_date,omitempty"`
	// FirstUse is the first day of use; Removed ends it.
	FirstUse civil.Date `json:"first_use,omitempty"`
	Removed  civil.Date `json:"removed,omitempty"`
	// Forbidden is what it does of that which the EU AI Act forbids in Article 5.
	Forbidden []string `json:"forbidden,omitempty" choices:"none scraping emotion categorisation police-live"`
}

// What a device does, how it tells persons apart, where faces are and what allows it, as far as
// checks tell them apart.
const (
	DeviceGate       = "gate"
	DeviceDoor       = "door"
	DeviceAttendance = "attendance"
	DeviceSearch     = "recorder-search"
	DeviceHeadcount  = "headcount"
	DeviceReturning  = "returning-customers"
	DeviceAttention  = "attention"
	DevicePlatform   = "platform"
	DeviceOther      = "other"

	ModeVerify   = "verify"
	ModeIdentify = "identify"
	ModeNone     = "none"

	InDevice = "device"
	Remote   = "remote"

	GroundLaw      = "law"
	GroundSeparate = "separate-consent"
	GroundWritten  = "written-consent"
	GroundNone     = "none"

	// ForbiddenNone answers that it does nothing of the kind.
	ForbiddenNone = "none"
)

// Check refuses an incomplete record.
func (d Device) Check() error { return entered(d) }

// InUse reports whether it was not removed.
func (d Device) InUse() bool { return d.Removed == "" }

// Recognises reports whether it tells persons apart by their faces, or keeps what they can be
// told apart by. Whoever returns can be known by that alone.
func (d Device) Recognises() bool {
	return d.Mode != ModeNone || d.What == DeviceReturning || d.Templates != nil && *d.Templates
}

// Consent reports whether it rests on the consent of each person.
func (d Device) Consent() bool { return d.Ground == GroundSeparate || d.Ground == GroundWritten }

// Uses reports whether it works with a camera of this gateway.
func (d Device) Uses(id media.CameraID) bool { return slices.Contains(d.Cameras, id) }
