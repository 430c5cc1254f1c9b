// Package consents is bauta consent: keys of issuers, tokens, revocations and badges.
//
// In: flags, key files and tokens. Out: signed tokens and revocations, drawings of
// badges, and requests to the daemon; issuing and drawing need none. It starts no
// goroutines. It never writes a name of a person, never replaces a key, and takes no
// private key that others may read. The scripts of cmd/bauta prove each command.
package consents

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

type consentImport struct {
	cli.Target
	Files []string `arg:"" optional:"" help:"Files of tokens and signed revocations, parted by spaces or line ends; none or - means standard input." name:"file"`
	JSON  bool     `help:"Print JSON."`
}

// Run says of each token what became of it, also where others are refused.
func (c *consentImport) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	raws, names, err := readTokens(p.Stdin, c.Files)
	if err != nil {
		return err
	}
	count := map[api.Outcome]int{}
	all := []api.Import{}
	err = client.ImportConsents(p.Ctx, raws, func(i api.Import) {
		count[i.Outcome]++
		if all = append(all, i); !c.JSON {
			sayImport(p, names[len(all)-1], i)
		}
	})
	switch {
	case err != nil:
		return err
	case c.JSON:
		err = p.JSON(all)
	default:
		p.Say(text.ImportDone, count[api.Accepted], count[api.Known], count[api.Refused])
	}
	if count[api.Refused] > 0 {
		return errors.Join(err, cli.ErrRefused)
	}
	return err
}

func sayImport(p *cli.Program, name string, i api.Import) {
	what := p.Text(text.ImportToken, i.ID, i.Badge, cli.Local(i.Expires))
	switch i.Kind {
	case api.KindRevocation:
		what = p.Text(text.ImportRevocation, i.ID, len(i.Revoked))
	case api.KindList:
		what = p.Text(text.ImportList, i.ID, len(i.Revoked))
	case api.KindAttestation:
		what = p.Text(text.ImportAttestation, i.ID)
	}
	switch {
	case i.Outcome == api.Refused:
		fmt.Fprintln(p.Stdout, p.Text(text.ImportRefused, name, i.Message))
	case i.Outcome == api.Known:
		fmt.Fprintln(p.Stdout, p.Text(text.ImportKnown, what))
	case i.Message != "":
		fmt.Fprintln(p.Stdout, p.Text(text.ImportAccepted, what)+p.Text(text.ImportNote, i.Message))
	default:
		fmt.Fprintln(p.Stdout, p.Text(text.ImportAccepted, what))
	}
}

// readTokens reads all tokens of the files and names where each stands.
func readTokens(stdin io.Reader, files []string) (raws, names []string, err error) {
	if len(files) == 0 {
		files = []string{"-"}
	}
	for _, file := range files {
		found, err := ReadTokenFile(stdin, file)
		if err != nil {
			return nil, nil, fmt.Errorf("read the tokens: %w", err)
		}
		if !slices.ContainsFunc(found, mayBeToken) && len(found) > 1 {
			raws, names = append(raws, found[0]), append(names, file) // some other file: it is refused once, not word by word
			continue
		}
		for i, raw := range found {
			name := file
			if len(found) > 1 || file == "-" {
				name = fmt.Sprintf("%s (%d)", file, i+1)
			}
			raws, names = append(raws, raw), append(names, name)
		}
	}
	if len(raws) == 0 {
		return nil, nil, text.Fail(cli.Usage(errors.New("no token")), text.ImportNothing)
	}
	return raws, names, nil
}

// mayBeToken: tokens and revocations have three parts, of which the first begins a JSON object.
func mayBeToken(word string) bool {
	return strings.HasPrefix(word, "ey") && strings.Count(word, ".") == 2
}

// maxWord is larger than any token, so that a file of something else is
// refused as a token and not by the reader.
const maxWord = 1 << 20

// ReadTokenFile reads the words of a file, or of stdin where its name is -. They need
// not be tokens.
func ReadTokenFile(stdin io.Reader, file string) (raws []string, err error) {
	r := stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	words := bufio.NewScanner(r)
	words.Buffer(nil, maxWord)
	words.Split(bufio.ScanWords)
	for words.Scan() {
		raws = append(raws, words.Text())
	}
	return raws, words.Err()
}

type consentList struct {
	cli.Target
	All     bool   `help:"List those that ended too."`
	Badge   int    `help:"Only those of this badge." placeholder:"N"`
	Subject string `help:"Only those of this pseudonym." placeholder:"NAME"`
	JSON    bool   `help:"Print JSON."`
}

