package console_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/gateway/onvif/onviftest"
	"github.com/bauta-gateway/bauta/gateway/rtsp/oddcamera"
)

// screens are a manager's PC and phone, each in one language.
var screens = []struct {
	lang          string
	width, height int64
}{{"en", 1366, 900}, {"zh-CN", 360, 740}}

// onScreens runs a test on both.
func onScreens(t *testing.T, start func(*testing.T) *instance, test func(s walkthrough)) {
	for _, c := range oneOf(t, screens) {
		t.Run(c.lang, func(t *testing.T) {
			b := openBrowser(t, c.width, c.height)
			s := walkthrough{b, mouse{browser: b}, start(t), c.lang, true}
			s.setUp()
			test(s)
		})
	}
}

// ask calls the API as the administrator.
func (s walkthrough) ask(method, path, body string, out any) {
	s.Helper()
	if err := local(s.instance.data, method, path, body, out); err != nil {
		s.Fatalf("%s %s: %v", method, path, err)
	}
}

func (s walkthrough) text(selector string) (said string) {
	s.Helper()
	s.js(fmt.Sprintf("document.querySelector(%s)?.innerText ?? ''", quoted(selector)), &said)
	return said
}

// latin finds words of Latin letters; RTSP and ONVIF are called so in Chinese too.
var (
	latin     = regexp.MustCompile(`[A-Za-z]{3,}`)
	protocols = strings.NewReplacer("RTSP", "", "ONVIF", "")
)

// inLanguage fails where a Chinese sentence has Latin words in it.
func (s walkthrough) inLanguage(what, said string) {
	s.Helper()
	if s.lang == "zh-CN" && latin.MatchString(protocols.Replace(said)) || said == "" {
		s.Errorf("%s: %q", what, said)
	}
}

// After a change of the camera's password a manager types the new one in the console; areas and
// facts stay.
func TestNewPasswordInTheConsole(t *testing.T) {
	onScreens(t, func(t *testing.T) *instance { return startInstance(t, demoClip(t)) }, func(s walkthrough) {
		var added struct{ ID string }
		s.ask(http.MethodPost, "/v1/cameras", fmt.Sprintf(`{"id":"gate","name":"大堂 10 号","url":%q,"user":%q,"password":%q,"place":"lobby","purpose":"public-safety"}`, s.camera.URL(), s.camera.User(), s.camera.Password()), &added)
		s.ask(http.MethodPost, "/v1/cameras/gate/zones", `{"id":"desk","kind":"private","points":[{"x":0.1,"y":0.1},{"x":0.3,"y":0.1},{"x":0.3,"y":0.3}]}`, &struct{}{})
		s.open(s.url + "/cameras/gate")
		s.wait("it is protected", "document.querySelector('#state .state')?.dataset.tone === 'good'")

		at := strings.TrimSuffix(strings.TrimPrefix(s.camera.URL(), "rtsp://"), "/demo")
		s.camera.Close()
		again, err := demo.StartAt(s.Context(), at, demoClip(s.T), slog.New(slog.DiscardHandler))
		if err != nil {
			s.Fatal(err)
		}
		s.Cleanup(again.Close)
		s.wait("the page leads to the form", "document.querySelector('#next a')?.getAttribute('href') === '#edit'")
		s.page("the login is refused")

		s.userInput.press("#edit-open")
		s.waitFor("#edit-save")
		s.page("the camera's form")
		if got := s.text("#edit-form [name=password]"); got != "" {
			s.Errorf("the password is shown: %q", got)
		}
		s.userInput.write("#edit-form [name=password]", "not the right one")
		s.userInput.press("#edit-save")
		s.waitFor("#edit-told .note")
		said := s.text("#edit-told .note")
		s.inLanguage("a wrong password", said)
		if strings.Count(said, map[string]string{"en": "user and password", "zh-CN": "用户名和密码"}[s.lang]) != 1 {
			s.Errorf("a wrong password is told so: %q", said)
		}
		s.page("a wrong password")
		s.userInput.write("#edit-form [name=password]", again.Password())
		begin := time.Now()
		s.userInput.press("#edit-save")
		s.wait("it is saved", "document.querySelector('#edit-form').hidden")
		saved := time.Since(begin)
		s.wait("it is protected again", "document.querySelector('#state .state')?.dataset.tone === 'good'")
		s.Logf("saved after %v, with the test; masked again after %v", saved.Round(time.Millisecond), time.Since(begin).Round(time.Millisecond))
		s.wait("the area is there", "document.querySelector('#zone-list [data-zone=desk]')")
		if !s.is("document.querySelector('#facts-form [name=place]').value === 'lobby' && document.querySelector('#name').textContent === '大堂 10 号'") {
			s.Error("facts or name are lost")
		}

		// A name alone needs no test.
		s.userInput.press("#edit-open")
		s.waitFor("#edit-save")
		s.userInput.write("#edit-form [name=name]", "走廊 10 层")
		s.userInput.write("#edit-form [name=group]", "一楼")
		s.userInput.press("#edit-save")
		s.wait("the new name stands there", "document.querySelector('#name').textContent === '走廊 10 层'")

		// One that is switched off now may be saved all the same.
		again.Close()
		s.userInput.press("#edit-open")
		s.waitFor("#edit-save")
		s.userInput.write("#edit-form [name=password]", "for later")
		s.userInput.press("#edit-save")
		s.waitFor("#edit-anyway")
		s.inLanguage("switched off", s.text("#edit-told"))
		s.page("a camera that is switched off")
		s.userInput.press("#edit-anyway")
		s.wait("it is saved", "document.querySelector('#edit-form').hidden")
	})
}

