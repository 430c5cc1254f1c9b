package policy

import (
	"slices"

	"github.com/bauta-gateway/bauta/config/text"
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
)

// Prohibited are the places in which no camera may be.
var Prohibited = []Place{HotelRoom, Dormitory, PublicBath, PublicToilet, ChangingRoom, FittingRoom, NursingRoom, MedicalRoom, PrivateOther}

// Ordinary are all other places.
var Ordinary = []Place{
	"entrance", "lobby", "corridor", "lift", "stairs", "office", "shop", "restaurant", "classroom", "warehouse", "workshop",
	"parking", "street", "perimeter", "station", "bank", "other",
}

// Known reports whether p is one of the places.
func (p Place) Known() bool { return p.Prohibited() || slices.Contains(Ordinary, p) }

// Prohibited reports whether no camera may be there.
func (p Place) Prohibited() bool { return slices.Contains(Prohibited, p) }

// Word is the catalogue's entry: for a prohibited place the statute's words.
func (p Place) Word() text.Key { return text.Place(string(p)) }
