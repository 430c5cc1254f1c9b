package console_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// S9: what a store of version 0.1.0 could not know is listed on one page, each entry leads to
// where it is answered, and the overview says so until it is dealt with.
func TestS9AfterAnUpdate(t *testing.T) {
	data := t.TempDir()
	if err := os.Chmod(data, 0o700); err != nil {
		t.Fatal(err)
	}
	store := filepath.Join(root, "config", "store", "testdata", "0.1.0.tar.gz")
	if b, err := exec.Command("tar", "-xzf", store, "-C", data).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	runGateway(t, data)
	add := exec.Command(built(t, "bauta"), "user", "add", "owner", "--role", "manager", "--data", data)
	eventually(t, "the gateway answers", func() bool { return local(data, "GET", "/v1/status", "", &struct{}{}) == nil })
	add.Stdin = strings.NewReader(password + "\n")
	if said, err := add.CombinedOutput(); err != nil {
		t.Fatalf("user add: %v: %s", err, said)
	}
	_, url := setupCode(data)
	for _, width := range []int64{1280, 360} {
		b := openBrowser(t, width, 800)
		s := walkthrough{b, mouse{b, width < 600}, &instance{url: url, data: data}, "en", false}
		s.open(s.url + "/login")
		s.waitFor("#login")
		s.userInput.write("#user", "owner")
		s.userInput.write("#password", password)
		s.userInput.press("#login .button.first")
		s.wait("the overview says what waits", "document.querySelector('#updated a')")
		s.noOverflow("the overview after an update")
		s.shoot("updated-overview")
		s.userInput.press("#updated a")
		s.wait("its page", "location.pathname === '/update' && document.querySelector('[data-waits]')")
		for _, lang := range []string{"en", "zh-CN"} {
			s.open(s.url + "/update?lang=" + lang)
			s.waitFor("[data-waits]")
			s.noOverflow("what waits, in " + lang)
			s.shoot(lang + "-update")
			if missing := map[string]string{"en": "authority is missing", "zh-CN": "缺少 authority"}[lang]; s.is(fmt.Sprintf("document.querySelector('#update').textContent.includes(%s)", quoted(missing))) {
				t.Errorf("a field is named as the API names it: %s", missing)
			}
			if named := map[string]string{"en": "is missing: give it", "zh-CN": "缺少“"}[lang]; !s.is(fmt.Sprintf("document.querySelector('[data-waits^=\"filing/\"]').textContent.includes(%s)", quoted(named))) {
				t.Errorf("what the filing lacks is not said in %s", lang)
			}
		}
		s.everyEntryLeads()
	}
}

// everyEntryLeads opens what each entry leads to.
func (s walkthrough) everyEntryLeads() {
	s.Helper()
	var waits, hrefs []string
	s.js("fetch('/api/v1/site/open').then(r => r.json()).then(all => all.filter(one => one.was || one.kind).map(one => one.clause ?? `${one.kind}/${one.id}`))", &waits)
	if len(waits) < 3 {
		s.Fatalf("an old store leaves %q to be answered", waits)
	}
	for _, id := range waits {
		if !s.is(fmt.Sprintf("document.querySelector('[data-waits=\"%s\"] a')", id)) {
			s.Errorf("%s leads nowhere", id)
		}
	}
	s.js("[...new Set([...document.querySelectorAll('[data-waits] a')].map(a => a.getAttribute('href')))]", &hrefs)
	for _, href := range hrefs {
		s.open(s.url + href)
		_, part, _ := strings.Cut(href, "#")
		if strings.HasPrefix(href, "/questions") {
			s.wait("the question "+part, fmt.Sprintf("document.querySelector('[data-question=%s]')", part))
			continue
		}
		s.wait(href+" is there", fmt.Sprintf("document.getElementById(%s)?.checkVisibility()", quoted(part)))
	}
}
