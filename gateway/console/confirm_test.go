package console_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// An area of 0.1.0 has the purposes of its consents until somebody says whether
// they are meant: the overview and the camera's page ask for it, and saving the
// area is the answer.
func TestOldAreaIsConfirmed(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if b, err := exec.Command("tar", "-xzf", "../../config/store/testdata/0.1.0.tar.gz", "-C", data).CombinedOutput(); err != nil {
		t.Fatalf("tar: %v: %s", err, b)
	}
	runGateway(t, data)
	b := openBrowser(t, 1280, 800)
	at := &instance{}
	eventually(t, "the console is there", func() bool { _, at.url = setupCode(data); return at.url != "" })
	add := exec.Command(built(t, "bauta"), "user", "add", "owner", "--role", "manager", "--language", "en", "--data", data)
	add.Stdin = strings.NewReader(password + "\n")
	if said, err := add.CombinedOutput(); err != nil {
		t.Fatalf("user add: %v: %s", err, said)
	}
	s := walkthrough{b, mouse{browser: b}, at, "en", false}
	s.open(s.url + "/login")
	s.waitFor("#login")
	s.userInput.write("#user", "owner")
	s.userInput.write("#password", password)
	s.userInput.press("#login .button.first")
	s.waitFor("[data-camera=lobby]")

	s.open(s.url + "/cameras/lobby")
	s.waitFor("#zone-list [data-assumed=entrance]")
	s.wait("the page says what to do next", "document.querySelector('#next').innerText.length > 0")
	s.userInput.press("#zone-list button[data-zone=entrance]")
	s.waitFor("#zone-purposes:not([hidden])")
	s.wait("the purpose of its consents is ticked, and no other", "[...document.querySelectorAll('#zone-purposes :checked')].map(one => one.value).join() === 'visitor-reception'")
	s.page("an old area is confirmed")
	s.userInput.press("#zone-save")
	s.wait("nobody is asked any more", "!document.querySelector('#zone-list [data-assumed]') && !!document.querySelector('#zone-list [data-zone=entrance]')")
	s.wait("the area is as it was", "fetch('/api/v1/cameras/lobby/zones').then(r => r.json()).then(all => { const one = all.zones.find(z => z.id === 'entrance'); return !one.assumed && one.points.length === 4 && one.purposes.join() === 'visitor-reception'; })")
	// A consent whose purpose no area names says so in the list.
	s.js(`fetch('/api/v1/cameras/lobby/zones/entrance/purposes', {method: 'PUT', body: JSON.stringify({purposes: ['event']}),
		headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}}).then(r => { if (!r.ok) throw new Error(r.status); })`, nil)
	s.open(s.url + "/consents")
	s.wait("the list says why nobody is shown", "document.querySelector('[data-reason=wrong_purpose]')?.innerText.includes('purpose')")
}