func (c *consentList) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	all, err := client.Consents(p.Ctx, api.ConsentFilter{All: c.All, Badge: c.Badge, Subject: c.Subject})
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(all)
	}
	if len(all) == 0 {
		p.Say(text.ConsentNone)
		return nil
	}
	var t cli.Table
	t.Add(p.Text(text.HeadToken), p.Text(text.BadgeNumber), p.Text(text.HeadSubject), p.Text(text.HeadState), p.Text(text.HeadUntil), p.Text(text.HeadZones), p.Text(text.HeadCamera))
	for _, one := range all {
		t.Add(one.ID, binding(one.Token), one.Subject, p.Text(text.ConsentState(string(one.State))), cli.Local(one.Expires), strings.Join(one.ZoneNames, ", "), cameras(one.Cameras))
	}
	t.Print(p.Stdout)
	sayIdle(p, all)
	return nil
}

// sayIdle says why consents that are in order show nobody.
func sayIdle(p *cli.Program, all []api.Consent) {
	for _, one := range all {
		if one.Reason != "" {
			p.Say(text.ConsentIdle, one.ID, p.Text(text.ConsentReason(string(one.Reason))))
		}
	}
}

// binding is the badge's number, or a dash for a token that binds to a face.
func binding(t consent.Token) string {
	if t.Badge == 0 {
		return "-"
	}
	return fmt.Sprint(t.Badge)
}

func cameras(ids []media.CameraID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return cmp.Or(strings.Join(words, " "), "-")
}

// zoneNames are what people call the zones of a consent, with the ids that its token has.
func zoneNames(one api.Consent) string {
	words := slices.Clone(one.Zones)
	for i := range min(len(words), len(one.ZoneNames)) {
		if name := one.ZoneNames[i]; name != words[i] {
			words[i] = name + " (" + words[i] + ")"
		}
	}
	return strings.Join(words, ", ")
}

type consentShow struct {
	cli.Target
	Token  string `arg:"" help:"The token's id, or a file that holds one."`
	Issuer string `help:"Prove a file's token with this public key." type:"existingfile" placeholder:"PUB"`
	JSON   bool   `help:"Print JSON."`
}

func (c *consentShow) Run(p *cli.Program) error {
	one, err := c.find(p)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(one)
	}
	var t cli.Table
	row := func(head text.Key, value string) {
		if value != "" {
			t.Add(p.Text(head), value)
		}
	}
	row(text.HeadToken, one.ID)
	if one.State != "" {
		row(text.HeadState, p.Text(text.ConsentState(string(one.State))))
		row(text.HeadCamera, cameras(one.Cameras))
	}
	if one.Reason != "" {
		row(text.HeadReason, p.Text(text.ConsentReason(string(one.Reason))))
	}
	row(text.BadgeNumber, binding(one.Token))
	row(text.HeadSubject, one.Subject)
	row(text.HeadZones, zoneNames(one))
	row(text.HeadPurpose, one.Purpose)
	if one.Footage != (consent.Footage{}) {
		row(text.HeadFootage, cli.Seconds(one.Footage.From)+" - "+cli.Seconds(one.Footage.To))
	}
	row(text.HeadFrom, cli.Local(one.NotBefore))
	row(text.HeadUntil, cli.Local(one.Expires))
	row(text.HeadIssuer, one.Issuer)
	row(text.HeadKey, one.KeyID)
	row(text.HeadBasis, string(one.Basis))
	row(text.HeadAge, string(one.Age))
	row(text.HeadGuardian, one.Guardian)
	row(text.HeadStatement, one.Statement)
	t.Print(p.Stdout)
	return nil
}

// find reads a file without a daemon. Unless a key is given it proves nothing,
// and says so.
func (c *consentShow) find(p *cli.Program) (api.Consent, error) {
	if _, err := os.Stat(c.Token); err != nil {
		client, err := c.Client(p)
		if err != nil {
			return api.Consent{}, err
		}
		return client.Consent(p.Ctx, c.Token)
	}
	raw, err := OneToken(c.Token)
	if err != nil {
		return api.Consent{}, err
	}
	if c.Issuer == "" {
		t, err := consent.Peek(raw)
		if err == nil {
			fmt.Fprintln(p.Stderr, p.Text(text.ShowUnproved))
		}
		return api.Consent{Token: t}, err
	}
	key, err := ReadPublicKey(c.Issuer)
	if err != nil {
		return api.Consent{}, err
	}
	t, err := consent.Open(raw, consent.NewIssuers(consent.Issuer{Key: key}))
	return api.Consent{Token: t.Token, KeyID: t.KeyID()}, err
}

