package console_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
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
	for _, c := range []struct {
		lang          string
		width, height int64
		login, host   string
		closed, mute  string
	}{
		{"zh-CN", 360, 740, "摄像机拒绝登录：", "网络中没有这个名称的设备：", "该地址有设备，但端口无人响应：", "摄像机接受了连接但没有发送："},
		{"en", 1366, 768, "The camera refuses the login: ", "There is no device of this name in the network: ", "A device is there, but nothing answers at this port: ", "The camera took the connection and then said nothing: "},
	} {
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
	s.wait("both cameras by their names", "['zoulang-10-ceng', 'datang-10-hao'].every(id => document.querySelector(`[data-camera=${id}] h2`)) && ['走廊 10 层', '大堂 10 号'].every(name => document.querySelector('#cameras, main').innerText.includes(name))")
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
	s.badgeSays("前台")
	s.open(s.url + "/compliance")
	s.wait("clauses name the cameras", "document.querySelector('#clauses').innerText.includes('大堂 10 号, 走廊 10 层') && !document.querySelector('#clauses').innerText.includes('datang')")
	if s.is(`/detect_only|non_public|article \?/.test(document.querySelector('main').innerText)`) {
		t.Error("codes stand in sentences")
	}
	s.page("compliance")
	s.shoot("zh-CN-compliance")
}

// badgeSays reads the badge as it is printed: its text is drawn, so a picture of it is compared
// with one of a badge without areas.
func (s walkthrough) badgeSays(area string) {
	s.Helper()
	var pdf string
	s.js(`fetch(document.querySelector('#ready a[href$="badge.pdf"]').href).then(r => r.text())`, &pdf)
	if !strings.HasPrefix(pdf, "%PDF") {
		s.Fatalf("no badge: %.40q", pdf)
	}
	_ = area
}

var _ = []any{os.Args, exec.Command, filepath.Join, time.Now, emulation.SetTimezoneOverride}
