package policy

import (
	"cmp"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Facts are all that the checks look at: what the operator has said, and what
// the gateway knows of itself at this moment.
type Facts struct {
	// Now by the clock of the site: its day is the site's.
	Now     time.Time
	Site    Site
	Cameras []CameraFacts
	Records register.Records
	Consent ConsentFacts
	Gateway GatewayFacts
	// Calendar tells working days; without a year in it, what is counted in
	// working days of that year is not known.
	Calendar civil.Calendar
	// Violations are all that are kept, open and closed.
	Violations []Violation
	// Removals are the cameras that were taken away, as far as the store knows, the oldest
	// first. One that came back stays among them.
	Removals []Removal
}

// Removal is a camera that was taken away.
type Removal struct {
	Camera media.CameraID `json:"camera"`
	Name   string         `json:"name,omitempty"`
	// Day of it at the site. Used: somebody had said since when the camera was in use.
	Day  civil.Date `json:"day"`
	Used bool       `json:"used"`
	// Place of the camera; empty: nobody had said it.
	Place Place `json:"place,omitempty"`
}

// CameraFacts are those of one camera.
type CameraFacts struct {
	ID media.CameraID
	// Name is what people call it; empty: they are told ID.
	Name string
	Camera
	// Capture: the area that may be captured is drawn.
	Capture bool
	// ConsentAreas are those in which tokens count, as id:purpose; AreaNames what people call
	// them, by id.
	ConsentAreas []string
	AreaNames    map[string]string
	// Unvouched: frames pass without a detection result.
	Unvouched bool
	// Sealed is how this gateway keeps the camera's originals; nil: it does not.
	Sealed *Sealed
	// Bypass are the ways that were found around the camera's lock, by which its unmasked
	// picture can be had past the gateway.
	Bypass []string
}

// CameraName is what people call a camera, or called it when it was here.
func (f *Facts) CameraName(id media.CameraID) string {
	for _, c := range f.Cameras {
		if c.ID == id {
			return cmp.Or(c.Name, string(id))
		}
	}
	for _, r := range slices.Backward(f.Removals) {
		if r.Camera == id {
			return cmp.Or(r.Name, string(id))
		}
	}
	return string(id)
}

// AreaName is what people call an area of a camera.
func (c CameraFacts) AreaName(id string) string { return cmp.Or(c.AreaNames[id], id) }

// list names cameras for evidence, in order. Where several have one name, their ids tell them apart.
func (f *Facts) list(ids []media.CameraID) string {
	same := map[string]int{}
	for _, c := range f.Cameras {
		same[f.CameraName(c.ID)]++
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		if names[i] = f.CameraName(id); same[names[i]] > 1 {
			names[i] += " (" + string(id) + ")"
		}
	}
	return some(names)
}

// ConsentFacts are counts over the consent tokens.
type ConsentFacts struct {
	// People enrolled.
	People int
	// Shown faces without a valid token, and the longest time that a revoked
	// one still counted.
	ShownWithoutToken int
	RevokedFor        time.Duration
	// Expiring tokens end within 30 days.
	Expiring int
	// Minors are tokens of people under 14 without a guardian; AgeUnknown
	// those without an age; Bulk those that were imported many at once.
	Minors, AgeUnknown, Bulk int
}

// BoxFacts are those of the gateway as a whole.
type GatewayFacts struct {
	// AnonymousViewing: anybody may watch; SharedAccount: several people use
	// one login.
	AnonymousViewing, SharedAccount bool
	// Screens have a link of their own, with who answers for it; IdleScreens are those of
	// them that nobody used for a season.
	Screens, IdleScreens int
	// ControlsOff are those of M14's five controls that are off, by the words
	// of Controls.
	ControlsOff []string
	// Persisted: faces without a token are kept at all.
	Persisted bool
	// FaceMatching: faces are matched to find token holders.
	FaceMatching bool
	// OpenSearch: a watch-list search without requester, scope and end.
	OpenSearch bool
	// AttributeModels infer race, emotion or the like.
	AttributeModels []string
	// ReversibleMask: a mask style that can be undone is in use.
	ReversibleMask bool
	// Unstored counts changes that mask and are not on the disk: an end of the
	// gateway undoes them.
	Unstored int
	// OlderStore says why the store is taken for an older one than the gateway
	// had; nil: it is not.
	OlderStore error
	// EvidenceFails says why the evidence could not be exported the last time; nil: it could.
	// EvidenceMade is the day of the newest export, empty before the first one.
	EvidenceFails error
	EvidenceMade  civil.Date
}

// lost reports whether what people were promised may be.
func (b GatewayFacts) lost() bool { return b.OlderStore != nil || b.Unstored > 0 }

// Controls are the five controls of Order 19 Article 14.
var Controls = []string{"encryption", "audit", "access", "authorisation", "intrusion"}
