package notify

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/notify/mailtest"
)

// Quiet hours are the site's. What happens then is told at their end, unless it is over; what is urgent
// breaks through where that is ticked.
func TestQuietHours(t *testing.T) {
	s, h, urgent := newSite(t), newHook(t), newHook(t) // 20:00 at the site
	s.listens(h, api.NotifyTo{Kinds: cameras.Kinds, QuietFrom: "22:00", QuietTo: "07:00"})
	s.listens(urgent, api.NotifyTo{Kinds: cameras.Kinds, QuietFrom: "22:00", QuietTo: "07:00", Urgent: true})
	s.pass(3 * time.Hour) // 23:00
	s.offline("10")
	s.offline("11")
	w := Trouble{Kind: api.MaskingBlocked, ID: "12", Name: api.Words{EN: "lobby"}, Since: s.now()}
	s.wrong[w.key()] = w
	s.pass(time.Hour)
	s.back("11")
	s.pass(time.Hour)
	s.want(h, "")
	s.want(urgent, "1 new")
	s.pass(6*time.Hour + 5*time.Minute) // 07:05
	s.want(h, "2 new")
	if got := states(urgent.all()); !strings.HasPrefix(got, "1 new; 1 still; 1 new") && got != "1 new; 1 still; 1 new 1 still" {
		t.Errorf("%s", got)
	}
}

// What was told and is not over survives a restart: it is not told again, and its end is.
func TestRestart(t *testing.T) {
	s, h := newSite(t), newHook(t)
	s.listens(h, cameras)
	s.offline("10")
	s.pass(5 * time.Minute)
	s.want(h, "1 new")
	s.close()
	s.held = true // the cameras start
	clear(s.wrong)
	s.open()
	s.pass(5 * time.Minute)
	s.held = false
	s.offline("10")
	s.pass(5 * time.Minute)
	s.want(h, "1 new")
	s.close()
	clear(s.wrong)
	s.open()
	s.pass(5 * time.Minute)
	s.want(h, "1 new; 1 over")
	if over := h.all()[1].Items[0]; over.Name != "走廊 10" || !over.Since.Equal(began) {
		t.Errorf("%+v", over)
	}
}

// A message that was on its way at a power cut is sent again under the same ID.
func TestSameIDAfterPowerCut(t *testing.T) {
	s, h := newSite(t), newHook(t)
	s.listens(h, cameras)
	h.answer(500)
	s.offline("10")
	s.pass(5 * time.Minute)
	h.answer(200)
	s.close()
	s.open()
	s.pass(5 * time.Minute)
	s.want(h, "1 new")
	for _, id := range h.ids {
		if id != h.ids[0] {
			t.Errorf("other IDs: %v", h.ids)
		}
	}
	if len(h.ids) < 2 {
		t.Error("never tried before")
	}
}

// A disk that takes nothing does not keep anybody from being told, ten seconds later.
func TestWithoutADisk(t *testing.T) {
	s, h := newSite(t), newHook(t)
	s.listens(h, cameras)
	release := make(chan struct{})
	s.queue.Once("a disk that hangs", func() error { <-release; return nil })
	s.offline("10")
	for range 60 {
		s.clock.Lock()
		s.at = s.at.Add(5 * time.Second)
		s.clock.Unlock()
		s.step()
		s.sending.Wait()
	}
	s.want(h, "1 new")
	close(release)
}

// After a day a message is given up, which the audit log says; what is still so is told anew.
func TestGivenUpAfterADay(t *testing.T) {
	s, h := newSite(t), newHook(t)
	s.listens(h, cameras)
	h.answer(503)
	s.offline("10")
	s.pass(24*time.Hour + 10*time.Minute)
	if len(s.notes) != 1 || s.notes[0].Action != audit.NotifyExpired || !strings.Contains(s.notes[0].Detail, "troubles=1 reason=status") || s.Stats().Expired != 1 {
		t.Errorf("%+v", s.notes)
	}
	h.answer(200)
	s.pass(time.Hour)
	s.want(h, "1 new")
}

// Who is removed and had back within a minute is told as before.
func TestAccountHadBack(t *testing.T) {
	s := newSite(t)
	if _, err := s.SetPerson(api.NotifyPerson{User: "王芳", Address: "w@example.test", NotifyTo: cameras}); err != nil {
		t.Fatal(err)
	}
	before := s.people
	s.people = before[:1]
	s.pass(time.Minute)
	if err := s.queue.Once("after it", func() error { return nil }).Until(t.Context()); err != nil {
		t.Fatal(err)
	}
	if to := s.to; len(to) != 0 {
		t.Errorf("%d are told whose accounts are gone", len(to))
	}
	s.people = before
	s.pass(5 * time.Minute)
	if list := s.List().People; len(list) != 2 || list[1].Address != "w@example.test" || len(s.to) != 1 {
		t.Errorf("%+v", list)
	}
}

// Who has no account any more is told nothing, and the address is forgotten.
func TestAccountGone(t *testing.T) {
	s := newSite(t)
	if _, err := s.SetPerson(api.NotifyPerson{User: "王芳", Address: "w@example.test", NotifyTo: cameras}); err != nil {
		t.Fatal(err)
	}
	s.people = s.people[:1]
	s.pass(forgetAfter + 10*time.Second)
	if err := s.queue.Once("after it", func() error { return nil }).Until(t.Context()); err != nil {
		t.Fatal(err)
	}
	v, err := s.store.Setting(setting)
	if err != nil || strings.Contains(v.Reveal(), "w@example.test") {
		t.Errorf("%v: the address is kept", err)
	}
	s.offline("10")
	s.pass(5 * time.Minute)
	if s.Stats().Failed+s.Stats().Sent != 0 {
		t.Error("told")
	}
}

