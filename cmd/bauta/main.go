// Command bauta is the privacy gateway's supervisor and command line.
//
// The commands that run, back up and restore a gateway are here; the others lie in the
// packages below, by what they are about, and share cmd/bauta/cli. A gateway runs on Linux. What the
// holders of keys and inspectors need on their own PCs builds for other systems too.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/cmd/bauta/help"
	"github.com/bauta-gateway/bauta/config/text"
)

const description = `Bauta stands between RTSP cameras and whatever watches them: faces leave it masked.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the gateway is not running, 4 refused or not found.`

func main() {
	if code, asked := sealSegment(); asked {
		os.Exit(code)
	}
	ctx, stop := interruptible()
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// interruptible ends the context with the first SIGINT or SIGTERM; the second
// finds the default action restored and kills at once.
func interruptible() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// run executes one command line and returns the exit code.
func run(ctx context.Context, args []string) int {
	p := &cli.Program{Ctx: ctx, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Lang: help.Language(args)}
	var g grammar
	parser := newParser(&g)
	chosen, err := parser.Parse(args)
	if err != nil {
		return help.Mistake(p, parser.Model.Node, err)
	}
	if g.Lang != "" {
		p.Lang, p.LangGiven = text.Pick(g.Lang), true
	}
	return p.Finish(chosen.Run(p))
}

func newParser(g *grammar) *kong.Kong {
	return kong.Must(g,
		kong.Name("bauta"),
		kong.Description(description),
		kong.Vars{"version": versionLine()},
		kong.Help(help.Printer),
	)
}

// versionCommand is bauta version.
type versionCommand struct{}

func (versionCommand) Run(p *cli.Program) error {
	_, err := fmt.Fprintln(p.Stdout, versionLine())
	return err
}

func versionLine() string {
	return fmt.Sprintf("bauta %s (build %s)", wire.Version, wire.BuildID)
}
