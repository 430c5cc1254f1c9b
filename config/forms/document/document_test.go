package document

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/bauta-gateway/bauta/config/text"
)

const hostile = `<script>alert("x")</script> & 'quoted'`

func sample() Document {
	return Document{
		Title: "登记表 Form", Lang: text.ZhCN, Notice: "草稿 draft", NotSaid: "未填写", Columns: [3]string{"项目", "内容", "来源"}, Head: []string{"网关 lobby-box"}, Foot: []string{"结束 end"},
		Sections: []Section{
			{Title: "一、单位", About: "说明", Rows: []Row{{Label: "名称", Value: hostile, Source: "场所信息"}, {Label: "地址", Source: "请手工填写", Mark: "请复核。"}, {Label: "公式", Value: "=HYPERLINK(\"http://x\")", Source: "+1"}}},
			{Title: "二、清单", Tables: []Table{
				{Title: "小表", Head: []string{"甲", "乙"}, Rows: [][]string{{"@SUM(1)", ""}, {"两行\n内容", "-2"}}},
				{Title: "空表", Head: []string{"甲"}, Empty: "没有条目"},
				{Title: "宽表", Head: strings.Split("a b c d e f g h i", " "), Rows: [][]string{strings.Split("1 2 3 4 5 6 7 八 九", " ")}},
			}},
		},
	}
}

func print(t *testing.T, d Document, f Format) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := (Printer{}).Print(&b, d, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What somebody typed is text on the page, never part of it.
func TestHTMLIsEscaped(t *testing.T) {
	page := string(print(t, sample(), HTML))
	if strings.Contains(page, "<script") || !strings.Contains(page, "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; &#39;quoted&#39;") {
		t.Error(page)
	}
	for _, outside := range []string{" src=", "href=", "url(", "@import", "http://", "https://"} {
		if strings.Contains(strings.ReplaceAll(page, "http://x", ""), outside) {
			t.Errorf("the page loads something: %s", outside)
		}
	}
	if !strings.Contains(page, "<style>"+sheetStyle+"</style>") || !strings.Contains(ContentPolicy, "sha256-") {
		t.Error("the style is not the one that the policy allows")
	}
}

// A spreadsheet reads UTF-8 and runs nothing of what somebody typed.
func TestCSVRunsNothing(t *testing.T) {
	b := print(t, sample(), CSV)
	rest, marked := bytes.CutPrefix(b, []byte("\xef\xbb\xbf"))
	if !marked {
		t.Error("no byte order mark")
	}
	r := csv.NewReader(bytes.NewReader(rest))
	r.FieldsPerRecord = -1
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, line := range lines {
		for _, cell := range line {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("%q is run", cell)
			}
			if strings.HasPrefix(cell, "'") {
				seen++
			}
		}
	}
	if seen != 4 {
		t.Errorf("%d cells defused, want 4", seen)
	}
	for cell, want := range map[string]string{"＝1": "'＝1", " =1": "' =1", "\u3000@x": "'\u3000@x", "\t=1": "'\t=1", "2026-01-02": "2026-01-02", "": "", "a=b": "a=b"} {
		if got := Harmless(cell); got != want {
			t.Errorf("%q: %q", cell, got)
		}
	}
}

// pdfText is what a reader finds in the PDF.
func pdfText(t *testing.T, pdf []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Fatal("pdftotext (poppler-utils) is not installed: make setup-test installs it")
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", file, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

func TestPDFHasItsText(t *testing.T) {
	pdf := print(t, sample(), PDF)
	if len(pdf) > 200_000 {
		t.Errorf("%d bytes: the whole font is in it", len(pdf))
	}
	all := pdfText(t, pdf)
	for _, want := range []string{"登记表 Form", "草稿 draft", "一、单位", "未填写", "请复核。", "@SUM(1)", "没有条目", "八", "结束 end", "1 / 1", `<script>alert("x")</script>`} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in %s", want, all)
		}
	}
}

