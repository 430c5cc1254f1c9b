package console_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// The images of the manual are those of the pages as they are: BAUTA_MANUAL=docs/images takes them
// anew.
func TestImagesOfTheManual(t *testing.T) {
	dir := os.Getenv("BAUTA_MANUAL")
	if dir == "" {
		t.Skip("BAUTA_MANUAL names the folder of the images")
	}
	for _, lang := range []string{"en", "zh-CN"} {
		b := openBrowser(t, 1440, 900)
		s := walkthrough{b, mouse{browser: b}, startInstance(t, demoClip(t)), lang, false}
		take := func(page string) { s.image(filepath.Join(dir, page+"."+lang+".png"), "scale=1080:-1,") }
		s.setUp()
		s.addCamera()
		s.openCamera()
		s.draw("private", .68, .05, .95, .42)
		s.userInput.press("#zone-new")
		s.userInput.tick("[name=kind][value=consent]")
		s.area(.05, .3, .6, .95)
		s.wait("what was said of the area before is gone", "document.querySelector('#told').textContent === ''")
		take("camera")
		s.userInput.tick("#zone-purposes [value=access-control]")
		s.userInput.press("#zone-save")
		s.wait("the consent area", "document.querySelectorAll('#zone-list [data-zone]').length === 2")
		s.open(s.url + "/")
		s.wait("the masked picture", "document.querySelector('[data-camera=lobby] .picture img')")
		take("overview")
		s.run(emulation.SetDeviceMetricsOverride(360, 900, 1, true))
		s.image(filepath.Join(dir, "phone."+lang+".png"), "")
		s.run(emulation.SetDeviceMetricsOverride(1440, 900, 1, false))
		s.open(s.url + "/consents")
		s.userInput.press("#new")
		s.waitFor("#issue-fields")
		take("consents")
		for page, ready := range map[string]string{"compliance": "[data-clause]", "questions": "#question form", "evidence": "#key code"} {
			s.open(s.url + "/" + page)
			s.waitFor(ready)
			take(page)
		}
	}
}

// image saves what the window shows, in few colours.
func (b *browser) image(path, scale string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	var png []byte
	if err := chromedp.Run(ctx, chromedp.Evaluate("document.activeElement?.blur(); scrollTo(0, 0)", nil), chromedp.CaptureScreenshot(&png)); err != nil {
		b.Fatal(err)
	}
	whole := filepath.Join(b.TempDir(), "page.png")
	if err := os.WriteFile(whole, png, 0o600); err != nil {
		b.Fatal(err)
	}
	out, err := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-y", "-i", whole, "-vf", scale+"split[a][b];[a]palettegen=max_colors=128[p];[b][p]paletteuse=dither=none", path).CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
}
