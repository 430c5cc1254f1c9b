package e2e

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"image"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/redact"
	"github.com/bauta-gateway/bauta/hardware/clips"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// badgesClip has wearers of the badges 7 and 9 among others.
func badgesClip(t *testing.T) string { return clips.Path(t, "badges.mp4") }

// host is where a face of the ground truth is.
func box(f clips.Face) leak.Box { return leak.Box{X: f.X, Y: f.Y, W: f.W, H: f.H} }

// luma reads a file's frames one by one.
func luma(t *testing.T, path string) io.Reader {
	t.Helper()
	return bufio.NewReaderSize(rawVideo(t, "scale=out_range=pc,format=gray", "-i", path, "-fps_mode", "passthrough"), 1<<20)
}

// visible counts the evaluated faces of the badge's wearer and of all others,
// and those whose detail is in the output.
func visible(t *testing.T, source, output string, badge int) (wearer, wearerSeen, others, othersSeen int) {
	t.Helper()
	truth := clips.TruthOf(t, source)
	size := image.Rect(0, 0, truth.Width, truth.Height)
	a, b := luma(t, source), luma(t, output)
	src, out := image.NewGray(size), image.NewGray(size)
	for n, faces := range truth.Frames {
		if _, err := io.ReadFull(a, src.Pix); err != nil {
			t.Fatalf("picture %d of the source: %v", n, err)
		}
		if _, err := io.ReadFull(b, out.Pix); err != nil {
			t.Fatalf("picture %d of the output: %v", n, err)
		}
		for _, f := range faces {
			d, ok := leak.Detail(src, out, box(f))
			if !ok || f.W < leak.MinWidth {
				continue
			}
			count, seen := &others, &othersSeen
			if f.Badge == badge {
				count, seen = &wearer, &wearerSeen
			}
			if *count++; d > leak.Threshold {
				*seen++
			}
		}
	}
	return wearer, wearerSeen, others, othersSeen
}

// forged takes a token apart and puts another header on it.
func forged(t *testing.T, raw string, change func(header map[string]any)) string {
	t.Helper()
	parts := strings.Split(raw, ".")
	b, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	var header map[string]any
	if err := json.Unmarshal(b, &header); err != nil {
		t.Fatal(err)
	}
	change(header)
	if b, err = json.Marshal(header); err != nil {
		t.Fatal(err)
	}
	parts[0] = base64.RawURLEncoding.EncodeToString(b)
	if header["alg"] == "none" {
		parts[2] = ""
	}
	return strings.Join(parts, ".")
}

// A valid token shows its wearer and nobody else; a bad one shows nobody.
func TestE2EConsentInAFile(t *testing.T) {
	// With other files: nothing in it waits for the clock.
	t.Parallel()
	need(t, "ffmpeg")
	in := badgesClip(t)
	ago := time.Now().UTC().Truncate(time.Second).AddDate(0, 0, -5)
	good := consenttest.Token(t, inRedact)
	stranger, withdrawn := fileTerms(), fileTerms()
	stranger.Trust = consent.NewIssuers(consent.Issuer{Key: consent.NewKey().Public()})
	withdrawn.Revoked = func(consent.Token) (bool, error) { return true, nil }
	for _, c := range []struct {
		name, raw string
		evaluate  redact.Terms
		shows     bool
	}{
		{"good", good, fileTerms(), true},
		{"expired", consenttest.Token(t, func(c *consent.Token) {
			inRedact(c)
			c.Issued, c.NotBefore, c.Expires = ago, ago, ago.Add(time.Hour)
		}), fileTerms(), false},
		{"revoked", good, withdrawn, false},
		{"wrongly signed", good, stranger, false},
		{"wrong zone", consenttest.Token(t, nil), fileTerms(), false},
		{"no kid", forged(t, good, func(h map[string]any) { delete(h, "kid") }), fileTerms(), false},
		{"alg none", forged(t, good, func(h map[string]any) { h["alg"] = "none" }), fileTerms(), false},
		{"of another badge", consenttest.Token(t, func(c *consent.Token) { inRedact(c); c.Badge = 200 }), fileTerms(), false},
	} {
		o := redactOptions(t, in)
		o.RecordedAt = time.Now()
		o.Consents = func(clip redact.Recording) *redact.Consents {
			return c.evaluate.Evaluate(clip, []string{c.raw}, []string{"t.jwt"})
		}
		r, err := redact.File(t.Context(), o)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if !c.shows {
			if r.Shown != 0 || r.Masked != r.Faces {
				t.Errorf("%s: %d faces shown", c.name, r.Shown)
			}
			continue
		}
		wearer, seen, others, leaked := visible(t, in, o.Out, 7)
		t.Logf("%s: the wearer visible in %d of %d pictures, others in %d of %d", c.name, seen, wearer, leaked, others)
		if seen*10 < wearer*9 || leaked*1000 > others*5 {
			t.Errorf("%s: want the wearer visible in 90 %% and others leaked in at most 0.5 %%", c.name)
		}
	}
	o := redactOptions(t, in) // and without any token
	if r, err := redact.File(t.Context(), o); err != nil || r.Shown != 0 {
		t.Errorf("no token: %d shown, %v", r.Shown, err)
	}
	wearer, seen, others, leaked := visible(t, in, o.Out, 7)
	t.Logf("no token: %d of %d faces leaked", seen+leaked, wearer+others)
	if wearer == 0 || others == 0 || seen+leaked > 0 {
		t.Error("no token: want faces to judge and none leaked")
	}
}

