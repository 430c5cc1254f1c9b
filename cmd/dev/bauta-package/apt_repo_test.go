package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// aptRepo makes a repository of small packages and returns its folder, and how to make it again.
func aptRepo(t *testing.T, key string) (out string, again func(out string)) {
	t.Helper()
	packages := t.TempDir()
	for _, p := range [][2]string{{"0.2.0-1~deb12", "amd64"}, {"0.2.0-1~deb12", "arm64"}, {"0.2.1-1~deb12", "amd64"}, {"0.2.1-1~deb13", "amd64"}} {
		root := t.TempDir()
		if err := os.MkdirAll(filepath.Join(root, "DEBIAN"), 0o755); err != nil {
			t.Fatal(err)
		}
		control := fmt.Sprintf("Package: bauta\nVersion: %s\nArchitecture: %s\nMaintainer: x <x@example.org>\nDescription: x\n", p[0], p[1])
		if err := os.WriteFile(filepath.Join(root, "DEBIAN", "control"), []byte(control), 0o644); err != nil {
			t.Fatal(err)
		}
		says(t, "dpkg-deb", "--root-owner-group", "-Zgzip", "-b", root, filepath.Join(packages, fmt.Sprintf("bauta_%s_%s.deb", p[0], p[1])))
	}
	again = func(out string) {
		says(t, filepath.Join("..", "..", "..", "packaging", "apt-repo.sh"), key, packages, out)
	}
	out = filepath.Join(t.TempDir(), "apt")
	again(out)
	return out, again
}

