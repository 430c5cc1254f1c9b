package mqtt

import "time"

// Standing is how the site stands by the rules: topic bauta/<gw>/compliance.
type Standing struct {
	// State is pass, warn, fail or unknown; Reasons are the clauses behind it.
	State   string    `json:"state"`
	Reasons []string  `json:"reasons"`
	Since   time.Time `json:"since"`
	Time    time.Time `json:"ts"`
	// Seq grows with each change of any clause since the gateway started.
	Seq uint64 `json:"seq"`
	// ProtectedShare is of the time today in which cameras sent, 0 to 1; nil: none sent.
	ProtectedShare *float64 `json:"protected_share"`
	PolicyPack     string   `json:"policy_pack"`
	PackVersion    string   `json:"pack_version"`
}

// ClauseState is how one clause stands: topic bauta/<gw>/compliance/<clause>.
type ClauseState struct {
	Status   string    `json:"status"`
	Basis    string    `json:"basis,omitempty"`
	Evidence Words     `json:"evidence"`
	Next     Words     `json:"next"`
	Citation Words     `json:"citation"`
	Since    time.Time `json:"since"`
	Verified bool      `json:"verified"`
	// Due is the last day for Next, or the earliest that it can be where the status is
	// unknown; empty: there is none.
	Due string `json:"due,omitempty"`
}

// Words are a text in both languages.
type Words struct {
	EN string `json:"en"`
	ZH string `json:"zh"`
}

// SetCompliance sets how the site and its clauses stand, the clauses by id. One that was set
// before and is not among them any more is cleared.
func (p *Publisher) SetCompliance(s Standing, clauses map[string]ClauseState) {
	p.states.set(state(p.topics.Compliance(), mustJSON(s)))
	p.states.clearUnder(p.topics.Clause(""), func(id string) bool { _, still := clauses[id]; return !still })
	for id, c := range clauses {
		p.states.set(state(p.topics.Clause(id), mustJSON(c)))
	}
}

// ClearClauses clears clauses that an earlier run, or version, may have left at the broker.
func (p *Publisher) ClearClauses(ids []string) {
	for _, id := range ids {
		p.states.clearAny(p.topics.Clause(id))
	}
}
