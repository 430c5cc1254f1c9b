package console_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/bauta-gateway/bauta/config/consent/badge"
)

// tryCamera types an address into the form and returns what the note says.
func (s walkthrough) tryCamera(address, user, password string) (said string) {
	s.Helper()
	s.open(s.url + "/cameras/new")
	s.waitFor("#url")
	s.userInput.write("#url", address)
	s.userInput.write("#user", user)
	s.userInput.write("#password", password)
	s.userInput.press("#test")
	s.wait("the note says why "+address+" fails", "document.querySelector('#failed').innerText.trim() !== '' || document.querySelector('#test').closest('form').querySelector('.wrong').innerText !== ''")
	s.js("document.querySelector('#failed').innerText + document.querySelector('#test').closest('form').querySelector('.wrong').innerText", &said)
	return strings.TrimSpace(said)
}

// closedPort is an address at which nothing listens, silentPort one that takes connections and
// never says anything.
func closedPort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "rtsp://" + l.Addr().String() + "/live"
}

func silentPort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return "rtsp://" + l.Addr().String() + "/live"
}

// Each refusal of a camera is one sentence in the reader's language: nothing of Go's or the
// camera's own words, neither when it is added nor when it is tested anew.
func TestRefusalsOfCamerasAreSaid(t *testing.T) {
	foreign := regexp.MustCompile(`[A-Za-z]{3,}`)
	for _, c := range oneOf(t, []struct {
		lang          string
		width, height int64
		login, host   string
		closed, mute  string
	}{
		{"zh-CN", 360, 740, "摄像机拒绝登录：", "网络中没有这个名称的设备：", "该地址有设备，但端口无人响应：", "摄像机接受了连接但没有发送："},
		{"en", 1366, 768, "The camera refuses the login: ", "There is no device of this name in the network: ", "A device is there, but nothing answers at this port: ", "The camera took the connection and then said nothing: "},
	}) {
		t.Run(c.lang, func(t *testing.T) {
			b := openBrowser(t, c.width, c.height)
			s := walkthrough{b, mouse{browser: b}, startInstance(t, demoClip(t)), c.lang, false}
			s.setUp()
			for _, try := range []struct{ address, user, password, want string }{
				{s.camera.URL(), s.camera.User(), "wrong words", c.login},
				{"rtsp://no-such-host.invalid:554/live", "", "", c.host},
				{closedPort(t), "", "", c.closed},
				{silentPort(t), "", "", c.mute},
			} {
				said := s.tryCamera(try.address, try.user, try.password)
				if !strings.HasPrefix(said, try.want) || strings.Contains(said, "\n") {
					t.Errorf("%s: %q, want %q", try.address, said, try.want)
				}
				if word := foreign.FindString(strings.NewReplacer("RTSP", "").Replace(said)); c.lang == "zh-CN" && word != "" {
					t.Errorf("%s: %q in %q", try.address, word, said)
				}
				s.page("a camera that is refused")
			}
			s.shoot(c.lang + "-refused")
			// The same when a stored camera is tested anew.
			s.js(fmt.Sprintf(`fetch('/api/v1/cameras', {method: 'POST', body: JSON.stringify({id: 'lobby', name: 'Lobby', url: %s, user: %s, password: 'wrong words'}),
				headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}}).then(r => { if (!r.ok) throw new Error(r.status); })`, quoted(s.camera.URL()), quoted(s.camera.User())), nil)
			s.open(s.url + "/cameras/lobby")
			s.waitFor("#retest")
			s.userInput.press("#retest")
			s.wait("the retest says the same", fmt.Sprintf("document.querySelector('#retested').innerText.trim().startsWith(%s)", quoted(c.login)))
		})
	}
}

