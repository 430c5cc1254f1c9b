package notify

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/notify/mailtest"
)

// site is a room with a clock of the test's own.
type site struct {
	*Room
	t     *testing.T
	path  string
	store *store.Store
	queue *change.Queue

	clock    sync.Mutex
	at       time.Time
	wrong    map[string]Trouble
	held     bool
	notes    []audit.Record
	beats    []Beat
	people   []Person
	mailTest *mailtest.Server
}

var began = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func newSite(t *testing.T) *site {
	s := &site{t: t, path: filepath.Join(t.TempDir(), "store.db"), at: began, wrong: map[string]Trouble{},
		people: []Person{{ID: "u1", Name: "Lee", Language: text.EN}, {ID: "u2", Name: "王芳", Language: text.ZhCN}}}
	s.open()
	t.Cleanup(s.close)
	return s
}

func (s *site) open() {
	s.t.Helper()
	var err error
	if s.store, err = store.Open(s.path, store.Options{}); err != nil {
		s.t.Fatal(err)
	}
	s.queue = change.NewQueue(slog.New(slog.DiscardHandler), func() {})
	c := Config{
		Store: s.store, Queue: s.queue, Log: slog.New(slog.DiscardHandler), Gateway: "hall", Heartbeat: 30 * time.Second,
		Note: func(r audit.Record) { s.notes = append(s.notes, r) }, Zone: func() *time.Location { return time.FixedZone("CST", 8*3600) },
		People: func() []Person { return s.people }, Now: s.now, Beat: func(b Beat) { s.beats = append(s.beats, b) },
		Sight: func() Sight {
			var all []Trouble
			for _, w := range s.wrong {
				all = append(all, w)
			}
			return Sight{Troubles: all, Held: func(api.TroubleKind, string) bool { return s.held }}
		},
	}
	if s.mailTest != nil {
		c.Roots = s.mailTest.Roots
	}
	if s.Room, err = Open(c); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) close() {
	s.cancel()
	s.sending.Wait()
	s.queue.Close()
	if err := s.store.Close(); err != nil {
		s.t.Error(err)
	}
}

func (s *site) now() time.Time {
	s.clock.Lock()
	defer s.clock.Unlock()
	return s.at
}

// pass lets time pass in steps of five seconds; what is on its way and what is being written is waited for.
func (s *site) pass(d time.Duration) {
	s.t.Helper()
	for end := s.now().Add(d); s.now().Before(end); {
		s.clock.Lock()
		s.at = s.at.Add(5 * time.Second)
		s.clock.Unlock()
		s.step()
		s.quiesce()
	}
}

func (s *site) quiesce() {
	s.sending.Wait()
	s.mu.Lock()
	var saving []*change.Change
	for _, to := range s.to {
		if to.saving != nil {
			saving = append(saving, to.saving)
		}
	}
	s.mu.Unlock()
	for _, c := range saving {
		_ = c.Until(s.t.Context())
	}
}

// offline makes a camera send nothing, back mends it.
func (s *site) offline(id string) {
	t := Trouble{Kind: api.CameraOffline, ID: id, Name: api.Words{EN: "走廊 " + id}, Since: s.now(), Path: "/cameras/" + id}
	s.wrong[t.key()] = t
}

func (s *site) back(id string) { delete(s.wrong, string(api.CameraOffline)+"/"+id) }

// hook is a webhook of the test: what it got, and how it answers.
type hook struct {
	*httptest.Server
	mu     sync.Mutex
	got    []hookGot
	ids    []string
	status int
}

type hookGot struct {
	ID, Title string
	Test      bool
	Items     []hookItem
	More      int
	Held      int
}

func newHook(t *testing.T) *hook {
	h := &hook{status: 200}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		var one hookGot
		_ = json.Unmarshal(b, &one)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.ids = append(h.ids, one.ID)
		if h.status == 200 {
			h.got = append(h.got, one)
		}
		w.WriteHeader(h.status)
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hook) all() []hookGot {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]hookGot{}, h.got...)
}

