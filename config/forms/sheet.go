package forms

import (
	"time"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
)

// Sheet is the recovery sheet of a camera: the passwords that the gateway set there, for when
// there is no gateway. at is by the clock of the site.
func Sheet(gateway string, c store.Camera, accounts []store.Account, at time.Time, lang text.Lang) document.Document {
	t := func(key text.Key, args ...any) string { return text.Of(lang, key, args...) }
	rows := [][]string{}
	for _, a := range accounts {
		if a.Current != nil {
			rows = append(rows, []string{a.Name, text.AccountLevel(lang, a.Level), a.Current.Reveal()})
		}
	}
	name := string(c.ID)
	if c.Name != "" && c.Name != name {
		name = c.Name + " (" + name + ")"
	}
	return document.Document{
		Title: t(text.SheetTitle), Lang: lang, Notice: t(text.SheetNotice), NotSaid: t(text.FormNotSaid),
		Head: []string{t(text.SheetCamera) + ": " + name, t(text.SheetAddress) + ": " + c.URL, t(text.FormHead, gateway, at.Format("2006-01-02 15:04 -07:00"))},
		Sections: []document.Section{{Title: t(text.SheetTitle), About: t(text.SheetAbout), Tables: []document.Table{
			{Head: []string{t(text.HeadAccountName), t(text.HeadAccountLevel), t(text.SheetPassword)}, Rows: rows},
		}}},
		Foot: []string{t(text.SheetFoot, c.ID)},
	}
}
