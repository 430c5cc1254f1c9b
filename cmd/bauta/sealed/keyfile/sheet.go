package keyfile

import (
	"fmt"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/text"
)

// Sheet is the page from which the key can be typed in again, in both languages: whoever
// finds it in the safe may read either.
func (k Key) Sheet(now time.Time) document.Document {
	both := func(key text.Key) string { return text.Of(text.ZhCN, key) + " / " + text.Of(text.EN, key) }
	d := document.Document{
		Title: both(text.SealedSheetTitle), Lang: text.ZhCN, Notice: both(text.SealedSheetNotice), NotSaid: "-",
		Columns:  [3]string{both(text.SealedSheetWhat), both(text.SealedSheetValue), both(text.SealedSheetRemark)},
		Sections: []document.Section{{Code: k.Identity.String()}},
	}
	rows := []document.Row{
		{Label: both(text.SealedSheetSecret), Value: lines(k.Letters(), 4), Source: both(text.SealedSheetLetters)},
		{Label: both(text.SealedSheetPublic), Value: k.Public(), Source: both(text.SealedSheetForGateway)},
		{Label: both(text.SealedSheetLabel), Value: k.Label, Source: both(text.SealedSheetLabelNote)},
		{Label: both(text.SealedSheetDay), Value: now.Format(time.DateOnly)},
	}
	how := document.Section{Title: both(text.SealedSheetHow)}
	for i, key := range []text.Key{text.SealedSheetKeep, text.SealedSheetApart, text.SealedSheetRestore, text.SealedSheetLost} {
		how.Rows = append(how.Rows, document.Row{Label: fmt.Sprint(i + 1), Value: text.Of(text.ZhCN, key) + "\n" + text.Of(text.EN, key)})
	}
	d.Sections = append(d.Sections, document.Section{Rows: rows}, how)
	return d
}

// lines has so many groups of letters on each line.
func lines(groups string, each int) string {
	var out strings.Builder
	for i, g := range strings.Fields(groups) {
		switch {
		case i == 0:
		case (i-1)%each == 0:
			out.WriteByte('\n')
		default:
			out.WriteByte(' ')
		}
		out.WriteString(g)
	}
	return out.String()
}
