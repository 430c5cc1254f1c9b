package fleet

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"time"
	"unique"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The heartbeat where a gateway named none, and the bounds of what it may
// name: a wrong one must not make old states seem fresh for a day.
const (
	defaultHeartbeat = 30 * time.Second
	minHeartbeat     = time.Second
	maxHeartbeat     = 10 * time.Minute
)

// gateway is what one gateway has said, and when each thing last arrived.
type gateway struct {
	name      string
	online    bool
	onlineAt  time.Time
	info      info
	heartbeat time.Duration
	standing  standing
	cameras   map[string]*camera
	clauses   map[string]*clause

	touched bool
	check   time.Time // when something next grows stale
	row     row
	version uint64
	story   story
}

type info struct {
	Version string
	Pack    string
	// Site is what people call it, Console where its pages are; empty: not said.
	Site, Console string
}

type standing struct {
	state grade
	share float64 // in percent, or noShare
	since int64
	at    time.Time
}

type camera struct {
	name     string // for people; empty: not said
	online   bool
	onlineAt time.Time
	mark     mark
	since    time.Time // when the mark first came
	at       time.Time
	figures  figures
	figureAt time.Time
}

// figures are a camera's newest metrics.
type figures struct {
	FPS         float64  `json:"fps"`
	LatencyMS   float64  `json:"latency_ms"`
	Faces       int      `json:"faces"`
	Masked      int      `json:"masked"`
	Shown       int      `json:"shown"`
	Temperature *float64 `json:"temperature_c"`
}

type clause struct {
	kind     int
	state    grade
	since    int64
	evidence words
	next     words
	verified bool
	at       time.Time
}

// words are a text in both languages. Most gateways say the same, so each
// text is kept once.
type words struct{ en, zh unique.Handle[string] }

// kind is a clause that some gateway has: its id and what it cites.
type kind struct {
	ID string `json:"id"`
	EN string `json:"en"`
	ZH string `json:"zh"`
}

type kindKey struct{ id, cites string }

// mark is how a camera stands, as a letter.
type mark byte

// The marks of cameras. Stale is what becomes of one that sends no more.
const (
	protected  mark = 'p'
	overMasked mark = 'o'
	blocked    mark = 'b'
	offline    mark = 'f'
	unknown    mark = 'u'
	stale      mark = 's'
)

var marks = map[media.Protection]mark{
	media.Protected: protected, media.OverMasked: overMasked, media.Blocked: blocked, media.Offline: offline, media.UnknownProtection: unknown,
}

// grade is how a gateway or a clause stands by the rules, as a letter.
type grade byte

// The grades; none: nothing was said. Onfile is in order by what somebody said or recorded, or
// by design: only what a gateway measured is a pass here. A gateway as a whole is never more
// than that, as no site has measured clauses alone.
const (
	pass     grade = 'p'
	onfile   grade = 'd'
	warn     grade = 'w'
	fail     grade = 'f'
	unsure   grade = 'u'
	staleOld grade = 's'
	none     grade = '-'
)

var grades = map[string]grade{"pass": onfile, "warn": warn, "fail": fail, "unknown": unsure}

// gradeOf is how a clause stands. Gateways of earlier versions name no basis.
func gradeOf(status string, basis policy.Basis) grade {
	if status == string(policy.Pass) && basis == policy.Measured {
		return pass
	}
	return grades[status]
}

// rank orders gateways, the worst first.
type rank int

// The ranks. Red is for pictures alone, amber for papers. Offline and Stale are shown in grey: what they say is old.
const (
	failing    rank = iota // a camera is blocked
	offlineNow             // offline by its last will
	silent                 // nothing received for three heartbeats
	papers                 // a clause fails
	warning                // everything blurred, a camera without frames, something not known
	good
)

// noShare stands for the protected share of a gateway that has none: no camera sent, or nothing was said.
const noShare = -1.0

