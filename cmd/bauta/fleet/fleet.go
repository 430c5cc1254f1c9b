// Package fleet is bauta fleet: what is done to many gateways at once, over their HTTPS API.
//
// In: flags, a list of gateways, the files of their sites, and secrets. Out: requests to each
// gateway, and a table of what came of them. It has as many goroutines as gateways are worked on
// at once, and waits for all of them. It talks to no gateway whose certificate is not the one
// that was said, and begins with no further one once several have failed.
package fleet

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	here "github.com/bauta-gateway/bauta/cmd/bauta/site"
	"github.com/bauta-gateway/bauta/config/site"
	"github.com/bauta-gateway/bauta/config/text"
)

// Commands are the commands of bauta fleet.
type Commands struct {
	Apply apply `cmd:"" help:"Make many gateways what their sites' files say, some at a time, over their HTTPS API."`
}

type apply struct {
	From        string `arg:"" help:"A site's file for all gateways, or a folder that has NAME.yaml for each." type:"path" name:"from" placeholder:"DIR|FILE"`
	Targets     string `help:"File that lists the gateways." required:"" type:"path" placeholder:"FILE"`
	Parallel    int    `help:"How many gateways are worked on at once, 1 to 64." default:"4" placeholder:"N"`
	MaxFailures int    `help:"After how many failures no further gateway is begun with." default:"3" placeholder:"N"`
	DryRun      bool   `help:"Say line by line what would change, and change nothing."`
	Secrets     string `help:"File with the secrets that are needed, lines KEY: SECRET or NAME/KEY: SECRET, which only you can read." env:"BAUTA_SECRETS" placeholder:"FILE"`
	JSON        bool   `help:"Print JSON."`
}

// most gateways at once: each takes a connection and a site in memory.
const most = 64

// Run reads all files before it talks to any gateway: one that is bad refuses all of it.
func (c *apply) Run(p *cli.Program) error {
	if c.Parallel < 1 || c.Parallel > most {
		return cli.Usage(text.Fail(nil, text.ConfigRange, "--parallel", fmt.Sprint(c.Parallel), "1", fmt.Sprint(most), "4"))
	}
	if c.MaxFailures < 1 {
		return cli.Usage(text.Fail(nil, text.ConfigRange, "--max-failures", fmt.Sprint(c.MaxFailures), "1", "1000000", "3"))
	}
	targets, err := c.targets()
	if err != nil {
		return err
	}
	secrets, err := here.ReadSecrets(c.Secrets)
	if err != nil {
		return err
	}
	jobs := make([]*job, len(targets))
	for i, t := range targets {
		if jobs[i], err = c.job(p, t, secrets.Of(t.Name)); err != nil {
			return err
		}
	}
	work(p.Ctx, jobs, c.Parallel, c.MaxFailures, c.DryRun)
	return report{p, c.DryRun, c.JSON, c.MaxFailures}.print(jobs)
}

func (c *apply) targets() ([]site.Target, error) {
	f, err := os.Open(c.Targets)
	if err != nil {
		return nil, text.Fail(err, text.SiteFileUnreadable, err)
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, site.MaxFile+1))
	if err != nil {
		return nil, text.Fail(err, text.SiteFileUnreadable, err)
	}
	all, err := site.ReadTargets(src, c.Targets)
	if err != nil {
		return nil, cli.Refuse(err)
	}
	return all, nil
}

// job reads a gateway's file and has its login at hand.
func (c *apply) job(p *cli.Program, t site.Target, secrets here.Secrets) (*job, error) {
	path, err := c.path(t)
	if err != nil {
		return nil, err
	}
	f, err := here.ReadFile(p.Stdin, path)
	if err != nil {
		return nil, err
	}
	key, asked := "token", p.Text(text.TargetsToken, t.Name)
	if t.User != "" {
		key, asked = "password", p.Text(text.TargetsPassword, t.User, t.Name)
	}
	if _, given := secrets[key]; !given {
		if !cli.IsTerminal(p.Stdin) {
			return nil, here.Missing(p, []string{t.Name + "/" + key})
		}
		if secrets[key], err = p.AskPassword(asked + ": "); err != nil {
			return nil, err
		}
	}
	return &job{target: t, file: f, secrets: secrets, login: secrets[key], p: p}, nil
}

// path is a gateway's file: its own, the one of its name, or the one for all.
func (c *apply) path(t site.Target) (string, error) {
	info, err := os.Stat(c.From)
	if err != nil {
		return "", text.Fail(err, text.SiteFileUnreadable, err)
	}
	path, folder := c.From, filepath.Dir(c.Targets)
	if info.IsDir() {
		path, folder = filepath.Join(c.From, t.Name+".yaml"), c.From
	}
	if t.Site != "" {
		if path = t.Site; !filepath.IsAbs(path) {
			path = filepath.Join(folder, path)
		}
	}
	if _, err := os.Stat(path); err != nil {
		return "", text.Fail(cli.Refuse(err), text.TargetsNoFile, path, t.Name)
	}
	return path, nil
}
