package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretNeverPrints(t *testing.T) {
	secret := NewSecret("hunter2")
	camera := full("a")
	camera.Password = secret
	hidden := struct {
		inner Secret
		Outer Secret
		list  []Secret
	}{secret, secret, []Secret{secret}}
	var out bytes.Buffer
	for _, v := range []any{secret, &secret, camera, &camera, hidden, &hidden, map[string]Secret{"a": secret}, []any{secret}, errors.Join(fmt.Errorf("%v", secret))} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%e", "%c", "%p", "%T", "%10s", "%z"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		fmt.Fprintln(&out, v)
		if b, err := json.Marshal(v); err == nil {
			out.Write(b)
		}
		for _, h := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
			slog.New(h).Info("x", "v", v, slog.Group("g", "v", v))
		}
	}
	for _, leak := range []string{"hunter2", "68756e74657232", "68 75 6e", fmt.Sprint([]byte("hunter2"))} {
		if strings.Contains(strings.ToLower(out.String()), strings.ToLower(leak)) {
			t.Errorf("%q leaked", leak)
		}
	}
	if !strings.Contains(out.String(), "[secret]") {
		t.Errorf("no sign of it: %s", out.String())
	}
}

func TestSecretReveal(t *testing.T) {
	if NewSecret("x").Reveal() != "x" || NewSecret("").Reveal() != "" || (Secret{}).Reveal() != "" {
		t.Error("Reveal changes it")
	}
	if NewSecret("") != (Secret{}) {
		t.Error("the empty secret is not the zero value")
	}
	if s := fmt.Sprint(Secret{}); s != "[secret]" {
		t.Errorf("the empty secret prints %q", s)
	}
	var back Secret
	//lint:ignore SA9005 that nothing can be read back is what is tested
	if err := json.Unmarshal([]byte(`"[secret]"`), &back); err == nil {
		t.Error("a printed secret reads back as a password")
	}
}
