package site

import (
	"fmt"
	"io"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/site"
	"github.com/bauta-gateway/bauta/config/text"
)

// object is how people know one: its kind and its name.
func object(p *cli.Program, kind site.Kind, id string) string {
	name := p.Text(text.SiteObject(string(kind)))
	if id == "" {
		return name
	}
	return name + " " + id
}

// Row is one change for programs.
type Row struct {
	Kind   site.Kind  `json:"kind"`
	ID     string     `json:"id,omitempty"`
	Op     site.Op    `json:"op"`
	Fields []RowField `json:"fields"`
	// Made is a password or secret that the gateway made and shows this once.
	Made     string `json:"made,omitempty"`
	Unstored bool   `json:"unstored,omitempty"`
}

// RowField is one field that is not the same, as the file has it.
type RowField struct {
	Name string `json:"name"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

// Report is what apply prints with --json.
type Report struct {
	// Applied is false after a dry run, and where something failed.
	Applied bool     `json:"applied"`
	Changes []Row    `json:"changes"`
	Missing []string `json:"missing_secrets,omitempty"`
}

// RowOf is a change for programs.
func RowOf(ch site.Change) Row {
	row := Row{Kind: ch.Kind, ID: ch.ID, Op: ch.Op, Fields: []RowField{}}
	for _, f := range ch.Fields {
		row.Fields = append(row.Fields, RowField{f.Name, f.Was, f.Is})
	}
	return row
}

type report struct {
	p        *cli.Program
	json     bool
	dry      bool
	all      Report
	unstored bool
}

func newReport(p *cli.Program, json, dry bool) *report {
	return &report{p: p, json: json, dry: dry, all: Report{Changes: []Row{}}}
}

// would says what would be done, or that there is nothing to do.
func (r *report) would(plan *Plan, secrets Secrets) error {
	r.all.Applied = !r.dry
	r.all.Missing = plan.Missing(secrets)
	for _, ch := range plan.Changes {
		r.all.Changes = append(r.all.Changes, RowOf(ch))
		if !r.json {
			WriteDiff(r.p, r.p.Stdout, ch)
		}
	}
	switch {
	case r.json:
		return r.p.JSON(r.all)
	case len(plan.Changes) == 0:
		r.p.Say(text.ApplyNothing)
		return nil
	}
	r.p.Say(text.ApplyWould, len(plan.Changes))
	if len(r.all.Missing) > 0 {
		_ = Missing(r.p, r.all.Missing)
	}
	return nil
}

// WriteDiff writes a change line by line: what goes with a minus, what comes with a plus.
func WriteDiff(p *cli.Program, w io.Writer, ch site.Change) {
	fmt.Fprintln(w, p.Text(text.SiteOp(string(ch.Op), true), object(p, ch.Kind, ch.ID)))
	for _, f := range ch.Fields {
		if f.Was != "" {
			fmt.Fprintf(w, "  - %s: %s\n", f.Name, f.Was)
		}
		if f.Is != "" {
			fmt.Fprintf(w, "  + %s: %s\n", f.Name, f.Is)
		}
	}
}

// did says what was done, at once: a secret that a gateway made is shown this once.
func (r *report) did(d Done) {
	row := RowOf(d.Change)
	row.Made, row.Unstored = d.Made, d.Unstored
	r.all.Changes, r.unstored = append(r.all.Changes, row), r.unstored || d.Unstored
	if r.json {
		return
	}
	fmt.Fprintln(r.p.Stdout, line(r.p, d))
	if d.Made != "" {
		SayMade(r.p, d)
	}
}

// SayMade shows what a gateway made, this once.
func SayMade(p *cli.Program, d Done) { p.Say(text.ApplyMade, object(p, d.Kind, d.ID), d.Made) }

// line is what was done, in one line.
func line(p *cli.Program, d Done) string {
	said := p.Text(text.SiteOp(string(d.Op), false), object(p, d.Kind, d.ID))
	if d.Unstored {
		said += ", " + p.Text(text.ApplyUnstored)
	}
	return said
}

// end says how far it came.
func (r *report) end(plan *Plan, done int, failed error) error {
	r.all.Applied = failed == nil
	if r.json {
		if err := r.p.JSON(r.all); err != nil {
			return err
		}
	}
	switch {
	case failed != nil:
		at := plan.Changes[done]
		fmt.Fprintln(r.p.Stderr, r.p.Text(text.ApplyStopped, done, len(plan.Changes), object(r.p, at.Kind, at.ID)))
		return failed
	case !r.json:
		r.p.Say(text.ApplyDone, done)
	}
	if r.unstored {
		return errUnstored
	}
	return nil
}
