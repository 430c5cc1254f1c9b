package compliance

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
)

// filled is a store with a trail of n entries over some time, every step.
func filled(t *testing.T, n int, step time.Duration) *store.Store {
	t.Helper()
	return filledAt(t, filepath.Join(t.TempDir(), "bauta.db"), n, step)
}

func filledAt(t *testing.T, path string, n int, step time.Duration) *store.Store {
	t.Helper()
	s, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	const batch = 20_000
	for i := 0; i < n; i += batch {
		var entries []store.AuditRecord
		for j := i; j < min(i+batch, n); j++ {
			entries = append(entries, store.AuditRecord{Time: now.Add(time.Duration(j) * step), Action: "protection.changed", Actor: "gateway",
				Subject: "camera/north-gate-" + strconv.Itoa(j%16), Detail: "protected>blocked"})
		}
		if err := s.Append(entries...); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func evidenceOf(t *testing.T, s *store.Store, from, to time.Time) Evidence {
	t.Helper()
	key, err := s.Signer()
	if err != nil {
		t.Fatal(err)
	}
	st := &site{facts: policy.Facts{Now: now}}
	return Evidence{
		Gateway: "box", Version: "1", From: from, To: to, Created: now, Report: New(st.config("cn-2025")).Evaluate(),
		Days:     []store.Day{{Day: "2026-05-04", Camera: "gate", Protected: 3600, Gap: 60, Offline: 10}},
		Consents: []ConsentRow{{Token: "token-001", Subject: "p-17", State: "valid", Zones: []string{"desk"}}},
		Violations: []policy.Violation{
			{ID: "00000001", Kind: policy.ViolationPlace, Camera: "wc", Place: policy.PublicToilet, Since: now, Last: now, Count: 1, Closing: &policy.Closing{
				Time: now, Account: "manager:u1", Cause: "a wrong plan", Measure: "dismantled", File: strings.Repeat("cd", 32), FootageDeleted: new(bool), Police: "P-77"}},
			{ID: "00000002", Kind: policy.ViolationLate, Camera: "gate", Since: now, Last: now, Count: 1, Seconds: 3.25},
		},
		Cameras:  []CameraMap{{ID: "gate", Place: "entrance", SVG: []byte("<svg/>")}},
		AuditLog: s.AuditLog, Key: key,
	}
}

func packOf(t *testing.T, e Evidence) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := e.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func verify(b []byte) (Proven, error) { return Verify(bytes.NewReader(b), int64(len(b))) }

// filesIn are the files of a pack by their names.
func filesIn(t *testing.T, b []byte) map[string]string {
	t.Helper()
	files := map[string]string{}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

func TestEvidence(t *testing.T) {
	s := filled(t, 2500, time.Minute)
	b := packOf(t, evidenceOf(t, s, now, now.AddDate(0, 0, 30)))
	proven, err := verify(b)
	if err != nil || proven.Entries != 2502 || proven.Signed != 2 || proven.Files != 11 || proven.Gateway != "box" {
		t.Fatalf("%+v, %v", proven, err)
	}
	files := filesIn(t, b)
	page := files["report.html"]
	for _, want := range []string{"Material for an inspection", "检查材料", "第799号", "<svg", "zones/gate.svg", "p-17", "98.36%", "public toilet", "a wrong plan", "录像未删除", "P-77", strings.Repeat("cd", 32), "(3.2 s)", "未结案"} {
		if !strings.Contains(page, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	if strings.Contains(page, "report.") && strings.Contains(page, ">report.") {
		t.Error("the report shows a key instead of its text")
	}
	if !strings.Contains(files["protection.csv"], "2026-05-04,gate,60.0,1.0,0.2") || !strings.Contains(files["consents.csv"], "token-001,p-17") {
		t.Errorf("%s%s", files["protection.csv"], files["consents.csv"])
	}
	var violations []policy.Violation
	if err := json.Unmarshal([]byte(files["violations.json"]), &violations); err != nil || len(violations) != 2 || violations[0].Closing.Cause != "a wrong plan" {
		t.Errorf("%+v, %v", violations, err)
	}
	var r Report
	if err := json.Unmarshal([]byte(files["compliance.json"]), &r); err != nil || len(r.Clauses) == 0 {
		t.Errorf("%v", err)
	}
	if lines := strings.Count(files["trail.jsonl"], "\n"); lines != 2502 {
		t.Errorf("%d lines of the trail", lines)
	}
	// A part of the time is proven as well, and so is none at all.
	for _, c := range []struct{ from, to, n int }{{10, 20, 10}, {5000, 6000, 0}} {
		part, err := verify(packOf(t, evidenceOf(t, s, now.Add(time.Duration(c.from)*time.Minute), now.Add(time.Duration(c.to)*time.Minute))))
		if err != nil || part.Entries != c.n {
			t.Errorf("minutes %d to %d: %+v, %v", c.from, c.to, part, err)
		}
	}
}

// C08: a pack holds all versions of a record, with who entered them, when and why, and the
// hash that the audit log has.
func TestC08EvidenceHasAllVersions(t *testing.T) {
	s := filled(t, 10, time.Minute)
	round := register.Inspection{Date: "2026-05-01", Found: "nothing < nobody"}
	first, err := s.PutRecord(register.KindInspection, "", round, store.Entry{Time: now, Author: "manager:wang"})
	if err != nil {
		t.Fatal(err)
	}
	round.Found = "a camera"
	if _, err := s.PutRecord(register.KindInspection, first.ID, round, store.Entry{Time: now, Author: "local", Reason: "one was overlooked"}); err != nil {
		t.Fatal(err)
	}
	e := evidenceOf(t, s, now, now.AddDate(0, 0, 30))
	if e.Versions, err = s.Records(register.KindInspection); err != nil {
		t.Fatal(err)
	}
	files := filesIn(t, packOf(t, e))
	lines := strings.Split(strings.TrimSpace(files["record-versions.jsonl"]), "\n")
	if len(lines) != 2 {
		t.Fatalf("%q", lines)
	}
	for i, want := range []versionLine{{register.KindInspection, first.ID, first.Version}, {register.KindInspection, first.ID, e.Versions[0].Version}} {
		var got versionLine
		if err := json.Unmarshal([]byte(lines[i]), &got); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(got.Body)
		if !reflect.DeepEqual(got, want) || hex.EncodeToString(sum[:]) != got.SHA256 || got.Number != i+1 {
			t.Errorf("%s\nwant %+v", lines[i], want)
		}
	}
	for _, want := range []string{first.SHA256, "manager:wang", "one was overlooked"} {
		if !strings.Contains(files["report.html"], want) {
			t.Errorf("the report does not say %q", want)
		}
	}
}

// 1,000 random one-byte changes, and each byte of the last ones that hold the
// seal, are all caught.
func TestEveryChangedByteIsCaught(t *testing.T) {
	b := packOf(t, evidenceOf(t, filled(t, 1500, time.Minute), now, now.AddDate(0, 0, 30)))
	if _, err := verify(b); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	try := func(at int, x byte) {
		b[at] ^= x
		if _, err := verify(b); !errors.Is(err, ErrForged) {
			t.Errorf("byte %d of %d changed by %02x: %v", at, len(b), x, err)
		}
		b[at] ^= x
	}
	for range 1000 {
		try(random.IntN(len(b)), byte(1+random.IntN(255)))
	}
	for at := len(b) - sealSize - 22; at < len(b); at++ {
		try(at, 0x20) // upper case for lower case
		try(at, 1)
	}
	for _, n := range []int{0, 10, sealSize, len(b) / 2, len(b) - 1} {
		if _, err := verify(b[:n]); !errors.Is(err, ErrForged) {
			t.Errorf("cut off after %d bytes: %v", n, err)
		}
	}
	if _, err := verify(append(b, 0)); !errors.Is(err, ErrForged) {
		t.Errorf("a byte more: %v", err)
	}
}

// Who has no key can sign with another one; but then the trail's own
// signatures do not fit, nor does the key that the gateway shows.
func TestForeignKey(t *testing.T) {
	s := filled(t, 1500, time.Minute)
	e := evidenceOf(t, s, now, now.AddDate(0, 0, 30))
	_, other, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	e.Key = other
	if _, err := verify(packOf(t, e)); !errors.Is(err, ErrForged) {
		t.Errorf("another key: %v", err)
	}
}

// A trail that was changed in the store does not make a good pack.
func TestChangedAuditLog(t *testing.T) {
	s := filled(t, 100, time.Minute)
	for name, spoil := range map[string]func(i int, l *store.Link) bool{
		"an entry left out": func(i int, _ *store.Link) bool { return i != 50 },
		"an entry changed": func(i int, l *store.Link) bool {
			if i == 50 {
				l.Text = bytes.Replace(bytes.Clone(l.Text), []byte("blocked"), []byte("offline"), 1)
			}
			return true
		},
	} {
		e := evidenceOf(t, s, now, now.AddDate(0, 0, 1))
		e.AuditLog = func(from, to time.Time, f func(store.Link) error) ([sha256.Size]byte, error) {
			i := -1
			return s.AuditLog(from, to, func(l store.Link) error {
				if i++; !spoil(i, &l) {
					return nil
				}
				return f(l)
			})
		}
		if _, err := verify(packOf(t, e)); !errors.Is(err, ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A year with a million entries: under a minute, under 300 MB. A process of
// its own is measured, without the making of the entries.
func TestMillionEntries(t *testing.T) {
	if path := os.Getenv("BAUTA_TEST_MILLION"); path != "" {
		exportMillion(t, path)
		return
	}
	if os.Getenv("BAUTA_SOAK") == "" {
		t.Skip("BAUTA_SOAK is not set: a million entries take a while to make")
	}
	path := filepath.Join(t.TempDir(), "bauta.db")
	filledAt(t, path, 1_000_000, 31*time.Second).Close()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestMillionEntries$", "-test.v")
	cmd.Env = append(os.Environ(), "BAUTA_TEST_MILLION="+path)
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
}

func exportMillion(t *testing.T, path string) {
	s, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	out, err := os.Create(filepath.Join(t.TempDir(), "pack.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	began := time.Now()
	if err := evidenceOf(t, s, now, now.AddDate(1, 0, 1)).Write(out); err != nil {
		t.Fatal(err)
	}
	took, memory := time.Since(began), peakMemory(t)
	info, _ := out.Stat()
	proven, err := Verify(out, info.Size())
	t.Logf("%d entries: export %v, %d MB at most, pack %d MB", proven.Entries, took.Round(time.Millisecond), memory>>10, info.Size()>>20)
	if err != nil || proven.Entries < 1_000_000 || took > time.Minute || memory > 300<<10 {
		t.Errorf("%+v, %v", proven, err)
	}
}

// peakMemory is the most that this process ever had, in KiB.
func peakMemory(t *testing.T) (kib int) {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc here")
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		t.Fatal(err)
	}
	return kib
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Add([]byte(sealWord + hex.EncodeToString(make([]byte, 64))))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := verify(b); err == nil {
			t.Error("nonsense was proven")
		}
	})
}
