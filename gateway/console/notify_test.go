package console_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/gateway/notify/mailtest"
)

// daemon is one that a test kills and starts again.
type daemon struct {
	t            *testing.T
	data, config string
	env          []string
	cmd          *exec.Cmd
	log          *os.File
}

func newDaemon(t *testing.T, mqtt string, env ...string) *daemon {
	t.Helper()
	d := &daemon{t: t, data: filepath.Join(t.TempDir(), "data"), config: filepath.Join(t.TempDir(), "bauta.yaml"), env: env}
	settings := "gateway: {name: main-building}\nrtsp: {address: \"127.0.0.1:0\", udp: false}\nmqtt: {" + mqtt + ", heartbeat: 5s}\nconsole: {address: \"127.0.0.1:0\"}\n"
	if err := os.WriteFile(d.config, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	if d.log, err = os.Create(filepath.Join(t.TempDir(), "log")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.stop(syscall.SIGTERM)
		if t.Failed() {
			t.Logf("the daemon's log:\n%s", d.said())
		}
		d.log.Close()
	})
	return d
}

func (d *daemon) start() *instance {
	d.t.Helper()
	d.cmd = exec.Command(built(d.t, "bauta"), "run", "--config", d.config, "--data", d.data)
	d.cmd.Env = append(append(os.Environ(), "LANG=C", "LC_ALL=C"), d.env...)
	d.cmd.Stderr = d.log // a file: the process itself writes to it
	if err := d.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	b := &instance{data: d.data}
	eventually(d.t, "the daemon is there", func() bool { b.code, b.url = setupCode(d.data); return b.url != "" })
	return b
}

// said is what the daemon wrote so far.
func (d *daemon) said() string {
	b, err := os.ReadFile(d.log.Name())
	if err != nil {
		d.t.Error(err)
	}
	return string(b)
}

func (d *daemon) stop(how os.Signal) {
	if d.cmd == nil {
		return
	}
	_ = d.cmd.Process.Signal(how)
	_ = d.cmd.Wait()
	d.cmd = nil
}

// hub is a webhook's server.
type hub struct {
	*httptest.Server
	mu  sync.Mutex
	got []string
}

func newHub(t *testing.T) *hub {
	h := &hub{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.got = append(h.got, string(b))
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hub) all() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string{}, h.got...)
}

// items counts what was told of a kind, in a state.
func (h *hub) items(kind, state string) (n int) {
	for _, body := range h.all() {
		var got struct {
			Items []struct{ Kind, State string }
		}
		_ = json.Unmarshal([]byte(body), &got)
		for _, i := range got.Items {
			if i.Kind == kind && i.State == state {
				n++
			}
		}
	}
	return n
}

