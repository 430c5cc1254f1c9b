package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bauta-gateway/bauta/config/models"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
)

// modelPlace is where a command looks for models.
type modelPlace struct {
	Models string `help:"Folder to look in for the models first." env:"BAUTA_MODELS" type:"path" placeholder:"DIR"`
}

type modelsList struct {
	place
	modelPlace
	JSON bool `help:"Print JSON."`
}

// modelRow is one line of `models list --json`.
type modelRow struct {
	models.Model
	// Path of the copy in use; empty where there is no good one.
	Path string `json:"path,omitempty"`
	// Problem says why there is none.
	Problem string `json:"problem,omitempty"`
}

func (c *modelsList) Run(p *program) error {
	cfg, err := c.load(p)
	if err != nil {
		return err
	}
	var rows []modelRow
	for _, m := range models.All() {
		row := modelRow{Model: m}
		row.Path, err = models.Find(m, gateway.ModelDirs(cfg, c.Models))
		switch {
		case errors.Is(err, models.ErrMissing):
			row.Problem = p.text(text.ModelMissing, m.File)
		case err != nil:
			row.Problem = err.Error()
		}
		rows = append(rows, row)
	}
	if c.JSON {
		return p.json(rows)
	}
	p.printModels(rows)
	return nil
}

func (p *program) printModels(rows []modelRow) {
	for _, row := range rows {
		fmt.Fprintf(p.stdout, "%s (%s, %s)\n  SHA-256 %s\n", row.File, row.Purpose, row.License, row.SHA256)
		if row.Path != "" {
			fmt.Fprintln(p.stdout, "  "+row.Path)
		} else {
			fmt.Fprintln(p.stdout, "  "+row.Problem)
		}
	}
}

func (p *program) json(v any) error {
	e := json.NewEncoder(p.stdout)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

type modelsVerify struct {
	place
	modelPlace
}

// Run fails where a model is missing or wrong. A bad copy counts even behind a
// good one: somebody put it there.
func (c *modelsVerify) Run(p *program) error {
	cfg, err := c.load(p)
	if err != nil {
		return err
	}
	bad := false
	for _, m := range models.All() {
		copies := models.Copies(m, gateway.ModelDirs(cfg, c.Models))
		if len(copies) == 0 {
			p.say(text.ModelMissing, m.File)
			bad = true
		}
		for _, found := range copies {
			bad = bad || found.Err != nil
			p.printCopy(m, found)
		}
	}
	if bad {
		return errSaid
	}
	return nil
}

func (p *program) printCopy(m models.Model, c models.Copy) {
	switch {
	case c.Err == nil:
		p.say(text.ModelGood, c.Path)
	case errors.Is(c.Err, models.ErrHash):
		p.say(text.ModelWrong, c.Path, c.Hash, m.SHA256)
	default:
		fmt.Fprintln(p.stdout, c.Err)
	}
}

type modelsFetch struct {
	place
	From string `help:"Take the model from this file or https:// address instead of its own." placeholder:"FILE|URL"`
}

func (c *modelsFetch) Run(p *program) error {
	cfg, err := c.load(p)
	if err != nil {
		return err
	}
	for _, m := range models.All() {
		from := c.From
		if from == "" {
			from = m.URL
		}
		p.say(text.ModelFetching, m.File, models.Redact(from))
		if _, err := models.Fetch(p.ctx, m, models.Folder(cfg.Data), c.From); err != nil {
			return text.Fail(err, text.ModelNotLoaded, m.File, err)
		}
		p.say(text.ModelFetched, m.File, models.Folder(cfg.Data))
	}
	return nil
}
