package keyfile

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/plugin"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/sealed"
)

var now = time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)

func made(t *testing.T, label string) Key {
	t.Helper()
	k, err := New(label)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func stored(t *testing.T, content []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// lockedTo is a key's file encrypted to another key, as age does for a token.
func lockedTo(t *testing.T, k Key, to age.Recipient) string {
	t.Helper()
	plain, err := k.File("", now)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(plain)
	w.Close()
	return stored(t, out.Bytes())
}

func reads(t *testing.T, want Key, passphrase string, files ...string) {
	t.Helper()
	r := Reader{Passphrase: func(string) (string, error) { return passphrase, nil }, Token: &plugin.ClientUI{}}
	got, err := r.Read(files...)
	if err != nil {
		t.Fatal(err)
	}
	last, ok := got.Identities[len(got.Identities)-1].(*age.X25519Identity)
	if !ok || last.String() != want.Identity.String() || got.Label != want.Label {
		t.Errorf("another key was read, of %q", got.Label)
	}
}

func TestFilesAreReadAgain(t *testing.T) {
	k, other := made(t, "p1"), made(t, "")
	plain, _ := k.File("", now)
	reads(t, k, "", stored(t, plain))
	withPassphrase, err := k.File("correct horse battery", now)
	if err != nil || bytes.Contains(withPassphrase, []byte(prefix)) || bytes.Contains(withPassphrase, []byte("p1")) {
		t.Fatal("the file shows what is in it", err)
	}
	reads(t, k, "correct horse battery", stored(t, withPassphrase))
	// Encrypted to a key that lies in another file, in whatever order they are named.
	otherPlain, _ := other.File("", now)
	reads(t, k, "", lockedTo(t, k, other.Identity.Recipient()), stored(t, otherPlain))

	for name, files := range map[string][]string{
		"a wrong passphrase": {stored(t, withPassphrase)},
		"a missing token":    {lockedTo(t, k, other.Identity.Recipient())},
		"no key":             {stored(t, []byte("# nothing\n"))},
		"something else":     {stored(t, []byte("AGE-SECRET-KEY-1TYPO\n"))},
		"a broken file":      {stored(t, []byte("age-encryption.org/v1\n-> X25519 x\n"))},
	} {
		r := Reader{Passphrase: func(string) (string, error) { return "wrong", nil }}
		_, err := r.Read(files...)
		if !errors.Is(err, sealed.ErrKeys) || strings.Contains(err.Error(), "TYPO") || strings.Contains(err.Error(), "wrong\"") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// tokenProgram answers as the program of a hardware token does: it has the file key of whatever
// was encrypted to the age key in the file KEY beside it.
const tokenProgram = `#!/usr/bin/env python3
import base64, sys
out, lines = sys.stdout, sys.stdin
def say(head, body=b""):
    text = base64.b64encode(body).decode().rstrip("=")
    out.write("-> " + head + "\n")
    while len(text) >= 64:
        out.write(text[:64] + "\n"); text = text[64:]
    out.write(text + "\n"); out.flush()
def stanza():
    head = lines.readline().strip()[3:]
    body = ""
    while True:
        part = lines.readline().strip(); body += part
        if len(part) < 64: return head, base64.b64decode(body + "=" * (-len(body) % 4))
key = None
while True:
    head, body = stanza()
    if head.startswith("recipient-stanza"):
        kind = head.split()
        if kind[2] == "testtoken": key = (kind[1], body)
    if head == "done": break
if key:
    say("msg", b"touch it"); stanza()
    say("file-key " + key[0], bytes(b ^ 0x5a for b in key[1])); stanza()
say("done")
`

// tokenRecipient encrypts to the token above.
type tokenRecipient struct{}

func (tokenRecipient) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	body := bytes.Clone(fileKey)
	for i := range body {
		body[i] ^= 0x5a
	}
	return []*age.Stanza{{Type: "testtoken", Body: body}}, nil
}

// A hardware token guards the file; its program is started as age starts it.
func TestHardwareTokens(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "age-plugin-testtoken"), []byte(tokenProgram), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	k := made(t, "p1")
	token := stored(t, []byte("# the token\n"+plugin.EncodeIdentity("testtoken", []byte("slot 1"))+"\n"))
	said := ""
	r := Reader{Token: &plugin.ClientUI{
		DisplayMessage: func(_, message string) error { said = message; return nil },
		WaitTimer:      func(string) {},
	}}
	got, err := r.Read(token, lockedTo(t, k, tokenRecipient{}))
	if err != nil {
		t.Fatal(err)
	}
	if got.Label != "p1" || len(got.Identities) != 1 || got.Identities[0].(*age.X25519Identity).String() != k.Identity.String() || said != "touch it" {
		t.Errorf("%d identities of %q, said %q", len(got.Identities), got.Label, said)
	}
}

func TestRestore(t *testing.T) {
	k := made(t, "")
	for name, typed := range map[string]string{
		"as on the sheet": k.Letters(), "as in the code": k.Identity.String(), "in small letters": strings.ToLower(k.Letters()),
		"without its beginning": strings.TrimPrefix(k.Letters(), prefix+" "), "on several lines": lines(k.Letters(), 4),
	} {
		if got, err := Restore(typed, "p2"); err != nil || got.Identity.String() != k.Identity.String() || got.Label != "p2" {
			t.Errorf("%s: %v", name, err)
		}
	}
	last := k.Letters()[len(k.Letters())-1]
	for name, typed := range map[string]string{
		"a letter too few": k.Letters()[:len(k.Letters())-1], "another letter": strings.TrimRight(k.Letters(), string(last)) + map[bool]string{true: "Q", false: "P"}[last != 'Q'], "nothing": "",
	} {
		if _, err := Restore(typed, ""); !errors.Is(err, sealed.ErrKeys) || strings.Contains(err.Error(), k.Letters()[20:40]) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New("Wang Xiaoming"); !errors.Is(err, sealed.ErrKeys) {
		t.Error("a name is a label: ", err)
	}
}

func TestSheetHasAllOfTheKey(t *testing.T) {
	k := made(t, "p1")
	var out bytes.Buffer
	if err := (document.Printer{}).Print(&out, k.Sheet(now), document.HTML); err != nil {
		t.Fatal(err)
	}
	for _, want := range append(strings.Fields(k.Letters()), k.Public(), "p1", "2026-11-30", "<svg", "Recovery sheet", "恢复页") {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the sheet lacks %s", want)
		}
	}
}
