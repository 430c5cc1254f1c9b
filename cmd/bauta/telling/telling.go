// Package telling is who is told of what: people by mail, machines by webhook, a watcher outside.
//
// In: flags, and passwords from the terminal or standard input. Out: requests to the daemon. It
// starts no goroutines and keeps no password.
package telling

import (
	"errors"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// Notify are the commands of bauta notify.
type Notify struct {
	List    list    `cmd:"" default:"withargs" help:"List who is told of what, and how that goes."`
	Test    test    `cmd:"" help:"Send a message that is only a test, and say what came of it."`
	Mail    mail    `cmd:"" help:"Say where mails are handed in; the password is asked for."`
	Person  person  `cmd:"" help:"Tell a user of the console by mail."`
	Webhook webhook `cmd:"" help:"Tell a machine by signed posts; its secret is printed once."`
	Ping    ping    `cmd:"" help:"Have an address outside asked now and then: a service there speaks up when it is not."`
	Site    site    `cmd:"" help:"Say how messages and the page of all gateways name this gateway."`
	Remove  remove  `cmd:"" help:"Tell a user or a webhook nothing any more, and forget the address."`
}

type list struct {
	cli.Target
	JSON bool `help:"Print JSON, with the addresses."`
}

func (c *list) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	all, err := client.Notify(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(all)
	}
	var t cli.Table
	t.Add(p.Text(text.NotifyHeadWho), p.Text(text.NotifyHeadWhere), p.Text(text.NotifyHeadKinds), p.Text(text.NotifyHeadGoing))
	n := 0
	add := func(name, where string, to api.NotifyTo, g api.NotifyGoing) {
		n++
		t.Add(name, where, kindsOf(to), going(p, g))
	}
	for _, one := range all.People {
		if one.Address != "" {
			add(one.User, one.Address, one.NotifyTo, one.NotifyGoing)
		}
	}
	for _, one := range all.Webhooks {
		add(one.Name+" ("+one.ID+")", one.Host, one.NotifyTo, one.NotifyGoing)
	}
	if n == 0 {
		p.Say(text.NotifyNothing)
		return nil
	}
	t.Print(p.Stdout)
	return nil
}

func kindsOf(to api.NotifyTo) string {
	all := make([]string, len(to.Kinds))
	for i, k := range to.Kinds {
		all[i] = string(k)
	}
	return strings.Join(all, ",")
}

func going(p *cli.Program, g api.NotifyGoing) string {
	if g.Failing == "" {
		return p.Text(text.NotifyGoingWell)
	}
	return p.Text(text.NotifyGoingWait, g.Waiting.Local().Format(time.DateTime), text.Key("console.notify.reason."+string(g.Failing)))
}

type test struct {
	cli.Target
	Name string `arg:"" help:"A user's name, the id of a webhook, or ping for the watcher outside."`
}

// errNotSent is a test that was not taken.
var errNotSent = errors.New("not sent")

func (c *test) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	all, err := client.Notify(p.Ctx)
	if err != nil {
		return err
	}
	in := api.NotifyTest{User: c.Name}
	for _, w := range all.Webhooks {
		if w.ID == c.Name || w.Name == c.Name {
			in = api.NotifyTest{Webhook: w.ID}
		}
	}
	if c.Name == "ping" {
		in = api.NotifyTest{Ping: true}
	}
	got, err := client.TestNotify(p.Ctx, in)
	if err != nil {
		return err
	}
	if !got.Sent {
		return text.Fail(errNotSent, text.Key("console.notify.reason."+string(got.Reason)))
	}
	p.Say(text.NotifyTestSent)
	return nil
}

type mail struct {
	cli.Target
	Host     string `arg:"" help:"Name of the mail server."`
	From     string `help:"The sender's address." required:"" placeholder:"ADDRESS"`
	User     string `help:"User name there; without one nobody logs in." placeholder:"NAME"`
	Port     int    `help:"Port. Default: 587, 465 with --security tls, 25 with none." placeholder:"PORT"`
	Security string `help:"starttls, tls (from the start), or none: then nobody logs in." enum:"starttls,tls,none" default:"starttls" placeholder:"WAY"`
}

