package onvif

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/onvif/onviftest"
	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

func camera(t *testing.T, encrypted bool) *onviftest.Camera {
	t.Helper()
	c, err := onviftest.New(encrypted, user, password)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	c.Add("recorder", "rec0rder", "Operator")
	return c
}

var own = Login{user, password}

// A password is changed by HTTPS, proved, and the old one is refused; other accounts too.
func TestPasswordIsChanged(t *testing.T) {
	c := camera(t, true)
	s, users, err := FindService(t.Context(), c.Service(), own)
	if err != nil || len(users) != 2 || users[0] != (User{user, Administrator}) || users[1].Level != "Operator" || !s.Encrypted() || len(s.Fingerprint) != 64 {
		t.Fatalf("%+v, %+v, %v", s, users, err)
	}
	if err := s.SetPassword(t.Context(), own, users[1], "newSecret1"); err != nil {
		t.Fatal(err)
	}
	if err := s.Try(t.Context(), Login{"recorder", "newSecret1"}, "Operator"); err != nil {
		t.Error(err)
	}
	if err := s.Try(t.Context(), Login{"recorder", "rec0rder"}, "Operator"); !errors.Is(err, ErrLogin) {
		t.Error(err)
	}
	if err := s.SetPassword(t.Context(), own, users[0], "newSecret2"); err != nil {
		t.Fatal(err)
	}
	if err := s.Try(t.Context(), own, Administrator); !errors.Is(err, ErrLogin) {
		t.Error(err)
	}
	if err := s.Try(t.Context(), Login{user, "newSecret2"}, Administrator); err != nil {
		t.Error(err)
	}
}

// Where the device has no HTTPS, plain HTTP is found and said to be readable.
func TestServiceWithoutHTTPS(t *testing.T) {
	c := camera(t, false)
	at := strings.TrimSuffix(strings.TrimPrefix(c.Service(), "http://"), "/onvif/device_service")
	s, _, err := FindService(t.Context(), at, own)
	if err != nil || s.Encrypted() || s.Fingerprint != "" {
		t.Fatalf("%+v, %v", s, err)
	}
}

func TestServiceRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		make func(*onviftest.Camera)
		by   Login
		want error
	}{
		"wrong password":   {func(*onviftest.Camera) {}, Login{user, "wr0ng-secret"}, ErrLogin},
		"no administrator": {func(*onviftest.Camera) {}, Login{"recorder", "rec0rder"}, ErrLogin},
		"no user service":  {func(c *onviftest.Camera) { c.NoUsers = true }, own, ErrNoUsers},
		"open to all":      {func(c *onviftest.Camera) { c.OpenUsers = true }, own, ErrOpen},
		"locked out":       {func(c *onviftest.Camera) { c.LockAfter = 1 }, own, ErrLockedOut},
	} {
		t.Run(name, func(t *testing.T) {
			c := camera(t, false)
			c.Set(test.make)
			if test.want == ErrLockedOut {
				_, _, _ = FindService(t.Context(), c.Service(), Login{user, "wr0ng-secret"})
			}
			_, _, err := FindService(t.Context(), c.Service(), test.by)
			if !errors.Is(err, test.want) {
				t.Fatal(err)
			}
			for _, lang := range text.Langs {
				if said := text.Explain(lang, err) + fmt.Sprintf("%+v %#v", err, test.by); strings.Contains(said, test.by.Password) {
					t.Errorf("the password is in %q", said)
				}
			}
			if c.Wrong() > 1 {
				t.Errorf("%d wrong logins", c.Wrong())
			}
		})
	}
	c := camera(t, false)
	c.Set(func(c *onviftest.Camera) { c.Longest = 12 })
	s := &Service{Address: c.Service()}
	if err := s.SetPassword(t.Context(), own, User{user, Administrator}, strings.Repeat("a", 16)); !errors.Is(err, ErrRefused) || errors.Is(err, ErrLogin) {
		t.Error(err)
	}
}

