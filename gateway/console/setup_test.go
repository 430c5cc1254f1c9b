package console_test

import (
	"context"
	"fmt"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// The address that the gateway prints at its start fills in the set-up code,
// which then stands neither in the address nor in the browser's history.
func TestSetupCodeInTheAddress(t *testing.T) {
	g := startGateway(t)
	b := openBrowser(t, 1280, 800)
	filledIn := func(lang string) {
		t.Helper()
		b.wait("the code is filled in", fmt.Sprintf("document.documentElement.lang === %s && document.querySelector('#code').value === %s && document.activeElement.id === 'password'", quoted(lang), quoted(g.code)))
		b.wait("the address has no code", "location.pathname === '/setup' && location.hash === '' && !location.href.includes("+quoted(g.code)+")")
	}
	b.open(g.url + "/#setup=" + g.code)
	filledIn("en")
	b.run(chromedp.Click("a[hreflang=zh-CN]"))
	filledIn("zh-CN")
	for _, e := range historyOf(b) {
		if e != g.url+"/setup" && e != g.url+"/setup?lang=zh-CN" {
			t.Errorf("the browser's history has %s", e)
		}
	}

	b.open(g.url + "/setup")
	b.wait("nothing is filled in", "document.querySelector('#code').value === ''")
}

// historyOf is the tab's history behind the empty tab that it began as.
func historyOf(b *browser) (addresses []string) {
	b.Helper()
	b.run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, all, err := cdppage.GetNavigationHistory().Do(ctx)
		for _, e := range all {
			addresses = append(addresses, e.URL)
		}
		return err
	}))
	if len(addresses) < 3 {
		b.Fatalf("history %v", addresses)
	}
	return addresses[1:]
}
