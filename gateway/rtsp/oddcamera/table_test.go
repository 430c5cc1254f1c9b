package oddcamera

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// docs/cameras.md shows each mode as it is here. Write it anew with BAUTA_WRITE_DOCS=1.
func TestCamerasPage(t *testing.T) {
	const begin, end = "<!-- habits: begin -->\n", "<!-- habits: end -->\n"
	path := filepath.Join("..", "..", "..", "docs", "cameras.md")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(b), begin)
	table, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatal("docs/cameras.md has no table of habits")
	}
	if table == Table() {
		return
	}
	if os.Getenv("BAUTA_WRITE_DOCS") == "" {
		t.Fatal("docs/cameras.md does not show the present habits: run this test with BAUTA_WRITE_DOCS=1")
	}
	if err := os.WriteFile(path, []byte(head+begin+Table()+end+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Whoever cites a report gives its address; whoever refuses gives a code that the page explains.
func TestModesAreWhole(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "cameras.md"))
	if err != nil {
		t.Fatal(err)
	}
	address, name, seen := regexp.MustCompile(`^https://github\.com/[\w.-]+/[\w.-]+/(issues|pull)/\d+$`), regexp.MustCompile(`^[a-z0-9-]+$`), map[string]bool{}
	reported := 0
	for _, m := range Modes() {
		if seen[m.Name] || !name.MatchString(m.Name) || m.Habit == "" || m.Group == "" {
			t.Errorf("%q is there twice, or lacks something: %+v", m.Name, m)
		}
		seen[m.Name] = true
		if len(m.Reports) > 0 {
			reported++
		}
		for _, r := range m.Reports {
			if !address.MatchString(r) {
				t.Errorf("%s: %s", m.Name, r)
			}
		}
		if m.Expect != Plays && !strings.Contains(string(page), "\n| `"+m.Expect.Reason+"` |") {
			t.Errorf("%s: docs/cameras.md does not explain %s", m.Name, m.Expect)
		}
	}
	if len(seen) < 94 || reported < 60 {
		t.Errorf("%d modes, %d of them with reports", len(seen), reported)
	}
}
