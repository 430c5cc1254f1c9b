package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// RecordID is the answer of POST /v1/records/{kind}.
type RecordID struct {
	ID string `json:"id"`
}

// Correction is the body of PUT /v1/records/{kind}/{id}: the next version of a record, and
// in one line why there is one.
type Correction struct {
	Reason string          `json:"reason"`
	Record json.RawMessage `json:"record"`
}

// Record is a record as it is listed.
type Record struct {
	store.StoredRecord
	// Confirm says what it lacks by what is asked of new ones; empty where it lacks
	// nothing. Records that earlier versions took may.
	Confirm Words `json:"confirm,omitzero"`
}

// RecordKind is a kind of records with what a form asks for.
type RecordKind struct {
	Choice
	// About says what it is for.
	About  Words         `json:"about"`
	Fields []RecordField `json:"fields"`
}

// RecordField is one field; Type is that of register.Field.
type RecordField struct {
	Choice
	// Hint says more; zero: there is nothing to say.
	Hint     Words  `json:"hint,omitzero"`
	Type     string `json:"type"`
	Required bool   `json:"required"`
	// Filled ones are filled in by the gateway and not asked for.
	Filled bool `json:"filled"`
	// Person: it names a person, and is shown to managers alone. Later: the day may lie ahead.
	Person bool `json:"person"`
	Later  bool `json:"later"`
	// Min and Max bound a number; nil for all other types.
	Min     *int           `json:"min,omitempty"`
	Max     *int           `json:"max,omitempty"`
	Choices []RecordChoice `json:"choices,omitempty"`
}

// RecordChoice is one choice of a field; Hint says more of an item, Group is the heading that
// it stands under; zero: there is none.
type RecordChoice struct {
	Choice
	Hint  Words `json:"hint,omitzero"`
	Group Words `json:"group,omitzero"`
}

// Words is a text in both languages.
type Words = policy.Text

// Choice is one of what can be chosen.
type Choice struct {
	ID   string `json:"id"`
	Name Words  `json:"name"`
}

// PlaceChoice is a place; Law is what the rules in force say of a prohibited one.
type PlaceChoice struct {
	Choice
	Prohibited bool  `json:"prohibited"`
	Law        Words `json:"law"`
}

// SiteKind is a kind of places with the class that follows from it, art7, art9 or non_public.
type SiteKind struct {
	Choice
	Class string `json:"class"`
	// Secondary: the class is known from a secondary source alone, the police may see it in
	// another way.
	Secondary bool `json:"secondary"`
}

// Setting is one key of the settings file as it is in force.
type Setting struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	Default bool   `json:"default"`
	About   Words  `json:"about"`
}

// Compliance asks how the site stands.
func (c *Client) Compliance(ctx context.Context) (compliance.Report, error) {
	var out compliance.Report
	return out, c.Call(ctx, http.MethodGet, "/v1/compliance", nil, &out)
}

// Days asks for the times of protection from one day to another.
func (c *Client) Days(ctx context.Context, from, to civil.Date) ([]store.Day, error) {
	var out []store.Day
	q := url.Values{"from": {string(from)}, "to": {string(to)}}
	return out, c.Call(ctx, http.MethodGet, "/v1/protection?"+q.Encode(), nil, &out)
}

// Records lists the records of a kind.
func (c *Client) Records(ctx context.Context, kind register.Kind) ([]Record, error) {
	var out []Record
	return out, c.Call(ctx, http.MethodGet, "/v1/records/"+url.PathEscape(string(kind)), nil, &out)
}

// PutRecord stores a record.
func (c *Client) PutRecord(ctx context.Context, kind register.Kind, rec register.Record) (RecordID, error) {
	var out RecordID
	return out, c.Call(ctx, http.MethodPost, "/v1/records/"+url.PathEscape(string(kind)), rec, &out)
}

// CorrectRecord stores the next version of a record.
func (c *Client) CorrectRecord(ctx context.Context, kind register.Kind, id string, rec register.Record, reason string) (RecordID, error) {
	var out RecordID
	b, err := json.Marshal(rec)
	if err != nil {
		return out, err
	}
	path := fmt.Sprintf("/v1/records/%s/%s", url.PathEscape(string(kind)), url.PathEscape(id))
	return out, c.Call(ctx, http.MethodPut, path, Correction{reason, b}, &out)
}

// Decode returns a version of a record that was stored.
func Decode(kind register.Kind, v store.Version) (register.Record, error) {
	rec := register.New(kind)
	if rec == nil {
		return nil, fmt.Errorf("record of kind %q: are both programs of the same version?", kind)
	}
	return rec, json.Unmarshal(v.Body, rec)
}

