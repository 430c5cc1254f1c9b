package lock

import (
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/onvif"
	"github.com/bauta-gateway/bauta/gateway/onvif/onviftest"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	first    = "s3cret&<first>" // of the administrator
	recorder = "rec0rder"
)

// bench is a camera, a store that knows it, and what locks it.
type bench struct {
	*testing.T
	camera *onviftest.Camera
	store  *store.Store
	locks  *Locks
	path   string
	sealed bool
	again  int // how often it was connected to anew
	ended  bool
	log    *strings.Builder
}

func newBench(t *testing.T, encrypted bool) *bench {
	t.Helper()
	c, err := onviftest.New(encrypted, "admin", first)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.Add("recorder", recorder, "Operator")
	b := &bench{T: t, camera: c, path: filepath.Join(t.TempDir(), "data", "bauta.db"), log: &strings.Builder{}}
	b.start()
	t.Cleanup(func() { b.store.Close() })
	if err := b.store.PutCamera(store.Camera{ID: "lobby", Name: "Lobby", URL: c.RTSP(), User: "admin", Password: store.NewSecret(first)}, false); err != nil {
		t.Fatal(err)
	}
	return b
}

// start is a start of the daemon, with the store as it is on the disk.
func (b *bench) start() {
	b.Helper()
	var err error
	if b.store, err = store.Open(b.path, store.Options{}); err != nil {
		b.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(io.MultiWriter(b.log), nil))
	b.locks = New(Config{
		Store: b.store, Log: log, Audit: audit.New(audit.Config{Store: b.store, Log: log, Published: func() {}, Evaluate: func() {}}),
		Reconnect: func(media.CameraID) { b.again++ }, Stored: func(media.CameraID) error { return nil }, Sealed: func(media.CameraID) bool { return b.sealed },
	})
}

// restart ends the daemon and starts it again, which settles what is open.
func (b *bench) restart() {
	b.Helper()
	for again := true; again; again = b.ended { // it may end while it settles, too
		b.ended = false
		b.locks.Close()
		if err := b.store.Close(); err != nil {
			b.Fatal(err)
		}
		b.start()
		b.locks.all(b.Context(), time.Now(), true)
	}
}

func (b *bench) lock(names ...string) (Result, error) {
	return b.locks.Lock(b.Context(), "lobby", api.LockRequest{Accounts: names, Address: b.camera.Service(), Plain: true})
}

// enters reports whether the store holds the password that the camera has.
func (b *bench) enters() bool {
	b.Helper()
	l, err := b.store.Lock("lobby")
	c, err2 := b.store.Camera("lobby")
	if err := errors.Join(err, err2); err != nil {
		b.Fatal(err)
	}
	now := b.camera.Password("admin")
	if c.Password.Reveal() == now {
		return true
	}
	s := &session{cam: c, lock: l}
	return slices.Contains(s.candidates(s.account("admin")), now)
}

// settled proves that the camera's login is the one that it has.
func (b *bench) settled() {
	b.Helper()
	c, err := b.store.Camera("lobby")
	if err != nil || c.Password.Reveal() != b.camera.Password("admin") {
		b.Errorf("the gateway has another password than the camera, %v", err)
	}
	if s, err := b.locks.Status("lobby"); err != nil || s.Pending {
		b.Errorf("%+v, %v", s, err)
	}
}

// silent proves that no password was written down but in the store.
func (b *bench) silent(err error, passwords ...string) {
	b.Helper()
	said := b.log.String()
	if err != nil {
		said += err.Error() + text.Explain(text.EN, err) + text.Explain(text.ZhCN, err)
	}
	for _, p := range append(passwords, first, b.camera.Password("admin"), b.camera.Password("recorder")) {
		if strings.Contains(said, p) {
			b.Errorf("a password is in %q", said)
		}
	}
}

