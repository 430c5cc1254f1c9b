package site

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/sealed"
)

// issuerKey is a public key that is always the same.
const issuerKey = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"

// whole is a site that says something of everything.
func whole() Site {
	span, bound := 300*time.Millisecond, 1.5
	return Site{
		Version:  Version,
		Site:     policy.Site{Kind: "trade-centre", Class: "art7", Unit: `Unit: "#1"`, Jurisdiction: "CN-44", TimeZone: "Asia/Shanghai", NearSecret: true, NamesDays: 2000},
		Answers:  []Answer{{Question: "grading", Says: "yes", Note: "no: 17", Day: "2026-02-03"}, {Question: "face-devices", Says: "no", Count: 3}},
		Calendar: []civil.Notice{{Year: 2027, Source: "国务院办公厅", Off: []civil.Date{"2027-01-01", "2027-01-02"}, Work: []civil.Date{"2027-02-14"}}},
		Issuers:  []Issuer{{Name: "desk", Key: issuerKey}},
		SealedKeys: []sealed.Group{
			{Need: 1, Holders: []sealed.Holder{{Label: "w-1", Key: "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"}}},
			{Need: 1, Holders: []sealed.Holder{{Key: "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"}}},
		},
		Cameras: []Camera{
			{ID: "lobby", Name: "门厅", URL: "rtsp://192.0.2.7/live?password=***&x=1", User: "admin", Transport: "tcp", Fingerprint: strings.Repeat("ab", 32), InsecureTLS: true, BasicLogin: true,
				Mask: "solid", Cover: "moving", Mounting: "180", LookAhead: &span, RateCap: &bound, MaxSize: "3840x2160", SubSize: "half", SubFPS: 5, Group: "يمين 2: - #",
				Facts:  policy.Camera{Place: "lobby", Purpose: "public-safety", Necessity: "why: not", Extras: []string{"audio", "zoom"}, Commissioned: "2026-01-31", AccessControl: true},
				Sealed: Sealed{Days: 30, Why: "yes"},
				Zones: []Zone{{ID: "desk", Name: "on", Kind: "consent", Purposes: []string{"care", "event"}, Points: "0,0 1,0 1,1"}, {ID: "bed", Kind: "private", Points: "0.25,0 1,0 1,0.12345678901234568"},
					{ID: "nobody", Kind: "consent", Points: "0,0 1,0 1,1"}}},
			{ID: "gate", Name: "1e3", URL: "rtsp://192.0.2.8/"},
		},
		Users:        []User{{Name: "王芳", Role: "manager", Language: "zh-CN"}, {Name: "null", Role: "viewer"}},
		SecondFactor: SecondFactor{Managers: true}, BuiltInLogin: BuiltInLogin{Off: true},
		StreamLogins: []StreamLogin{{Name: "recorder", Cameras: []mediaID{"lobby", "gate"}}, {Name: "wall", All: true}},
		MQTTLogins:   []MQTTLogin{{Name: "dash", May: "read"}},
		Notify: Notify{
			Site: NotifySite{Name: "Haus", Console: "https://example.org"}, Mail: Mail{Host: "mail.example.org", Port: 587, Security: "starttls", User: "u", From: "a@example.org"},
			Rules: Rules{DigestS: 30, PerHour: 12, DeadlineDays: 7, CertificateDays: 14, Kinds: []KindRule{{Kind: "disk_low", DelayS: 0, RepeatH: 24}}},
			Ping:  Ping{Host: "example.org", Every: 5, Private: true}, People: []Person{{User: "王芳", To: To{Kinds: []string{"disk_low"}, QuietFrom: "22:00", QuietTo: "06:00", Urgent: true}}},
			Webhooks: []Webhook{{Name: "chat: ops", Host: "example.org", Private: true, Language: "en", To: To{Kinds: []string{}}}},
		},
	}
}

// What is written is read as the same site, and written again as the same bytes.
func TestWrittenIsRead(t *testing.T) {
	file := Write(whole())
	f, err := Read(file, "site.yaml")
	if err != nil {
		t.Fatalf("%v\n%s", err, file)
	}
	if again := Write(f.Said); !bytes.Equal(again, file) {
		t.Errorf("not the same again:\n%s\n%s", file, again)
	}
	if changes := Diff(whole(), f.Said); len(changes) > 0 {
		t.Errorf("%+v", changes)
	}
	if changes := Diff(whole(), f.Over(whole(), true)); len(changes) > 0 {
		t.Errorf("%+v", changes)
	}
	for _, secretless := range []string{"rtsp://192.0.2.7/live?password=***", `unit: "Unit: \"#1\""`, `says: "no"`, `- name: "null"`, `name: "1e3"`, `name: "on"`, "look_ahead: 300ms", "purposes: []"} {
		if !strings.Contains(string(file), secretless) {
			t.Errorf("%s is not in\n%s", secretless, file)
		}
	}
}

// Each field of each part is written, read and compared: one that is added later may not be
// forgotten in any of the three.
func TestNoFieldIsForgotten(t *testing.T) {
	full := reflect.ValueOf(whole())
	eachField(t, full, "")
	if len(Diff(Site{}, whole())) < 15 {
		t.Error("of an empty site nearly nothing differs")
	}
}

