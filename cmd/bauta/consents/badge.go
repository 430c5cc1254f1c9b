package consents

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/badge"
	"github.com/bauta-gateway/bauta/config/text"
)

type consentBadge struct {
	cli.Target
	Token string   `arg:"" help:"The token's id, or a file that holds one."`
	Out   []string `help:"File to write: .pdf or .png, by its name; several times for both. Default: badge-N.pdf and badge-N.png." type:"path" placeholder:"FILE"`
}

func (c *consentBadge) Run(p *cli.Program) error {
	cards, err := badges(p, c.Target, []string{c.Token})
	if err != nil {
		return err
	}
	card := cards[0]
	if len(c.Out) == 0 {
		c.Out = []string{fmt.Sprintf("badge-%d.pdf", card.Number), fmt.Sprintf("badge-%d.png", card.Number)}
	}
	writers := make([]func(io.Writer) error, len(c.Out))
	for i, out := range c.Out {
		switch strings.ToLower(filepath.Ext(out)) {
		case ".pdf":
			writers[i] = card.PDF
		case ".png":
			writers[i] = card.PNG
		default:
			return cli.Usage(fmt.Errorf("--out %s: the name must end in .pdf or .png", out))
		}
	}
	for i, out := range c.Out {
		if err := cli.WriteFile(out, 0o644, writers[i]); err != nil {
			return err
		}
		p.Say(text.BadgeWritten, out)
	}
	p.Say(text.BadgePrint)
	return nil
}

type consentSheet struct {
	cli.Target
	Tokens []string `arg:"" help:"Tokens' ids, or files that hold tokens." name:"token"`
	Out    string   `help:"File to write." type:"path" default:"badges.pdf" placeholder:"FILE"`
}

func (c *consentSheet) Run(p *cli.Program) error {
	cards, err := badges(p, c.Target, c.Tokens)
	if err != nil {
		return err
	}
	if err := cli.WriteFile(c.Out, 0o644, func(w io.Writer) error { return badge.Sheet(w, cards) }); err != nil {
		return err
	}
	p.Say(text.BadgeWritten, c.Out)
	p.Say(text.BadgePrint)
	return nil
}

// badges reads the cards off tokens in files, without a daemon, or of the
// running gateway. What is printed proves nothing, so nothing is proved here.
func badges(p *cli.Program, l cli.Target, args []string) (cards []badge.Badge, err error) {
	for _, arg := range args {
		tokens, err := tokens(p, l, arg)
		if err != nil {
			return nil, err
		}
		for _, t := range tokens {
			if t.Badge == 0 {
				return nil, cli.Refuse(fmt.Errorf("token %s is bound to a face and has no badge", t.ID))
			}
			cards = append(cards, badge.Badge{Number: t.Badge, Expires: t.Expires.In(time.Local)})
		}
	}
	return cards, nil
}

func tokens(p *cli.Program, l cli.Target, arg string) (tokens []consent.Token, err error) {
	if _, err := os.Stat(arg); err != nil {
		client, err := l.Client(p)
		if err != nil {
			return nil, err
		}
		one, err := client.Consent(p.Ctx, arg)
		return []consent.Token{one.Token}, err
	}
	raws, names, err := readTokens(nil, []string{arg})
	if err != nil {
		return nil, err
	}
	for i, raw := range raws {
		t, err := consent.Peek(raw)
		if err != nil {
			return nil, text.Fail(err, text.ConsentInFile, names[i], err)
		}
		tokens = append(tokens, t)
	}
	return tokens, nil
}