func (c *mail) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	in := api.NotifyMail{Host: c.Host, Port: c.Port, Security: api.MailSecurity(c.Security), User: c.User, From: c.From}
	if in.Port == 0 {
		in.Port = map[api.MailSecurity]int{api.MailStartTLS: 587, api.MailTLS: 465, api.MailPlain: 25}[in.Security]
	}
	if c.User != "" {
		if in.Password, err = p.AskSecret(p.Text(text.NotifyAskSecret)); err != nil {
			return err
		}
	}
	return saved(p, client.SetNotifyMail(p.Ctx, in))
}

func saved(p *cli.Program, err error) error {
	if err == nil {
		p.Say(text.NotifySaved)
	}
	return err
}

// whom are the flags that people and webhooks have in common.
type whom struct {
	Kind   []string `help:"A kind to be told of; several times, or parted by commas: masking_withheld, camera_offline, over_masked, clause_fails, deadline_near, complaint_open, disk_low, certificate_ends, gateway_withheld, gateway_offline, gateway_clause. Default: all but those of other gateways." placeholder:"KIND"`
	Quiet  string   `help:"Quiet hours by the clock of the site, such as 22:00-07:00." placeholder:"FROM-TO"`
	Urgent bool     `help:"Withheld pictures break through quiet hours."`
}

func (t whom) to() api.NotifyTo {
	from, until, _ := strings.Cut(t.Quiet, "-")
	to := api.NotifyTo{QuietFrom: from, QuietTo: until, Urgent: t.Urgent, Kinds: []api.TroubleKind{}}
	for _, k := range t.Kind {
		to.Kinds = append(to.Kinds, api.TroubleKind(k))
	}
	if len(t.Kind) == 0 {
		for _, k := range api.TroubleKinds {
			if !strings.HasPrefix(string(k), "gateway_") {
				to.Kinds = append(to.Kinds, k)
			}
		}
	}
	return to
}

type person struct {
	cli.Target
	User string `arg:"" help:"The user's name at the console."`
	Mail string `help:"The person's address; it is kept encrypted, and stands in no log." required:"" placeholder:"ADDRESS"`
	whom
}

func (c *person) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	return saved(p, client.SetNotifyPerson(p.Ctx, api.NotifyPerson{User: c.User, Address: c.Mail, NotifyTo: c.to()}))
}

type webhook struct {
	cli.Target
	Name       string `arg:"" help:"What it is called."`
	URL        string `arg:"" help:"Its address, with https://."`
	OwnNetwork bool   `help:"It is in a network of your own: private addresses, and http:// there."`
	Language   string `help:"Language of its texts: en or zh-CN." enum:"en,zh-CN" default:"en" placeholder:"LANG"`
	whom
}

func (c *webhook) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	made, err := client.AddWebhook(p.Ctx, api.NotifyWebhook{Name: c.Name, URL: c.URL, Private: c.OwnNetwork, Language: c.Language, NotifyTo: c.to()})
	if err == nil {
		p.Say(text.NotifySecret, made.ID, made.Secret)
	}
	return err
}

type ping struct {
	cli.Target
	URL        string `arg:"" optional:"" help:"The address, with https://; without one the present one is kept."`
	Every      int    `help:"Minutes between two; 0 takes it away." default:"5" placeholder:"MINUTES"`
	OwnNetwork bool   `help:"It is in a network of your own: private addresses, and http:// there."`
}

func (c *ping) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	return saved(p, client.SetNotifyPing(p.Ctx, api.NotifyPing{URL: c.URL, Every: c.Every, Private: c.OwnNetwork}))
}

type site struct {
	cli.Target
	Name    string `arg:"" help:"Name of the site."`
	Console string `help:"Address of this console as others reach it, with https://." placeholder:"URL"`
}

func (c *site) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	return saved(p, client.SetNotifySite(p.Ctx, api.NotifySite{Name: c.Name, Console: c.Console}))
}

type remove struct {
	cli.Target
	Name string `arg:"" help:"A user's name, or the id of a webhook."`
}

func (c *remove) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	all, err := client.Notify(p.Ctx)
	if err != nil {
		return err
	}
	for _, w := range all.Webhooks {
		if w.ID == c.Name {
			return removed(p, client.RemoveWebhook(p.Ctx, w.ID))
		}
	}
	return removed(p, client.RemoveNotifyPerson(p.Ctx, c.Name))
}

func removed(p *cli.Program, err error) error {
	if err == nil {
		p.Say(text.NotifyRemoved)
	}
	return err
}
