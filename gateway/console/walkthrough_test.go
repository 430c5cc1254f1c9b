package console_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	paho "github.com/eclipse/paho.mqtt.golang"
)

// walkthrough is a manager's whole way, from the first page to the evidence.
type walkthrough struct {
	*browser
	userInput
	*instance
	lang string
	// album: the pages are photographed on the way.
	album bool
}

// One short way runs always: from the first page to a camera that is protected,
// with an area that is solid in the preview.
func TestFirstCamera(t *testing.T) {
	b := openBrowser(t, 1440, 900)
	s := walkthrough{b, mouse{browser: b}, startInstance(t, demoClip(t)), "en", true}
	s.setUp()
	s.addCamera()
	s.openCamera()
	s.privateArea()
	s.noOverflow("camera")
	s.takeBack()
	s.coverMoving()
	s.mounting()
	s.byHLS()
	s.sign()
	s.secondCamera()
}

// The whole way, in both languages, by mouse, finger and keyboard. The frames are
// compared with the clip's own.
func TestManagersWholeWay(t *testing.T) {
	if !long() {
		t.Skip("the whole way is gone with BAUTA_LONG=1")
	}
	for _, c := range []struct {
		name, lang    string
		width, height int64
		hands         func(*browser) userInput
	}{
		{"English by mouse", "en", 1440, 900, func(b *browser) userInput { return mouse{browser: b} }},
		{"Chinese by finger", "zh-CN", 360, 740, func(b *browser) userInput { return mouse{b, true} }},
		{"English by keyboard", "en", 1280, 800, func(b *browser) userInput { return keyboard{b} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			clip := small(t, badgesClip(t))
			tr := badgesTruth(t, clip)
			b := openBrowser(t, c.width, c.height)
			s := walkthrough{b, c.hands(b), startInstance(t, clip), c.lang, false}
			s.setUp()
			s.logInAgain()
			s.addCamera()
			s.openCamera()
			s.privateArea()
			s.neverShown(tr, 7)
			s.consentArea()
			s.issue()
			s.openCamera()
			s.waitShown(tr, 7)
			s.renew()
			s.revoke()
			s.openCamera()
			s.neverShown(tr, 7)
			s.liveAgain()
			s.mounting()
			s.fixClause()
			s.evidence()
			s.fleet()
			s.over()
		})
	}
}

// page checks that nothing overflows and the language is the chosen one.
func (s walkthrough) page(name string) {
	s.Helper()
	s.noOverflow(name)
	if s.album {
		s.shoot(s.lang + "-story-" + strings.ReplaceAll(name, " ", "-"))
	}
	if !s.is(fmt.Sprintf("document.documentElement.lang === %s", quoted(s.lang))) {
		s.Errorf("%s: the page is not in %s", name, s.lang)
	}
}

func (s walkthrough) setUp() {
	s.Helper()
	s.open(s.url + "/")
	s.waitFor("#setup")
	s.userInput.press(fmt.Sprintf("a[hreflang=%s]", s.lang))
	s.wait("the page in that language", fmt.Sprintf("document.documentElement.lang === %s", quoted(s.lang)))
	s.page("setup")
	s.userInput.write("#code", s.code)
	s.userInput.write("#user", "manager")
	s.userInput.write("#password", password)
	s.userInput.write("#again", password)
	s.userInput.press("#setup .button.first")
	s.wait("the overview", "location.pathname === '/' && document.querySelector('#hero')?.dataset.tone")
	s.page("the first overview")
}

func (s walkthrough) logInAgain() {
	s.Helper()
	s.userInput.press("#logout")
	s.waitFor("#login")
	s.page("login")
	s.userInput.write("#user", "manager")
	s.userInput.write("#password", "not the right words")
	s.userInput.press("#login .button.first")
	s.wait("the wrong password is reported", "document.querySelector('.wrong').textContent.length > 5")
	s.userInput.write("#password", password)
	s.userInput.press("#login .button.first")
	s.waitFor("#hero a.button.first")
}

