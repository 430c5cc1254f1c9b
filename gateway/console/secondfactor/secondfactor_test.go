package secondfactor

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/bauta-gateway/bauta/config/store"
)

// codeAt is what an app shows.
func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func begun(t *testing.T, now time.Time) (f store.SecondFactor, recovery []string) {
	t.Helper()
	secret, address, err := New("main-building", "刘经理")
	u, err2 := url.Parse(address)
	if err != nil || err2 != nil || u.Scheme != "otpauth" || u.Query().Get("secret") != secret {
		t.Fatalf("%q, %v, %v", address, err, err2)
	}
	f, recovery, ok := Begin(secret, codeAt(t, secret, now), now)
	if !ok || len(recovery) != RecoveryCodes {
		t.Fatalf("%v, %d codes", ok, len(recovery))
	}
	return f, recovery
}

// A code counts once, within half a minute before and after; an older one not at all.
func TestCodesCountOnce(t *testing.T) {
	now := time.Unix(1_800_000_010, 0)
	f, _ := begun(t, now)
	if _, _, ok := Take(f, codeAt(t, f.Secret, now), now); ok {
		t.Error("the code that proved the app counts again")
	}
	later := now.Add(time.Minute)
	code := codeAt(t, f.Secret, later)
	next, spent, ok := Take(f, code[:3]+" "+code[3:], later)
	if !ok || spent {
		t.Fatalf("a good code: %v, spent %v", ok, spent)
	}
	for what, at := range map[string]time.Time{"the same": later, "the one before": later.Add(-30 * time.Second)} {
		if _, _, ok := Take(next, codeAt(t, f.Secret, at), later); ok {
			t.Errorf("%s code counts after it", what)
		}
	}
	if _, _, ok := Take(next, codeAt(t, f.Secret, later.Add(30*time.Second)), later); !ok {
		t.Error("an app that is half a minute fast does not count")
	}
	for _, bad := range []string{"", "000000", "12345", codeAt(t, f.Secret, later.Add(-10*time.Minute)), strings.Repeat("1", 5000)} {
		if _, _, ok := Take(next, bad, later); ok {
			t.Errorf("%.20q counts", bad)
		}
	}
}

// A recovery code counts once, and what is kept does not tell it.
func TestRecoveryCodesCountOnce(t *testing.T) {
	now := time.Unix(1_800_000_010, 0)
	f, recovery := begun(t, now)
	for i, code := range recovery {
		if strings.Contains(strings.Join(f.Recovery, " "), strings.ReplaceAll(code, "-", "")) {
			t.Fatal("a recovery code is kept readable")
		}
		next, spent, ok := Take(f, strings.ToUpper(code), now)
		if !ok || !spent || len(next.Recovery) != RecoveryCodes-i-1 {
			t.Fatalf("code %d: %v, spent %v, %d left", i, ok, spent, len(next.Recovery))
		}
		if _, _, ok := Take(next, code, now); ok {
			t.Error("it counts twice")
		}
		f = next
	}
	if _, _, ok := Take(f, "", now); ok {
		t.Error("nothing counts as a code")
	}
}
