package forms

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// builder fills one form in.
type builder struct {
	Input
	lang  text.Lang
	names bool
	doc   document.Document
}

func (b *builder) t(key text.Key, args ...any) string { return text.Of(b.lang, key, args...) }

func (b *builder) section(title text.Key, rows ...document.Row) {
	b.doc.Sections = append(b.doc.Sections, document.Section{Title: b.t(title), Rows: rows})
}

// row is a line whose value comes from somewhere; without a value the source says where
// it would be asked for.
func (b *builder) row(label text.Key, value, source string) document.Row {
	return document.Row{Label: b.t(label), Value: value, Source: source}
}

// byHand is a line that the gateway has no place for.
func (b *builder) byHand(label text.Key) document.Row {
	return b.row(label, "", b.t(text.FormByHand))
}

// site is a line of what is said of the site.
func (b *builder) site(label text.Key, value string) document.Row {
	return b.row(label, value, b.t(text.FormFromSite))
}

// answer is a line of what was answered to a question.
func (b *builder) answer(label text.Key, q policy.Question) document.Row {
	a, said := b.Facts.Site.Answers[q]
	if !said {
		return b.row(label, "", b.t(text.FormFromQuestion))
	}
	value := b.t(text.Said(a.Says))
	if a.Note != "" {
		value += b.semicolon() + a.Note
	}
	return b.row(label, value, b.t(text.FormFromAnswer, string(a.Date), a.By))
}

// entry is a record as it is printed.
type entry struct {
	store.StoredRecord
	said map[string]any
}

// entries are those of a kind that count, as everything.
func (b *builder) entries(kind register.Kind) []entry {
	return slices.DeleteFunc(b.everything(kind), func(e entry) bool { return e.Withdrawn })
}

// everything of a kind, the oldest first by their day. One that cannot be read has its number
// alone.
func (b *builder) everything(kind register.Kind) (all []entry) {
	for _, r := range b.Records {
		if r.Kind != kind {
			continue
		}
		e := entry{StoredRecord: r}
		if !r.Unreadable {
			_ = json.Unmarshal(r.Body, &e.said) // the store proved that it is JSON
		}
		all = append(all, e)
	}
	slices.SortStableFunc(all, func(a, b entry) int { return strings.Compare(a.text("date"), b.text("date")) })
	return all
}

// newest is the last of a kind that fits; false: there is none.
func (b *builder) newest(kind register.Kind, fits func(entry) bool) (entry, bool) {
	all := b.entries(kind)
	for _, e := range slices.Backward(all) {
		if !e.Unreadable && fits(e) {
			return e, true
		}
	}
	return entry{}, false
}

func anyEntry(entry) bool { return true }

// text is a field as it was entered; empty where it is no text.
func (e entry) text(field string) string {
	s, _ := e.said[field].(string)
	return s
}

// cameras are those that a record lists.
func (e entry) cameras() (ids []string) {
	list, _ := e.said["cameras"].([]any)
	for _, one := range list {
		if id, ok := one.(string); ok {
			ids = append(ids, id)
		}
	}
	if one := e.text("camera"); one != "" && len(ids) == 0 {
		ids = append(ids, one)
	}
	return ids
}

func (e entry) covers(id media.CameraID) bool { return slices.Contains(e.cameras(), string(id)) }

// field is what a record says in one of its fields, in words; empty where nothing is said,
// and where it would name a person on a paper without names.
func (b *builder) field(e entry, f register.Field) string {
	if f.Person {
		return b.person(e, f)
	}
	switch v := e.said[f.Name].(type) {
	case string:
		switch f.Type {
		case "choice":
			return b.choice(e, f, v)
		case "camera":
			return b.Facts.CameraName(media.CameraID(v))
		}
		return v
	case bool:
		return b.t(text.Said(yesOrNo(v)))
	case float64:
		return b.figure(e, f, v)
	case []any:
		return b.several(e, f, v)
	case map[string]any:
		return b.findings(e, v)
	}
	return ""
}

