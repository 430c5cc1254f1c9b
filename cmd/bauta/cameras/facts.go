package cameras

import (
	"fmt"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/cmd/bauta/questions"
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// given replaces a field where the flag was given.
func given[T any](field *T, flag *T) {
	if flag != nil {
		*field = *flag
	}
}

type cameraSet struct {
	cli.Target
	cli.CameraArg
	login
	Name          *string        `help:"Name for people." placeholder:"NAME"`
	Group         *string        `help:"Where it hangs, a building or a floor." placeholder:"GROUP"`
	URL           *string        `help:"Another address; an IP address or host name alone will do. Areas, facts, consents and the stream's address stay." name:"url" placeholder:"URL"`
	Transport     *string        `help:"auto, tcp, udp, or http for RTSP in an HTTP tunnel." placeholder:"WAY"`
	Mask          *string        `help:"blur, mosaic or solid; empty: as in the settings." placeholder:"STYLE"`
	LookAhead     *time.Duration `help:"How long a picture waits for what later ones tell of it: 0s to 1s; -1s: as in the settings." placeholder:"SPAN"`
	RateCap       *float64       `help:"Bound of the bitrate as a multiple of the camera's; 0: none, -1: as in the settings." placeholder:"X"`
	MaxSize       *string        `help:"Largest size that viewers get: auto, full, half, or one such as 3840x2160; empty: as in the settings." placeholder:"SIZE"`
	SubSize       *string        `help:"Size of the sub-stream: auto, half or quarter; empty: as in the settings." placeholder:"SIZE"`
	SubFPS        *int           `help:"Most frames a second of the sub-stream: 1 to 30; 0: as in the settings." placeholder:"N" name:"sub-fps"`
	Place         *policy.Place  `help:"What kind of place it looks at: bauta camera places lists them." placeholder:"PLACE" name:"place"`
	Purpose       *string        `help:"What it serves: public-safety, fire-safety, property-protection, production-safety, access-control, traffic, internal-management, attendance, teaching or sales." placeholder:"PURPOSE"`
	Necessity     *string        `help:"Why nothing less than a camera here will do." placeholder:"TEXT"`
	Model         *string        `help:"The device's model." placeholder:"MODEL"`
	Firmware      *string        `help:"The device's firmware version." placeholder:"VERSION"`
	Certificate   *string        `help:"The device's certificate number." placeholder:"NUMBER"`
	AccessControl *bool          `help:"It lets people in by their faces. Record such a door as a face device instead: bauta record add device." negatable:""`
	Alternative   *string        `help:"The other way in, of a camera with --access-control." placeholder:"TEXT"`
	Commissioned  *civil.Date    `help:"First day of use, such as 2026-01-31." placeholder:"DAY"`
	Extras        *[]string      `help:"Functions in use beyond the picture: audio, analytics, ptz, zoom." placeholder:"LIST"`
	ExtrasReason  *string        `help:"Why they are needed." placeholder:"TEXT"`
	Cover         string         `help:"What is masked: faces, or moving for faces and all that moves." enum:",faces,moving" default:"" placeholder:"COVER"`
	Mounting      media.Mounting `help:"Which way is up: auto, or how many degrees clockwise the picture has to be turned to be upright: 0, 90, 180 or 270." enum:",auto,0,90,180,270" default:"" placeholder:"DEGREES"`
	ResetLevel    bool           `help:"Take back what was hidden by a command over MQTT."`
	BasicLogin    *bool          `help:"Let the camera have the password by basic login, though it was read more safely before: whoever listens on the network reads it." negatable:""`
	Fingerprint   string         `help:"SHA-256 of the certificate of an rtsps:// camera, in hex: only this one is trusted." placeholder:"HEX" xor:"pin"`
	Forget        bool           `name:"forget-fingerprint" help:"Pin the certificate that the camera shows next, after it was renewed." xor:"pin"`
	JSON          bool           `help:"Print what is on record, as JSON."`
}

func (c *cameraSet) Run(p *cli.Program) error {
	id, client, err := c.Connect(p, c.Target)
	if err != nil {
		return err
	}
	change, err := c.change(p)
	if err != nil {
		return err
	}
	facts, err := c.setFacts(p, client, id)
	if err == nil {
		err = c.setCamera(p, client, id, change)
	}
	if err == nil {
		err = c.setMasking(p, client, id)
	}
	if err == nil {
		err = c.setTrust(p, client, id)
	}
	switch {
	case err != nil:
		return err
	case c.JSON:
		return p.JSON(facts)
	}
	p.Say(text.FactsSaved, id)
	return nil
}

// change is what is said of the camera itself; the password is asked for where a user is given alone.
func (c *cameraSet) change(p *cli.Program) (ch api.CameraChange, err error) {
	ch = api.CameraChange{Name: c.Name, Group: c.Group, URL: c.URL, Transport: c.Transport, Mask: c.Mask, RateCap: c.RateCap, MaxSize: (*media.OutputSize)(c.MaxSize), SubSize: (*media.SubSize)(c.SubSize), SubFPS: c.SubFPS}
	if c.LookAhead != nil {
		ms := float64(*c.LookAhead) / float64(time.Millisecond)
		ch.LookAheadMS = &ms
	}
	password, err := c.password(p)
	if err != nil {
		return ch, err
	}
	if c.User != "" {
		ch.User = &c.User
	}
	if password != "" {
		ch.Password = &password
	}
	return ch, nil
}

func (c *cameraSet) setCamera(p *cli.Program, client *api.Client, id media.CameraID, ch api.CameraChange) error {
	if ch.Empty() {
		return nil
	}
	now, err := client.ChangeCamera(p.Ctx, id, ch)
	if err != nil {
		return testFailed(p, err)
	}
	if !c.JSON {
		p.Say(text.CameraReplaced, id, now.Stream)
	}
	return nil
}

// setFacts changes what is on record where a flag says so.
func (c *cameraSet) setFacts(p *cli.Program, client *api.Client, id media.CameraID) (policy.Camera, error) {
	facts, err := client.Facts(p.Ctx, id)
	if err != nil {
		return facts, err
	}
	before := fmt.Sprint(facts)
	given(&facts.Place, c.Place)
	given(&facts.Purpose, c.Purpose)
	given(&facts.Necessity, c.Necessity)
	given(&facts.Model, c.Model)
	given(&facts.Firmware, c.Firmware)
	given(&facts.Certificate, c.Certificate)
	given(&facts.AccessControl, c.AccessControl)
	given(&facts.Alternative, c.Alternative)
	given(&facts.Commissioned, c.Commissioned)
	given(&facts.Extras, c.Extras)
	given(&facts.ExtrasReason, c.ExtrasReason)
	if fmt.Sprint(facts) == before {
		return facts, nil
	}
	return facts, client.SetFacts(p.Ctx, id, facts)
}

// setMasking changes what of the frame is masked and which way is up.
func (c *cameraSet) setMasking(p *cli.Program, client *api.Client, id media.CameraID) error {
	say := func(key, word text.Key) {
		if !c.JSON {
			p.Say(key, id, p.Text(word))
		}
	}
	if c.Cover != "" {
		if err := client.SetCover(p.Ctx, id, c.Cover); err != nil {
			return err
		}
		say(text.CoverSaved, text.CoverWord(c.Cover))
	}
	if c.Mounting != "" {
		if err := client.SetMounting(p.Ctx, id, c.Mounting); err != nil {
			return err
		}
		say(text.MountingSaved, text.MountingWord(string(c.Mounting)))
	}
	if c.ResetLevel {
		return client.ResetLevel(p.Ctx, id)
	}
	return nil
}

// setTrust says how far the camera is trusted, where a flag does.
func (c *cameraSet) setTrust(p *cli.Program, client *api.Client, id media.CameraID) error {
	said := api.NewTrust{BasicLogin: c.BasicLogin}
	if c.Fingerprint != "" || c.Forget {
		said.Fingerprint = &c.Fingerprint
	}
	if said == (api.NewTrust{}) {
		return nil
	}
	err := client.SetTrust(p.Ctx, id, said)
	if err == nil && !c.JSON {
		p.Say(text.TrustSaved, id)
	}
	return err
}

type cameraPlaces struct{}

func (*cameraPlaces) Run(p *cli.Program) error {
	var t cli.Table
	t.Add(p.Text(text.HeadPlace), p.Text(text.HeadMeaning), "")
	for _, place := range append(append([]policy.Place{}, policy.Prohibited...), policy.Ordinary...) {
		mark := ""
		if place.Prohibited() {
			mark = p.Text(text.PlaceProhibited)
		}
		t.Add(string(place), p.Text(place.Word()), mark)
	}
	t.Print(p.Stdout)
	return nil
}

type siteKinds struct{}

func (*siteKinds) Run(p *cli.Program) error {
	var t cli.Table
	t.Add(p.Text(text.HeadSiteKind), p.Text(text.HeadMeaning), p.Text(text.HeadClass), "")
	for _, kind := range policy.SiteKinds() {
		mark := ""
		if kind.Secondary() {
			mark = p.Text(text.SiteKindSecondary)
		}
		t.Add(string(kind), p.Text(kind.Word()), kind.Class(), mark)
	}
	t.Print(p.Stdout)
	return nil
}

type siteShow struct {
	cli.Target
	JSON bool `help:"Print JSON."`
}

func (c *siteShow) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	site, err := client.Site(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(site)
	}
	secret := text.AnswerNo
	if site.NearSecret {
		secret = text.AnswerYes
	}
	var t cli.Table
	for _, row := range []struct {
		label text.Key
		value string
	}{
		{text.HeadSiteKind, coded(p, string(site.Kind), site.Kind.Word())}, {text.HeadClass, coded(p, site.Class, text.ClassWord(site.Class))}, {text.HeadEntitled, site.Entitled},
		{text.HeadUnit, site.Unit}, {text.HeadCreditCode, site.CreditCode}, {text.HeadAddress, site.Address}, {text.HeadNationalRule, site.NationalRule},
		{text.HeadMode, coded(p, site.Mode, text.Recognition(site.Mode))}, {text.HeadJurisdiction, site.Jurisdiction}, {text.HeadTimeZone, site.TimeZone}, {text.HeadContact, site.Contact},
		{text.HeadGrading, site.Grading}, {text.HeadSecret, strings.TrimSpace(p.Text(secret) + " " + site.NearSecretConsent)},
	} {
		value := row.value
		if value == "" {
			value = p.Text(text.NotStated)
		}
		t.Add(p.Text(row.label), value)
	}
	t.Print(p.Stdout)
	return nil
}

