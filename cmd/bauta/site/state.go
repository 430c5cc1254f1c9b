package site

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/site"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Gateway is a site as a gateway has it, with what of it stands in no file.
type Gateway struct {
	Site site.Site
	// Blocked cameras are on record in a place where none may be, Transient ones live for this
	// run of the gateway.
	Blocked, Transient []media.CameraID
	// webhooks are their ids by name, addresses those of people by account.
	webhooks, addresses map[string]string
}

// Load asks a gateway for its site.
func Load(ctx context.Context, c *api.Client) (*Gateway, error) {
	g := &Gateway{webhooks: map[string]string{}, addresses: map[string]string{}}
	for _, part := range []func(context.Context, *api.Client) error{g.loadSite, g.loadConsents, g.loadCameras, g.loadSealed, g.loadPeople, g.loadLogins, g.loadNotify} {
		if err := part(ctx, c); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func (g *Gateway) loadSite(ctx context.Context, c *api.Client) error {
	s, err := c.Site(ctx)
	if err != nil {
		return err
	}
	s.Answers = nil
	g.Site.Site = s
	questions, err := c.Questions(ctx)
	for _, q := range questions {
		if a := q.Answer; a != nil {
			g.Site.Answers = append(g.Site.Answers, site.Answer{Question: q.ID, Says: a.Says, Note: a.Note, Count: a.Count, Day: a.Day})
		}
	}
	if err != nil {
		return err
	}
	calendar, err := c.Calendar(ctx)
	for _, y := range calendar.Years {
		if y.Own {
			g.Site.Calendar = append(g.Site.Calendar, civil.Notice{Year: y.Year, Source: y.Source, Off: y.Off, Work: y.Work})
		}
	}
	return err
}

func (g *Gateway) loadConsents(ctx context.Context, c *api.Client) error {
	issuers, err := c.Issuers(ctx)
	for _, i := range issuers {
		g.Site.Issuers = append(g.Site.Issuers, site.Issuer{Name: i.Name, Key: i.Key})
	}
	return err
}

func (g *Gateway) loadCameras(ctx context.Context, c *api.Client) error {
	all, err := c.Cameras(ctx)
	if err != nil {
		return err
	}
	for _, status := range all {
		if !status.Stored {
			g.Transient = append(g.Transient, status.ID)
			continue
		}
		one, err := loadCamera(ctx, c, status.ID)
		var refused *api.Error
		switch {
		case errors.As(err, &refused) && refused.Code == api.CodeProhibited:
			g.Blocked = append(g.Blocked, status.ID)
		case err != nil:
			return err
		default:
			g.Site.Cameras = append(g.Site.Cameras, one)
		}
	}
	return nil
}

// loadCamera asks for one with its facts and zones.
func loadCamera(ctx context.Context, c *api.Client, id media.CameraID) (site.Camera, error) {
	s, err := c.Camera(ctx, id)
	if err != nil {
		return site.Camera{}, err
	}
	out := site.Camera{
		ID: s.ID, Name: s.Name, Group: s.Group, URL: s.URL, User: s.User, Transport: s.Transport, Fingerprint: s.Fingerprint, InsecureTLS: s.InsecureTLS, BasicLogin: s.BasicLogin,
		Mask: s.Mask, Cover: s.Cover, Mounting: s.Mounting, RateCap: s.RateCap, MaxSize: s.MaxSize, SubSize: s.SubSize, SubFPS: s.SubFPS,
	}
	if s.LookAheadMS != nil {
		span := time.Duration(*s.LookAheadMS * float64(time.Millisecond))
		out.LookAhead = &span
	}
	if out.Facts, err = c.Facts(ctx, id); err != nil {
		return out, err
	}
	zones, err := c.Zones(ctx, id)
	for _, z := range zones.Zones {
		out.Zones = append(out.Zones, site.Zone{ID: z.ID, Name: z.Name, Kind: string(z.Kind), Purposes: z.Purposes, Points: site.Points(z.Points)})
	}
	return out, err
}

func (g *Gateway) loadSealed(ctx context.Context, c *api.Client) error {
	keys, err := c.SealedKeys(ctx)
	if err != nil {
		return err
	}
	if len(keys[0].Holders) > 0 {
		g.Site.SealedKeys = keys[:]
	}
	kept, err := c.Sealed(ctx)
	for _, one := range kept.Cameras {
		i := slices.IndexFunc(g.Site.Cameras, func(c site.Camera) bool { return c.ID == one.Camera })
		if i >= 0 && one.Days > 0 {
			g.Site.Cameras[i].Sealed = site.Sealed{Days: one.Days, Why: one.Why}
		}
	}
	return err
}

// loadPeople leaves those out that a login provider proves: they are made when they log in.
func (g *Gateway) loadPeople(ctx context.Context, c *api.Client) error {
	users, err := c.Users(ctx)
	if err != nil {
		return err
	}
	for _, u := range users {
		if !u.Provider {
			g.Site.Users = append(g.Site.Users, site.User{Name: u.Name, Role: string(u.Role), Language: string(u.Language)})
		}
	}
	second, err := c.SecondFactor(ctx)
	g.Site.SecondFactor.Managers = second.Managers
	return err
}

// loadLogins leaves a login out that may watch nothing any more: none can be made so.
func (g *Gateway) loadLogins(ctx context.Context, c *api.Client) error {
	streams, err := c.StreamLogins(ctx)
	if err != nil {
		return err
	}
	for _, l := range streams {
		switch {
		case l.BuiltIn:
			g.Site.BuiltInLogin.Off = l.Off
		case l.All || len(l.Cameras) > 0:
			g.Site.StreamLogins = append(g.Site.StreamLogins, site.StreamLogin{Name: l.Name, All: l.All, Cameras: l.Cameras})
		}
	}
	logins, err := c.MQTTLogins(ctx)
	for _, l := range logins {
		g.Site.MQTTLogins = append(g.Site.MQTTLogins, site.MQTTLogin{Name: l.Name, May: string(l.May)})
	}
	return err
}

func (g *Gateway) loadNotify(ctx context.Context, c *api.Client) error {
	n, err := c.Notify(ctx)
	if err != nil {
		return err
	}
	to := &g.Site.Notify
	to.Site = site.NotifySite{Name: n.Site.Name, Console: n.Site.Console}
	to.Mail = site.Mail{Host: n.Mail.Host, Port: n.Mail.Port, Security: string(n.Mail.Security), User: n.Mail.User, From: n.Mail.From}
	to.Rules = site.Rules{DigestS: n.Rules.DigestS, PerHour: n.Rules.PerHour, DeadlineDays: n.Rules.DeadlineDays, CertificateDays: n.Rules.CertificateDays}
	for kind, r := range n.Rules.Kinds {
		to.Rules.Kinds = append(to.Rules.Kinds, site.KindRule{Kind: string(kind), DelayS: r.DelayS, RepeatH: r.RepeatH})
	}
	to.Ping = site.Ping{Host: n.Ping.Host, Every: n.Ping.Every, Private: n.Ping.Private}
	for _, p := range n.People {
		if p.Address != "" && slices.ContainsFunc(g.Site.Users, func(u site.User) bool { return u.Name == p.User }) {
			g.addresses[p.User] = p.Address
			to.People = append(to.People, site.Person{User: p.User, To: toOf(p.NotifyTo)})
		}
	}
	g.loadWebhooks(n.Webhooks)
	return nil
}

// loadWebhooks tells those of one name apart by numbers, in the order of their ids.
func (g *Gateway) loadWebhooks(all []api.NotifyWebhook) {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b api.NotifyWebhook) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
	})
	for _, w := range all {
		name := w.Name
		for n := 2; g.webhooks[name] != ""; n++ {
			name = fmt.Sprintf("%s (%d)", w.Name, n)
		}
		g.webhooks[name] = w.ID
		g.Site.Notify.Webhooks = append(g.Site.Notify.Webhooks, site.Webhook{Name: name, Host: w.Host, Private: w.Private, Language: w.Language, To: toOf(w.NotifyTo)})
	}
}

func toOf(to api.NotifyTo) site.To {
	out := site.To{QuietFrom: to.QuietFrom, QuietTo: to.QuietTo, Urgent: to.Urgent}
	for _, k := range to.Kinds {
		out.Kinds = append(out.Kinds, string(k))
	}
	return out
}
