//go:build linux

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mp4"
	"github.com/bauta-gateway/bauta/hardware/clips"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// sealedAt is when the footage of these tests begins.
var sealedAt = time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)

// sealedFor is how long it lasts.
const sealedFor = 6 * time.Second

// clipUnits are access units of a clip, as a camera sends them, over and over.
func clipUnits(clip string) (all []media.Raw, err error) {
	r, err := mp4.Open(clip)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var offset, last media.Ticks90k
	for {
		s, err := r.Next()
		switch {
		case err == io.EOF:
			r.Rewind()
			offset = last + media.TicksPerSecond/25
			continue
		case err != nil:
			return nil, err
		}
		u := s.Raw()
		if u.PTS += offset; u.PTS.Duration() >= sealedFor {
			return all, nil
		}
		last = max(last, u.PTS)
		all = append(all, u)
	}
}

// sealClip seals the units into a folder, each keyframe beginning a segment.
func sealClip(dir string, keys sealed.Keys, units []media.Raw, start time.Time) error {
	var previous sealed.Sum
	for seq := uint64(1); len(units) > 0; seq++ {
		n := 1
		for n < len(units) && !units[n].Keyframe {
			n++
		}
		h := sealed.Header{Camera: "gate", Sequence: seq, Start: start.Add(units[0].PTS.Duration()), Previous: previous}
		var b bytes.Buffer
		w, err := sealed.NewWriter(&b, h, keys)
		if err != nil {
			return err
		}
		for _, u := range units[:n] {
			if err := w.Write(u); err != nil {
				return err
			}
		}
		length := (units[n-1].PTS - units[0].PTS).Duration() + 40*time.Millisecond
		if previous, _, err = w.Close(sealed.Trailer{Length: length.Milliseconds(), Units: n, End: sealed.EndFull}); err != nil {
			return err
		}
		name := filepath.Join(dir, filepath.FromSlash(sealed.Path(h.Camera, seq)))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, b.Bytes(), 0o600)); err != nil {
			return err
		}
		units = units[n:]
	}
	return nil
}

// sealFootage is the command of scripts: seal DIR PUB1 PUB2 [now], with files of public keys.
func sealFootage(clip string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) < 3 {
			ts.Fatalf("usage: seal DIR PUB1 PUB2 [now]")
		}
		start := sealedAt
		if len(args) > 3 {
			start = time.Now().Add(-2 * sealedFor)
		}
		var keys sealed.Keys
		for i, file := range args[1:3] {
			for line := range strings.Lines(ts.ReadFile(file)) {
				if line = strings.TrimSpace(line); strings.HasPrefix(line, "age1") {
					keys[i].Holders = append(keys[i].Holders, sealed.Holder{Label: "p", Key: line})
				}
			}
		}
		units, err := clipUnits(clip)
		ts.Check(err)
		ts.Check(sealClip(ts.MkAbs(args[0]), keys, units, start))
	}
}

// sameVideo is the command of scripts that compares what was opened with what was sealed, and
// plays it: samevideo OUT.mp4.
func sameVideo(clip string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 1 {
			ts.Fatalf("usage: samevideo OUT.mp4")
		}
		ts.Check(comparable(clip, ts.MkAbs(args[0])))
	}
}

func comparable(clip, out string) error {
	want, err := clipUnits(clip)
	if err != nil {
		return err
	}
	r, err := mp4.Open(out)
	if err != nil {
		return err
	}
	defer r.Close()
	n := 0
	for ; ; n++ {
		s, err := r.Next()
		if err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		if n >= len(want) || !bytes.Equal(bytes.Join(s.NALUs, []byte{0, 0, 1}), bytes.Join(want[n].NALUs, []byte{0, 0, 1})) {
			return fmt.Errorf("access unit %d is not the one that was sealed", n)
		}
	}
	if n != len(want) {
		return fmt.Errorf("%d access units of %d", n, len(want))
	}
	if said, err := exec.Command("ffmpeg", "-v", "error", "-xerror", "-i", out, "-f", "null", "-").CombinedOutput(); err != nil || len(said) > 0 {
		return fmt.Errorf("ffmpeg: %w\n%s", err, said)
	}
	return nil
}

// The footage of the scripts is of several segments, and begins as the scripts say.
func TestSealedFootage(t *testing.T) {
	units, err := clipUnits(clips.Path(t, "closeup_480.mp4"))
	if err != nil || len(units) < 100 || !units[0].Keyframe {
		t.Errorf("%d access units, %v", len(units), err)
	}
}

// console is the command of scripts that tells where a gateway's console is, and the SHA-256 of its
// certificate, as CONSOLE and PIN: console DATA.
func console(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: console DATA")
	}
	code, err := api.NewClient(ts.MkAbs(filepath.Join(args[0], "bauta.sock")), text.EN).SetupCode(context.Background())
	ts.Check(err)
	u, err := url.Parse(code.Console)
	ts.Check(err)
	c, err := tls.Dial("tcp", u.Host, &tls.Config{InsecureSkipVerify: true})
	ts.Check(err)
	defer c.Close()
	ts.Setenv("CONSOLE", strings.TrimSuffix(code.Console, "/"))
	ts.Setenv("PIN", fmt.Sprintf("%x", sha256.Sum256(c.ConnectionState().PeerCertificates[0].Raw)))
}

// grepenv is the command of scripts that keeps the first match of a pattern in a file, or in
// stdout: grepenv NAME PATTERN FILE.
func grepenv(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: grepenv NAME PATTERN FILE")
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	found := pattern.FindString(ts.ReadFile(args[2]))
	if found == "" {
		ts.Fatalf("no %s in %s", args[1], args[2])
	}
	ts.Setenv(args[0], found)
}
