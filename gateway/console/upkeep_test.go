package console_test

import (
	"archive/zip"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// aGateway is one with a manager who is logged in, and no camera that answers.
func aGateway(t *testing.T, width int64) walkthrough {
	t.Helper()
	b := openBrowser(t, width, 900)
	s := walkthrough{b, mouse{b, width < 600}, startGateway(t, "--config", fixedPort(t)), "en", false}
	s.setUp()
	return s
}

// fixedPort are settings of a gateway whose console has the same port after a restore.
func fixedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	file := filepath.Join(t.TempDir(), "fixed.yaml")
	settings := fmt.Sprintf("gateway: {name: main-building}\nrtsp: {address: \"127.0.0.1:0\", udp: false}\nmqtt: {embedded_address: \"127.0.0.1:0\"}\nconsole: {address: %q}\n", l.Addr().String())
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const sendJSON = `async (method, path, body) => {
	const r = await fetch('/api' + path, {method, body: body && JSON.stringify(body), headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}});
	if (!r.ok) throw new Error(path + ': ' + await r.text());
	return r.status === 204 ? {} : r.json();
}`

func (s walkthrough) send(method, path, body string, into any) {
	s.Helper()
	s.js(fmt.Sprintf("(%s)(%s, %s, %s)", sendJSON, quoted(method), quoted(path), body), into)
}

func (s walkthrough) addDeadCamera(name string) {
	s.Helper()
	s.send("POST", "/v1/cameras", fmt.Sprintf(`{name: %s, url: 'rtsp://127.0.0.1:9/live', user: 'admin', password: 's3cret-of-it'}`, quoted(name)), nil)
}

// A manager makes a sealed backup in the browser, sees what is in it and restores it. The gateway
// comes back by itself and the page goes on to the login.
func TestBackupAndRestoreInTheBrowser(t *testing.T) {
	s := aGateway(t, 1366)
	s.allowDownloads()
	s.addDeadCamera("Gate")
	s.open(s.url + "/upkeep")
	s.wait("no backup yet", "/No backup/.test(document.querySelector('#backup-age').innerText)")

	s.userInput.write("#backup [name=passphrase]", "short")
	s.wait("too short is said", "/Too short/.test(document.querySelector('#backup .strength').innerText)")
	const words = "correct horse battery staple"
	s.userInput.write("#backup [name=passphrase]", words)
	s.wait("strong is said", "/Strong/.test(document.querySelector('#backup .strength').innerText)")
	s.userInput.write("#backup [name=again]", words+"x")
	s.userInput.write("#backup [name=password]", "not my password")
	s.userInput.press("#backup .button.first")
	s.wait("two differ", "/differ/.test(document.querySelector('#backup .wrong').innerText)")
	s.userInput.write("#backup [name=again]", words)
	s.userInput.press("#backup .button.first")
	s.wait("the wrong password is refused", "/wrong/.test(document.querySelector('#backup .wrong').innerText)")
	s.userInput.write("#backup [name=password]", password)
	s.userInput.press("#backup .button.first")
	var file string
	eventually(t, "the backup is downloaded", func() bool { file = oneFile(s.downloads, "bauta-*.bauta"); return file != "" })
	b, err := os.ReadFile(file)
	if err != nil || len(b) < 1000 || string(b[:19]) != "age-encryption.org/" {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	s.wait("its age is shown", "/Last backup/.test(document.querySelector('#backup-age').innerText)")
	s.addDeadCamera("Yard")

	s.upload("#restore [type=file]", file)
	s.userInput.press("#restore .button")
	s.waitFor("#restore [name=passphrase]")
	s.userInput.write("#restore [name=passphrase]", "another horse battery")
	s.userInput.press("#restore .button")
	s.wait("the wrong passphrase is refused", "/does not open/.test(document.querySelector('#restore .wrong').innerText)")
	s.userInput.write("#restore [name=passphrase]", words)
	s.userInput.press("#restore .button")
	s.waitFor("#restore-take")
	s.wait("what is in it, and what is lost", "/main-building[^]*Gate[^]*will be gone[^]*Yard/.test(document.querySelector('#restoring').innerText)")
	s.noOverflow("what is in a backup")
	s.shoot("en-restore")
	s.userInput.write("#restore-take [name=password]", "not my password")
	s.userInput.press("#restore-take .button.danger")
	s.userInput.press("dialog .button.danger")
	s.wait("the wrong password is refused", "/wrong/.test(document.querySelector('#restore-take .wrong').innerText)")
	s.userInput.write("#restore-take [name=password]", password)
	s.userInput.press("#restore-take .button.danger")
	s.userInput.press("dialog .button.danger")
	s.wait("the page follows to the login", "location.pathname === '/login'")
	s.settled()
	s.userInput.write("#user", "manager")
	s.userInput.write("#password", password)
	s.userInput.press("#login .button.first")
	s.wait("the overview", "location.pathname === '/' && document.querySelector('#hero')?.dataset.tone")
	var ids []string
	s.js("fetch('/api/v1/cameras').then(r => r.json()).then(all => all.map(c => c.name))", &ids)
	if len(ids) != 1 || ids[0] != "Gate" {
		t.Errorf("cameras after the restore: %v", ids)
	}
	if left, _ := filepath.Glob(filepath.Join(s.data, "*.upload")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	s.open(s.url + "/audit")
	s.wait("the audit trail has it", "document.querySelector('[data-action=\"store.restored\"]') && document.querySelector('[data-action=\"store.restore\"]') && document.querySelector('[data-action=\"store.backup\"]')")
}

// The pages of upkeep in both languages on a PC and a phone: nothing overflows, nothing is cut off,
// and the rules of axe-core find nothing where they are there.
func TestUpkeepPages(t *testing.T) {
	rules := ""
	if b, err := os.ReadFile(filepath.Join(root, "build", "axe", "node_modules", "axe-core", "axe.min.js")); err == nil {
		rules = string(b)
	}
	s := aGateway(t, 1366)
	s.addDeadCamera("大堂 10 号")
	s.send("POST", "/v1/users", fmt.Sprintf("{user: 'auditor', password: %s, role: 'auditor'}", quoted(password)), nil)
	for _, width := range []int64{1366, 360} {
		s.resize(width)
		for _, lang := range []string{"en", "zh-CN"} {
			s.lang = lang
			for path, ready := range map[string]string{"/upkeep": "#doctor summary", "/audit": "#entries li", "/settings": "#box dl"} {
				s.open(s.url + path + "?lang=" + lang)
				s.waitFor(ready)
				if path == "/upkeep" {
					s.waitFor("#log pre span")
					s.js("document.querySelector('#plan-box').open = true", nil)
				}
				s.page(lang + " " + path)
				s.shoot(lang + "-" + path[1:])
				if rules != "" {
					s.accessible(rules, lang+" "+path)
				}
			}
		}
	}
	s.open(s.url + "/upkeep?lang=zh-CN")
	s.waitFor("#doctor summary")
	var latin []string
	s.js(`[...document.querySelectorAll('#doctor dd, #doctor li > span')].map(e => e.innerText).filter(text => !/[\u4e00-\u9fff]/.test(text) && /[a-z]{4,} [a-z]{3,}/.test(text))`, &latin)
	for _, text := range latin {
		t.Logf("a line of the doctor without Chinese: %s", text) // names of boards and libraries are
	}
	s.open(s.url + "/audit?lang=zh-CN")
	s.wait("the camera by its name, who by hers", "/添加摄像机[^]*摄像机 大堂 10 号[^]*manager/.test(document.querySelector('[data-action=\"camera.added\"]').innerText)")
	s.js("document.querySelector('#filter [name=kind]').value = 'user'", nil)
	s.userInput.press("#filter .button.first")
	s.wait("only people", "[...document.querySelectorAll('#entries li')].length > 0 && [...document.querySelectorAll('#entries li')].every(e => e.dataset.action.startsWith('user.'))")
	s.userInput.press("#verify")
	s.wait("the chain is whole", "/完整/.test(document.querySelector('#verified').innerText)")
	s.allowDownloads()
	s.userInput.press("#export")
	var table string
	eventually(t, "the table is saved", func() bool { table = oneFile(s.downloads, "audit*.csv"); return table != "" })
	if b, err := os.ReadFile(table); err != nil || len(b) < 100 {
		t.Errorf("%d bytes, %v", len(b), err)
	}

	// An auditor sees the audit trail and nothing else of it.
	s.userInput.press("#logout")
	s.waitFor("#login")
	s.userInput.write("#user", "auditor")
	s.userInput.write("#password", password)
	s.userInput.press("#login .button.first")
	s.waitFor("#hero h1")
	s.open(s.url + "/audit")
	s.waitFor("#entries li")
	s.open(s.url + "/upkeep")
	if s.is("[...document.querySelectorAll('.for-manager')].some(e => e.checkVisibility())") {
		t.Error("an auditor sees what is for managers")
	}
}

// The overview says that the disk fills, and that the last backup is long ago, in both languages.
func TestUpkeepOnTheOverview(t *testing.T) {
	s := aGateway(t, 1366)
	for lang, want := range map[string][]string{"en": {"Little room is left on the disk: 900 MB free", "nearly full: 100 MB", "No backup was made for a long time"}, "zh-CN": {"磁盘空间不足：剩余 900 兆字节", "磁盘即将写满：剩余 100 兆字节", "很久没有备份"}} {
		s.open(s.url + "/?lang=" + lang)
		// A box of the test's own: into its own one the page writes what it learns of this gateway.
		s.js(`document.body.append(Object.assign(document.createElement('div'), {id: 'said'}))`, nil)
		for i, disk := range []string{"{room: 'low', free: 9e8}", "{room: 'none', free: 1e8}"} {
			s.js(fmt.Sprintf(`(async () => {
				const {upkeepBanner} = await import('/static/upkeep-banner.js');
				const real = window.fetch;
				window.fetch = async () => new Response(JSON.stringify({due: true, plan: {}}));
				try { await upkeepBanner(document.querySelector('#said'), {disk: %s}); } finally { window.fetch = real; }
			})()`, disk), nil)
			for _, text := range []string{want[i], want[2]} {
				if !s.is(fmt.Sprintf("document.querySelector('#said').innerText.includes(%s)", quoted(text))) {
					t.Errorf("%s: %q is not said", lang, text)
				}
			}
		}
	}
	for lang, want := range map[string]string{"en": "newer package of this program: 0.3.0-1 (installed: 0.2.0-1)", "zh-CN": "较新的软件包：0.3.0-1（已安装：0.2.0-1）"} {
		s.open(s.url + "/?lang=" + lang)
		s.js(`document.body.append(Object.assign(document.createElement('div'), {id: 'said'}))`, nil)
		s.js(`import('/static/upkeep-banner.js').then(m => m.upkeepBanner(document.querySelector('#said'), {update: {installed: '0.2.0-1', newer: '0.3.0-1', repository: true}}))`, nil)
		if !s.is(fmt.Sprintf("document.querySelector('#said').innerText.includes(%s)", quoted(want))) {
			t.Errorf("%s: %q is not said", lang, want)
		}
	}
	s.js(`import('/static/upkeep-banner.js').then(m => m.upkeepBanner(document.querySelector('#said'), {}))`, nil)
	if !s.is("document.querySelector('#said').innerText === ''") {
		t.Error("a fresh gateway is nagged at")
	}
}

// A manager plans backups, which are written at once; follows and searches the log, and downloads it
// and the file for support.
func TestPlanLogAndSupportInTheBrowser(t *testing.T) {
	s := aGateway(t, 360)
	s.allowDownloads()
	to := t.TempDir()
	s.open(s.url + "/upkeep")
	s.waitFor("#plan-box summary")
	s.userInput.press("#plan-box summary")
	s.userInput.write("#plan [name=folder]", "/no/such/folder")
	s.userInput.pick("#plan [name=every]", "day")
	s.userInput.write("#plan [name=passphrase]", "correct horse battery")
	s.userInput.write("#plan [name=again]", "correct horse battery")
	s.userInput.write("#plan [name=password]", password)
	s.userInput.press("#plan .button")
	s.wait("a folder that is not there is refused", "/give a folder that is there/.test(document.querySelector('#plan .wrong').innerText)")
	s.userInput.write("#plan [name=folder]", to)
	s.userInput.press("#plan .button")
	s.wait("the plan stands there", fmt.Sprintf("document.querySelector('#plan-state').innerText.includes(%s)", quoted(to)))
	eventually(t, "the first one is written", func() bool { return oneFile(to, "bauta-main-building-*.bauta") != "" })
	s.noOverflow("the plan")
	s.userInput.write("#plan [name=password]", password)
	s.userInput.press("#plan .button.danger")
	s.wait("it is ended", fmt.Sprintf("!document.querySelector('#plan-state').innerText.includes(%s)", quoted(to)))

	s.userInput.tick("#log-form [name=follow]")
	s.addDeadCamera("Gate")
	s.wait("new lines come by themselves", "/camera=gate/.test(document.querySelector('#log').innerText)")
	s.userInput.write("#log-form [name=text]", "planned backup")
	s.wait("the search finds one", "document.querySelectorAll('#log span').length === 1")
	s.userInput.press("#log-form .button")
	eventually(t, "the log is saved", func() bool { return oneFile(s.downloads, "bauta-log-*.txt") != "" })
	s.userInput.press("#bundle")
	var bundle string
	eventually(t, "the bundle is saved", func() bool { bundle = oneFile(s.downloads, "bauta-support-*.zip"); return bundle != "" })
	z, err := zip.OpenReader(bundle)
	if err != nil || len(z.File) != 8 {
		t.Fatalf("%v", err)
	}
	z.Close()
}

// resize makes the window another one.
func (s walkthrough) resize(width int64) {
	s.Helper()
	s.browser.width = width
	s.run(chromedp.EmulateViewport(width, 900))
}
