package policy

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Place is what kind of place a camera looks at, a slug; empty means that
// nobody has said it yet.
type Place string

// The places in which no camera may be, by the words of Decree 799 (2025)
// Article 8(1). The packs say which clause names which place.
const (
	HotelRoom    Place = "hotel-room"
	Dormitory    Place = "dormitory"
	PublicBath   Place = "public-bath"
	PublicToilet Place = "public-toilet"
	ChangingRoom Place = "changing-room"
	FittingRoom  Place = "fitting-room"
	NursingRoom  Place = "nursing-room"
	PrivateOther Place = "private-other"
	// MedicalRoom is named by the Shenzhen draft alone; this product keeps
	// cameras out of it everywhere.
	MedicalRoom Place = "medical-room"

	// Corridor and DormitoryCorridor have doors through which rooms may be seen.
	Corridor          Place = "corridor"
	DormitoryCorridor Place = "dormitory-corridor"
)

// Prohibited are the places in which no camera may be.
var Prohibited = []Place{HotelRoom, Dormitory, PublicBath, PublicToilet, ChangingRoom, FittingRoom, NursingRoom, MedicalRoom, PrivateOther}

// Ordinary are all other places.
var Ordinary = []Place{
	"entrance", "lobby", Corridor, DormitoryCorridor, "lift", "stairs", "office", "shop", "restaurant", "classroom", "warehouse", "workshop",
	"parking", "street", "perimeter", "station", "bank", "other",
}

// Known reports whether p is one of the places.
func (p Place) Known() bool { return p.Prohibited() || slices.Contains(Ordinary, p) }

// Prohibited reports whether no camera may be there.
func (p Place) Prohibited() bool { return slices.Contains(Prohibited, p) }

// Word is the catalogue's entry: for a prohibited place the statute's words.
func (p Place) Word() text.Key { return text.Place(string(p)) }

// SiteKind is what kind of place a site is, a slug; empty means that nobody has said it yet.
// Its class by Decree 799 follows from it.
type SiteKind string

// The kinds that checks look for.
const (
	ResidentialCompound SiteKind = "residential-compound"
	Hotel               SiteKind = "hotel"
	School              SiteKind = "school"
	Street              SiteKind = "street"
)

// siteKinds are all kinds by their class, in the order in which they are offered. Those of
// art7 are the ones that Article 7 lists.
var siteKinds = []struct {
	class string
	kinds []SiteKind
}{
	{Art7, []SiteKind{
		"trade-centre", "exhibition", "tourist", "culture", "sports", "leisure", School, "hospital", "government-hall", "park", "car-park",
		"hub", "vehicle", "service-area", Street,
	}},
	{Art9, []SiteKind{ResidentialCompound, "office-lobby", "shop", "restaurant", Hotel, "bank", "other-public"}},
	{NonPublic, []SiteKind{"closed-office", "factory", "warehouse", "home-inside"}},
}

// SiteKinds are all of them, those of a class one after another.
func SiteKinds() (all []SiteKind) {
	for _, c := range siteKinds {
		all = append(all, c.kinds...)
	}
	return all
}

// Class is art7, art9 or non_public; empty for a kind that is unknown or not said.
func (k SiteKind) Class() string {
	for _, c := range siteKinds {
		if slices.Contains(c.kinds, k) {
			return c.class
		}
	}
	return ""
}

// Secondary reports whether the class of the kind is known from a secondary source alone: the
// police may see it in another way.
func (k SiteKind) Secondary() bool { return k == ResidentialCompound || k == Hotel }

// Word is the catalogue's entry.
func (k SiteKind) Word() text.Key { return text.SiteKind(string(k)) }

// check refuses what is no kind, and a class that is not the kind's.
func (k SiteKind) check(class string) error {
	switch {
	case k == "":
		return nil
	case k.Class() == "":
		return text.Fail(field.ErrInvalid, text.PolicySiteKind, string(k))
	case class != "" && class != k.Class():
		return text.Fail(field.ErrInvalid, text.PolicyClassOfKind, text.ClassWord(class), k.Word(), text.ClassWord(k.Class()))
	}
	return nil
}

// WithClass is s with the class that follows from its kind, where none is said.
func (s Site) WithClass() Site {
	s.Class = cmp.Or(s.Class, s.Kind.Class())
	return s
}

// newestWalk is the last walk past a camera, by its day; of one day that which showed a
// private room counts, else the later entered. nil: there was none.
func (f *Facts) newestWalk(id media.CameraID) (newest *register.Walk) {
	for i := range f.Records.Walks {
		w := &f.Records.Walks[i]
		if w.Covers(id) && (newest == nil || w.Date > newest.Date || w.Date == newest.Date && noRoom(newest)) {
			newest = w
		}
	}
	return newest
}

// noRoom reports whether a walk showed no private room.
func noRoom(w *register.Walk) bool { return isNo(w.PrivateRoom) }

// DeviceLine names a camera's device in the record of a walk: another one looks another way.
func DeviceLine(id media.CameraID, c Camera) string {
	return fmt.Sprintf("camera=%s model=%s firmware=%s", id, c.Model, c.Firmware)
}

// seesDoors reports whether rooms in which nobody may be filmed have their doors before a
// camera: at a hotel, in a dormitory, and in a corridor while nobody said what it is one of.
func (f *Facts) seesDoors(c CameraFacts) bool {
	kind := f.Site.Kind
	return c.Place == DormitoryCorridor || c.Place == Corridor && (kind == Hotel || kind.Class() == "")
}

// privateRooms: no camera is in a private room, and none sees into one. Where there are doors
// to such rooms that is not known until an area is drawn and a walk past them showed no room.
func privateRooms(f *Facts, p Params) Finding {
	inside := places(f, p)
	if inside.Status == Fail {
		return inside
	}
	if shown := which(f, func(c CameraFacts) bool { w := f.newestWalk(c.ID); return w == nil || noRoom(w) }); len(shown) > 0 {
		return fail(text.NextRoomSeen, text.FoundRoomSeen, f.list(shown))
	}
	if inside.Status != Pass {
		return inside
	}
	if bad := which(f, func(c CameraFacts) bool { return !f.seesDoors(c) || c.Capture }); len(bad) > 0 {
		return unknown(text.NextCapture, text.FoundDoors, f.list(bad))
	}
	walked := func(c CameraFacts) bool {
		w := f.newestWalk(c.ID)
		return w != nil && slices.Contains(w.MadeFor, DeviceLine(c.ID, c.Camera))
	}
	if bad := which(f, func(c CameraFacts) bool { return !f.seesDoors(c) || walked(c) }); len(bad) > 0 {
		return unknown(text.NextWalk, text.FoundNoWalk, f.list(bad))
	}
	return inside
}