// A manager types the address alone; the wizard finds the stream, and Back loses nothing.
func TestHostAloneInTheWizard(t *testing.T) {
	onScreens(t, func(t *testing.T) *instance { return startGateway(t) }, func(s walkthrough) {
		cam := oddcamera.Start(s.T, oddcamera.Options{Width: 640, Height: 360, Paths: map[string]string{"/stream1": "digest-md5", "/stream2": "digest-qop"}})
		at := strings.TrimSuffix(strings.TrimPrefix(cam.URL("digest-md5"), "rtsp://"), "/digest-md5")
		s.open(s.url + "/cameras/new")
		s.waitFor("#url")
		refused := func(what, address, user, password, want string) {
			s.Helper()
			s.js("document.querySelector('#failed').replaceChildren()", nil)
			s.userInput.write("#url", address)
			s.userInput.write("#user", user)
			s.userInput.write("#password", password)
			s.userInput.press("#test")
			s.waitFor("#failed .note")
			said := s.text("#failed")
			s.inLanguage(what, said)
			if s.lang == "en" && !strings.Contains(said, want) || strings.Contains(said, "dial") || strings.Count(said, "\n") > 0 {
				s.Errorf("%s: %q", what, said)
			}
			s.page(what)
		}
		refused("a closed port", "127.0.0.1:9", "", "", "nothing answers at this port")
		refused("no login", at, "", "", "asks for a login")
		refused("a wrong login", at, "admin", "wrong", "refuses the login")
		s.userInput.write("#password", "secret")
		s.userInput.press("#test")
		s.waitFor("#tested")
		s.wait("the path is told", "document.querySelector('#tested').innerText.includes('/stream1')")
		if said := s.text("#tested"); !strings.Contains(said, "TP-Link") {
			s.Errorf("whose path it is: %q", said)
		}
		s.wait("its other stream is offered", "document.querySelectorAll('#streams option').length === 2")
		s.page("found by a path")
		s.userInput.write("#name", "大堂 10 号")
		s.run(chromedp.NavigateBack())
		s.wait("the first step", "!document.querySelector('#find').hidden && document.querySelector('#place').hidden")
		if !s.is(fmt.Sprintf("document.querySelector('#url').value === %s && document.querySelector('#password').value === 'secret'", quoted(at))) {
			s.Error("Back lost what was typed")
		}
		s.run(chromedp.NavigateForward())
		s.wait("the second step with its name", "!document.querySelector('#place').hidden && document.querySelector('#name').value === '大堂 10 号'")
		s.userInput.write("#group", "一楼")
		s.userInput.pick("#where", "lobby")
		s.userInput.pick("#purpose", "public-safety")
		s.userInput.press("#add")
		s.waitFor("#open")
		s.wait("it is protected", "document.querySelector('#done .hero').dataset.tone === 'good'")
		var all []struct{ URL, Group, Name string }
		s.ask(http.MethodGet, "/v1/cameras", "", &all)
		if len(all) != 1 || all[0].URL != "rtsp://"+at+"/stream1" || all[0].Group != "一楼" {
			s.Errorf("%+v", all)
		}
	})
}

// A camera that speaks ONVIF is found by its address alone.
func TestHostAloneByONVIF(t *testing.T) {
	d, err := onviftest.Start("127.0.12.1", onviftest.Habit{Name: "none"})
	if err != nil {
		t.Skipf("no second loopback address on this host: %v", err)
	}
	t.Cleanup(d.Close)
	s := startGateway(t)
	var found []struct {
		URL   string
		Tried bool
	}
	begin := time.Now()
	if err := local(s.data, http.MethodPost, "/v1/discover/streams", `{"address":"127.0.12.1"}`, &found); err != nil || len(found) == 0 || found[0].Tried || !strings.HasPrefix(found[0].URL, "rtsp://127.0.12.1:554/main") {
		t.Errorf("%+v, %v", found, err)
	}
	t.Logf("after %v", time.Since(begin).Round(time.Millisecond))
}

