package upkeep

import (
	"cmp"
	"crypto/ed25519"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
)

// auditHandlers show the audit log in words.
type auditHandlers struct{ Parts }

func (h auditHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/audit", route.Answer(http.StatusOK, h.page))
	r.HandleFunc("GET /v1/audit/filters", route.Answer(http.StatusOK, h.filters))
	r.HandleFunc("GET /v1/audit/verify", h.verify)
	r.HandleFunc("GET /v1/audit/export", h.export)
}

const (
	auditPage = 50
	// exportLimit is how long an export or a proof of all entries may take.
	exportLimit = 10 * time.Minute
)

// wanted is what a request asks for.
type wanted struct {
	from, to    time.Time // zero: any
	kind, actor string
}

// of is false for signatures, which come each minute and say nothing to a person.
func (w wanted) of(e store.AuditRecord) bool {
	group, _, _ := strings.Cut(e.Action, ".")
	return e.Action != store.SignAction && (w.kind == "" || w.kind == group) && (w.actor == "" || w.actor == accountOf(e.Actor)) &&
		(w.from.IsZero() || !e.Time.Before(w.from)) && (w.to.IsZero() || e.Time.Before(w.to))
}

// accountOf is the account of an actor, whatever role it had then, or who it is without one.
func accountOf(actor string) string {
	if _, id, ok := strings.Cut(actor, ":"); ok {
		return id
	}
	return actor
}

func (h auditHandlers) wanted(r *http.Request) (w wanted, err error) {
	q := r.URL.Query()
	w.kind, w.actor = q.Get("kind"), q.Get("actor")
	for _, day := range []struct {
		name string
		into *time.Time
		plus int
	}{{"from", &w.from, 0}, {"to", &w.to, 1}} {
		given := q.Get(day.name)
		if given == "" {
			continue
		}
		at, err := time.ParseInLocation(time.DateOnly, given, h.Zone())
		if err != nil {
			return w, api.Refuse(api.CodeInvalid, text.QueryDay, given)
		}
		*day.into = at.AddDate(0, 0, day.plus)
	}
	return w, nil
}

func (h auditHandlers) page(r *http.Request) (any, error) {
	w, err := h.wanted(r)
	if err != nil {
		return nil, err
	}
	before, err := strconv.ParseUint(cmp.Or(r.URL.Query().Get("before"), "0"), 10, 64)
	if err != nil {
		return nil, api.Refuse(api.CodeInvalid, text.QueryNumber, "before")
	}
	all, next, err := h.Store.AuditPage(before, auditPage, w.of)
	if err != nil {
		return nil, err
	}
	reporter, zone := h.reporter(r), h.Zone()
	out := api.AuditPage{Entries: []api.AuditEntry{}, Next: next}
	for _, e := range all {
		e.Time = e.Time.In(zone)
		out.Entries = append(out.Entries, reporter.entry(e))
	}
	return out, nil
}

// filters lists what entries can be chosen by.
func (h auditHandlers) filters(r *http.Request) (any, error) {
	reporter := h.reporter(r)
	out := api.AuditFilters{Kinds: []api.AuditChoice{}, People: []api.AuditChoice{}}
	for _, kind := range audit.Kinds {
		out.Kinds = append(out.Kinds, api.AuditChoice{Value: kind, Word: text.Of(reporter.lang, text.Key("console.audit.kind."+kind))})
	}
	for _, who := range []string{audit.Gateway, "local", audit.Broker, audit.Anonymous} {
		out.People = append(out.People, api.AuditChoice{Value: who, Word: reporter.who(who)})
	}
	for key, name := range reporter.names {
		if id, ok := strings.CutPrefix(key, "user/"); ok {
			out.People = append(out.People, api.AuditChoice{Value: id, Word: name})
		}
	}
	slices.SortFunc(out.People[4:], func(a, b api.AuditChoice) int { return cmp.Compare(a.Word, b.Word) })
	return out, nil
}

