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
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

//go:embed report.html
var reportPage string

var reportTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"word": func(key string) Text { return word(text.Key(key)) },
	"said": func(key string, of Text) Text {
		label := word(text.Key(key))
		return Text{EN: label.EN + ": " + of.EN, ZH: label.ZH + "：" + of.ZH}
	},
	"standing":  func(c Clause) Text { return word(text.Standing(string(c.Status), string(c.Basis))) },
	"inspected": inspected,
	"status":    func(s policy.Status) Text { return word(text.Status(string(s))) },
	"place":     func(p policy.Place) Text { return word(p.Word()) },
	"kind":      func(k policy.PackKind) Text { return word(text.PackKind(string(k))) },
	"trust":     func(t policy.Trust) Text { return word(text.Trust(string(t))) },
	"deleted":   func(c *policy.Closing) bool { return c.FootageDeleted != nil && *c.FootageDeleted },
	"violation": func(k policy.ViolationKind) Text { return word(k.Word()) },
	"date":      clock(time.UTC), // here and below: html has those of the pack in their place
	"camera":    func(media.CameraID) template.HTML { return "" },
	"areas":     func([]string) template.HTML { return "" },
	"percent": func(share float64) string {
		return fmt.Sprintf("%.2f%%", policy.Percent(share, 2))
	},
	"kinds":   kinds,
	"purpose": func(name string) Text { return word(text.Purpose(name)) },
	"consent": func(state string) Text { return word(text.ConsentState(state)) },
	"record":  func(k register.Kind) Text { return word(text.RecordKindName(string(k))) },
	"line":    func(r store.StoredRecord, v store.Version) versionLine { return versionLine{r.Kind, r.ID, v} },
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
	t, err := reportTemplate.Clone()
	if err != nil {
		return err
	}
	t.Funcs(template.FuncMap{
		"date":   clock(e.From.Location()),
		"camera": func(id media.CameraID) template.HTML { return named(e.camera(id), string(id)) },
		"areas": func(ids []string) template.HTML {
			var all []string
			for i, name := range e.areas(ids) {
				all = append(all, string(named(name, ids[i])))
			}
			return template.HTML(strings.Join(all, ", "))
		},
	})
	return t.Execute(w, page{
		Evidence: e, Summary: s, Key: hex.EncodeToString(e.Key.Public().(ed25519.PublicKey)), Share: Share(e.Days),
		Protection: e.protectionChart(), Acts: countChart(counts),
	})
}

// clock tells times by that of the site; empty where there is none.
func clock(zone *time.Location) func(time.Time) string {
	return func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(zone).Format(time.DateTime)
	}
}

// named is a name with the id small beside it, where that is another.
func named(name, id string) template.HTML {
	shown := template.HTMLEscapeString(name)
	if name != id {
		shown += " <small>" + template.HTMLEscapeString(id) + "</small>"
	}
	return template.HTML(shown)
}

// Last is the last day of the period.
func (p page) Last() civil.Date { return civil.Of(p.To).After(-1) }

// First is its first day.
func (p page) First() civil.Date { return civil.Of(p.From) }

// Zone is whose clock tells the times.
func (p page) Zone() string { return p.From.Location().String() }

// kindCount is how many records of a kind there are.
type kindCount struct {
	Name  Text
	Count int
}

// kinds counts the records by their kinds; those without any are shown too.
func kinds(all []store.StoredRecord) (counts []kindCount) {
	of := map[register.Kind]int{}
	for _, r := range all {
		of[r.Kind]++
	}
	for _, k := range register.Kinds {
		counts = append(counts, kindCount{word(text.RecordKindName(string(k))), of[k]})
	}
	return counts
}

// A chart is at most mostBars bars; of more days several share one. A bar is at most widestBar.
const (
	mostBars    = 200
	widestBar   = 40
	chartWidth  = 800
	chartHeight = 120
)

// bar is one bar: parts of the chart's height, 0 to 1, from the bottom, and a title.
type bar struct {
	title string
	parts []float64
}

// perBar is how many of so many days share a bar.
func perBar(days int) int { return max(1, (days+mostBars-1)/mostBars) }

// chart draws bars in these colours, with the titles of the first and the last below.
func chart(bars []bar, colours ...string) template.HTML {
	if len(bars) == 0 {
		return "<p>–</p>"
	}
	width := min(widestBar, float64(chartWidth)/float64(len(bars)))
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" class="chart">`, chartWidth, chartHeight)
	for i, one := range bars {
		y := float64(chartHeight)
		for j, part := range one.parts {
			h := part * chartHeight
			y -= h
			fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"><title>%s</title></rect>`,
				float64(i)*width, y, width*3/4, h, colours[j], template.HTMLEscapeString(one.title))
		}
	}
	fmt.Fprintf(&b, `</svg><p><small>%s – %s</small></p>`, template.HTMLEscapeString(bars[0].title), template.HTMLEscapeString(bars[len(bars)-1].title))
	return template.HTML(b.String())
}

// span names the days of a bar.
func span(first, last civil.Date) string {
	if first == last {
		return string(first)
	}
	return fmt.Sprintf("%s – %s", first, last)
}

func (e Evidence) protectionChart() template.HTML {
	var bars []bar
	days := chartDays(e.Days)
	for some := range slices.Chunk(days, perBar(len(days))) {
		var d store.Day
		for _, one := range some {
			d.Add(one)
		}
		all := max(d.Protected+d.Gap+d.Offline, 1)
		bars = append(bars, bar{fmt.Sprintf("%s: %.0f / %.0f / %.0f min", span(some[0].Day, some[len(some)-1].Day), d.Protected/60, d.Gap/60, d.Offline/60),
			[]float64{d.Protected / all, d.Gap / all, d.Offline / all}})
	}
	return chart(bars, "#2ca02c", "#d62728", "#bbbbbb")
}

func countChart(counts map[civil.Date]int) template.HTML {
	var bars []bar
	var sums []int
	days := slices.Sorted(maps.Keys(counts))
	for some := range slices.Chunk(days, perBar(len(days))) {
		sum := 0
		for _, day := range some {
			sum += counts[day]
		}
		sums = append(sums, sum)
		bars = append(bars, bar{title: fmt.Sprintf("%s: %d", span(some[0], some[len(some)-1]), sum)})
	}
	for i := range bars {
		bars[i].parts = []float64{float64(sums[i]) / float64(slices.Max(sums))}
	}
	return chart(bars, "#1f77b4")
}
