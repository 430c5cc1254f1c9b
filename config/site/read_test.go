package site

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

type mediaID = media.CameraID

// Whatever is wrong is said with its line, and with what was meant.
func TestMistakes(t *testing.T) {
	for lines, want := range map[string]string{
		"cameras:\n  - id: lobby\n    maks: solid\n": "line 4: unknown key cameras.maks: did you mean cameras.mask?",
		"camera: []\n":                                                                           "line 2: unknown key camera: did you mean cameras?",
		"frobnicate: 1\n":                                                                        "line 2: unknown key frobnicate: the keys here are version, site, answers",
		"site: {kindd: school}\n":                                                                "line 2: unknown key site.kindd: did you mean site.kind?",
		"notify:\n  mail:\n    hots: x\n":                                                        "line 4: unknown key notify.mail.hots: did you mean notify.mail.host?",
		"cameras:\n  - id: lobby\n    mask: sollid\n":                                            `line 4: cameras.mask is "sollid": did you mean solid?`,
		"cameras:\n  - id: lobby\n    mask: pixels\n":                                            `line 4: cameras.mask is "pixels": write one of blur, mosaic, solid`,
		"cameras:\n  - id: lobby\n    password: hunter2\n":                                       "line 4: cameras.password: secrets do not belong in this file",
		"users:\n  - name: boss\n    role: manager\n    password: hunter2\n":                     "line 5: users.password: secrets do not belong",
		"cameras:\n  - name: lobby\n":                                                            "line 3: an element of cameras without id",
		"cameras:\n  - id: lobby\n  - id: lobby\n":                                               "line 4: cameras lobby is set on line 3 already",
		"cameras: []\ncameras: []\n":                                                             "line 3: cameras is set on line 2 already",
		"cameras: lobby\n":                                                                       "line 2: cameras is a list",
		"cameras:\n  - lobby\n":                                                                  "line 3: cameras is a section",
		"cameras:\n  - id: Front Door\n":                                                         "line 3: ",
		"cameras:\n  - id: lobby\n    insecure_tls: maybe\n":                                     "line 4: cameras.insecure_tls is maybe: write true or false",
		"cameras:\n  - id: lobby\n    sub_fps: many\n":                                           "line 4: cameras.sub_fps is many: write a whole number",
		"cameras:\n  - id: lobby\n    rate_cap: much\n":                                          "line 4: cameras.rate_cap is much: write a number",
		"cameras:\n  - id: lobby\n    look_ahead: 300\n":                                         "line 4: cameras.look_ahead is 300: write a span",
		"cameras:\n  - id: lobby\n    look_ahead: 2s\n":                                          "line 4: ",
		"cameras:\n  - id: lobby\n    name: 12\n":                                                `line 4: cameras.name is 12, which YAML does not take for a text: write for example "12"`,
		"cameras:\n  - id: lobby\n    facts:\n      place: public-toilet\n":                      "line 5: camera lobby would be in a place where none may be",
		"cameras:\n  - id: lobby\n    facts: {place: nowhere}\n":                                 "line 4: ",
		"cameras:\n  - id: a\n    zones:\n      - {id: z, kind: private, points: \"0,0 1,1\"}\n": "line 5: ",
		"issuers:\n  - name: desk\n    key: abc\n":                                               "line 3: ",
		"calendar:\n  - year: 2027\n    source: x\n    off: [2026-01-01]\n":                      "line 3: ",
		"answers:\n  - {question: weather, says: \"yes\"}\n":                                     "line 3: ",
		"stream_logins:\n  - {name: wall, all: true, cameras: [lobby]}\n":                        "line 3: stream login wall has to say which",
		"sealed_keys: [{need: 1, holders: []}]\n":                                                "line 2: originals are sealed to the keys of 2 groups",
		"site: {near_secret: [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}\n":                        "line 2: this nests deeper",
		"cameras: [\n":  "line ",
		"--- {}\n":      "line 2: a second document",
		"site: &a {}\n": "line 2: site is a section",
	} {
		_, err := Read([]byte("version: 1\n"+lines), "site.yaml")
		if err == nil || !strings.Contains(text.Explain(text.EN, err), want) || !strings.Contains(text.Explain(text.EN, err), "site.yaml ") {
			t.Errorf("%q: %v, want %q", lines, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("a password is shown: %v", err)
		}
	}
}

func TestVersion(t *testing.T) {
	for _, src := range []string{"", "version: 2\n", "version: 0\n", "cameras: []\n"} {
		if _, err := Read([]byte(src), "site.yaml"); err == nil || !strings.Contains(err.Error(), "version: 1") {
			t.Errorf("%q: %v", src, err)
		}
	}
}

// All problems are said at once, and not too many.
func TestAllMistakesAtOnce(t *testing.T) {
	_, err := Read([]byte("version: 1\nsite: {kindd: x}\nuserz: []\n"+strings.Repeat("q: 1\n", 50)), "s")
	if n := strings.Count(err.Error(), "\n") + 1; n != maxProblems {
		t.Errorf("%d problems in\n%v", n, err)
	}
	if _, err := Read(make([]byte, MaxFile+1), "s"); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Error(err)
	}
}

