// Package site is bauta export and bauta apply: a gateway's site as a file.
//
// In: flags, a site's file, and secrets from the terminal or a file of their own. Out: the file,
// or requests to the daemon, with a line for each object that they change. It starts no
// goroutines, never opens the store, writes no secret into a site's file, and changes nothing
// before all that can be refused beforehand was. The scripts of cmd/bauta prove each command.
package site

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/site"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// fileMode: who reads a site's file knows where its cameras are.
const fileMode = 0o600

// Export is bauta export.
type Export struct {
	cli.Target
	Out string `help:"File to write; one that is there is replaced. Default: standard output." type:"path" placeholder:"FILE"`
}

// Run writes the site of the gateway of this host.
func (c *Export) Run(p *cli.Program) error {
	_, now, err := load(p, c.Target)
	if err != nil {
		return err
	}
	for _, id := range now.Blocked {
		fmt.Fprintln(p.Stderr, p.Text(text.ExportLeftOut, id))
	}
	if c.Out == "" {
		_, err := p.Stdout.Write(site.Write(now.Site))
		return err
	}
	err = cli.WriteFile(c.Out, fileMode, func(w io.Writer) error {
		_, err := w.Write(site.Write(now.Site))
		return err
	})
	if err == nil {
		p.Say(text.ExportWritten, c.Out)
	}
	return err
}

// load reads the site of the gateway of this host.
func load(p *cli.Program, t cli.Target) (*api.Client, *Gateway, error) {
	client, err := t.Client(p)
	if err != nil {
		return nil, nil, err
	}
	now, err := Load(p.Ctx, client)
	return client, now, err
}

// Apply is bauta apply.
type Apply struct {
	cli.Target
	File    string `arg:"" help:"A site's file, as bauta export writes it; - reads standard input."`
	DryRun  bool   `help:"Say line by line what would change, and change nothing."`
	Prune   bool   `help:"Remove what the file does not have, in the parts that it has."`
	Secrets string `help:"File with the secrets that are needed, lines KEY: SECRET, which only you can read. Default: they are asked for." env:"BAUTA_SECRETS" placeholder:"FILE"`
	JSON    bool   `help:"Print JSON."`
}

// Run makes the gateway of this host what the file says.
func (c *Apply) Run(p *cli.Program) error {
	f, err := ReadFile(p.Stdin, c.File)
	if err != nil {
		return err
	}
	secrets, err := ReadSecrets(c.Secrets)
	if err != nil {
		return err
	}
	client, now, err := load(p, c.Target)
	if err != nil {
		return err
	}
	plan, err := NewPlan(f, now, c.Prune)
	if err != nil {
		return err
	}
	return c.apply(p, client, plan, secrets)
}

func (c *Apply) apply(p *cli.Program, client *api.Client, plan *Plan, secrets Secrets) error {
	out := newReport(p, c.JSON, c.DryRun)
	if c.DryRun || len(plan.Changes) == 0 {
		return out.would(plan, secrets)
	}
	if err := plan.ask(p, secrets); err != nil {
		return err
	}
	done, err := plan.Do(p.Ctx, client, secrets, out.did)
	return out.end(plan, done, err)
}

// ReadFile reads a site's file, or standard input where it is -.
func ReadFile(stdin io.Reader, path string) (*site.File, error) {
	in, name := stdin, "-"
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, text.Fail(err, text.SiteFileUnreadable, err)
		}
		defer f.Close()
		in, name = f, path
	}
	src, err := io.ReadAll(io.LimitReader(in, site.MaxFile+1))
	if err != nil {
		return nil, text.Fail(err, text.SiteFileUnreadable, err)
	}
	f, err := site.Read(src, name)
	if err != nil {
		return nil, cli.Refuse(err)
	}
	return f, nil
}

// errUnstored: something is in force that the disk does not have yet.
var errUnstored = errors.Join(cli.ErrSaid, api.ErrUnstored)
