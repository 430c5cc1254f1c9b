package register

import (
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Training is that of one person who has to do with the footage (Decree 799 Article 16(2),
// Personal Information Protection Law Article 51).
type Training struct {
	Date civil.Date `json:"date" form:"required"`
	// Person by name, or Pseudonym: one of them.
	Person    string `json:"person,omitempty" form:"person"`
	Pseudonym string `json:"pseudonym,omitempty"`
	Post      string `json:"post" form:"required"`
	Topic     string `json:"topic" form:"required"`
	Hours     int    `json:"hours,omitempty" range:"0 1000"`
	Result    string `json:"result,omitempty"`
	// Vetted: the person was looked into before; nil: not said.
	Vetted *bool `json:"vetted,omitempty"`
	// Undertaking is the SHA-256 of the signed promise of secrecy, in hex.
	Undertaking string `json:"undertaking,omitempty" form:"hash"`
}

// Check refuses an incomplete record.
func (t Training) Check() error { return field.First(entered(t), somebody(t.Person, t.Pseudonym)) }

// somebody refuses a record about nobody.
func somebody(person, pseudonym string) error {
	if person == "" && pseudonym == "" {
		return text.Fail(field.ErrInvalid, text.RecordNobody)
	}
	return nil
}

// Contract is one with a unit that handles personal information on the site's behalf, or that
// builds, runs or maintains the system (Personal Information Protection Law Article 21,
// Decree 799 Articles 15 and 19).
type Contract struct {
	Party   string `json:"party" form:"required"`
	Purpose string `json:"purpose" form:"required"`
	// From and To are when it holds; without To it has no end.
	From civil.Date `json:"from" form:"required,later"`
	To   civil.Date `json:"to,omitempty" form:"later"`
	// Manner of the handling, Data the kinds of data, Measures those of protection, Deletion
	// what becomes of the data at the end.
	Manner   string `json:"manner" form:"required"`
	Data     string `json:"data" form:"required"`
	Measures string `json:"measures" form:"required"`
	Deletion string `json:"deletion" form:"required"`
	// Audit is how the party is looked after.
	Audit string `json:"audit,omitempty"`
	// Secrecy: it binds the party to secrecy. Operates: the party builds, runs or maintains
	// the system. nil: not said.
	Secrecy  *bool `json:"secrecy,omitempty"`
	Operates *bool `json:"operates,omitempty"`
	// Document is the signed contract's SHA-256, in hex.
	Document string `json:"document" form:"required,hash"`
}

// Check refuses an incomplete record.
func (c Contract) Check() error { return field.First(entered(c), ordered("from", c.From, "to", c.To)) }

// Holds reports whether the contract does on a day.
func (c Contract) Holds(day civil.Date) bool { return c.From <= day && (c.To == "" || day <= c.To) }

// The outcomes of a request.
const (
	RequestGranted = "granted"
	RequestPartly  = "partly"
	RequestRefused = "refused"
)

// Request is what a person asked for by a right of their own (Personal Information
// Protection Law Articles 44 to 50, GDPR Articles 12 to 22).
type Request struct {
	Of   string     `json:"of" form:"required" choices:"access copy correction deletion explanation withdrawal other"`
	Date civil.Date `json:"date" form:"required"`
	// Person by name, or Pseudonym: one of them.
	Person    string `json:"person,omitempty" form:"person"`
	Pseudonym string `json:"pseudonym,omitempty"`
	// IdentityChecked: it was looked at who asks; nil: not said.
	IdentityChecked *bool      `json:"identity_checked,omitempty"`
	Answered        civil.Date `json:"answered,omitempty"`
	Outcome         string     `json:"outcome,omitempty" choices:"granted partly refused"`
	// Refusal is why something was refused.
	Refusal string `json:"refusal,omitempty"`
}

// Check refuses an incomplete record, an answer without an outcome, and a refusal without a
// reason.
func (r Request) Check() error {
	err := field.First(entered(r), somebody(r.Person, r.Pseudonym), ordered("date", r.Date, "answered", r.Answered))
	if r.Answered != "" {
		err = field.First(err, field.Required("outcome", r.Outcome))
	}
	if r.Outcome != "" {
		err = field.First(err, field.Required("answered", string(r.Answered)))
	}
	if r.Outcome == RequestRefused || r.Outcome == RequestPartly {
		err = field.First(err, field.Required("refusal", r.Refusal))
	}
	return err
}

// What a document is.
const (
	IncidentPlan   = "incident-plan"
	Drill          = "drill"
	Audit          = "audit"
	Officer        = "officer"
	Acceptance     = "acceptance"
	Rules          = "rules"
	RulesMinors    = "rules-minors"
	Classification = "classification"
	GradingRecord  = "grading"
)

// Document is a paper of the unit's own that an inspector asks to see.
type Document struct {
	Of string `json:"of" form:"required" choices:"incident-plan drill audit officer acceptance rules rules-minors classification grading"`
	// Date of the document, File its SHA-256 in hex.
	Date civil.Date `json:"date" form:"required"`
	File string     `json:"file" form:"required,hash"`
	// Number and Authority of it where an authority gave it.
	Number    string `json:"number,omitempty"`
	Authority string `json:"authority,omitempty"`
	// Expires is until when it holds; empty: it has no end.
	Expires civil.Date `json:"expires,omitempty" form:"later"`
	Note    string     `json:"note,omitempty"`
}

// Check refuses an incomplete record.
func (d Document) Check() error {
	return field.First(entered(d), ordered("date", d.Date, "expires", d.Expires))
}

// What may be approved.
const (
	Removal = "removal"
	Move    = "move"
)

// Approval is an authority's leave to touch devices of Decree 799 Article 7 (Article 23).
type Approval struct {
	Of   string     `json:"of" form:"required" choices:"removal move alteration cover"`
	Date civil.Date `json:"date" form:"required"`
	// Cameras that it is about.
	Cameras   []media.CameraID `json:"cameras" form:"required"`
	Authority string           `json:"authority" form:"required"`
	Number    string           `json:"number" form:"required"`
	// From and To are when it holds; without To it has no end.
	From civil.Date `json:"from" form:"required,later"`
	To   civil.Date `json:"to,omitempty" form:"later"`
	// Document is its SHA-256, in hex.
	Document string `json:"document" form:"required,hash"`
}

// Check refuses an incomplete record.
func (a Approval) Check() error { return field.First(entered(a), ordered("from", a.From, "to", a.To)) }

// What a recorder keeps.
const (
	KeepsMasked = "masked"
	KeepsSealed = "sealed"
)

// Recorder is what keeps footage: which pictures of which cameras, and who can open them
// (Decree 799 Articles 15, 17 and 23).
type Recorder struct {
	Date civil.Date `json:"date" form:"required"`
	// Name tells it from others: the newest record of a name counts.
	Name    string           `json:"name" form:"required"`
	Cameras []media.CameraID `json:"cameras" form:"required"`
	// Keeps the originals, the masked pictures alone, the originals sealed, or both.
	Keeps string `json:"keeps" form:"required" choices:"originals masked sealed both"`
	// Where it stands.
	Where string `json:"where" form:"required"`
	// KeyHolders can open what is sealed; Opened is when that was last tried.
	KeyHolders string     `json:"key_holders,omitempty" form:"person"`
	Opened     civil.Date `json:"opened,omitempty"`
	// Platform is the one above that takes the footage over, such as the police's.
	Platform string `json:"platform,omitempty"`
}

// Check refuses an incomplete record.
func (r Recorder) Check() error { return entered(r) }
