package page

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/keyfile"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/source"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/mp4"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

const passphrase = "correct horse battery"

// running is a page with a folder of keys and requests and a disk, both empty yet.
type running struct {
	*testing.T
	address, folder, disk string
}

func start(t *testing.T) running {
	t.Helper()
	r := running{T: t, folder: t.TempDir(), disk: t.TempDir()}
	ctx, stop := context.WithCancel(t.Context())
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- Run(ctx, Config{
			Source: source.Files{Disk: os.DirFS(r.disk), Folder: r.folder}, Folder: r.folder, Lang: text.EN,
			Ready: func(address string) { ready <- address },
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	r.address = <-ready
	return r
}

// sealTo puts the clip into one segment.
func (r running) sealTo(at time.Time, public ...string) {
	r.Helper()
	var keys sealed.Keys
	for i, p := range public {
		keys[i].Holders = []sealed.Holder{{Key: p}}
	}
	var b bytes.Buffer
	w, err := sealed.NewWriter(&b, sealed.Header{Camera: "gate", Sequence: 1, Start: at}, keys)
	if err != nil {
		r.Fatal(err)
	}
	in, err := mp4.Open(clips.Path(r.T, "closeup_480.mp4"))
	if err != nil {
		r.Fatal(err)
	}
	defer in.Close()
	for {
		s, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			r.Fatal(err)
		}
		if err := w.Write(s.Raw()); err != nil {
			r.Fatal(err)
		}
	}
	if _, _, err := w.Close(sealed.Trailer{Length: 2600, End: sealed.EndFull}); err != nil {
		r.Fatal(err)
	}
	name := filepath.Join(r.disk, filepath.FromSlash(sealed.Path("gate", 1)))
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, b.Bytes(), 0o600)); err != nil {
		r.Fatal(err)
	}
}

// ask writes a request into the folder and its key beside it.
func (r running) ask(name string, at time.Time) {
	r.Helper()
	q, key, err := sealed.NewRequest(sealed.Request{Camera: "gate", From: at, To: at.Add(time.Minute), Purpose: "<b>police</b>", Basis: "Decree 799 Article 20", Document: "2026-17", By: sealed.Person{ID: "p3"}}, time.Now())
	if err != nil {
		r.Fatal(err)
	}
	if _, _, err := (source.Files{Disk: os.DirFS(r.disk), Out: filepath.Join(r.folder, name+".json")}).Submit(r.Context(), q); err != nil {
		r.Fatal(err)
	}
	r.put(name+".key", keyfile.Key{Identity: key, Label: "p3"}, "")
}

func (r running) put(name string, k keyfile.Key, passphrase string) {
	r.Helper()
	b, err := k.File(passphrase, time.Now())
	if err == nil {
		err = os.WriteFile(filepath.Join(r.folder, name), b, 0o600)
	}
	if err != nil {
		r.Fatal(err)
	}
}

// browse opens Chromium.
func browse(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("no browser (make setup-test): %v", err)
	}
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	options = append(options, chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("headless", "new"), chromedp.WindowSize(1000, 900), chromedp.WSURLReadTimeout(time.Minute))
	alloc, stop := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(func() { end(); stop() })
	if err := chromedp.Run(ctx); err != nil { // the browser lives as long as this context
		t.Fatal(err)
	}
	return ctx
}

// see takes a picture of the page, where somebody wants to look at it.
func see(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("BAUTA_SCREENSHOTS")
	if dir == "" {
		return
	}
	var b []byte
	if err := chromedp.Run(ctx, chromedp.FullScreenshot(&b, 100)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func do(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	short, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	if err := chromedp.Run(short, actions...); err != nil {
		var page string
		_ = chromedp.Run(ctx, chromedp.Text("body", &page, chromedp.ByQuery))
		t.Fatalf("%v\n%s", err, page)
	}
}

// says waits until the page says something.
func says(what string) chromedp.Action {
	return until("!!document.body && document.body.innerText.includes(" + quoted(what) + ")")
}

// until waits for a condition, over the change from one page to the next.
func until(condition string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		for {
			var is bool
			if err := chromedp.Evaluate(condition, &is).Do(ctx); err == nil && is {
				return nil
			}
			select {
			case <-time.After(50 * time.Millisecond):
			case <-ctx.Done():
				return errors.New("in vain: " + condition)
			}
		}
	})
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "\\'") + "'" }

