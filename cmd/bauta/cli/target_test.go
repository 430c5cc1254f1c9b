package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
)

func TestTargetLoads(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bauta.yaml")
	if err := os.WriteFile(file, []byte("gateway: {language: zh-CN}\ndata: /d\napi: {socket: /s}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		target       Target
		given        bool
		data, socket string
		lang         text.Lang
	}{
		"by the settings":        {Target{Config: file}, false, "/d", "/s", text.ZhCN},
		"another data folder":    {Target{Config: file, Data: "/e"}, false, "/e", "/e/bauta.sock", text.ZhCN},
		"a language is asked of": {Target{Config: file}, true, "/d", "/s", text.EN},
	} {
		p := &Program{Ctx: context.Background(), Lang: text.EN, LangGiven: c.given}
		cfg, err := c.target.Load(p)
		if err != nil || cfg.Data != c.data || cfg.Socket() != c.socket || p.Lang != c.lang {
			t.Errorf("%s: %s, %s, %s, %v", name, cfg.Data, cfg.Socket(), p.Lang, err)
		}
		if client, err := c.target.Client(p); client == nil || err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (Target{Config: file + ".no"}).Client(&Program{}); err == nil {
		t.Error("missing settings passed")
	}
}

func TestCameraArg(t *testing.T) {
	if id, err := (CameraArg{"lobby"}).ID(); id != "lobby" || err != nil {
		t.Errorf("%s, %v", id, err)
	}
	if _, _, err := (CameraArg{"The Lobby"}).Connect(&Program{}, Target{}); exitCode(err) != ExitUsage {
		t.Error(err)
	}
}

func TestIgnoredIsSaidOnce(t *testing.T) {
	var stderr strings.Builder
	p := &Program{Stderr: &stderr, Lang: text.EN}
	cfg, err := Target{Data: "/d"}.Load(p)
	if err != nil {
		t.Fatal(err)
	}
	OldModels{}.Note(p, cfg)
	if stderr.Len() > 0 {
		t.Errorf("nothing was given: %q", stderr.String())
	}
	cfg.Worker.Models = "/m"
	OldModels{Models: "/n"}.Note(p, cfg)
	if strings.Count(stderr.String(), "\n") != 1 || !strings.Contains(stderr.String(), "BAUTA_MODELS") {
		t.Errorf("%q", stderr.String())
	}
}
