package redact

import (
	"bufio"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/cmd/bauta/consents"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/redact"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// consentFlags say whose faces stay visible in a file.
type consentFlags struct {
	Token      []string    `help:"Consent token of somebody whose face stays visible; several times for several." type:"existingfile" placeholder:"T.jwt"`
	Issuer     []string    `help:"Public key that tokens must be signed by; several times for several." type:"existingfile" placeholder:"PUB"`
	Revocation []string    `help:"Signed revocation to heed, beside those that the gateway here knows." type:"existingfile" placeholder:"FILE"`
	Purpose    string      `help:"What the copy is made for: tokens of another purpose show nobody." default:"subject-access" placeholder:"PURPOSE"`
	RecordedAt *cli.Moment `help:"When the film begins, 2026-05-01T08:00 or 2026-05-01T08:00:30+08:00, where the file does not say." placeholder:"TIME"`
	Zone       string      `help:"Name of the whole picture as a consent zone: a token must list it, or *." default:"redact" placeholder:"ZONE"`
}

// evaluation reads keys and tokens, and returns what says of each token whether it
// counts in a recording of a certain time. A token that does not is no error: the copy
// is made all the same, with everybody masked whom no good token shows.
func (f consentFlags) evaluation(p *cli.Program, cfg config.Config) (func(redact.Recording) *redact.Consents, error) {
	if len(f.Token) == 0 {
		return nil, nil
	}
	if err := f.check(cfg, time.Now()); err != nil {
		return nil, err
	}
	j := redact.Terms{
		Trust: consent.Issuers{}, Zone: f.Zone, Purpose: f.Purpose, Lang: p.Lang,
		Rules:   consent.Rules{Now: time.Now(), Purposes: cfg.Consent.PurposeList(), MaxLife: cfg.Consent.MaxLife()},
		Revoked: redact.AskRevoked(p.Ctx, api.NewClient(cfg.Socket(), p.Lang), cfg.Store()),
	}
	for _, file := range f.Issuer {
		key, err := consents.ReadPublicKey(file)
		if err != nil {
			return nil, err
		}
		j.Trust[key.ID()] = consent.Issuer{Key: key}
	}
	var err error
	if j.Revocations, err = f.revocations(j.Trust); err != nil {
		return nil, err
	}
	raws, names, err := f.tokens()
	if err != nil {
		return nil, err
	}
	return func(recording redact.Recording) *redact.Consents {
		all := j.Evaluate(recording, raws, names)
		sayTokens(p, all.Tokens)
		return all
	}, nil
}

// check refuses flags that could only show nobody.
func (f consentFlags) check(cfg config.Config, now time.Time) error {
	served := cfg.Consent.PurposeList()
	switch {
	case !consent.ValidName(f.Zone):
		return text.Fail(cli.Usage(errors.New("no slug")), text.ConfigSlug, "--zone", f.Zone, media.MaxCameraID, "redact")
	case !slices.Contains(served, f.Purpose):
		return text.Fail(cli.Usage(consent.ErrPurpose), text.ZonePurposeUnknown, f.Purpose, strings.Join(served, ", "))
	case f.RecordedAt != nil && (f.RecordedAt.Day || !redact.BelievableTime(f.RecordedAt.Begin(), now)):
		return text.Fail(cli.Usage(errors.New("no time of a film")), text.RedactRecordedAt, f.RecordedAt.Begin().Format(time.RFC3339))
	}
	return nil
}

// recordedAt is zero where nobody said it.
func (f consentFlags) recordedAt() time.Time {
	if f.RecordedAt == nil {
		return time.Time{}
	}
	return f.RecordedAt.Begin()
}

func sayTokens(p *cli.Program, all []redact.Token) {
	for _, t := range all {
		if t.Used {
			fmt.Fprintln(p.Stderr, p.Text(text.RedactTokenUsed, t.ID, t.Badge, cli.Seconds(t.From), cli.Seconds(t.To)))
		} else {
			fmt.Fprintln(p.Stderr, p.Text(text.RedactTokenRefused, t.File, t.Message))
		}
	}
}

// tokens reads the files. One that holds no token at all is treated like a
// broken token.
func (f consentFlags) tokens() (raws, names []string, err error) {
	for _, file := range f.Token {
		found, err := consents.ReadTokenFile(nil, file)
		if err != nil && !errors.Is(err, bufio.ErrTooLong) {
			return nil, nil, fmt.Errorf("read the token: %w", err)
		}
		if len(found) == 0 {
			found = []string{""}
		}
		for _, raw := range found {
			raws, names = append(raws, raw), append(names, file)
		}
	}
	return raws, names, nil
}

func (f consentFlags) revocations(trust consent.Issuers) (all []consent.Revocation, err error) {
	for _, file := range f.Revocation {
		raw, err := consents.OneToken(file)
		if err != nil {
			return nil, err
		}
		r, err := consent.OpenRevocation(raw, trust, time.Now())
		if err != nil {
			return nil, text.Fail(err, text.ConsentInFile, file, err)
		}
		all = append(all, r)
	}
	return all, nil
}