// coded is a word that the flags of bauta site set take, with what it means.
func coded(p *cli.Program, code string, words text.Key) string {
	if code == "" {
		return ""
	}
	return code + " (" + p.Text(words) + ")"
}

type siteSet struct {
	cli.Target
	Kind              *policy.SiteKind `help:"What kind of place it is: bauta site kinds lists them. The class follows from it." placeholder:"KIND"`
	Class             *string          `help:"art7, art9 (public places by Decree 799) or non_public; better leave it out and give the kind." placeholder:"CLASS"`
	Entitled          *string          `help:"By what the unit may watch the place: owner, lease or property contract, without names." placeholder:"TEXT"`
	Unit              *string          `help:"The unit that runs the cameras." placeholder:"NAME"`
	CreditCode        *string          `help:"Its unified social credit code." placeholder:"CODE"`
	Address           *string          `help:"Where the site is." placeholder:"TEXT"`
	NationalRule      *string          `help:"In the European Union: the country's own rule on how long footage is kept, and where it stands." placeholder:"TEXT"`
	Mode              *string          `help:"Recognition mode: detect_only or match_tokens." placeholder:"MODE"`
	Jurisdiction      *string          `help:"The code of where the site lies, such as CN-44: it chooses the rule packs." placeholder:"CODE"`
	TimeZone          *string          `help:"The site's time zone, such as Asia/Shanghai, which is the default in China; elsewhere it is the host's." placeholder:"NAME"`
	Contact           *string          `help:"Where people complain, as on the signs: the unit's, not a person's." placeholder:"TEXT"`
	Grading           *string          `help:"Reference of the graded protection record." placeholder:"REFERENCE"`
	NamesDays         *int             `help:"For how many days names of persons are kept in the registers, at least 1095." placeholder:"DAYS"`
	NearSecret        *bool            `help:"A military or secret unit is nearby; better answered by bauta site answer." negatable:""`
	NearSecretConsent *string          `help:"Reference of that unit's consent." placeholder:"REFERENCE"`
}