// A site in Chinese: two cameras whose names hold the same number, an area and a consent for it.
// Everything that people read has the names; nobody was asked for an id.
func TestChineseNames(t *testing.T) {
	b := openBrowser(t, 1366, 768)
	s := walkthrough{b, mouse{browser: b}, startInstance(t, demoClip(t)), "zh-CN", false}
	s.setUp()
	for _, name := range []string{"走廊 10 层", "大堂 10 号"} {
		s.open(s.url + "/cameras/new")
		s.waitFor("#url")
		s.userInput.write("#url", s.camera.URL())
		s.userInput.write("#user", s.camera.User())
		s.userInput.write("#password", s.camera.Password())
		s.userInput.press("#test")
		s.waitFor("#tested")
		s.userInput.write("#name", name)
		s.userInput.pick("#where", "lobby")
		s.userInput.pick("#purpose", "public-safety")
		s.userInput.press("#add")
		s.waitFor("#open")
	}
	s.open(s.url + "/")
	s.wait("both cameras by their names", "['zoulang-10-ceng', 'datang-10-hao'].every(id => document.querySelector(`[data-camera=${id}] h3`)) && ['走廊 10 层', '大堂 10 号'].every(name => document.querySelector('#cameras, main').innerText.includes(name))")
	s.open(s.url + "/cameras/zoulang-10-ceng")
	s.waitFor("#zone-list li")
	s.userInput.press("#zone-new")
	s.userInput.tick("[name=kind][value=consent]")
	s.wait("a name in the reader's language to begin with", "document.querySelector('#zone-name').value === '同意区域 1'")
	s.area(.05, .05, .95, .95)
	s.userInput.write("#zone-name", "前台")
	s.userInput.tick("#zone-purposes [value=access-control]")
	s.userInput.press("#zone-save")
	s.wait("the area is listed by its name", "document.querySelector('#zone-list').innerText.includes('前台')")
	s.shoot("zh-CN-area")
	s.open(s.url + "/consents")
	s.userInput.press("#new")
	s.waitFor("#issue-fields")
	s.userInput.write("[name=badge]", "7")
	s.js("(() => { const box = document.querySelector('[name=zone]'); if (!box.checked) box.click(); })()", nil)
	s.wait("the statement names the area", "document.querySelector('[name=statement]').value.includes('前台') && document.querySelector('[name=statement]').value.includes('走廊 10 层') && !document.querySelector('[name=statement]').value.includes('qiantai')")
	s.userInput.tick("[name=agreed]")
	s.page("the form of a consent")
	s.userInput.press("#issue-do")
	s.waitFor("#ready")
	s.wait("the list names the area", "document.querySelector('#list').innerText.includes('前台') && !document.querySelector('#list').innerText.includes('qiantai')")
	s.badgeSays(7, "前台")
	s.open(s.url + "/compliance")
	s.wait("clauses name the cameras", "document.querySelector('#clauses').innerText.includes('大堂 10 号, 走廊 10 层') && !document.querySelector('#clauses').innerText.includes('datang')")
	if s.is(`/detect_only|non_public|article \?/.test(document.querySelector('main').innerText)`) {
		t.Error("codes stand in sentences")
	}
	s.page("compliance")
	s.shoot("zh-CN-compliance")
}

// badgeSays compares the badge that is served with the one that says the last day and the areas.
func (s walkthrough) badgeSays(number int, areas ...string) {
	s.Helper()
	var served string
	s.js(`fetch(document.querySelector('#ready a[href$="badge.pdf"]').href).then(async r => btoa([...new Uint8Array(await r.arrayBuffer())].map(b => String.fromCharCode(b)).join('')))`, &served)
	var expires time.Time
	s.js(`fetch('/api/v1/consents').then(r => r.json()).then(page => page.consents[0].exp)`, &expires)
	var zone string
	s.js("document.body.dataset.zone", &zone)
	clock, err := time.LoadLocation(zone)
	if err != nil {
		s.Fatal(err)
	}
	var want bytes.Buffer
	if err := (badge.Badge{Number: number, Expires: expires.In(clock), Areas: areas}).PDF(&want); err != nil {
		s.Fatal(err)
	}
	if served != base64.StdEncoding.EncodeToString(want.Bytes()) {
		s.Errorf("the badge does not say %q, or not the last day alone", areas)
	}
}

