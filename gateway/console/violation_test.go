package console_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A camera that was in a prohibited place and is gone stays on the page of compliance
// until a manager closes the violation there, with its cause, what was done and a proof.
func TestViolationIsClosed(t *testing.T) {
	b := openBrowser(t, 1280, 900)
	s := walkthrough{b, mouse{browser: b}, startGateway(t), "en", false}
	s.setUp()
	s.js(`fetch('/api/v1/cameras', {method: 'POST', body: JSON.stringify({id: 'yard', name: 'Yard', url: 'rtsp://127.0.0.1:9/none', place: 'entrance', purpose: 'public-safety'}),
		headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}}).then(r => { if (!r.ok) throw new Error(r.status); })`, nil)
	for _, args := range [][]string{{"camera", "add", "wc", "rtsp://127.0.0.1:9/live", "--place", "public-toilet"}, {"camera", "remove", "wc"}} {
		out, err := exec.Command(built(t, "bauta"), append(args, "--data", s.data)...).CombinedOutput()
		if (err == nil) != (args[1] == "remove") { // it is refused, and on record
			t.Fatalf("%v: %v: %s", args, err, out)
		}
	}
	clause := "[data-clause=s799-8-1]"
	s.open(s.url + "/compliance")
	s.waitFor(clause + "[data-status=fail]")
	s.userInput.press(clause + " [data-fix=violation]")
	s.userInput.press("[data-violation]")
	form := "form[data-close]"
	s.waitFor(form)
	s.noOverflow("the form of a violation")
	photo := filepath.Join(t.TempDir(), "wall.jpg")
	if err := os.WriteFile(photo, []byte("the wall without the camera"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.userInput.write(form+" [name=cause]", "a wrong plan")
	s.userInput.write(form+" [name=measure]", "dismantled")
	s.userInput.write(form+" [name=police]", "P-77")
	s.userInput.pick(form+" [name=footage]", "yes")
	s.upload(form+" [name=proof]", photo)
	s.userInput.press(form + " .button.first")
	s.wait("nothing is open", "!document.querySelector('[data-violation], form[data-close]') && document.querySelector('#violations-open').innerText === 'None is open'")
	s.wait("the clause is kept", "document.querySelector('"+clause+"')?.dataset.status === 'pass'")
}