// The whole way, in both languages: a key with its sheet, a request that two holders approve, and
// the picture that plays.
func TestWholeWay(t *testing.T) {
	r := start(t)
	ctx := browse(t)
	var public, sheet string
	do(t, ctx, chromedp.Navigate(r.address), chromedp.WaitVisible("#make"), says("no requests"))
	see(t, ctx, "page.home.en")
	do(t, ctx, chromedp.SendKeys("#make [name=label]", "p1"), chromedp.SendKeys("#make [name=passphrase]", passphrase), chromedp.SendKeys("#make [name=again]", passphrase),
		chromedp.Click("#make button"), chromedp.WaitVisible("#public"), chromedp.Text("#public", &public), chromedp.AttributeValue("#sheet", "href", &sheet, nil))
	see(t, ctx, "page.key.en")
	if b, err := os.ReadFile(filepath.Join(r.folder, "p1.key")); err != nil || !bytes.Contains(b, []byte("BEGIN AGE ENCRYPTED FILE")) {
		t.Errorf("%s, %v", b, err)
	}
	do(t, ctx, chromedp.Navigate(strings.Split(r.address, "/?")[0]+sheet), says("AGE-SECRET-KEY-1"), chromedp.WaitReady("svg"))
	see(t, ctx, "page.sheet")

	other, err := keyfile.New("p2")
	if err != nil {
		t.Fatal(err)
	}
	r.put("p2.key", other, "")
	at := time.Now().Add(-5 * time.Minute).UTC().Truncate(time.Second)
	r.sealTo(at, public, other.Public())
	r.ask("r", at)
	home := strings.Split(r.address, "/?")[0] + "/"
	do(t, ctx, chromedp.Navigate(home), chromedp.Click("tbody a"), chromedp.WaitVisible("#approve"), says("<b>police</b>"))
	see(t, ctx, "page.request.en")
	do(t, ctx, chromedp.SetUploadFiles("#approve [name=identity]", []string{filepath.Join(r.folder, "p1.key")}), chromedp.SendKeys("#approve [name=passphrase]", "wrong"),
		chromedp.Click("#approve button"), says("passphrase does not open"))
	see(t, ctx, "page.wrong.en")
	do(t, ctx, chromedp.SetUploadFiles("#approve [name=identity]", []string{filepath.Join(r.folder, "p1.key")}), chromedp.SendKeys("#approve [name=passphrase]", passphrase),
		chromedp.Click("#approve button"), says("group 1 approves 1 segments"))
	see(t, ctx, "page.approved.en")

	// The other holder reads Chinese.
	do(t, ctx, chromedp.Click("a[lang=zh-CN]"), says("打开申请"))
	see(t, ctx, "page.home.zh")
	do(t, ctx, chromedp.Click("tbody a"), chromedp.WaitVisible("#approve"), chromedp.SetUploadFiles("#approve [name=identity]", []string{filepath.Join(r.folder, "p2.key")}),
		chromedp.Click("#approve button"), says("第 2 组批准了 1 个录像段"), says("两组均已批准"))
	see(t, ctx, "page.approved.zh")
	do(t, ctx, chromedp.SetUploadFiles("#open [name=key]", []string{filepath.Join(r.folder, "r.key")}), chromedp.Click("#open button"),
		until("!!document.querySelector('video') && document.querySelector('video').readyState >= 2 && document.querySelector('video').duration > 2"))
	see(t, ctx, "page.open.zh")
	if all, err := filepath.Glob(filepath.Join(r.folder, videoPrefix+"*.mp4")); err != nil || len(all) != 1 {
		t.Errorf("%v, %v", all, err)
	}

	r.ask("s", at)
	do(t, ctx, chromedp.Click("a[lang=en]"), says("Requests to open"), chromedp.Click("//td[text()='waits for approval']/..//a", chromedp.BySearch), chromedp.WaitVisible("#refuse"),
		chromedp.SendKeys("#refuse [name=why]", "not signed"), chromedp.SendKeys("#refuse [name=by]", "p2"), chromedp.Click("#refuse button"), says("is refused"), says("refused by"), chromedp.WaitNotPresent("#approve"))
	see(t, ctx, "page.refused.en")
}

// Nobody but the one browser gets anything: no page of elsewhere, no second one with the address,
// no other name of this host.
func TestStrangers(t *testing.T) {
	r := start(t)
	u, err := url.Parse(r.address)
	if err != nil {
		t.Fatal(err)
	}
	home := "http://" + u.Host + "/"
	ask := func(method, address string, change func(*http.Request)) *http.Response {
		req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader("ref=r&why=x&by=p2"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if change != nil {
			change(req)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { res.Body.Close() })
		return res
	}
	if res := ask("GET", home+"?key=wrong", nil); res.StatusCode != http.StatusForbidden {
		t.Errorf("a wrong key: %s", res.Status)
	}
	in := ask("GET", r.address, nil)
	if in.StatusCode != http.StatusOK || len(in.Cookies()) != 1 || !in.Cookies()[0].HttpOnly || in.Cookies()[0].SameSite != http.SameSiteStrictMode {
		t.Fatalf("%s, %v", in.Status, in.Cookies())
	}
	cookie := in.Cookies()[0]
	own := func(r *http.Request) { r.AddCookie(cookie) }
	if res := ask("GET", home, own); res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("the browser itself: %s", res.Status)
	}
	for name, c := range map[string]struct {
		method, address string
		change          func(*http.Request)
	}{
		"a second browser":              {"GET", r.address, nil},
		"no cookie":                     {"GET", home, nil},
		"another name of the host":      {"GET", home, func(r *http.Request) { own(r); r.Host = "evil.example:" + u.Port() }},
		"a form without an origin":      {"POST", home + "refuse", own},
		"a form of elsewhere":           {"POST", home + "refuse", func(r *http.Request) { own(r); r.Header.Set("Origin", "https://evil.example") }},
		"a page of elsewhere":           {"GET", home, func(r *http.Request) { own(r); r.Header.Set("Sec-Fetch-Site", "cross-site") }},
		"another port of the same host": {"GET", home, func(r *http.Request) { own(r); r.Header.Set("Sec-Fetch-Site", "same-site") }},
	} {
		if res := ask(c.method, c.address, c.change); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s", name, res.Status)
		}
	}
	for _, path := range []string{"video/..%2f..%2fetc%2fpasswd", "video/p1.key", "sheet/x", "video/opened-x.mp4"} {
		if res := ask("GET", home+path, own); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
	res := ask("POST", home+"refuse", func(r *http.Request) { own(r); r.Header.Set("Origin", strings.TrimSuffix(home, "/")) })
	if b, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK || !bytes.Contains(b, []byte("there is no request r")) {
		t.Errorf("%s\n%s", res.Status, b)
	}
}
