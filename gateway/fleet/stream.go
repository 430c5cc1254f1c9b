package fleet

import (
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/gateway/sse"
)

const (
	// maxGone bounds the names remembered of gateways that were removed, for
	// pages that have not heard of it yet.
	maxGone = 1000
	// pageWrite is how long a browser may take for one update. HTTP/2 ends a
	// stream at its deadline even if nothing is on its way: it stays above pagePing.
	pageWrite = 15 * time.Second
	// pagePing keeps proxies from taking a quiet page for a dead one, and tells
	// the page that its server is there.
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
	Link    string   `json:"link"` // why the broker is not heard; empty: it is
	LinkAt  int64    `json:"link_at"`
	Ignored uint64   `json:"ignored"`
	Kinds   []kind   `json:"kinds"` // follow those known
	Rows    []row    `json:"rows"`
	Gone    []string `json:"gone"`
	Curve   []sample `json:"curve"` // follow those known
}

// news returns what a page does not know, whether it is to begin anew with
// it, and a channel that closes when there is more.
func (b *StateCache) news(c *cursor) (u update, anew bool, more <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	anew = !c.begun || c.version < b.floor
	if anew {
		*c = cursor{begun: true}
	}
	i := b.ignored
	u = update{Now: b.now().Unix(), Link: string(b.link.Reason), LinkAt: b.link.Since.Unix(),
		Ignored: i.Topic + i.Payload + i.Limit + b.reader.TooLarge(), Kinds: append([]kind{}, b.kinds[c.kinds:]...), Rows: []row{}, Gone: []string{}, Curve: []sample{}}
	for _, g := range b.gateways {
		if g.version > c.version {
			u.Rows = append(u.Rows, g.row)
		}
	}
	for _, d := range b.gone {
		if d.version > c.version && !anew {
			u.Gone = append(u.Gone, d.name)
		}
	}
	for _, s := range b.curve {
		if s.At > c.curve {
			u.Curve = append(u.Curve, s)
			c.curve = s.At
		}
	}
	c.version, c.kinds = b.version, len(b.kinds)
	return u, anew, b.changed
}

// stream keeps a page up to date until its browser leaves. What happens while
// an update is on its way comes with the next one.
func (b *StateCache) stream(w http.ResponseWriter, r *http.Request) {
	if b.pages.Add(1) > int64(b.cfg.Pages) {
		b.pages.Add(-1)
		http.Error(w, "too many open pages: close one", http.StatusServiceUnavailable)
		return
	}
	defer b.pages.Add(-1)
	out := sse.Start(w, pageWrite)
	ping := time.NewTicker(pagePing)
	defer ping.Stop()
	var known cursor
	for {
		u, anew, more := b.news(&known)
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
