package upkeep

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// scratchApt is an apt of its own: with bauta of one version installed and lists of a repository
// that has another one. Empty versions are left out. The children find it by the environment.
func scratchApt(t *testing.T, installed, offered string) {
	t.Helper()
	for _, program := range []string{"apt-cache", "apt-get", "dpkg"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not here: this is no Debian", program)
		}
	}
	root := t.TempDir()
	for _, dir := range []string{"lists/partial", "cache/archives/partial", "etc/apt.conf.d", "etc/preferences.d", "etc/sources.list.d", "etc/trusted.gpg.d", "repo", "var/lib/dpkg"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	stanza := func(version, more string) string {
		if version == "" {
			return ""
		}
		return fmt.Sprintf("Package: bauta\nVersion: %s\nArchitecture: all\nMaintainer: x\nDescription: x\n%s\n", version, more)
	}
	files := map[string]string{
		"var/lib/dpkg/status": stanza(installed, "Status: install ok installed\n"),
		"repo/Packages":       stanza(offered, "Filename: ./bauta.deb\nSize: 1\nSHA256: "+strings.Repeat("0", 64)+"\n"),
		"apt.conf": fmt.Sprintf("Dir::State \"%[1]s\";\nDir::State::lists \"%[1]s/lists\";\nDir::State::status \"%[1]s/var/lib/dpkg/status\";\nDir::Cache \"%[1]s/cache\";\n"+
			"Dir::Etc \"%[1]s/etc\";\nDir::Etc::main \"none\";\nDir::Etc::parts \"%[1]s/etc/apt.conf.d\";\nAPT::Architecture \"amd64\";\nAPT::Architectures \"amd64\";\nAPT::Sandbox::User \"root\";\n", root),
	}
	if offered != "" {
		files["etc/sources.list"] = "deb [trusted=yes] file:" + filepath.Join(root, "repo") + " ./\n"
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(root, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("APT_CONFIG", filepath.Join(root, "apt.conf"))
	if out, err := exec.Command("apt-get", "update").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// The real apt says what there is; nothing is said where nothing is known.
func TestUpdatesOfTheRealApt(t *testing.T) {
	for name, c := range map[string]struct {
		installed, offered, newer string
		repository, known         bool
	}{
		"newer":                  {"0.2.0-1~deb12", "0.10.0-1~deb12", "0.10.0-1~deb12", true, true},
		"the same":               {"0.2.0-1~deb12", "0.2.0-1~deb12", "", true, true},
		"older":                  {"0.2.0-1~deb12", "0.1.0-1~deb12", "", true, true},
		"a pre-release is older": {"0.2.0-1~deb12", "0.2.0~rc1-1~deb12", "", true, true},
		"no repository":          {"0.2.0-1~deb12", "", "", false, true},
		"not installed":          {"", "0.2.0-1~deb12", "", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			scratchApt(t, c.installed, c.offered)
			changes := 0
			u := NewUpdates(0, func() { changes++ }, slog.New(slog.DiscardHandler))
			u.check(t.Context())
			u.check(t.Context())
			s := u.Status()
			if (s != nil) != c.known || s != nil && (s.Installed != c.installed || s.Newer != c.newer || s.Repository != c.repository || time.Since(s.Checked) > time.Minute) {
				t.Errorf("%+v", s)
			}
			if u.Newer() != c.newer || c.known && changes != 1 || !c.known && changes != 0 {
				t.Errorf("newer %q, %d changes", u.Newer(), changes)
			}
		})
	}
}

// Where there is no apt, or one that fails, nothing is known and nothing breaks.
func TestUpdatesWithoutApt(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	u := NewUpdates(0, func() { t.Error("something changed") }, slog.New(slog.DiscardHandler))
	for name, script := range map[string]string{"": "", "fails": "#!/bin/sh\nexit 100\n", "talks nonsense": "#!/bin/sh\necho '  Installed: $(reboot)'\n", "talks without end": "#!/bin/sh\nwhile echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; do i=$((i+1)); [ $i -lt 20000 ] || exit 0; done\n"} {
		if script != "" {
			if err := os.WriteFile(filepath.Join(bin, "apt-cache"), []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		u.check(t.Context())
		if s := u.Status(); s != nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestParsePolicy(t *testing.T) {
	for answer, want := range map[string]aptPolicy{
		"": {},
		"bauta:\n  Installed: (none)\n  Candidate: 1.0\n  Version table:\n     1.0 500\n        500 https://x.example bookworm/main amd64 Packages\n": {"", "1.0", true},
		"bauta:\n  Installed: 1:0.2-1\n  Candidate: 1:0.2-1\n  Version table:\n *** 1:0.2-1 100\n        100 /var/lib/dpkg/status\n":                  {"1:0.2-1", "1:0.2-1", false},
	} {
		if got, err := parsePolicy([]byte(answer)); err != nil || got != want {
			t.Errorf("%q: %+v, %v", answer, got, err)
		}
	}
	if _, err := parsePolicy([]byte("  Candidate: 1.0 <script>\n")); err == nil {
		t.Error("a version with markup is taken")
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add([]byte("bauta:\n  Installed: 0.2.0-1\n  Candidate: 0.3.0-1\n  Version table:\n     0.3.0-1 500\n        500 http://x ./ Packages\n"))
	f.Add([]byte("  Installed: (none)\n  Candidate:"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		p, err := parsePolicy(answer)
		for _, v := range []string{p.installed, p.candidate} {
			if v != "" && (err != nil || !debianVersion.MatchString(v)) {
				t.Errorf("%q, %v", v, err)
			}
		}
	})
}
