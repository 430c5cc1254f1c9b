package console_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The manager brings next year's days off on the page, and says the site's time zone.
func TestCalendarOnThePage(t *testing.T) {
	at := startGateway(t)
	add := exec.Command(built(t, "bauta"), "user", "add", "owner", "--role", "manager", "--language", "zh-CN", "--data", at.data)
	add.Stdin = strings.NewReader(password + "\n")
	if said, err := add.CombinedOutput(); err != nil {
		t.Fatalf("user add: %v: %s", err, said)
	}
	file := filepath.Join(t.TempDir(), "next.yaml")
	b := openBrowser(t, 390, 844)
	s := walkthrough{b, mouse{browser: b}, at, "zh-CN", false}
	s.open(s.url + "/login")
	s.waitFor("#login")
	s.userInput.write("#user", "owner")
	s.userInput.write("#password", password)
	s.userInput.press("#login .button.first")
	s.wait("logged in", "location.pathname === '/'")
	s.open(s.url + "/compliance")
	s.waitFor("#calendar [data-year='2026']")
	for _, try := range []struct{ content, then string }{
		{"years: []", "document.querySelector('#calendar .wrong').innerText.length > 0"},
		{"years: [{year: 2027, source: 通知, off: [2027-01-01..2027-01-03]}]", "document.querySelector('#calendar [data-year=\"2027\"]')?.innerText.includes('通知')"},
	} {
		if err := os.WriteFile(file, []byte(try.content), 0o600); err != nil {
			t.Fatal(err)
		}
		b.run(chromedp.SetUploadFiles("#calendar-form input", []string{file}))
		s.userInput.press("#calendar-form .button")
		s.wait("the page answers to "+try.content, try.then)
	}
	s.noOverflow("the compliance page")
	s.userInput.write("#site-form [name=time_zone]", "Asia/Tokyo")
	s.userInput.press("#site-save")
	s.wait("the site's time zone is kept", "fetch('/api/v1/calendar').then(r => r.json()).then(c => c.time_zone === 'Asia/Tokyo')")
	s.wait("the deadlines are a calendar file", "fetch(document.querySelector('#deadlines').href).then(r => r.text()).then(t => t.startsWith('BEGIN:VCALENDAR'))")
	b.shoot("calendar")
}
