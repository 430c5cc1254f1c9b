package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

func is[T any](v T) *T { return &v }

// cameras hold every word that a table can have.
func cameras() (all []Camera) {
	for i, place := range append(append([]policy.Place{}, policy.Ordinary...), policy.Prohibited...) {
		all = append(all, Camera{
			Settings: api.CameraSettings{
				ID: "gate", Name: `大堂 10 号, "东"`, Group: "=HYPERLINK(\"http://x\")", URL: "rtsp://192.168.1.20:554/cam/realmonitor?channel=1&subtype=0", User: "@admin", HasPassword: true,
				Transport: "tcp", Mask: []string{"", "blur", "mosaic", "solid"}[i%4], Cover: []string{"faces", "moving"}[i%2], Mounting: "90", MaxSize: "1920x1080", SubSize: "half", SubFPS: 5, LookAheadMS: is(300.0), RateCap: is(1.5),
			},
			Facts: policy.Camera{Place: place, Purpose: register.Purposes[i%len(register.Purposes)], Necessity: "-1+1", Model: "'=x", Firmware: "+1", Certificate: "＝1", Commissioned: "2026-01-31", Extras: policy.Extras, ExtrasReason: "'quoted'"},
		})
	}
	return all
}

func written(t *testing.T, lang text.Lang, all []Camera) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, lang, all); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What is written in either language is read back as it was, from each encoding and with each
// separator that spreadsheet programs use.
func TestRoundTrip(t *testing.T) {
	all := cameras()
	for _, lang := range text.Langs {
		file := written(t, lang, all)
		if !bytes.HasPrefix(file, []byte("\xef\xbb\xbf")) {
			t.Errorf("%s: no byte order mark", lang)
		}
		plain := bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
		chinese, _ := simplifiedchinese.GB18030.NewEncoder().Bytes(plain)
		wide, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(plain)
		for what, b := range map[string][]byte{"UTF-8": file, "no mark": plain, "GB18030": chinese, "UTF-16": wide, "semicolons": with(t, plain, ';'), "tabs": with(t, plain, '\t')} {
			rows, err := Read(b)
			if err != nil || len(rows) != len(all) {
				t.Fatalf("%s, %s: %d rows, %v", lang, what, len(rows), err)
			}
			for i, e := range rows {
				if e.Bad != nil || e.ID != "gate" || e.Row < i+2 || e.Change.Password != nil {
					t.Fatalf("%s, %s, row %d: %+v", lang, what, e.Row, e)
				}
				if got := e.Facts.Over(policy.Camera{}); !reflect.DeepEqual(got, all[i].Facts) {
					t.Errorf("%s, %s: %+v, want %+v", lang, what, got, all[i].Facts)
				}
				s, ch := all[i].Settings, e.Change
				if *ch.Name != s.Name || *ch.Group != s.Group || *ch.URL != s.URL || *ch.User != s.User || *ch.Mask != s.Mask || *ch.Cover != s.Cover || *ch.Mounting != s.Mounting ||
					*ch.MaxSize != s.MaxSize || *ch.SubSize != s.SubSize || *ch.SubFPS != s.SubFPS || *ch.LookAheadMS != *s.LookAheadMS || *ch.RateCap != *s.RateCap || *ch.Transport != s.Transport {
					t.Errorf("%s, %s: %+v, want %+v", lang, what, ch, s)
				}
			}
		}
	}
}

// with writes a table with another separator.
func with(t *testing.T, b []byte, comma rune) []byte {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Comma = comma
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// No cell begins with what a spreadsheet program computes.
func TestNoFormulas(t *testing.T) {
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(written(t, text.EN, cameras()), []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(cell)[0]) {
				t.Errorf("%q", cell)
			}
		}
	}
	for _, s := range []string{"", "x", "=1", "'=1", "''=1", "'x", "'", "-", "\t=", "＝1"} {
		if got := raw(neutral(s)); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

// Each row tells what is wrong in which cell; a file that cannot be read is refused as a whole.
func TestWrong(t *testing.T) {
	rows, err := Read([]byte("name,ADDRESS,遮挡方式,Place,look_ahead_ms,,extras\nA,rtsp://a/b,blur,lobby,5,,zoom\nB,rtsp://a/c,paint,,,,\n\nC,rtsp://a/d,,nowhere,,,\nD,,,,soon,,\nE,,,,,,flying\nF,,,,,,,more\nG,,,,,note,\n"))
	if err != nil || len(rows) != 7 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, want := range []struct {
		row    int
		column text.Key
		bad    bool
	}{{2, "", false}, {3, text.CSVMask, true}, {5, text.CSVPlace, true}, {6, text.CSVAhead, true}, {7, text.CSVExtras, true}, {8, "", true}, {9, "", true}} {
		if e := rows[i]; e.Row != want.row || e.Column != want.column || (e.Bad != nil) != want.bad {
			t.Errorf("row %d: %+v", want.row, e)
		}
	}
	for what, file := range map[string]string{
		"empty": "", "unknown column": "name,pasword\n", "twice": "name,名称\n", "no header": "\n\n", "quote": "name\n\"a\n", "binary": "name\n\x00\n", "no characters": "name\n\xff\xff\xff\n",
		"rows": "name\n" + strings.Repeat("a\n", MaxRows+1), "large": "name\n" + strings.Repeat("a", MaxBytes),
	} {
		if _, err := Read([]byte(file)); !errors.Is(err, ErrFile) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// FuzzRead: whatever a file holds is refused or read within bounds.
func FuzzRead(f *testing.F) {
	var out bytes.Buffer
	_ = Write(&out, text.ZhCN, cameras())
	f.Add(out.Bytes())
	f.Add([]byte("name;address\nA;rtsp://a/b\n"))
	f.Add([]byte("\xff\xfen\x00a\x00m\x00e\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		rows, err := Read(b)
		if err != nil && !errors.Is(err, ErrFile) || len(rows) > MaxRows {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for _, e := range rows {
			if e.Row < 2 || e.Bad == nil && e.Change.Name != nil && len(*e.Change.Name) > maxCell {
				t.Fatalf("%+v", e)
			}
		}
	})
}