// A manager sets up who is told, with a real mail server and a real webhook, in each language on a PC and on a
// phone; a camera that goes is told once, over a kill -9 too, and that it is over.
func TestNotifyPage(t *testing.T) {
	mail := mailtest.Start(t, mailtest.Options{Security: mailtest.StartTLS})
	for _, c := range oneOf(t, []struct {
		lang             string
		width            int64
		sent, bad, title string
	}{{"en", 1366, "the test was taken", "The login was refused", "Who is told"}, {"zh-CN", 360, "测试消息已被接收", "登录被拒绝", "通知"}}) {
		t.Run(c.lang, func(t *testing.T) {
			before := len(mail.Mails())
			d, hook := newDaemon(t, `embedded_address: "127.0.0.1:0"`, "SSL_CERT_FILE="+mail.CA), newHub(t)
			camera, err := demo.Start(t.Context(), demoClip(t), slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			defer camera.Close()
			here := d.start()
			here.camera = camera
			b := openBrowser(t, c.width, 800)
			s := walkthrough{b, mouse{b, c.width < 600}, here, c.lang, false}
			s.setUp()
			s.open(here.url + "/notify?lang=" + c.lang)
			s.waitFor("#mail input")
			set := func(selector, value string) {
				s.js(fmt.Sprintf(`(() => { const e = document.querySelector(%s); e.value = %s; e.dispatchEvent(new Event('change', {bubbles: true})); })()`, quoted(selector), quoted(value)), nil)
			}
			press := func(selector string) { s.js(fmt.Sprintf("document.querySelector(%s).click()", quoted(selector)), nil) }
			said := func(part string) {
				s.wait("the page says "+part, fmt.Sprintf("document.querySelector('#edit').textContent.includes(%s) || document.querySelector('#told').textContent.includes(%s)", quoted(part), quoted(part)))
			}
			for name, value := range map[string]string{"host": "127.0.0.1", "user": mailtest.User, "password": "wrong", "from": mailtest.Sender} {
				set("#mail [name="+name+"]", value)
			}
			set("#mail [name=security]", "starttls")
			set("#mail [name=port]", fmt.Sprint(mail.Port))
			press("#mail button")
			s.wait("the server is saved", "fetch('/api/v1/notify').then(r => r.json()).then(n => n.mail.password_set)")
			press("#who tbody tr .button")
			s.waitFor("#edit [name=address]")
			set("#edit [name=address]", "manager@example.test")
			press("#edit form button")
			s.wait("the address is saved", "document.querySelector('#who tbody tr').textContent.includes('manager@example.test')")
			press("#who tbody tr .button:nth-of-type(2)")
			said(c.bad)
			s.shoot(c.lang + "-notify-refused")
			set("#mail [name=password]", mailtest.Password)
			press("#mail button")
			s.wait("the password is taken", "document.querySelector('#mail [name=password]').value === ''")
			press("#who tbody tr .button:nth-of-type(2)")
			said(c.sent)
			if got := mail.Mails()[before:]; len(got) != 1 || got[0].To != "manager@example.test" {
				t.Fatalf("%+v", got)
			}
			set("#hook [name=name]", "hub")
			set("#hook [name=url]", hook.URL)
			s.js("document.querySelector('#hook [name=private]').checked = true", nil)
			press("#hook button:not([type=button])")
			s.waitFor("#hook code")
			s.wait("the webhook is listed", "document.querySelectorAll('#who tbody tr').length === 2")
			s.js(`document.querySelector('#who tbody tr:nth-child(2) td:nth-of-type(3) input').click()`, nil) // not of what is blurred
			s.wait("a tick is saved", "fetch('/api/v1/notify').then(r => r.json()).then(n => !n.webhooks[0].kinds.includes('over_masked'))")
			set("#rules [name='delay.camera_offline']", "5")
			set("#rules [name=digest_s]", "1")
			press("#rules button")
			s.wait("the rules are saved", "fetch('/api/v1/notify').then(r => r.json()).then(n => n.rules.digest_s === 1)")
			set("#site [name=name]", "北门 North")
			set("#site [name=console]", "https://north.example")
			press("#site button")
			s.wait("the site is saved", "fetch('/api/v1/notify').then(r => r.json()).then(n => n.site.name)")
			s.noOverflow(c.lang + " notify")
			if rules, err := os.ReadFile(filepath.Join(root, "build", "axe", "node_modules", "axe-core", "axe.min.js")); err == nil {
				s.accessible(string(rules), c.lang+" notify")
			}
			s.shoot(c.lang + "-notify")
			s.js(fmt.Sprintf(`(async () => { const r = await fetch('/api/v1/cameras', {method: 'POST', body: JSON.stringify({name: '走廊 10 层', id: 'corridor', url: %s, user: %s, password: %s, place: 'lobby'}), headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}}); if (!r.ok) throw new Error(await r.text()); })()`,
				quoted(camera.URL()), quoted(camera.User()), quoted(camera.Password())), nil)
			eventually(t, "the camera is protected", func() bool { return protection(d.data) == "protected" })
			camera.Close()
			eventually(t, "it is told", func() bool {
				return hook.items("camera_offline", "new") == 1 && mailed(mail, before, "走廊 10 层") == 1
			})
			if c.lang != "en" && !long() {
				return
			}
			time.Sleep(time.Second) // between telling and the end
			d.stop(syscall.SIGKILL)
			d.start()
			time.Sleep(10 * time.Second)
			if n, m := hook.items("camera_offline", "new"), mailed(mail, before, "走廊 10 层"); n != 1 || m != 1 {
				t.Errorf("told again after kill -9: %d posts, %d mails", n, m)
			}
			if hook.items("camera_offline", "over") != 0 {
				t.Error("said to be over while the gateway begins anew")
			}
			if err := local(d.data, http.MethodDelete, "/v1/cameras/corridor", "", &struct{}{}); err != nil {
				t.Fatal(err)
			}
			for end := time.Now().Add(2 * time.Minute); hook.items("camera_offline", "over") == 0 && time.Now().Before(end); { // it has to be away for a minute
				time.Sleep(time.Second)
			}
			eventually(t, "its end is told", func() bool {
				return hook.items("camera_offline", "over") == 1 && mailed(mail, before, "走廊 10 层") == 2
			})
			for _, one := range mail.Mails()[before:] {
				t.Logf("%s\n%s", one.Subject, one.Body)
			}
			if said := d.said(); said == "" || strings.Contains(said, "manager@example.test") || strings.Contains(said, mailtest.Password) {
				t.Error("an address or the password is in the log, or nothing is")
			}
		})
	}
}

func protection(data string) string {
	var all []struct{ Protection string }
	_ = local(data, http.MethodGet, "/v1/cameras", "", &all)
	if len(all) != 1 {
		return ""
	}
	return all[0].Protection
}

// mailed counts the mails that tell of a camera.
func mailed(s *mailtest.Server, from int, name string) (n int) {
	for _, m := range s.Mails()[from:] {
		if strings.Contains(m.Body, name) {
			n++
		}
	}
	return n
}

// The page of all gateways, at a real broker: another gateway whose pictures are withheld is told of, a manager has
// seen it by name, which survives a restart, and the heartbeat of what watches is published.
func TestFleetSeen(t *testing.T) {
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	client := paho.NewClient(paho.NewClientOptions().AddBroker("tcp://" + m.Addr).SetProtocolVersion(4))
	if token := client.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	defer client.Disconnect(100)
	var beats atomic.Pointer[string]
	client.Subscribe("bauta/main-building/watchdog", 1, func(_ paho.Client, m paho.Message) { s := string(m.Payload()); beats.Store(&s) })
	speak := func() {
		for topic, payload := range map[string]string{"status": "online", "info": `{"version":"1","policy_pack":"cn-2025","heartbeat_s":600,"site":"北门","console":"https://north.example"}`,
			"camera/gate/availability": "online", "camera/gate/protection": "blocked"} {
			client.Publish("bauta/north/"+topic, 1, true, payload).WaitTimeout(patience)
		}
	}
	speak()
	d := newDaemon(t, "broker: \"tcp://"+m.Addr+"\"")
	here := d.start()
	b := openBrowser(t, 1366, 800)
	s := walkthrough{b, mouse{b, false}, here, "en", false}
	s.setUp()
	see := func() {
		t.Helper()
		s.run(chromedp.Navigate(here.url + "/fleet/?lang=en"))
		s.wait("the other gateway", "[...document.querySelectorAll('#list .row')].some(r => r.textContent.includes('北门') && r.textContent.includes('pictures withheld'))")
	}
	see()
	s.js("[...document.querySelectorAll('#list .row')].find(r => r.textContent.includes('北门')).click()", nil)
	s.waitFor("#sheet .act button")
	s.js("document.querySelector('#sheet .act button').click()", nil)
	s.wait("it is seen by name", "document.querySelector('#sheet .act').textContent.includes('seen by manager')")
	s.wait("the list says so", "[...document.querySelectorAll('#list .row')].some(r => r.textContent.includes('✓ manager'))")
	s.shoot("fleet-seen")
	eventually(t, "the heartbeat", func() bool {
		beat := beats.Load()
		return beat != nil && strings.Contains(*beat, `"all_masked":true`) && strings.Contains(*beat, `"notify_state":"ok"`)
	})
	time.Sleep(6 * time.Second) // what is remembered is kept after five seconds
	d.stop(syscall.SIGKILL)
	here = d.start()
	s.open(here.url + "/login")
	s.userInput.write("#user", "manager")
	s.userInput.write("#password", password)
	s.userInput.press("#login .button.first")
	s.wait("the overview", "location.pathname === '/'")
	see()
	s.wait("it is still seen", "[...document.querySelectorAll('#list .row')].some(r => r.textContent.includes('✓ manager'))")
	s.wait("what happened", "document.querySelector('#past').textContent.includes('seen by manager')")
}
