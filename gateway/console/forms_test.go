package console_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/png"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/bauta-gateway/bauta/config/text"
)

// command runs bauta against the test's daemon.
func (s walkthrough) command(args ...string) {
	s.Helper()
	if out, err := exec.Command(built(s.T, "bauta"), append(args, "--data", s.data)...).CombinedOutput(); err != nil {
		s.Fatalf("%v: %v: %s", args, err, out)
	}
}

// record enters one on the administrator's socket.
func (s walkthrough) record(kind, body string) {
	s.Helper()
	var made struct{ ID string }
	if err := local(s.data, http.MethodPost, "/v1/records/"+kind, body, &made); err != nil || made.ID == "" {
		s.Fatalf("record %s: %v, %+v", kind, err, made)
	}
}

const noticeAt = "https://mall.example/notice?site=1"

// saidOf is what is said of the site of these tests.
func (s walkthrough) saidOf() {
	for _, id := range []string{"gate", "hall"} {
		s.js(fmt.Sprintf(`fetch('/api/v1/cameras', {method: 'POST', body: JSON.stringify({id: %q, name: %q, url: 'rtsp://127.0.0.1:9/none', place: 'entrance', purpose: 'public-safety'}),
			headers: {'Content-Type': 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content}}).then(r => { if (!r.ok) throw new Error(r.status); })`, id, id+" 入口"), nil)
	}
	s.command("site", "set", "--kind", "trade-centre", "--unit", "Example Mall 示例商场", "--contact", "021-5555 0100")
	s.record("retention", `{"date": "2026-03-02", "hours": 720, "cameras": ["gate"]}`)
	s.record("retention", `{"date": "2026-03-02", "hours": 2160, "cameras": ["hall"]}`)
	s.record("notice", `{"date": "2026-02-20", "contact": "Example Mall", "purpose": "public safety", "manner": "video", "shown": "front desk", "link": "`+noticeAt+`"}`)
}

// read decodes the QR code on a PDF of one page.
func read(t *testing.T, pdf []byte) string {
	t.Helper()
	base := filepath.Join(t.TempDir(), "page")
	if err := os.WriteFile(base+".pdf", pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "120", "-f", "1", "-singlefile", "-png", base+".pdf", base).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v: %s", err, out)
	}
	if out, err := exec.Command("pdfinfo", base+".pdf").CombinedOutput(); err != nil || !regexp.MustCompile(`Pages: +1\n`).Match(out) {
		t.Errorf("the sign is not one page: %v: %s", err, out)
	}
	b, err := os.ReadFile(base + ".png")
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		t.Fatalf("no code on the printed page: %v", err)
	}
	return found.GetText()
}

// print is the page as the browser prints it.
func (b *browser) print() (pdf []byte) {
	b.Helper()
	b.run(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		pdf, _, err = page.PrintToPDF().WithPrintBackground(true).WithPaperWidth(8.27).WithPaperHeight(11.69).Do(ctx)
		return err
	}))
	return pdf
}

func (b *browser) says(of string) (said string) {
	b.Helper()
	b.js(fmt.Sprintf("document.querySelector('[data-of=%s]').textContent", of), &said)
	return said
}

// The sign says what was said of its cameras and nothing else; its code leads to the notice
// when it is printed; it says of masking only what is true.
func TestC33SignIsPrinted(t *testing.T) {
	b := openBrowser(t, 1280, 900)
	s := walkthrough{b, mouse{browser: b}, startGateway(t), "en", false}
	s.setUp()
	s.open(s.url + "/sign")
	s.settled()
	if got := s.says("days-zh") + s.says("unit"); got != "" || !s.is("document.querySelector('#masking').hidden && document.querySelector('#code').hidden") {
		t.Errorf("an empty site's sign says %q", got)
	}
	s.saidOf()
	s.open(s.url + "/sign")
	s.settled()
	for of, want := range map[string]string{"unit": "Example Mall 示例商场", "phone": "021-5555 0100", "days-zh": "最长 90 日", "days-en": "up to 90 days", "purpose-zh": "公共安全", "address": noticeAt} {
		if got := s.says(of); got != want {
			t.Errorf("%s: %q, want %q", of, got, want)
		}
	}
	if !s.is("document.querySelector('#masking').hidden && !document.querySelector('#masking-open').hidden") {
		t.Error("masking is claimed before anybody said what the recorder keeps")
	}
	s.record("recorder", `{"date": "2026-03-02", "name": "NVR", "cameras": ["gate", "hall"], "keeps": "originals", "where": "room 1"}`)
	s.userInput.press("#sign-cameras input[value=hall]")
	s.wait("the days are those of one camera", "document.querySelector('[data-of=days-zh]').textContent === '30 日'")
	if got := s.says("masking-zh"); got != text.Of(text.ZhCN, text.SignOriginals) || !strings.Contains(got, "录像保存原始画面") {
		t.Errorf("the sign says %q of masking", got)
	}
	s.wait("the code is drawn", "document.querySelector('#code img')?.naturalWidth > 0")
	s.shoot("sign")
	pdf := s.print()
	s.keep("sign.pdf", pdf)
	if got := read(t, pdf); got != noticeAt {
		t.Errorf("the code leads to %q", got)
	}
	s.noOverflow("the sign")
}

// keep saves a file beside the screenshots.
func (b *browser) keep(name string, content []byte) {
	b.Helper()
	if dir := os.Getenv("BAUTA_SCREENSHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			b.Error(err)
		}
	}
}

// All forms are listed in both languages, print as a page and come as files.
func TestFormsPage(t *testing.T) {
	here := startGateway(t)
	for i, width := range []int64{1280, 360} {
		b := openBrowser(t, width, 900)
		s := walkthrough{b, mouse{b, width < 600}, here, "en", false}
		if i == 0 {
			s.setUp()
			s.saidOf()
		} else {
			s.logIn()
		}
		for _, lang := range text.Langs {
			s.lang = string(lang)
			s.open(s.url + "/forms?lang=" + string(lang))
			s.waitFor("#forms-registers [data-form=register-export]")
			s.settled()
			s.page("forms")
			s.shoot(string(lang) + "-forms")
		}
		if i == 0 {
			s.formFiles()
		}
	}
}

// formFiles prints forms from the page in all ways.
func (s walkthrough) formFiles() {
	s.Helper()
	s.allowDownloads()
	for _, file := range []struct{ press, name, begins string }{
		{"[data-form=police] button:nth-of-type(1)", "bauta-police.pdf", "%PDF-"}, {"[data-form=police] button:nth-of-type(2)", "bauta-police.csv", "\ufeff"}, {"#notice-save", "notice.html", "<!doctype html>"},
	} {
		s.userInput.press(file.press)
		eventually(s.T, file.name+" is saved", func() bool {
			b, err := os.ReadFile(filepath.Join(s.downloads, file.name))
			return err == nil && strings.HasPrefix(string(b), file.begins)
		})
	}
	for _, lang := range text.Langs {
		for _, id := range []string{"police", "cac-face", "assessment", "register-retention"} {
			s.run(chromedp.Navigate(fmt.Sprintf("%s/api/v1/forms/%s?lang=%s", s.url, id, lang)))
			if !s.is(fmt.Sprintf("document.documentElement.lang === %q && getComputedStyle(document.querySelector('th')).borderTopStyle === 'solid'", lang)) {
				s.Errorf("%s in %s is another page, or without its style", id, lang)
			}
			s.noOverflow(id)
			s.keep(fmt.Sprintf("%s-%s-page.pdf", id, lang), s.print())
		}
	}
}
