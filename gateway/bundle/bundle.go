// Package bundle makes a file for who helps: how the gateway is, its settings, log, host and what
// happened lately, with nothing in it that is secret or about a person.
//
// In: the doctor's findings, the status, the settings, lines of the log, entries of the audit log
// and what must not leave. Out: a ZIP file of a bounded size, with an index that says what is in
// it. It has no goroutine. It takes only fields that are named here, masks the texts among them, and
// must never hold a password, a picture, a name, a pseudonym or an address of a camera.
package bundle

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware"
)

const (
	// maxLines of the log and maxEntries of the audit log bound the size, to some 2 MB.
	maxLines   = 4000
	maxEntries = 500
)

// Contents are what goes in; what is not known is left out.
type Contents struct {
	Made     time.Time
	Version  string
	Doctor   []api.Finding
	Status   *api.Status // nil: no gateway runs
	Settings []config.Setting
	Lines    []api.LogLine
	Audit    []store.AuditRecord
	Counts   map[string]int
	Facts    hardware.Facts
	Heat     hardware.Condition
	Load     hardware.Load
	Mask     *Masker
}

// member is one file of the bundle.
type member struct {
	name, about string
	content     func(*Contents) ([]byte, error)
}

var members = []member{
	{"doctor.json", "what the doctor finds on this host", func(c *Contents) ([]byte, error) { return c.Mask.JSON(c.Doctor) }},
	{"status.json", "how the gateway and its cameras are, with restarts and faults of the workers", func(c *Contents) ([]byte, error) { return c.Mask.JSON(statusOf(c.Status)) }},
	{"settings.json", "the settings in force; names, addresses and files only as set or not", func(c *Contents) ([]byte, error) { return c.Mask.JSON(settingsOf(c.Settings)) }},
	{"log.txt", "the newest lines of the log", func(c *Contents) ([]byte, error) { return logOf(c), nil }},
	{"events.json", "the newest entries of the audit trail, without who and whom", func(c *Contents) ([]byte, error) { return c.Mask.JSON(eventsOf(c.Audit)) }},
	{"store.json", "how much the store holds", func(c *Contents) ([]byte, error) { return c.Mask.JSON(c.Counts) }},
	{"host.json", "the board, its cores, memory, heat and load", func(c *Contents) ([]byte, error) {
		return c.Mask.JSON(map[string]any{"facts": c.Facts, "heat": c.Heat, "load": c.Load})
	}},
}

// Write makes the bundle.
func Write(w io.Writer, c Contents) error {
	if c.Mask == nil {
		c.Mask = NewMasker()
	}
	z := zip.NewWriter(w)
	index := new(bytes.Buffer)
	fmt.Fprintf(index, "Support bundle of bauta %s, made %s.\nIt holds no password, picture, name or address: host-1, camera-1 and the like stand for them.\n\n", c.Version, c.Made.UTC().Format(time.RFC3339))
	for _, m := range members {
		b, err := m.content(&c)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Fprintf(index, "%-14s %7d bytes  %s\n", m.name, len(b), m.about)
		if err := add(z, c.Made, m.name, b); err != nil {
			return err
		}
	}
	if err := add(z, c.Made, "index.txt", index.Bytes()); err != nil {
		return err
	}
	return z.Close()
}

func add(z *zip.Writer, made time.Time, name string, b []byte) error {
	f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: made.UTC()})
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return err
}

// statusOf keeps of the status what says how things are, and not whose they are.
func statusOf(s *api.Status) any {
	if s == nil {
		return map[string]string{"gateway": "does not run"}
	}
	g := s.Gateway
	mqtt := map[string]any{"embedded": g.MQTT.Embedded, "connected": g.MQTT.Connected, "reason": g.MQTT.Reason, "error": g.MQTT.Error}
	out := map[string]any{
		"version": g.Version, "build": g.Build, "started": g.Started, "now": g.Now, "anonymous": g.Anonymous, "mqtt": mqtt, "model": g.Model.SHA256,
		"heat": g.Heat, "accelerators": g.Accelerators, "unstored": g.Unstored, "older_store": g.OlderStore, "blocked": g.Blocked, "problem": g.Problem, "disk": g.Disk, "update": g.Update,
		"consents_live": g.Consents.Live, "consents_shown": g.Consents.Shown,
	}
	cameras := []any{}
	for _, c := range s.Cameras {
		cameras = append(cameras, cameraOf(c))
	}
	out["cameras"] = cameras
	return out
}

