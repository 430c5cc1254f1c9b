package console_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/onvif/onviftest"
)

// A manager sees who else can log in at a camera, ticks an old recorder's account, agrees
// once, and over plain HTTP twice, gets the recovery sheet once, and gives the passwords back.
func TestCameraIsLocked(t *testing.T) {
	for _, c := range oneOf(t, []struct {
		lang          string
		encrypted     bool
		width, height int64
	}{{"en", true, 1280, 900}, {"zh-CN", false, 360, 740}}) {
		t.Run(c.lang, func(t *testing.T) {
			camera, err := onviftest.New(c.encrypted, "admin", "first-Secret1")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(camera.Close)
			camera.Add("recorder", "old-Secret2", "Operator")
			camera.Add("viewer", "old-Secret3", "User")
			b := openBrowser(t, c.width, c.height)
			s := walkthrough{b, mouse{browser: b}, startGateway(t), c.lang, false}
			s.setUp()
			add := exec.Command(built(t, "bauta"), "camera", "add", "Lobby", camera.RTSP(), "--user", "admin", "--password-stdin", "--data", s.data)
			add.Stdin = strings.NewReader("first-Secret1\n")
			if out, err := add.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			s.open(s.url + "/cameras/lobby")
			s.waitFor("#lock-ask")
			s.askAccounts(camera)
			s.lockRecorder(camera, c.encrypted)
			s.unlockRecorder(camera)
		})
	}
}

func (s walkthrough) askAccounts(camera *onviftest.Camera) {
	s.Helper()
	s.userInput.press("#lock-where summary")
	s.userInput.write("#lock-where [name=address]", camera.Service())
	s.userInput.press("#lock-ask")
	s.waitFor("#lock-form")
	s.wait("the gateway's own account is ticked for good", "document.querySelectorAll('#lock-form [name=account]').length === 3 && document.querySelector('#lock-form [value=admin]').checked && document.querySelector('#lock-form [value=admin]').disabled")
	s.page("who can log in")
	s.shootLock("accounts")
}

// shootLock photographs the panel.
func (s walkthrough) shootLock(name string) {
	s.Helper()
	s.js("document.querySelector('#lock').scrollIntoView({block: 'start'})", nil)
	s.shoot(s.lang + "-lock-" + name)
}

func (s walkthrough) lockRecorder(camera *onviftest.Camera, encrypted bool) {
	s.Helper()
	s.userInput.tick("#lock-form [value=recorder]")
	s.userInput.press("#lock-do")
	s.waitFor("dialog[open]")
	if !encrypted {
		s.shoot(s.lang + "-lock-sure")
		s.userInput.press("dialog .danger")
		s.wait("it asks a second time", "document.querySelectorAll('dialog[open]').length === 1 && document.querySelector('dialog[open] p').textContent.includes('HTTPS')")
		if camera.Changes() > 0 {
			s.Error("a password was sent before the second yes")
		}
	}
	s.userInput.press("dialog[open] .danger")
	s.waitFor("#lock-sheet")
	s.page("the camera is locked")
	s.shootLock("done")
	s.allowDownloads()
	s.userInput.press("#lock-sheet")
	var saved string
	eventually(s.T, "the sheet is saved", func() bool { saved = oneFile(s.downloads, "bauta-lock-lobby-*.html"); return saved != "" })
	b, err := os.ReadFile(saved)
	if err != nil {
		s.Fatal(err)
	}
	sheet := string(b)
	for _, user := range []string{"admin", "recorder"} {
		if !strings.Contains(sheet, camera.Password(user)) {
			s.Errorf("the sheet lacks the password of %s", user)
		}
	}
	if camera.Password("admin") == "first-Secret1" || camera.Password("viewer") != "old-Secret3" || !strings.Contains(sheet, "Lobby") {
		s.Errorf("what was ticked was not changed, or more was: %s", sheet)
	}
	s.wait("the page says that it is locked", "document.querySelector('#lock-undo') && document.querySelector('#lock-state .state').dataset.tone === 'good'")
}

func (s walkthrough) unlockRecorder(camera *onviftest.Camera) {
	s.Helper()
	s.userInput.press("#lock-undo")
	s.waitFor("dialog[open]")
	s.userInput.press("dialog[open] .danger")
	s.wait("it is unlocked", "!document.querySelector('#lock-undo') && document.querySelector('#lock-done').innerText.includes('recorder')")
	s.page("the camera is unlocked")
	s.shootLock("undone")
	if camera.Password("admin") != "first-Secret1" {
		s.Error("the former password does not hold")
	}
	s.userInput.press("#lock-forget")
	s.waitFor("dialog[open]")
	s.userInput.press("dialog[open] .danger")
	s.wait("nothing is left", "!document.querySelector('#lock-forget')")
}
