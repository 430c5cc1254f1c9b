package consents

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
)

// listFile is where the list of an issuer's withdrawals lies: beside its key, unless told.
func listFile(list, key string) string {
	return cmp.Or(list, strings.TrimSuffix(key, ".key")+".list")
}

// readList reads and proves a list; what is not there is an empty one.
func readList(file string, trust consent.Issuers) (consent.SignedList, error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return consent.SignedList{}, nil
	}
	if err != nil {
		return consent.SignedList{}, err
	}
	l, err := consent.OpenList(strings.TrimSpace(string(b)), trust)
	if err != nil {
		return consent.SignedList{}, text.Fail(err, text.ConsentInFile, file, err)
	}
	return l, nil
}

// keptList is the list that a broker keeps, empty without a broker. One that nobody trusted
// signed is left aside: anybody may have put it there.
func keptList(p *cli.Program, b brokerFlags, issuer string, trust consent.Issuers) (consent.SignedList, error) {
	if b.Broker == "" {
		return consent.SignedList{}, nil
	}
	raw, err := mqtt.KeptConsent(p.Ctx, b.config(), consent.KindList, issuer)
	if err != nil || raw == "" {
		return consent.SignedList{}, err
	}
	l, err := consent.OpenList(raw, trust)
	if err != nil {
		fmt.Fprintln(p.Stderr, p.Text(text.ListStrange, b.Broker, err))
		return consent.SignedList{}, nil
	}
	return l, nil
}

// newest is the later of two lists, and what the other has beyond it.
func newest(a, b consent.SignedList) (consent.SignedList, []consent.Revocation) {
	if a.Number < b.Number {
		a, b = b, a
	}
	if a.Hash() == b.Hash() {
		return a, nil
	}
	return a, b.Withdrawn
}

// extend signs the list anew, with more in it, writes it beside the key and leaves it at the
// broker. What the broker has and the file has not, is kept as well.
func (b brokerFlags) extend(p *cli.Program, s signer, file string, key consent.PrivateKey, more ...consent.Revocation) error {
	file = listFile(file, s.Key)
	trust := s.trust(key)
	here, err := readList(file, trust)
	if err != nil {
		return err
	}
	there, err := keptList(p, b, s.name(), trust)
	switch {
	case err != nil && here.Number == 0:
		return err // the broker may have a list whose number this one has to follow
	case err != nil:
		fmt.Fprintln(p.Stderr, p.Text(text.ListUnread, b.Broker, err))
	}
	last, missing := newest(here, there)
	last.Issuer = s.name()
	next := last.With(time.Now(), append(missing, more...)...)
	raw, err := consent.SignList(next, key)
	if err != nil {
		return err
	}
	if err := replace(file, raw); err != nil {
		return err
	}
	fmt.Fprintln(p.Stderr, p.Text(text.ListWritten, next.Number, len(next.Withdrawn), file))
	return b.leave(p, consent.KindList, s.name(), raw)
}

// replace writes a file whole, in the place of the one that may be there.
func replace(file, raw string) error {
	return cli.WriteFile(file, 0o600, func(w io.Writer) error {
		_, err := io.WriteString(w, raw+"\n")
		return err
	})
}

// leave leaves something signed at the broker, where one was named.
func (b brokerFlags) leave(p *cli.Program, kind consent.Kind, name, raw string) error {
	if b.Broker == "" {
		return nil
	}
	if err := mqtt.PublishConsent(p.Ctx, b.config(), kind, name, raw); err != nil {
		return err
	}
	p.Say(text.RevokePublished, string(kind)+"/"+name, b.Broker)
	return nil
}

type consentPublish struct {
	signer
	List string   `help:"File of the list. Default: beside the key, NAME.list." type:"path" placeholder:"FILE"`
	Add  []string `arg:"" optional:"" help:"Signed revocations to take into the list." type:"existingfile" name:"revocation"`
	brokerFlags
}

// Run signs the list anew, which proves to gateways that it is the newest.
func (c *consentPublish) Run(p *cli.Program) error {
	key, err := readPrivateKey(c.Key)
	if err != nil {
		return err
	}
	var more []consent.Revocation
	for _, file := range c.Add {
		raws, err := ReadTokenFile(p.Stdin, file)
		if err != nil {
			return err
		}
		for _, raw := range raws {
			r, err := consent.OpenRevocation(raw, c.trust(key), time.Now())
			if err != nil {
				return text.Fail(cli.Refuse(err), text.ConsentInFile, file, err)
			}
			more = append(more, r)
		}
	}
	return c.extend(p, c.signer, c.List, key, more...)
}

