package consents

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

type consentKeygen struct {
	Name string `arg:"" help:"The issuer's name: a-z, 0-9 and dashes, such as front-desk."`
	Dir  string `help:"Folder for NAME.key and NAME.pub." type:"existingdir" default:"." placeholder:"DIR"`
}

func (c *consentKeygen) Run(p *cli.Program) error {
	if !consent.ValidName(c.Name) {
		return text.Fail(cli.Usage(errors.New("no slug")), text.IssuerName, c.Name, media.MaxCameraID)
	}
	private, public := filepath.Join(c.Dir, c.Name+".key"), filepath.Join(c.Dir, c.Name+".pub")
	if _, err := os.Lstat(public); err == nil {
		return text.Fail(cli.Refuse(fs.ErrExist), text.KeygenExists, public)
	}
	key := consent.NewKey()
	if err := cli.WriteNew(private, key.PEM(), 0o600); err != nil {
		return err
	}
	if err := cli.WriteNew(public, key.Public().PEM(), 0o644); err != nil {
		return err
	}
	p.Say(text.KeygenDone, private, public, key.Public().ID())
	return nil
}

// signer is the issuer's key and name.
type signer struct {
	Key    string `help:"The issuer's private key, NAME.key." type:"existingfile" required:"" placeholder:"FILE"`
	Issuer string `help:"The issuer's name in the token. Default: the key file's." placeholder:"NAME"`
}

func (s signer) name() string { return cmp.Or(s.Issuer, issuerOf(s.Key)) }

// trust proves what was signed by this very key.
func (s signer) trust(key consent.PrivateKey) consent.Issuers {
	return consent.NewIssuers(consent.Issuer{Name: s.name(), Key: key.Public()})
}

