package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/evaluation"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/progress"
)

// siteHandlers answer for the site: what is said of it, its records, the clauses and
// the evidence.
type siteHandlers struct {
	evaluation *evaluation.Evaluation
	gateway    string      // its name
	data       string      // folder for files on their way
	verifying  *sync.Mutex // held by one proof of a pack at a time
	edits      *route.Edits
	progress   *progress.Desk
}

func (h siteHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/site", route.Read(h.site))
	r.HandleFunc("PUT /v1/site", h.edits.Change(h.site, route.Answer(http.StatusOK, h.setSite)))
	r.HandleFunc("GET /v1/site/questions", route.Answer(http.StatusOK, h.questions))
	r.HandleFunc("GET /v1/site/open", route.Answer(http.StatusOK, func(r *http.Request) (any, error) { return h.evaluation.Open(r.Context()) }))
	r.HandleFunc("PUT /v1/site/answers/{question}", route.Answer(http.StatusOK, h.setAnswer))
	r.HandleFunc("GET /v1/calendar", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return h.evaluation.Calendar() }))
	r.HandleLarge("PUT /v1/calendar", civil.MaxFile, route.Answer(http.StatusOK, h.setCalendar))
	r.HandleFunc("GET /v1/compliance", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return h.evaluation.Preview(), nil }))
	r.HandleFunc("GET /v1/deadlines.ics", h.deadlines)
	r.HandleFunc("GET /v1/protection", route.Answer(http.StatusOK, h.days))
	r.HandleFunc("GET /v1/records/{kind}", route.Answer(http.StatusOK, h.records))
	r.HandleFunc("POST /v1/records/{kind}", route.Answer(http.StatusCreated, h.addRecord))
	r.HandleFunc("PUT /v1/records/{kind}/{id}", h.edits.Change(h.version, route.Answer(http.StatusOK, h.correctRecord)))
	r.HandleFunc("POST /v1/records/{kind}/{id}/withdraw", route.Answer(http.StatusOK, h.withdrawRecord))
	r.HandleFunc("GET /v1/evidence/key", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return h.evaluation.EvidenceKey() }))
	r.HandleFunc("POST /v1/evidence", h.evidence)
	r.HandleLarge("POST /v1/evidence/verify", maxPack, route.Answer(http.StatusOK, h.verify))
}

func (h siteHandlers) site(*http.Request) (any, error) { return h.evaluation.Site() }

func (h siteHandlers) setSite(r *http.Request) (any, error) {
	var in policy.Site
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, h.evaluation.SetSite(r.Context(), in)
}

// questions are those that decide which duties there are, with what was answered.
func (h siteHandlers) questions(*http.Request) (any, error) {
	site, err := h.evaluation.Site()
	all := []api.Question{}
	for _, q := range policy.Questions {
		one := api.Question{ID: q, Question: api.Words{EN: text.Of(text.EN, q.Word()), ZH: text.Of(text.ZhCN, q.Word())}}
		if a, answered := site.Answers[q]; answered {
			one.Answer = &a
		}
		all = append(all, one)
	}
	return all, err
}

func (h siteHandlers) setAnswer(r *http.Request) (any, error) {
	var in policy.Answer
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, h.evaluation.SetAnswer(r.Context(), policy.Question(r.PathValue("question")), in)
}

// setCalendar takes the file itself, not JSON with a file in it.
func (h siteHandlers) setCalendar(r *http.Request) (any, error) {
	file, err := io.ReadAll(r.Body)
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return nil, api.Refuse(api.CodeTooLarge, text.AccessTooLarge, large.Limit)
	}
	if err != nil {
		return nil, api.Because(api.CodeInvalid, err)
	}
	return h.evaluation.SetCalendar(r.Context(), file)
}

func (h siteHandlers) records(r *http.Request) (any, error) {
	return h.evaluation.Records(r.Context(), register.Kind(r.PathValue("kind")))
}

func (h siteHandlers) addRecord(r *http.Request) (any, error) {
	var raw json.RawMessage
	if err := route.Body(r, &raw); err != nil {
		return nil, err
	}
	kind, rec, err := decodeRecord(r, raw)
	if err != nil {
		return nil, err
	}
	return h.evaluation.AddRecord(r.Context(), kind, rec)
}

func (h siteHandlers) correctRecord(r *http.Request) (any, error) {
	var in api.Correction
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	if err := register.CheckReason(in.Reason); err != nil {
		return nil, api.Because(api.CodeInvalid, err)
	}
	kind, rec, err := decodeRecord(r, in.Record)
	if err != nil {
		return nil, err
	}
	return h.evaluation.CorrectRecord(r.Context(), kind, r.PathValue("id"), rec, in.Reason)
}