// Only with the gateway is it known whether something is new; the line is the file's still.
func TestNewOnesAreWhole(t *testing.T) {
	for lines, want := range map[string]string{
		"cameras:\n  - id: gate2\n    url: rtsp://192.0.2.8/\n":                             "line 3: camera gate2 is not there yet: a new one needs name and url",
		"users:\n  - name: new\n":                                                           "line 3: user new is not there yet",
		"stream_logins:\n  - {name: new}\n":                                                 "line 3: stream login new has to say",
		"stream_logins:\n  - {name: new, cameras: [attic]}\n":                               "line 3: ",
		"notify:\n  people:\n    - {user: nobody, kinds: [disk_low]}\n":                     "line 4: nobody is called nobody",
		"cameras:\n  - id: gate\n    zones:\n      - {id: z, kind: private}\n":              "line 5: ",
		"issuers:\n  - key: |\n" + indented(issuerKey, "      ") + "    name: 'No Slug!'\n": "line 3: ",
	} {
		f, err := Read([]byte("version: 1\n"+lines), "site.yaml")
		if err == nil {
			err = f.Check(f.Over(Site{Cameras: []Camera{{ID: "gate", Name: "g", URL: "rtsp://192.0.2.8/"}}}, false))
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", lines, err, want)
		}
	}
}

func indented(s, by string) (out string) {
	for line := range strings.Lines(s) {
		out += by + line
	}
	return out
}

func TestTargets(t *testing.T) {
	all, err := ReadTargets([]byte("version: 1\ntargets:\n  - {name: b, address: \"https://b:8443\"}\n  - {name: a, address: \"https://a:8443\", fingerprint: ab, user: boss, site: x.yaml}\n"), "t.yaml")
	if err != nil || len(all) != 2 || all[0].Name != "b" || all[1].User != "boss" || all[1].Site != "x.yaml" {
		t.Error(all, err)
	}
	for lines, want := range map[string]string{
		"":            "no gateway is listed",
		"targets: []": "no gateway is listed",
		"targets:\n  - {name: a, address: \"http://a\"}":              "line 3: gateway a needs an address",
		"targets:\n  - {name: a, adress: \"https://a\"}":              "did you mean targets.address",
		"targets:\n  - {name: A b, address: \"https://a\"}":           "line 3: A b is no name",
		"targets:\n  - {name: a, address: \"https://a\", token: x}\n": "unknown key targets.token",
	} {
		if _, err := ReadTargets([]byte("version: 1\n"+lines), "t.yaml"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", lines, err, want)
		}
	}
}

// A large site is read in little time.
func TestLargeSite(t *testing.T) {
	s := Site{}
	for i := range 100 {
		c := Camera{ID: mediaID(fmt.Sprintf("c%d", i)), Name: "c", URL: "rtsp://192.0.2.8/"}
		for j := range 20 {
			c.Zones = append(c.Zones, Zone{ID: fmt.Sprintf("z%d", j), Kind: "private", Points: "0,0 1,0 1,1"})
		}
		s.Cameras = append(s.Cameras, c)
	}
	f, err := Read(Write(s), "s")
	if err != nil || len(Diff(s, f.Over(Site{}, true))) != 0 {
		t.Error(err)
	}
}

// Whatever the bytes, reading ends with a site that can be written and read again, or an error.
func FuzzRead(f *testing.F) {
	f.Add(Write(whole()))
	f.Add([]byte("version: 1\ncameras:\n  - id: a\n    zones: []\n"))
	f.Add([]byte("version: 1\nsite: *a\n? x\n: y\n"))
	f.Add([]byte("version: 1\nusers: [{name: \"\\u2028\", role: viewer}]\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		file, err := Read(src, "s")
		if err != nil {
			return
		}
		first := Write(file.Said)
		again, err := Read(first, "s")
		if err != nil {
			t.Fatalf("%v\n%s", err, first)
		}
		if second := Write(again.Said); !bytes.Equal(first, second) {
			t.Errorf("%s\n%s", first, second)
		}
		file.Over(whole(), true)
	})
}