// says runs a program that must succeed and returns what it says.
func says(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// newKey makes a key in a keyring of the test's own and returns its fingerprint.
func newKey(t *testing.T) string {
	t.Helper()
	home, err := os.MkdirTemp("", "gpg") // short: the agent's socket lies in it
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GNUPGHOME", home)
	t.Cleanup(func() {
		exec.Command("gpgconf", "--kill", "all").Run()
		os.RemoveAll(home)
	})
	return quickKey(t, "release@example.org")
}

func quickKey(t *testing.T, mail string) string {
	t.Helper()
	says(t, "gpg", "--batch", "--passphrase", "", "--quick-gen-key", mail, "ed25519", "sign", "never")
	for line := range strings.Lines(says(t, "gpg", "--with-colons", "--list-keys", mail)) {
		if f := strings.Split(line, ":"); f[0] == "fpr" {
			return f[9]
		}
	}
	t.Fatal("gpg made no key")
	return ""
}

// apt is an apt of its own that knows one repository. It starts anew with each call: what it
// read before does not count.
func apt(t *testing.T, repo, keyring, suite string, args ...string) (string, error) {
	t.Helper()
	root := t.TempDir()
	for _, dir := range []string{"lists/partial", "cache/archives/partial", "etc/apt.conf.d", "etc/preferences.d", "etc/sources.list.d", "etc/trusted.gpg.d", "load"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	conf := fmt.Sprintf("Dir::State \"%[1]s\";\nDir::State::lists \"%[1]s/lists\";\nDir::State::status \"/dev/null\";\nDir::Cache \"%[1]s/cache\";\nDir::Etc \"%[1]s/etc\";\nDir::Etc::main \"none\";\n"+
		"Dir::Etc::parts \"%[1]s/etc/apt.conf.d\";\nAPT::Architecture \"amd64\";\nAPT::Architectures \"amd64\";\nAPT::Sandbox::User \"root\";\n", root)
	for name, content := range map[string]string{"apt.conf": conf, "etc/sources.list": fmt.Sprintf("deb [signed-by=%s] file:%s %s main\n", keyring, repo, suite)} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var all bytes.Buffer
	for _, command := range [][]string{{"apt-get", "update", "--error-on=any"}, args} {
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Dir, cmd.Env = filepath.Join(root, "load"), append(os.Environ(), "LC_ALL=C", "APT_CONFIG="+filepath.Join(root, "apt.conf"))
		cmd.Stdout, cmd.Stderr = &all, &all
		if err := cmd.Run(); err != nil {
			return all.String(), err
		}
	}
	return all.String(), nil
}

func needDebian(t *testing.T) {
	t.Helper()
	for _, program := range []string{"apt-get", "apt-ftparchive", "dpkg-scanpackages", "gpg", "gpgv"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not here: make setup-test installs it on Debian", program)
		}
	}
}

// The real apt takes the repository, by release and architecture, and nothing of it once any
// part was changed or another key signed it.
func TestAptRepository(t *testing.T) {
	needDebian(t)
	key := newKey(t)
	repo, again := aptRepo(t, key)
	keyring := filepath.Join(repo, "bauta-archive-keyring.pgp")
	for suite, want := range map[string]string{"bookworm": "Candidate: 0.2.1-1~deb12", "trixie": "Candidate: 0.2.1-1~deb13"} {
		if out, err := apt(t, repo, keyring, suite, "apt-cache", "policy", "bauta"); err != nil || !strings.Contains(out, want) {
			t.Errorf("%s: %v\n%s", suite, err, out)
		}
	}
	if out, err := apt(t, repo, keyring, "bookworm", "apt-get", "download", "bauta"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if list, err := os.ReadFile(filepath.Join(repo, "dists", "bookworm", "main", "binary-arm64", "Packages")); err != nil || bytes.Count(list, []byte("Package:")) != 1 {
		t.Errorf("the list of arm64: %v\n%s", err, list)
	}
	for name, c := range map[string]struct{ file, from, to string }{
		"list":      {"dists/bookworm/main/binary-amd64/Packages*", "bauta_0.2.1", "bauta_0.2.9"},
		"release":   {"dists/bookworm/InRelease", "Label: Bauta", "Label: bauta"},
		"package":   {"pool/bookworm/bauta_0.2.1*", "debian-binary", "debian-binarx"},
		"signature": {"dists/bookworm/InRelease", "-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP NATURESIGN-----"},
	} {
		t.Run(name, func(t *testing.T) {
			repo := filepath.Join(t.TempDir(), "apt")
			again(repo)
			tamper(t, filepath.Join(repo, c.file), c.from, c.to)
			if out, err := apt(t, repo, keyring, "bookworm", "apt-get", "download", "bauta"); err == nil {
				t.Errorf("apt takes it\n%s", out)
			}
		})
	}
	other := quickKey(t, "other@example.org")
	strange, _ := aptRepo(t, other)
	if out, err := apt(t, strange, keyring, "bookworm", "apt-cache", "policy", "bauta"); err == nil {
		t.Errorf("apt takes what another key signed\n%s", out)
	}
}

// tamper changes one place in each file; what is compressed goes, so that apt reads the changed one.
func tamper(t *testing.T, pattern, from, to string) {
	t.Helper()
	files, _ := filepath.Glob(pattern)
	changed := false
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, ".gz") {
			if err := os.Remove(f); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if bytes.Contains(b, []byte(from)) {
			changed = true
			if err := os.WriteFile(f, bytes.Replace(b, []byte(from), []byte(to), 1), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !changed {
		t.Fatalf("nothing to change in %s", pattern)
	}
}

// The same packages and the same key make the same repository, byte by byte.
func TestAptRepositoryIsReproducible(t *testing.T) {
	needDebian(t)
	one, again := aptRepo(t, newKey(t))
	two := filepath.Join(t.TempDir(), "apt")
	again(two)
	again(two) // over an older one
	files := 0
	err := filepath.WalkDir(one, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		rel, _ := filepath.Rel(one, path)
		a, _ := os.ReadFile(path)
		b, err := os.ReadFile(filepath.Join(two, rel))
		if err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs: %v\n%s\n%s", rel, err, a[:min(len(a), 2000)], b[:min(len(b), 2000)])
		}
		return nil
	})
	if err != nil || files < 15 {
		t.Errorf("%d files, %v", files, err)
	}
}

// Without a key, or with a package of no release, nothing is made.
func TestAptRepositoryRefuses(t *testing.T) {
	needDebian(t)
	script := filepath.Join("..", "..", "..", "packaging", "apt-repo.sh")
	key := newKey(t)
	for want, args := range map[string][]string{
		"name the key": {"", t.TempDir(), t.TempDir()}, "there is no package": {key, t.TempDir(), filepath.Join(t.TempDir(), "apt")},
	} {
		out, err := exec.Command(script, args...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
}
