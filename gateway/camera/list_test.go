package camera

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera/sheet"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func rows(t *testing.T, table string) []sheet.Entry {
	t.Helper()
	all, err := sheet.Read([]byte(table))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func states(all []Outcome) string {
	var s []string
	for _, o := range all {
		s = append(s, o.State)
	}
	return strings.Join(s, " ")
}

// A dry run says what comes of each row and changes nothing; each row stands alone; what was
// exported changes nothing.
func TestImport(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "gate", Name: "Gate", URL: "rtsp://127.0.0.1:9/gate", User: "u", Password: "p", Place: "lobby"})
	table := "id,name,address,password,place,purpose,mask\n" +
		"gate,大门,,new,,public-safety,\n" + // changed
		",North,rtsp://127.0.0.1:9/north,x,lobby,,solid\n" + // new
		",North again,rtsp://127.0.0.1:9/north,,,,\n" + // the same address twice
		",Toilet,rtsp://127.0.0.1:9/wc,,public-toilet,,\n" + // prohibited
		",Web,http://127.0.0.1/,,,,\n" + // no address
		",,rtsp://127.0.0.1:9/nameless,,,,\n" +
		"gate,Twice,,,,,\n"
	want := "changed new refused refused refused refused refused"
	dry := s.Import(t.Context(), rows(t, table), false)
	if states(dry) != want || s.Count() != 1 {
		t.Fatalf("%+v", dry)
	}
	if rec, _ := s.cfg.Store.Camera("gate"); rec.Name != "Gate" || rec.Password.Reveal() != "p" {
		t.Errorf("the dry run changed %+v", rec)
	}
	for i, column := range []text.Key{"", "", "", text.CSVPlace, text.CSVAddress, text.CSVName, ""} {
		if dry[i].Column != column {
			t.Errorf("row %d: column %q, want %q", dry[i].Row, dry[i].Column, column)
		}
	}
	if done := s.Import(t.Context(), rows(t, table), true); states(done) != want {
		t.Fatalf("%+v", done)
	}
	rec, _ := s.cfg.Store.Camera("gate")
	if facts, _ := s.Facts("gate"); rec.Name != "大门" || rec.Password.Reveal() != "new" || facts.Purpose != "public-safety" || facts.Place != "lobby" {
		t.Errorf("%+v, %+v", rec, facts)
	}
	if north, err := s.cfg.Store.Camera("north"); err != nil || north.Mask != "solid" || north.Password.Reveal() != "x" || s.Count() != 2 {
		t.Errorf("%+v, %v", north, err)
	}
	var out strings.Builder
	all, err := s.Sheets()
	if err != nil || sheet.Write(&out, text.ZhCN, all) != nil || strings.Contains(out.String(), "new") {
		t.Errorf("%q, %v", out.String(), err)
	}
	before := s.camera("gate")
	if again := s.Import(t.Context(), rows(t, out.String()), true); states(again) != "unchanged unchanged" || s.camera("gate") != before {
		t.Errorf("what was exported: %+v", again)
	}
	five := ""
	for i := range 5 {
		five += fmt.Sprintf("c,rtsp://127.0.0.1:9/%d\n", i)
	}
	if full := s.Import(t.Context(), rows(t, "name,address\n"+five), false); states(full) != "new new refused refused refused" {
		t.Errorf("beyond the limit: %+v", full)
	}
}

// The same is said of several cameras; what is each camera's own is not, nor a prohibited place.
func TestChangeMany(t *testing.T) {
	s := newSet(t)
	for _, id := range []string{"a", "b", "c"} {
		s.add(t, api.NewCamera{ID: id, Name: id, URL: "rtsp://127.0.0.1:9/" + id})
	}
	_ = s.SetFacts(t.Context(), "c", policy.Camera{Place: policy.Prohibited[0]})
	running := s.camera("a")
	done, err := s.ChangeMany(t.Context(), api.CamerasChange{Cameras: []media.CameraID{"a", "b", "c", "a", "none"},
		Change: api.CameraChange{Group: is("一楼"), Mask: is("solid")}, Facts: api.FactsChange{Purpose: is("fire-safety")}})
	if err != nil || states(done) != "changed changed refused refused" {
		t.Fatalf("%+v, %v", done, err)
	}
	if s.camera("a") != running || running.status().Group != "一楼" || running.status().Mask != "solid" {
		t.Error("it was connected to anew, or not changed")
	}
	if facts, _ := s.Facts("b"); facts.Purpose != "fire-safety" {
		t.Errorf("%+v", facts)
	}
	for what, in := range map[string]api.CamerasChange{
		"an address": {Change: api.CameraChange{URL: is("rtsp://127.0.0.1:9/x")}}, "a password": {Change: api.CameraChange{Password: is("x")}},
		"a prohibited place": {Facts: api.FactsChange{Place: is(policy.Prohibited[0])}},
	} {
		in.Cameras = []media.CameraID{"a"}
		if _, err := s.ChangeMany(t.Context(), in); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
}

// Sixty-four cameras come by one table.
func TestImportOfManyCameras(t *testing.T) {
	s := newSet(t)
	s.cfg.Limit = 64
	table := "name,group,address\n"
	for i := range 64 {
		table += fmt.Sprintf("走廊 %d 号,%d 层,rtsp://127.0.0.1:9/%d\n", i, i/8, i)
	}
	begin := time.Now()
	if done := s.Import(t.Context(), rows(t, table), true); strings.Count(states(done), "new") != 64 {
		t.Fatalf("%s", states(done))
	}
	t.Logf("added after %v", time.Since(begin).Round(time.Millisecond))
	var all []media.CameraID
	all = append(all, s.IDs()...)
	begin = time.Now()
	done, err := s.ChangeMany(t.Context(), api.CamerasChange{Cameras: all, Change: api.CameraChange{Group: is("一楼")}, Facts: api.FactsChange{Purpose: is("fire-safety")}})
	if err != nil || strings.Count(states(done), "changed") != 64 {
		t.Fatalf("%s, %v", states(done), err)
	}
	t.Logf("changed after %v", time.Since(begin).Round(time.Millisecond))
}
