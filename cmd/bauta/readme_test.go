//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/bauta-gateway/bauta/hardware/clips"
)

// blocks are the code blocks of a section of the README.
func blocks(t *testing.T, heading string) (all [][]string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(b), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("README.md has no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	for i, part := range strings.Split(section, "```\n") {
		if i%2 == 1 {
			all = append(all, strings.Split(strings.TrimSpace(part), "\n"))
		}
	}
	if len(all) == 0 {
		t.Fatalf("the section %q of README.md has no commands", heading)
	}
	return all
}

// readmeScript is the README as a reader types it: add, then consent for two persons, one after
// another, and all of it once more. What only a real camera and a person at a terminal can
// do has a stand-in: an address where nobody answers, and a password from standard input.
func readmeScript(t *testing.T) string {
	t.Helper()
	var s strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&s, format+"\n", args...) }
	say("exec bauta run &run&\nwaitsock data/bauta.sock")
	for _, line := range blocks(t, "A real camera")[0] {
		switch line = readmeLine(line); {
		case strings.HasPrefix(line, "bauta camera test"):
			say("stdin password.txt\ncode 4 %s --password-stdin\nstderr 'no picture from the camera'", line)
		case strings.HasPrefix(line, "bauta camera add"):
			say("stdin password.txt\nexec %s --password-stdin", line)
		case line != "bauta run &":
			say("exec %s", line)
		}
	}
	consent := blocks(t, "Consent")
	for _, line := range consent[0] {
		say("exec %s", readmeLine(line))
	}
	person := func() {
		for _, line := range consent[1] {
			if strings.HasPrefix(line, "rm ") {
				say("%s", line)
				continue
			}
			say("exec %s", readmeLine(line))
			switch {
			case strings.Contains(line, "consent import"):
				say("stdout '1 accepted, 0 known already, 0 refused'")
			case strings.Contains(line, "consent revoke"):
				say("stdout 'revoked, its wearer is masked'")
			}
		}
		say("exec sleep 1.1") // a person who agrees in the second of the withdrawal is not heard
	}
	person()
	for _, line := range consent[0] {
		say("code 4 %s\nstderr '(already|stays as it is)'", readmeLine(line))
	}
	person()
	for _, line := range blocks(t, "Zones, rules, evidence")[0] {
		if line = readmeLine(line); line == "bauta site ask" {
			say("code 2 %s\nstderr 'terminal'", line) // it asks a person
		} else {
			say("exec %s", line)
		}
	}
	say("kill -INT run\nwait run")
	if file := blocks(t, "A file")[0]; len(file) == 1 {
		say("[!worker] stop\ncp $CLIP IN.mp4\nexec %s --config real.yaml\nexists OUT.mp4 report.json", readmeLine(file[0]))
	}
	say("-- password.txt --\nsecret\n-- bauta.yaml --\ndata: data\nrtsp:\n  address: \"127.0.0.1:0\"\n  udp: false")
	say("mqtt:\n  embedded_address: \"127.0.0.1:0\"\nconsole:\n  address: \"127.0.0.1:0\"")
	return s.String()
}

// readmeLine is a line as the script has it: the program of this test, no real camera, and quotes
// as testscript reads them.
func readmeLine(line string) string {
	if strings.HasPrefix(line, "echo ") {
		return "sh -c '" + line + "'"
	}
	return strings.NewReplacer("build/bauta", "bauta", "192.0.2.7", "127.0.0.1:9", `"`, `'`).Replace(line)
}

// The commands of the README work as they are printed, in their order, and a second time.
func TestReadmeRuns(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "readme.txtar"), []byte(readmeScript(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, scripts(clips.Path(t, "closeup_480.mp4"), dir))
}
