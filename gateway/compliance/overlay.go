package compliance

import "github.com/bauta-gateway/bauta/config/policy"

// Terms are what a clause says beside its duty, and the pack that it is of.
type Terms struct {
	Pack string `json:"pack"`
	// Who owes the duty, and what breaking it costs; an empty Penalty: nothing of its own.
	Who     Text         `json:"who"`
	Penalty Text         `json:"penalty"`
	Trust   policy.Trust `json:"trust"`
}

// PackRef names a pack by which the site was evaluated.
type PackRef struct {
	ID      string          `json:"id"`
	Version string          `json:"version"`
	Title   Text            `json:"title"`
	Kind    policy.PackKind `json:"kind"`
}

// Overlay is a draft or guidance with its clauses. They are shown beside the law, and
// never decide how the site stands.
type Overlay struct {
	PackRef
	Clauses []Clause `json:"clauses"`
}

// add takes up a pack of the stack with its clauses.
func (r *Report) add(p *policy.Pack, clauses []Clause) {
	ref := PackRef{p.ID, p.Version, p.Title, p.Kind}
	r.Packs = append(r.Packs, ref)
	if p.Kind != policy.Law {
		r.Overlays = append(r.Overlays, Overlay{ref, clauses})
		return
	}
	if r.Pack == "" {
		r.Pack, r.Version, r.Title = p.ID, p.Version, p.Title
	}
	r.Clauses = append(r.Clauses, clauses...)
}

// forget drops the clauses that a report does not have and says whether there were any: they
// begin anew where their pack comes back.
func (m Memory) forget(r Report) (changed bool) {
	has := map[string]bool{"": true}
	for _, o := range append(r.Overlays, Overlay{Clauses: r.Clauses}) {
		for _, c := range o.Clauses {
			has[c.ID] = true
		}
	}
	for id := range m {
		if !has[id] {
			delete(m, id)
			changed = true
		}
	}
	return changed
}
