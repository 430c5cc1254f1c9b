package sheet

import (
	"slices"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// column is one of the table. A file is read by its key, or its words in either language.
type column struct {
	key   string
	word  text.Key
	get   func(Camera, text.Lang) string
	set   func(*Entry, string) error
	keeps bool // an empty cell leaves it as it is; else it takes it away
}

var columns = []column{
	{"id", text.CSVID, func(c Camera, _ text.Lang) string { return string(c.Settings.ID) }, func(e *Entry, s string) error { e.ID = s; return nil }, true},
	line("name", text.CSVName, func(c Camera) string { return c.Settings.Name }, func(e *Entry) **string { return &e.Change.Name }, true),
	line("group", text.CSVGroup, func(c Camera) string { return c.Settings.Group }, func(e *Entry) **string { return &e.Change.Group }, false),
	line("address", text.CSVAddress, func(c Camera) string { return c.Settings.URL }, func(e *Entry) **string { return &e.Change.URL }, true),
	line("user", text.CSVUser, func(c Camera) string { return c.Settings.User }, func(e *Entry) **string { return &e.Change.User }, true),
	line("password", text.CSVPassword, func(Camera) string { return "" }, func(e *Entry) **string { return &e.Change.Password }, true),
	line("transport", text.CSVTransport, func(c Camera) string { return c.Settings.Transport }, func(e *Entry) **string { return &e.Change.Transport }, false),
	choice("mask", text.CSVMask, config.Masks, text.MaskStyle, func(c Camera) string { return c.Settings.Mask }, func(e *Entry) **string { return &e.Change.Mask }, false),
	choice("cover", text.CSVCover, config.Covers, text.CoverWord, func(c Camera) string { return c.Settings.Cover }, func(e *Entry) **string { return &e.Change.Cover }, true),
	choice("mounting", text.CSVMounting, []media.Mounting{"auto", "0", "90", "180", "270"}, func(m string) text.Key { return text.MountingWord(m) }, func(c Camera) string { return string(c.Settings.Mounting) }, func(e *Entry) **media.Mounting { return &e.Change.Mounting }, true),
	line("max_size", text.CSVMaxSize, func(c Camera) string { return string(c.Settings.MaxSize) }, func(e *Entry) **media.OutputSize { return &e.Change.MaxSize }, false),
	line("sub_size", text.CSVSubSize, func(c Camera) string { return string(c.Settings.SubSize) }, func(e *Entry) **media.SubSize { return &e.Change.SubSize }, false),
	{"sub_fps", text.CSVSubFPS, func(c Camera, _ text.Lang) string { return number(float64(c.Settings.SubFPS), c.Settings.SubFPS == 0) }, setSubFPS, false},
	{"look_ahead_ms", text.CSVAhead, func(c Camera, _ text.Lang) string { return figure(c.Settings.LookAheadMS) }, func(e *Entry, s string) error { return setFigure(&e.Change.LookAheadMS, s) }, false},
	{"rate_cap", text.CSVRateCap, func(c Camera, _ text.Lang) string { return figure(c.Settings.RateCap) }, func(e *Entry, s string) error { return setFigure(&e.Change.RateCap, s) }, false},
	choice("place", text.CSVPlace, slices.Concat(policy.Ordinary, policy.Prohibited), func(p string) text.Key { return policy.Place(p).Word() }, func(c Camera) string { return string(c.Facts.Place) }, func(e *Entry) **policy.Place { return &e.Facts.Place }, true),
	choice("purpose", text.CSVPurpose, register.Purposes, text.Purpose, func(c Camera) string { return c.Facts.Purpose }, func(e *Entry) **string { return &e.Facts.Purpose }, true),
	line("necessity", text.CSVNecessity, func(c Camera) string { return c.Facts.Necessity }, func(e *Entry) **string { return &e.Facts.Necessity }, false),
	line("model", text.CSVModel, func(c Camera) string { return c.Facts.Model }, func(e *Entry) **string { return &e.Facts.Model }, false),
	line("firmware", text.CSVFirmware, func(c Camera) string { return c.Facts.Firmware }, func(e *Entry) **string { return &e.Facts.Firmware }, false),
	line("certificate", text.CSVCertificate, func(c Camera) string { return c.Facts.Certificate }, func(e *Entry) **string { return &e.Facts.Certificate }, false),
	line("commissioned", text.CSVCommissioned, func(c Camera) string { return string(c.Facts.Commissioned) }, func(e *Entry) **civil.Date { return &e.Facts.Commissioned }, false),
	{"extras", text.CSVExtras, extras, setExtras, false},
	line("extras_reason", text.CSVExtrasReason, func(c Camera) string { return c.Facts.ExtrasReason }, func(e *Entry) **string { return &e.Facts.ExtrasReason }, false),
}

// called reports whether a header's cell names the column.
func (c column) called(name string) bool {
	return strings.EqualFold(name, c.key) || slices.ContainsFunc(text.Langs, func(l text.Lang) bool { return strings.EqualFold(name, text.Of(l, c.word)) })
}

// line is a column of text.
func line[T ~string](key string, word text.Key, get func(Camera) string, field func(*Entry) **T, keeps bool) column {
	return column{key, word, func(c Camera, _ text.Lang) string { return get(c) }, func(e *Entry, s string) error {
		said := T(s)
		*field(e) = &said
		return nil
	}, keeps}
}

// choice is a column of words that stand for codes.
func choice[T ~string](key string, word text.Key, codes []T, name func(string) text.Key, get func(Camera) string, field func(*Entry) **T, keeps bool) column {
	return column{key, word, func(c Camera, lang text.Lang) string { return named(get(c), lang, name) }, func(e *Entry, s string) error {
		said, err := coded(s, codes, name)
		*field(e) = &said
		return err
	}, keeps}
}

// named is a code's word; an empty code has none.
func named(code string, lang text.Lang, name func(string) text.Key) string {
	if code == "" {
		return ""
	}
	return text.Of(lang, name(code))
}

// coded is the code of a word in either language, or of itself.
func coded[T ~string](s string, codes []T, name func(string) text.Key) (T, error) {
	if s == "" {
		return "", nil
	}
	for _, code := range codes {
		if strings.EqualFold(s, string(code)) || slices.ContainsFunc(text.Langs, func(l text.Lang) bool { return strings.EqualFold(s, text.Of(l, name(string(code)))) }) {
			return code, nil
		}
	}
	return "", text.Fail(nil, text.CSVWord, s, words(codes))
}

func words[T ~string](codes []T) string {
	all := make([]string, len(codes))
	for i, c := range codes {
		all[i] = string(c)
	}
	return strings.Join(all, ", ")
}

func extras(c Camera, lang text.Lang) string {
	var all []string
	for _, e := range c.Facts.Extras {
		all = append(all, named(e, lang, text.Extra))
	}
	return strings.Join(all, "; ")
}

func setExtras(e *Entry, s string) error {
	said := []string{}
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(";,；，、", r) }) {
		code, err := coded(strings.TrimSpace(part), policy.Extras, text.Extra)
		if err != nil {
			return err
		}
		if code != "" {
			said = append(said, code)
		}
	}
	e.Facts.Extras = &said
	return nil
}

func setSubFPS(e *Entry, s string) error {
	n := 0
	if s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			return text.Fail(nil, text.CSVNumber, s)
		}
	}
	e.Change.SubFPS = &n
	return nil
}

// setFigure reads a number; an empty cell is the configured one, which is said as -1.
func setFigure(field **float64, s string) error {
	x := -1.0
	if s != "" {
		var err error
		if x, err = strconv.ParseFloat(s, 64); err != nil || !(x >= 0) {
			return text.Fail(nil, text.CSVNumber, s)
		}
	}
	*field = &x
	return nil
}

func figure(x *float64) string {
	if x == nil {
		return ""
	}
	return number(*x, false)
}

func number(x float64, none bool) string {
	if none {
		return ""
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