// A text that is longer than a page goes on on the next one, with the heading again.
func TestPDFLosesNothing(t *testing.T) {
	d := sample()
	var long strings.Builder
	for i := range 400 {
		fmt.Fprintf(&long, "第%d句，", i)
	}
	d.Sections[0].Rows[0].Value = long.String()
	rows := [][]string{}
	for i := range 120 {
		rows = append(rows, []string{fmt.Sprintf("行%d", i), strings.Repeat("ab12", 16)})
	}
	d.Sections[1].Tables[0].Rows = rows
	all := pdfText(t, print(t, d, PDF))
	whole, found := strings.NewReplacer("\n", "", " ", "", "\f", "").Replace(all), 0
	for i := range 400 {
		if strings.Contains(whole, fmt.Sprintf("第%d句，", i)) {
			found++
		}
	}
	if found < 395 { // the end of a page parts one
		t.Errorf("%d sentences of 400", found)
	}
	for i := range 120 {
		if !strings.Contains(all, fmt.Sprintf("行%d ab12", i)) {
			t.Errorf("row %d is lost", i)
		}
	}
	if n := strings.Count(all, "甲"); n < 4 {
		t.Errorf("the heading is printed %d times", n)
	}
}

// Characters that no font has, and those beyond the first plane, are marked and do not fail.
func TestPDFOfRareCharacters(t *testing.T) {
	d := sample()
	d.Sections[0].Rows[0].Value = "王\U00020BB7 😀 \x00 é €"
	if all := pdfText(t, print(t, d, PDF)); !strings.Contains(all, "王〓 〓") || !strings.Contains(all, "é €") {
		t.Error(all)
	}
}

// Without the font it is said what to install; a form without Chinese needs none.
func TestPDFWithoutFont(t *testing.T) {
	var b bytes.Buffer
	none := Printer{Font: filepath.Join(t.TempDir(), "none.ttf")}
	err := none.Print(&b, sample(), PDF)
	if !errors.Is(err, ErrNoFont) || !strings.Contains(text.Explain(text.EN, err), "fonts-droid-fallback") {
		t.Error(err)
	}
	if err := none.Print(&b, Document{Title: "Plain", Sections: []Section{{Rows: []Row{{Label: "a", Value: "b", Source: "c"}}}}, NotSaid: "not said"}, PDF); err != nil {
		t.Error(err)
	}
	broken := filepath.Join(t.TempDir(), "broken.ttf")
	if err := os.WriteFile(broken, []byte("no font"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (Printer{Font: broken}).Print(&b, sample(), PDF); !errors.Is(err, ErrNoFont) {
		t.Error(err)
	}
}

// A code is in the page and in the PDF, and readers read it.
func TestCodes(t *testing.T) {
	const secret = "AGE-SECRET-KEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0JQXUEQ9"
	d := Document{Title: "Sheet", Sections: []Section{{Title: "Key", Code: secret}}}
	if page := string(print(t, d, HTML)); strings.Count(page, "<svg ") != 1 {
		t.Error(page)
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, print(t, d, PDF), 0o600); err != nil {
		t.Fatal(err)
	}
	image := filepath.Join(t.TempDir(), "x")
	if out, err := exec.Command("pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", file, image).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v\n%s", err, out)
	}
	f, err := os.Open(image + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	drawn, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(drawn)
	if err != nil {
		t.Fatal(err)
	}
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil || found.GetText() != secret {
		t.Errorf("%v, %v", found, err)
	}
	if err := (Printer{}).Print(&bytes.Buffer{}, Document{Sections: []Section{{Code: strings.Repeat("x", 5000)}}}, PDF); err == nil {
		t.Error("a code of 5000 bytes")
	}
}

func TestWrap(t *testing.T) {
	s, err := Printer{}.sheet(sample())
	if err != nil {
		t.Fatal(err)
	}
	is := style{size: 10}
	em := s.widthOf('中', is)
	for in, want := range map[string]string{
		"一二三四五六":        "一二三四|五六",
		"一二三四，五":        "一二三|四，五", // no line begins with a comma
		"一二三（四五）":       "一二三|（四五）",
		"one two three": "one two|three",
		"a\nb":          "a|b",
		"":              "",
	} {
		if got := strings.Join(s.wrap(in, is, 4*em+0.01), "|"); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for _, line := range s.wrap(strings.Repeat("0123456789abcdef", 8), is, 4*em) {
		if s.measure(line, is) > 4*em {
			t.Errorf("%q is too wide", line)
		}
	}
}