// The whole way: list, lock, the old recorder is out, unlock.
func TestLockAndUnlock(t *testing.T) {
	b := newBench(t, true)
	list, err := b.locks.Accounts(t.Context(), "lobby", b.camera.Service())
	if err != nil || !list.Encrypted || len(list.Accounts) != 2 || !list.Accounts[0].Own || list.Accounts[1].Level != "Operator" {
		t.Fatalf("%+v, %v", list, err)
	}
	r, err := b.locks.Lock(t.Context(), "lobby", api.LockRequest{Accounts: []string{"recorder"}, Address: b.camera.Service()})
	if err != nil || len(r.Accounts) != 2 || len(r.Failed) != 0 || !r.Encrypted {
		t.Fatalf("%+v, %v", r, err)
	}
	for _, a := range r.Accounts {
		if p := a.Current.Reveal(); p != b.camera.Password(a.Name) || len(p) != 16 {
			t.Errorf("%s: the sheet has another password than the camera", a.Name)
		}
	}
	b.settled()
	b.silent(nil)
	if b.again == 0 {
		t.Error("the camera is still connected to with the old login")
	}
	if s, err := b.locks.Status("lobby"); err != nil || !s.Locked || !s.Encrypted || len(s.Accounts) != 2 || s.Accounts[1].Restorable {
		t.Errorf("%+v, %v", s, err)
	}
	// Once more: other passwords, the former one is still the first.
	was := b.camera.Password("admin")
	if r, err = b.lock(); err != nil || b.camera.Password("admin") == was {
		t.Fatalf("%+v, %v", r, err)
	}
	b.settled()
	if r, err = b.locks.Unlock(t.Context(), "lobby", false); err != nil || b.camera.Password("admin") != first {
		t.Fatalf("%+v, %v", r, err)
	}
	b.settled()
	if len(r.Accounts) != 1 || r.Accounts[0].Name != "recorder" {
		t.Errorf("to be set by hand: %+v", r.Accounts)
	}
	if _, err := b.locks.Unlock(t.Context(), "lobby", true); err != nil {
		t.Error(err)
	}
	for _, forget := range []bool{false, true} {
		if _, err := b.locks.Unlock(t.Context(), "lobby", forget); err == nil {
			t.Error("unlocked twice")
		}
	}
}

