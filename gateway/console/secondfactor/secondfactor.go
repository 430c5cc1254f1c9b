// Package secondfactor reckons the codes of authenticator apps (RFC 6238: six digits, 30
// seconds, SHA-1, which all apps know) and keeps recovery codes for the day that the app is
// lost. In: a secret or what the store keeps, a code, the time. Out: whether the code counts,
// and what is to be kept from then on. It starts no goroutines and never keeps anything
// itself; it must never take a code twice.
package secondfactor

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"github.com/bauta-gateway/bauta/config/store"
)

const (
	// period is how long a code holds, in seconds; skew how many before and after count too.
	period, skew = 30, 1
	// RecoveryCodes is how many there are.
	RecoveryCodes = 10
	secretSize    = 20 // bytes, as RFC 4226 wants of SHA-1
)

// New makes a secret. address is what an app reads from the QR code; the names in it stay in
// the app.
func New(gateway, user string) (secret, address string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Bauta " + gateway, AccountName: user, Period: period, SecretSize: secretSize})
	if err != nil {
		return "", "", fmt.Errorf("second factor: %w", err)
	}
	return key.Secret(), key.URL(), nil
}

// Begin is the factor of a new secret, once a code proves that an app has it. Recovery are the
// codes to show this once.
func Begin(secret, code string, now time.Time) (f store.SecondFactor, recovery []string, ok bool) {
	f = store.SecondFactor{Secret: secret, Since: now.UTC().Truncate(time.Second)}
	if f.Step, ok = step(f, clean(code), now); !ok {
		return f, nil, false
	}
	for range RecoveryCodes {
		one := store.NewPassword()
		recovery = append(recovery, one)
		f.Recovery = append(f.Recovery, hash(clean(one)))
	}
	return f, recovery, true
}

// Take takes a code of the app or a recovery code; next is what counts from then on. spent: it
// was a recovery code, which must not come back.
func Take(f store.SecondFactor, code string, now time.Time) (next store.SecondFactor, spent, ok bool) {
	code = clean(code)
	if at, ok := step(f, code, now); ok {
		f.Step = at
		return f, false, true
	}
	want := []byte(hash(code))
	for i, one := range f.Recovery {
		if subtle.ConstantTimeCompare([]byte(one), want) == 1 {
			f.Recovery = slices.Delete(slices.Clone(f.Recovery), i, i+1)
			return f, true, true
		}
	}
	return f, false, false
}

// step finds the step that a code is of, later than that of the last code taken.
func step(f store.SecondFactor, code string, now time.Time) (at int64, ok bool) {
	for at := now.Unix()/period - skew; at <= now.Unix()/period+skew; at++ {
		want, err := hotp.GenerateCodeCustom(f.Secret, uint64(at), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && at > f.Step && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return at, true
		}
	}
	return 0, false
}

// clean leaves out what people put between groups.
func clean(code string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(code))
}

// hash need not be slow: a recovery code has 79 random bits.
func hash(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}
