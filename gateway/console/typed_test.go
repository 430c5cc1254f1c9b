package console_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// These tests break what people do off in the middle, and look that nothing typed is lost.

// fits looks at what is shown: nothing overflows, and where axe was fetched it finds nothing.
func (s walkthrough) fits(what string) {
	s.Helper()
	s.noOverflow(what)
	rules, err := os.ReadFile(filepath.Join(root, "build", "axe", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		s.Logf("%s: without axe-core (make setup-axe)", what)
		return
	}
	s.accessible(string(rules), what)
}

// request asks the API from the page, as its scripts would.
func (s walkthrough) request(method, path, body string) {
	s.Helper()
	s.js(fmt.Sprintf(`fetch('/api' + %s, {method: %s, body: %s, headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}})
		.then(async r => { if (!r.ok) throw new Error(await r.text()); })`, quoted(path), quoted(method), quoted(body)), nil)
}

// endSessions ends all logins of the manager, who keeps the password.
func (s walkthrough) endSessions() {
	s.Helper()
	var out map[string]any
	if err := local(s.data, http.MethodPut, "/v1/users/manager/password", fmt.Sprintf(`{"password": %q}`, password), &out); err != nil || out["error"] != nil {
		s.Fatalf("%v, %v", err, out)
	}
}

// again logs in in the dialog over the page.
func (s walkthrough) again() {
	s.Helper()
	s.waitFor("#login-over [name=password]")
	s.fits("the login over the page")
	s.shoot(s.lang + "-login-over")
	s.userInput.write("#login-over [name=password]", password)
	s.userInput.press("#login-over .button.first")
	s.wait("the dialog is gone", "!document.querySelector('#login-over')")
}

// answer is what a page asks the gateway for, past the page.
func (b *browser) answer(path, of string) (said string) {
	b.Helper()
	b.js(fmt.Sprintf("fetch('/api' + %s).then(r => r.json()).then(v => String(%s))", quoted(path), of), &said)
	return said
}

// bothWays runs a test in both languages, on a PC and on a phone.
func bothWays(t *testing.T, test func(s walkthrough)) {
	for _, lang := range oneOf(t, []string{"en", "zh-CN"}) {
		t.Run(lang, func(t *testing.T) {
			width := map[string]int64{"en": 1366, "zh-CN": 360}[lang]
			b := openBrowser(t, width, 800)
			s := walkthrough{b, mouse{b, width < 600}, startGateway(t), lang, false}
			s.setUp()
			s.request("POST", "/v1/cameras", `{"id": "gate", "name": "Gate", "url": "rtsp://127.0.0.1:9/gate"}`)
			test(s)
		})
	}
}

// The login ends in the middle of a form: it is asked for over the page, and what was typed is
// saved then, in three forms.
func TestLoginEndsInMidForm(t *testing.T) {
	bothWays(t, func(s walkthrough) {
		s.open(s.url + "/cameras/gate#facts")
		s.userInput.write("[name=necessity]", "people were hurt here")
		s.endSessions()
		s.userInput.press("#facts-save")
		s.again()
		s.wait("the facts are saved", "fetch('/api/v1/cameras/gate/facts').then(r => r.json()).then(f => f.necessity === 'people were hurt here')")

		s.userInput.press("#zone-new")
		s.userInput.area(.1, .1, .4, .5)
		s.waitFor("#zone-save")
		s.endSessions()
		s.userInput.press("#zone-save")
		s.again()
		s.wait("the area is saved", "fetch('/api/v1/cameras/gate/zones').then(r => r.json()).then(z => z.zones.length === 1)")

		s.open(s.url + "/compliance")
		s.wait("the records are there", "document.querySelector('#complaint [data-add]')")
		s.js("document.getElementById('complaint').reveal()", nil)
		s.userInput.write("form[data-record=complaint] [name=content]", "a camera looks into a window")
		s.endSessions()
		s.userInput.press("form[data-record=complaint] .button.first")
		s.again()
		s.waitFor("#complaint [data-id]")
		if got := s.answer("/v1/records/complaint", "v.map(r => r.record.content)"); got != "a camera looks into a window" {
			s.Errorf("the record says %q", got)
		}
	})
}

// A page that only looks shows a line, no dialog, and follows again after the login. Another one who
// logs in gets a page without what the first one typed; the first one finds it again.
func TestAnotherLogsIn(t *testing.T) {
	bothWays(t, func(s walkthrough) {
		s.request("POST", "/v1/users", fmt.Sprintf(`{"user": "guard", "password": %q, "role": "manager"}`, password))
		s.open(s.url + "/cameras/gate#facts")
		s.userInput.write("[name=necessity]", "only the manager's words")
		s.endSessions()
		s.waitFor("#login-again")
		if s.is("document.querySelector('dialog')") {
			s.Error("a dialog opens by itself")
		}
		s.fits("the line of an ended login")
		s.shoot(s.lang + "-login-ended")
		s.userInput.press("#login-again")
		s.userInput.write("#login-over [name=user]", "guard")
		s.userInput.write("#login-over [name=password]", password)
		s.js("document.documentElement.dataset.before = ''", nil)
		s.userInput.press("#login-over .button.first")
		s.wait("the page comes anew", "document.documentElement.dataset.before === undefined")
		s.waitFor("#notice")
		s.waitFor("#facts-save")
		if s.is("document.querySelector('[name=necessity]').value !== '' || document.querySelector('[data-take]')") {
			s.Error("the other one is given what the first one typed")
		}
		s.js("document.querySelector('#notice button').click()", nil)
		s.endSessions()
		s.userInput.press("#logout")
		s.waitFor("#login")
	})
}

// A draft outlives a reload and the other language, is offered, and goes with the save and the logout.
func TestDraftsOutliveReload(t *testing.T) {
	bothWays(t, func(s walkthrough) {
		s.open(s.url + "/cameras/gate#facts")
		s.userInput.write("[name=necessity]", "half a sent")
		s.open(s.url + "/cameras/gate")
		s.waitFor("[data-take=facts]")
		s.fits("an offered draft")
		s.shoot(s.lang + "-draft")
		s.userInput.press("[data-take=facts]")
		s.wait("the draft is in the form", "document.querySelector('[name=necessity]').value === 'half a sent'")
		other := map[string]string{"en": "zh-CN", "zh-CN": "en"}[s.lang]
		for _, lang := range []string{other, s.lang} {
			s.js("document.documentElement.dataset.before = ''", nil)
			s.userInput.press(fmt.Sprintf("a[hreflang=%s]", lang))
			s.wait("the page comes in the other language", fmt.Sprintf("document.documentElement.dataset.before === undefined && document.documentElement.lang === %q", lang))
			s.wait("the draft is in the form", "document.querySelector('[name=necessity]')?.value === 'half a sent'")
		}
		s.userInput.press("#zone-new")
		s.js("document.querySelector('#zone-rectangle').click()", nil)
		s.wait("an area is being drawn", "document.querySelectorAll('.corner').length > 4")
		s.open(s.url + "/cameras/gate")
		s.userInput.press("[data-take=zone]")
		s.userInput.press("#zone-save")
		s.wait("the area is saved", "fetch('/api/v1/cameras/gate/zones').then(r => r.json()).then(z => z.zones.length === 1)")
		s.userInput.press("[data-take=facts]")
		s.userInput.press("#facts-save")
		s.wait("the facts are saved", "fetch('/api/v1/cameras/gate/facts').then(r => r.json()).then(f => f.necessity === 'half a sent')")
		s.wait("no draft is left", "!Object.keys(sessionStorage).some(key => key.startsWith('bauta.draft'))")

		s.open(s.url + "/compliance")
		s.wait("the records are there", "document.querySelector('#complaint [data-add]')")
		s.js("document.getElementById('export').reveal()", nil)
		s.waitFor("form[data-record=export]")
		s.userInput.write("form[data-record=export] [name=content]", "two hours of the gate")
		s.userInput.write("form[data-record=export] [name=name]", "Officer Liu")
		if s.is("Object.values(sessionStorage).some(kept => kept.includes('Liu'))") {
			s.Error("a draft keeps a person's name")
		}
		s.open(s.url + "/compliance")
		s.userInput.press("[data-take='record.export.new']")
		s.wait("the draft is in the form", "document.querySelector('form[data-record=export] [name=content]')?.value === 'two hours of the gate'")
		s.userInput.press("#logout")
		s.waitFor("#login")
		if s.is("Object.keys(sessionStorage).some(key => key.startsWith('bauta.draft'))") {
			s.Error("a draft outlives the logout")
		}
	})
}

// After a login the reader is where the login was asked for, of this console alone.
func TestLoginLeadsBack(t *testing.T) {
	b := openBrowser(t, 1366, 800)
	s := walkthrough{b, mouse{browser: b}, startGateway(t), "en", false}
	s.setUp()
	for next, want := range map[string]string{"/compliance?x=1#site": "/compliance?x=1#site", "/login?next=//evil.example/": "/", "/login?next=/%5Cevil.example": "/", "/login?next=/api/v1/users": "/", "/login?next=https://evil.example/": "/"} {
		s.js("fetch('/api/v1/logout', {method: 'POST', headers: {'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}}).then(() => 0)", nil)
		s.open(s.url + next)
		s.waitFor("#login")
		s.userInput.write("#user", "manager")
		s.userInput.write("#password", password)
		s.userInput.press("#login .button.first")
		s.wait(next+" leads to "+want, fmt.Sprintf("!document.querySelector('#login') && location.pathname + location.search + location.hash === %q", want))
		s.settled()
	}
}

// Before the login ends the reader is warned, and can stay.
func TestLoginEndsSoon(t *testing.T) {
	bothWays(t, func(s walkthrough) {
		s.open(s.url + "/settings")
		s.waitFor("#tokens form")
		s.wait("nothing more is asked for", "new Promise(done => setTimeout(() => done(true), 1000))")
		s.js("import('/static/session.js').then(it => it.left('170 9000'))", nil)
		s.waitFor("#login-stay")
		s.fits("the warning")
		s.shoot(s.lang + "-login-soon")
		s.userInput.press("#login-stay")
		s.wait("the warning goes", "!document.querySelector('#login-soon')")
	})
}

// The gateway is restarted while a form is open: sessions are over, the form goes on.
func TestRestartInMidForm(t *testing.T) {
	address := freeAddress(t)
	data := filepath.Join(t.TempDir(), "data")
	config := filepath.Join(t.TempDir(), "bauta.yaml")
	settings := fmt.Sprintf("rtsp: {address: \"127.0.0.1:0\", udp: false}\nmqtt: {embedded_address: \"127.0.0.1:0\"}\nconsole: {address: %q}\n", address)
	if err := os.WriteFile(config, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	start := func() *exec.Cmd {
		cmd := exec.Command(built(t, "bauta"), "run", "--config", config, "--data", data)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	cmd := start()
	t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() })
	here := &instance{data: data}
	eventually(t, "the daemon shows the set-up code", func() bool { here.code, here.url = setupCode(data); return here.code != "" && here.url != "" })
	b := openBrowser(t, 1366, 800)
	s := walkthrough{b, mouse{browser: b}, here, "en", false}
	s.setUp()
	s.open(s.url + "/compliance")
	s.wait("the records are there", "document.querySelector('#complaint [data-add]')")
	s.js("document.getElementById('complaint').reveal()", nil)
	s.userInput.write("form[data-record=complaint] [name=content]", "typed before the restart")
	_ = cmd.Process.Signal(syscall.SIGTERM)
	_ = cmd.Wait()
	s.userInput.press("form[data-record=complaint] .button.first")
	s.wait("it is said that nobody answers", "document.querySelector('form[data-record=complaint] .wrong').textContent.length > 10")
	cmd = start()
	eventually(t, "the daemon is back", func() bool { var out map[string]any; return local(data, http.MethodGet, "/v1/status", "", &out) == nil })
	s.userInput.press("form[data-record=complaint] .button.first")
	s.again()
	s.waitFor("#complaint [data-id]")
	s.wait("the stream of states is back", "!document.querySelector('#login-ended')")
	if got := s.answer("/v1/records/complaint", "v.map(r => r.record.content)"); got != "typed before the restart" {
		t.Errorf("the record says %q", got)
	}
}

// A gateway that hangs while a form is saved is said to, and the reader can cancel.
func TestGatewayHangs(t *testing.T) {
	b := openBrowser(t, 1366, 800)
	s := walkthrough{b, mouse{browser: b}, startGateway(t), "en", false}
	s.setUp()
	s.request("POST", "/v1/cameras", `{"id": "gate", "name": "Gate", "url": "rtsp://127.0.0.1:9/gate"}`)
	s.open(s.url + "/cameras/gate#facts")
	s.userInput.write("[name=necessity]", "half a sentence")
	s.hang(true)
	s.userInput.press("#facts-save")
	s.waitFor("#facts-form [data-cancel]")
	s.userInput.press("#facts-form [data-cancel]")
	s.wait("it is cancelled", "document.querySelector('#facts-form .wrong').textContent.length > 10 && !document.querySelector('#facts-save').disabled")
	s.userInput.press("#facts-save")
	s.wait("it ends by itself", "document.querySelector('#facts-save').disabled === false && document.querySelector('#facts-form .wrong').textContent.length > 10")
	s.shoot("hangs")
	s.hang(false)
	s.userInput.press("#facts-save")
	s.wait("the facts are saved", "fetch('/api/v1/cameras/gate/facts').then(r => r.json()).then(f => f.necessity === 'half a sentence')")
}

// hang stops the gateway's process, or lets it go on.
func (s walkthrough) hang(yes bool) {
	s.Helper()
	signal := syscall.SIGCONT
	if yes {
		signal = syscall.SIGSTOP
	}
	if err := s.process.Signal(signal); err != nil {
		s.Fatal(err)
	}
}

// Who waits for an evidence pack reads which camera it is at. The gateway of this test is too fast for
// that: the page's questions are answered slowly in its place.
func TestProgressOfEvidence(t *testing.T) {
	bothWays(t, func(s walkthrough) {
		s.open(s.url + "/evidence")
		s.js(`{
			const real = fetch, mark = path => path.match(/progress[=\/]([a-z0-9]+)$/)?.[1];
			let pack;
			window.fetch = async (path, init) => {
				if (path.includes('/v1/evidence')) { pack = mark(path); await new Promise(done => setTimeout(done, 4000)); return real(path, init); }
				if (path.includes('/v1/progress/') && mark(path) === pack) return new Response(JSON.stringify({what: {en: 'Taking a masked picture of each camera', zh: '正在取一张遮挡画面'}, done: 11, total: 33}));
				return real(path, init);
			};
		}`, nil)
		s.userInput.press("#export .button.first")
		s.wait("the step is said", "/12.*33/.test(document.querySelector('#made [data-working] p')?.textContent ?? '') && document.querySelector('#made progress').value === 12")
		s.fits("the progress")
		s.shoot(s.lang + "-progress")
		s.waitFor("#download")
	})
}

// A walk test goes on over a reload, cannot be started twice, and is recorded as the device test by
// one press; the consents page says that all have ended.
func TestWalkTestIsRecorded(t *testing.T) {
	b := openBrowser(t, 1366, 800)
	s := walkthrough{b, mouse{browser: b}, startInstance(t, demoClip(t)), "en", false}
	s.setUp()
	s.prepare()
	s.open(s.url + "/consents")
	for range 2 {
		s.userInput.press("[data-revoke]")
		s.userInput.press("dialog .danger")
		s.wait("it is withdrawn", "!document.querySelector('dialog')")
		s.wait("the list follows", "new Promise(done => setTimeout(() => done(true), 500))")
	}
	s.waitFor("#show-ended")
	s.userInput.press("#show-ended")
	s.wait("the ended ones are shown", "document.querySelectorAll('[data-token]').length === 2")
	s.request("POST", "/v1/cameras/lobby/walktest", `{"seconds": 12}`)
	s.open(s.url + "/cameras/lobby")
	s.wait("the test goes on", "document.querySelector('#walk-start')?.disabled && document.querySelector('#walk-masked')")
	s.userInput.press("#walk-record")
	s.wait("it is recorded", "fetch('/api/v1/records/devicetest').then(r => r.json()).then(all => all[0]?.record.passed && all[0].record.camera === 'lobby')")
	if s.is("document.querySelector('#walk-record') || document.querySelector('#walk-start').disabled") {
		s.Error("the test cannot be started again, or is offered twice")
	}
	s.shoot("walk")
}

// The sign's unit and telephone are kept with the site, and it prints on one page with its type scaled
// to the sheet.
func TestSignKeepsItsUnit(t *testing.T) {
	bothWays(t, func(s walkthrough) {
		s.open(s.url + "/sign")
		s.userInput.write("#unit", "Example Mall")
		s.userInput.write("#phone", "021-5555 0100")
		s.userInput.write("#days", "30")
		s.userInput.press("#keep")
		s.wait("the site has them", "fetch('/api/v1/site').then(r => r.json()).then(f => f.unit === 'Example Mall' && f.contact === '021-5555 0100')")
		s.fits("the sign")
		s.open(s.url + "/sign")
		s.settled()
		if got := s.says("unit") + s.says("phone"); got != "Example Mall021-5555 0100" {
			s.Errorf("the next sign says %q", got)
		}
		s.keep(s.lang+"-sign.pdf", s.print())
	})
}
