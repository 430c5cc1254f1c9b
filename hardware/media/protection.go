package media

// Protection is the promise that a camera keeps at this moment. The words stand in
// the store, the API and in MQTT: they must not change.
type Protection string

// The states of protection.
const (
	// UnknownProtection: starting, nothing has been delivered yet.
	UnknownProtection Protection = "unknown"
	// Protected: viewers get masked frames.
	Protected Protection = "protected"
	// OverMasked: the whole frame is blurred because the host is overloaded.
	OverMasked Protection = "over_masked"
	// Blocked: the camera sends but viewers get the slate.
	Blocked Protection = "blocked"
	// Offline: the camera does not send.
	Offline Protection = "offline"
)

// Known reports whether it is one of these states.
func (p Protection) Known() bool {
	switch p {
	case UnknownProtection, Protected, OverMasked, Blocked, Offline:
		return true
	}
	return false
}
