// Package evidence is bauta evidence: signed packs for inspectors, and their proof.
//
// In: flags and packs. Out: packs of the running gateway, and whether one is whole, for
// which no gateway is needed and any system will do. It starts no goroutines; the scripts
// of cmd/bauta prove each command.
package evidence

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/compliance"
)

type export struct {
	cli.Target
	From civil.Date `help:"First day, such as 2026-01-01." required:"" placeholder:"DAY"`
	To   civil.Date `help:"Last day." required:"" placeholder:"DAY"`
	Out  string     `help:"File to write." short:"o" required:"" type:"path" placeholder:"FILE"`
}

func (c *export) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	if err := client.Evidence(p.Ctx, c.From, c.To, c.Out); err != nil {
		return err
	}
	key, err := client.EvidenceKey(p.Ctx)
	if err != nil {
		return err
	}
	p.Say(text.EvidenceWritten, c.Out, key.Key)
	return nil
}

// Verify is bauta evidence verify.
type Verify struct {
	Pack string `arg:"" help:"The pack." type:"existingfile"`
	Key  string `help:"The gateway's key, as bauta evidence key prints it there." placeholder:"HEX"`
	JSON bool   `help:"Print JSON."`
}

func (c *Verify) Run(p *cli.Program) error {
	proven, err := verifyFile(c.Pack)
	switch {
	case errors.Is(err, compliance.ErrForged):
		return cli.Refuse(text.Fail(err, text.EvidenceForged, c.Pack, err))
	case err != nil:
		return err
	case c.Key != "" && c.Key != proven.Key:
		return cli.Refuse(text.Fail(nil, text.EvidenceOther, c.Pack, proven.Key, c.Key))
	case c.JSON:
		return p.JSON(proven)
	}
	const day = "2006-01-02"
	p.Say(text.EvidenceProven, c.Pack, proven.Gateway, atSite(proven.From).Format(day), atSite(proven.To).AddDate(0, 0, -1).Format(day),
		proven.Entries, proven.Signed, proven.Files)
	if c.Key == "" {
		p.Say(text.EvidenceKey, proven.Key)
	}
	return nil
}

// atSite is a midnight of the site by its own clock. Packs of 0.1.0 have it in UTC: its day
// is then told by this host's.
func atSite(midnight time.Time) time.Time {
	if _, offset := midnight.Zone(); offset == 0 {
		return midnight.Local()
	}
	return midnight
}

func verifyFile(path string) (compliance.Proven, error) {
	f, err := os.Open(path)
	if err != nil {
		return compliance.Proven{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return compliance.Proven{}, err
	}
	return compliance.Verify(f, info.Size())
}

type key struct{ cli.Target }

func (c *key) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	key, err := client.EvidenceKey(p.Ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout, key.Key)
	return nil
}

// Commands are the commands of bauta evidence.
type Commands struct {
	Export export `cmd:"" help:"Write a signed pack of evidence for inspectors."`
	Verify Verify `cmd:"" help:"Prove that a pack is whole; works on any PC."`
	Key    key    `cmd:"" help:"Print the public key that signs the evidence."`
}
