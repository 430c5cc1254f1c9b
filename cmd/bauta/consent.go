package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

type consentImport struct {
	place
	Files []string `arg:"" optional:"" help:"Files of tokens and signed revocations, parted by spaces or line ends; none or - means standard input." name:"file"`
	JSON  bool     `help:"Print JSON."`
}

// Run tells of each token what happened, also where others are refused.
func (c *consentImport) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	raws, names, err := readTokens(p.stdin, c.Files)
	if err != nil {
		return err
	}
	count := map[api.Outcome]int{}
	all := []api.Import{}
	err = client.ImportConsents(p.ctx, raws, func(i api.Import) {
		count[i.Outcome]++
		if all = append(all, i); !c.JSON {
			p.sayImport(names[len(all)-1], i)
		}
	})
	switch {
	case err != nil:
		return err
	case c.JSON:
		err = p.json(all)
	default:
		p.say(text.ImportDone, count[api.Accepted], count[api.Known], count[api.Refused])
	}
	if count[api.Refused] > 0 {
		return errors.Join(err, errRefused)
	}
	return err
}

func (p *program) sayImport(name string, i api.Import) {
	what := p.text(text.ImportToken, i.ID, i.Badge, local(i.Expires))
	if i.Kind == api.KindRevocation {
		what = p.text(text.ImportRevocation, i.ID, len(i.Revoked))
	}
	switch {
	case i.Outcome == api.Refused:
		fmt.Fprintln(p.stdout, p.text(text.ImportRefused, name, i.Message))
	case i.Outcome == api.Known:
		fmt.Fprintln(p.stdout, p.text(text.ImportKnown, what))
	case i.Message != "":
		fmt.Fprintln(p.stdout, p.text(text.ImportAccepted, what)+p.text(text.ImportNote, i.Message))
	default:
		fmt.Fprintln(p.stdout, p.text(text.ImportAccepted, what))
	}
}

