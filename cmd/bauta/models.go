//go:build linux

package main

import (
	"fmt"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/detector/yunet"
)

type modelsList struct {
	JSON bool `help:"Print JSON."`
	modelsOld
}

// modelsOld are flags that had a meaning for `bauta models` once.
type modelsOld struct {
	Config string `hidden:""`
	Data   string `hidden:""`
	From   string `hidden:""`
	cli.OldModels
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

func (c *modelsList) Run(p *cli.Program) error {
	c.Note(p, config.Config{})
	if c.JSON {
		return p.JSON([]modelRow{{yunet.Name, "faces", yunet.File, yunet.Source, yunet.SHA256, yunet.License, yunet.Copyright, yunet.TableSHA256}})
	}
	p.Say(text.ModelBuiltIn, yunet.Name, yunet.License, yunet.Copyright)
	fmt.Fprintln(p.Stdout, "  "+p.Text(text.ModelSource, yunet.File, yunet.SHA256, yunet.Source))
	fmt.Fprintln(p.Stdout, "  "+p.Text(text.ModelTable, yunet.TableSHA256))
	return nil
}

// modelsFetch and modelsVerify keep old scripts running: there is nothing to
// fetch and nothing to verify.
type (
	modelsFetch  struct{ modelsOld }
	modelsVerify struct{ modelsOld }
)

func (*modelsFetch) Run(p *cli.Program) error {
	p.Ignored("bauta models fetch")
	return nil
}

func (*modelsVerify) Run(p *cli.Program) error {
	p.Ignored("bauta models verify")
	return nil
}

// modelsCommands are the commands of bauta models.
type modelsCommands struct {
	List   modelsList   `cmd:"" default:"withargs" help:"Say what finds faces: name, source, licence, SHA-256. Its name may be left out."`
	Verify modelsVerify `cmd:"" hidden:"" help:"Ignored: the worker verifies the model each time it starts."`
	Fetch  modelsFetch  `cmd:"" hidden:"" help:"Ignored: there is nothing to fetch."`
}