func (s walkthrough) addCamera() {
	s.Helper()
	s.userInput.press("#hero a.button.first")
	s.waitFor("#url")
	s.page("add a camera")
	s.userInput.write("#url", s.camera.URL())
	s.userInput.write("#user", s.camera.User())
	s.userInput.write("#password", s.camera.Password())
	s.userInput.press("#test")
	s.waitFor("#tested")
	s.userInput.write("#name", "Lobby")
	s.userInput.write("#necessity", "Bags were stolen.\nTwice.")
	s.userInput.pick("#where", "public-toilet")
	s.wait("the law forbids it", "document.querySelector('#law').dataset.tone === 'bad' && document.querySelector('#add').disabled")
	s.page("a prohibited place")
	s.userInput.pick("#where", "lobby")
	s.userInput.pick("#purpose", "public-safety")
	s.userInput.press("#add")
	s.waitFor("#open")
	s.wait("the page says when it is protected", "document.querySelector('#done .hero').dataset.tone === 'good'")
	s.page("the camera is added")
}

func (s walkthrough) openCamera() {
	s.Helper()
	s.open(s.url + "/")
	s.wait("the tile says that it is protected", "document.querySelector('[data-camera=lobby] .state')?.dataset.tone === 'good'")
	s.page("overview")
	s.userInput.press("[data-camera=lobby] h3 a")
	s.waitFor("#stage")
	s.wait("there is a frame", "['live', 'hls', 'snapshots'].includes(document.querySelector('#stage').dataset.preview)")
	s.page("camera")
}

func (s walkthrough) draw(kind string, x0, y0, x1, y1 float64) {
	s.Helper()
	s.userInput.press("#zone-new")
	s.userInput.tick(fmt.Sprintf("[name=kind][value=%s]", kind))
	s.area(x0, y0, x1, y1)
	if kind == "consent" {
		s.userInput.press("#zone-save")
		s.wait("an area in which nobody is shown is asked about", "document.querySelector('#zone-edit .wrong').textContent !== ''")
		s.userInput.tick("#zone-purposes [value=access-control]")
		s.userInput.tick("#zone-purposes [value=event]")
	}
	s.userInput.press("#zone-save")
	s.waitFor("#zone-list .swatch." + kind)
	s.page("the area")
}

func (s walkthrough) privateArea() {
	s.Helper()
	s.draw("private", .05, .05, .3, .3)
	s.waitSolid(.05, .05, .3, .3)
}

// takeBack ends what a command over MQTT hides.
func (s walkthrough) takeBack() {
	s.Helper()
	var broker string
	s.js("fetch('/api/v1/status').then(r => r.json()).then(status => status.gateway.mqtt.address)", &broker)
	var login struct{ Name, Password string }
	if err := local(s.instance.data, http.MethodPost, "/v1/mqtt/logins", `{"name":"hider","may":"mask"}`, &login); err != nil {
		s.Fatalf("no login at the broker: %v", err)
	}
	client := paho.NewClient(paho.NewClientOptions().AddBroker("tcp://" + broker).SetUsername(login.Name).SetPassword(login.Password))
	if token := client.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		s.Fatalf("no connection to the broker: %v", token.Error())
	}
	defer client.Disconnect(100)
	if token := client.Publish("bauta/main-building/camera/lobby/mask/set", 1, false, "solid"); !token.WaitTimeout(patience) || token.Error() != nil {
		s.Fatalf("the command is not sent: %v", token.Error())
	}
	s.userInput.press("#level")
	s.waitFor("dialog[open]")
	s.page("a command is taken back")
	s.userInput.press("dialog .danger")
	s.wait("the command is taken back", "!document.querySelector('#level')")
}

// coverMoving has all that moves blurred, and takes it back.
func (s walkthrough) coverMoving() {
	s.Helper()
	masks := func(what string) {
		s.Helper()
		s.wait("the page says what is masked", fmt.Sprintf("document.querySelector('#tech').innerText.includes(', %s')", what))
	}
	masks("faces\\n")
	s.userInput.tick("#cover-form [value=moving]")
	s.userInput.press("#cover-save")
	masks("faces and all that moves")
	s.page("what is masked")
	s.userInput.tick("#cover-form [value=faces]")
	s.userInput.press("#cover-save")
	s.waitFor("dialog[open]")
	s.userInput.press("dialog .danger")
	masks("faces\\n")
}