// Reported again while it lasts, as often as the rules say.
func TestRepeats(t *testing.T) {
	s, h := newSite(t), newHook(t)
	s.listens(h, cameras)
	s.offline("10")
	s.pass(49 * time.Hour)
	s.want(h, "1 new; 1 still; 1 still")
}

// A test says the true reason in the reader's language, and the room never shows a password.
func TestTest(t *testing.T) {
	s := newSite(t)
	s.mailTest = mailtest.Start(t, mailtest.Options{Security: mailtest.TLS})
	s.cfg.Roots = s.mailTest.Roots
	mail := settingOf(s.mailTest)
	if err := s.SetMail(mail); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetPerson(api.NotifyPerson{User: "Lee", Address: "lee@example.test", NotifyTo: cameras}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Test(t.Context(), api.NotifyTest{User: "Lee"}, text.ZhCN)
	if err != nil || !got.Sent || len(s.mailTest.Mails()) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	mail.Password = ""
	if err := s.SetMail(mail); err != nil { // keeps it
		t.Fatal(err)
	}
	if got, err = s.Test(t.Context(), api.NotifyTest{User: "Lee"}, text.ZhCN); err != nil || !got.Sent {
		t.Errorf("%+v, %v", got, err)
	}
	mail.Password = "wrong"
	if err := s.SetMail(mail); err != nil {
		t.Fatal(err)
	}
	got, err = s.Test(t.Context(), api.NotifyTest{User: "Lee"}, text.ZhCN)
	if err != nil || got.Sent || got.Reason != api.NotifyLogin || !strings.Contains(got.Message, "登录被拒绝") || got.Status != 535 {
		t.Errorf("%+v, %v", got, err)
	}
	if b, _ := json.Marshal(s.List()); strings.Contains(string(b), "wrong") || !s.List().Mail.PasswordSet {
		t.Errorf("%s", b)
	}
	mail.Host, mail.Password = "elsewhere.invalid", ""
	if err := s.SetMail(mail); err != nil {
		t.Fatal(err)
	}
	if s.List().Mail.PasswordSet {
		t.Error("the password would go to another server")
	}
}

// Of who is removed while a message is on its way nothing stays in the store.
func TestRemovedOnTheWay(t *testing.T) {
	s := newSite(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	web := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(arrived); <-release }))
	defer web.Close()
	made, err := s.AddWebhook(api.NotifyWebhook{Name: "hub", URL: web.URL, Private: true, NotifyTo: cameras})
	if err != nil {
		t.Fatal(err)
	}
	s.offline("10")
	for range 60 {
		s.clock.Lock()
		s.at = s.at.Add(5 * time.Second)
		s.clock.Unlock()
		s.step()
	}
	<-arrived
	if err := s.RemoveWebhook(made.ID); err != nil {
		t.Fatal(err)
	}
	close(release)
	s.sending.Wait()
	if err := s.queue.Once("after it", func() error { return nil }).Until(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v, err := s.store.Setting(statePrefix + made.ID); err != nil || v.Reveal() != "{}" || s.Stats().Sent != 1 {
		t.Errorf("%s, %v", v.Reveal(), err)
	}
}

// Run ends soon, whatever hangs.
func TestCloses(t *testing.T) {
	s := newSite(t)
	web := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer web.Close()
	if err := s.SetPing(api.NotifyPing{URL: web.URL, Every: 1, Private: true}); err != nil {
		t.Fatal(err)
	}
	s.step()
	s.cancel()
	began := time.Now()
	s.sending.Wait()
	if d := time.Since(began); d > 2*time.Second {
		t.Errorf("%v", d)
	}
}

// Nobody is told of a kind or by an address that makes no sense.
func TestRefused(t *testing.T) {
	s := newSite(t)
	bad := []error{
		s.SetSite(api.NotifySite{Console: "http://a"}), s.SetSite(api.NotifySite{Console: "https://a/?token=1"}), s.SetSite(api.NotifySite{Name: "a\nb"}),
		s.SetMail(api.NotifyMail{Host: "a", Port: 25, Security: api.MailPlain, User: "u", From: "a@b.c"}), s.SetMail(api.NotifyMail{Host: "a", Port: 25, Security: api.MailTLS, From: "a@b.c>\r\nX: y"}),
		s.SetPing(api.NotifyPing{URL: "http://example.com", Every: 5}), s.SetPing(api.NotifyPing{Every: 5}),
	}
	_, err := s.SetPerson(api.NotifyPerson{User: "Lee", Address: "Lee <lee@example.test>"})
	bad = append(bad, err)
	_, err = s.SetPerson(api.NotifyPerson{User: "Lee", Address: "lee@example.test", NotifyTo: api.NotifyTo{Kinds: []api.TroubleKind{"x"}}})
	bad = append(bad, err)
	_, err = s.SetPerson(api.NotifyPerson{User: "Lee", Address: "lee@example.test", NotifyTo: api.NotifyTo{QuietFrom: "9:00", QuietTo: "10:00"}})
	bad = append(bad, err)
	_, err = s.AddWebhook(api.NotifyWebhook{Name: "x", URL: "http://10.0.0.1/"})
	for i, err := range append(bad, err) {
		if err == nil {
			t.Errorf("%d was taken", i)
		}
	}
}
