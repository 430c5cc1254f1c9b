package health

import (
	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/doctor"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware"
)

// Doctor is bauta doctor.
type Doctor struct {
	cli.Target
	cli.OldModels
	JSON   bool   `help:"Print JSON."`
	Bundle string `help:"Write all that support needs into this ZIP file: without secrets, pictures, names or addresses." type:"path" placeholder:"FILE"`
}

func (c *Doctor) Run(p *cli.Program) error {
	cfg, err := c.Load(p)
	if err != nil {
		return c.finish(p, doctor.Unusable(err, p.Lang))
	}
	c.Note(p, cfg)
	if c.Bundle != "" {
		return c.bundle(p, cfg)
	}
	return c.finish(p, examine(p, cfg))
}

func examine(p *cli.Program, cfg config.Config) []api.Finding {
	d := doctor.Doctor{Config: cfg, Parts: executable.Find(cfg), Host: hardware.Here(), Lang: p.Lang}
	if status, err := api.NewClient(cfg.Socket(), p.Lang).Status(p.Ctx); err == nil {
		d.Running = &status
	}
	return d.Examine(p.Ctx)
}

// finish prints the findings; what is mandatory and missing makes exit code 1.
func (c *Doctor) finish(p *cli.Program, findings []api.Finding) error {
	bad, problems := false, 0
	for _, f := range findings {
		bad = bad || f.Verdict == doctor.Missing
		if f.Verdict != doctor.Good {
			problems++
		}
	}
	if c.JSON {
		if err := p.JSON(findings); err != nil {
			return err
		}
	} else {
		show(p, findings, problems)
	}
	if bad {
		return cli.ErrSaid
	}
	return nil
}

func show(p *cli.Program, findings []api.Finding, problems int) {
	words := map[api.Verdict]text.Key{doctor.Good: text.DoctorOK, doctor.Warning: text.DoctorWarning, doctor.Missing: text.DoctorMissing}
	var t cli.Table
	for _, f := range findings {
		t.Add(p.Text(words[f.Verdict]), f.Check, f.Text)
	}
	t.Print(p.Stdout)
	if problems == 0 {
		p.Say(text.DoctorAllGood)
		return
	}
	p.Say(text.DoctorProblems, problems)
}