// lastShown watches the frames that are delivered and notes when the newest
// one with a face shown went out.
type lastShown struct {
	mu   sync.Mutex
	at   time.Time
	stop chan struct{}
	done sync.WaitGroup
}

func watchShown(g *gateway.Gateway, id media.CameraID) *lastShown {
	w := &lastShown{stop: make(chan struct{})}
	w.done.Go(func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		var shown uint64
		for {
			select {
			case <-w.stop:
				return
			case now := <-tick.C:
				n := statusOf(g, id).Totals.Shown
				if n > shown {
					w.mu.Lock()
					w.at = now
					w.mu.Unlock()
				}
				shown = n
			}
		}
	})
	return w
}

func (w *lastShown) time() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *lastShown) close() {
	close(w.stop)
	w.done.Wait()
}

// Whoever withdraws is masked within a second of the command's return, while
// he stands in the frame.
func TestE2ERevokedWhileInView(t *testing.T) {
	cfg := realSettings(t)
	cfg.Consent.QuarantineDays = 0 // or the badge would rest after the first run
	g, client := start(t, gateway.Options{Config: cfg, Demo: badgesClip(t)})
	if _, err := client.AddIssuer(t.Context(), api.NewIssuer{Name: "front-desk", Key: string(consenttest.Key.Public().PEM())}); err != nil {
		t.Fatal(err)
	}
	setZones(t, client, "demo", lobby())
	awaitMasking(t, g, "demo")
	runs := 2
	if long() {
		runs = 20
	}
	w := watchShown(g, "demo")
	defer w.close()
	var worst time.Duration
	for i := range runs {
		worst = max(worst, revokeInView(t, g, client, w, i))
	}
	t.Logf("%d runs: the last picture that showed the face went out %v after the command's return at the worst", runs, worst)
}

// revokeInView imports a token, waits for the face, revokes it and returns how
// much later than that the last frame with the face went out.
func revokeInView(t *testing.T, g *gateway.Gateway, client *api.Client, w *lastShown, run int) time.Duration {
	t.Helper()
	raw := consenttest.Token(t, nil)
	if got := importAll(t, client, raw); len(got) != 1 || got[0].Code != "" {
		t.Fatalf("run %d: import: %+v", run, got)
	}
	from := time.Now()
	eventually(t, "the wearer of the badge is shown", func() bool { return w.time().After(from) })
	if _, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Token: consenttest.ID(t, raw)}); err != nil {
		t.Fatal(err)
	}
	returned := time.Now()
	before := framesOf(g, "demo")
	eventually(t, "two seconds of pictures", func() bool {
		return time.Since(returned) > 2*time.Second && framesOf(g, "demo") > before+5
	})
	late := max(0, w.time().Sub(returned))
	if late > time.Second {
		t.Errorf("run %d: shown %v after the revocation", run, late)
	}
	return late
}

// fileTerms take tokens of the test's issuer, for care.
func fileTerms() redact.Terms {
	return redact.Terms{
		Trust: consent.NewIssuers(consent.Issuer{Key: consenttest.Key.Public()}), Zone: "redact", Purpose: "care", Lang: text.EN,
		Rules:   consent.Rules{Now: time.Now(), Purposes: consent.DefaultPurposes},
		Revoked: func(consent.Token) (bool, error) { return false, nil },
	}
}

func inRedact(c *consent.Token) { c.Zones = []string{"lobby", "redact"} }

// recordedAt is when the clips of these tests were recorded.
var recordedAt = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
