package store

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/faultlog"
)

// What breaks under an open store is an error, and ends its use; the process
// lives on to say so.
func TestBreaksWhileOpen(t *testing.T) {
	for name, bend := range map[string]func(t *testing.T, path string){
		"cut": func(t *testing.T, path string) {
			if err := os.Truncate(path, int64(2*page)); err != nil {
				t.Fatal(err)
			}
		},
		"overwritten": func(t *testing.T, path string) {
			overwrite(t, path, 2*page, bytes.Repeat([]byte{0xa5}, 30*page))
		},
		"zeroed": func(t *testing.T, path string) { overwrite(t, path, 2*page, make([]byte, 30*page)) },
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			s := open(t, path)
			for i := range 200 {
				put(t, s, full(numbered(i)))
			}
			began := time.Now()
			bend(t, path)
			if err := s.Check(); !errors.Is(err, ErrDamaged) {
				t.Errorf("Check: %v", err)
			}
			select {
			case <-s.Broken():
			default:
				t.Error("it is not Broken")
			}
			if _, err := s.Cameras(); !errors.Is(err, ErrDamaged) {
				t.Errorf("Cameras: %v", err)
			}
			if err := s.PutCamera(full("new"), false); !errors.Is(err, ErrDamaged) {
				t.Errorf("PutCamera: %v", err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "the open file is " + name + ", found at the next look",
				Ends: "nothing is read or written any more; the gateway begins anew and withholds all pictures", Bound: 2 * time.Second}, time.Since(began))
		})
	}
}

// The pages that a method needs may be the broken ones, before any Check.
func TestBreaksUnderAMethod(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	for i := range 200 {
		put(t, s, full(numbered(i)))
	}
	if err := os.Truncate(path, int64(2*page)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Cameras(); !errors.Is(err, ErrDamaged) {
		t.Errorf("%v", err)
	}
	<-s.Broken()
}

func overwrite(t *testing.T, path string, at int, b []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(b, int64(at)); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// A look at the file meets it while it grows and changes, and finds it whole.
func TestCheckWhileWriting(t *testing.T) {
	s := open(t, newPath(t))
	s.db.NoSync = true // the faster it changes the better
	done := make(chan error, 1)
	go func() {
		var err error
		for i := 0; i < 400 && err == nil; i++ {
			err = s.PutCamera(full(numbered(i)), true)
		}
		done <- err
	}()
	for n := 0; ; n++ {
		if err := s.Check(); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-done:
			t.Logf("%d looks", n)
			if err != nil || n < 10 {
				t.Errorf("%d looks, %v", n, err)
			}
			return
		default:
		}
	}
}

// TestPowerCut makes what a power cut leaves of one change: a disk writes the
// sectors of the change's pages in any order, and only when all are down is the
// head written, which fits one sector. So either none of the change is there
// or all of it.
func TestPowerCut(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	for i := range 60 {
		put(t, s, full(numbered(i)))
	}
	closed(t, s)
	before := slurp(t, path)
	s = open(t, path)
	put(t, s, full("newest"))
	closed(t, s)
	after := slurp(t, path)
	rounds := 40
	if testing.Short() {
		rounds = 10
	}
	var slowest time.Duration
	for range rounds {
		for _, c := range []struct {
			name  string
			state []byte
			want  int
		}{{"before the head", cutBefore(before, after), 60}, {"in the head", tornHead(before, after), 60}, {"after the head", after, 61}} {
			if err := os.WriteFile(path, c.state, 0o600); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			s, err := Open(path, Options{})
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			slowest = max(slowest, time.Since(began))
			cams, err := s.Cameras()
			if err != nil || len(cams) != c.want {
				t.Fatalf("%s: %d cameras, %v", c.name, len(cams), err)
			}
			closed(t, s)
		}
	}
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "power cut in the middle of a change", Ends: "the change is there as a whole or not at all; the store opens",
		Bound: 5 * time.Second}, slowest)
}

const sector = 512

// cutBefore has any of the change's sectors, but the old heads.
func cutBefore(before, after []byte) []byte {
	b := bytes.Clone(before)
	if len(after) > len(b) {
		b = append(b, make([]byte, len(after)-len(b))...)
	}
	for at := 2 * page; at < len(after); at += sector {
		if rand.IntN(2) == 0 {
			copy(b[at:at+sector], after[at:])
		}
	}
	return b
}

// tornHead has all of the change but its head, which is garbage.
func tornHead(before, after []byte) []byte {
	b := bytes.Clone(after)
	for _, at := range []int{0, page} {
		if !bytes.Equal(before[at:at+sector], after[at:at+sector]) {
			for i := range sector {
				b[at+i] = byte(rand.Uint32())
			}
		}
	}
	return b
}