// mounting chooses, of the masked frame in four rotations, the one that is upright, and
// leaves it to the gateway again.
func (s walkthrough) mounting() {
	s.Helper()
	s.js("document.querySelector('#mounting').scrollIntoView({block: 'center'})", nil)
	s.wait("the masked frame is there in all rotations", `(() => {
		const all = [...document.querySelectorAll('#mounting-form .quarters label')].map(one => [one.querySelector('input').value, one.querySelector('img')]);
		const turned = {0: 'none', 90: 'matrix(0, 1, -1, 0, 0, 0)', 180: 'matrix(-1, 0, 0, -1, 0, 0)', 270: 'matrix(0, -1, 1, 0, 0, 0)'};
		return all.length === 4 && all.every(([value, img]) => img?.naturalWidth > 0 && getComputedStyle(img).transform === turned[value]);
	})()`)
	if !s.is(`[...document.querySelectorAll('#mounting-form [type=radio]')].every(one => one.labels[0].innerText.trim().length > 3)`) {
		s.Error("a choice has no name")
	}
	texts := map[string]string{"90": "turned by 90 degrees clockwise", "auto": "found out by Bauta"}
	if s.lang == "zh-CN" {
		texts = map[string]string{"90": "顺时针转 90 度后为正", "auto": "由 Bauta 自动判断"}
	}
	for _, mounting := range []string{"90", "auto"} {
		s.userInput.tick(fmt.Sprintf("#mounting-form [value='%s']", mounting))
		s.userInput.press("#mounting-save")
		s.wait("the page says which way is up", fmt.Sprintf("document.querySelector('#tech').innerText.includes(%s)", quoted(texts[mounting])))
		s.page("which way is up " + mounting)
	}
}

// sign names what the cameras are for.
func (s walkthrough) sign() {
	s.Helper()
	s.open(s.url + "/sign")
	s.wait("the sign names the purpose", "document.querySelector('.sign').innerText.includes('public safety') && document.querySelector('.sign').innerText.includes('公共安全')")
	s.page("sign")
}

// secondCamera: names of areas need not be unique, their ids are.
func (s walkthrough) secondCamera() {
	s.Helper()
	s.js(`fetch('/api/v1/cameras', {method: 'POST', body: JSON.stringify({id: 'yard', name: 'Yard', url: 'rtsp://127.0.0.1:9/none', place: 'entrance', purpose: 'public-safety'}),
		headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}}).then(r => { if (!r.ok) throw new Error(r.status); })`, nil)
	s.open(s.url + "/cameras/yard")
	s.waitFor("#zone-list li")
	s.userInput.press("#zone-new")
	s.waitFor("#zone-name")
	s.wait("a name to begin with", "document.querySelector('#zone-name').value.endsWith(' 1')")
}

func (s walkthrough) consentArea() {
	s.Helper()
	s.draw("consent", .02, .02, .98, .98)
}

func (s walkthrough) issue() {
	s.Helper()
	s.userInput.press(".tabs a[href='/consents']")
	s.waitFor("#new")
	s.page("consents")
	s.userInput.press("#new")
	s.waitFor("#issue-fields")
	s.userInput.write("[name=badge]", "7")
	s.userInput.tick("[name=zone]")
	s.js(`(() => { // a date field has no text to write into
		const until = document.querySelector('[name=until]');
		until.value = new Date(Date.now() + 20 * 86400e3).toISOString().slice(0, 10);
		until.dispatchEvent(new Event('change', {bubbles: true}));
	})()`, nil)
	s.userInput.tick("[name=agreed]")
	s.page("the form of a consent")
	s.userInput.press("#issue-do")
	s.waitFor("#ready")
	s.page("the badge")
	s.savedText()
	for _, what := range []string{"badge", "sheet"} {
		s.printed(what)
	}
}

