package console_test

import (
	"fmt"
	"testing"
)

// A draft has a section of its own whose heading says what it is, without colour and without
// anything to do; a place that is no code is refused with codes named.
func TestS7DraftStandsApart(t *testing.T) {
	b := openBrowser(t, 1280, 800)
	s := walkthrough{b, mouse{browser: b}, startInstance(t, demoClip(t)), "en", false}
	s.setUp()
	s.js(fmt.Sprintf(`(async () => {
		const put = body => fetch('/api/v1/site', {method: 'PUT', body: JSON.stringify(body), headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}});
		if (!(await put({recognition_mode: 'detect_only', jurisdiction: %s})).ok) throw new Error('the code is refused');
	})()`, quoted("CN-440305")), nil)
	s.open(s.url + "/compliance")
	s.waitFor("[data-overlay=overlay]")
	const draft = "document.querySelector('[data-of=cn-shenzhen-draft]')"
	if !s.is(draft + ".querySelector('summary').textContent.includes('draft of 2021') && " + draft + ".querySelectorAll('[data-clause]').length === 4") {
		t.Error("the heading does not say what it is, or clauses are missing")
	}
	if s.is(draft + ".querySelector('[data-fix]') !== null || [..." + draft + ".querySelectorAll('.state')].some(e => e.dataset.tone !== 'idle')") {
		t.Error("a clause of the draft has a colour or something to do")
	}
	if !s.is("document.querySelector('[data-clause=s799-14]').textContent.includes('up to 10,000 yuan')") {
		t.Error("what breaking a clause costs is not shown")
	}
	s.userInput.write("#site-form [name=jurisdiction]", "banana")
	s.userInput.press("#site-save")
	s.wait("free text is refused with codes named", "/no known code.*CN-|no known code.*\\([A-Z]/.test(document.querySelector('#site-form .wrong').textContent)")
}
