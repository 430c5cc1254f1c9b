package main

import (
	"encoding/json"
	"fmt"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/detector/yunet"
)

// modelPlace takes what said where the face model was before it became part of
// the worker.
type modelPlace struct {
	Models string `help:"Ignored: the face model is part of bauta-worker." env:"BAUTA_MODELS" hidden:"" placeholder:"DIR"`
}

// modelsEnd is the version that refuses what is ignored here.
const modelsEnd = "0.3.0"

// note tells once of what is ignored.
func (m modelPlace) note(p *program, cfg config.Config) {
	switch {
	case m.Models != "":
		p.ignored("--models (BAUTA_MODELS)")
	case cfg.Worker.Models != "":
		p.ignored("worker.models")
	}
}

func (p *program) ignored(what string) {
	fmt.Fprintln(p.stderr, "bauta: "+p.text(text.ModelIgnored, what, modelsEnd))
}

type modelsList struct {
	JSON bool `help:"Print JSON."`
	modelsOld
}

// modelsOld are flags that had a meaning for `bauta models` once.
type modelsOld struct {
	Config string `hidden:""`
	Data   string `hidden:""`
	From   string `hidden:""`
	modelPlace
}

// modelRow is one element of `models --json`.
type modelRow struct {
	Name        string `json:"name"`
	Purpose     string `json:"purpose"`
	File        string `json:"file"`
	Source      string `json:"source"`
	SHA256      string `json:"sha256"`
	License     string `json:"license"`
	Copyright   string `json:"copyright"`
	TableSHA256 string `json:"table_sha256"`
}

func (c *modelsList) Run(p *program) error {
	c.note(p, config.Config{})
	if c.JSON {
		return p.json([]modelRow{{yunet.Name, "faces", yunet.File, yunet.Source, yunet.SHA256, yunet.License, yunet.Copyright, yunet.TableSHA256}})
	}
	p.say(text.ModelBuiltIn, yunet.Name, yunet.License, yunet.Copyright)
	fmt.Fprintln(p.stdout, "  "+p.text(text.ModelSource, yunet.File, yunet.SHA256, yunet.Source))
	fmt.Fprintln(p.stdout, "  "+p.text(text.ModelTable, yunet.TableSHA256))
	return nil
}

func (p *program) json(v any) error {
	e := json.NewEncoder(p.stdout)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// modelsFetch and modelsVerify keep old scripts running: there is nothing to
// fetch and nothing to verify.
type (
	modelsFetch  struct{ modelsOld }
	modelsVerify struct{ modelsOld }
)

func (*modelsFetch) Run(p *program) error {
	p.ignored("bauta models fetch")
	return nil
}

func (*modelsVerify) Run(p *program) error {
	p.ignored("bauta models verify")
	return nil
}