// printed fetches what the button opens.
func (s walkthrough) printed(what string) {
	s.Helper()
	var data string
	s.js(fmt.Sprintf(`(async () => {
		const r = await fetch(document.querySelector('#ready a[href*=%s]').href);
		return r.headers.get('Content-Type') + ',' + btoa(String.fromCharCode(...new Uint8Array(await r.arrayBuffer())));
	})()`, what), &data)
	kind, encoded, _ := strings.Cut(data, ",")
	pdf, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || kind != "application/pdf" || !strings.HasPrefix(string(pdf), "%PDF-") {
		s.Errorf("the %s is %q of %d bytes: %v", what, kind, len(pdf), err)
	}
}

// savedText saves what the person agreed to: it is what the consent's fingerprint is of.
func (s walkthrough) savedText() {
	s.Helper()
	s.allowDownloads()
	s.userInput.press("#statement")
	var saved string
	eventually(s.T, "the text is saved", func() bool { saved = oneFile(s.downloads, "consent-*.txt"); return saved != "" })
	b, err := os.ReadFile(saved)
	if err != nil {
		s.Fatal(err)
	}
	var want string
	s.js("fetch('/api/v1/consents').then(r => r.json()).then(page => page.consents[0].statement)", &want)
	if got := fmt.Sprintf("%x", sha256.Sum256(b)); got != want {
		s.Errorf("the fingerprint of the saved text is %s, the consent's %s", got, want)
	}
}

// renew lets the same person go on with the badge; the page asks for it once.
func (s walkthrough) renew() {
	s.Helper()
	s.userInput.press(".tabs a[href='/consents']")
	s.userInput.press("#ending button")
	s.waitFor("#issue-fields")
	if !s.is("document.querySelector('[name=badge]').value === '7'") {
		s.Error("the renewal is not of badge 7")
	}
	s.userInput.tick("[name=agreed]")
	s.userInput.press("#issue-do")
	s.waitFor("#ready")
	s.wait("it is renewed", "document.querySelectorAll('[data-revoke]').length === 2 && !document.querySelector('#ending button')")
	s.page("the consent is renewed")
}

// revoke withdraws the consent and its renewal.
func (s walkthrough) revoke() {
	s.Helper()
	s.userInput.press(".tabs a[href='/consents']")
	for left := 2; left > 0; left-- {
		s.wait("the consents are listed", fmt.Sprintf("document.querySelectorAll('[data-revoke]').length === %d", left))
		s.userInput.press("[data-revoke]")
		s.waitFor("dialog[open]")
		s.userInput.press("dialog .danger")
	}
	s.wait("no consent is left", "!document.querySelector('[data-revoke]')")
	s.page("the consent is withdrawn")
}

// byHLS: where WebRTC does not connect, the preview moves all the same, and says why it is late.
func (s walkthrough) byHLS() {
	s.Helper()
	var id page.ScriptIdentifier
	s.run(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		id, err = page.AddScriptToEvaluateOnNewDocument("window.RTCPeerConnection = function () { throw new Error('no connection'); }").Do(ctx)
		return err
	}))
	s.open(s.url + "/cameras/lobby")
	s.wait("the preview is shown by HLS", "document.querySelector('#stage').dataset.preview === 'hls'")
	s.wait("it moves", "document.querySelector('#stage video').currentTime > 3 && !document.querySelector('#stage video').paused")
	s.run(page.RemoveScriptToEvaluateOnNewDocument(id))
}

// liveAgain: a live preview that fails is tried until it works. Half minutes
// pass fast here.
func (s walkthrough) liveAgain() {
	s.Helper()
	const fails = `(() => {
		const Real = RTCPeerConnection, later = setTimeout;
		let left = 4;
		window.setTimeout = (work, time, ...rest) => later(work, time > 20000 ? 300 : time, ...rest);
		window.RTCPeerConnection = function (...rest) {
			if (left-- > 0) throw new Error('no connection');
			return new Real(...rest);
		};
	})()`
	var id page.ScriptIdentifier
	s.run(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		id, err = page.AddScriptToEvaluateOnNewDocument(fails).Do(ctx)
		return err
	}))
	s.open(s.url + "/cameras/lobby")
	s.wait("the preview is live after all", "document.querySelector('#stage').dataset.preview === 'live'")
	s.run(page.RemoveScriptToEvaluateOnNewDocument(id))
}