// eachField fails where a field is empty in every place where it could be said.
func eachField(t *testing.T, v reflect.Value, at string) {
	t.Helper()
	for _, k := range keysOf(v.Type()) {
		f := k.of(v)
		switch {
		case f.Kind() == reflect.Struct:
			eachField(t, f, at+k.name+".")
		case isSection(f):
			if f.Len() == 0 {
				t.Errorf("whole() has no %s%s", at, k.name)
			}
		case at == "facts." || at == "site.": // policy's own
		case f.IsZero():
			t.Errorf("whole() does not say %s%s", at, k.name)
		}
	}
}

// Order and spelling do not matter.
func TestOneForm(t *testing.T) {
	other := whole()
	other.Cameras[0], other.Cameras[1] = other.Cameras[1], other.Cameras[0]
	other.Cameras[0].Transport, other.Cameras[0].Cover = "auto", "faces"
	other.Cameras[1].Fingerprint = strings.ToUpper(strings.Repeat("ab:", 31) + "ab")
	other.Cameras[1].Zones[0].Points = " 0,0   1.0,0 1,1.000"
	other.Cameras[1].Zones[0].Purposes = []string{"event", "care", "event"}
	other.Cameras[1].Facts.Extras = []string{"zoom", "audio"}
	other.Issuers[0].Key = "\n" + other.Issuers[0].Key + "\n"
	if a, b := Write(whole()), Write(other); !bytes.Equal(a, b) {
		t.Errorf("two forms:\n%s\n%s", a, b)
	}
	if changes := Diff(whole(), other); len(changes) > 0 {
		t.Errorf("%+v", changes)
	}
}

func read(t *testing.T, lines string) *File {
	t.Helper()
	f, err := Read([]byte("version: 1\n"+lines), "site.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestWhatIsNotSaidStays(t *testing.T) {
	f := read(t, "cameras:\n  - id: lobby\n    mask: blur\n")
	out := f.Over(whole(), false)
	changes := Diff(whole(), out)
	if len(changes) != 1 || changes[0].Op != Modify || len(changes[0].Fields) != 1 || changes[0].Fields[0] != (FieldChange{"mask", "solid", "blur"}) {
		t.Errorf("%+v", changes)
	}
}

// With prune the cameras that are not said go, and so do the settings of those that are; parts that
// the file does not have stay, and what the gateway learned of a certificate, too.
func TestPrune(t *testing.T) {
	f := read(t, "cameras:\n  - id: lobby\n    facts: {place: lobby}\n")
	out := f.Over(whole(), true)
	if len(out.Cameras) != 1 || len(out.Users) != 2 || len(out.Notify.Webhooks) != 1 {
		t.Fatalf("%+v", out)
	}
	c := out.Cameras[0]
	if c.Mask != "" || c.LookAhead != nil || c.InsecureTLS || c.Name != "门厅" || c.Fingerprint == "" || len(c.Zones) != 3 || c.Sealed.Days != 30 || c.Facts.Purpose != "" || c.Facts.Place != "lobby" {
		t.Errorf("%+v", c)
	}
	if out = read(t, "cameras: []\n").Over(whole(), true); len(out.Cameras) != 0 {
		t.Errorf("%+v", out.Cameras)
	}
	if out = read(t, "answers: []\ncalendar: []\nusers: []\n").Over(whole(), true); len(out.Answers) != 2 || len(out.Calendar) != 1 || len(out.Users) != 0 {
		t.Errorf("%+v", out)
	}
}

// What needs another thing comes after it; what covers comes before what uncovers.
func TestOrderOfChanges(t *testing.T) {
	at := func(changes []Change, kind Kind, op Op) int {
		for i, ch := range changes {
			if ch.Kind == kind && ch.Op == op {
				return i
			}
		}
		t.Errorf("no %s of %s in %+v", op, kind, changes)
		return -1
	}
	made := Diff(Site{}, whole())
	for i, kind := range []Kind{KindIssuer, KindCamera, KindZone, KindUser, KindStreamLogin, KindPerson}[1:] {
		if before := []Kind{KindIssuer, KindCamera, KindZone, KindUser, KindStreamLogin}[i]; at(made, before, Add) > at(made, kind, Add) {
			t.Errorf("%s before %s", kind, before)
		}
	}
	is := whole()
	is.Cameras[0].Zones = []Zone{{ID: "other", Kind: "private", Points: "0,0 1,0 1,1"}}
	is.Issuers, is.Users = nil, []User{{Name: "new", Role: "manager"}}
	changes := Diff(whole(), is)
	if at(changes, KindIssuer, Remove) > at(changes, KindZone, Add) || at(changes, KindZone, Remove) < at(changes, KindZone, Add) || at(changes, KindUser, Remove) < at(changes, KindUser, Add) {
		t.Errorf("%+v", changes)
	}
	is.Cameras = is.Cameras[1:]
	for _, ch := range Diff(whole(), is) {
		if ch.Kind == KindZone {
			t.Errorf("a zone by itself, though its camera goes: %+v", ch)
		}
	}
}

// The library and the program know the same key.
func TestIssuerIsTheKey(t *testing.T) {
	key, err := consent.ParsePublicKey([]byte(issuerKey))
	if err != nil || (Issuer{Key: issuerKey}).ID() != key.ID() {
		t.Error(err)
	}
}
