package camera

import (
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// A face that appears counts once; one frame in which it is not masked spoils
// its appearance, and a shown one is no masked one.
func TestWalkTest(t *testing.T) {
	tests := []struct {
		name    string
		records []media.Record // faces, masked, shown
		want    []bool         // masked, by appearance
	}{
		{"nobody", []media.Record{{}, {}}, nil},
		{"one passes", []media.Record{{}, {Faces: 1, Masked: 1}, {Faces: 1, Masked: 1}, {}}, []bool{true}},
		{"one comes twice", []media.Record{{Faces: 1, Masked: 1}, {}, {Faces: 1, Masked: 1}}, []bool{true, true}},
		{"two, one after the other", []media.Record{{Faces: 1, Masked: 1}, {Faces: 2, Masked: 2}, {Faces: 1, Masked: 1}, {}}, []bool{true, true}},
		{"one frame unmasked", []media.Record{{Faces: 1, Masked: 1}, {Faces: 1}, {Faces: 1, Masked: 1}}, []bool{false}},
		{"shown by consent", []media.Record{{Faces: 1, Shown: 1}}, []bool{false}},
		{"shown beside a masked one", []media.Record{{Faces: 1, Masked: 1}, {}, {Faces: 2, Masked: 1, Shown: 1}}, []bool{true, false, false}},
	}
	for _, test := range tests {
		var w walk
		now := time.Now()
		w.start(now, time.Minute)
		for _, r := range test.records {
			r.Code = media.Masked
			u, err := media.Vouch([][]byte{{1}}, false, r)
			if err != nil {
				t.Fatal(err)
			}
			w.clean(u, now)
		}
		w.clean(media.VouchSlate([][]byte{{1}}, true, 0, now), now)
		got, all := w.read(now), len(test.want) > 0
		masked := []bool{}
		for _, a := range got.Appearances {
			masked, all = append(masked, a.Masked), all && a.Masked
		}
		if !slices.Equal(masked, test.want) && len(masked)+len(test.want) > 0 || got.AllMasked != all || got.Pictures != len(test.records) || !got.Running {
			t.Errorf("%s: %+v, want %v", test.name, got, test.want)
		}
		if w.read(now.Add(time.Minute)).Running {
			t.Errorf("%s: it does not end", test.name)
		}
	}
}
