package decision

import (
	"image"
	"maps"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/tracker"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/bind"
	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// shownFaces decides which faces are shown: it searches for badges below tracked faces
// while consents count, binds them to faces, and decides as each frame leaves.
type shownFaces struct {
	shows    map[int][]wire.Show // by badge
	binder   bind.Binder
	next     map[int]int // by track: the frame from which a search below it is due
	idle     map[int]int // by track: searches in a row that found nothing
	byTrack  map[int]appearance
	byBadge  map[int]appearance       // of the last wearer, by badge
	sized    *image.Gray              // one of byBadge, as large as the face that is compared
	credit   float64                  // pixels that may be searched now
	reported map[int]reportedDecision // by track as reported
	send     func(wire.Decision)
	set      *track.Set
	base     int // tracks are numbered anew with each tracker: what was counted before
	top      int
}

// reportedDecision is the last decision that was reported on a track.
type reportedDecision struct {
	wire.Decision
	at media.Ticks90k
}

const (
	// badgeUnit is the least width in pixels to which faces are reduced for a search.
	badgeUnit = 56
	// badgeEvery is the time between two searches below a face, badgeIdle where
	// badgeTries searches in a row found nothing.
	badgeEvery = 120 * time.Millisecond
	badgeIdle  = 400 * time.Millisecond
	badgeTries = 8
	// badgeRate is the most pixels a second to be searched, badgeSave the most saved up.
	badgeRate = 1.5e6
	badgeSave = 1e6
	// reportEvery is the least time between two reasons reported on one masked face.
	reportEvery = media.TicksPerSecond
)

func newConsent(say func(wire.Decision)) shownFaces {
	return shownFaces{send: say, reported: map[int]reportedDecision{}}
}

// setShows takes over the consents that count from now on.
func (c *shownFaces) setShows(list []wire.Show) {
	c.shows = nil
	for _, s := range list {
		if s.Badge < 1 || s.Badge > 249 {
			continue
		}
		if c.shows == nil {
			c.shows = map[int][]wire.Show{}
		}
		c.shows[s.Badge] = append(c.shows[s.Badge], s)
	}
}

func counts(s wire.Show, now time.Time) bool {
	return !now.Before(s.NotBefore) && now.Before(s.Expires)
}

// active reports whether any consent counts now.
func (c *shownFaces) active(now time.Time) bool {
	for _, list := range c.shows {
		if slices.ContainsFunc(list, func(s wire.Show) bool { return counts(s, now) }) {
			return true
		}
	}
	return false
}

// observe follows faces and badges into the newest frame.
func (c *shownFaces) observe(s *tracker.Tracker, z *zones, f Frame) {
	c.renew(s.Tracks())
	if len(z.consent) == 0 || !c.active(f.Now) {
		return // the binder begins anew after frames that it did not see
	}
	p := bind.Frame{N: f.N, At: f.PTS.Duration()}
	c.credit = min(c.credit+badgeRate/s.FPS(), badgeSave)
	for _, t := range s.Tracks().Tracks() {
		position, ok := t.At(f.N)
		if !ok {
			continue
		}
		c.top = max(c.top, t.ID)
		p.Faces = append(p.Faces, c.face(s, f, t, position))
		if position.Rotation == 0 && c.due(s, z, t.ID, position.Box, f.N) {
			p.Markers = c.search(s, f, t.ID, position.Box, p.Markers)
		}
	}
	p.Markers = c.relevant(p)
	c.binder.Observe(p)
	c.settle(s, f.N)
}

// face is what the binder gets to know of a track.
func (c *shownFaces) face(s *tracker.Tracker, f Frame, t *track.Track, position track.Position) bind.Face {
	face := bind.Face{ID: t.ID, Box: beyond(position.Box, s.Size().X), Sure: t.SureHits > 0, Found: position.Seen, Missed: t.LastSeen() < s.LastPass()}
	face.Like = c.resembles(s, t.ID, position.Box, f.N)
	switch {
	case position.Rotation != 0:
		face.Missed = true // its badge is not below it in the frame
	case f.Corrupt:
		face.Changed = true
	case !c.changed(s, t, f.N):
	case cutByBorder(position.Box, s.Size()):
		face.Missed = true // what leaves the frame cannot be compared
	default:
		face.Changed = true
	}
	return face
}

func cutByBorder(b track.Box, size image.Point) bool {
	return b.X < 0 || b.Y < 0 || b.X+b.W > float32(size.X) || b.Y+b.H > float32(size.Y)
}

// beyond widens a box that the frame's left or right border cuts: there the
// find ends, not the face.
func beyond(b track.Box, width int) track.Box {
	const edge = 3
	lack := max(0, 0.8*b.H-b.W)
	switch {
	case b.X < edge:
		b.X -= lack
	case b.X+b.W <= float32(width-edge):
		return b
	}
	b.W += lack
	return b
}

// renew forgets all where the tracks have begun anew.
func (c *shownFaces) renew(set *track.Set) {
	if c.set != set {
		c.set, c.base, c.top = set, c.base+c.top, 0
		c.binder = bind.Binder{}
		c.next, c.idle, c.byTrack, c.byBadge = map[int]int{}, map[int]int{}, map[int]appearance{}, map[int]appearance{}
	}
}

// due reports whether to search below a face now.
func (c *shownFaces) due(s *tracker.Tracker, z *zones, id int, box track.Box, n int) bool {
	if n < c.next[id] || bind.Unit(box) < detector.MinMarker {
		return false
	}
	_, ok := z.allow(box, s.Size(), []string{"*"})
	return ok
}

// search adds the markers below a face that were not found yet.
func (c *shownFaces) search(s *tracker.Tracker, f Frame, id int, box track.Box, found []bind.Marker) []bind.Marker {
	x0, y0, x1, y1 := bind.Part(box)
	part := image.Rect(int(x0), int(y0), int(x1), int(y1)).Intersect(image.Rectangle{Max: s.Size()})
	factor := max(1, int(bind.Unit(box)/badgeUnit))
	price := float64(part.Dx() * part.Dy() / (factor * factor))
	if price > c.credit {
		return found
	}
	c.credit -= price
	markers, err := detector.Badges(f.Image, part, factor)
	if err != nil || len(markers) == 0 {
		c.idle[id]++
	} else {
		c.idle[id] = 0
	}
	for _, m := range markers {
		if !slices.ContainsFunc(found, m.Same) {
			found = append(found, m)
		}
	}
	return found
}

// relevant leaves out the numbers that no consent is for, where others are
// there: a dark square with something light in it may read as any number. Alone they are the
// reason why somebody with an old badge is not shown.
func (c *shownFaces) relevant(p bind.Frame) []bind.Marker {
	unknown := func(m bind.Marker) bool { return len(c.shows[m.ID]) == 0 }
	known := slices.ContainsFunc(p.Markers, func(m bind.Marker) bool { return !unknown(m) }) ||
		slices.ContainsFunc(p.Faces, func(f bind.Face) bool { return len(c.shows[c.binder.Bond(f.ID).Badge]) > 0 })
	if !known {
		return p.Markers
	}
	return slices.DeleteFunc(p.Markers, unknown)
}

// settle decides when to search below each face again, and forgets those that went.
func (c *shownFaces) settle(s *tracker.Tracker, n int) {
	next, idle, kept := map[int]int{}, map[int]int{}, map[int]appearance{}
	for _, t := range s.Tracks().Tracks() {
		position, ok := t.At(n)
		if !ok {
			continue
		}
		bond := c.binder.Bond(t.ID)
		if bond.Badge != 0 {
			kept[t.ID] = remember(c.byTrack[t.ID], s.Reduced(n), position.Box, bond.Seen)
			if bond.Confirmed {
				c.byBadge[bond.Badge] = remember(c.byBadge[bond.Badge], s.Reduced(n), position.Box, bond.Seen)
			}
		}
		wait := badgeEvery
		switch {
		case bond.Badge != 0 && !bond.Confirmed:
			wait = 0
		case bond.Badge == 0 && c.idle[t.ID] >= badgeTries:
			wait = badgeIdle
		}
		next[t.ID], idle[t.ID] = c.next[t.ID], c.idle[t.ID]
		if n >= next[t.ID] {
			next[t.ID] = n + max(1, int(wait.Seconds()*s.FPS()+0.5))
		}
	}
	c.next, c.idle, c.byTrack = next, idle, kept
	maps.DeleteFunc(c.byBadge, func(badge int, _ appearance) bool { return len(c.shows[badge]) == 0 }) // withdrawn
}

// decide returns the tracks that are shown in a frame that is about to
// leave, by the consents that count now.
func (c *shownFaces) decide(z *zones, set *track.Set, f Frame) map[int]bool {
	shown := map[int]bool{}
	if c.set != set {
		return shown
	}
	there := map[int]bool{}
	for _, t := range set.Tracks() {
		if position, ok := t.At(f.N); ok {
			d := wire.Decision{Reason: wire.ReasonUnproved}
			if position.Rotation == 0 { // a face that lies has no badge below it: whatever is there is another's
				d = c.evaluate(z, t.ID, f.N, position.Box, f.Image.Rect.Size(), f.Now)
			}
			d.Track = c.base + t.ID
			shown[t.ID], there[d.Track] = d.Shown, true
			c.report(f, d)
		}
	}
	c.end(f, there)
	return shown
}

// report reports a decision that is another than the last one on the track.
func (c *shownFaces) report(f Frame, d wire.Decision) {
	last, known := c.reported[d.Track]
	if last.Shown && !d.Shown && d.Reason == "" {
		d.Reason = wire.ReasonLost
	}
	switch {
	case d.Shown == last.Shown && d.Token == last.Token && d.Zone == last.Zone && d.Reason == last.Reason:
		return
	case !d.Shown && !last.Shown && (d.Reason == "" || known && f.PTS-last.at < reportEvery):
		return
	}
	c.reported[d.Track] = reportedDecision{d, f.PTS}
	d.Seq, d.PTS = f.Seq, f.PTS
	c.send(d)
}

// end reports that faces which were shown are not any more, and forgets the
// tracks that are not there.
func (c *shownFaces) end(f Frame, there map[int]bool) {
	for track := range c.reported {
		if !there[track] {
			c.report(f, wire.Decision{Track: track})
			delete(c.reported, track)
		}
	}
}

var reasons = map[bind.BondReason]wire.DecisionReason{
	bind.Unconfirmed: wire.ReasonUnproved, bind.Competing: wire.ReasonCompeting, bind.Duplicate: wire.ReasonDuplicate,
	bind.Proportion: wire.ReasonProportion, bind.Hidden: wire.ReasonHidden, bind.Lost: wire.ReasonLost,
}

// evaluate decides on one face.
func (c *shownFaces) evaluate(z *zones, id, n int, box track.Box, size image.Point, now time.Time) wire.Decision {
	badge, why := c.binder.Badge(id, n)
	if badge == 0 {
		return wire.Decision{Reason: reasons[why]}
	}
	reason := wire.ReasonWithdrawn
	for _, s := range c.shows[badge] {
		if !counts(s, now) {
			if reason == wire.ReasonWithdrawn {
				reason = wire.ReasonExpired
			}
			continue
		}
		zone, ok := z.allow(box, size, s.Zones)
		if ok {
			return wire.Decision{Shown: true, Token: s.Token, Zone: zone}
		}
		reason = wire.ReasonOutside
	}
	return wire.Decision{Reason: reason}
}
