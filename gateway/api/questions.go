package api

import (
	"context"
	"net/http"
	"net/url"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Guided is a question of the guided list with what is known already.
type Guided struct {
	ID    string `json:"id"`
	Title Words  `json:"title"`
	About Words  `json:"about"`
	// Who can answer it.
	Who Words `json:"who"`
	// Duties are the clauses that hang on it; Open are those that are unknown and that its
	// answer makes known.
	Duties []GuidedDuty `json:"duties"`
	Open   []string     `json:"open"`
	// State is open, answered, or spared where none of its duties applies at this site.
	State string `json:"state"`
	// By answered it last, on the day Date; empty: nobody, or an earlier version did not note it.
	By   string     `json:"by,omitempty"`
	Date civil.Date `json:"date,omitempty"`
	// Actions are the next steps of clauses that it deals with.
	Actions []string `json:"actions,omitempty"`
	// Page is where it is dealt with instead of here.
	Page string `json:"page,omitempty"`
	// Site are fields of the site, Columns facts of each camera of Cameras.
	Site    []GuidedField  `json:"site,omitempty"`
	Answer  *GuidedAnswer  `json:"answer,omitempty"`
	Columns []GuidedField  `json:"columns,omitempty"`
	Cameras []GuidedCamera `json:"cameras,omitempty"`
	Records []GuidedRecord `json:"records,omitempty"`
	// Tag goes into If-Match of an answer that replaces this one.
	Tag string `json:"tag"`
}

// GuidedDuty is a clause that hangs on a question.
type GuidedDuty struct {
	ID       string        `json:"id"`
	Citation Words         `json:"citation"`
	Duty     Words         `json:"duty"`
	Status   policy.Status `json:"status"`
}

// GuidedField is a field with what is known of it; Suggestions may be taken instead of typing.
type GuidedField struct {
	RecordField
	Value       any     `json:"value,omitempty"`
	Suggestions []Words `json:"suggestions,omitempty"`
}

// GuidedAnswer is a yes or no; Says is empty while nobody answered. More belongs to it. One
// without an ID chooses the record and is not kept.
type GuidedAnswer struct {
	ID       policy.Question `json:"id,omitempty"`
	Question Words           `json:"question"`
	Says     string          `json:"says,omitempty"`
	More     []GuidedField   `json:"more,omitempty"`
}

// CameraName names a camera.
type CameraName struct {
	ID   media.CameraID `json:"id"`
	Name string         `json:"name"`
}

// GuidedCamera is a camera with what is known of it, by the names of the columns.
type GuidedCamera struct {
	CameraName
	Values map[string]any `json:"values"`
}

// GuidedRecord is a record that a question asks for.
type GuidedRecord struct {
	Kind  register.Kind `json:"kind"`
	Title Words         `json:"title"`
	// When is the answer that wants it, yes or no; empty: it is wanted always.
	When string `json:"when,omitempty"`
	// Each: a record is made for each of the cameras that are chosen.
	Each bool `json:"each,omitempty"`
	// Whole: it asks for all fields of the kind, also those that few need.
	Whole  bool          `json:"whole,omitempty"`
	Fields []GuidedField `json:"fields"`
	// Have are on record, the newest of the day Newest.
	Have   int    `json:"have"`
	Newest string `json:"newest,omitempty"`
}

// GuidedSaid is the body of PUT /v1/questions/{id}. Records are in the order of the question's;
// null leaves one out.
type GuidedSaid struct {
	Site    map[string]any                    `json:"site,omitempty"`
	Answer  *policy.Answer                    `json:"answer,omitempty"`
	Cameras map[media.CameraID]map[string]any `json:"cameras,omitempty"`
	Records []map[string]any                  `json:"records,omitempty"`
}

// Guide asks for the guided questions.
func (c *Client) Guide(ctx context.Context) ([]Guided, error) {
	var out []Guided
	return out, c.Call(ctx, http.MethodGet, "/v1/questions", nil, &out)
}

// Say answers one of them.
func (c *Client) Say(ctx context.Context, id string, said GuidedSaid) error {
	return c.Call(ctx, http.MethodPut, "/v1/questions/"+url.PathEscape(id), said, nil)
}
