package config

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

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
	for _, f := range shown() {
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
	for _, f := range shown() {
		all = append(all, Setting{f.key, show(f.get(&c)), f.get(&c) == f.get(&d), f.about})
	}
	return all
}

// Described is one key of the file to those who document it.
type Described struct {
	// Key is section.name, or a bare name.
	Key string
	// About says what it is for.
	About text.Key
	// Default is its value in a file, as the example writes it.
	Default string
}

// Describe lists the keys in the order of the example.
func Describe() []Described {
	c := written()
	var all []Described
	for _, f := range shown() {
		all = append(all, Described{Key: f.key, About: f.about, Default: scalar(f.get(&c))})
	}
	return all
}

// show writes a value as the file does.
func show(v any) string {
	switch v := v.(type) {
	case time.Duration:
		return span(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return strconv.Quote(v.(string))
}

// span drops the zero units that time.Duration prints.
func span(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