// Who sets a password at the camera by hand and says it to the gateway ends the lock: it is
// not one that only the gateway has. A lock that failed is none, too.
func TestPasswordsSetByHand(t *testing.T) {
	b := newBench(t, false)
	b.camera.Set(func(c *onviftest.Camera) { c.SetUser = func(int) onviftest.Fault { return onviftest.Refuse } })
	if _, err := b.lock(); err == nil {
		t.Fatal("locked")
	}
	list, err := b.locks.Accounts(t.Context(), "lobby", "")
	if err != nil || list.Accounts[0].Locked || !list.Accounts[0].Restorable {
		t.Errorf("%+v, %v", list, err)
	}
	b.camera.Set(func(c *onviftest.Camera) { c.SetUser = nil })
	for range 2 {
		if _, err := b.lock("recorder"); err != nil {
			t.Fatal(err)
		}
	}
	b.camera.Add("admin", "byHand", "Administrator")
	c, err := b.store.Camera("lobby")
	c.Password = store.NewSecret("byHand")
	if err := errors.Join(err, b.store.PutCamera(c, true)); err != nil {
		t.Fatal(err)
	}
	b.due(1)
	b.settled()
	if s, err := b.locks.Status("lobby"); err != nil || s.Locked || s.Accounts[0].Locked || !s.Accounts[1].Locked || s.Accounts[1].Restorable || len(s.Bypass) > 0 {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := b.lock(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.locks.Unlock(t.Context(), "lobby", false); err != nil || b.camera.Password("admin") != "byHand" {
		t.Error(err)
	}
}

func TestLockIsRefused(t *testing.T) {
	b := newBench(t, false)
	for name, test := range map[string]struct {
		in   api.LockRequest
		code api.Code
		says string
	}{
		"plain HTTP":         {api.LockRequest{Accounts: []string{"admin"}}, api.CodeInvalid, "readable"},
		"no such account":    {api.LockRequest{Accounts: []string{"nobody"}, Plain: true}, api.CodeInvalid, "nobody"},
		"a host far away":    {api.LockRequest{Address: "https://192.0.2.1/", Plain: true}, api.CodeInvalid, "local network"},
		"nothing there":      {api.LockRequest{Address: "http://127.0.0.1:1/", Plain: true}, api.CodeProbe, "no answer"},
		"not the web page's": {api.LockRequest{Address: "http://127.0.0.1:1/", Plain: true}, api.CodeProbe, "no answer"},
	} {
		if test.in.Address == "" {
			test.in.Address = b.camera.Service()
		}
		_, err := b.locks.Lock(t.Context(), "lobby", test.in)
		var refused *api.Error
		if !errors.As(err, &refused) || refused.Code != test.code || !strings.Contains(text.Explain(text.EN, err), test.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b.camera.Changes() > 0 {
		t.Error("a password was sent")
	}
	b.settled()
}

// At places of Article 7 a lock waits for sealed originals.
func TestLockWaitsForOriginals(t *testing.T) {
	b := newBench(t, false)
	if err := b.store.PutSite(policy.Site{Kind: "trade-centre", Class: policy.Art7}); err != nil {
		t.Fatal(err)
	}
	_, err := b.lock("recorder")
	var refused *api.Error
	if !errors.As(err, &refused) || refused.Code != api.CodeProhibited || !strings.Contains(text.Explain(text.EN, err), "sealed originals") || b.camera.Changes() > 0 {
		t.Fatal(err)
	}
	b.sealed = true
	if _, err := b.lock("recorder"); err != nil {
		t.Error(err)
	}
	b.settled()
}

// What each kind of camera does, and where that ends.
func TestKindsOfCameras(t *testing.T) {
	always := func(f onviftest.Fault) func(*onviftest.Camera) {
		return func(c *onviftest.Camera) { c.SetUser = func(int) onviftest.Fault { return f } }
	}
	once := func(f onviftest.Fault) func(*onviftest.Camera) {
		return func(c *onviftest.Camera) {
			c.SetUser = func(n int) onviftest.Fault {
				if n == 0 {
					return f
				}
				return onviftest.None
			}
		}
	}
	for name, test := range map[string]struct {
		make   func(*onviftest.Camera)
		want   error
		locked bool
		length int
	}{
		"takes at most 12":        {func(c *onviftest.Camera) { c.Longest = 12 }, nil, true, 12},
		"takes at most 8":         {func(c *onviftest.Camera) { c.Longest = 8 }, nil, true, 8},
		"cuts off after 8":        {func(c *onviftest.Camera) { c.Truncate = 8 }, nil, true, 8},
		"refuses":                 {always(onviftest.Refuse), onvif.ErrRefused, false, 0},
		"refuses and takes it":    {once(onviftest.RefuseTake), nil, true, 16},
		"ignores":                 {always(onviftest.Ignore), errNotApplied, false, 0},
		"dies before":             {once(onviftest.DieBefore), onvif.ErrUnreachable, false, 0},
		"dies after":              {once(onviftest.DieAfter), nil, true, 16},
		"locks out":               {once(onviftest.LockOut), nil, false, 0},
		"knows no users":          {func(c *onviftest.Camera) { c.NoUsers = true }, onvif.ErrNoUsers, false, 0},
		"lists users to anybody":  {func(c *onviftest.Camera) { c.OpenUsers = true }, onvif.ErrOpen, false, 0},
		"locks out after 3 wrong": {func(c *onviftest.Camera) { c.LockAfter = 3; c.Longest = 8 }, nil, true, 8},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, false)
			b.camera.Set(test.make)
			_, err := b.lock()
			if test.want != nil && !errors.Is(err, test.want) || test.locked != (err == nil) {
				t.Fatalf("%v, want %v", err, test.want)
			}
			b.silent(err)
			if !b.enters() {
				t.Error("nobody can enter the camera")
			}
			b.camera.Unlock()
			b.restart()
			b.settled()
			if p := b.camera.Password("admin"); test.length > 0 && len(p) != test.length {
				t.Errorf("%d letters, want %d", len(p), test.length)
			}
		})
	}
}

// A camera cuts passwords off at a length that is tried late, and locks out in between.
func TestCutOffAnywhere(t *testing.T) {
	for _, n := range []int{8, 9, 11, 13, 15} {
		for _, silent := range []bool{false, true} {
			b := newBench(t, false)
			b.camera.Set(func(c *onviftest.Camera) { c.Truncate, c.LockAfter, c.Silent = n, 4, silent })
			_, _ = b.lock()
			for range 8 {
				if c, err := b.store.Camera("lobby"); err == nil && c.Password.Reveal() == b.camera.Password("admin") {
					break
				}
				b.camera.Unlock()
				b.restart()
			}
			b.settled()
		}
	}
}

// Some keep the passwords of their streams apart: the gateway goes on with the former one,
// and says that it opens the stream.
func TestStreamWithPasswordsOfItsOwn(t *testing.T) {
	b := newBench(t, false)
	b.camera.Set(func(c *onviftest.Camera) { c.OtherRTSP = true })
	if _, err := b.lock(); err != nil {
		t.Fatal(err)
	}
	c, err := b.store.Camera("lobby")
	if err != nil || c.Password.Reveal() != first {
		t.Errorf("the stream's login is another one, %v", err)
	}
	if s, err := b.locks.Status("lobby"); err != nil || !s.Locked || !slices.Equal(s.Bypass, []string{FormerRTSP}) {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := b.locks.Unlock(t.Context(), "lobby", false); err != nil || b.camera.Password("admin") != first {
		t.Error(err)
	}
}
