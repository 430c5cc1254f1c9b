package config

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestDefaultIsComplete(t *testing.T) {
	c := Default()
	if _, err := media.ParseCameraID(c.Gateway.Name); err != nil {
		t.Errorf("name: %v", err)
	}
	if !filepath.IsAbs(c.Data) {
		t.Errorf("data folder %q", c.Data)
	}
	for _, f := range fields {
		if err := f.accept(f.get(&c)); err != nil {
			t.Errorf("the default of %s: %v", f.key, err)
		}
		if !text.Has(f.about) {
			t.Errorf("%s has no comment", f.key)
		}
	}
	if key, err := c.together(); err != nil {
		t.Errorf("%s: %v", key, err)
	}
	if c.RTSP.TLS() || c.RTSP.Anonymous {
		t.Error("RTSPS or anonymous viewing is on by default")
	}
}

// What an error proposes must itself be right.
func TestSamplesLoad(t *testing.T) {
	for _, f := range fields {
		src := f.key + ": " + f.sample + "\n"
		if section, name, nested := strings.Cut(f.key, "."); nested {
			src = section + ":\n  " + name + ": " + f.sample + "\n"
		}
		if _, err := parse([]byte(src), ""); err != nil && !strings.Contains(err.Error(), "is set without") && !strings.Contains(err.Error(), "ssl://") {
			t.Errorf("%q: %v", src, err)
		}
	}
}

func TestSlugOf(t *testing.T) {
	for host, want := range map[string]string{
		"": "bauta", "box": "box", "Box-7.example.org": "box-7", "my_box": "my-box", "-x-": "x", "盒子": "bauta", ".": "bauta",
		strings.Repeat("ab", 30):             strings.Repeat("ab", 20),
		strings.Repeat("a", 39) + "-" + "bc": strings.Repeat("a", 39),
	} {
		got := slugOf(host)
		if _, err := media.ParseCameraID(got); got != want || err != nil {
			t.Errorf("slugOf(%q) = %q, %v, want %q", host, got, err, want)
		}
	}
}

func TestDefaultData(t *testing.T) {
	for _, c := range []struct {
		uid  int
		env  map[string]string
		want string
	}{
		{0, nil, "/var/lib/bauta"},
		{0, map[string]string{"HOME": "/root", "XDG_STATE_HOME": "/root/s"}, "/var/lib/bauta"},
		{0, map[string]string{"STATE_DIRECTORY": "/var/lib/private/bauta"}, "/var/lib/private/bauta"},
		{990, map[string]string{"STATE_DIRECTORY": "/var/lib/bauta:/var/lib/other"}, "/var/lib/bauta"},
		{1000, map[string]string{"HOME": "/home/w"}, "/home/w/.local/state/bauta"},
		{1000, map[string]string{"HOME": "/home/w", "XDG_STATE_HOME": "/s"}, "/s/bauta"},
		{1000, map[string]string{"HOME": "/home/w", "XDG_STATE_HOME": "relative"}, "/home/w/.local/state/bauta"},
		{1000, nil, "/var/lib/bauta"},
	} {
		if got := defaultData(c.uid, func(k string) string { return c.env[k] }); got != c.want {
			t.Errorf("%d %v: %s, want %s", c.uid, c.env, got, c.want)
		}
	}
}

func TestSocketFollowsData(t *testing.T) {
	c := Default()
	c.Data = "/elsewhere" // as --data does
	if c.Socket() != "/elsewhere/bauta.sock" || c.Store() != "/elsewhere/bauta.db" {
		t.Errorf("%s, %s", c.Socket(), c.Store())
	}
	c.API.Socket = "/run/x.sock"
	if c.Socket() != "/run/x.sock" {
		t.Errorf("%s", c.Socket())
	}
}

func TestLang(t *testing.T) {
	t.Setenv("LC_ALL", "zh_CN.UTF-8")
	for language, want := range map[string]text.Lang{"auto": text.ZhCN, "en": text.EN, "zh-CN": text.ZhCN} {
		if got := (Config{Gateway: Gateway{Language: language}}).Lang(); got != want {
			t.Errorf("%s: %s", language, got)
		}
	}
}

