package console_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/gateway/notify/mailtest"
	"github.com/bauta-gateway/bauta/gateway/rtsp/oddcamera"
)

// day is a manager's day at one gateway that stays the same over a restart.
type day struct {
	visitor
	home  *building
	count *counting
	aside time.Duration // what the looks at pages took
	mail  *mailtest.Server
	hook  *hub
}

// A manager's day, from the first page to the screen in the lodge. The whole of it is gone with
// BAUTA_LONG=1, on a phone, on a PC, and with the keyboard alone; else the parts that hang together most.
func TestManagersDay(t *testing.T) {
	for _, c := range []struct {
		name, lang    string
		width, height int64
		hands         func(*browser) userInput
	}{
		{"Chinese by finger", "zh-CN", 360, 740, func(b *browser) userInput { return mouse{b, true} }},
		{"English by mouse", "en", 1366, 768, func(b *browser) userInput { return mouse{browser: b} }},
		{"Chinese by keyboard", "zh-CN", 1366, 768, func(b *browser) userInput { return keyboard{b} }},
	} {
		if !long() && c.width != 360 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			d := startDay(t, c.lang, c.width, c.height, c.hands)
			d.task("first account", d.setUp)
			d.inspect("overview without cameras")
			d.task("add a camera by its address alone", d.addByHost)
			d.task("add a camera and see it masked", d.addByAddress)
			d.task("an area for consents", d.consentArea)
			d.task("record a consent and print the badge", d.badge)
			if long() {
				d.task("an area that is blacked out", d.blackedOut)
				d.task("walk test, recorded as device test", d.walkTest)
				d.task("be told when a camera fails", d.notified)
				d.alert()
			}
			d.task("change a camera's password", d.newPassword)
			d.task("record a complaint, over a restart", d.complaint)
			d.task("settle it", d.settle)
			if long() {
				d.task("a wall of live pictures for the lodge", d.screen)
				d.twoAtOnce()
				d.task("evidence pack for an inspector, and check it", d.evidence)
				d.task("say what kind of place the site is", d.kindOfSite)
				d.task("add a colleague", d.colleague)
				d.task("new password for a colleague", d.colleaguesPassword)
				d.task("a login for a recorder", d.recorder)
				d.task("backup", d.backup)
				d.pages()
				d.task("withdraw a consent", d.withdraw)
			}
			d.allGateways()
		})
	}
}

