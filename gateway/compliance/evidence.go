package compliance

import (
	"archive/zip"
	"bufio"
	"cmp"
	"compress/flate"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Evidence is what a pack is made of.
type Evidence struct {
	Gateway, Version string
	// From and To bound the audit log and the days; To is not included.
	From, To, Created time.Time
	Report            Report
	Days              []store.Day
	Records           register.Records
	// Versions are all versions of all records; Records are the newest ones.
	Versions   []store.StoredRecord
	Violations []policy.Violation
	Consents   []ConsentRow
	Cameras    []CameraMap
	// Names are what people call cameras, those that were taken away too, and AreaNames what
	// they call the areas of consents, by their ids.
	Names     map[media.CameraID]string
	AreaNames map[string]string
	// Trail calls f for the entries in time and returns the hash before them.
	AuditLog func(from, to time.Time, f func(store.Link) error) ([sha256.Size]byte, error)
	Key      ed25519.PrivateKey
}

// ConsentRow is one line of the consent register: pseudonyms only.
type ConsentRow struct {
	Token, Subject, Issuer, Purpose, Basis, Statement string
	Zones                                             []string
	NotBefore, Expires                                time.Time
	// Footage is the film that one for subject access covers; zero for all others.
	Footage consent.Footage
	// State is valid, expired or revoked.
	State string
}

// CameraMap is a camera with its zones drawn over a masked frame, or on grey
// where it gave none.
type CameraMap struct {
	ID    media.CameraID
	Place policy.Place
	SVG   []byte
}

// manifest lists all other files.
type manifest struct {
	Format  int    `json:"format"`
	Gateway string `json:"gateway"`
	Version string `json:"version"`
	// From and To are midnights of the site, with the offset of its time zone.
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Created time.Time `json:"created"`
	// Key is the gateway's public key in hex.
	Key   string         `json:"key"`
	Trail auditSummary   `json:"trail"`
	Files []manifestFile `json:"files"`
}

type auditSummary struct {
	Entries int `json:"entries"`
	// Before is the hash before the first entry, Head that of the last, in hex.
	Before string `json:"before"`
	Head   string `json:"head"`
}

type manifestFile struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

const (
	manifestName = "manifest.json"
	auditName    = "trail.jsonl"
	packFormat   = 1
)

// packer writes the files of a pack, one after another.
type packer struct {
	zip     *zip.Writer
	created time.Time
	files   []manifestFile
}

// add writes one file by f.
func (p *packer) add(name string, f func(io.Writer) error) error {
	inner, err := p.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.created})
	if err != nil {
		return err
	}
	m := &measure{w: inner, sum: sha256.New()}
	buffered := bufio.NewWriterSize(m, 64<<10)
	if err := f(buffered); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	p.files = append(p.files, manifestFile{name, m.n, hex.EncodeToString(m.sum.Sum(nil))})
	return nil
}

type measure struct {
	w   io.Writer
	sum hash.Hash
	n   int64
}

func (m *measure) Write(b []byte) (int, error) {
	n, err := m.w.Write(b)
	m.sum.Write(b[:n])
	m.n += int64(n)
	return n, err
}

// file is one file of a pack.
type file struct {
	name  string
	write func(io.Writer) error
}

// tables are the files of a pack that stand for themselves.
func (e Evidence) tables() []file {
	all := []file{
		{"compliance.json", asJSON(e.Report)},
		{"compliance.csv", e.clausesCSV},
		{"protection.json", asJSON(e.Days)},
		{"protection.csv", e.daysCSV},
		{"records.json", asJSON(e.Records)},
		{"record-versions.jsonl", e.versionLines},
		{"violations.json", asJSON(e.Violations)},
		{"consents.csv", e.consentsCSV},
	}
	for _, c := range e.Cameras {
		all = append(all, file{"zones/" + string(c.ID) + ".svg", func(w io.Writer) error { _, err := w.Write(c.SVG); return err }})
	}
	return all
}

// Write makes the pack. It holds no more than a few megabytes at a time,
// however long the audit log is.
func (e Evidence) Write(w io.Writer) error {
	seal := newSealer(w)
	p := &packer{zip: zip.NewWriter(seal), created: e.Created.UTC()}
	p.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	if err := p.zip.SetComment(blankSeal()); err != nil {
		return err
	}
	var summary auditSummary
	counts := map[civil.Date]int{}
	audit := file{auditName, func(w io.Writer) (err error) { summary, err = e.writeAudit(w, counts); return err }}
	report := file{"report.html", func(w io.Writer) error { return e.html(w, summary, counts) }}
	for _, f := range append(append([]file{audit}, e.tables()...), report) { // the report sums up the audit log
		if err := p.add(f.name, f.write); err != nil {
			return err
		}
	}
	m := manifest{packFormat, e.Gateway, e.Version, e.From, e.To, e.Created.UTC(),
		hex.EncodeToString(e.Key.Public().(ed25519.PublicKey)), summary, p.files}
	if err := p.add(manifestName, asJSON(m)); err != nil {
		return err
	}
	if err := p.zip.Close(); err != nil {
		return err
	}
	return seal.finish(e.Key)
}

