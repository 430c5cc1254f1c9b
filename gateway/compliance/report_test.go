package compliance

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
)

// A year has more days than a chart has bars: days that share a bar are summed up, none is left
// out.
func TestEachDayIsDrawn(t *testing.T) {
	first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for gap := 0; gap < 365; gap += 13 {
		var days []store.Day
		counts := map[civil.Date]int{}
		for i := range 365 {
			d := store.Day{Day: civil.Of(first.AddDate(0, 0, i)), Camera: "gate", Protected: 86400}
			counts[d.Day] = 1
			if i == gap {
				d.Protected, d.Gap = 0, 86400
				counts[d.Day] = 1000
			}
			days = append(days, d)
		}
		red := regexp.MustCompile(`height="[1-9][0-9.]*" fill="#d62728"`).FindAllString(string(Evidence{Days: days}.protectionChart()), -1)
		if len(red) != 1 {
			t.Errorf("a gap on day %d: %d red bars", gap, len(red))
		}
		high := strings.Count(string(countChart(counts)), `height="120.0"`)
		if high != 1 {
			t.Errorf("1000 entries on day %d: %d high bars", gap, high)
		}
	}
	if got := (Evidence{}).protectionChart(); strings.Contains(string(got), "svg") {
		t.Errorf("a chart of nothing: %s", got)
	}
}

// All kinds of records are counted, in words of both languages.
func TestAllKindsAreCounted(t *testing.T) {
	all := []store.StoredRecord{{Kind: register.KindIncident}, {Kind: register.KindIncident}, {Kind: register.KindWalk}}
	got := kinds(all)
	if len(got) != len(register.Kinds) {
		t.Fatalf("%d of %d kinds", len(got), len(register.Kinds))
	}
	for i, k := range register.Kinds {
		want := map[register.Kind]int{register.KindIncident: 2, register.KindWalk: 1}[k]
		if got[i].Count != want || got[i].Name != word(text.RecordKindName(string(k))) || got[i].Name.ZH == got[i].Name.EN {
			t.Errorf("%s: %+v", k, got[i])
		}
	}
}
