package fleet

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/bauta-gateway/bauta/gateway/fleet/past"
)

// Bounds of what is kept: some 55 KB.
const (
	keptEvery  = 15 * time.Minute // one point of the curve
	keptPoints = 7 * 24 * 4       // a week
	keptEvents = 250
	keptAcks   = 150
	// lasting is how long a gateway has to stand as it does to be a change that is written down.
	lasting = 30 * time.Second
	// saveSoon is how long a change may be unkept, saveLate the points of the curve.
	saveSoon = 5 * time.Second
)

// Keeper keeps what the page remembers over a restart. Save must not wait for long.
type Keeper struct {
	Load func() ([]byte, error)
	Save func([]byte) error
}

// kept is what is remembered.
type kept struct {
	Curve  []sample       `json:"curve"`
	Events []event        `json:"events"`
	Acks   map[string]ack `json:"acks"`
}

// event is that a gateway stands in another way, or that somebody saw how it stands.
type event struct {
	At      int64  `json:"t"`
	Gateway string `json:"n"`
	From    rank   `json:"f"`
	To      rank   `json:"r"`
	// By is the account of who saw it; empty: the gateway changed.
	By string `json:"by,omitempty"`
}

// ack is that somebody has seen what is wrong, until it is mended or worse.
type ack struct {
	By   string `json:"by"`
	At   int64  `json:"t"`
	Rank rank   `json:"r"`
}

// story is how a gateway stands for long enough to be written down.
type story struct {
	known  bool
	rank   rank // as it was written down last
	seen   rank // as it stands now, since then
	since  time.Time
	looked bool
}

// recall reads what an earlier run kept.
func (s *StateCache) recall() {
	s.kept.Acks = map[string]ack{}
	if s.cfg.Keep.Load == nil {
		return
	}
	b, err := s.cfg.Keep.Load()
	var k kept
	if err == nil && len(b) > 0 {
		err = json.Unmarshal(b, &k)
	}
	if err != nil {
		s.cfg.Log.Warn("what the page of all gateways remembers begins anew", "error", err)
		return
	}
	if k.Acks == nil {
		k.Acks = map[string]ack{}
	}
	s.kept = k
}

// save keeps what changed, at the end at once.
func (s *StateCache) save(end bool) {
	s.mu.Lock()
	now := s.now()
	if s.cfg.Keep.Save == nil || !s.dirty || !end && now.Sub(s.saved) < saveSoon {
		s.mu.Unlock()
		return
	}
	s.dirty, s.saved = false, now
	b, err := json.Marshal(s.kept)
	s.mu.Unlock()
	if err == nil {
		err = s.cfg.Keep.Save(b)
	}
	if err != nil {
		s.cfg.Log.Warn("what the page of all gateways remembers cannot be kept yet", "error", err)
		s.mu.Lock()
		s.dirty = true
		s.mu.Unlock()
	}
}

// keepPoint adds a point to the curve of the week when it is time; the lock is held.
func (s *StateCache) keepPoint(p sample) {
	if n := len(s.kept.Curve); n > 0 && time.Duration(p.At-s.kept.Curve[n-1].At)*time.Second < keptEvery {
		return
	}
	if s.kept.Curve = append(s.kept.Curve, p); len(s.kept.Curve) > keptPoints {
		s.kept.Curve = s.kept.Curve[len(s.kept.Curve)-keptPoints:]
	}
	s.dirty = true
}

// follow writes down that a gateway stands in another way, once it does so for a while; the lock is held.
func (s *StateCache) follow(g *gateway, now time.Time) {
	if g.version == 0 || s.link.Reason != "" {
		return
	}
	t := &g.story
	if !t.looked || t.seen != g.row.Rank {
		t.looked, t.seen, t.since = true, g.row.Rank, now
		return
	}
	if now.Sub(t.since) < lasting {
		return
	}
	if !t.known {
		t.known, t.rank = true, s.lastRank(g.name, t.seen, now)
	}
	if t.rank != t.seen {
		s.noteEvent(event{At: t.since.Unix(), Gateway: g.name, From: t.rank, To: t.seen})
		t.rank = t.seen
	}
	if a, ok := s.kept.Acks[g.name]; ok && (t.seen == good || t.seen < a.Rank) {
		delete(s.kept.Acks, g.name)
		g.touched, s.dirty = true, true
	}
}

