package past

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 30, 15, 0, 0, 0, time.UTC)

func open(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(path, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func add(t testing.TB, s *Store, all ...Entry) {
	t.Helper()
	if err := s.Add(all); err != nil {
		t.Fatal(err)
	}
}

func year(t testing.TB, s *Store, gateway string) []Entry {
	t.Helper()
	all, err := s.Year(gateway, now)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// What was kept comes back after the file was closed, in order, each gateway's own; what is
// older than a year goes.
func TestAYearIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "past.db")
	s := open(t, path)
	at := func(days int) int64 { return now.AddDate(0, 0, -days).Unix() }
	old := Entry{Gateway: "hall", At: at(400), From: 5, To: 1}
	var want []Entry
	for i, e := range []Entry{{At: at(364), From: 5, To: 1}, {At: at(364) + 5, From: 1, To: 1, By: "账户"}, {At: at(3), From: 1, To: 5}, {At: at(0), From: 5, To: 0}, {At: at(0), From: 0, To: 7}} {
		want = append(want, e)
		e.Gateway = "hall"
		add(t, s, Entry{Gateway: "yard", At: e.At, From: 2, To: uint8(i)}, e)
	}
	add(t, s, old, Entry{Gateway: "hall", At: at(0), By: strings.Repeat("x", 65)}, Entry{Gateway: "hall", At: at(0), To: 8})
	if s.Dropped() != 2 {
		t.Errorf("%d are dropped, want the two that nobody can have meant", s.Dropped())
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	if got := year(t, s, "hall"); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if last, ok := s.Last("hall", now); !ok || last != want[4] {
		t.Errorf("the last is %+v, %v", last, ok)
	}
	if _, ok := s.Last("cellar", now); ok || len(year(t, s, "cellar")) > 0 {
		t.Error("there is something of a gateway that was never there")
	}
	add(t, s, Entry{Gateway: "hall", At: now.AddDate(1, 0, 0).Unix()})
	if got := year(t, s, "hall"); len(got) > 2 {
		t.Errorf("a year later there is still %+v", got)
	}
}

// A gateway that flaps fills its own day and nothing else.
func TestADayHasABound(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "past.db"))
	var all []Entry
	for i := range MaxDay + 10 {
		all = append(all, Entry{Gateway: "hall", At: now.Unix() + int64(i), From: 5, To: 1})
	}
	add(t, s, all...)
	add(t, s, Entry{Gateway: "yard", At: now.Unix(), To: 1})
	if got := year(t, s, "hall"); len(got) != MaxDay || s.Dropped() != 10 || len(year(t, s, "yard")) != 1 {
		t.Errorf("%d entries, %d dropped", len(got), s.Dropped())
	}
}

// A damaged file is set aside whole, and the page goes on with a new one.
func TestADamagedFileIsSetAside(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "past.db")
	junk := []byte(strings.Repeat("no database ", 4096))
	if err := os.WriteFile(path, junk, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	add(t, s, Entry{Gateway: "hall", At: now.Unix(), To: 1})
	aside, _ := filepath.Glob(path + ".damaged-*")
	if len(aside) != 1 {
		t.Fatalf("set aside: %q", aside)
	}
	if b, err := os.ReadFile(aside[0]); err != nil || string(b) != string(junk) {
		t.Errorf("what was set aside has %d bytes, %v", len(b), err)
	}
	if _, err := Open(path, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("two have the same file")
	}
}