// All times are told by the site's clock, in whatever zone the reader's device is: the last day of
// a consent on the page and on the badge, days of evidence, and where the clocks differ it is said.
func TestTimesAreTheSites(t *testing.T) {
	b := openBrowser(t, 360, 740)
	b.run(emulation.SetTimezoneOverride("America/New_York"))
	s := walkthrough{b, mouse{browser: b}, startInstance(t, demoClip(t)), "en", false}
	s.setUp()
	s.prepare()
	s.open(s.url + "/consents")
	s.wait("the site's zone", "document.body.dataset.zone === 'Asia/Shanghai'")
	var said []string
	s.js(`import('/static/app.js').then(m => [m.day('2026-01-31T17:30:00Z'), m.day('2026-01-31'), m.dateOf('2026-01-31T17:30:00Z', 1), m.when('2026-01-31T17:30:00Z'), m.later('2026-02-28', 1)])`, &said)
	if got := strings.ReplaceAll(strings.Join(said, " | "), "\u202f", " "); got != "Feb 1, 2026 | Jan 31, 2026 | 2026-02-02 | Feb 1, 01:30 AM | 2026-03-01" {
		t.Errorf("times: %s", got)
	}
	ago := time.Now().Add(-time.Hour).Truncate(time.Second)
	s.js(fmt.Sprintf(`Promise.all([import('/static/history.js').then(m => m.gapWord({from: '2026-01-31T17:30:05Z', to: '2026-01-31T17:30:09Z', state: 'blocked'})), import('/static/settings-people.js').then(m => m.seen(%s))])`, quoted(ago.Format(time.RFC3339))), &said)
	if !strings.Contains(said[0], "Feb 1, 01:30:05") || !strings.Contains(strings.ReplaceAll(said[1], "\u202f", " "), ago.In(time.FixedZone("", 8*3600)).Format("Jan 2, 03 PM")) {
		t.Errorf("times of gaps and of people: %q", said)
	}
	last := time.Now().In(time.FixedZone("", 8*3600)).AddDate(0, 0, 30)
	s.userInput.press("#new")
	s.waitFor("#issue-fields")
	s.js(fmt.Sprintf(`(() => { const until = document.querySelector('[name=until]'); until.value = %s; until.dispatchEvent(new Event('change', {bubbles: true})); })()`, quoted(last.Format(time.DateOnly))), nil)
	s.userInput.write("[name=badge]", "21")
	s.js("(() => { const box = document.querySelector('[name=zone]'); if (!box.checked) box.click(); })()", nil)
	s.userInput.tick("[name=agreed]")
	s.userInput.press("#issue-do")
	s.waitFor("#ready")
	s.wait("the list has the last day", fmt.Sprintf("[...document.querySelectorAll('#list tbody tr')].some(row => row.innerText.includes(%s))", quoted(last.Format("Jan 2, 2006"))))
	s.open(s.url + "/settings")
	s.waitFor("#clocks")
	s.wait("the clocks differ", "['America/New_York', 'Asia/Shanghai', 'UTC'].every(zone => document.querySelector('#clocks').innerText.includes(zone))")
	s.page("settings")
	s.shoot("en-clocks")
	s.open(s.url + "/compliance#site")
	s.waitFor("#site-clocks #clocks")
	s.wait("the reader's own zone is offered first", "document.querySelector('#time-zones option').value === 'America/New_York'")
	s.js("(() => { const zone = document.querySelector('[name=time_zone]'); zone.value = 'Europe/Berlin'; })()", nil)
	s.userInput.press("#site-save")
	s.wait("the page tells times by the new zone", "document.body.dataset.zone === 'Europe/Berlin'")
	s.evidenceDays("2026-11-02", "2026-11-29")
}

// evidenceDays makes a pack and proves it: the days are said as they were asked for, and the report
// can be read on a phone.
func (s walkthrough) evidenceDays(from, to string) {
	s.Helper()
	var said string
	s.js(fmt.Sprintf(`(async () => {
		const made = await fetch('/api/v1/evidence?from=%s&to=%s', {method: 'POST', headers: {'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}});
		const pack = new File([await made.blob()], 'pack.zip');
		window.pack = pack;
		return made.status + '';
	})()`, from, to), &said)
	if said != "200" {
		s.Fatalf("no pack: %s", said)
	}
	s.js(`window.pack.arrayBuffer().then(b => btoa([...new Uint8Array(b)].map(b => String.fromCharCode(b)).join('')))`, &said)
	raw, err := base64.StdEncoding.DecodeString(said)
	if err != nil {
		s.Fatal(err)
	}
	s.open(s.url + "/evidence")
	s.waitFor("#pack")
	s.js(fmt.Sprintf(`(() => { const files = new DataTransfer(); files.items.add(new File([Uint8Array.from(atob(%s), c => c.charCodeAt(0))], 'pack.zip')); document.querySelector('#pack').files = files.files; document.querySelector('#verify').requestSubmit(); })()`, quoted(said)), nil)
	s.wait("the days as they were asked for", "document.querySelector('#verified').innerText.includes('Nov 2, 2026') && document.querySelector('#verified').innerText.includes('Nov 29, 2026')")
	s.report(raw, from, to)
}

// report looks at a pack's report on a phone.
func (s walkthrough) report(pack []byte, from, to string) {
	s.Helper()
	files, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	if err != nil {
		s.Fatal(err)
	}
	dir := s.TempDir()
	for _, f := range files.File {
		in, err := f.Open()
		if err != nil {
			s.Fatal(err)
		}
		b, err := io.ReadAll(in)
		in.Close()
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err = errors.Join(err, os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, b, 0o600)); err != nil {
			s.Fatal(err)
		}
	}
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer server.Close()
	s.run(chromedp.Navigate(server.URL + "/report.html"))
	for what, is := range map[string]string{
		"its days":           fmt.Sprintf("document.body.innerText.includes('%s – %s')", from, to),
		"whose clock it is":  "document.body.innerText.includes('Europe/Berlin')",
		"one main landmark":  "document.querySelectorAll('main').length === 1",
		"a camera's name":    "[...document.querySelectorAll('h3')].some(one => one.innerText.startsWith('Lobby'))",
		"room on a phone":    "document.documentElement.scrollWidth <= innerWidth",
		"tables that scroll": "[...document.querySelectorAll('.wide')].some(one => one.scrollWidth > one.clientWidth)",
	} {
		if !s.is(is) {
			s.Errorf("the report lacks %s", what)
		}
	}
	s.shoot("en-report")
	s.open(s.url + "/")
}