// Several cameras are changed at once, facts are copied, the clause leads to those that lack them,
// and a table goes out and comes back.
func TestManyCameras(t *testing.T) {
	onScreens(t, func(t *testing.T) *instance { return startGateway(t) }, func(s walkthrough) {
		for i, name := range []string{"走廊 2 层", "2 楼走廊", "North gate"} {
			s.ask(http.MethodPost, "/v1/cameras", fmt.Sprintf(`{"id":"c-%d","name":%q,"url":"rtsp://127.0.0.1:9/%d"}`, i, name, i), &struct{}{})
		}
		s.ask(http.MethodPut, "/v1/cameras/c-0/facts", `{"place":"lobby","purpose":"fire-safety","model":"X1"}`, &struct{}{})
		s.ask(http.MethodPut, "/v1/site", `{"kind":"office-lobby","recognition_mode":"detect_only","jurisdiction":"CN-44"}`, &struct{}{})
		s.open(s.url + "/compliance")
		s.wait("a clause leads to the list of those that lack it", "[...document.querySelectorAll('[data-fix]')].some(one => one.getAttribute('href') === '/cameras?lacks=purpose')")
		s.open(s.url + "/cameras")
		s.waitFor("#list input")
		s.page("all cameras")
		s.userInput.write("#find", "走廊")
		s.wait("two are shown", "document.querySelectorAll('#list li').length === 2")
		s.userInput.tick("#all")
		s.userInput.write("#find", "")
		s.wait("two are chosen", "document.querySelectorAll('#list input:checked').length === 2")
		s.userInput.pick("#many select", "c-0")
		s.wait("its facts are copied", "[...document.querySelectorAll('#many [type=checkbox]')].filter(one => one.checked).length === 3")
		s.js(`(() => { const group = document.querySelector('#many [list=many-groups]'); group.value = '二楼'; group.dispatchEvent(new Event('input')); })()`, nil)
		s.userInput.press("#many-do")
		s.waitFor("dialog[open]")
		s.page("several are asked about")
		s.userInput.press("dialog .danger")
		s.waitFor("#many-done .note")
		s.page("several are changed")
		var facts map[string]struct{ Place, Purpose, Model string }
		s.ask(http.MethodGet, "/v1/facts", "", &facts)
		if facts["c-1"].Purpose != "fire-safety" || facts["c-1"].Model != "X1" || facts["c-2"].Purpose != "" {
			s.Errorf("%+v", facts)
		}
		var all []struct{ ID, Group string }
		s.ask(http.MethodGet, "/v1/cameras", "", &all)
		if all[0].Group != "二楼" || all[1].Group != "二楼" || all[2].Group != "" {
			s.Errorf("%+v", all)
		}

		s.open(s.url + "/cameras?lacks=purpose")
		s.wait("one lacks it", "document.querySelectorAll('#list li').length === 1 && document.querySelector('#list a').getAttribute('href') === '/cameras/c-2#facts'")
		s.page("those that lack it")

		s.open(s.url + "/cameras")
		s.waitFor("#list input")
		var table string
		s.js("fetch('/api/v1/cameras.csv').then(r => r.arrayBuffer()).then(b => new TextDecoder('utf-8', {ignoreBOM: true}).decode(b))", &table)
		if !strings.HasPrefix(table, "\ufeff") || !strings.Contains(table, "走廊 2 层") {
			s.Errorf("the table: %q", table)
		}
		table = strings.Replace(table, "North gate", "北门", 1) + "x,坏行,,http://a/b,,,,,,,,,,,,,,,,,,,,\r\n"
		file := filepath.Join(s.TempDir(), "cameras.csv")
		if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
			s.Fatal(err)
		}
		s.run(chromedp.SetUploadFiles("#file", []string{file}, chromedp.ByQuery))
		s.userInput.press("#check")
		s.waitFor("#import-do")
		s.page("the table is checked")
		s.wait("one is refused, with its row", "document.querySelector('#import-done [data-state=refused]')?.innerText.includes('5')")
		s.wait("nothing has changed", "document.querySelectorAll('#import-done [data-state=changed]').length === 1 && document.querySelector('#list').innerText.includes('North gate')")
		s.userInput.press("#import-do")
		s.wait("it is taken", "document.querySelector('#list').innerText.includes('北门')")
		s.page("the table is taken")
	})
}

// The seventeenth camera is told of before anything is typed.
func TestNoRoomForACamera(t *testing.T) {
	b := openBrowser(t, 360, 740)
	s := walkthrough{b, mouse{browser: b}, startGateway(t), "zh-CN", true}
	s.setUp()
	for i := range 16 {
		s.ask(http.MethodPost, "/v1/cameras", fmt.Sprintf(`{"id":"c-%d","name":"c","url":"rtsp://127.0.0.1:9/%d"}`, i, i), &struct{}{})
	}
	s.open(s.url + "/cameras/new")
	s.wait("it is told at the first step", "document.querySelector('#full').innerText.includes('16') && document.querySelector('#test').disabled")
	s.page("no room")
}
