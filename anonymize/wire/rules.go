package wire

import (
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Show is a consent that counts on this camera: the supervisor has verified
// its signature, issuer, purpose and that it is not revoked.
type Show struct {
	// Token is the consent token's id (jti).
	Token string `json:"token"`
	// Badge is the marker's number, 1 to 249.
	Badge int `json:"badge"`
	// Zones lists the consent zones by id in which it counts; "*" means all.
	Zones []string `json:"zones"`
	// It counts from NotBefore until before Expires, by the clock on the wall;
	// in a file, by the time at which each frame was recorded.
	NotBefore time.Time `json:"not_before"`
	Expires   time.Time `json:"expires"`
}

// Decision says that a face began or ceased to be shown, or why a badge near
// it does not show it. It names no person.
type Decision struct {
	// Seq is the access unit from which it holds.
	Seq uint64         `json:"seq"`
	PTS media.Ticks90k `json:"pts"`
	// Track numbers the face within this worker's life.
	Track int  `json:"track"`
	Shown bool `json:"shown"`
	// Token and Zone say by what right it is shown; empty where it is not.
	Token string `json:"token,omitempty"`
	Zone  string `json:"zone,omitempty"`
	// Reason is why it is not shown although a badge is near; empty where it is.
	Reason DecisionReason `json:"reason,omitempty"`
}

// DecisionReason is why a badge shows no face.
type DecisionReason string

// The reasons.
const (
	ReasonExpired    DecisionReason = "expired"     // the token's time is over or has not come
	ReasonWithdrawn  DecisionReason = "withdrawn"   // no valid token for this badge any more
	ReasonOutside    DecisionReason = "outside"     // the face left the zones where the token counts
	ReasonCompeting  DecisionReason = "competing"   // another face could wear the badge as well
	ReasonDuplicate  DecisionReason = "duplicate"   // the number is in view more than once
	ReasonProportion DecisionReason = "proportion"  // the badge is not on the chest below the face
	ReasonHidden     DecisionReason = "hidden"      // the badge was not seen for too long
	ReasonLost       DecisionReason = "lost"        // the face's track broke
	ReasonUnproved   DecisionReason = "unconfirmed" // not seen together often enough yet
)
