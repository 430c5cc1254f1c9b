package console_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axeFile has the rules of axe-core, where make setup-axe has put them.
var axeFile = filepath.Join(root, "build", "axe", "node_modules", "axe-core", "axe.min.js")

// axe are the accessibility rules, fetched by make setup-axe.
func axe(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(axeFile)
	if err != nil {
		t.Skipf("no axe-core (make setup-axe): %v", err)
	}
	return string(b)
}

// axeFaults runs the rules over the page and reports what is serious.
const axeFaults = `axe.run(document).then(r => r.passes.length < 10 ? ['only ' + r.passes.length + ' rules apply']
	: r.violations.filter(v => ['serious', 'critical'].includes(v.impact)).flatMap(v => v.nodes.map(n => v.id + ': ' + n.target.join(' ') + ': ' + n.failureSummary)))`

// tooSmall are things to press that a finger misses: below 44 pixels in height.
// Links within a text are as high as the text.
const tooSmall = `[...document.querySelectorAll('button, .button, input:not([type=checkbox]):not([type=radio]), select, summary, .tabs a, .langs a, label.choice')]
	.filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
	.map(e => e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 30) + ' is ' + e.getBoundingClientRect().height + ' high')`

func (b *browser) accessible(rules, page string) {
	b.Helper()
	b.passesAxe(rules, page)
	b.reports(page, tooSmall)
}

func (b *browser) passesAxe(rules, page string) {
	b.Helper()
	b.js(rules+"; 0", nil)
	b.reports(page, axeFaults)
}

// reports fails the test with each fault that an expression finds.
func (b *browser) reports(page, expression string) {
	b.Helper()
	var bad []string
	b.js(expression, &bad)
	for _, s := range bad {
		b.Errorf("%s: %s", page, s)
	}
}

// pageState is one page in one state of it.
type pageState struct {
	name, path string
	// ready is seen once the page has its content; press is what opens more.
	ready, press, then string
	// manual is the image of it in the manual; empty: none.
	manual string
}

var pageStates = []pageState{
	{"overview", "/", ".tile .bar rect", "", "", "overview"},
	{"camera-new", "/cameras/new", "#url", "", "", ""},
	{"cameras", "/cameras", "#many-do", "", "", ""},
	{"camera", "/cameras/lobby", "#facts-save", "", "", ""},
	{"camera-edit", "/cameras/lobby", "#facts-save", "#edit-open", "#edit-save", ""},
	{"camera-zone", "/cameras/lobby", "#zone-list [data-zone]", "#zone-list [data-zone]", "#zone-save", "camera"},
	{"consents", "/consents", "[data-revoke]", "", "", ""},
	{"consents-new", "/consents", "[data-revoke]", "#new", "#issue-fields", "consents"},
	{"compliance", "/compliance", "[data-clause]", "", "", "compliance"},
	{"compliance-assessment", "/compliance", "[data-clause]", "[data-fix=assessment]", "form[data-record=assessment]", ""},
	{"records", "/records", "#list li", "", "", ""},
	{"questions", "/questions", "#question form", "", "", ""},
	{"questions-cameras", "/questions#needs", "[data-question=needs]", "", "", ""},
	{"questions-record", "/questions#notice", "[data-question=notice]", "", "", ""},
	{"questions-list", "/questions", "#question form", "#all > summary", "#question-list [data-go]", ""},
	{"update", "/update", "#update a", "", "", ""},
	{"sign", "/sign", ".sign", "", "", ""},
	{"forms", "/forms", "#forms-own [data-form]", "", "", ""},
	{"evidence", "/evidence", "#key code", "", "", "evidence"},
	{"settings", "/settings", "#tokens form", "", "", ""},
	{"notify", "/notify", "#mail input", "", "", ""},
}

// Each page in both languages, on a PC and on a phone: nothing overflows, the
// rules of axe-core find nothing serious, and a finger hits what can be pressed.
func TestPagesAreAccessible(t *testing.T) {
	if !long() {
		t.Skip("all pages are checked with BAUTA_LONG=1")
	}
	rules := axe(t)
	here := startInstance(t, demoClip(t))
	for i, width := range []int64{1440, 360} {
		b := openBrowser(t, width, 900)
		s := walkthrough{b, mouse{b, width < 600}, here, "en", false}
		if i == 0 {
			s.setUp()
			s.accessible(rules, "empty overview")
			s.shoot("en-empty")
			s.prepare()
		} else {
			s.open(s.url + "/login")
			s.page("login")
			s.accessible(rules, "login")
			s.shoot("en-login")
			s.userInput.write("#user", "manager")
			s.userInput.write("#password", password)
			s.userInput.press("#login .button.first")
			s.waitFor("#tiles .tile")
		}
		for _, lang := range []string{"en", "zh-CN"} {
			s.lang = lang
			for _, l := range pageStates {
				s.checkPage(rules, l)
			}
		}
	}
}