func (h auditHandlers) verify(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportLimit))
	route.Answer(http.StatusOK, func(*http.Request) (any, error) {
		key, err := h.Store.Signer()
		if err != nil {
			return nil, err
		}
		public := key.Public().(ed25519.PublicKey)
		entries, signed, err := h.Store.VerifyAudit(public)
		return api.AuditVerified{Entries: entries, Signed: signed, Key: hex.EncodeToString(public)}, err
	})(w, r)
}

// export writes the entries as a table, the newest first.
func (h auditHandlers) export(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportLimit))
	want, err := h.wanted(r)
	if err == nil {
		err = h.Audit.Did(r.Context(), audit.AuditExported, "trail", "", nil)
	}
	if err != nil {
		route.RefuseTo(w, r, err)
		return
	}
	reporter, zone := h.reporter(r), h.Zone()
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	fmt.Fprint(w, "\ufeff") // else spreadsheets take it for another coding
	out := csv.NewWriter(w)
	var head []string
	for _, column := range []string{"seq", "time", "who", "what", "subject", "detail", "action", "actor"} {
		head = append(head, text.Of(reporter.lang, text.Key("console.audit.column."+column)))
	}
	_ = out.Write(head) // the client may be gone
	for before := uint64(0); ; {
		all, next, err := h.Store.AuditPage(before, 1000, want.of)
		if err != nil {
			h.Log.Error("the audit log cannot be exported", "error", err)
			panic(http.ErrAbortHandler)
		}
		for _, e := range all {
			said := reporter.entry(e)
			_ = out.Write(cells(strconv.FormatUint(e.Seq, 10), e.Time.In(zone).Format("2006-01-02 15:04:05 -07:00"), said.Who, said.What, cmp.Or(said.Name, e.Subject), e.Detail, e.Action, e.Actor))
		}
		out.Flush()
		if next == 0 || out.Error() != nil {
			return
		}
		before = next
	}
}

// cells keeps a spreadsheet from taking a name for a formula.
func cells(all ...string) []string {
	for i, s := range all {
		all[i] = document.Harmless(s)
	}
	return all
}

// reporter says entries in a language.
type reporter struct {
	lang  text.Lang
	names map[string]string
}

func (h auditHandlers) reporter(r *http.Request) reporter {
	lang := route.Lang(r)
	return reporter{lang, h.Names(lang)}
}

func (t reporter) entry(e store.AuditRecord) api.AuditEntry {
	return api.AuditEntry{
		Seq: e.Seq, Time: e.Time, Action: e.Action, What: t.word("console.audit.action.", e.Action), Actor: e.Actor, Who: t.who(e.Actor),
		Subject: e.Subject, Name: t.subject(e.Subject), Detail: t.detail(e.Detail),
	}
}

// word is a key's text, or what it would stand for where the catalogue has none: an earlier version's.
func (t reporter) word(prefix, name string) string {
	if key := text.Key(prefix + name); text.Has(key) {
		return text.Of(t.lang, key)
	}
	return name
}

func (t reporter) who(actor string) string {
	role, id, account := strings.Cut(actor, ":")
	if !account {
		return t.word("console.audit.who.", actor)
	}
	if name := cmp.Or(t.names["user/"+id], t.names["token/"+id]); name != "" {
		return name
	}
	return text.Of(t.lang, "console.audit.gone", t.word("console.role.", role), id)
}

// subject is the kind of what an entry is about, and its name; of a kind without a word all of it.
func (t reporter) subject(s string) string {
	kind, id, named := strings.Cut(s, "/")
	key := text.Key("console.audit.subject." + kind)
	switch {
	case !text.Has(key):
		return cmp.Or(t.names[s], s)
	case !named:
		return text.Of(t.lang, key)
	}
	return text.Of(t.lang, key) + " " + cmp.Or(t.names[s], id)
}

// detail says the states of cameras in words; the rest is for who knows what it means.
func (t reporter) detail(s string) string {
	was, now, ok := strings.Cut(s, ">")
	if !ok || strings.ContainsAny(s, " =") {
		return s
	}
	return t.word("console.audit.state.", was) + " → " + t.word("console.audit.state.", now)
}