// over: a session that ends leads to the login, on a page that asks for little.
func (s walkthrough) over() {
	s.Helper()
	s.open(s.url + "/compliance")
	s.waitFor("[data-clause]")
	s.js("fetch('/api/v1/logout', {method: 'POST', headers: {'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}}).then(r => { if (!r.ok) throw new Error(r.status); })", nil)
	s.waitFor("#login")
}

// fixClause says what kind of place it is and records a sign, without which the law is broken.
// A record is no measurement: the clause is not green then.
func (s walkthrough) fixClause() {
	s.Helper()
	s.answered("face-devices", func() { s.userInput.tick("[name=says][value=no]") })
	s.userInput.press(".tabs a[href='/compliance']")
	clause := "[data-clause=p26]"
	s.waitFor(clause + "[data-status=fail]")
	s.page("compliance")
	s.userInput.pick("#site-form [name=kind]", "office-lobby")
	s.userInput.pick("#site-form [name=recognition_mode]", "detect_only")
	s.userInput.press("#site-save")
	s.wait("the kind of place is kept", "fetch('/api/v1/site').then(r => r.json()).then(site => site.class === 'art9')")
	s.userInput.press(clause + " [data-fix=sign]")
	s.waitFor("form[data-record=sign]")
	photo := filepath.Join(s.TempDir(), "sign.jpg")
	if err := os.WriteFile(photo, []byte("a photo of the sign"), 0o600); err != nil {
		s.Fatal(err)
	}
	s.userInput.write("form[data-record=sign] [name=place]", "entrance")
	s.userInput.tick("form[data-record=sign] [name=cameras]")
	s.upload("form[data-record=sign] [name=photo]", photo)
	s.userInput.pick("form[data-record=sign] [name=layer]", "1")
	s.page("the form of a sign")
	s.userInput.press("form[data-record=sign] .button.first")
	s.wait("the clause is kept", fmt.Sprintf("document.querySelector(%s)?.dataset.status === 'pass'", quoted(clause)))
	if s.is(fmt.Sprintf("document.querySelector(%s + ' .state').dataset.tone !== 'idle'", quoted(clause))) {
		s.Error("a record is shown as if it were measured")
	}
	s.page("compliance, with a sign")
}

func (s walkthrough) evidence() {
	s.Helper()
	s.allowDownloads()
	s.userInput.press(".tabs a[href='/evidence']")
	s.waitFor("#export")
	s.page("evidence")
	s.userInput.press("#export .button.first")
	s.waitFor("#download")
	var pack string
	eventually(s.T, "the pack is downloaded", func() bool { pack = oneFile(s.downloads, "*.zip"); return pack != "" })
	s.check(pack, "good")
	forged := filepath.Join(s.TempDir(), "forged.zip")
	b, err := os.ReadFile(pack)
	if err != nil {
		s.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(forged, b, 0o600); err != nil {
		s.Fatal(err)
	}
	s.check(forged, "bad")
	s.page("evidence, checked")
}

func (s walkthrough) check(pack, tone string) {
	s.Helper()
	s.upload("#pack", pack)
	s.userInput.press("#verify .row .button")
	s.waitFor("#verified .note[data-tone=" + tone + "]")
}

func oneFile(dir, pattern string) string {
	found, _ := filepath.Glob(filepath.Join(dir, pattern))
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// fleet opens the page of all gateways, of which this is one.
func (s walkthrough) fleet() {
	s.Helper()
	s.run(chromedp.Navigate(s.url + "/fleet/"))
	s.wait("the gateway is among them", "document.body.innerText.includes('main-building')")
	s.noOverflow("all gateways")
}
