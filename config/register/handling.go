package register

import (
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Processing is a record of how personal information was handled in a time that is over
// (Order 19 Article 9, Personal Information Protection Law Article 55).
type Processing struct {
	From     civil.Date `json:"from" form:"required"`
	To       civil.Date `json:"to" form:"required"`
	Activity string     `json:"activity" form:"required"`
	// Cameras that it is about, Devices the names of others.
	Cameras []media.CameraID `json:"cameras" form:"required"`
	Devices string           `json:"devices,omitempty"`
	Purpose string           `json:"purpose" form:"required"`
	Manner  string           `json:"manner" form:"required"`
	// Data are the kinds of data, People how many are concerned.
	Data   string `json:"data" form:"required"`
	People *int   `json:"people" form:"required"`
	Ground string `json:"ground" form:"required"`
	// Recipients, Keeping and Deletion: none is an answer.
	Recipients string `json:"recipients" form:"required"`
	Keeping    string `json:"keeping" form:"required"`
	Deletion   string `json:"deletion" form:"required"`
	Incident   string `json:"incident,omitempty"`
	// Responsible is the person who answers for it.
	Responsible string `json:"responsible" form:"required,person"`
}

// Check refuses an incomplete record.
func (p Processing) Check() error {
	return field.First(entered(p), ordered("from", p.From, "to", p.To))
}

// Incident is a leak, harm or other mishap with personal information (Personal Information
// Protection Law Article 57).
type Incident struct {
	Found   civil.Date `json:"found" form:"required"`
	Content string     `json:"content" form:"required"`
	// Data are the kinds of data, People how many are concerned; nil: not known.
	Data     string `json:"data,omitempty"`
	People   *int   `json:"people,omitempty"`
	Cause    string `json:"cause,omitempty"`
	Harm     string `json:"harm,omitempty"`
	Measures string `json:"measures,omitempty"`
	// Major incidents want a new impact assessment (Order 19 Article 9); nil: not said.
	Major *bool `json:"major,omitempty"`
	// AuthorityNotified and PeopleNotified are the days on which they were; PeopleNotNotified is why the
	// people need not be: the measures kept them from harm.
	AuthorityNotified civil.Date `json:"authority_notified,omitempty"`
	PeopleNotified    civil.Date `json:"people_notified,omitempty"`
	PeopleNotNotified string     `json:"people_not_notified,omitempty"`
	// Closed is when it was over; empty: it is open. Document is the report's SHA-256, in hex.
	Closed   civil.Date `json:"closed,omitempty"`
	Document string     `json:"document,omitempty" form:"hash"`
}

// Check refuses an incomplete record, and an end that does not say why it happened and what
// was done.
func (i Incident) Check() error {
	err := field.First(entered(i), ordered("found", i.Found, "closed", i.Closed),
		ordered("found", i.Found, "authority_notified", i.AuthorityNotified), ordered("found", i.Found, "people_notified", i.PeopleNotified))
	if i.Closed != "" {
		err = field.First(err, field.Required("cause", i.Cause), field.Required("measures", i.Measures))
	}
	return err
}

// Notice is a version of what people are told before they are filmed: the second layer, to
// which the sign leads (Order 19 Article 5, Personal Information Protection Law Articles 17
// and 30). What it leaves out may be left out here: the clauses tell.
type Notice struct {
	// Date of this version.
	Date civil.Date `json:"date" form:"required"`
	// Contact is the unit's name and how it is reached.
	Contact    string `json:"contact,omitempty"`
	Purpose    string `json:"purpose,omitempty"`
	Manner     string `json:"manner,omitempty"`
	Keeping    string `json:"keeping,omitempty"`
	Necessity  string `json:"necessity,omitempty"`
	Effects    string `json:"effects,omitempty"`
	Rights     string `json:"rights,omitempty"`
	Complaints string `json:"complaints,omitempty"`
	// Minors is what holds for people under 14.
	Minors string `json:"minors,omitempty"`
	// Accessible: disabled and old people can read it too; nil: not said.
	Accessible *bool `json:"accessible,omitempty"`
	// Shown is where it hangs or lies, Link its address, Document its SHA-256 in hex.
	Shown    string `json:"shown" form:"required"`
	Link     string `json:"link,omitempty"`
	Document string `json:"document,omitempty" form:"hash"`
	// MadeFor is the configuration that it tells of, one line a fact; the gateway fills it in.
	MadeFor []string `json:"made_for,omitempty" form:"filled"`
}

// Check refuses an incomplete record.
func (n Notice) Check() error { return entered(n) }

// Quiet says that a register had nothing to enter for some time: without it an empty one says
// nothing.
type Quiet struct {
	Register string     `json:"register" form:"required" choices:"export request complaint incident"`
	From     civil.Date `json:"from" form:"required"`
	To       civil.Date `json:"to" form:"required"`
}

// Check refuses an incomplete record.
func (q Quiet) Check() error {
	return field.First(entered(q), ordered("from", q.From, "to", q.To))
}