func cameraOf(c api.CameraStatus) any {
	return map[string]any{
		"id": c.ID, "stored": c.Stored, "protection": c.Protection, "since": c.Since, "source": c.Source, "worker": c.Worker, "mask": c.Mask, "look_ahead_ms": c.LookAheadMS,
		"cover": c.Cover, "mounting": c.Mounting, "mask_level": c.MaskLevel, "viewers": c.Viewers, "metrics": c.Metrics, "totals": c.Totals,
	}
}

// harmless are the settings that name no place, machine, file or login.
var harmless = regexp.MustCompile(`^-?[0-9][0-9.]*(ns|us|ms|s|m|h|d|GB|MB)?([0-9]+(m|s|ms))*$|^(true|false|auto|none|blur|mosaic|solid|full|half|quarter|en|zh-CN|vaapi|nvidia|jetson|rkmpp|v4l2m2m|cn-2025|cn-2023-draft|cn-shenzhen-draft|eu-gdpr)$|^(127\.0\.0\.1|0\.0\.0\.0|\[::\])?:[0-9]+$`)

func settingsOf(all []config.Setting) any {
	out := map[string]string{}
	for _, s := range all {
		value := strings.Trim(s.Value, `"`)
		switch {
		case s.Default, harmless.MatchString(value):
			out[s.Key] = value
		case value == "":
			out[s.Key] = "(empty)"
		default:
			out[s.Key] = "(set)"
		}
	}
	return out
}

func logOf(c *Contents) []byte {
	var out bytes.Buffer
	for _, l := range c.Lines[max(0, len(c.Lines)-maxLines):] {
		fmt.Fprintf(&out, "%s %-5s %s\n", l.Time.UTC().Format("2006-01-02T15:04:05.000Z"), l.Level, c.Mask.Text(l.Text))
	}
	return out.Bytes()
}

// event is an entry of the audit log without who did it and to whom.
type event struct {
	Seq     uint64    `json:"seq"`
	Time    time.Time `json:"ts"`
	Action  string    `json:"action"`
	By      string    `json:"by"`
	Subject string    `json:"subject,omitempty"`
	Detail  string    `json:"detail,omitempty"`
}

func eventsOf(all []store.AuditRecord) []event {
	out := []event{}
	for _, e := range all[:min(len(all), maxEntries)] {
		if e.Action == store.SignAction {
			continue
		}
		by, _, _ := strings.Cut(e.Actor, ":")
		out = append(out, event{e.Seq, e.Time, e.Action, by, subjectOf(e.Subject), detailOf(e.Detail)})
	}
	return out
}

// subjectOf keeps a camera, a clause and a form, which are no persons; of all else only the kind.
func subjectOf(s string) string {
	kind, _, _ := strings.Cut(s, "/")
	if slices.Contains([]string{"camera", "clause", "form"}, kind) {
		return s
	}
	return kind
}

var (
	step  = regexp.MustCompile(`^[a-z_]*>[a-z_]+$`)
	plain = map[string]bool{"place": true, "cover": true, "mounting": true, "viewers": true, "tries": true, "role": true, "entries": true, "reason": true, "days": true, "every": true, "class": true, "kind": true, "mode": true}
	word  = regexp.MustCompile(`^[a-z0-9_-]{0,32}$`)
)

// detailOf keeps states and the values of harmless fields.
func detailOf(s string) string {
	var kept []string
	for _, part := range strings.Fields(s) {
		name, value, is := strings.Cut(part, "=")
		switch {
		case step.MatchString(part):
			kept = append(kept, part)
		case is && plain[name] && word.MatchString(value):
			kept = append(kept, part)
		case is && word.MatchString(name):
			kept = append(kept, name+"=...")
		}
	}
	return strings.Join(kept, " ")
}
