package console_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// closedOffice answers the questions of a closed office with one camera, but for the evidence
// that nobody made yet.
var closedOffice = []struct{ question, said string }{
	{"where", `{"site": {"jurisdiction": "CN-110105", "recognition_mode": "detect_only"}}`},
	{"kind", `{"site": {"kind": "closed-office", "entitled": "lease"}}`},
	{"unit", `{"site": {"unit": "Office Ltd", "contact": "010-5550100"}}`},
	{"needs", `{"cameras": {"store": {"purpose": "property-protection", "necessity": "tools were stolen"}}}`},
	{"places", `{"cameras": {"store": {"place": "warehouse"}}}`},
	{"first-use", `{"cameras": {"store": {"commissioned": "2026-03-02"}}}`},
	{"equipment", `{"cameras": {"store": {"model": "M", "firmware": "F", "certificate": "C"}}}`},
	{"private-rooms", `{"answer": {"says": "no"}}`},
	{"secret-neighbour", `{"answer": {"says": "no"}}`},
	{"key-target", `{"answer": {"says": "no"}}`},
	{"face-devices", `{"answer": {"says": "no"}}`},
	{"processors", `{"answer": {"says": "no"}}`},
	{"grading", `{"answer": {"says": "no", "note": "one camera"}}`},
	{"recorder", `{"records": [{"name": "r", "cameras": ["store"], "keeps": "masked", "where": "cellar", "date": "2026-03-02"}, {"hours": 720}]}`},
	{"signs", `{"records": [{"place": "door", "cameras": ["store"], "date": "2026-11-01", "photo": "HASH", "link": "https://office.example"}]}`},
	{"notice", `{"records": [{"date": "2026-02-20", "contact": "Office Ltd", "purpose": "theft", "manner": "camera", "keeping": "30 days", "necessity": "tools", "effects": "seen", "rights": "ask", "complaints": "desk", "minors": "none", "accessible": true, "shown": "door", "link": "https://office.example"}]}`},
	{"assessment", `{"records": [{"date": "2026-02-10", "review": "2027-02-10", "file": "HASH", "items": {"lawful_necessary": "yes", "effect_and_mitigation": "masked", "risks": "leak", "measures": "logins"}}]}`},
	{"training", `{"records": [{"date": "2026-02-15", "pseudonym": "5", "post": "desk", "topic": "secrecy", "vetted": true, "undertaking": "HASH"}]}`},
	{"rules", `{"records": [{"date": "2026-02-01", "file": "HASH"}, {"date": "2026-02-01", "file": "HASH"}, {"date": "2026-02-01", "file": "HASH"}]}`},
	{"audit", `{"records": [{"date": "2026-05-01", "file": "HASH"}]}`},
	{"device-tests", `{"records": [{"cameras": ["store"], "date": "2026-05-01", "passed": true}]}`},
	{"incident", `{"answer": {"says": "no"}}`},
}

// C26: one clause is unknown, one warns, all others are kept: neither page is green, though the
// camera is protected, and both name the two.
func TestC26HeroesAreNotGreen(t *testing.T) {
	b := openBrowser(t, 1280, 800)
	s := walkthrough{b, mouse{browser: b}, startInstance(t, demoClip(t)), "en", false}
	s.setUp()
	const call = `async (method, path, body) => {
		const r = await fetch('/api' + path, {method, body, headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}});
		if (!r.ok) throw new Error(path + ': ' + await r.text());
	}`
	do := func(method, path, body string) {
		t.Helper()
		s.js(fmt.Sprintf("(%s)(%s, %s, %s)", call, quoted(method), quoted(path), quoted(body)), nil)
	}
	do("POST", "/v1/cameras", fmt.Sprintf(`{"id": "store", "name": "Store", "url": %s, "user": %s, "password": %s}`, quoted(s.camera.URL()), quoted(s.camera.User()), quoted(s.camera.Password())))
	do("POST", "/v1/cameras/store/zones", `{"id": "capture-1", "kind": "capture", "points": [{"x": 0, "y": 0}, {"x": 1, "y": 0}, {"x": 1, "y": 1}]}`)
	for _, one := range closedOffice {
		do("PUT", "/v1/questions/"+one.question, strings.ReplaceAll(one.said, "HASH", strings.Repeat("ab", 32)))
	}
	var left, names []string
	s.js("fetch('/api/v1/compliance').then(r => r.json()).then(r => r.clauses.filter(c => ['fail', 'unknown', 'warn'].includes(c.status)).map(c => c.status + ' ' + c.id))", &left)
	if want := []string{"unknown m-supervision", "warn p51"}; !slices.Equal(left, want) { // all viewers share one login
		t.Fatalf("left are %q, want %q", left, want)
	}
	s.js("fetch('/api/v1/compliance').then(r => r.json()).then(r => r.clauses.filter(c => ['unknown', 'warn'].includes(c.status)).map(c => c.citation.en))", &names)
	for path, shown := range map[string]string{"/": "document.querySelector('[data-camera=store] .state')?.dataset.tone === 'good' && document.querySelector('#duties')", "/compliance": "document.querySelector('#ask')"} {
		s.open(s.url + path)
		// The status that the page is told may still be that of the answer before.
		s.wait("the hero of "+path, shown+" && document.querySelector('#hero').innerText.includes('1 question to answer')")
		var said string
		s.js("document.querySelector('#hero').innerText", &said)
		for _, name := range append(names, "1 question to answer", "1 thing to look at") {
			if !strings.Contains(said, name) {
				t.Errorf("%s: the hero does not name %q: %s", path, name, said)
			}
		}
		if tone := s.is("document.querySelector('#hero').dataset.tone === 'warn'"); !tone {
			t.Errorf("%s: the hero is not a warning", path)
		}
		s.noOverflow(path)
		s.shoot("c26" + strings.ReplaceAll(path, "/", "-"))
	}
	if !s.is("fetch('/api/v1/compliance').then(r => r.json()).then(r => r.state === 'unknown')") {
		t.Error("the site's state is not unknown")
	}
}
