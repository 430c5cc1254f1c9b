package consents

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/topics"
)

type consentRevoke struct {
	cli.Target
	Token   string `arg:"" optional:"" help:"The token's id."`
	Subject string `help:"Revoke all tokens of this pseudonym." placeholder:"NAME"`
	Badge   int    `help:"Revoke all tokens of this badge: it is lost." placeholder:"N"`

	Sign   string `help:"Sign the revocation with this issuer's private key, for other gateways, instead of telling the one here." type:"existingfile" placeholder:"FILE"`
	Issuer string `help:"The issuer's name in its tokens. Default: the key file's." placeholder:"NAME"`
	Out    string `help:"File to write the signed revocation to. Default: standard output." type:"path" placeholder:"FILE"`
	Into   string `name:"list" help:"File of the list of all withdrawals. Default: beside the key, NAME.list." type:"path" placeholder:"FILE"`
	brokerFlags
}

// brokerFlags is where a signed revocation is left for all gateways that listen.
type brokerFlags struct {
	Broker             string `help:"Leave the signed revocation at this broker: tcp://host:1883 or ssl://host:8883, or each of several that answers, parted by commas." placeholder:"URL"`
	BrokerPrefix       string `help:"What the gateways' topics begin with: their mqtt.prefix." default:"bauta" placeholder:"PREFIX"`
	BrokerUser         string `help:"User at the broker." placeholder:"NAME"`
	BrokerPasswordFile string `help:"File with the password." type:"existingfile" placeholder:"FILE"`
	BrokerCA           string `name:"broker-ca" help:"Certificates that may vouch for the broker, in PEM." type:"existingfile" placeholder:"FILE"`
}

func (c *consentRevoke) Run(p *cli.Program) error {
	r := consent.Revocation{Token: c.Token, Subject: c.Subject, Badge: c.Badge}
	switch {
	case c.Badge != 0 && !consent.ValidBadge(c.Badge):
		return text.Fail(cli.Usage(errors.New("no such badge")), text.ConsentBadgeRange, consent.MinBadge, consent.MaxBadge)
	case !r.Valid():
		return text.Fail(cli.Usage(errors.New("no target")), text.ConsentNoTarget)
	case c.Sign != "":
		return c.sign(p, r)
	case c.Out != "" || c.Broker != "" || c.Issuer != "" || c.Into != "":
		return cli.Usage(errors.New("--out, --list, --broker and --issuer go with --sign KEY"))
	}
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	done, err := client.RevokeConsents(p.Ctx, api.RevokeRequest{Token: c.Token, Subject: c.Subject, Badge: c.Badge})
	if err != nil {
		return err
	}
	if len(done.Revoked) == 0 {
		p.Say(text.RevokeNone)
	}
	for _, id := range done.Revoked {
		p.Say(text.RevokeDone, id)
	}
	return nil
}

// sign makes a revocation that gateways elsewhere believe, and takes it into the list of all
// withdrawals, from which gateways learn what a broker lost. The one of a token has the token's
// id, so that a second one takes its place at the broker.
func (c *consentRevoke) sign(p *cli.Program, r consent.Revocation) error {
	if _, err := topics.ParsePrefix(c.BrokerPrefix); err != nil {
		return cli.Usage(err)
	}
	key, err := readPrivateKey(c.Sign)
	if err != nil {
		return err
	}
	r.Issuer, r.ID, r.Issued = cmp.Or(c.Issuer, issuerOf(c.Sign)), cmp.Or(c.Token, consent.NewID()), time.Now()
	raw, err := consent.SignRevocation(r, key)
	if err != nil {
		return err
	}
	switch {
	case c.Out != "":
		err = cli.WriteNew(c.Out, []byte(raw+"\n"), 0o600)
	case c.Broker == "":
		fmt.Fprintln(p.Stdout, raw)
	}
	if err != nil {
		return err
	}
	if err := c.leave(p, consent.KindRevocation, r.ID, raw); err != nil {
		return err
	}
	return c.extend(p, signer{c.Sign, c.Issuer}, c.Into, key, r)
}

func (b brokerFlags) config() mqtt.Config {
	file := config.MQTT{User: b.BrokerUser, PasswordFile: b.BrokerPasswordFile}
	m := mqtt.Config{Broker: b.Broker, Prefix: b.BrokerPrefix, User: b.BrokerUser, CAFile: b.BrokerCA}
	if file.PasswordFile != "" {
		m.Password = file.Password
	}
	return m
}