// What Add said is kept is there after kill -9.
func TestKilled(t *testing.T) {
	if path := os.Getenv("BAUTA_PAST_CHILD"); path != "" {
		s := open(t, path)
		for i := range 1_000_000 {
			add(t, s, Entry{Gateway: "hall", At: now.Unix() + int64(i), To: uint8(i % 6)})
			fmt.Println("kept", i)
		}
		return
	}
	path := filepath.Join(t.TempDir(), "past.db")
	child := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	child.Env = append(os.Environ(), "BAUTA_PAST_CHILD="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	last := -1
	for last < 20 {
		if _, err := fmt.Fscanf(out, "kept %d\n", &last); err != nil {
			t.Fatal(err)
		}
	}
	_ = child.Process.Kill()
	for {
		if _, err := fmt.Fscanf(out, "kept %d\n", &last); err != nil {
			break
		}
	}
	_ = child.Wait()
	got := year(t, open(t, path), "hall")
	if len(got) <= last {
		t.Errorf("%d entries are there, %d were kept", len(got), last+1)
	}
}

// The sums of a day: what happened while nobody watched is of nobody's knowledge.
func TestSum(t *testing.T) {
	begin := now.Truncate(24 * time.Hour)
	at := func(hours float64) int64 { return begin.Add(time.Duration(hours * float64(time.Hour))).Unix() }
	var watched []Entry
	for h := 0.0; h < 6; h += .25 {
		watched = append(watched, Entry{At: at(h), To: 1})
	}
	watched = append(watched, Entry{At: at(6)}, Entry{At: at(10), To: 1}) // ended in order at 6, and killed after 10
	got := Sum([]Entry{{At: at(2), From: 5, To: 1}, {At: at(3), From: 1, To: 1, By: "x"}, {At: at(5), From: 1, To: 5}}, watched, now)
	today := got[len(got)-1]
	want := Day{Begin: begin.Unix()}
	want.Seconds[5], want.Seconds[1] = (2+1)*3600+1800, 3*3600
	if today != want || got[len(got)-2] != (Day{Begin: begin.AddDate(0, 0, -1).Unix()}) || len(got) != Days {
		t.Errorf("got  %+v\nwant %+v", today, want)
	}
	if got := Sum(nil, watched, now); got[len(got)-1].Seconds != [MaxState + 1]int{} {
		t.Errorf("of an unknown gateway: %+v", got[len(got)-1])
	}
}

func FuzzRead(f *testing.F) {
	chunk, _ := appendTo(nil, Entry{At: 100, From: 5, To: 1, By: "x"})
	f.Add(chunk)
	f.Fuzz(func(t *testing.T, chunk []byte) {
		all := read(chunk, 0)
		for _, e := range all {
			if e.At < 0 || e.From > MaxState || e.To > MaxState || len(e.By) > 255 {
				t.Errorf("%+v", e)
			}
		}
		if out, ok := appendTo(chunk, Entry{At: 5, To: 1}); ok && len(read(out, 0)) != len(all)+1 {
			t.Errorf("%d entries and one more are %d", len(all), len(read(out, 0)))
		}
	})
}

// A thousand gateways with 50 changes a day, for a year in the long form.
func TestManyGateways(t *testing.T) {
	gateways, days := 1000, 3
	if os.Getenv("BAUTA_LONG") != "" {
		days = 365
	}
	path := filepath.Join(t.TempDir(), "past.db")
	s := open(t, path)
	begun := time.Now()
	for d := days - 1; d >= 0; d-- {
		var all []Entry
		for g := range gateways {
			for i := range 50 {
				all = append(all, Entry{Gateway: fmt.Sprintf("site-%04d", g), At: now.AddDate(0, 0, -d).Truncate(24*time.Hour).Unix() + int64(i)*900, From: uint8(i % 6), To: uint8((i + 1) % 6)})
			}
		}
		add(t, s, all...)
	}
	written := time.Since(begun)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	begun = time.Now()
	s = open(t, path)
	for g := range gateways {
		if _, ok := s.Last(fmt.Sprintf("site-%04d", g), now); !ok {
			t.Fatal("a gateway is gone")
		}
	}
	opened := time.Since(begun)
	begun = time.Now()
	got := year(t, s, "site-0500")
	asked := time.Since(begun)
	begun = time.Now()
	Sum(got, nil, now)
	t.Logf("%d changes written in %v, %d MB; opened with the last of each in %v, a gateway's year in %v, summed in %v", gateways*days*50, written, info.Size()>>20, opened, asked, time.Since(begun))
	if len(got) != days*50 || opened > 10*time.Second || asked > 500*time.Millisecond {
		t.Errorf("%d changes came back; opened in %v, asked in %v", len(got), opened, asked)
	}
}
