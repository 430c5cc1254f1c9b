package compliance

import (
	"cmp"
	"crypto/ed25519"
	_ "embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
)

//go:embed report.html
var reportPage string

var reportTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"word":      func(key string) Text { return word(text.Key(key)) },
	"standing":  func(c Clause) Text { return word(text.Standing(string(c.Status), string(c.Basis))) },
	"inspected": inspected,
	"status":    func(s policy.Status) Text { return word(text.Status(string(s))) },
	"place":     func(p policy.Place) Text { return word(p.Word()) },
	"kind":      func(k policy.PackKind) Text { return word(text.PackKind(string(k))) },
	"trust":     func(t policy.Trust) Text { return word(text.Trust(string(t))) },
	"deleted":   func(c *policy.Closing) bool { return c.FootageDeleted != nil && *c.FootageDeleted },
	"violation": func(k policy.ViolationKind) Text { return word(k.Word()) },
	"date":      func(t time.Time) string { return t.Format(time.DateTime) },
	"percent": func(share float64) string {
		return fmt.Sprintf("%.2f%%", policy.Percent(share, 2))
	},
	"stamp": stamp,
	"line":  func(r store.StoredRecord, v store.Version) versionLine { return versionLine{r.Kind, r.ID, v} },
}).Parse(reportPage))

// order is that in which an inspector reads: what is wanting first, then what was only said,
// then what is on record, and what was measured.
var order = []string{string(policy.Fail), string(policy.Unknown), string(policy.Warn), string(policy.Declared), string(policy.Recorded), string(policy.Measured), string(policy.Design),
	string(policy.NotApplicable), string(policy.Info)}

// inspected are clauses in that order.
func inspected(all []Clause) []Clause {
	at := func(c Clause) int { return slices.Index(order, cmp.Or(string(c.Basis), string(c.Status))) }
	return slices.SortedStableFunc(slices.Values(all), func(a, b Clause) int { return at(a) - at(b) })
}

// page is what the report shows.
type page struct {
	Evidence
	Summary          auditSummary
	Key              string
	Share            *float64
	Protection, Acts template.HTML
}

// html writes the readable report: one file that needs no network.
func (e Evidence) html(w io.Writer, s auditSummary, counts map[civil.Date]int) error {
	return reportTemplate.Execute(w, page{
		Evidence: e, Summary: s, Key: hex.EncodeToString(e.Key.Public().(ed25519.PublicKey)), Share: Share(e.Days),
		Protection: e.protectionChart(), Acts: countChart(counts),
	})
}

// A chart is at most chartWide bars; a year is drawn by weeks.
const (
	chartWide   = 200
	chartHeight = 120
)

// bar is one bar: parts of the chart's height, 0 to 1, from the bottom, and a
// title.
type bar struct {
	title string
	parts []float64
}

// chart draws bars in these colours.
func chart(bars []bar, colours ...string) template.HTML {
	step := max(1, (len(bars)+chartWide-1)/chartWide)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" class="chart">`, chartWide*4, chartHeight)
	for i := 0; i < len(bars); i += step {
		y := float64(chartHeight)
		for j, part := range bars[i].parts {
			h := part * chartHeight
			y -= h
			fmt.Fprintf(&b, `<rect x="%d" y="%.1f" width="3" height="%.1f" fill="%s"><title>%s</title></rect>`,
				i/step*4, y, h, colours[j], template.HTMLEscapeString(bars[i].title))
		}
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

func (e Evidence) protectionChart() template.HTML {
	var bars []bar
	for _, d := range chartDays(e.Days) {
		all := max(d.Protected+d.Gap+d.Offline, 1)
		bars = append(bars, bar{fmt.Sprintf("%s: %.0f / %.0f / %.0f min", d.Day, d.Protected/60, d.Gap/60, d.Offline/60),
			[]float64{d.Protected / all, d.Gap / all, d.Offline / all}})
	}
	return chart(bars, "#2ca02c", "#d62728", "#bbbbbb")
}

func countChart(counts map[civil.Date]int) template.HTML {
	most := 1
	for _, n := range counts {
		most = max(most, n)
	}
	var bars []bar
	for _, day := range slices.Sorted(maps.Keys(counts)) {
		bars = append(bars, bar{fmt.Sprintf("%s: %d", day, counts[day]), []float64{float64(counts[day]) / float64(most)}})
	}
	return chart(bars, "#1f77b4")
}
