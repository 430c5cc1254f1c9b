package camera

import "github.com/bauta-gateway/bauta/hardware/media"

// situation is all that a camera's protection follows from.
type situation struct {
	// blocked: in a prohibited place.
	blocked bool
	// online: the camera sends. seen: it has sent before, or failed to.
	online, seen bool
	// masking: viewers get the worker's frames. starting: they do not yet,
	// and nothing has gone wrong so far.
	masking, starting bool
	degradation       media.Degradation
}

// protection says what viewers get. It never says protected before a worker
// has vouched for a frame.
func (s situation) protection() media.Protection {
	switch {
	case s.blocked:
		return media.Blocked
	case !s.online && !s.seen:
		return media.UnknownProtection
	case !s.online:
		return media.Offline
	case s.masking && s.degradation == media.BlurFrame:
		return media.OverMasked
	case s.masking:
		return media.Protected
	case s.starting:
		return media.UnknownProtection
	}
	return media.Blocked
}