func TestCheckCamera(t *testing.T) {
	span := func(d time.Duration) *time.Duration { return &d }
	times := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		mask  string
		ahead *time.Duration
		limit *float64
		want  string // of the error, empty for none
	}{
		{"", nil, nil, ""},
		{"solid", span(0), times(0), ""},
		{"blur", span(time.Second), times(10), ""},
		{"gaussian", nil, nil, `mask is "gaussian"`},
		{"", span(time.Second + 1), nil, "look_ahead is 1.000000001s"},
		{"", span(-1), nil, "look_ahead"},
		{"", nil, times(0.1), "rate_cap is 0.1"},
		{"", nil, times(math.NaN()), "rate_cap is NaN"},
		{"x", span(-1), times(-1), "rate_cap is -1"},
	} {
		err := CheckCamera(c.mask, c.ahead, c.limit)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "worker.")) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 200 * time.Millisecond: "200ms", 30 * time.Second: "30s", time.Minute: "1m", 10 * time.Minute: "10m", 90 * time.Second: "1m30s",
		time.Hour: "1h", time.Hour + time.Second: "1h0m1s", 70 * time.Minute: "1h10m",
	} {
		got := span(d)
		if back, err := time.ParseDuration(got); got != want || err != nil || back != d {
			t.Errorf("span(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestExampleIsDefault(t *testing.T) {
	c, err := parse(Example(), "")
	if err != nil || c != Default() {
		t.Errorf("%+v, %v", c, err)
	}
	for _, f := range shown() {
		name := f.key[strings.LastIndex(f.key, ".")+1:]
		line := regexp.MustCompile(`(?m)^ *# .*\n *# .*\n *` + name + `: \S`)
		if !line.Match(Example()) {
			t.Errorf("%s is not in the example with two comments", f.key)
		}
	}
	for _, f := range fields {
		if f.ignored && (bytes.Contains(Example(), []byte(f.key[strings.LastIndex(f.key, ".")+1:]+":")) || slices.ContainsFunc(Settings(c), func(s Setting) bool { return s.Key == f.key })) {
			t.Errorf("%s is ignored and is told of", f.key)
		}
	}
}

var update = flag.Bool("update", false, "write packaging/bauta.yaml anew")

func TestPackagedFile(t *testing.T) {
	path := filepath.Join("..", "packaging", "bauta.yaml")
	if *update {
		if err := os.WriteFile(path, Example(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	packaged, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: write it with go test ./config -run PackagedFile -update", err)
	}
	if !bytes.Equal(packaged, Example()) {
		t.Error("packaging/bauta.yaml is not the example: write it with go test ./config -run PackagedFile -update")
	}
}

func TestHash(t *testing.T) {
	c := written()
	c.Gateway.Name, c.Data = "box", "/d"
	// A compliance assessment is bound to this value: it may change with a
	// new key, never by accident.
	const want = "d041ef394fa93552f59953e1ceb30ee7ed13373cd1eded0ee2f29ef376e29cc5"
	if got := Hash(c); got != want {
		t.Errorf("Hash = %s, want %s", got, want)
	}
	seen := map[string]string{Hash(c): "nothing"}
	for _, f := range fields {
		changed := c
		switch p := f.at(&changed).(type) {
		case *string:
			*p += "x"
		case *bool:
			*p = !*p
		case *int:
			*p++
		case *float64:
			*p++
		case *time.Duration:
			*p++
		}
		h := Hash(changed)
		if twin, twice := seen[h]; twice {
			t.Errorf("changing %s gives the hash of changing %s", f.key, twin)
		}
		seen[h] = f.key
	}
	moved := c
	moved.File = "/elsewhere.yaml"
	if Hash(moved) != Hash(c) {
		t.Error("the file's place changes the hash")
	}
}

func TestPassword(t *testing.T) {
	for _, c := range []struct {
		name, content, want string
		mode                os.FileMode
		fails               string
	}{
		{"plain", "hunter2", "hunter2", 0o600, ""},
		{"line", "hunter2\n", "hunter2", 0o400, ""},
		{"windows line", "hunter2\r\n", "hunter2", 0o640, ""},
		{"spaces belong to it", " hunter 2 \n", " hunter 2 ", 0o600, ""},
		{"longest", strings.Repeat("x", maxPassword) + "\r\n", strings.Repeat("x", maxPassword), 0o600, ""},
		{"open", "hunter2\n", "", 0o604, "chmod 600"},
		{"empty", "\n", "", 0o600, "is empty"},
		{"two lines", "user\nhunter2\n", "", 0o600, "one short line"},
		{"long", strings.Repeat("hunter2", 1000), "", 0o600, "one short line"},
	} {
		path := write(t, "p", c.content)
		if err := os.Chmod(path, c.mode); err != nil {
			t.Fatal(err)
		}
		got, err := (MQTT{PasswordFile: path}).Password()
		if c.fails == "" && (err != nil || got != c.want) {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
		if c.fails != "" && (err == nil || got != "" || !strings.Contains(err.Error(), c.fails) || strings.Contains(err.Error(), "hunter2")) {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
	if got, err := (MQTT{}).Password(); got != "" || err != nil {
		t.Errorf("no file: %q, %v", got, err)
	}
	if _, err := (MQTT{PasswordFile: "/nonexistent/p"}).Password(); err == nil {
		t.Error("a missing file passed")
	}
}