// row is what the list shows of a gateway. It is comparable: equal rows are
// not sent again.
type row struct {
	Name    string  `json:"n"`
	Rank    rank    `json:"r"`
	Cameras string  `json:"c"` // a mark for each, by name
	Grade   string  `json:"g"`
	Share   float64 `json:"h"` // protected share in percent, or noShare
	Clauses string  `json:"q"` // a grade for each kind
	Since   int64   `json:"t"` // of the grade, Unix seconds; 0: not said
	Site    string  `json:"d,omitempty"`
	Console string  `json:"u,omitempty"`
	Ack     string  `json:"k,omitempty"` // who has seen what is wrong
}

// fresh reports whether what arrived at this time still counts.
func (g *gateway) fresh(at, now time.Time) bool {
	return !at.IsZero() && now.Sub(at) <= 3*g.heartbeat
}

// makeRow sums a gateway up.
func (g *gateway) makeRow(now time.Time) row {
	r := row{Name: g.name, Cameras: g.cameraMarks(now), Grade: string(none), Share: noShare, Clauses: g.clauseGrades(now)}
	if !g.standing.at.IsZero() {
		r.Grade, r.Share, r.Since = string(g.gradeNow(g.standing.state, g.standing.at, now)), g.standing.share, g.standing.since
	}
	r.Rank, r.Site, r.Console = g.rank(r, now), g.info.Site, g.info.Console
	return r
}

// alive reports whether what the gateway says can be trusted to be of now.
func (g *gateway) alive(now time.Time) bool { return g.online && g.fresh(g.onlineAt, now) }

func (g *gateway) rank(r row, now time.Time) rank {
	switch {
	case !g.online:
		return offlineNow
	case !g.alive(now):
		return silent
	case contains(r.Cameras, blocked):
		return failing
	case r.Grade == string(fail):
		return papers
	case r.Grade != string(onfile) || contains(r.Cameras, overMasked, offline, unknown, stale):
		return warning
	}
	return good
}

func contains(s string, any ...mark) bool {
	return slices.ContainsFunc([]byte(s), func(c byte) bool { return slices.Contains(any, mark(c)) })
}

func (g *gateway) cameraMarks(now time.Time) string {
	out := make([]byte, 0, len(g.cameras))
	for _, name := range slices.Sorted(maps.Keys(g.cameras)) {
		out = append(out, byte(g.markNow(g.cameras[name], now)))
	}
	return string(out)
}

// markNow is a camera's mark, unless it is too old to be shown.
func (g *gateway) markNow(c *camera, now time.Time) mark {
	switch {
	case !g.alive(now) || !c.at.IsZero() && !g.fresh(c.at, now):
		return stale
	case c.at.IsZero():
		return unknown
	}
	return c.mark
}

func (g *gateway) gradeNow(state grade, at, now time.Time) grade {
	if !g.alive(now) || !g.fresh(at, now) {
		return staleOld
	}
	return state
}

// clauseGrades has a letter at the place of each kind, up to the last one that
// this gateway has.
func (g *gateway) clauseGrades(now time.Time) string {
	last := -1
	for _, c := range g.clauses {
		last = max(last, c.kind)
	}
	out := make([]byte, last+1)
	for i := range out {
		out[i] = byte(none)
	}
	for _, c := range g.clauses {
		out[c.kind] = byte(g.gradeNow(c.state, c.at, now))
	}
	return string(out)
}

// sample is one point of the history: percent of cameras protected now, and the
// mean of the protected shares of today; -1: none is known.
type sample struct {
	At        int64   `json:"t"`
	Protected float64 `json:"p"`
	Share     float64 `json:"h"`
}

func takeSample(now time.Time, all map[string]*gateway) sample {
	var cameras, covered, shares, tenths int
	for _, g := range all {
		for _, m := range []byte(g.row.Cameras) {
			cameras++
			if mark(m) == protected || mark(m) == overMasked {
				covered++
			}
		}
		if g.row.Share != noShare && g.row.Rank != offlineNow && g.row.Rank != silent {
			tenths += int(math.Round(10 * g.row.Share))
			shares++
		}
	}
	s := sample{At: now.Unix(), Protected: -1, Share: noShare}
	if cameras > 0 {
		s.Protected = policy.Percent(float64(covered)/float64(cameras), 1)
	}
	if shares > 0 {
		s.Share = float64(tenths/shares) / 10
	}
	return s
}