// EvidenceKey is the public key that signs this gateway's evidence, in hex.
type EvidenceKey struct {
	Key string `json:"key"`
}

// Verified is the answer of POST /v1/evidence/verify.
type Verified struct {
	Valid bool `json:"valid"`
	// Message says why not.
	Message string `json:"message,omitempty"`
	// Own says that this very gateway signed it.
	Own bool `json:"own"`
	// Proven is what the pack says; absent where it is not valid.
	Proven *compliance.Proven `json:"proven,omitempty"`
}

// EvidenceLimit is how long an export may take; a year with a million entries
// takes some ten seconds on a PC.
const EvidenceLimit = 10 * time.Minute

// Evidence fetches a pack into a file, which appears when it is whole. An
// existing one is replaced.
func (c *Client) Evidence(ctx context.Context, from, to civil.Date, path string) error {
	q := url.Values{"from": {string(from)}, "to": {string(to)}}
	req, err := c.request(ctx, http.MethodPost, "/v1/evidence?"+q.Encode(), nil)
	if err != nil {
		return err
	}
	res, err := (&http.Client{Transport: c.http.Transport, Timeout: EvidenceLimit}).Do(req)
	if err != nil {
		return plainError(err)
	}
	defer res.Body.Close()
	if res.StatusCode >= 400 {
		return decodeError(res)
	}
	return writeWhole(path, res.Body)
}

func writeWhole(path string, r io.Reader) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".bauta-*")
	if err != nil {
		return wholefile.Unwritten(path, err)
	}
	defer os.Remove(tmp.Name())
	_, err = io.Copy(tmp, r)
	if err = errors.Join(err, tmp.Close()); err != nil {
		return wholefile.Unwritten(path, err)
	}
	return wholefile.Unwritten(path, os.Rename(tmp.Name(), path))
}

// EvidenceKey asks for the public key.
func (c *Client) EvidenceKey(ctx context.Context) (EvidenceKey, error) {
	var out EvidenceKey
	return out, c.Call(ctx, http.MethodGet, "/v1/evidence/key", nil, &out)
}

// Site asks what is said of the site.
func (c *Client) Site(ctx context.Context) (policy.Site, error) {
	var out policy.Site
	return out, c.Call(ctx, http.MethodGet, "/v1/site", nil, &out)
}

// SetSite replaces what is said of the site.
func (c *Client) SetSite(ctx context.Context, site policy.Site) error {
	return c.Call(ctx, http.MethodPut, "/v1/site", site, nil)
}

// Question is one that decides which duties the site has; Answer is nil while nobody answered.
type Question struct {
	ID       policy.Question `json:"id"`
	Question Words           `json:"question"`
	Answer   *policy.Answer  `json:"answer"`
}

// Questions asks for the questions and what was answered.
func (c *Client) Questions(ctx context.Context) ([]Question, error) {
	var out []Question
	return out, c.Call(ctx, http.MethodGet, "/v1/site/questions", nil, &out)
}

// Answer answers one; who and when the gateway notes.
func (c *Client) Answer(ctx context.Context, q policy.Question, a policy.Answer) error {
	return c.Call(ctx, http.MethodPut, "/v1/site/answers/"+url.PathEscape(string(q)), a, nil)
}

// Open is something that waits for an answer: a clause, or a record that lacks what is asked of
// new ones.
type Open struct {
	// Clause is empty for a record; Was is how it stood before the last update, empty where it
	// is as it was.
	Clause string        `json:"clause,omitempty"`
	Status policy.Status `json:"status,omitempty"`
	Was    policy.Status `json:"was,omitempty"`
	// Kind and ID are those of a record.
	Kind register.Kind `json:"kind,omitempty"`
	ID   string        `json:"id,omitempty"`
	Why  Words         `json:"why"`
	// Next is what to do, Action its name for programs as at a clause, or complete for a record.
	Next   Words  `json:"next"`
	Action string `json:"action"`
	// Question is the one that waits; empty: it is something else.
	Question policy.Question `json:"question,omitempty"`
}

// Opens asks what waits for an answer.
func (c *Client) Opens(ctx context.Context) ([]Open, error) {
	var out []Open
	return out, c.Call(ctx, http.MethodGet, "/v1/site/open", nil, &out)
}

// Facts asks what is said of a camera.
func (c *Client) Facts(ctx context.Context, id media.CameraID) (policy.Camera, error) {
	var out policy.Camera
	return out, c.Call(ctx, http.MethodGet, cameraPath(id, "facts"), nil, &out)
}

// SetFacts replaces what is said of a camera.
func (c *Client) SetFacts(ctx context.Context, id media.CameraID, facts policy.Camera) error {
	return c.Call(ctx, http.MethodPut, cameraPath(id, "facts"), facts, nil)
}
