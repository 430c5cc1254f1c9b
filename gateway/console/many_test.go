package console_test

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	download "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/bauta-gateway/bauta/gateway/demo"
)

// building is a gateway with many cameras on some floors; the first ones are live.
type building struct {
	walkthrough
	address string // host:port of the console, the same after a restart
	stop    func()
}

func (b *building) run() {
	b.Helper()
	_, b.stop = runSet(b.T, b.instance.data, fmt.Sprintf("console: {address: %q}\nlimits: {cameras: 64}\n", b.address))
	eventually(b.T, "the daemon is there", func() bool { _, b.url = setupCode(b.instance.data); return b.url != "" })
}

// freeAddress is one of this host at which nothing listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// startBuilding adds cameras named by floor: "Corridor floor 3", the first of them playing the clip.
func startBuilding(t *testing.T, width, height int64, cameras, live int) *building {
	t.Helper()
	built(t, "bauta-worker")
	camera, err := demo.Start(t.Context(), demoClip(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(camera.Close)
	w := openBrowser(t, width, height)
	b := &building{walkthrough{w, mouse{w, width < 600}, &instance{data: filepath.Join(t.TempDir(), "data"), camera: camera}, "en", false}, freeAddress(t), nil}
	b.run()
	b.code, b.url = setupCode(b.instance.data)
	b.setUp()
	for i := range cameras {
		body := fmt.Sprintf(`{"id":"c%d","name":"Corridor floor %d","group":"Floor %d","url":"rtsp://127.0.0.1:9/live","place":"corridor","purpose":"public-safety"}`, i, i, i/8)
		if i < live {
			body = fmt.Sprintf(`{"id":"c%d","name":"Lobby %d","group":"Floor %d","url":%q,"user":%q,"password":%q,"place":"lobby","purpose":"public-safety"}`, i, i, i/8, camera.URL(), camera.User(), camera.Password())
		}
		var out map[string]any
		if err := local(b.instance.data, http.MethodPost, "/v1/cameras", body, &out); err != nil || out["error"] != nil {
			t.Fatalf("no camera %d: %v %v", i, err, out)
		}
	}
	return b
}

// eachWay runs a test in both languages on a PC and on a phone; a short run has two of the four.
func eachWay(t *testing.T, f func(t *testing.T, lang string, width int64)) {
	for _, lang := range []string{"en", "zh-CN"} {
		for _, width := range []int64{1366, 360} {
			if !long() && (lang == "en") != (width == 1366) {
				continue
			}
			t.Run(fmt.Sprint(lang, " ", width), func(t *testing.T) { f(t, lang, width) })
		}
	}
}

// requests counts those that the page makes.
func (b *building) requests() *atomic.Int64 {
	var n atomic.Int64
	chromedp.ListenTarget(b.ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok && strings.HasPrefix(e.Request.URL, "http") {
			n.Add(1)
		}
	})
	b.browser.run(network.Enable())
	return &n
}

// The overview of 64 cameras opens with few requests and asks for little while it stands open.
func TestOverviewOfManyCameras(t *testing.T) {
	b := startBuilding(t, 1366, 768, 64, 2)
	eventually(t, "two are protected", func() bool {
		return b.is("fetch('/api/v1/cameras').then(r => r.json()).then(all => all.filter(c => c.protection === 'protected').length === 2 && all.filter(c => c.protection === 'offline').length === 62)")
	})
	n := b.requests()
	b.js("window.name = 'old'", nil)
	began := time.Now()
	b.browser.run(chromedp.Navigate(b.url + "/"))
	b.wait("all tiles stand there", "document.querySelectorAll('#tiles [data-camera]').length === 64 && document.querySelector('#hero').dataset.tone === 'warn' && document.querySelectorAll('.bar').length === 64")
	complete := time.Since(began)
	var paint, quiet float64
	b.js("performance.getEntriesByName('first-contentful-paint')[0].startTime", &paint)
	b.js("new Promise(done => setTimeout(() => done(Math.max(...performance.getEntriesByType('resource').filter(r => r.responseEnd).map(r => r.responseEnd))), 3000))", &quiet)
	opened := n.Load()
	b.js("new Promise(done => setTimeout(done, 20000))", nil)
	t.Logf("64 cameras: painted after %.0f ms, complete after %v, quiet after %.0f ms, %d requests to open, %d in the next 20 s", paint, complete, quiet, opened, n.Load()-opened)
	if opened >= 20 || n.Load()-opened > 12 {
		t.Errorf("%d requests to open, %d in the next 20 s", opened, n.Load()-opened)
	}
	if limit := 1500 * time.Millisecond; complete > limit && long() { // a busy machine of the tests is slow
		t.Errorf("complete after %v", complete)
	}
	b.noOverflow("overview")
	b.shoot("overview-64")
}

// Stills are asked for of tiles in view alone, many at once, and seldom anew.
func TestStillsOfTilesInView(t *testing.T) {
	b := startBuilding(t, 1366, 768, 12, 12)
	eventually(t, "most are protected", func() bool {
		return b.is("fetch('/api/v1/cameras').then(r => r.json()).then(all => all.filter(c => ['protected', 'over_masked'].includes(c.protection)).length >= 9)")
	})
	n := b.requests()
	b.browser.run(chromedp.Navigate(b.url + "/"))
	b.wait("tiles in view have pictures", "[...document.querySelectorAll('.tile img')].filter(i => i.naturalWidth).length >= 3")
	b.js("new Promise(done => setTimeout(done, 2000))", nil)
	opened := n.Load()
	b.js("new Promise(done => setTimeout(done, 20000))", nil)
	var asked []string
	b.js("[...new Set(performance.getEntriesByType('resource').flatMap(r => new URL(r.name).pathname.endsWith('/stills') ? new URL(r.name).searchParams.getAll('camera') : []))]", &asked)
	t.Logf("12 live cameras: %d requests to open, %d in the next 20 s, stills of %d", opened, n.Load()-opened, len(asked))
	if opened >= 20 || n.Load()-opened > 8 || len(asked) > 9 {
		t.Errorf("%d requests to open, %d in the next 20 s, stills of %v", opened, n.Load()-opened, asked)
	}
}

// The worst comes first, and names, groups and places are found.
func TestOverviewFinds(t *testing.T) {
	eachWay(t, func(t *testing.T, lang string, width int64) {
		b := startBuilding(t, width, 768, 18, 9)
		b.lang = lang
		b.open(b.url + "/?lang=" + lang)
		b.wait("nine need a look", "document.querySelectorAll('#look [data-camera]').length === 9 && document.querySelectorAll('[data-part^=group] [data-camera]').length === 9")
		b.wait("those in view have a picture", "document.querySelector('.tile img')?.naturalWidth || !document.querySelector('[data-part^=group] .tile').getBoundingClientRect().top < innerHeight")
		if !b.is("document.querySelector('#tiles').firstElementChild.id === 'look' && [...document.querySelectorAll('[data-part^=group] h2')].map(e => e.textContent).join() === 'Floor 0,Floor 1'") {
			t.Error("the worst is not first, or floors are not in order")
		}
		b.userInput.press("#hero h1 a")
		b.wait("the banner leads there", "document.activeElement === document.querySelector('#look h2')")
		b.wait("what many lack is one line", "document.querySelector('[data-lack=capture]') && ![...document.querySelectorAll('[data-part^=group] .act')].some(e => e.textContent)")
		b.accessibleHere(lang + " overview")
		b.shoot(lang + "-overview-many")
		b.userInput.press("[data-lack=capture]")
		b.wait("each says it then", "[...document.querySelectorAll('[data-part^=group] .act a')].length === 9")
		b.userInput.press("[data-lack=capture]")
		b.userInput.press(".find [data-view=list]")
		b.wait("no pictures in the list", "![...document.querySelectorAll('.picture')].some(e => e.checkVisibility())")
		b.accessibleHere(lang + " list")
		b.shoot(lang + "-overview-list")
		b.userInput.write(".find input", "lobby 3")
		b.wait("one is found", "document.querySelectorAll('#tiles [data-camera]').length === 1 && document.querySelector('[data-camera=c3]')")
		b.search("floor 1")
		b.wait("a floor is found", "document.querySelectorAll('#tiles [data-camera]').length >= 10")
		b.search(map[string]string{"en": "corridor", "zh-CN": "走廊"}[lang])
		b.wait("places are found", "document.querySelectorAll('#tiles [data-camera]').length === 9")
		b.search("nothing of this")
		b.wait("it says that there is none", "document.querySelector('#none').checkVisibility()")
		b.search("")
		b.userInput.pick(".find select", "Floor 2")
		b.wait("a group alone", "document.querySelectorAll('#tiles [data-camera]').length === 2")
		b.open(b.url + "/")
		b.wait("the choice is kept", "document.querySelector('#tiles').dataset.view === 'list'")
	})
}

func (b *building) search(words string) {
	b.Helper()
	b.js(fmt.Sprintf("(e => { e.value = %s; e.dispatchEvent(new Event('input')); })(document.querySelector('.find input'))", quoted(words)), nil)
}

// accessibleHere checks a page by the rules of axe, where they are here, and that nothing overflows.
func (b *building) accessibleHere(page string) {
	b.Helper()
	b.noOverflow(page)
	b.accessible(axe(b.T), page)
	if b.width < 600 && b.is("[...document.querySelectorAll('.tile h3 a, .hero h1 a')].some(a => a.checkVisibility() && a.getBoundingClientRect().height < 43.5)") {
		b.Errorf("%s: a finger misses a camera's name", page)
	}
}

const live = "[...document.querySelectorAll('#grid [data-camera]')].filter(e => ['live', 'hls'].includes(e.dataset.preview) && e.querySelector('video')?.videoWidth && !e.querySelector('video').hidden).length"

// A wall shows live masked pictures of what fits and pages through the rest; hidden it rests.
func TestWall(t *testing.T) {
	eachWay(t, func(t *testing.T, lang string, width int64) {
		b := startBuilding(t, width, 768, 18, 2)
		b.lang = lang
		b.open(b.url + "/wall?dwell=20&lang=" + lang)
		b.wait("two live pictures", "['c0', 'c1'].every(id => (e => e?.dataset.tone === 'good' && ['live', 'hls'].includes(e.dataset.preview) && e.querySelector('video')?.videoWidth)(document.querySelector(`#grid [data-camera=${id}]`)))")
		b.wait("the slate is shown as such", "document.querySelector('#grid [data-camera=c2]')?.dataset.tone === 'warn'")
		var wide int
		b.js("document.querySelector('#grid [data-camera=c0] video').videoWidth", &wide)
		if wide > 640 || wide == 0 {
			t.Errorf("the picture is %d wide: not the smaller stream", wide)
		}
		b.accessibleHere(lang + " wall")
		b.shoot(lang + "-wall")
		if b.is("[...document.querySelectorAll('#grid > li')].some(e => { const r = e.getBoundingClientRect(); return r.bottom > innerHeight + 1 || r.right > innerWidth + 1; })") {
			t.Error("a picture is out of view")
		}
		b.wait("the next page comes by itself", "!document.querySelector('#grid [data-camera=c0]')")
		b.wait("and those of the first play no more", "fetch('/api/v1/status').then(r => r.json()).then(s => s.cameras.filter(c => c.viewers).every(c => document.querySelector('[data-camera=' + c.id + ']')))")
		b.js("Object.defineProperty(document, 'hidden', {value: true, configurable: true}); document.dispatchEvent(new Event('visibilitychange'))", nil)
		b.wait("hidden it plays nothing", "!document.querySelector('video') && fetch('/api/v1/status').then(r => r.json()).then(s => s.cameras.every(c => !c.viewers))")
		b.open(b.url + "/wall?group=Floor 0")
		b.wait("one floor alone", "document.querySelectorAll('#grid [data-camera]').length <= 8 && document.querySelector('#title').textContent.startsWith('Floor 0')")
	})
}

// A manager makes a link, a screen opens it and plays over a restart of the gateway, and is dark
// within a second of its withdrawal.
func TestScreenPlaysUntilItIsWithdrawn(t *testing.T) {
	eachWay(t, func(t *testing.T, lang string, width int64) {
		b := startBuilding(t, width, 768, 3, 2)
		b.lang = lang
		b.open(b.url + "/settings?lang=" + lang)
		b.waitFor("#screen-new")
		b.userInput.write("#screen-new [name=label]", "Lodge, left")
		b.userInput.write("#screen-new [name=person]", "Wang Fang")
		b.userInput.write("#screen-new [name=place]", "North gate")
		b.js("document.querySelector('#screen-new [name=all]').click()", nil)
		b.userInput.tick("#screen-new [name=camera][value=c0]")
		b.userInput.press("#screen-new .button")
		b.waitFor("#screens .copy code")
		var link, id string
		b.js("document.querySelector('#screens .copy code').textContent", &link)
		b.js("document.querySelector('[data-screen]').dataset.screen", &id)
		b.accessibleHere(lang + " screens")
		b.shoot(lang + "-screens")
		if b.is("document.querySelector('#screens').textContent.includes('Wang')") {
			t.Error("the list names a person")
		}
		s := openBrowser(t, width, 768)
		s.open(link)
		s.wait("the screen shows its camera", "location.pathname === '/wall' && location.hash === '' && "+live+" === 1 && document.querySelectorAll('#grid li').length === 1")
		if s.is("document.cookie !== ''") || s.is("fetch('/api/v1/overview').then(r => r.status !== 401)") || s.is("document.querySelector('a')") {
			t.Error("the screen has more than it may")
		}
		s.shoot(lang + "-screen")
		b.stop()
		s.wait("it is grey while the gateway is away", "document.querySelector('#grid .stale')")
		began := time.Now()
		b.run()
		s.wait("it plays again", live+" === 1 && !document.querySelector('#grid .stale')")
		t.Logf("played again %v after the gateway's start", time.Since(began))
		s.js(`(() => { window.darkAt = new Promise(done => { const look = () => document.querySelector('#over') && !document.querySelector('video') ? done(Date.now()) : setTimeout(look, 10); look(); }); })()`, nil)
		withdrawn := time.Now()
		var out map[string]any
		if err := local(b.instance.data, http.MethodDelete, "/v1/displays/"+id, "", &out); err != nil || out["error"] != nil {
			t.Fatalf("%v %v", err, out)
		}
		var dark float64
		s.js("window.darkAt", &dark)
		after := time.UnixMilli(int64(dark)).Sub(withdrawn)
		t.Logf("dark %v after it was withdrawn", after)
		if after > time.Second {
			t.Errorf("dark after %v", after)
		}
		s.shoot(lang + "-screen-over")
		s.open(link)
		s.wait("the link is of no use", fmt.Sprintf("document.querySelector('#said').textContent.includes(%s)", quoted(map[string]string{"en": "ask a manager", "zh-CN": "管理员"}[lang])))
		s.noOverflow(lang + " refused")
		s.accessible(axe(t), lang+" refused")
		s.shoot(lang + "-screen-refused")
	})
}

// A gap is said with its seconds and its cause.
func TestGapsInWords(t *testing.T) {
	b := openBrowser(t, 1366, 768)
	s := walkthrough{b, mouse{browser: b}, startGateway(t), "en", false}
	s.setUp()
	var words string
	s.js(`import('/static/history.js').then(m => m.gapWord({from: '2026-01-02T03:01:12', to: '2026-01-02T03:01:16', state: 'blocked', reason: 'overload'}))`, &words)
	if !strings.Contains(words, "03:01:12, 4 seconds: ") || strings.Contains(words, "overload:") {
		t.Errorf("%q", words)
	}
}

// The picture of a camera fills the screen, and a masked one is saved under the camera's name.
func TestFrameIsSavedAndFillsTheScreen(t *testing.T) {
	b := startBuilding(t, 360, 768, 1, 1)
	b.open(b.url + "/cameras/c0")
	b.wait("there is a frame", "['live', 'hls', 'snapshots'].includes(document.querySelector('#stage').dataset.preview)")
	b.browser.run(download.SetDownloadBehavior(download.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(b.downloads))
	b.userInput.press("[data-do=save]")
	eventually(t, "the picture is there", func() bool {
		saved, _ := filepath.Glob(filepath.Join(b.downloads, "Lobby 0 *.jpg"))
		return len(saved) == 1
	})
	b.userInput.press("[data-do=full]")
	b.wait("the picture fills the screen", "document.fullscreenElement === document.querySelector('#stage')")
	b.js("document.exitFullscreen()", nil)
	b.accessibleHere("camera")
}
