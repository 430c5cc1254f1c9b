package site

import (
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
)

// tidy is a copy of the site in the one form in which it is written and compared: lists in
// order, words that are the standard left out, keys and points as the program writes them.
func (s Site) tidy() Site {
	v := reflect.New(reflect.TypeOf(s)).Elem()
	copyInto(v, reflect.ValueOf(s))
	out := v.Interface().(Site)
	for i := range out.Issuers {
		out.Issuers[i].Key = plainKey(out.Issuers[i].Key)
	}
	tidyStruct(reflect.ValueOf(&out).Elem())
	return out
}

// copyInto copies lists too, so that the copy can be changed.
func copyInto(to, from reflect.Value) {
	to.Set(from)
	switch from.Kind() {
	case reflect.Struct:
		for _, k := range keysOf(from.Type()) {
			copyInto(k.of(to), k.of(from))
		}
	case reflect.Slice:
		if from.IsNil() {
			return
		}
		to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
		for i := range from.Len() {
			copyInto(to.Index(i), from.Index(i))
		}
	}
}

func tidyStruct(v reflect.Value) {
	for _, k := range keysOf(v.Type()) {
		switch f := k.of(v); {
		case f.Kind() == reflect.Struct:
			tidyStruct(f)
		case k.whole:
		case isSection(f):
			for i := range f.Len() {
				tidyStruct(f.Index(i))
			}
			sort.SliceStable(f.Interface(), func(i, j int) bool { return before(f.Index(i), f.Index(j)) < 0 })
		case f.Kind() == reflect.Slice:
			sortWords(f)
		case f.Kind() == reflect.String && !isBlock(f.String()):
			f.SetString(strings.TrimSpace(f.String()))
			if k.standard == f.String() {
				f.SetString("")
			}
		}
	}
	if c, ok := v.Addr().Interface().(*Camera); ok {
		c.Fingerprint = strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(c.Fingerprint))
	}
	if z, ok := v.Addr().Interface().(*Zone); ok {
		z.Points = plainPoints(z.Points)
	}
}

func elements(v reflect.Value) []string {
	all := make([]string, v.Len())
	for i := range all {
		all[i] = v.Index(i).String()
	}
	return all
}

// sortWords orders a list of texts, each once.
func sortWords(v reflect.Value) {
	all := slices.Compact(slices.Sorted(slices.Values(elements(v))))
	v.SetLen(len(all))
	for i, s := range all {
		v.Index(i).SetString(s)
	}
}

// plainKey is a public key as the program writes it; what is none stays as it is.
func plainKey(pem string) string {
	key, err := consent.ParsePublicKey([]byte(pem))
	if err != nil {
		return pem
	}
	return string(key.PEM())
}

// plainPoints are corners as the program writes them; what are none stay as they are.
func plainPoints(s string) string {
	points, err := drawing.ParsePoints(s)
	if err != nil {
		return s
	}
	return Points(points)
}

// Points are corners as the file has them.
func Points(points []zone.Point) string {
	all := make([]string, len(points))
	for i, p := range points {
		all[i] = number(p.X) + "," + number(p.Y)
	}
	return strings.Join(all, " ")
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// Drawn is the zone as gateways keep it.
func (z Zone) Drawn() (zone.Zone, error) {
	points, err := drawing.ParsePoints(z.Points)
	return zone.Zone{ID: z.ID, Name: z.Name, Kind: zone.Kind(z.Kind), Purposes: z.Purposes, Points: points}, err
}
