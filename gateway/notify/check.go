package notify

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/notify/deliver"
)

// line reports whether a text is one printable line of at most so many bytes.
func line(s string, most int) bool {
	return len(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// bare reports whether a text is an address of a mailbox and nothing else.
func bare(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == "" && len(s) <= 200 && !strings.ContainsAny(s, "<>\"\\\r\n ")
}

// checkMail takes an empty host for a server that is taken away.
func checkMail(in api.NotifyMail) error {
	switch {
	case in.Host == "":
		return nil
	case !line(in.Host, 253) || strings.ContainsAny(in.Host, "/:@ ") && !strings.Contains(in.Host, "::"):
		return api.Refuse(api.CodeInvalid, text.NotifyMailHost)
	case in.Port < 1 || in.Port > 65535:
		return api.Refuse(api.CodeInvalid, text.NotifyMailPort)
	case !slices.Contains([]api.MailSecurity{api.MailStartTLS, api.MailTLS, api.MailPlain}, in.Security):
		return api.Refuse(api.CodeInvalid, text.NotifyMailSecurity)
	case in.Security == api.MailPlain && in.User != "":
		return api.Refuse(api.CodeInvalid, text.NotifyMailPlain)
	case !bare(in.From):
		return api.Refuse(api.CodeInvalid, text.NotifyMailFrom)
	case !line(in.User, 200) || !line(in.Password, 200):
		return api.Refuse(api.CodeInvalid, text.NotifyMailLogin)
	}
	return nil
}

func checkRules(in api.NotifyRules) error {
	within := func(n, least, most int) bool { return n >= least && n <= most }
	if !within(in.DigestS, 0, 3600) || !within(in.PerHour, 1, 60) || !within(in.DeadlineDays, 1, 90) || !within(in.CertificateDays, 1, 90) {
		return api.Refuse(api.CodeInvalid, text.NotifyRules)
	}
	for kind, rule := range in.Kinds {
		if !slices.Contains(api.TroubleKinds, kind) || !within(rule.DelayS, 0, 86400) || !within(rule.RepeatH, 0, 720) {
			return api.Refuse(api.CodeInvalid, text.NotifyRules)
		}
	}
	return nil
}

func checkURL(url string, private bool) error {
	if len(url) > 1000 {
		return api.Refuse(api.CodeInvalid, text.NotifyURL)
	}
	if err := (deliver.Address{URL: url, Private: private}).Check(); err != nil {
		return api.Refuse(api.CodeInvalid, text.NotifyURL)
	}
	return nil
}

func checkTo(to api.NotifyTo) error {
	for _, kind := range to.Kinds {
		if !slices.Contains(api.TroubleKinds, kind) {
			return api.Refuse(api.CodeInvalid, text.NotifyKind, string(kind))
		}
	}
	if (to.QuietFrom == "") != (to.QuietTo == "") || to.QuietFrom != "" && (!isClock(to.QuietFrom) || !isClock(to.QuietTo)) {
		return api.Refuse(api.CodeInvalid, text.NotifyQuiet)
	}
	return nil
}

func isClock(s string) bool {
	_, err := time.Parse("15:04", s)
	return err == nil && len(s) == len("15:04")
}

// quiet reports whether it is a quiet hour by the clock of the site. Hours over midnight are meant
// where they end before they begin.
func quiet(to api.NotifyTo, now time.Time) bool {
	at := now.Format("15:04")
	switch from, until := to.QuietFrom, to.QuietTo; {
	case from == until: // none
		return false
	case from < until:
		return at >= from && at < until
	default:
		return at >= from || at < until
	}
}
