package fleet

import (
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/gateway/sse"
)

const (
	// maxGone bounds the names remembered of gateways that were removed, for
	// pages that do not know of it yet.
	maxGone = 1000
	// pageWrite is how long a browser may take for one update. HTTP/2 ends a
	// stream at its deadline even if nothing is on its way: it stays above pagePing.
	pageWrite = 15 * time.Second
	// pagePing keeps proxies from taking an idle page for a dead one, and shows the
	// page that its server is there.
	pagePing = 10 * time.Second
)

// departure is a gateway that was removed.
type departure struct {
	name    string
	version uint64
}

// cursor is what a page knows.
type cursor struct {
	begun   bool
	version uint64
	kinds   int
	curve   int64
}

// update is what a page gets: all there is, or what is new.
type update struct {
	Now     int64    `json:"now"`
	Link    string   `json:"link"` // why the broker is not read; empty: it is
	LinkAt  int64    `json:"link_at"`
	Ignored uint64   `json:"ignored"`
	Kinds   []kind   `json:"kinds"` // follow those known
	Rows    []row    `json:"rows"`
	Gone    []string `json:"gone"`
	Curve   []sample `json:"curve"` // follow those known
}

// news returns what a page does not know, whether it is to begin anew with
// it, and a channel that closes when there is more.
func (s *StateCache) news(c *cursor) (u update, anew bool, more <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	anew = !c.begun || c.version < s.floor
	if anew {
		*c = cursor{begun: true}
	}
	i := s.ignored
	u = update{Now: s.now().Unix(), Link: string(s.link.Reason), LinkAt: s.link.Since.Unix(),
		Ignored: i.Topic + i.Payload + i.Limit + s.reader.TooLarge(), Kinds: append([]kind{}, s.kinds[c.kinds:]...), Rows: []row{}, Gone: []string{}, Curve: []sample{}}
	for _, g := range s.gateways {
		if g.version > c.version {
			u.Rows = append(u.Rows, g.row)
		}
	}
	for _, d := range s.gone {
		if d.version > c.version && !anew {
			u.Gone = append(u.Gone, d.name)
		}
	}
	for _, point := range s.history {
		if point.At > c.curve {
			u.Curve = append(u.Curve, point)
			c.curve = point.At
		}
	}
	c.version, c.kinds = s.version, len(s.kinds)
	return u, anew, s.changed
}

// stream keeps a page up to date until its browser leaves. What happens while
// an update is on its way comes with the next one.
func (s *StateCache) stream(w http.ResponseWriter, r *http.Request) {
	if s.pages.Add(1) > int64(s.cfg.Pages) {
		s.pages.Add(-1)
		http.Error(w, "too many open pages: close one", http.StatusServiceUnavailable)
		return
	}
	defer s.pages.Add(-1)
	out := sse.Start(w, pageWrite)
	ping := time.NewTicker(pagePing)
	defer ping.Stop()
	var known cursor
	for {
		u, anew, more := s.news(&known)
		event := "news"
		if anew {
			event = "all"
		}
		if out.Send(event, u) != nil {
			return
		}
		select { // at most one update a beat
		case <-r.Context().Done():
			return
		case <-time.After(beat):
		}
		select {
		case <-r.Context().Done():
			return
		case <-more:
		case <-ping.C:
		}
	}
}
