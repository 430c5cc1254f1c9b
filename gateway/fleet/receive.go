package fleet

import (
	"encoding/json"
	"math"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unique"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Bounds of what one message may hold.
const (
	maxPayload = 16 << 10
	maxText    = 400 // bytes of a sentence
	maxName    = 80  // bytes of a version or a rule pack
	maxCount   = 1_000_000
)

// What becomes of a message.
type outcome int

const (
	taken outcome = iota
	badTopic
	badPayload
	noRoom
)

// receive takes one message.
func (s *StateCache) receive(topic string, payload []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.note(topic, payload) {
	case badTopic:
		s.ignored.Topic++
	case badPayload:
		s.ignored.Payload++
	case noRoom:
		s.ignored.Limit++
	}
}

// note finds out what a message is about. Topics of other kinds cannot come:
// they were not subscribed to.
func (s *StateCache) note(topic string, payload []byte) outcome {
	below, ours := s.prefix().Below(topic)
	parts := strings.Split(below, "/")
	if !ours || len(parts) < 2 || len(parts) > 4 || !slug(parts[0]) {
		return badTopic
	}
	if len(payload) > maxPayload {
		return badPayload
	}
	name, rest := parts[0], parts[1:]
	if len(payload) == 0 {
		return s.clear(name, rest)
	}
	if len(rest) == 1 {
		return s.noteGateway(name, rest[0], payload)
	}
	if !slug(rest[1]) {
		return badTopic
	}
	switch {
	case len(rest) == 2 && rest[0] == topics.Compliance:
		return s.noteClause(name, rest[1], payload)
	case len(rest) == 3 && rest[0] == topics.Camera:
		return s.noteCamera(name, rest[1], rest[2], payload)
	}
	return badTopic
}

func slug(s string) bool {
	_, err := media.ParseCameraID(s)
	return err == nil
}

// touch returns a gateway that is to get another row; nil: it is not known.
func (s *StateCache) touch(name string) *gateway {
	g := s.gateways[name]
	if g != nil {
		g.touched = true
	}
	return g
}

// noteStatus makes a gateway known: this is what each one says first, and
// what its last will says for it.
func (s *StateCache) noteStatus(name string, payload []byte) outcome {
	online, ok := onlineWord(payload)
	if !ok {
		return badPayload
	}
	g := s.touch(name)
	if g == nil {
		if len(s.gateways) >= s.cfg.Gateways {
			return noRoom
		}
		g = &gateway{name: name, touched: true, heartbeat: defaultHeartbeat, cameras: map[string]*camera{}, clauses: map[string]*clause{}}
		s.gateways[name] = g
		s.reader.Follow(name, s.prefix().Of(name).States()...)
	}
	g.online, g.onlineAt = online, s.now()
	return taken
}

func (s *StateCache) noteGateway(name, leaf string, payload []byte) outcome {
	var apply func(g *gateway)
	ok := false
	switch leaf {
	case topics.Status:
		return s.noteStatus(name, payload)
	case topics.Info:
		apply, ok = decodeInfo(payload)
	case topics.Compliance:
		apply, ok = decodeStanding(payload, s.now())
	default:
		return badTopic
	}
	if !ok {
		return badPayload
	}
	if g := s.touch(name); g != nil {
		apply(g)
	}
	return taken
}

func onlineWord(payload []byte) (online, ok bool) {
	s := string(payload)
	return s == topics.Online, s == topics.Online || s == topics.Offline
}

func decodeInfo(payload []byte) (func(*gateway), bool) {
	var p struct {
		Version    string            `json:"version"`
		PolicyPack string            `json:"policy_pack"`
		HeartbeatS float64           `json:"heartbeat_s"`
		Site       string            `json:"site"`
		Console    string            `json:"console"`
		Cameras    map[string]string `json:"cameras"`
	}
	if json.Unmarshal(payload, &p) != nil {
		return nil, false
	}
	heartbeat := defaultHeartbeat
	if p.HeartbeatS > 0 {
		heartbeat = time.Duration(min(max(p.HeartbeatS, minHeartbeat.Seconds()), maxHeartbeat.Seconds()) * float64(time.Second))
	}
	return func(g *gateway) {
		g.heartbeat = heartbeat
		g.info = info{Version: sentence(p.Version, maxName), Pack: sentence(p.PolicyPack, maxName), Site: sentence(p.Site, maxName), Console: consoleAt(p.Console)}
		for id, c := range g.cameras { // of others no name is kept
			c.name = sentence(p.Cameras[id], maxName)
		}
	}, true
}

func decodeStanding(payload []byte, now time.Time) (func(*gateway), bool) {
	var p struct {
		State string    `json:"state"`
		Since time.Time `json:"since"`
		Share *float64  `json:"protected_share"`
	}
	if json.Unmarshal(payload, &p) != nil || grades[p.State] == 0 {
		return nil, false
	}
	share := noShare
	if p.Share != nil {
		if !(*p.Share >= 0 && *p.Share <= 1) {
			return nil, false
		}
		share = policy.Percent(*p.Share, 1)
	}
	return func(g *gateway) {
		g.standing = standing{state: grades[p.State], share: share, since: unix(p.Since), at: now}
	}, true
}

// consoleAt is the address of a console where it is one that a browser may be led to; else empty.
func consoleAt(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(s) > maxText {
		return ""
	}
	return "https://" + u.Host
}

// unix is 0 for a time that was not said.
func unix(t time.Time) int64 { return max(t.Unix(), 0) }

func (s *StateCache) noteClause(name, id string, payload []byte) outcome {
	var p struct {
		Status   string       `json:"status"`
		Basis    policy.Basis `json:"basis"`
		Since    time.Time    `json:"since"`
		Verified bool         `json:"verified"`
		Citation langPair     `json:"citation"`
		Evidence langPair     `json:"evidence"`
		Next     langPair     `json:"next"`
	}
	if json.Unmarshal(payload, &p) != nil || grades[p.Status] == 0 {
		return badPayload
	}
	g := s.touch(name)
	if g == nil {
		return taken
	}
	if g.clauses[id] == nil && (len(g.clauses) >= gatewayClauses || s.clauses >= s.cfg.Clauses) {
		return noRoom
	}
	k, ok := s.kind(id, p.Citation)
	if !ok {
		return noRoom
	}
	if g.clauses[id] == nil {
		s.clauses++
	}
	g.clauses[id] = &clause{kind: k, state: gradeOf(p.Status, p.Basis), since: unix(p.Since), verified: p.Verified,
		evidence: keep(p.Evidence), next: keep(p.Next), at: s.now()}
	return taken
}

func keep(p langPair) words {
	return words{unique.Make(sentence(p.EN, maxText)), unique.Make(sentence(p.ZH, maxText))}
}

// kind numbers a clause. Rule packs may use one id for different clauses.
func (s *StateCache) kind(id string, cites langPair) (int, bool) {
	k := kind{ID: id, EN: sentence(cites.EN, maxText), ZH: sentence(cites.ZH, maxText)}
	key := kindKey{id, k.EN}
	if n, ok := s.known[key]; ok {
		return n, true
	}
	if len(s.kinds) >= kinds {
		return 0, false
	}
	s.kinds = append(s.kinds, k)
	s.known[key] = len(s.kinds) - 1
	return len(s.kinds) - 1, true
}

func (s *StateCache) noteCamera(name, id, leaf string, payload []byte) outcome {
	var apply func(c *camera)
	ok := true
	switch now := s.now(); leaf {
	case topics.Availability:
		var online bool
		online, ok = onlineWord(payload)
		apply = func(c *camera) { c.online, c.onlineAt = online, now }
	case topics.Protection:
		m := marks[media.Protection(payload)]
		ok = m != 0
		apply = func(c *camera) {
			if c.mark != m {
				c.mark, c.since = m, now
			}
			c.at = now
		}
	case topics.Metrics:
		var f figures
		f, ok = decodeFigures(payload)
		apply = func(c *camera) { c.figures, c.figureAt = f, now }
	default:
		return badTopic
	}
	if !ok {
		return badPayload
	}
	return s.applyCamera(name, id, leaf, apply)
}

// applyCamera makes no camera of metrics: they are not retained, and one
// that was removed must not come back by a late message.
func (s *StateCache) applyCamera(name, id, leaf string, apply func(*camera)) outcome {
	g := s.touch(name)
	if g == nil {
		return taken
	}
	c := g.cameras[id]
	if c == nil {
		switch {
		case leaf == topics.Metrics:
			return taken
		case len(g.cameras) >= gatewayCameras || s.cameras >= s.cfg.Cameras:
			return noRoom
		}
		c = &camera{}
		g.cameras[id] = c
		s.cameras++
	}
	apply(c)
	return taken
}

func decodeFigures(payload []byte) (figures, bool) {
	var f figures
	if json.Unmarshal(payload, &f) != nil {
		return f, false
	}
	for _, v := range []float64{f.FPS, f.LatencyMS, float64(f.Faces), float64(f.Masked), float64(f.Shown)} {
		if !(v >= 0 && v <= maxCount) {
			return f, false
		}
	}
	return f, f.Temperature == nil || math.Abs(*f.Temperature) < 1000
}

// clear forgets what an empty retained payload clears at the broker.
func (s *StateCache) clear(name string, rest []string) outcome {
	g := s.gateways[name]
	if g == nil {
		return taken
	}
	g.touched = true
	switch {
	case len(rest) == 1 && rest[0] == topics.Status:
		s.forget(g)
	case len(rest) == 2 && rest[0] == topics.Compliance:
		if g.clauses[rest[1]] != nil {
			delete(g.clauses, rest[1])
			s.clauses--
		}
	case len(rest) == 3 && rest[0] == topics.Camera && rest[2] == topics.Protection:
		if g.cameras[rest[1]] != nil {
			delete(g.cameras, rest[1])
			s.cameras--
		}
	}
	return taken
}

// forget drops a gateway whose status was cleared: it got another name.
func (s *StateCache) forget(g *gateway) {
	delete(s.gateways, g.name)
	s.reader.Leave(g.name)
	s.cameras -= len(g.cameras)
	s.clauses -= len(g.clauses)
	s.version++
	s.gone = append(s.gone, departure{g.name, s.version})
	if len(s.gone) > maxGone {
		s.floor, s.gone = s.gone[0].version, s.gone[1:]
	}
	s.wake()
}

// sentence makes a stranger's text fit to be kept: printable, one line, short.
func sentence(s string, limit int) string {
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "") + "..."
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
}
