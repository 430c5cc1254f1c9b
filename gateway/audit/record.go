package audit

import (
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Action is what happened, as the audit log keeps it for good.
type Action string

// The actions. The store's own ones, such as a signature, stand in config/store.
const (
	GatewayStarted Action = "gateway.started"
	GatewayStopped Action = "gateway.stopped"
	RecordsMissing Action = "trail.missed" // the detail counts them
	HistoryBehind  Action = "history.behind"
	HistoryTaken   Action = "history.accepted"
	BackupMade     Action = "store.backup"
	BackupPlan     Action = "store.backup_plan"
	RestoreAsked   Action = "store.restore" // by a person in the console
	BundleMade     Action = "support.bundle"
	AuditExported  Action = "trail.exported"

	CameraAdded       Action = store.ActionAdded
	CameraRemoved     Action = "camera.removed"
	CameraChanged     Action = "camera.changed" // the detail names the fields, and no values that could be secrets
	CameraFacts       Action = store.ActionFacts
	CameraCover       Action = "camera.cover"
	CameraMounting    Action = "camera.mounting"
	CameraTrust       Action = "camera.trust"
	CameraLocked      Action = "camera.locked"
	CameraUnlocked    Action = "camera.unlocked"
	CameraBypass      Action = "camera.bypass"
	ZoneChanged       Action = "zone.changed"
	ZoneRemoved       Action = "zone.removed"
	MaskLevel         Action = "mask.level"
	ProtectionChanged Action = "protection.changed"
	WalkTestStarted   Action = "walktest.started"
	ViewersChanged    Action = "view.changed"
	HeatChanged       Action = "heat.changed"

	ConsentImported   Action = "consent.imported"
	ConsentRevocation Action = "consent.revocation"
	ConsentRevoked    Action = "consent.revoked"
	ConsentFault      Action = store.ActionFault // somebody was shown without one
	IssuerAdded       Action = "issuer.added"
	IssuerRemoved     Action = "issuer.removed"

	SiteChanged      Action = "site.changed"
	CalendarChanged  Action = "calendar.changed"
	RecordAdded      Action = "record.added"
	RecordChanged    Action = "record.changed"
	RecordWithdrawn  Action = "record.withdrawn"
	NamesForgotten   Action = "record.names_forgotten"
	ClauseChanged    Action = "clause.changed"
	EvidenceExported Action = "evidence.exported"
	FormPrinted      Action = "form.printed" // with names of persons
	ViolationOpened  Action = "violation.opened"
	ViolationClosed  Action = "violation.closed"

	SealedHead    Action = "sealed.head"    // the newest segment of a camera
	SealedDeleted Action = "sealed.deleted" // up to that segment, past its term
	SealedFault   Action = "sealed.fault"
	SealedSet     Action = "sealed.set"
	// SealedDeletion is one of the two who have footage deleted that the law forbids.
	SealedDeletion    Action = "sealed.deletion"
	SealedUnset       Action = "sealed.unset"
	SealedDisk        Action = "sealed.disk"
	OpeningRequested  Action = "opening.requested"
	OpeningApproved   Action = "opening.approved"
	OpeningRefused    Action = "opening.refused"
	OpeningOpened     Action = "opening.opened" // the approvals were handed out
	OpeningDone       Action = "opening.done"   // what was opened is counted
	SealedKeysChanged Action = "sealed.keys"

	UserAdded        Action = "user.added"
	UserRemoved      Action = "user.removed"
	UserPassword     Action = "user.password"
	UserRole         Action = "user.role"
	UserLanguage     Action = "user.language"
	UserSecond       Action = "user.second" // the second factor: on, off or reset
	SecondRequired   Action = "second-factor.required"
	TokenAdded       Action = "token.added"
	TokenRemoved     Action = "token.removed"
	LoginFailed      Action = "login.failed"
	MQTTLoginAdded   Action = "mqtt-login.added"
	MQTTLoginRemoved Action = "mqtt-login.removed"

	StreamLoginAdded   Action = "stream-login.added"
	StreamLoginRemoved Action = "stream-login.removed"
	StreamLoginChanged Action = "stream-login.changed"

	DisplayAdded     Action = "display.added"
	DisplayWithdrawn Action = "display.withdrawn"
	DisplayRead      Action = "display.read"   // with the names of persons
	NotifyChanged    Action = "notify.changed" // who is told, or how
	NotifyTested     Action = "notify.tested"
	NotifyExpired    Action = "notify.expired" // a message that nobody took for a day
	// GatewayNoted is a person who saw what is wrong with a gateway of the fleet page.
	GatewayNoted Action = "fleet.acknowledged"

	// RelaySet names a server that may pass masked video on, as the settings say.
	RelaySet Action = "relay.set"
	// SnapshotsSet says that masked pictures leave over MQTT, and how often, as the settings say.
	SnapshotsSet Action = "snapshots.set"
)

// Kinds are the first parts of all actions, in the order in which people choose from them.
var Kinds = []string{
	"gateway", "history", "store", "support", "trail", "camera", "zone", "mask", "protection", "walktest", "view", "heat", "consent", "issuer", "site", "calendar", "record", "clause", "evidence", "form",
	"violation", "sealed", "opening", "user", "second-factor", "certificate", "login", "logout", "setup", "token", "mqtt-login", "stream-login", "display", "relay", "snapshots", "notify", "fleet",
}

// Actors that are nobody with an account.
const (
	Gateway   = "gateway"   // what the gateway does by itself
	Broker    = "mqtt"      // what comes from the broker
	Viewer    = "viewer"    // who watches by a login at the streams
	Anonymous = "anonymous" // who has no login
)

// Record is what the audit log keeps of something that happened and, where it has an
// event, what is published of it.
type Record struct {
	Action Action
	Actor  string
	// Subject is what it happened to, such as camera/lobby; Detail says more.
	Subject, Detail string
	Event           *Event // nil: none

	at time.Time // zero: when it is written
}

func (r Record) entry() store.AuditRecord {
	return store.AuditRecord{Time: r.at, Action: string(r.Action), Actor: r.Actor, Subject: r.Subject, Detail: r.Detail}
}

// Camera is a camera as the subject of a record.
func Camera(id media.CameraID) string { return "camera/" + string(id) }