func (h *hook) answer(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.status = status
}

// listens has a webhook told of some kinds.
func (s *site) listens(h *hook, to api.NotifyTo) string {
	s.t.Helper()
	made, err := s.AddWebhook(api.NotifyWebhook{Name: "hub", URL: h.URL, Private: true, NotifyTo: to})
	if err != nil {
		s.t.Fatal(err)
	}
	return made.ID
}

var cameras = api.NotifyTo{Kinds: []api.TroubleKind{api.CameraOffline, api.MaskingBlocked}}

// states are what the messages said of how many troubles, such as "30 new".
func states(all []hookGot) string {
	var out []string
	for _, m := range all {
		count := map[itemState]int{}
		for _, i := range m.Items {
			count[i.State]++
		}
		var one []string
		for _, state := range []itemState{itemNew, itemStill, itemOver} {
			if count[state] > 0 {
				one = append(one, fmt.Sprintf("%d %s", count[state], state))
			}
		}
		if m.More > 0 {
			one = append(one, fmt.Sprintf("+%d", m.More))
		}
		out = append(out, strings.Join(one, " "))
	}
	return strings.Join(out, "; ")
}

func (s *site) want(h *hook, want string) {
	s.t.Helper()
	if got := states(h.all()); got != want {
		s.t.Errorf("told %q, want %q", got, want)
	}
}

// A camera that blinks for ten seconds tells nobody, one that blinks all the time does.
func TestBlink(t *testing.T) {
	s, h := newSite(t), newHook(t)
	s.listens(h, cameras)
	for range 3 {
		s.offline("10")
		s.pass(10 * time.Second)
		s.back("10")
		s.pass(5 * time.Minute)
	}
	s.want(h, "")
	for range 15 {
		s.offline("10")
		s.pass(15 * time.Second)
		s.back("10")
		s.pass(10 * time.Second)
	}
	if got := states(h.all()); got != "1 new" {
		t.Errorf("a camera that blinks all the time: %q", got)
	}
}

// Thirty cameras that are offline at once are one message, and so is that they are back.
func TestManyAtOnce(t *testing.T) {
	s, h := newSite(t), newHook(t)
	s.listens(h, cameras)
	for i := range 30 {
		s.offline(fmt.Sprint(i))
	}
	s.pass(10 * time.Minute)
	s.want(h, "30 new")
	for i := range 30 {
		s.back(fmt.Sprint(i))
	}
	s.pass(10 * time.Minute)
	s.want(h, "30 new; 30 over")
	if m := h.all()[0]; !strings.Contains(m.Title, "(and 29 more)") || m.Items[0].Since.IsZero() {
		t.Errorf("%+v", m)
	}
}

// More than a message names is counted in it, and what is over is told of all.
func TestTooManyForOneMessage(t *testing.T) {
	s, h := newSite(t), newHook(t)
	s.listens(h, cameras)
	for i := range 400 {
		s.offline(fmt.Sprint(i))
	}
	s.pass(20 * time.Minute)
	s.want(h, "40 new +360")
	clear(s.wrong)
	s.pass(20 * time.Minute)
	s.want(h, "40 new +360; 40 over +210")
	if v, err := s.store.Setting(statePrefix + s.List().Webhooks[0].ID); err != nil || len(v.Reveal()) > 60<<10 {
		t.Errorf("%v, %d bytes", err, len(v.Reveal()))
	}
}

// A camera that comes and goes for hours makes few messages: each time it has to be away for longer until
// that is told.
func TestFlapping(t *testing.T) {
	s, h := newSite(t), newHook(t)
	s.listens(h, cameras)
	for range 60 { // four hours
		s.offline("10")
		s.pass(150 * time.Second)
		s.back("10")
		s.pass(90 * time.Second)
	}
	if n := len(h.all()); n < 1 || n > 6 {
		t.Errorf("%d messages: %s", n, states(h.all()))
	}
	s.pass(3 * time.Hour)
	all := h.all()
	last := all[len(all)-1]
	if len(last.Items) != 1 || last.Items[0].State != itemOver || last.Items[0].Turns < 10 {
		t.Errorf("in the end: %+v", last)
	}
	t.Logf("%d messages: %s, came back %d times", len(all), states(all), last.Items[0].Turns)
}