func local(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

// readTokens reads all tokens of the files and names where each stands.
func readTokens(stdin io.Reader, files []string) (raws, names []string, err error) {
	if len(files) == 0 {
		files = []string{"-"}
	}
	for _, file := range files {
		found, err := readTokenFile(stdin, file)
		if err != nil {
			return nil, nil, fmt.Errorf("read the tokens: %w", err)
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
		return nil, nil, text.Fail(usageError{errors.New("no token")}, text.ImportNothing)
	}
	return raws, names, nil
}

// maxWord is larger than any token, so that a file of something else is
// refused as a token and not by the reader.
const maxWord = 1 << 20

func readTokenFile(stdin io.Reader, file string) (raws []string, err error) {
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
	place
	All     bool   `help:"List those that ended too."`
	Badge   int    `help:"Only those of this badge." placeholder:"N"`
	Subject string `help:"Only those of this pseudonym." placeholder:"NAME"`
	JSON    bool   `help:"Print JSON."`
}

func (c *consentList) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	all, err := client.Consents(p.ctx, api.ConsentFilter{All: c.All, Badge: c.Badge, Subject: c.Subject})
	if err != nil {
		return err
	}
	if c.JSON {
		return p.json(all)
	}
	if len(all) == 0 {
		p.say(text.ConsentNone)
		return nil
	}
	var t table
	t.add(p.text(text.HeadToken), p.text(text.BadgeNumber), p.text(text.HeadSubject), p.text(text.HeadState), p.text(text.HeadUntil), p.text(text.HeadZones), p.text(text.HeadCamera))
	for _, one := range all {
		t.add(one.ID, binding(one.Token), one.Subject, p.text(text.ConsentState(string(one.State))), local(one.Expires), strings.Join(one.Zones, " "), cameras(one.Cameras))
	}
	t.print(p.stdout)
	p.sayIdle(all)
	return nil
}

// sayIdle tells why consents that are in order show nobody.
func (p *program) sayIdle(all []api.Consent) {
	for _, one := range all {
		if one.Reason != "" {
			p.say(text.ConsentIdle, one.ID, p.text(text.ConsentReason(string(one.Reason))))
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

type consentShow struct {
	place
	Token  string `arg:"" help:"The token's id, or a file that holds one."`
	Issuer string `help:"Prove a file's token with this public key." type:"existingfile" placeholder:"PUB"`
	JSON   bool   `help:"Print JSON."`
}

func (c *consentShow) Run(p *program) error {
	one, err := c.find(p)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.json(one)
	}
	var t table
	row := func(head text.Key, value string) {
		if value != "" {
			t.add(p.text(head), value)
		}
	}
	row(text.HeadToken, one.ID)
	if one.State != "" {
		row(text.HeadState, p.text(text.ConsentState(string(one.State))))
		row(text.HeadCamera, cameras(one.Cameras))
	}
	if one.Reason != "" {
		row(text.HeadReason, p.text(text.ConsentReason(string(one.Reason))))
	}
	row(text.BadgeNumber, binding(one.Token))
	row(text.HeadSubject, one.Subject)
	row(text.HeadZones, strings.Join(one.Zones, " "))
	row(text.HeadPurpose, one.Purpose)
	if one.Footage != (consent.Footage{}) {
		row(text.HeadFootage, seconds(one.Footage.From)+" - "+seconds(one.Footage.To))
	}
	row(text.HeadFrom, local(one.NotBefore))
	row(text.HeadUntil, local(one.Expires))
	row(text.HeadIssuer, one.Issuer)
	row(text.HeadKey, one.KeyID)
	row(text.HeadBasis, string(one.Basis))
	row(text.HeadAge, string(one.Age))
	row(text.HeadGuardian, one.Guardian)
	row(text.HeadStatement, one.Statement)
	t.print(p.stdout)
	return nil
}

// find reads a file without a daemon. Unless a key is given it proves nothing,
// and says so.
func (c *consentShow) find(p *program) (api.Consent, error) {
	if _, err := os.Stat(c.Token); err != nil {
		client, err := c.client(p)
		if err != nil {
			return api.Consent{}, err
		}
		return client.Consent(p.ctx, c.Token)
	}
	raw, err := oneToken(c.Token)
	if err != nil {
		return api.Consent{}, err
	}
	if c.Issuer == "" {
		t, err := consent.Peek(raw)
		if err == nil {
			fmt.Fprintln(p.stderr, p.text(text.ShowUnproved))
		}
		return api.Consent{Token: t}, err
	}
	key, err := readPublicKey(c.Issuer)
	if err != nil {
		return api.Consent{}, err
	}
	t, err := consent.Open(raw, consent.NewIssuers(consent.Issuer{Key: key}))
	return api.Consent{Token: t.Token, KeyID: t.KeyID()}, err
}

// oneToken reads a file that holds one token.
func oneToken(file string) (string, error) {
	raws, err := readTokenFile(nil, file)
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	if len(raws) != 1 {
		return "", fmt.Errorf("%s holds %d words: give a file with one token", file, len(raws))
	}
	return raws[0], nil
}

func readPublicKey(file string) (consent.PublicKey, error) {
	b, err := readSmall(file)
	if err != nil {
		return consent.PublicKey{}, err
	}
	key, err := consent.ParsePublicKey(b)
	if err != nil {
		return consent.PublicKey{}, text.Fail(err, text.ConsentInFile, file, err)
	}
	return key, nil
}

// readSmall reads a key: nobody means a film.
func readSmall(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 64<<10))
}

type issuerAdd struct {
	place
	Key  string `arg:"" help:"The issuer's public key, NAME.pub." type:"existingfile" name:"pub"`
	Name string `help:"The name in its tokens. Default: the file's." placeholder:"NAME"`
}

func (c *issuerAdd) Run(p *program) error {
	key, err := readPublicKey(c.Key)
	if err != nil {
		return err
	}
	client, err := c.client(p)
	if err != nil {
		return err
	}
	added, err := client.AddIssuer(p.ctx, api.NewIssuer{Name: cmp.Or(c.Name, issuerOf(c.Key)), Key: string(key.PEM())})
	if err != nil {
		return err
	}
	p.say(text.IssuerAdded, added.Name, added.KeyID)
	return nil
}

// issuerOf is the issuer's name in the name of its key's file.
func issuerOf(file string) string {
	name, _, _ := strings.Cut(filepath.Base(file), ".")
	return name
}

type issuerList struct {
	place
	JSON bool `help:"Print JSON."`
}

func (c *issuerList) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	all, err := client.Issuers(p.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.json(all)
	}
	if len(all) == 0 {
		p.say(text.IssuerNone)
		return nil
	}
	var t table
	t.add(p.text(text.HeadIssuer), p.text(text.HeadKey), p.text(text.HeadSince))
	for _, one := range all {
		t.add(one.Name, one.KeyID, local(one.Added))
	}
	t.print(p.stdout)
	return nil
}

type issuerRemove struct {
	place
	Issuer string `arg:"" help:"The issuer's name, for all its keys, or one key's id."`
}

func (c *issuerRemove) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	removed, err := client.RemoveIssuer(p.ctx, c.Issuer)
	if err != nil {
		return err
	}
	p.say(text.IssuerRemoved, strings.Join(removed.Keys, ", "))
	return nil
}