func startDay(t *testing.T, lang string, width, height int64, hands func(*browser) userInput) *day {
	t.Helper()
	rules, err := os.ReadFile(axeFile)
	if err != nil {
		t.Logf("without axe-core (make setup-axe): %v", err)
	}
	mail := mailtest.Start(t, mailtest.Options{Security: mailtest.StartTLS})
	t.Setenv("SSL_CERT_FILE", mail.CA)
	built(t, "bauta-worker")
	camera, err := demo.Start(t.Context(), demoClip(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(camera.Close)
	b := openBrowser(t, width, height)
	count := &counting{userInput: hands(b)}
	w := walkthrough{b, count, &instance{data: filepath.Join(t.TempDir(), "data"), camera: camera}, lang, false}
	d := &day{visitor{w, string(rules), []string{"走廊 10 层", "大堂 10 号", "前台", "摄像机对着邻居的窗户", "摄像机已转开", "王芳", "门卫室左侧", "刘保安", "bauta redact"}}, &building{w, freeAddress(t), nil}, count, 0, mail, newHub(t)}
	d.home.run()
	d.code, d.url = setupCode(d.data)
	return d
}

// counting counts what a person presses and fills in.
type counting struct {
	userInput
	n int
}

func (c *counting) press(selector string)       { c.n++; c.userInput.press(selector) }
func (c *counting) write(selector, text string) { c.n++; c.userInput.write(selector, text) }
func (c *counting) pick(selector, value string) { c.n++; c.userInput.pick(selector, value) }
func (c *counting) tick(selector string)        { c.n++; c.userInput.tick(selector) }
func (c *counting) area(x0, y0, x1, y1 float64) { c.n++; c.userInput.area(x0, y0, x1, y1) }

// task logs what a part of the day asks of the manager; looks at pages are no part of it.
func (d *day) task(name string, do func()) {
	d.Helper()
	before, aside, began := d.count.n, d.aside, time.Now()
	do()
	d.Logf("%s: %d clicks and fields, %.1f s", name, d.count.n-before, (time.Since(began) - (d.aside - aside)).Seconds())
}

// inspect checks what is shown: nothing overflows, one language, and no finding by axe.
func (d *day) inspect(name string) {
	d.Helper()
	began := time.Now()
	d.checked(name)
	d.aside += time.Since(began)
}

// add fills in the wizard.
func (d *day) add(address, user, password, name string) {
	d.Helper()
	d.open(d.url + "/cameras/new")
	d.waitFor("#url")
	d.inspect("add a camera")
	d.userInput.write("#url", address)
	d.userInput.write("#user", user)
	d.userInput.write("#password", password)
	d.userInput.press("#test")
	d.waitFor("#tested")
	d.userInput.write("#name", name)
	d.userInput.pick("#where", "lobby")
	d.userInput.pick("#purpose", "public-safety")
	d.inspect("where the camera is")
	d.userInput.press("#add")
	d.waitFor("#open")
	d.wait("it is protected", "document.querySelector('#done .hero').dataset.tone === 'good'")
	d.inspect("the camera is added")
}

func (d *day) addByHost() {
	d.Helper()
	camera := oddcamera.Start(d.T, oddcamera.Options{Width: 640, Height: 360, Paths: map[string]string{"/stream1": "digest-md5", "/stream2": "digest-qop"}})
	at := strings.TrimSuffix(strings.TrimPrefix(camera.URL("digest-md5"), "rtsp://"), "/digest-md5")
	d.add(at, "admin", "secret", "走廊 10 层")
}

// addByAddress adds the camera that sees people; its name holds the same number as the other's.
func (d *day) addByAddress() {
	d.Helper()
	d.add(d.camera.URL(), d.camera.User(), d.camera.Password(), "大堂 10 号")
}

func (d *day) consentArea() {
	d.Helper()
	d.lobby()
	d.inspect("the camera")
	d.userInput.press("#zone-new")
	d.userInput.tick("[name=kind][value=consent]")
	d.userInput.area(.4, .4, .95, .95)
	d.userInput.write("#zone-name", "前台")
	d.userInput.tick("#zone-purposes [value=access-control]")
	d.inspect("the form of an area")
	d.userInput.press("#zone-save")
	d.wait("the area is listed by its name", "document.querySelector('#zone-list').innerText.includes('前台')")
	d.inspect("the area")
}

func (d *day) blackedOut() {
	d.Helper()
	d.lobby()
	d.privateArea()
	d.inspect("areas")
}

// lobby opens the page of the camera that sees people.
func (d *day) lobby() {
	d.Helper()
	d.open(d.url + "/cameras/datang-10-hao")
	d.wait("there is a frame", "['live', 'hls', 'snapshots'].includes(document.querySelector('#stage').dataset.preview)")
	d.waitFor("#zone-list li")
}

// badge records a consent for the area; paper and page have its name.
func (d *day) badge() {
	d.Helper()
	d.open(d.url + "/consents")
	d.userInput.press("#new")
	d.waitFor("#issue-fields")
	d.userInput.write("[name=badge]", "21")
	d.userInput.tick("[name=zone]")
	d.wait("the statement names the area", "document.querySelector('[name=statement]').value.includes('前台') && document.querySelector('[name=statement]').value.includes('大堂 10 号')")
	d.userInput.tick("[name=agreed]")
	d.inspect("the form of a consent")
	d.userInput.press("#issue-do")
	d.waitFor("#ready")
	d.wait("the list names the area", "document.querySelector('#list').innerText.includes('前台') && !document.querySelector('#list').innerText.includes('qiantai')")
	d.inspect("the badge")
	d.badgeSays(21, "前台")
}

// walkTest waits for people in the clip, and records what was seen of them.
func (d *day) walkTest() {
	d.Helper()
	d.lobby()
	d.userInput.press("#walk-start")
	d.wait("the test runs", "document.querySelector('#walk-start').disabled && document.querySelector('#walk-masked')")
	time.Sleep(time.Minute)
	d.inspect("the walk test")
	d.userInput.press("#walk-record")
	d.wait("it is recorded", "fetch('/api/v1/records/devicetest').then(r => r.json()).then(all => all[0]?.record.passed && all[0].record.camera === 'datang-10-hao')")
	d.inspect("the walk test is recorded")
}

// notified names the mail server, an address and a webhook.
func (d *day) notified() {
	d.Helper()
	d.open(d.url + "/notify")
	d.waitFor("#mail input")
	d.userInput.write("#mail [name=host]", "127.0.0.1")
	d.userInput.write("#mail [name=port]", fmt.Sprint(d.mail.Port))
	d.userInput.write("#mail [name=user]", mailtest.User)
	d.userInput.write("#mail [name=password]", mailtest.Password)
	d.userInput.write("#mail [name=from]", mailtest.Sender)
	d.userInput.press("#mail .button")
	d.wait("the server is saved", "fetch('/api/v1/notify').then(r => r.json()).then(n => n.mail.password_set)")
	d.userInput.press("#who tbody tr .button")
	d.userInput.write("#edit [name=address]", "manager@example.test")
	d.userInput.press("#edit form .button")
	d.wait("the address is saved", "document.querySelector('#who tbody tr').textContent.includes('manager@example.test')")
	d.userInput.write("#hook [name=name]", "hub")
	d.userInput.write("#hook [name=url]", d.hook.URL)
	d.userInput.tick("#hook [name=private]")
	d.userInput.press("#hook .button:not([type=button])")
	d.wait("the webhook is listed", "document.querySelectorAll('#who tbody tr').length === 2")
	d.userInput.write("#rules [name='delay.camera_offline']", "5")
	d.userInput.write("#rules [name=digest_s]", "1")
	d.userInput.press("#rules .button")
	d.wait("the rules are saved", "fetch('/api/v1/notify').then(r => r.json()).then(n => n.rules.digest_s === 1)")
	d.inspect("who is told")
}

// alert takes the camera away, which a mail and a webhook tell.
func (d *day) alert() {
	d.Helper()
	before, began := len(d.mail.Mails()), time.Now()
	d.camera.Close()
	eventually(d.T, "it is told", func() bool {
		return d.hook.items("camera_offline", "new") == 1 && mailed(d.mail, before, "大堂 10 号") == 1
	})
	d.Logf("told by mail and webhook %.1f s after the camera went", time.Since(began).Seconds())
	d.open(d.url + "/")
	d.wait("the overview says so", "!['good', undefined].includes(document.querySelector('[data-camera=datang-10-hao] .state')?.dataset.tone)")
	d.inspect("the overview of a failed camera")
}

// newPassword: the camera comes back with another password, which is typed in the console.
func (d *day) newPassword() {
	d.Helper()
	d.camera.Close()
	again, err := demo.StartAt(d.Context(), strings.TrimSuffix(strings.TrimPrefix(d.camera.URL(), "rtsp://"), "/demo"), demoClip(d.T), slog.New(slog.DiscardHandler))
	if err != nil {
		d.Fatal(err)
	}
	d.Cleanup(again.Close)
	d.camera = again
	d.open(d.url + "/cameras/datang-10-hao")
	d.wait("the page leads to the form", "document.querySelector('#next a')?.getAttribute('href') === '#edit'")
	d.userInput.press("#edit-open")
	d.waitFor("#edit-save")
	d.inspect("the camera's form")
	d.userInput.write("#edit-form [name=password]", again.Password())
	d.userInput.press("#edit-save")
	d.wait("it is saved", "document.querySelector('#edit-form').hidden")
	d.wait("it is masked again", "document.querySelector('#state .state')?.dataset.tone === 'good'")
	d.wait("the area is there", "document.querySelector('#zone-list').innerText.includes('前台')")
	d.inspect("the camera with its new password")
}

// complaint is typed before a restart of the gateway, which ends the login, and saved after it.
func (d *day) complaint() {
	d.Helper()
	d.open(d.url + "/compliance")
	d.waitFor("#complaint summary")
	d.inspect("legal duties")
	d.userInput.press("#complaint summary")
	d.userInput.press("#complaint [data-add]")
	d.userInput.write("form[data-record=complaint] [name=content]", "摄像机对着邻居的窗户")
	d.home.stop()
	d.userInput.press("form[data-record=complaint] .button.first")
	d.wait("it is said that nobody answers", "document.querySelector('form[data-record=complaint] .wrong').textContent.length > 10")
	d.inspect("nobody answers")
	d.home.run()
	d.userInput.press("form[data-record=complaint] .button.first")
	d.again()
	d.waitFor("#complaint [data-id]")
	if got := d.answer("/v1/records/complaint", "v.map(r => r.record.content)"); got != "摄像机对着邻居的窗户" {
		d.Errorf("the record says %q", got)
	}
	d.inspect("a complaint")
}

func (d *day) settle() {
	d.Helper()
	d.userInput.press("#complaint [data-settle]")
	d.userInput.write("#complaint [name=answer]", "摄像机已转开")
	d.userInput.press("#complaint form .button.first")
	d.wait("it is settled", "fetch('/api/v1/records/complaint').then(r => r.json()).then(all => all[0].record.answer === '摄像机已转开')")
	d.wait("the row says so", "!document.querySelector('#complaint [data-settle]')")
	d.inspect("a complaint that is settled")
}

// screen makes a link, which another browser opens: live pictures of both cameras, masked.
func (d *day) screen() {
	d.Helper()
	d.open(d.url + "/settings")
	d.waitFor("#screen-new")
	d.userInput.write("#screen-new [name=label]", "门卫室左侧")
	d.userInput.write("#screen-new [name=person]", "王芳")
	d.userInput.write("#screen-new [name=place]", "门卫室左侧")
	d.userInput.press("#screen-new .button")
	d.waitFor("#screens .copy code")
	d.inspect("settings")
	var link string
	d.js("document.querySelector('#screens .copy code').textContent", &link)
	wall := visitor{walkthrough{openBrowser(d.T, d.width, 768), nil, d.instance, d.lang, false}, d.rules, d.typed}
	wall.open(link)
	wall.wait("both play", "location.pathname === '/wall' && "+live+" === 2 && [...document.querySelectorAll('#grid [data-camera]')].every(e => e.dataset.tone === 'good')")
	began := time.Now()
	wall.waitSolidOn("#grid [data-camera=datang-10-hao] video", .05, .05, .3, .3)
	wall.checked("the wall")
	d.aside += time.Since(began)
}

// twoAtOnce: another manager changes the same facts; both values are shown, and nothing is lost.
func (d *day) twoAtOnce() {
	d.Helper()
	other := d.second(d.T, "guard")
	for _, one := range []walkthrough{d.walkthrough, other} {
		one.open(one.url + "/cameras/datang-10-hao#facts")
		one.waitFor("#facts-save")
	}
	other.userInput.write("[name=necessity]", "the other's words")
	other.userInput.write("[name=firmware]", "2.0")
	other.userInput.press("#facts-save")
	const facts = "fetch('/api/v1/cameras/datang-10-hao/facts').then(r => r.json()).then"
	other.wait("the first one saved", facts+"(f => f.firmware === '2.0')")
	d.userInput.write("[name=necessity]", "前台")
	d.userInput.write("[name=model]", "M 1")
	d.userInput.press("#facts-save")
	d.waitFor("#meanwhile")
	d.wait("both values are shown", "['guard', \"the other's words\", '前台'].every(said => document.querySelector('dialog').textContent.includes(said))")
	d.fits("what two people changed")
	d.userInput.tick("#meanwhile [data-line=necessity] input[value=mine]")
	d.userInput.press("#meanwhile .button.first")
	d.wait("nothing is lost", facts+"(f => f.necessity === '前台' && f.firmware === '2.0' && f.model === 'M 1')")
}

// allGateways is the page of all gateways, of which this is one.
func (d *day) allGateways() {
	d.Helper()
	d.run(chromedp.Navigate(d.url + "/fleet/?lang=" + d.lang))
	d.wait("the gateway is among them", "document.querySelectorAll('#list .row').length === 1")
	if d.width > 600 { // its rows are for mice there
		d.noOverflow("all gateways")
		d.inLanguage("all gateways")
		if d.rules != "" {
			d.passesAxe(d.rules, "all gateways")
		}
		return
	}
	d.inspect("all gateways")
}

func (d *day) kindOfSite() {
	d.Helper()
	d.open(d.url + "/compliance#site")
	d.userInput.pick("#site-form [name=kind]", "office-lobby")
	d.userInput.pick("#site-form [name=recognition_mode]", "detect_only")
	d.userInput.press("#site-save")
	d.wait("the kind of place is kept", "fetch('/api/v1/site').then(r => r.json()).then(site => site.class === 'art9')")
}

func (d *day) colleague() {
	d.Helper()
	d.open(d.url + "/settings")
	d.userInput.write("#user-new [name=user]", "刘保安")
	d.userInput.write("#user-new [name=password]", password)
	d.userInput.write("#user-new [name=again]", password)
	d.userInput.press("#user-new .button:not([type=button])")
	d.waitFor("[data-user=刘保安]")
}

func (d *day) colleaguesPassword() {
	d.Helper()
	d.open(d.url + "/settings")
	d.userInput.press("[data-user=刘保安] summary")
	d.userInput.write("[data-user=刘保安] [name=password]", "another few plain words")
	d.userInput.write("[data-user=刘保安] [name=again]", "another few plain words")
	d.userInput.press("[data-user=刘保安] [data-do=password]")
	d.wait("it is told", "document.querySelector('#told').textContent.includes('刘保安')")
	d.inspect("people")
}

func (d *day) recorder() {
	d.Helper()
	d.open(d.url + "/settings#streams-head")
	d.userInput.write("#stream-new [name=name]", "nvr")
	d.userInput.press("#stream-new .button")
	d.waitFor("#stream-made code")
	d.inspect("a login for a recorder")
}

func (d *day) backup() {
	d.Helper()
	d.open(d.url + "/upkeep")
	d.userInput.write("#backup [name=passphrase]", "correct horse battery staple")
	d.userInput.write("#backup [name=again]", "correct horse battery staple")
	d.userInput.write("#backup [name=password]", password)
	d.userInput.press("#backup .button.first")
	eventually(d.T, "the backup is downloaded", func() bool { return oneFile(d.downloads, "bauta-*.bauta") != "" })
}

// withdraw ends the consent of the morning.
func (d *day) withdraw() {
	d.Helper()
	d.open(d.url + "/consents")
	d.userInput.press("[data-revoke]")
	d.userInput.press("dialog .danger")
	d.wait("no consent is left", "!document.querySelector('[data-revoke]')")
	d.inspect("the consent is withdrawn")
}

// pages looks at every other page, filled by the day. The sign speaks both languages.
func (d *day) pages() {
	d.Helper()
	more := []pageState{{name: "upkeep", path: "/upkeep", ready: "main .card"}, {name: "audit", path: "/audit", ready: "main .card"}, {name: "wall", path: "/wall", ready: "#grid [data-camera]"}}
	for _, l := range append(more, pageStates...) {
		if l.press != "" || l.name == "sign" || strings.HasPrefix(l.path, "/cameras/lobby") {
			continue
		}
		d.open(d.url + l.path)
		d.waitFor(l.ready)
		d.inspect(l.name)
	}
}