// No storm: an hour has so many messages, and the next one says what waited.
func TestHourHasItsLimit(t *testing.T) {
	s, h := newSite(t), newHook(t)
	s.listens(h, cameras)
	rules := s.List().Rules
	rules.PerHour, rules.DigestS = 3, 0
	if err := s.SetRules(rules); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		s.offline(fmt.Sprint(i))
		s.pass(3 * time.Minute)
	}
	s.want(h, "1 new; 1 new; 1 new")
	s.pass(40 * time.Minute)
	all := h.all()
	if last := all[3]; len(last.Items) != 7 || last.Held < 6 || s.Stats().Capped != 1 {
		t.Errorf("%+v", last)
	}
}

// A mail server that is dead for an hour: nothing is lost, nothing is told twice, and what was over before
// anybody knew of it is told to nobody.
func TestDeadMailServer(t *testing.T) {
	s := newSite(t)
	s.mailTest = mailtest.Start(t, mailtest.Options{Security: mailtest.StartTLS})
	s.cfg.Roots = s.mailTest.Roots
	setting := settingOf(s.mailTest)
	s.mailTest.Stop()
	if err := s.SetMail(setting); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"Lee", "王芳"} {
		if _, err := s.SetPerson(api.NotifyPerson{User: p, Address: "a-" + fmt.Sprint(len(p)) + "@example.test", NotifyTo: cameras}); err != nil {
			t.Fatal(err)
		}
	}
	s.offline("10")
	s.pass(20 * time.Minute)
	s.offline("11")
	s.pass(20 * time.Minute)
	s.back("11")
	s.pass(20 * time.Minute)
	state := s.List()
	if state.State.Waiting != 2 || state.People[0].Failing != api.NotifyRefused || state.People[0].Waiting.IsZero() {
		t.Errorf("%+v", state)
	}
	if n := s.Stats().Failed; n < 5 || n > 60 {
		t.Errorf("%d tries in an hour", n)
	}
	if s.beats[len(s.beats)-1].Waiting != 2 || !s.beats[len(s.beats)-1].Failing {
		t.Errorf("%+v", s.beats[len(s.beats)-1])
	}
	alive := mailtest.Start(t, mailtest.Options{Security: mailtest.StartTLS, Addr: fmt.Sprintf("127.0.0.1:%d", setting.Port)})
	s.cfg.Roots = alive.Roots
	s.pass(20 * time.Minute)
	got := alive.Mails()
	if len(got) != 2 {
		t.Fatalf("%d mails: %+v", len(got), got)
	}
	for _, m := range got {
		if strings.Contains(m.Body, "走廊 11") || !strings.Contains(m.Body, "走廊 10") || !strings.Contains(m.Body, "2026-11-30 20:00") {
			t.Errorf("%s", m.Body)
		}
	}
	s.back("10")
	s.pass(10 * time.Minute)
	got = alive.Mails()
	if len(got) != 4 {
		t.Fatalf("%d mails", len(got))
	}
	for _, m := range got {
		if m.To == "a-3@example.test" && strings.ContainsAny(m.Subject, "：离线") || m.To == "a-6@example.test" && !strings.Contains(m.Subject, "摄像机离线") {
			t.Errorf("%s: %s", m.To, m.Subject)
		}
	}
	t.Logf("%s\n%s", got[0].Subject, got[0].Body)
	t.Logf("%s\n%s", got[1].Subject, got[1].Body)
}

// settingOf is how the gateway is told of a mail server.
func settingOf(m *mailtest.Server) api.NotifyMail {
	return api.NotifyMail{Host: "127.0.0.1", Port: m.Port, Security: api.MailSecurity(m.Security), From: mailtest.Sender, User: mailtest.User, Password: mailtest.Password}
}