// lastRank is how an earlier run knew a gateway; as it stands where none did.
func (s *StateCache) lastRank(name string, stands rank, now time.Time) rank {
	for i := len(s.kept.Events) - 1; i >= 0; i-- {
		if e := s.kept.Events[i]; e.Gateway == name && e.By == "" {
			return e.To
		}
	}
	if s.cfg.Past == nil {
		return stands
	}
	if last, ok := s.cfg.Past.Last(name, now); ok {
		return rank(last.To)
	}
	s.remember(past.Entry{Gateway: name, At: now.Unix(), From: uint8(stands), To: uint8(stands)})
	return stands
}

func (s *StateCache) noteEvent(e event) {
	s.remember(past.Entry{Gateway: e.Gateway, At: e.At, From: uint8(e.From), To: uint8(e.To), By: e.By})
	if s.kept.Events = append(s.kept.Events, e); len(s.kept.Events) > keptEvents {
		s.kept.Events = s.kept.Events[len(s.kept.Events)-keptEvents:]
	}
	s.dirty = true
}

// What Acknowledge refuses.
var (
	ErrUnknown = errors.New("no such gateway")
	ErrGood    = errors.New("nothing is wrong with this gateway")
	ErrFull    = errors.New("too many gateways are acknowledged")
)

// Acknowledge notes that an account has seen what is wrong with a gateway.
func (s *StateCache) Acknowledge(name, account string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateways[name]
	switch {
	case g == nil:
		return ErrUnknown
	case g.row.Rank == good:
		return ErrGood
	case len(s.kept.Acks) >= keptAcks && s.kept.Acks[name] == (ack{}):
		return ErrFull
	}
	at := s.now().Unix()
	s.kept.Acks[name] = ack{account, at, g.row.Rank}
	s.noteEvent(event{At: at, Gateway: name, From: g.row.Rank, To: g.row.Rank, By: account})
	g.touched = true
	return nil
}

// whoSaw is the name of who has seen what is wrong; empty: nobody has. The lock is held.
func (s *StateCache) whoSaw(name string) string {
	a, ok := s.kept.Acks[name]
	if !ok {
		return ""
	}
	return s.who(a.By)
}

func (s *StateCache) who(account string) string {
	if s.cfg.Who != nil {
		if name := s.cfg.Who(account); name != "" {
			return name
		}
	}
	return "?"
}

// Other is how another gateway stands, for who is told.
type Other struct {
	ID, Site, Console         string
	Offline, Blocked, Failing bool
	Since                     time.Time
}

// Others are all gateways but this one, and of which nobody knows now how they stand: of all while the broker is away
// and for a while after, for each gateway speaks up again then.
func (s *StateCache) Others(own string) (all []Other, held func(name string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	unsure := s.link.Reason != "" || now.Sub(s.link.Since) < time.Minute
	known := map[string]bool{}
	for name, g := range s.gateways {
		known[name] = g.alive(now) || !g.online
		if name == own || g.version == 0 || unsure {
			continue
		}
		r := g.row
		o := Other{ID: name, Site: r.Site, Console: r.Console, Offline: r.Rank == offlineNow || r.Rank == silent, Blocked: contains(r.Cameras, blocked), Failing: r.Grade == string(fail), Since: now}
		if o.Offline {
			o.Since = g.onlineAt
		}
		if o.Offline || o.Blocked || o.Failing {
			all = append(all, o)
		}
	}
	return all, func(name string) bool { return unsure || !known[name] }
}
