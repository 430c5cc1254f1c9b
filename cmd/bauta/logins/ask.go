package logins

import (
	"context"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// listed prints what the daemon has of a kind: as JSON, as a table, or that there is none.
func listed[T any](p *cli.Program, at cli.Target, asJSON bool, ask func(*api.Client, context.Context) ([]T, error), none text.Key, rows func(*cli.Table, []T)) error {
	client, err := at.Client(p)
	if err != nil {
		return err
	}
	all, err := ask(client, p.Ctx)
	switch {
	case err != nil:
		return err
	case asJSON:
		return p.JSON(all)
	case len(all) == 0:
		p.Say(none)
		return nil
	}
	var t cli.Table
	rows(&t, all)
	t.Print(p.Stdout)
	return nil
}

// ended has the daemon end what has a name, and says so.
func ended(p *cli.Program, at cli.Target, name string, ask func(*api.Client, context.Context, string) error, said text.Key) error {
	client, err := at.Client(p)
	if err != nil {
		return err
	}
	if err := ask(client, p.Ctx, name); err != nil {
		return err
	}
	p.Say(said, name)
	return nil
}