func asJSON(v any) func(io.Writer) error {
	return func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", " ")
		return enc.Encode(v)
	}
}

// writeTrail writes one line for each entry, its text. The hashes follow from
// the first one and the texts.
func (e Evidence) writeAudit(w io.Writer, counts map[civil.Date]int) (s auditSummary, err error) {
	var head [sha256.Size]byte
	before, err := e.AuditLog(e.From, e.To, func(l store.Link) error {
		head = l.Hash
		s.Entries++
		at, err := store.TimeOf(l.Text)
		if err != nil {
			return err
		}
		counts[civil.Of(at.In(e.From.Location()))]++ // by the days of the period
		if _, err := w.Write(l.Text); err != nil {
			return err
		}
		_, err = io.WriteString(w, "\n")
		return err
	})
	if s.Entries == 0 {
		head = before
	}
	s.Before, s.Head = hex.EncodeToString(before[:]), hex.EncodeToString(head[:])
	return s, err
}

func writeCSV(w io.Writer, rows [][]string) error {
	c := csv.NewWriter(w)
	return c.WriteAll(rows)
}

func (e Evidence) clausesCSV(w io.Writer) error {
	rows := [][]string{{"clause", "status", "since", "source", "citation_en", "citation_zh", "duty_en", "duty_zh", "evidence_en", "evidence_zh", "next_en", "next_zh"}}
	for _, c := range e.Report.Clauses {
		rows = append(rows, []string{c.ID, string(c.Status), c.Since.UTC().Format(time.RFC3339), string(c.Source), c.Citation.EN, c.Citation.ZH,
			c.Duty.EN, c.Duty.ZH, c.Evidence.EN, c.Evidence.ZH, c.Next.EN, c.Next.ZH})
	}
	return writeCSV(w, rows)
}

func (e Evidence) daysCSV(w io.Writer) error {
	rows := [][]string{{"day", "camera", "protected_minutes", "gap_minutes", "offline_minutes", "camera_name"}}
	minutes := func(s float64) string { return strconv.FormatFloat(s/60, 'f', 1, 64) }
	for _, d := range e.Days {
		rows = append(rows, []string{string(d.Day), string(d.Camera), minutes(d.Protected), minutes(d.Gap), minutes(d.Offline), e.camera(d.Camera)})
	}
	return writeCSV(w, rows)
}

func (e Evidence) consentsCSV(w io.Writer) error {
	rows := [][]string{{"token", "subject", "issuer", "purpose", "basis", "statement", "zones", "not_before", "expires", "state", "footage_from", "footage_to", "zone_names"}}
	for _, c := range e.Consents {
		rows = append(rows, []string{c.Token, c.Subject, c.Issuer, c.Purpose, c.Basis, c.Statement, fmt.Sprint(c.Zones),
			c.NotBefore.UTC().Format(time.RFC3339), c.Expires.UTC().Format(time.RFC3339), c.State, stamp(c.Footage.From), stamp(c.Footage.To), strings.Join(e.areas(c.Zones), ", ")})
	}
	return writeCSV(w, rows)
}

// camera is what people call a camera, areas what they call areas.
func (e Evidence) camera(id media.CameraID) string { return cmp.Or(e.Names[id], string(id)) }

func (e Evidence) areas(ids []string) (names []string) {
	for _, id := range ids {
		names = append(names, cmp.Or(e.AreaNames[id], id))
	}
	return names
}

// versionLine is one version of a record in a pack. SHA256 is that of the bytes of Body as
// they stand in the line, and in the audit log's entry of the time when it was entered.
type versionLine struct {
	Kind register.Kind `json:"kind"`
	ID   string        `json:"id"`
	store.Version
}

// versionLines writes all versions of all records, one a line, the oldest of each first.
func (e Evidence) versionLines(w io.Writer) error {
	lines := json.NewEncoder(w)
	for _, r := range e.Versions {
		for _, v := range append(slices.Clone(r.Earlier), r.Version) {
			if err := lines.Encode(versionLine{r.Kind, r.ID, v}); err != nil {
				return err
			}
		}
	}
	return nil
}

// stamp is empty where there is no time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// chartDays sums the cameras up by day.
func chartDays(days []store.Day) (out []store.Day) {
	sums := map[civil.Date]store.Day{}
	for _, d := range days {
		s := sums[d.Day]
		s.Day = d.Day
		s.Add(d)
		sums[d.Day] = s
	}
	for _, day := range slices.Sorted(maps.Keys(sums)) {
		out = append(out, sums[day])
	}
	return out
}

func word(key text.Key) Text { return Text{EN: text.Of(text.EN, key), ZH: text.Of(text.ZhCN, key)} }
