//go:build !linux

package main

import (
	"github.com/alecthomas/kong"

	"github.com/bauta-gateway/bauta/cmd/bauta/evidence"
	"github.com/bauta-gateway/bauta/cmd/bauta/help"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed"
)

// grammar is the part of the command line that needs no gateway here.
type grammar struct {
	Lang    string           `help:"Language of what is printed: en or zh. Default: the environment's." enum:",en,zh,zh-CN" default:"" placeholder:"en|zh"`
	Version kong.VersionFlag `help:"Print version and build ID."`

	Sealed   sealed.Commands `cmd:"" help:"Keys for sealed originals, requests to open them, approvals and the opening."`
	Evidence struct {
		Verify evidence.Verify `cmd:"" help:"Prove that a pack is whole; works on any PC."`
	} `cmd:"" help:"Prove evidence."`
	Help help.Command   `cmd:"" name:"help" help:"Print the help of a command, or of all."`
	Ver  versionCommand `cmd:"" name:"version" help:"Print version and build ID."`
}

// sealSegment is of gateways, which run on Linux alone.
func sealSegment() (code int, asked bool) { return 0, false }
