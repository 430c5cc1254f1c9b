package consents

import (
	"errors"
	"fmt"
	"slices"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
)

type consentRecipient struct {
	cli.Target
}

// Run prints the key alone: it goes into the sender's file.
func (c *consentRecipient) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	r, err := client.ConsentRecipient(p.Ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout, r.Recipient)
	return nil
}

type consentSend struct {
	Files []string `arg:"" help:"Files of tokens and signed revocations." type:"existingfile" name:"file"`
	To    []string `help:"Files with the keys of gateways, one a line, as bauta consent recipient prints them there." type:"existingfile" required:"" placeholder:"FILE"`
	brokerFlags
}

// Run sends tokens to gateways that share a broker; nobody else there can read them.
func (c *consentSend) Run(p *cli.Program) error {
	if c.Broker == "" {
		return cli.Usage(errors.New("name the broker: --broker ssl://host:8883"))
	}
	var raws, to []string
	for _, file := range c.Files {
		found, err := ReadTokenFile(p.Stdin, file)
		if err != nil {
			return err
		}
		raws = append(raws, found...)
	}
	for _, file := range c.To {
		found, err := ReadTokenFile(p.Stdin, file) // words of any kind
		if err != nil {
			return err
		}
		to = append(to, found...)
	}
	if slices.ContainsFunc(raws, func(raw string) bool { return !mayBeToken(raw) }) || len(raws) == 0 {
		return text.Fail(cli.Usage(errors.New("no token")), text.ImportNothing)
	}
	slices.Sort(to)
	to = slices.Compact(to)
	if len(to) == 0 {
		return text.Fail(cli.Usage(consent.ErrKey), text.LetterReaders, consent.MaxReaders)
	}
	for some := range slices.Chunk(to, consent.MaxReaders) {
		letter, err := consent.SealLetter(raws, some)
		if err != nil {
			return cli.Refuse(err)
		}
		if err := mqtt.PublishConsent(p.Ctx, c.config(), consent.KindLetter, consent.NewID(), letter); err != nil {
			return err
		}
	}
	p.Say(text.LetterSent, len(raws), len(to), c.Broker)
	return nil
}
