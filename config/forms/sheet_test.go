package forms

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
)

// The sheet has what is needed at a camera without the gateway, and no password that somebody
// else has.
func TestSheet(t *testing.T) {
	set, former := store.NewSecret("Xk7mN2pq"), store.NewSecret("former-Secret")
	accounts := []store.Account{{Name: "<admin>", Level: "Administrator", Current: &set, Former: &former, Spare: []store.Secret{former}}, {Name: "unknown", Level: "Vendor"}}
	at := time.Date(2026, 11, 30, 8, 5, 0, 0, time.UTC)
	for _, lang := range text.Langs {
		d := Sheet("main-building", store.Camera{ID: "lobby", Name: "大厅", URL: "rtsp://10.20.0.7/live"}, accounts, at, lang)
		for _, format := range []document.Format{document.HTML, document.PDF} {
			var b bytes.Buffer
			if err := (document.Printer{}).Print(&b, d, format); err != nil {
				t.Fatal(err)
			}
			if format == document.PDF {
				continue // its text is compressed: see package document
			}
			page := b.String()
			for _, want := range []string{"&lt;admin&gt;", "Xk7mN2pq", "大厅 (lobby)", "rtsp://10.20.0.7/live", "main-building", "2026-11-30 08:05", text.AccountLevel(lang, "Administrator"), "bauta camera unlock lobby"} {
				if !strings.Contains(page, want) {
					t.Errorf("%s: no %s", lang, want)
				}
			}
			if strings.Contains(page, "former-Secret") || strings.Contains(page, "unknown") {
				t.Errorf("%s: too much: %s", lang, page)
			}
		}
	}
}