type consentDelegate struct {
	signer
	Delegate string `arg:"" help:"The public key of who may say how new the list is, made by keygen." type:"existingfile" name:"pub"`
	Days     int    `help:"For how many days." default:"365" placeholder:"N"`
	Out      string `help:"File to write the delegation to. Default: standard output." type:"path" placeholder:"FILE"`
}

// Run lets a server say each day that nothing new was withdrawn; the key that can issue and
// withdraw stays offline.
func (c *consentDelegate) Run(p *cli.Program) error {
	if c.Days < 1 || c.Days > 3650 {
		return cli.Usage(errors.New("--days is 1 to 3650"))
	}
	key, err := readPrivateKey(c.Key)
	if err != nil {
		return err
	}
	to, err := ReadPublicKey(c.Delegate)
	if err != nil {
		return err
	}
	now := time.Now()
	raw, err := consent.SignDelegation(consent.Delegation{Issuer: c.name(), Key: to, Issued: now, Expires: now.AddDate(0, 0, c.Days)}, key)
	switch {
	case err != nil:
		return err
	case c.Out == "":
		fmt.Fprintln(p.Stdout, raw)
		return nil
	}
	return cli.WriteNew(c.Out, []byte(raw+"\n"), 0o644)
}

type consentAttest struct {
	Key        string `help:"The private key that signs: of the issuer, or with --delegation of who may." type:"existingfile" required:"" placeholder:"FILE"`
	Delegation string `help:"What gives that key the right, made by consent delegate." type:"existingfile" placeholder:"FILE"`
	IssuerKey  string `help:"The issuer's public key, NAME.pub." type:"existingfile" required:"" placeholder:"FILE"`
	Issuer     string `help:"The issuer's name. Default: that of the file of --issuer-key." placeholder:"NAME"`
	List       string `help:"The issuer's newest list, where the broker may not have it." type:"existingfile" placeholder:"FILE"`
	Out        string `help:"File to write the attestation to, in place of an older one. Default: standard output, without a broker." type:"path" placeholder:"FILE"`
	brokerFlags
}

// Run says that nothing was withdrawn beyond the newest list that is known here.
func (c *consentAttest) Run(p *cli.Program) error {
	key, err := readPrivateKey(c.Key)
	if err != nil {
		return err
	}
	public, err := ReadPublicKey(c.IssuerKey)
	if err != nil {
		return err
	}
	name := cmp.Or(c.Issuer, issuerOf(c.IssuerKey))
	trust := consent.NewIssuers(consent.Issuer{Name: name, Key: public})
	var by string
	if c.Delegation != "" {
		if by, err = OneToken(c.Delegation); err != nil {
			return err
		}
	}
	l, err := c.newest(p, name, trust)
	if err != nil {
		return err
	}
	raw, err := consent.SignAttestation(consent.Attestation{Issuer: name, Number: l.Number, Hash: l.Hash(), Issued: time.Now()}, by, key)
	if err != nil {
		return err
	}
	if _, err := consent.OpenAttestation(raw, trust); err != nil {
		return cli.Refuse(err) // no gateway would believe it
	}
	if err := c.write(p, raw); err != nil {
		return err
	}
	fmt.Fprintln(p.Stderr, p.Text(text.Attested, name, l.Number))
	return c.leave(p, consent.KindAttestation, name, raw)
}

// newest is the newest list at the broker or in the file.
func (c *consentAttest) newest(p *cli.Program, name string, trust consent.Issuers) (here consent.SignedList, err error) {
	if c.List != "" {
		if here, err = readList(c.List, trust); err != nil {
			return here, err
		}
	}
	there, err := keptList(p, c.brokerFlags, name, trust)
	if err != nil {
		return here, err
	}
	l, _ := newest(here, there)
	return l, nil
}

func (c *consentAttest) write(p *cli.Program, raw string) error {
	switch {
	case c.Out != "":
		return replace(c.Out, raw)
	case c.Broker == "":
		fmt.Fprintln(p.Stdout, raw)
	}
	return nil
}
