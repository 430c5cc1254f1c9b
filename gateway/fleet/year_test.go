package fleet

import (
	"encoding/csv"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
	"github.com/bauta-gateway/bauta/gateway/fleet/past"
)

func openPast(t *testing.T, path string) *past.Store {
	t.Helper()
	p, err := past.Open(path, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func yearOf(t *testing.T, b *StateCache, name string) (y year) {
	t.Helper()
	w := httptest.NewRecorder()
	b.Handler("").ServeHTTP(w, httptest.NewRequest("GET", "/gateway/"+name+"/year", nil))
	if err := json.Unmarshal(w.Body.Bytes(), &y); err != nil {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	return y
}

// How a gateway stood survives a restart, and what happened while nobody watched is not guessed.
func TestYear(t *testing.T) {
	path := filepath.Join(t.TempDir(), "past.db")
	p := openPast(t, path)
	cfg := Config{Past: p, Who: func(string) string { return "王芳" }}
	b, now := offlineCache(t, cfg)
	receiveAll(b, states("hall", 2, 600))
	stays(b, now)
	for range 60 { // an hour in which all is well
		*now = now.Add(time.Minute)
		receiveAll(b, states("hall", 2, 600))
		b.refresh()
	}
	b.receive("bauta/hall/camera/cam-1/protection", []byte("blocked"))
	stays(b, now)
	if err := b.Acknowledge("hall", "u1"); err != nil {
		t.Fatal(err)
	}
	b.saveYear(true)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}

	later := now.Add(5 * time.Hour)
	cfg.Past = openPast(t, path)
	b, now = offlineCache(t, cfg)
	*now = later
	b.connection("refused", "")
	b.connection("", "")
	receiveAll(b, states("hall", 2, 600)) // mended while nobody watched
	stays(b, now)
	b.saveYear(true)
	y := yearOf(t, b, "hall")
	if y.Total != 3 || len(y.Events) != 3 || y.Events[0].From != failing || y.Events[0].To != good || y.Events[1].By != "王芳" || y.Events[2].To != failing {
		t.Errorf("%+v", y.Events)
	}
	today := y.Days[len(y.Days)-1].Seconds
	if g := today[good]; g < 3600 || g > 3800 || today[failing] < 50 || today[failing] > 120 {
		t.Errorf("seconds in each state: %v", today)
	}
	w := httptest.NewRecorder()
	b.Handler("").ServeHTTP(w, httptest.NewRequest("GET", "/gateway/hall/year.csv?lang=en", nil))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != 4 || rows[1][2] != "nothing to do" || rows[2][3] != "王芳" {
		t.Errorf("%q, %v", rows, err)
	}
	none, _ := offlineCache(t, Config{})
	w = httptest.NewRecorder()
	none.Handler("").ServeHTTP(w, httptest.NewRequest("GET", "/gateway/hall/year", nil))
	if w.Code != 404 {
		t.Errorf("without a history: %d", w.Code)
	}
}

// The year is seen where a gateway is opened, on a PC and on a phone, in both languages.
func TestYearOnThePage(t *testing.T) {
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	p := openPast(t, filepath.Join(t.TempDir(), "past.db"))
	var all []past.Entry
	begin := time.Now().UTC().AddDate(0, 0, -300).Truncate(24 * time.Hour)
	for at, n := begin, 0; at.Before(time.Now()); at, n = at.Add(past.WatchEvery), n+1 {
		all = append(all, past.Watch(at, true))
		if hour := at.Hour(); at.YearDay()%9 == 0 && at.Minute() == 0 && (hour == 8 || hour == 11) {
			states := map[int][2]uint8{8: {uint8(good), uint8(n/36) % 5}, 11: {uint8(n/36) % 5, uint8(good)}}[hour]
			all = append(all, past.Entry{Gateway: "gate", At: at.Unix(), From: states[0], To: states[1]})
		}
	}
	if err := p.Add(all); err != nil {
		t.Fatal(err)
	}
	b, err := New(Config{Broker: broker.Config{Address: "tcp://" + m.Addr}, Past: p, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	url := serve(t, b, ServeConfig{Listen: "127.0.0.1:0"})
	hall(newSite(t, m.Addr))
	page := browser(t, 1366, 900)
	for _, c := range []struct {
		lang, title string
		width       int64
	}{{"en", "The year", 1366}, {"zh-CN", "过去一年", 360}} {
		if err := chromedp.Run(page, emulation.SetDeviceMetricsOverride(c.width, 900, 1, c.width < 600)); err != nil {
			t.Fatal(err)
		}
		show(t, page, url+"?lang="+c.lang)
		rowsAre(t, page, "gate yard pool hall")
		if err := chromedp.Run(page, chromedp.Click("#list li:first-child button")); err != nil {
			t.Fatal(err)
		}
		until(t, "the squares of the year", func() bool {
			return eval[int](t, page, `document.querySelectorAll('#year .year i.day5').length`) > 200 && eval[int](t, page, `document.querySelectorAll('#year .year i.day0, #year .year i.day1').length`) > 3
		})
		if head := eval[string](t, page, `document.querySelector('#year h3').textContent`); head != c.title {
			t.Errorf("%s: the head says %q", c.lang, head)
		}
		if wide := eval[bool](t, page, `document.documentElement.scrollWidth > innerWidth || document.querySelector('#year').scrollWidth > document.querySelector('#year').clientWidth`); wide {
			t.Errorf("%s at %d: something sticks out", c.lang, c.width)
		}
		eval[any](t, page, `document.querySelector('#year details').open = true, document.querySelector('#year').scrollIntoView(), 1`)
		screenshot(t, page, "year-"+c.lang)
	}
}