func (c *siteSet) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	site, err := client.Site(p.Ctx)
	if err != nil {
		return err
	}
	if c.Kind != nil {
		site.Kind, site.Class = *c.Kind, "" // it follows
	}
	given(&site.Class, c.Class)
	given(&site.Entitled, c.Entitled)
	given(&site.Unit, c.Unit)
	given(&site.CreditCode, c.CreditCode)
	given(&site.Address, c.Address)
	given(&site.NationalRule, c.NationalRule)
	given(&site.Mode, c.Mode)
	given(&site.Jurisdiction, c.Jurisdiction)
	given(&site.TimeZone, c.TimeZone)
	given(&site.Contact, c.Contact)
	given(&site.Grading, c.Grading)
	given(&site.NamesDays, c.NamesDays)
	given(&site.NearSecret, c.NearSecret)
	given(&site.NearSecretConsent, c.NearSecretConsent)
	if err := client.SetSite(p.Ctx, site); err != nil {
		return err
	}
	p.Say(text.SiteSaved)
	return nil
}

type siteAnswer struct {
	cli.Target
	Question policy.Question `arg:"" help:"The question, as bauta site questions lists them."`
	Says     string          `arg:"" help:"yes or no." enum:"yes,no"`
	Note     string          `help:"More of it: a reference, or a reason." placeholder:"TEXT"`
	Count    int             `help:"How many people's faces are stored, for face-devices." placeholder:"PEOPLE"`
	Day      civil.Date      `help:"The day of it: since when there are so many, or the day of a consent." placeholder:"DAY"`
}

func (c *siteAnswer) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	if err := client.Answer(p.Ctx, c.Question, policy.Answer{Says: c.Says, Note: c.Note, Count: c.Count, Day: c.Day}); err != nil {
		return err
	}
	p.Say(text.SiteSaved)
	return nil
}

// Site are the commands of bauta site.
type Site struct {
	Kinds     siteKinds      `cmd:"" help:"List the kinds of places that a site can be, with the class of each."`
	Show      siteShow       `cmd:"" help:"Print what is said of the site."`
	Set       siteSet        `cmd:"" help:"Say what kind of site this is."`
	Ask       questions.Ask  `cmd:"" help:"Ask for all that the law wants to know, one question at a time."`
	Questions questions.List `cmd:"" help:"Print the questions with what is open."`
	Answer    siteAnswer     `cmd:"" help:"Answer one that is a yes or no."`
	Open      siteOpen       `cmd:"" help:"List what waits for an answer: clauses and records, and what an update made unknown."`
}
