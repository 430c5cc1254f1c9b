package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
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
}

// CameraFacts are those of one camera.
type CameraFacts struct {
	ID media.CameraID
	Camera
	// Capture: the area that may be captured is drawn.
	Capture bool
	// Created is the day on which it was added.
	Created civil.Date
	// Unvouched: frames pass without a detection result.
	Unvouched bool
}

// ConsentFacts are counts over the consent tokens.
type ConsentFacts struct {
	// People enrolled, and since when there are as many as Order 19
	// Article 15 wants filed; empty: not so many, or the day is not known.
	People  int
	Reached civil.Date
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
	// ControlsOff are those of M14's five controls that are off, by the words
	// of Controls.
	ControlsOff []string
	// FaceDataLeaves the host without a basis; LifetimeExceeded: a template or
	// frame is kept longer than its time; Persisted: faces without a token
	// are kept at all.
	FaceDataLeaves, LifetimeExceeded, Persisted bool
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
	// EvidenceFails says why the evidence could not be exported the last time; empty: it could.
	// EvidenceMade is the day of the newest export, empty before the first one.
	EvidenceFails string
	EvidenceMade  civil.Date
}

// lost reports whether what people were promised may be.
func (b GatewayFacts) lost() bool { return b.OlderStore != nil || b.Unstored > 0 }

// Controls are the five controls of Order 19 Article 14.
var Controls = []string{"encryption", "audit", "access", "authorisation", "intrusion"}

// ConfigHash is what an assessment is bound to: recognition mode, site class,
// and each camera with its place and purpose.
func ConfigHash(site Site, cams []CameraFacts) string {
	lines := []string{"mode=" + site.Mode, "class=" + site.Class}
	for _, c := range cams {
		lines = append(lines, fmt.Sprintf("camera=%s place=%s purpose=%s", c.ID, c.Place, c.Purpose))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}