// detail is all that is known of one gateway, for the page that opens it.
type detail struct {
	Name        string         `json:"name"`
	Site        string         `json:"site"`
	Console     string         `json:"console"`
	Ack         string         `json:"ack"`
	AckAt       int64          `json:"ack_at"`
	Rank        rank           `json:"rank"`
	LastMessage int64          `json:"heard"` // Unix seconds
	Version     string         `json:"version"`
	Pack        string         `json:"pack"`
	Grade       string         `json:"grade"`
	Share       float64        `json:"share"`
	Since       int64          `json:"since"`
	Cameras     []cameraDetail `json:"cameras"`
	Clauses     []clauseDetail `json:"clauses"`
}

type cameraDetail struct {
	Name    string   `json:"name"`
	Title   string   `json:"title,omitempty"`
	Mark    string   `json:"mark"`
	Since   int64    `json:"since"`
	Online  bool     `json:"online"`
	Figures *figures `json:"figures"` // nil: none that are fresh
}

type clauseDetail struct {
	ID       string   `json:"id"`
	Grade    string   `json:"grade"`
	Since    int64    `json:"since"`
	Verified bool     `json:"verified"`
	Citation langPair `json:"citation"`
	Evidence langPair `json:"evidence"`
	Next     langPair `json:"next"`
}

type langPair struct {
	EN string `json:"en"`
	ZH string `json:"zh"`
}

func (w words) pair() langPair {
	if w == (words{}) {
		return langPair{}
	}
	return langPair{w.en.Value(), w.zh.Value()}
}

// detail returns a gateway's page as JSON; false where there is none.
func (s *StateCache) detail(name string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateways[name]
	if g == nil {
		return nil, false
	}
	now := s.now()
	r := g.makeRow(now)
	d := detail{Name: name, Site: r.Site, Console: r.Console, Ack: s.whoSaw(name), AckAt: s.kept.Acks[name].At, Rank: r.Rank, Version: g.info.Version, Pack: g.info.Pack, Grade: r.Grade, Share: r.Share,
		Since: r.Since, Cameras: g.cameraDetails(now), Clauses: s.clauseDetails(g, now), LastMessage: g.onlineAt.Unix()}
	out, err := json.Marshal(d)
	return out, err == nil
}

func (g *gateway) cameraDetails(now time.Time) []cameraDetail {
	out := []cameraDetail{}
	for _, name := range slices.Sorted(maps.Keys(g.cameras)) {
		c := g.cameras[name]
		d := cameraDetail{Name: name, Title: c.name, Mark: string(g.markNow(c, now)), Online: c.online && g.fresh(c.onlineAt, now)}
		if !c.since.IsZero() {
			d.Since = c.since.Unix()
		}
		if g.alive(now) && g.fresh(c.figureAt, now) {
			d.Figures = &c.figures
		}
		out = append(out, d)
	}
	return out
}

// clauseDetails begins with the worst; m9 comes before m10.
func (s *StateCache) clauseDetails(g *gateway, now time.Time) []clauseDetail {
	out := []clauseDetail{}
	for id, c := range g.clauses {
		k := s.kinds[c.kind]
		out = append(out, clauseDetail{ID: id, Grade: string(g.gradeNow(c.state, c.at, now)), Since: c.since, Verified: c.verified,
			Citation: langPair{k.EN, k.ZH}, Evidence: c.evidence.pair(), Next: c.next.pair()})
	}
	const order = "fuwspd-"
	slices.SortFunc(out, func(x, y clauseDetail) int {
		return cmp.Or(cmp.Compare(place(order, x.Grade), place(order, y.Grade)), cmp.Compare(len(x.ID), len(y.ID)), cmp.Compare(x.ID, y.ID))
	})
	return out
}

func place(order, letter string) int {
	return slices.Index([]byte(order), letter[0])
}