func (s walkthrough) checkPage(rules string, l pageState) {
	s.Helper()
	path, part, _ := strings.Cut(l.path, "#")
	s.open(s.url + path + "?lang=" + s.lang + "#" + part)
	s.waitFor(l.ready)
	if l.press != "" {
		s.js(fmt.Sprintf("document.querySelector(%s).click()", quoted(l.press)), nil)
		s.waitFor(l.then)
	}
	if strings.HasPrefix(l.path, "/cameras/lobby") {
		s.wait("there is a frame", "['live', 'hls', 'snapshots'].includes(document.querySelector('#stage').dataset.preview)")
	}
	if l.name == "overview" {
		s.wait("there is a frame", "document.querySelector('.tile img')?.naturalWidth")
	}
	name := s.lang + " " + l.name
	s.page(name)
	s.accessible(rules, name)
	s.shoot(strings.ReplaceAll(name, " ", "-"))
	switch {
	case s.width > 600 && l.manual != "":
		s.saveForManual(l.manual)
	case l.manual == "overview":
		s.saveForManual("phone")
	}
}

// saveForManual makes an image for the manual where BAUTA_MANUAL names its folder:
// what the window shows, in few colours.
func (s walkthrough) saveForManual(name string) {
	dir := os.Getenv("BAUTA_MANUAL")
	if dir == "" {
		return
	}
	s.Helper()
	s.wait("a calm moment", "fetch('/api/v1/cameras').then(r => r.json()).then(all => all.every(c => c.protection === 'protected'))")
	var png []byte
	s.run(chromedp.Evaluate("document.activeElement?.blur(); scrollTo(0, 0)", nil), chromedp.CaptureScreenshot(&png))
	cmd := exec.Command("ffmpeg", "-v", "error", "-y", "-i", "-", "-vf", "scale='min(1080,iw)':-1:flags=lanczos,split[a][b];[a]palettegen=max_colors=160[p];[b][p]paletteuse=dither=none",
		filepath.Join(dir, name+"."+s.lang+".png"))
	cmd.Stdin = bytes.NewReader(png)
	if b, err := cmd.CombinedOutput(); err != nil {
		s.Errorf("no image for the manual: %v: %s", err, b)
	}
}

// furnish gives the site a camera, areas and a consent by the API, as the pages
// would.
func (s walkthrough) prepare() {
	s.Helper()
	const call = `async (method, path, body) => {
		const r = await fetch('/api' + path, {method, body: JSON.stringify(body), headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}});
		if (!r.ok) throw new Error(path + ': ' + await r.text());
	}`
	area := func(kind, purposes string, x0, y0, x1, y1 float64) string {
		return fmt.Sprintf(`await call('POST', '/v1/cameras/lobby/zones', {id: '%s-1', kind: '%s', purposes: [%s], points: [{x: %g, y: %g}, {x: %g, y: %g}, {x: %g, y: %g}, {x: %g, y: %g}]});`,
			kind, kind, purposes, x0, y0, x1, y0, x1, y1, x0, y1)
	}
	s.js(fmt.Sprintf(`(async () => {
		const call = %s;
		await call('POST', '/v1/cameras', {name: 'Lobby', url: %s, user: %s, password: %s, place: 'lobby', purpose: 'public-safety'});
		%s
		%s
		const until = new Date(Date.now() + 20 * 86400e3).toISOString();
		await call('POST', '/v1/consents/issue', {badge: 7, zones: ['consent-1'], purpose: 'access-control', age: 'adult', statement: 'I agree', expires: until});
		await call('POST', '/v1/consents/issue', {badge: 9, zones: ['consent-1'], purpose: 'event', age: 'minor14', guardian: 'file-12', statement: 'I agree'});
		await call('PUT', '/v1/site', {kind: 'office-lobby', recognition_mode: 'detect_only', jurisdiction: 'CN-44'});
	})()`, call, quoted(s.camera.URL()), quoted(s.camera.User()), quoted(s.camera.Password()), area("private", "", .68, .08, .95, .42), area("consent", "'access-control', 'event'", .05, .3, .6, .95)), nil)
	s.open(s.url + "/")
	s.wait("the camera is protected", "document.querySelector('[data-camera=lobby] .state')?.dataset.tone === 'good'")
}

// Who may only watch finds calm pages without what only managers can press.
func TestViewersPages(t *testing.T) {
	if !long() {
		t.Skip("the viewer's pages are checked with BAUTA_LONG=1")
	}
	b := openBrowser(t, 1280, 800)
	s := walkthrough{b, mouse{browser: b}, startInstance(t, demoClip(t)), "en", false}
	s.setUp()
	s.prepare()
	s.js(fmt.Sprintf(`fetch('/api/v1/users', {method: 'POST', body: JSON.stringify({user: 'guard', password: %s, role: 'viewer'}),
		headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}}).then(r => { if (!r.ok) throw new Error(r.status); })`, quoted(password)), nil)
	s.userInput.press("#logout")
	s.waitFor("#login")
	s.userInput.write("#user", "guard")
	s.userInput.write("#password", password)
	s.userInput.press("#login .button.first")
	s.waitFor("#tiles .tile")
	for path, ready := range map[string]string{
		"/": ".tile .bar", "/cameras": "#list li", "/cameras/lobby": "#facts-form select", "/consents": "main .card", "/compliance": "[data-clause]", "/evidence": "main .card", "/settings": "#box dl",
		"/questions": "#question form", "/update": "#update a",
	} {
		s.open(s.url + path)
		s.waitFor(ready)
		if s.is("document.querySelector('#told').dataset.tone === 'bad' || [...document.querySelectorAll('.for-manager, .tile.add, [data-fix]')].some(e => e.checkVisibility())") {
			s.shoot("failed")
			s.Errorf("%s complains, or offers what a viewer may not do", path)
		}
	}
}
