package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const sample = `package rules

import "slices"

type Facts struct{ Days int; Kind string; Sizes []int }

func (f *Facts) Late() string {
	switch {
	case f.Kind == "":
		return "unknown"
	}
	if f.Days > 30 && f.Kind != "free" {
		return "late"
	}
	switch f.Kind {
	case "old":
		return "old"
	default:
		return "fine"
	}
}

func Largest(f *Facts) int {
	if !slices.Contains(f.Sizes, 5) {
		return max(f.Days, 1)
	}
	return slices.MaxFunc(f.Sizes, func(a, b int) int { return a - b })
}
`

func TestMutants(t *testing.T) {
	found, written, err := mutate("rules/rules.go", []byte(sample), 11)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i, m := range found {
		if m.number != 11+i || m.line < 7 {
			t.Errorf("%+v", m)
		}
		names = append(names, strings.TrimPrefix(m.name(), "rules/rules.go "))
	}
	for _, want := range []string{
		"Facts.Late dropped `f.Kind == \"\"`", "Facts.Late inverted `f.Kind == \"\"`", "Facts.Late dropped `f.Days > 30 && f.Kind != \"free\"`", "Facts.Late dropped `f.Days > 30`",
		"Facts.Late inverted `f.Days > 30`", "Facts.Late edge `f.Days > 30`", "Facts.Late dropped `\"old\"`", "Largest inverted `!slices.Contains(f.Sizes, 5)`", "Largest swapped `max(f.Days, 1)`",
		"Largest swapped `slices.MaxFunc(f.Sizes, func(a, b int) int { return a - b })`",
	} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is missing in %q", want, names)
		}
	}
	if strings.Count(string(written), "\n") != strings.Count(sample, "\n") {
		t.Error("the lines are others than before")
	}
	if _, _, err := mutate("x.go", []byte("package"), 1); err == nil {
		t.Error("what is no Go was taken")
	}
}

// A test that looks at every bound leaves no mutant alive; one that does not leaves those of
// what it does not look at. The source on the disk stays.
func TestSurvivorsAreWhatNoTestFinds(t *testing.T) {
	t.Chdir(t.TempDir())
	put := func(name, content string) {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("go.mod", "module example.org/sample\n\ngo 1.25\n")
	put("rules/rules.go", sample)
	const begin = "package rules\n\nimport \"testing\"\n\nfunc TestLate(t *testing.T) {\n\tfor want, all := range map[string][]Facts{\n"
	const end = "\t} {\n\t\tfor _, f := range all {\n\t\t\tif f.Late() != want {\n\t\t\t\tt.Error(f)\n\t\t\t}\n\t\t}\n\t}\n\tlargest(t)\n}\n"
	const largest = "func largest(t *testing.T) {\n\tif Largest(&Facts{Days: 2}) != 2 || Largest(&Facts{Days: 9, Sizes: []int{5, 7}}) != 7 {\n\t\tt.Error()\n\t}\n}\n"
	run := func() []string {
		t.Helper()
		_, survived, err := target{dir: "rules"}.run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range survived {
			names = append(names, m.name())
		}
		return names
	}
	weak := begin + "\t\t\"unknown\": {{}}, \"late\": {{Days: 40, Kind: \"new\"}}, \"fine\": {{Kind: \"new\"}, {Days: 40, Kind: \"free\"}}, \"old\": {{Kind: \"old\"}},\n" + end + largest
	put("rules/rules_test.go", weak)
	if got, want := run(), []string{"rules/rules.go Facts.Late edge `f.Days > 30`"}; !slices.Equal(got, want) {
		t.Errorf("%q live", got)
	}
	put("rules/rules_test.go", strings.Replace(weak, `"fine": {`, `"fine": {{Days: 30, Kind: "new"}, `, 1))
	if got := run(); len(got) != 0 {
		t.Errorf("%q live", got)
	}
	put("rules/rules_test.go", strings.Replace(weak, `"fine"`, `"bad"`, 1))
	if _, _, err := (target{dir: "rules"}).run(context.Background()); err == nil || !strings.Contains(err.Error(), "without a mutant") {
		t.Errorf("tests that fail anyhow: %v", err)
	}
	if _, _, err := (target{dir: "none"}).run(context.Background()); err == nil {
		t.Error("a folder without files has mutants")
	}
	if b, err := os.ReadFile("rules/rules.go"); err != nil || string(b) != sample {
		t.Errorf("the source was changed: %v", err)
	}
}

func TestTheListIsExact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.txt")
	write := func(content string) {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := mutant{file: "rules/rules.go", line: 7, within: "Late", kind: edge, source: "a > b"}
	write("# a comment\n\n" + m.name() + ": both are the same day\n")
	list, err := readSurvivors(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := list.compare("rules", []mutant{m}); err != nil {
		t.Error(err)
	}
	if err := list.compare("other", nil); err != nil {
		t.Errorf("of another package: %v", err)
	}
	if err := list.compare("rules", nil); err == nil || !strings.Contains(err.Error(), "take it off") {
		t.Errorf("a line of no use: %v", err)
	}
	m.source = "a > c"
	if err := list.compare("rules", []mutant{m}); err == nil || !strings.Contains(err.Error(), "rules/rules.go:7") {
		t.Errorf("one that is not listed: %v", err)
	}
	for _, bad := range []string{"rules.go Late edge `a > b`\n", "rules.go Late edge `a > b`: \n"} {
		write(bad)
		if _, err := readSurvivors(path); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// The packages that targets names are there.
func TestTargets(t *testing.T) {
	for _, target := range targets {
		for _, name := range append(target.files, ".") {
			if _, err := os.Stat(filepath.Join("..", "..", "..", target.dir, name)); err != nil {
				t.Error(err)
			}
		}
	}
}
