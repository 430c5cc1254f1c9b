package forms

import (
	"bytes"
	_ "embed"
	"html/template"
	"strings"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
)

//go:embed notice.html
var noticeSource string

//go:embed notice.css
var noticeStyle string

// NoticePolicy lets the notice have its own style and load nothing.
var NoticePolicy = document.PolicyFor(noticeStyle)

var noticePage = template.Must(template.New("notice").Funcs(template.FuncMap{
	"style": func() template.CSS { return template.CSS(noticeStyle) }, // ours, whose hash NoticePolicy has
}).Parse(noticeSource))

// noticeParts are the parts of a notice by the fields of its record, each with its heading.
// Nothing else of the record is shown: where it hangs and its fingerprint are for inspectors.
var noticeParts = []struct {
	field   string
	heading text.Key
}{
	{"contact", "form.line.notice_contact"}, {"purpose", "form.line.notice_purpose"}, {"manner", "form.line.notice_manner"}, {"keeping", "form.line.notice_keeping"},
	{"necessity", "form.line.notice_necessity"}, {"effects", "form.line.notice_effects"}, {"rights", "form.line.notice_rights"},
	{"complaints", "form.line.notice_complaints"}, {"minors", "form.line.notice_minors"},
}

// both is a text in both languages.
type both struct{ ZH, EN string }

func inBoth(key text.Key, args ...any) both {
	return both{text.Of(text.ZhCN, key, args...), text.Of(text.EN, key, args...)}
}

// part is one of a notice: its heading, and the lines as the site wrote them.
type part struct {
	Heading both
	Lines   []string
}

// Notice is the page of the newest notice on record (Order 19, Article 5; Personal Information
// Protection Law, Article 17), in both languages, for a phone as well as for paper; nil where
// none is on record. It has no names of persons in it: the record asks for none.
func Notice(in Input) ([]byte, error) {
	b := &builder{Input: in, lang: text.ZhCN}
	newest, ok := b.newest(register.KindNotice, anyEntry)
	if !ok {
		return nil, nil
	}
	var parts []part
	for _, p := range noticeParts {
		if said := strings.TrimSpace(newest.text(p.field)); said != "" && !fieldOf(register.KindNotice, p.field).Person {
			parts = append(parts, part{inBoth(p.heading), strings.Split(said, "\n")})
		}
	}
	var page bytes.Buffer
	err := noticePage.Execute(&page, map[string]any{
		"Title": inBoth("form.line.notice_title"), "Unit": in.Facts.Site.Unit, "Date": inBoth("form.line.notice_date", newest.text("date")), "Parts": parts,
	})
	return page.Bytes(), err
}

// NoticeLink is where the newest notice says that it can be read; empty: it does not say.
func NoticeLink(in Input) string {
	b := &builder{Input: in}
	newest, _ := b.newest(register.KindNotice, anyEntry)
	return newest.text("link")
}
