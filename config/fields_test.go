package config

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
)

// A tag is a text that nothing checks but this: each key has its words in both
// languages, a default of its kind that it would itself accept, and a sample.
func TestEveryKeyIsTagged(t *testing.T) {
	about := map[text.Key]string{}
	for _, f := range fields {
		tag := reflect.TypeFor[Config]().FieldByIndex(f.index).Tag
		if twin, twice := about[f.about]; twice {
			t.Errorf("%s and %s have one comment", f.key, twin)
		}
		about[f.about] = f.key
		for _, lang := range text.Langs {
			if text.Of(lang, f.about) == string(f.about) {
				t.Errorf("%s has no comment in %s", f.key, lang)
			}
		}
		c := Config{}
		if reflect.TypeOf(f.at(&c)).Elem() != reflect.TypeOf(f.standard) {
			t.Errorf("%s has a default of another kind: %v", f.key, f.standard)
		}
		if err := f.accept(f.standard); err != nil {
			t.Errorf("the default of %s: %v", f.key, err)
		}
		if f.sample == "" || f.sample == `""` {
			t.Errorf("%s has no sample", f.key)
		}
		kind, hasKind := tag.Lookup("kind")
		if _, known := kinds[kind]; hasKind && !known {
			t.Errorf("%s has the kind %q, which is none", f.key, kind)
		}
		_, hasDefault := tag.Lookup("default")
		if _, isText := f.standard.(string); !isText && !hasDefault {
			t.Errorf("%s has no default", f.key)
		}
		_, isBool := f.standard.(bool)
		if _, isText := f.standard.(string); !isText && !isBool && f.from == nil {
			t.Errorf("%s has no range", f.key)
		}
		for _, name := range strings.Split(f.key, ".") {
			if name != plainName(name) {
				t.Errorf("%s is no key", f.key)
			}
		}
	}
	for _, key := range []text.Key{text.AboutFile, text.AboutDefaults, text.AboutPaths} {
		about[key] = "the example"
	}
	for key := range text.Under(text.EN, "config.about.") {
		if about[key] == "" {
			t.Errorf("%q is the comment of no key", key)
		}
	}
}

func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r == '_' {
			return r
		}
		return -1
	}, s)
}

// What tags say in texts, other packages say in Go.
func TestTagsAgreeWithConstants(t *testing.T) {
	c := written()
	for name, pair := range map[string][2]any{
		"purposes":         {c.Consent.PurposeList(), consent.DefaultPurposes},
		"the longest life": {c.Consent.MaxLife(), consent.DefaultMaxLife},
		"look-ahead":       {must(t, "worker.look_ahead").to, MaxLookAhead},
		"least rate cap":   {must(t, "worker.rate_cap").from, MinRateCap},
		"most rate cap":    {must(t, "worker.rate_cap").to, MaxRateCap},
		"data":             {must(t, "data").sample, SystemData},
		"heartbeat":        {must(t, "mqtt.heartbeat").from, 5 * time.Second},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s: the tag says %v, the constant %v", name, pair[0], pair[1])
		}
	}
}

func must(t *testing.T, key string) field {
	t.Helper()
	f, ok := find(key)
	if !ok {
		t.Fatalf("no key %s", key)
	}
	return f
}

// Describe, Settings and the example show the same keys in the same order.
func TestEveryViewHasTheSameKeys(t *testing.T) {
	var want, described, set []string
	for _, f := range fields {
		if !f.ignored {
			want = append(want, f.key)
		}
	}
	for _, d := range Describe() {
		described = append(described, d.Key)
	}
	for _, s := range Settings(Default()) {
		if set = append(set, s.Key); !s.Default {
			t.Errorf("%s is not at its default", s.Key)
		}
	}
	if !slices.Equal(described, want) || !slices.Equal(set, want) {
		t.Errorf("described %v, set %v, want %v", described, set, want)
	}
	changed := Default()
	changed.Limits.Cameras++
	differ := maps.Collect(func(yield func(string, string) bool) {
		for _, s := range Settings(changed) {
			if !s.Default && !yield(s.Key, s.Value) {
				return
			}
		}
	})
	if len(differ) != 1 || differ["limits.cameras"] != "17" {
		t.Errorf("%v", differ)
	}
}
