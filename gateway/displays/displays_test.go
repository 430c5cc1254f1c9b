package displays

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// building has cameras by the floor on which they hang.
type building map[media.CameraID]string

func (b building) Has(id media.CameraID) bool     { _, ok := b[id]; return ok }
func (b building) Group(id media.CameraID) string { return b[id] }

// desk is what a test works with.
type desk struct {
	*Displays
	store   *store.Store
	cameras building
	seen    []string
	at      time.Time
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "bauta.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	d := &desk{store: s, cameras: building{"lobby": "ground floor", "yard": "", "office": "2楼"}, at: time.Now()}
	d.reopen(t)
	return d
}

// reopen is what a restart does.
func (d *desk) reopen(t *testing.T) {
	t.Helper()
	var err error
	d.Displays, err = Open(d.store, func() Cameras { return d.cameras }, func(id string, watching bool) {
		word := "ends"
		if watching {
			word = "begins"
		}
		d.seen = append(d.seen, word)
	})
	if err != nil {
		t.Fatal(err)
	}
	d.now = func() time.Time { return d.at }
}

func (d *desk) add(t *testing.T, in api.NewDisplay) api.MadeDisplay {
	t.Helper()
	in.Label, in.Person, in.Place = "Lodge", "Wang Fang", "North gate"
	made, err := d.Add(in)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (d *desk) cookie(t *testing.T, made api.MadeDisplay) string {
	t.Helper()
	cookie, until, ok := d.Exchange(made.Token)
	if !ok || !until.Equal(made.Expires) || strings.Contains(made.Token, cookie) {
		t.Fatalf("%q until %v, %v", cookie, until, ok)
	}
	return cookie
}

// A screen sees its cameras and groups alone, over a restart too, until the link is withdrawn.
func TestScreenSeesItsCameras(t *testing.T) {
	d := openDesk(t)
	made := d.add(t, api.NewDisplay{Cameras: []media.CameraID{"yard"}, Groups: []string{"2楼"}})
	if days := made.Expires.Sub(made.Created).Hours() / 24; days < 364 || days > 366 {
		t.Errorf("it is good for %v days", days)
	}
	cookie := d.cookie(t, made)
	d.reopen(t)
	who, ok := d.Find(cookie)
	if !ok || who.Role != identity.Display || who.ID != made.ID || who.Sees("lobby") || !who.Sees("yard") || !who.Sees("office") {
		t.Fatalf("%+v, %v", who, ok)
	}
	if again := d.cookie(t, made); again != cookie {
		t.Error("a screen that lost its cookie gets another one")
	}
	for _, wrong := range []string{"", made.Token, cookie + "A", Prefix + strings.Repeat("A", 43)} {
		if _, ok := d.Find(wrong); ok {
			t.Errorf("%q is a cookie", wrong)
		}
	}
	if _, _, ok := d.Exchange(cookie); ok {
		t.Error("a cookie is a token")
	}
	forget := func() {
		delete(d.cameras, "yard")
		if err := d.Forget("yard"); err != nil {
			t.Fatal(err)
		}
	}
	again := d.AgainCamera("yard")
	forget()
	d.cameras["yard"] = ""
	if err := again(); err != nil || !who.Sees("yard") {
		t.Errorf("a camera that is put back is not seen: %v", err)
	}
	forget()
	d.cameras["yard"], d.cameras["office"] = "", ""
	if who.Sees("yard") || who.Sees("office") {
		t.Error("it sees another camera of that name, or one that left its group")
	}
	if _, err := d.Withdraw(made.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok := d.Find(cookie); ok || who.Until.Err() == nil {
		t.Error("it goes on after it was withdrawn")
	}
	d.reopen(t)
	if _, ok := d.Find(cookie); ok || len(d.List()) != 0 {
		t.Error("it is there again after a restart")
	}
}

// A link without cameras and groups shows those to come too; one whose last camera was
// removed shows none.
func TestAllIsSaid(t *testing.T) {
	d := openDesk(t)
	all, _ := d.Find(d.cookie(t, d.add(t, api.NewDisplay{})))
	one, _ := d.Find(d.cookie(t, d.add(t, api.NewDisplay{Cameras: []media.CameraID{"yard"}})))
	d.cameras["new"] = ""
	if err := d.Forget("yard"); err != nil {
		t.Fatal(err)
	}
	if !all.Sees("new") || one.Sees("new") || one.Sees("yard") {
		t.Error("all and none are mixed up")
	}
}

// No link is endless, and one that no screen uses is counted.
func TestLinkEnds(t *testing.T) {
	d := openDesk(t)
	made := d.add(t, api.NewDisplay{Days: 100})
	who, _ := d.Find(d.cookie(t, made))
	if all, idle := d.Counts(); all != 1 || idle != 0 {
		t.Errorf("%d, %d idle", all, idle)
	}
	d.at = d.at.Add(91 * 24 * time.Hour)
	if all, idle := d.Counts(); all != 1 || idle != 1 {
		t.Errorf("after a season %d, %d idle", all, idle)
	}
	d.at = d.at.Add(10 * 24 * time.Hour)
	_, _, ok := d.Exchange(made.Token)
	if _, found := d.Find(cookieOf(made.Token)); ok || found {
		t.Error("it goes on after its last day")
	}
	if d.Sweep(); who.Until.Err() == nil {
		t.Error("what the screen shows goes on after the last day")
	}
	if all, _ := d.Counts(); all != 0 {
		t.Error("a link that is over counts")
	}
}

// One watching is one entry, however often a screen asks, and what is seen is stored.
func TestWatching(t *testing.T) {
	d := openDesk(t)
	cookie := d.cookie(t, d.add(t, api.NewDisplay{}))
	for range 5 {
		d.Find(cookie)
		d.at = d.at.Add(5 * time.Second)
		d.Sweep()
	}
	d.at = d.at.Add(2 * time.Minute)
	d.Sweep()
	d.Sweep()
	d.Find(cookie)
	if _, err := d.Withdraw(d.List()[0].ID); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.seen, []string{"begins", "ends", "begins", "ends"}) {
		t.Errorf("%v", d.seen)
	}
	cookie = d.cookie(t, d.add(t, api.NewDisplay{}))
	d.Find(cookie)
	if err := d.KeepSeen(d.at); err != nil {
		t.Fatal(err)
	}
	d.reopen(t)
	if d.List()[0].LastSeen.IsZero() {
		t.Error("when it was seen is forgotten")
	}
}

// Names are asked for, told apart from the list and not to be read in the store's file.
func TestNames(t *testing.T) {
	d := openDesk(t)
	var refused *api.Error
	good := api.NewDisplay{Label: "Lodge", Person: "Wang Fang", Place: "North gate"}
	for what, spoil := range map[string]func(*api.NewDisplay){
		"nobody answers":     func(in *api.NewDisplay) { in.Person = " " },
		"no place":           func(in *api.NewDisplay) { in.Place = "" },
		"no label":           func(in *api.NewDisplay) { in.Label = "" },
		"two lines":          func(in *api.NewDisplay) { in.Place = "a\nb" },
		"a label with names": func(in *api.NewDisplay) { in.Label = "for wang fang" },
		"endless":            func(in *api.NewDisplay) { in.Days = 401 },
		"a day ago":          func(in *api.NewDisplay) { in.Days = -1 },
		"no such camera":     func(in *api.NewDisplay) { in.Cameras = []media.CameraID{"attic"} },
		"an empty group":     func(in *api.NewDisplay) { in.Groups = []string{""} },
	} {
		in := good
		spoil(&in)
		if _, err := d.Add(in); !errors.As(err, &refused) {
			t.Errorf("%s: %v", what, err)
		}
	}
	made, err := d.Add(good)
	if err != nil {
		t.Fatal(err)
	}
	named, err := d.Named(made.ID)
	if err != nil || named.Person != "Wang Fang" || named.Place != "North gate" {
		t.Errorf("%+v, %v", named, err)
	}
	for range Max - 1 {
		d.add(t, api.NewDisplay{})
	}
	if _, err := d.Add(good); !errors.As(err, &refused) {
		t.Errorf("more than %d: %v", Max, err)
	}
	d.reopen(t)
	if named, err := d.Named(made.ID); err != nil || named.Person != "Wang Fang" {
		t.Errorf("after a restart %+v, %v", named, err)
	}
}

// A link is withdrawn though the disk fails, and again once it works.
func TestWithdrawnWithoutADisk(t *testing.T) {
	d := openDesk(t)
	made := d.add(t, api.NewDisplay{})
	cookie := d.cookie(t, made)
	who, _ := d.Find(cookie)
	d.store.Close()
	if _, err := d.Withdraw(made.ID); err == nil {
		t.Error("a closed store keeps things")
	}
	if _, ok := d.Find(cookie); ok || who.Until.Err() == nil {
		t.Error("the screen goes on")
	}
	if _, err := d.Withdraw(made.ID); err == nil || len(d.List()) != 1 {
		t.Error("it cannot be withdrawn again")
	}
}

// A camera that is put back is on no screen as long as the store does not have it there.
func TestPutBackWithoutAStore(t *testing.T) {
	d := openDesk(t)
	who, _ := d.Find(d.cookie(t, d.add(t, api.NewDisplay{Cameras: []media.CameraID{"yard"}})))
	again := d.AgainCamera("yard")
	if err := d.Forget("yard"); err != nil {
		t.Fatal(err)
	}
	if err := d.store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := again(); err == nil || who.Sees("yard") {
		t.Errorf("%v: it is seen", err)
	}
}
