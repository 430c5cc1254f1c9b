package console_test

import (
	"slices"
	"testing"
)

// C25, C25b: the pages call what was not sent "not measured", and round down.
func TestSharesOnPages(t *testing.T) {
	s, b := startGateway(t), openBrowser(t, 1440, 900)
	b.open(s.url + "/?lang=en")
	var percents []string
	b.js("import('/static/app.js').then(m => [1, 86399 / 86400, .99996, .57, .641, 2 / 3, 0].map(m.percent))", &percents)
	if want := []string{"100%", "99.99%", "99.99%", "57%", "64.1%", "66.6%", "0%"}; !slices.Equal(percents, want) {
		t.Errorf("percent: %q, want %q", percents, want)
	}
	var labels []string
	b.js(`import('/static/history.js').then(m => [null, 0, 1].map(protected_share => {
		const spans = [{from: '2026-05-01T08:00:00Z', to: '2026-05-01T09:00:00Z', state: 'blocked'}];
		return m.historyBar({from: spans[0].from, to: spans[0].to, protected_share, spans}).getAttribute('aria-label');
	}))`, &labels)
	if want := []string{"Not measured", "Protected 0% of the time", "Protected 100% of the time"}; !slices.Equal(labels, want) {
		t.Errorf("the bars are called %q, want %q", labels, want)
	}
}