// OneToken reads a file that holds one token.
func OneToken(file string) (string, error) {
	raws, err := ReadTokenFile(nil, file)
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	if len(raws) != 1 {
		return "", fmt.Errorf("%s holds %d words: give a file with one token", file, len(raws))
	}
	return raws[0], nil
}

// ReadPublicKey reads an issuer's key in PEM.
func ReadPublicKey(file string) (consent.PublicKey, error) {
	b, err := cli.ReadSmall(file)
	if err != nil {
		return consent.PublicKey{}, err
	}
	key, err := consent.ParsePublicKey(b)
	if err != nil {
		return consent.PublicKey{}, text.Fail(err, text.ConsentInFile, file, err)
	}
	return key, nil
}

type issuerAdd struct {
	cli.Target
	Key  string `arg:"" help:"The issuer's public key, NAME.pub." type:"existingfile" name:"pub"`
	Name string `help:"The name in its tokens. Default: the file's." placeholder:"NAME"`
}

func (c *issuerAdd) Run(p *cli.Program) error {
	key, err := ReadPublicKey(c.Key)
	if err != nil {
		return err
	}
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	added, err := client.AddIssuer(p.Ctx, api.NewIssuer{Name: cmp.Or(c.Name, issuerOf(c.Key)), Key: string(key.PEM())})
	if err != nil {
		return err
	}
	p.Say(text.IssuerAdded, added.Name, added.KeyID)
	return nil
}

// issuerOf is the issuer's name in the name of its key's file.
func issuerOf(file string) string {
	name, _, _ := strings.Cut(filepath.Base(file), ".")
	return name
}

type issuerList struct {
	cli.Target
	JSON bool `help:"Print JSON."`
}

func (c *issuerList) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	all, err := client.Issuers(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(all)
	}
	if len(all) == 0 {
		p.Say(text.IssuerNone)
		return nil
	}
	var t cli.Table
	t.Add(p.Text(text.HeadIssuer), p.Text(text.HeadKey), p.Text(text.HeadSince))
	for _, one := range all {
		t.Add(one.Name, one.KeyID, cli.Local(one.Added))
	}
	t.Print(p.Stdout)
	return nil
}

type issuerRemove struct {
	cli.Target
	Issuer string `arg:"" help:"The issuer's name, for all its keys, or one key's id."`
}

func (c *issuerRemove) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	removed, err := client.RemoveIssuer(p.Ctx, c.Issuer)
	if err != nil {
		return err
	}
	p.Say(text.IssuerRemoved, strings.Join(removed.Keys, ", "))
	return nil
}

// Commands are the commands of bauta consent.
type Commands struct {
	Keygen consentKeygen `cmd:"" help:"Make an issuer's key pair."`
	Issue  consentIssue  `cmd:"" help:"Issue a consent token; needs no gateway."`
	Import consentImport `cmd:"" help:"Give tokens, signed revocations and lists of them to the running gateway."`
	Revoke consentRevoke `cmd:"" help:"Withdraw consents for good: a token, a subject's or a badge's."`
	List   consentList   `cmd:"" help:"List the consents."`

	Recipient consentRecipient `cmd:"" help:"Print the key to which consents for this gateway are encrypted."`
	Send      consentSend      `cmd:"" help:"Send tokens to gateways that share a broker, encrypted to their keys."`

	Publish  consentPublish  `cmd:"" help:"Sign the list of all withdrawals anew and leave it at a broker."`
	Delegate consentDelegate `cmd:"" help:"Let another key say how new the list of withdrawals is, and nothing else."`
	Attest   consentAttest   `cmd:"" help:"Say that nothing was withdrawn beyond the newest list; for a server, once a day."`

	Show   consentShow  `cmd:"" help:"Say what a consent holds, of the gateway or of a file."`
	Badge  consentBadge `cmd:"" help:"Draw a token's badge at true size, as PDF and PNG."`
	Sheet  consentSheet `cmd:"" help:"Draw the badges of many tokens on A4 sheets, with marks where to cut."`
	Issuer struct {
		Add    issuerAdd    `cmd:"" help:"Trust an issuer's public key."`
		List   issuerList   `cmd:"" help:"List the trusted issuers."`
		Remove issuerRemove `cmd:"" help:"Trust an issuer no more: all whom it vouched for are masked."`
	} `cmd:"" help:"Add, list and remove trusted issuers."`
}
