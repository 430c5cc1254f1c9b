package sealed

import (
	"fmt"
	"strings"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
)

type keys struct {
	where
	First      []string `help:"Public keys of the first group, each as ID=age1... with the holder's id in the register." placeholder:"ID=KEY"`
	Second     []string `help:"Public keys of the second group." placeholder:"ID=KEY"`
	NeedFirst  int      `help:"How many holders of the first group have to act together." default:"1" placeholder:"N"`
	NeedSecond int      `help:"How many of the second." default:"1" placeholder:"N"`
	JSON       bool     `help:"Print JSON."`
}

func (c *keys) Run(p *cli.Program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	if len(c.First)+len(c.Second) > 0 {
		k := sealed.Keys{{Need: c.NeedFirst, Holders: holders(c.First)}, {Need: c.NeedSecond, Holders: holders(c.Second)}}
		if err := k.Check(); err != nil {
			return cli.Usage(err)
		}
		if err := client.SetSealedKeys(p.Ctx, k); err != nil {
			return err
		}
		p.Say(text.SealedKeysSet, k.ID())
	}
	k, err := client.SealedKeys(p.Ctx)
	switch {
	case err != nil:
		return err
	case c.JSON:
		return p.JSON(k)
	case len(k[0].Holders) == 0:
		p.Say(text.SealedKeysNone)
		return nil
	}
	var t cli.Table
	t.Add(p.Text(text.SealedRowGroup), p.Text(text.SealedRowHolder), p.Text(text.SealedRowNeed), p.Text(text.SealedRowKey))
	for i, g := range k {
		for _, h := range g.Holders {
			t.Add(fmt.Sprint(i+1), h.Label, fmt.Sprintf("%d/%d", max(1, g.Need), len(g.Holders)), h.Key)
		}
	}
	t.Print(p.Stdout)
	return nil
}

// holders reads ID=KEY, or a key without an id.
func holders(all []string) (out []sealed.Holder) {
	for _, one := range all {
		label, key, found := strings.Cut(one, "=")
		if !found {
			label, key = "", one
		}
		out = append(out, sealed.Holder{Label: label, Key: key})
	}
	return out
}