// person is a name that stands beside the record, in which a mark is in its place.
func (b *builder) person(e entry, f register.Field) string {
	name := e.Names[f.Name]
	switch {
	case e.text(f.Name) == "":
		return ""
	case name == "":
		return b.t(text.FormNameForgotten, string(e.Forgotten))
	case !b.names:
		return b.t(text.FormNameKept)
	}
	return name
}

func (b *builder) choice(e entry, f register.Field, word string) string {
	return b.t(text.RecordChoice(string(e.Kind), f.Name, word))
}

func yesOrNo(v bool) string {
	if v {
		return policy.Yes
	}
	return policy.No
}

func (b *builder) figure(e entry, f register.Field, v float64) string {
	if f.Type == "choice" {
		return b.choice(e, f, fmt.Sprint(v))
	}
	return fmt.Sprintf("%.0f", v)
}

func (b *builder) several(e entry, f register.Field, list []any) string {
	var said []string
	for _, one := range list {
		word := fmt.Sprint(one)
		switch {
		case f.Type == "choices":
			word = b.choice(e, f, word)
		case f.Type == "cameras":
			word = b.Facts.CameraName(media.CameraID(word))
		case f.Name == "made_for":
			word = b.fact(word)
		}
		said = append(said, word)
	}
	if f.Name == "made_for" {
		return strings.Join(said, "\n") // facts may hold commas
	}
	return b.list(said)
}

// findings are two lines for each item, the question and what was found, those of earlier
// versions too.
func (b *builder) findings(e entry, items map[string]any) string {
	var lines []string
	for _, item := range inOrder(items) {
		lines = append(lines, b.t(text.RecordChoice(string(e.Kind), "items", item)), fmt.Sprint(items[item]))
	}
	return strings.Join(lines, "\n")
}

// inOrder are the items as the law counts them, then those of earlier versions.
func inOrder(items map[string]any) (words []string) {
	for _, item := range register.AssessmentItems {
		if _, said := items[item]; said {
			words = append(words, item)
		}
	}
	for _, item := range slices.Sorted(maps.Keys(items)) {
		if !slices.Contains(words, item) {
			words = append(words, item)
		}
	}
	return words
}

// comma, semicolon and colon are the language's.
func (b *builder) comma() string {
	if b.lang == text.ZhCN {
		return "、"
	}
	return ", "
}

func (b *builder) semicolon() string {
	if b.lang == text.ZhCN {
		return "；"
	}
	return "; "
}

func (b *builder) colon() string {
	if b.lang == text.ZhCN {
		return "："
	}
	return ": "
}

// list joins words as the language does.
func (b *builder) list(words []string) string { return strings.Join(words, b.comma()) }

// from says which record a value is from.
func (b *builder) from(e entry) string {
	return b.t(text.FormFromRecord, text.RecordKindName(string(e.Kind)), e.ID, b.entered(e))
}

// entered says when and by whom a version was entered.
func (b *builder) entered(e entry) string {
	when, who := b.t(text.RecordUnknown), b.t(text.RecordUnknown)
	if e.Author != "" {
		when, who = string(civil.Of(e.Entered.In(b.zone()))), e.Author
	}
	return b.t(text.FormVersion, e.Number, when, who)
}

func (b *builder) zone() *time.Location { return b.Facts.Now.Location() }

// recorded is a line with a field of a record; without a record the source names the kind
// that it would be in.
func (b *builder) recorded(label text.Key, e entry, found bool, kind register.Kind, field string) document.Row {
	if !found {
		return b.row(label, "", b.t(text.FormFromKind, text.RecordKindName(string(kind))))
	}
	return b.row(label, b.field(e, fieldOf(kind, field)), b.from(e))
}

func fieldOf(kind register.Kind, name string) register.Field {
	for _, f := range register.Fields(kind) {
		if f.Name == name {
			return f
		}
	}
	return register.Field{Name: name}
}