// readPrivateKey refuses a key that others may read, as ssh does.
func readPrivateKey(file string) (consent.PrivateKey, error) {
	b, err := cli.ReadSmall(file)
	if err != nil {
		return consent.PrivateKey{}, err
	}
	key, err := consent.ParsePrivateKey(b)
	if err != nil {
		return consent.PrivateKey{}, text.Fail(err, text.ConsentInFile, file, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 {
		return consent.PrivateKey{}, text.Fail(cli.Refuse(errors.Join(err, fs.ErrPermission)), text.StoreKeyOpen, file, file)
	}
	return key, nil
}

type consentIssue struct {
	cli.Target
	signer
	Badge     int         `help:"Number of the badge that the person gets: 1 to 249." required:"" placeholder:"N"`
	Zone      []string    `help:"Consent zone in which the person agrees to be shown; * for all. Give it several times for several." required:"" placeholder:"ZONE"`
	Purpose   string      `help:"What for: one of consent.purposes of the settings. subject-access is for a copy of film, needs --footage-from and --footage-to, and shows nobody live." required:"" placeholder:"PURPOSE"`
	Statement string      `help:"File with the text that the person agreed to; the token holds its SHA-256." type:"existingfile" required:"" placeholder:"FILE"`
	Age       string      `help:"adult, or minor14 for a person under 14." enum:"adult,minor14" required:"" placeholder:"AGE"`
	Guardian  string      `help:"Reference to the guardian's consent, no name; needed with minor14." placeholder:"REF"`
	Basis     string      `help:"separate or written: the form of the consent." enum:"separate,written" default:"separate" placeholder:"FORM"`
	Subject   string      `help:"The person's pseudonym, no name. Default: a random one." placeholder:"NAME"`
	From      *cli.Moment `help:"First moment: 2026-05-01 or 2026-05-01T08:00. Default: now." placeholder:"TIME"`
	Until     *cli.Moment `help:"Last day, or the moment of the end." placeholder:"TIME" xor:"end"`
	Days      int         `help:"Length in days, instead of --until. Default: 365." placeholder:"N" xor:"end"`
	// What a token for subject-access covers.
	FootageFrom *cli.Moment `help:"First moment of the film that a copy is made of; may be past." placeholder:"TIME"`
	FootageTo   *cli.Moment `help:"Last day of that film, or the moment of its end." placeholder:"TIME"`

	Out string `help:"File to write the token to. Default: standard output." type:"path" placeholder:"FILE"`
}

// Run needs no daemon: the issuer's PC may be far from every gateway.
func (c *consentIssue) Run(p *cli.Program) error {
	cfg, err := c.Load(p)
	if err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return cli.Usage(err)
	}
	t, err := c.token(time.Now())
	if err != nil {
		return err
	}
	key, err := readPrivateKey(c.Key)
	if err != nil {
		return err
	}
	// A year from next month on is longer than some gateways take: say it now.
	err = t.CheckUse(consent.Rules{Purposes: cfg.Consent.PurposeList(), MaxLife: cfg.Consent.MaxLife()})
	if err != nil {
		return cli.Refuse(err)
	}
	raw, err := consent.Sign(t, key)
	if err != nil {
		return cli.Refuse(err)
	}
	if c.Out == "" {
		fmt.Fprintln(p.Stdout, raw)
	} else if err := cli.WriteNew(c.Out, []byte(raw+"\n"), 0o600); err != nil {
		return err
	}
	fmt.Fprintln(p.Stderr, p.Text(text.IssueDone, t.ID, t.Subject, t.Badge, cli.Local(t.Expires)))
	return nil
}

// check says in the words of the flags what the token would be refused for.
func (c *consentIssue) check() error {
	if !consent.ValidBadge(c.Badge) {
		return text.Fail(nil, text.ConfigRange, "--badge", fmt.Sprint(c.Badge), fmt.Sprint(consent.MinBadge), fmt.Sprint(consent.MaxBadge), "7")
	}
	for flag, s := range map[string]string{"--subject": c.Subject, "--guardian": c.Guardian} {
		if s != "" && !consent.ValidSubject(s) {
			return text.Fail(nil, text.IssuePseudonym, flag, s)
		}
	}
	for _, z := range c.Zone {
		if !consent.ValidName(z) && z != consent.AnyZone {
			return text.Fail(nil, text.ConfigSlug, "--zone", z, media.MaxCameraID, "lobby")
		}
	}
	if !consent.ValidName(c.name()) {
		return text.Fail(nil, text.IssuerName, c.name(), media.MaxCameraID)
	}
	return c.checkFootage()
}

// checkFootage refuses a token for a copy that does not say of what, and a span
// of footage in one for anything else.
func (c *consentIssue) checkFootage() error {
	given := c.FootageFrom != nil || c.FootageTo != nil
	switch {
	case c.Purpose != consent.SubjectAccess && given:
		return text.Fail(nil, text.IssueFootageOther, c.Purpose)
	case c.Purpose != consent.SubjectAccess:
		return nil
	case c.FootageFrom == nil || c.FootageTo == nil:
		return text.Fail(nil, text.IssueFootage)
	case !c.FootageTo.End().After(c.FootageFrom.Begin()):
		return text.Fail(nil, text.IssueFootageOrder)
	}
	return nil
}

func (c *consentIssue) token(now time.Time) (consent.Token, error) {
	statement, err := os.ReadFile(c.Statement)
	if err != nil {
		return consent.Token{}, err
	}
	if len(statement) == 0 {
		return consent.Token{}, fmt.Errorf("%s is empty: it must hold the text that the person agreed to", c.Statement)
	}
	sum := sha256.Sum256(statement)
	now = now.UTC().Truncate(time.Second)
	t := consent.Token{
		Issuer: c.name(), Subject: cmp.Or(c.Subject, "p-"+consent.NewID()[:12]), ID: consent.NewID(), Issued: now, NotBefore: now,
		Zones: c.Zone, Purpose: c.Purpose, Basis: consent.Basis(c.Basis), Statement: hex.EncodeToString(sum[:]),
		Badge: c.Badge, Age: consent.Age(c.Age), Guardian: c.Guardian,
	}
	if c.FootageFrom != nil {
		t.Footage = consent.Footage{From: c.FootageFrom.Begin(), To: c.FootageTo.End()}
	}
	if c.From != nil {
		if past(c.From, now) {
			return consent.Token{}, text.Fail(cli.Usage(errors.New("--from is past")), text.IssueFromPast)
		}
		if begin := c.From.Begin(); begin.After(now) {
			t.NotBefore = begin
		}
	}
	if t.Expires = t.NotBefore.AddDate(0, 0, cmp.Or(c.Days, 365)); c.Until != nil {
		t.Expires = c.Until.End()
	}
	if !t.Expires.After(now) {
		return consent.Token{}, cli.Usage(errors.New("the end of the consent is past: give a later --until"))
	}
	return t, nil
}

// past says that a consent which is given now cannot begin then. Today it can:
// from now on.
func past(m *cli.Moment, now time.Time) bool {
	if m.Day {
		return !m.End().After(now)
	}
	return m.Begin().Before(now.Add(-consent.Skew))
}
