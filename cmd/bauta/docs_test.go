//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/bauta-gateway/bauta/config"
)

func page(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// docs/configuration.md shows the example that the program itself makes, so
// that no key is missing there. Write it anew with BAUTA_WRITE_DOCS=1.
func TestConfigurationPage(t *testing.T) {
	const begin, end = "```yaml\n", "```\n"
	text := page(t, "configuration.md")
	head, rest, found := strings.Cut(text, begin)
	shown, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatal("no YAML in docs/configuration.md")
	}
	want := string(config.Example())
	if shown == want {
		return
	}
	if os.Getenv("BAUTA_WRITE_DOCS") == "" {
		t.Fatal("docs/configuration.md does not show the present example: run this test with BAUTA_WRITE_DOCS=1")
	}
	path := filepath.Join("..", "..", "docs", "configuration.md")
	if err := os.WriteFile(path, []byte(head+begin+want+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

// docs/cli.md names every command and every flag.
func TestCommandLinePage(t *testing.T) {
	text := page(t, "cli.md")
	eachCommand(newParser(&grammar{}).Model.Node, "", func(n *kong.Node, path string) {
		if n.Leaf() && !strings.Contains(text, "bauta "+path) {
			t.Errorf("command %s is not in docs/cli.md", path)
		}
		for _, f := range shown(n) {
			if !strings.Contains(text, "--"+f.Name) {
				t.Errorf("flag --%s is not in docs/cli.md", f.Name)
			}
		}
	})
}
