package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
)

// Example returns a commented file in both languages with the keys at their
// defaults. Loading it gives Default.
func Example() []byte {
	var b bytes.Buffer
	for _, about := range []text.Key{text.AboutFile, text.AboutDefaults, text.AboutPaths} {
		comment(&b, "", about)
	}
	c := written()
	section := ""
	for _, f := range told() {
		home, name, nested := strings.Cut(f.key, ".")
		indent := "  "
		if !nested {
			home, name, indent = "", f.key, ""
		}
		b.WriteByte('\n')
		if home != section && nested {
			fmt.Fprintf(&b, "%s:\n", home)
		}
		section = home
		comment(&b, indent, f.about)
		fmt.Fprintf(&b, "%s%s: %s\n", indent, name, scalar(f.get(&c)))
	}
	return b.Bytes()
}

func comment(b *bytes.Buffer, indent string, key text.Key) {
	for _, lang := range text.Langs {
		fmt.Fprintf(b, "%s# %s\n", indent, text.Of(lang, key))
	}
}

// scalar writes texts bare where YAML reads them back the same.
func scalar(v any) string {
	if s, ok := v.(string); ok && s != "" && !strings.ContainsAny(s, `:#"'{}[]&*!|>%@ `) {
		return s
	}
	return show(v)
}

// Hash is the SHA-256 in hex of all settings in force. It depends on their
// values alone, not on the file's order, comments or place.
func Hash(c Config) string {
	lines := make([]string, 0, len(fields))
	for _, f := range fields {
		lines = append(lines, fmt.Sprintf("%s=%s\n", f.key, show(f.get(&c))))
	}
	slices.Sort(lines) // the table may be put in another order
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	return hex.EncodeToString(sum[:])
}

// Setting is one key with the value in force, for showing. No key holds a secret.
type Setting struct {
	Key     string
	Value   string
	Default bool
	About   text.Key
}

// Settings lists the keys in the file's order.
func Settings(c Config) (all []Setting) {
	d := Default()
	for _, f := range told() {
		all = append(all, Setting{f.key, show(f.get(&c)), f.get(&c) == f.get(&d), f.about})
	}
	return all
}
