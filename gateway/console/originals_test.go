package console_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A manager sees that there are no keys, has the originals of a camera kept once there are some, says why,
// sees that they are kept, and ends it.
func TestOriginalsOfACamera(t *testing.T) {
	for _, c := range oneOf(t, []struct {
		lang          string
		width, height int64
	}{{"en", 1280, 900}, {"zh-CN", 360, 740}}) {
		t.Run(c.lang, func(t *testing.T) {
			b := openBrowser(t, c.width, c.height)
			s := walkthrough{b, mouse{browser: b}, startGateway(t, "--demo", "--clip", built(t, "demo.mp4")), c.lang, false}
			s.setUp()
			s.open(s.url + "/cameras/demo")
			s.wait("the panel says that there are no keys", "document.querySelector('#originals-state .note') && !document.querySelector('#originals-form')")
			s.shootOriginals("no-keys")
			s.giveKeys()
			s.open(s.url + "/cameras/demo")
			s.waitFor("#originals-form")
			s.userInput.press("#originals-do")
			s.wait("a reason is asked for", "document.querySelector('#originals-form [name=why]:invalid')")
			s.userInput.write("#originals-form [name=why]", "the insurer asks for it")
			s.userInput.press("#originals-do")
			s.waitFor("#originals-end")
			eventually(t, "it is kept", func() bool {
				s.open(s.url + "/cameras/demo")
				s.waitFor("#originals-end")
				return s.is("document.querySelector('#originals-state .state').dataset.tone === 'good'")
			})
			s.page("originals are kept")
			s.shootOriginals("kept")
			s.userInput.press("#originals-end")
			s.waitFor("dialog[open]")
			s.shoot(s.lang + "-originals-sure")
			s.userInput.press("dialog[open] .danger")
			s.wait("it has ended", "!document.querySelector('#originals-end')")
		})
	}
}

func (s walkthrough) shootOriginals(name string) {
	s.Helper()
	s.noOverflow("the originals of a camera")
	s.js("document.querySelector('#originals').scrollIntoView({block: 'start'})", nil)
	s.shoot(s.lang + "-originals-" + name)
}

// giveKeys makes the keys of two holders, as on their PCs, and gives the gateway their public halves.
func (s walkthrough) giveKeys() {
	s.Helper()
	args := []string{"sealed", "keys", "--data", s.data}
	for _, flag := range []string{"--first", "--second"} {
		out, err := exec.Command(built(s.T, "bauta"), "sealed", "keygen", "--plain", "--out", filepath.Join(s.TempDir(), "key")).Output()
		lines := strings.Fields(string(out))
		if err != nil || len(lines) == 0 {
			s.Fatalf("keygen: %v: %s", err, out)
		}
		args = append(args, flag, "p="+lines[len(lines)-1])
	}
	if out, err := exec.Command(built(s.T, "bauta"), args...).CombinedOutput(); err != nil {
		s.Fatalf("keys: %v: %s", err, out)
	}
}