// version is the number of a record's newest version, as a text: a correction can name it as
// what it replaces.
func (h siteHandlers) version(r *http.Request) (any, error) {
	return h.evaluation.NewestVersion(register.Kind(r.PathValue("kind")), r.PathValue("id"))
}

func (h siteHandlers) withdrawRecord(r *http.Request) (any, error) {
	var in api.Withdrawal
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	if err := register.CheckReason(in.Reason); err != nil {
		return nil, api.Because(api.CodeInvalid, err)
	}
	return h.evaluation.WithdrawRecord(r.Context(), register.Kind(r.PathValue("kind")), r.PathValue("id"), in.Reason)
}

// decodeRecord reads a record of the kind that the path names.
func decodeRecord(r *http.Request, raw json.RawMessage) (register.Kind, register.Record, error) {
	kind := register.Kind(r.PathValue("kind"))
	if register.New(kind) == nil {
		return kind, nil, api.Refuse(api.CodeNotFound, text.RecordKind, string(kind))
	}
	rec, err := register.Decode(kind, raw)
	if err != nil && !errors.Is(err, field.ErrInvalid) {
		return kind, nil, route.Unreadable(err)
	}
	if err != nil {
		return kind, nil, api.Because(api.CodeInvalid, err)
	}
	return kind, rec, nil
}

// days answers with the times of protection: ?from=DAY&to=DAY.
func (h siteHandlers) days(r *http.Request) (any, error) {
	q := r.URL.Query()
	return h.evaluation.Days(civil.Date(q.Get("from")), civil.Date(q.Get("to")))
}

// evidence makes the pack in a file first, so that what goes wrong is reported
// as an error and not as half a pack.
func (h siteHandlers) evidence(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(api.EvidenceLimit))
	q := r.URL.Query()
	work, end := h.progress.Begin(r.Context(), q.Get("progress"))
	defer end()
	f, err := h.evidenceFile(work, civil.Date(q.Get("from")), civil.Date(q.Get("to")))
	if err != nil {
		route.RefuseTo(w, r, err)
		return
	}
	defer f.Close()
	w.Header().Set("Content-Type", "application/zip")
	http.ServeContent(w, r, "", time.Time{}, f)
}

// evidenceFile returns an open file that has no name any more.
func (h siteHandlers) evidenceFile(ctx context.Context, from, to civil.Date) (*os.File, error) {
	f, err := os.CreateTemp(h.data, ".evidence-*") // of mode 0600
	if err != nil {
		return nil, err
	}
	err = errors.Join(os.Remove(f.Name()), h.evaluation.WriteEvidence(ctx, from, to, f))
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// maxPack bounds an evidence pack that is to be verified; a year of a busy
// site is some 100 MB.
const maxPack = 256 << 20

func (h siteHandlers) verify(r *http.Request) (any, error) {
	if !h.verifying.TryLock() {
		return nil, api.Refuse(api.CodeBusy, text.AccessBusy)
	}
	defer h.verifying.Unlock()
	f, err := os.CreateTemp(h.data, ".verify-*") // of mode 0600
	if err != nil {
		return nil, err
	}
	defer f.Close()
	err = os.Remove(f.Name()) // a power cut leaves nothing behind
	size, copied := io.Copy(f, r.Body)
	err = errors.Join(err, copied)
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return nil, api.Refuse(api.CodeTooLarge, text.AccessTooLarge, large.Limit)
	}
	if err != nil {
		return nil, api.Because(api.CodeInvalid, err)
	}
	return h.verified(f, size, route.Lang(r))
}

func (h siteHandlers) verified(f *os.File, size int64, lang text.Lang) (any, error) {
	p, err := compliance.Verify(f, size)
	if errors.Is(err, compliance.ErrForged) {
		return api.Verified{Message: text.Explain(lang, err)}, nil
	}
	if err != nil {
		return nil, err
	}
	own, err := h.evaluation.EvidenceKey()
	return api.Verified{Valid: true, Own: own.Key == p.Key, Proven: &p}, err
}

// deadlines answers with a file that calendar programs read, and can ask for again.
func (h siteHandlers) deadlines(w http.ResponseWriter, r *http.Request) {
	file := compliance.Deadlines(h.gateway, h.evaluation.Preview(), route.Lang(r))
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="deadlines.ics"`)
	_, _ = w.Write(file) // the client may be gone
}
