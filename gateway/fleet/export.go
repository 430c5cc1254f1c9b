package fleet

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/text"
)

// week is what the page shows of the last week.
type week struct {
	Curve  []sample    `json:"curve"`
	Events []pastEvent `json:"events"` // the newest first
}

type pastEvent struct {
	At      int64  `json:"t"`
	Gateway string `json:"n"`
	Site    string `json:"d,omitempty"`
	From    rank   `json:"f"`
	To      rank   `json:"r"`
	By      string `json:"by,omitempty"`
}

// week returns what is remembered.
func (s *StateCache) week() week {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := week{Curve: slices.Clone(s.kept.Curve), Events: []pastEvent{}}
	for _, e := range slices.Backward(s.kept.Events) {
		one := pastEvent{At: e.At, Gateway: e.Gateway, From: e.From, To: e.To}
		if g := s.gateways[e.Gateway]; g != nil {
			one.Site = g.info.Site
		}
		if e.By != "" {
			one.By = s.who(e.By)
		}
		p.Events = append(p.Events, one)
	}
	return p
}

func (s *StateCache) serveHistory(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(s.week())
}

// rankWords are the ranks as the page calls them.
var rankWords = map[rank]text.Key{
	failing: text.FleetRankFailing, offlineNow: text.FleetRankGone, silent: text.FleetRankSilent, papers: text.FleetRankPapers, warning: text.FleetRankWarning, good: text.FleetRankGood,
}

// serveGatewaysCSV is the list as a table, the worst first.
func (s *StateCache) serveGatewaysCSV(w http.ResponseWriter, r *http.Request) {
	lang := language(r)
	s.mu.Lock()
	var rows []row
	for _, g := range s.gateways {
		rows = append(rows, g.row)
	}
	s.mu.Unlock()
	slices.SortFunc(rows, func(a, b row) int { return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Name, b.Name)) })
	out := sheet(w, "gateways", lang, text.FleetGateways, text.FleetSite, text.FleetState, text.FleetCameras, text.FleetMarkProtected, text.FleetMarkBlocked, text.FleetShare, text.FleetRules, text.FleetSeen, text.FleetConsole)
	for _, one := range rows {
		share := ""
		if one.Share != noShare {
			share = fmt.Sprintf("%.1f", one.Share)
		}
		count := func(m ...mark) string {
			n := 0
			for _, c := range []byte(one.Cameras) {
				if slices.Contains(m, mark(c)) {
					n++
				}
			}
			return strconv.Itoa(n)
		}
		write(out, one.Name, one.Site, text.Of(lang, rankWords[one.Rank]), strconv.Itoa(len(one.Cameras)), count(protected, overMasked), count(blocked), share, text.Of(lang, gradeWord(one.Grade)), one.Ack, one.Console)
	}
	out.Flush()
}

func gradeWord(g string) text.Key { return text.FleetPage["grade."+g] }

// serveHistoryCSV is what happened, the newest first.
func (s *StateCache) serveHistoryCSV(w http.ResponseWriter, r *http.Request) {
	lang := language(r)
	out := sheet(w, "history", lang, text.FleetWhen, text.FleetGateways, text.FleetSite, text.FleetFrom, text.FleetTo, text.FleetSeen)
	for _, e := range s.week().Events {
		write(out, time.Unix(e.At, 0).UTC().Format(time.RFC3339), e.Gateway, e.Site, text.Of(lang, rankWords[e.From]), text.Of(lang, rankWords[e.To]), e.By)
	}
	out.Flush()
}

// sheet begins a table that spreadsheets open in UTF-8.
func sheet(w http.ResponseWriter, name string, lang text.Lang, heads ...text.Key) *csv.Writer {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="bauta-`+name+`.csv"`)
	_, _ = w.Write([]byte("\uFEFF"))
	out := csv.NewWriter(w)
	out.UseCRLF = true
	var all []string
	for _, h := range heads {
		all = append(all, text.Of(lang, h))
	}
	write(out, all...)
	return out
}

// write adds a row. What a spreadsheet would take for a formula comes as text.
func write(out *csv.Writer, cells ...string) {
	for i, c := range cells {
		cells[i] = document.Harmless(c)
	}
	_ = out.Write(cells) // the reader may be gone
}
