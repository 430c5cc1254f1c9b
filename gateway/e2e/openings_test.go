package e2e

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/sealed/movie"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// holder is a person with a key and an account of his own.
type holder struct {
	id     string
	key    *age.X25519Identity
	client *api.Client
}

// pin is the SHA-256 of the console's certificate.
func pin(t *testing.T, g *gateway.Gateway) string {
	t.Helper()
	u, err := url.Parse(g.ConsoleURL())
	if err != nil {
		t.Fatal(err)
	}
	c, err := tls.Dial("tcp", u.Host, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	sum := sha256.Sum256(c.ConnectionState().PeerCertificates[0].Raw)
	return hex.EncodeToString(sum[:])
}

// hold makes a person's account and logs in from another PC.
func hold(t *testing.T, g *gateway.Gateway, local *api.Client, id string, role identity.Role) holder {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if err := local.AddUser(t.Context(), api.NewUser{User: id, Password: goodPassword, Role: role}); err != nil {
		t.Fatal(err)
	}
	c, err := api.NewRemote(g.ConsoleURL(), pin(t, g), text.EN)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Login(t.Context(), id, goodPassword); err != nil {
		t.Fatal(err)
	}
	return holder{id, key, c}
}

// sealMinutes puts segments of a minute into a gateway's folder, ten frames each.
func sealMinutes(t *testing.T, data string, keys sealed.Keys, start time.Time, n int) {
	t.Helper()
	var shot bytes.Buffer
	if err := jpeg.Encode(&shot, image.NewGray(image.Rect(0, 0, 16, 16)), nil); err != nil {
		t.Fatal(err)
	}
	var previous sealed.Sum
	for i := range n {
		var b bytes.Buffer
		w, err := sealed.NewWriter(&b, sealed.Header{Camera: "gate", Sequence: uint64(i + 1), Start: start.Add(time.Duration(i) * time.Minute), Previous: previous}, keys)
		if err != nil {
			t.Fatal(err)
		}
		for j := range 10 {
			if err := w.Write(media.Raw{Codec: media.MJPEG, Keyframe: true, NALUs: [][]byte{shot.Bytes()}, PTS: media.Ticks90k((i*10 + j) * 6 * 90000)}); err != nil {
				t.Fatal(err)
			}
		}
		if previous, _, err = w.Close(sealed.Trailer{Length: 60000, Units: 10, End: sealed.EndFull}); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(data, "sealed", filepath.FromSlash(sealed.Path("gate", uint64(i+1))))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, b.Bytes(), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

// ask makes a request at a gateway.
func (h holder) ask(t *testing.T, from, to time.Time) (sealed.Request, *age.X25519Identity) {
	t.Helper()
	r, key, err := sealed.NewRequest(sealed.Request{Camera: "gate", From: from, To: to, Purpose: "police", Basis: "Decree 799 Article 20", Document: "2026-17", By: sealed.Person{ID: h.id}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	o, err := h.client.AskOpening(t.Context(), r)
	if err != nil || o.State != api.OpeningWaiting {
		t.Fatalf("%+v, %v", o, err)
	}
	return r, key
}

func (h holder) approve(t *testing.T, r sealed.Request) error {
	t.Helper()
	fronts, err := h.client.Fronts(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	a, err := sealed.Approve(r, fronts, sealed.Person{ID: h.id}, time.Now(), h.key)
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.client.AnswerOpening(t.Context(), a)
	return err
}

// export opens a request by what the gateway hands out.
func (h holder) export(t *testing.T, r sealed.Request, key age.Identity) (movie.Result, error) {
	t.Helper()
	given, err := h.client.OpenOpening(t.Context(), r.ID)
	if err != nil {
		return movie.Result{}, err
	}
	shares, err := sealed.Shares(r, given, key)
	if err != nil {
		return movie.Result{}, err
	}
	open := func(seq uint64) (sealed.File, error) {
		body, err := h.client.SealedSegment(t.Context(), r.ID, seq)
		if err != nil {
			return sealed.File{}, err
		}
		defer body.Close()
		f, err := os.Create(filepath.Join(t.TempDir(), "segment"))
		if err != nil {
			return sealed.File{}, err
		}
		size, err := io.Copy(f, body)
		if err != nil {
			return sealed.File{}, err
		}
		s, err := sealed.Inspect(f, size)
		return sealed.File{Segment: s, File: f, ReaderAt: f}, err
	}
	return movie.Export(filepath.Join(t.TempDir(), "out.mp4"), r, given[0].Segments, shares, open, nil)
}

func refusedWith(t *testing.T, what string, err error, code api.Code) {
	t.Helper()
	var answer *api.Error
	if !errors.As(err, &answer) || answer.Code != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

// Two persons open a stretch, each from another PC under an account of his own; one person
// never does, whatever he has; and each step is on record.
func TestOpenings(t *testing.T) {
	cfg := settings(t)
	logs := &logTo{}
	g, local := start(t, gateway.Options{Config: cfg, Log: logs.logger()})
	received := listen(t, g)
	eventually(t, "the listener", func() bool { return received("bauta/test/") })
	a := hold(t, g, local, "p1", identity.Auditor)
	b := hold(t, g, local, "p2", identity.Manager)
	viewer := hold(t, g, local, "p3", identity.Viewer)
	other := hold(t, g, local, "p4", identity.Auditor)

	keys := sealed.Keys{{Holders: []sealed.Holder{{Label: "p1", Key: a.key.Recipient().String()}}}, {Holders: []sealed.Holder{{Label: "p2", Key: b.key.Recipient().String()}}}}
	refusedWith(t, "an auditor sets keys", a.client.SetSealedKeys(t.Context(), keys), api.CodeForbidden)
	refusedWith(t, "one group alone", b.client.SetSealedKeys(t.Context(), sealed.Keys{keys[0]}), api.CodeInvalid)
	if err := b.client.SetSealedKeys(t.Context(), keys); err != nil {
		t.Fatal(err)
	}
	if got, err := a.client.SealedKeys(t.Context()); err != nil || got.ID() != keys.ID() {
		t.Errorf("%+v, %v", got, err)
	}

	from := time.Now().Add(-5 * time.Minute).UTC().Truncate(time.Second)
	sealMinutes(t, cfg.Data, keys, from, 4)
	r, key := a.ask(t, from, from.Add(2*time.Minute))
	if _, err := viewer.client.Openings(t.Context()); err == nil {
		t.Error("a viewer sees the requests")
	}
	_, err := a.export(t, r, key)
	refusedWith(t, "opened before anybody approved", err, api.CodeForbidden)
	if err := a.approve(t, r); err != nil {
		t.Fatal(err)
	}
	_, err = a.export(t, r, key)
	refusedWith(t, "opened with one approval", err, api.CodeForbidden)
	refusedWith(t, "the same person again", a.approve(t, r), api.CodeForbidden)
	// The other group's key, in the hands of the same person: under his account, and by another name.
	both := holder{"p2", b.key, a.client}
	refusedWith(t, "one person with both keys", both.approve(t, r), api.CodeForbidden)
	if err := b.approve(t, r); err != nil {
		t.Fatal(err)
	}
	_, err = other.export(t, r, key)
	refusedWith(t, "opened by another account", err, api.CodeForbidden)
	got, err := a.export(t, r, key)
	if err != nil || got.Units != 20 || got.Segments != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if err := a.client.OpeningDone(t.Context(), r.ID, got.Units); err != nil {
		t.Error(err)
	}
	if _, err := a.client.SealedSegment(t.Context(), r.ID, 4); err == nil {
		t.Error("a segment outside of the request")
	}
	refusesAnd(t, a, b, from)
	for _, step := range []string{"keys", "requested", "approved", "opened", "refused"} {
		eventually(t, "the event "+step, func() bool { return received("bauta/test/event/opening") && received(`"to":"`+step+`"`) })
	}
	onRecord(t, local, r)
	g.Close()
	inOrder(t, "audit log", shortened(auditLog(t, cfg.Store())), "sealed.keys sealed", "opening.requested camera/gate p1", "opening.approved camera/gate p1", "opening.approved camera/gate p2",
		"opening.opened camera/gate p1", "record.added export", "opening.done camera/gate ", "opening.requested camera/gate p1", "opening.refused camera/gate p2")
	nothingSecret(t, cfg.Data, logs.String(), a, b)
}

// refusesAnd ends a request by a no.
func refusesAnd(t *testing.T, a, b holder, from time.Time) {
	t.Helper()
	r, key := a.ask(t, from, from.Add(time.Minute))
	no, err := sealed.Refuse(r, "the paper is not signed", sealed.Person{ID: "p2"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.client.AnswerOpening(t.Context(), no); err != nil {
		t.Fatal(err)
	}
	refusedWith(t, "approved after a no", a.approve(t, r), api.CodeForbidden)
	_, err = a.export(t, r, key)
	refusedWith(t, "opened after a no", err, api.CodeForbidden)
	o, err := a.client.Opening(t.Context(), r.ID)
	if err != nil || o.State != api.OpeningRefused || o.Answers[0].Refused != "the paper is not signed" {
		t.Errorf("%+v, %v", o, err)
	}
}

// onRecord looks for the opening in the register of calls.
func onRecord(t *testing.T, local *api.Client, r sealed.Request) {
	t.Helper()
	all, err := local.Records(t.Context(), register.KindExport)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d records, %v", len(all), err)
	}
	rec, err := api.Decode(register.KindExport, all[0].Version)
	if err != nil {
		t.Fatal(err)
	}
	e := rec.(*register.Export)
	if e.Manner != register.MannerOpenSealed || e.Name != "p1" || e.Approver != "p1, p2" || e.Requester != register.AskedByPolice || e.Number != r.Document || e.Camera != "gate" || !strings.Contains(e.Content, r.ID) {
		t.Errorf("%+v", e)
	}
}

// shortened leaves of each record of an opening what does not change from run to run.
func shortened(all []string) (out []string) {
	for _, line := range all {
		f := strings.Fields(line)
		by := ""
		for _, word := range f {
			if id, ok := strings.CutPrefix(word, "by="); ok {
				by = id
			}
		}
		if len(f) > 2 && strings.HasPrefix(f[2], "export/") {
			f[2] = "export"
			out = append(out, f[0]+" export")
		} else if len(f) > 2 && strings.HasPrefix(f[0], "opening.") {
			out = append(out, fmt.Sprintf("%s %s %s", f[0], f[2], by))
		} else if len(f) > 2 {
			out = append(out, f[0]+" "+f[2])
		}
	}
	return out
}

// nothingSecret: neither the files of openings nor the log open anything.
func nothingSecret(t *testing.T, data, logs string, people ...holder) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "openings", "*", "*"))
	if err != nil || len(files) < 6 {
		t.Fatalf("%v, %v", files, err)
	}
	all := []byte(logs)
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
		if strings.HasSuffix(name, ".shares") && len(b) > 0 && !bytes.HasPrefix(b, []byte("age-encryption.org")) {
			t.Errorf("%s holds shares that are not encrypted", name)
		}
		all = slices.Concat(all, b)
	}
	for _, h := range people {
		if bytes.Contains(all, []byte(h.key.String())) {
			t.Error("a private key is on the gateway")
		}
	}
	if bytes.Contains(all, []byte("AGE-SECRET-KEY-")) || strings.Contains(logs, goodPassword) {
		t.Error("a secret is on the gateway")
	}
}

// The gateway elsewhere has to be the one that is meant.
func TestRemoteCertificate(t *testing.T) {
	g, _ := start(t, gateway.Options{Config: settings(t)})
	for name, given := range map[string]string{"another": strings.Repeat("ab", 32), "none": ""} {
		c, err := api.NewRemote(g.ConsoleURL(), given, text.EN)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Login(t.Context(), "x", goodPassword); !errors.Is(err, api.ErrCertificate) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bad := range [][2]string{{"http://gateway", ""}, {"https://user:pw@gateway", ""}, {g.ConsoleURL(), "abc"}} {
		if _, err := api.NewRemote(bad[0], bad[1], text.EN); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}