// Once its way is known a wrong password costs one wrong login, whatever the way.
func TestWrongLoginsAreFew(t *testing.T) {
	for _, auth := range []string{"token", "digest", "both"} {
		d := start(t, &device{auth: auth})
		s := &Service{Address: "http://" + d.host()}
		if err := s.Try(t.Context(), own, Administrator); err != nil {
			t.Fatalf("%s: %v", auth, err)
		}
		was := d.wrong
		if err := s.Try(t.Context(), Login{user, "hunter2"}, Administrator); !errors.Is(err, ErrLogin) {
			t.Errorf("%s: %v", auth, err)
		}
		if n := d.wrong - was; n != 1 && auth != "both" || n > 2 {
			t.Errorf("%s: %d wrong logins for one wrong password", auth, n)
		}
	}
}

// Passwords go to the device of the first connection alone.
func TestCertificateIsPinned(t *testing.T) {
	c := camera(t, true)
	s := &Service{Address: c.Service(), Fingerprint: strings.Repeat("0a", 32)}
	if err := s.SetPassword(t.Context(), own, User{user, Administrator}, "newSecret2"); !errors.Is(err, ErrCertificate) {
		t.Error(err)
	}
	if c.Changes() != 0 {
		t.Error("the password was sent")
	}
}

// Where an account's login cannot be proved, that is said before anything is believed.
func TestUnprovableAccount(t *testing.T) {
	d := start(t, &device{})
	s := &Service{Address: "http://" + d.host()}
	if err := s.Try(t.Context(), Login{"recorder", "any"}, "Operator"); !errors.Is(err, ErrUnproved) {
		t.Error(err)
	}
}

func TestSignsOfALockOut(t *testing.T) {
	for _, test := range []struct {
		status int
		body   string
		want   bool
	}{
		{429, "", true}, {423, "", true}, {401, "<ResponseStatus><lockStatus>lock</lockStatus><unlockTime>1800</unlockTime></ResponseStatus>", true},
		{401, "<ResponseStatus><lockStatus>unlock</lockStatus></ResponseStatus>", false}, {400, soap("<s:Fault><s:Reason>Account is locked</s:Reason></s:Fault>"), true},
		{200, soap("<Fault><faultstring>too many attempts</faultstring></Fault>"), true}, {200, soap("<User><Username>locked</Username></User>"), false},
		{400, soap("<s:Fault><s:Reason>the clock is off</s:Reason></s:Fault>"), false}, {401, "", false},
	} {
		d := start(t, &device{answer: func(w http.ResponseWriter) { w.WriteHeader(test.status); io.WriteString(w, test.body) }})
		s := &Service{Address: "http://" + d.host(), Way: 1}
		if err := s.Try(t.Context(), Login{}, Administrator); errors.Is(err, ErrLockedOut) != test.want {
			t.Errorf("%d %s: %v", test.status, test.body, err)
		}
	}
}

// Whatever a device answers, what is read of its accounts can be shown and said again.
func FuzzUsers(f *testing.F) {
	for _, seed := range []string{
		"<tds:GetUsersResponse><tds:User><tt:Username>admin</tt:Username><tt:UserLevel>Administrator</tt:UserLevel></tds:User></tds:GetUsersResponse>",
		"<User><Username>a\nb</Username></User>", "<User/>", "<User><User><Username>x</Username></User></User>", "<User><Username>" + strings.Repeat("x", 100) + "</Username></User>",
		"<User><Username>大厅</Username><UserLevel>\x07</UserLevel></User>", strings.Repeat("<User><Username>x</Username></User>", 100), "", "<User>",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, inner string) {
		doc, err := soapxml.Parse([]byte(soap(inner)))
		if err != nil {
			return
		}
		body, err := unwrap(doc)
		if err != nil {
			return
		}
		all := readUsers(body)
		if len(all) > maxUsers {
			t.Errorf("%d accounts", len(all))
		}
		for _, u := range all {
			if u.Name == "" || u.Name != clean(u.Name) || u.Level != clean(u.Level) {
				t.Errorf("%+v", u)
			}
		}
	})
}
