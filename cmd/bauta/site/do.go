package site

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/site"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Done is what became of one change.
type Done struct {
	site.Change
	// Made is a password or secret that the gateway made and shows this once.
	Made string
	// Unstored: it is in force, and waits for the disk.
	Unstored bool
}

// overtaken bounds how often a gateway that changed meanwhile is looked at anew.
const overtaken = 3

// Do makes the changes one after another and says so after each. The first that fails ends it;
// what is done stays done, and a new plan begins where this one ended. Where something has come
// meanwhile, as by an apply that was killed and whose last request the gateway still carried out,
// the rest is planned anew.
func (p *Plan) Do(ctx context.Context, c *api.Client, secrets Secrets, say func(Done)) (done int, err error) {
	for tries := 0; ; tries++ {
		n, err := p.try(ctx, c, secrets, say)
		done += n
		var answer *api.Error
		if err == nil || tries == overtaken || !errors.As(err, &answer) || answer.Code != api.CodeExists {
			return done, err
		}
		now, wrong := Load(ctx, c)
		if wrong != nil {
			return done, err
		}
		again, wrong := NewPlan(p.file, now, p.prune)
		if wrong != nil {
			return done, err
		}
		p = again
	}
}

func (p *Plan) try(ctx context.Context, c *api.Client, secrets Secrets, say func(Done)) (done int, err error) {
	w := work{ctx, c, secrets, p.now, map[media.CameraID]bool{}}
	for _, ch := range p.Changes {
		made, err := w.do(ch)
		unstored := errors.Is(err, api.ErrUnstored)
		if err != nil && !unstored {
			return done, err
		}
		done++
		say(Done{ch, made, unstored})
	}
	return done, nil
}

type work struct {
	ctx     context.Context
	c       *api.Client
	secrets Secrets
	now     *Gateway
	// begun are cameras that were added, each with its zones.
	begun map[media.CameraID]bool
}

func (w work) do(ch site.Change) (made string, err error) {
	switch ch.Kind {
	case site.KindSite:
		return "", w.c.SetSite(w.ctx, ch.Is.(policy.Site))
	case site.KindAnswer:
		a := ch.Is.(site.Answer)
		return "", w.c.Answer(w.ctx, a.Question, policy.Answer{Says: a.Says, Note: a.Note, Count: a.Count, Day: a.Day})
	case site.KindCalendar:
		return "", w.calendar(ch.Is.(civil.Notice))
	case site.KindIssuer:
		return "", w.issuer(ch)
	case site.KindSealedKeys:
		return "", w.c.SetSealedKeys(w.ctx, sealed.Keys(ch.Is.([]sealed.Group)))
	case site.KindCamera:
		return "", w.camera(ch)
	case site.KindZone:
		return "", w.zone(ch)
	case site.KindUser:
		return "", w.user(ch)
	case site.KindSecondFactor:
		return "", w.c.RequireSecond(w.ctx, api.SecondFactor{Managers: ch.Is.(site.SecondFactor).Managers})
	case site.KindBuiltInLogin:
		return "", w.c.SetBuiltIn(w.ctx, !ch.Is.(site.BuiltInLogin).Off)
	case site.KindStreamLogin:
		return w.streamLogin(ch)
	case site.KindMQTTLogin:
		return w.mqttLogin(ch)
	case site.KindNotify:
		return "", w.notify(ch)
	case site.KindPerson:
		return "", w.person(ch)
	}
	return w.webhook(ch)
}

func (w work) calendar(y civil.Notice) error {
	file, err := json.Marshal(civil.Calendar{Years: []civil.Notice{y}})
	if err == nil {
		_, err = w.c.SetCalendar(w.ctx, file)
	}
	return err
}

// issuer ends the trust in a key before it is trusted by another name: between the two nobody
// is shown by it.
func (w work) issuer(ch site.Change) error {
	if ch.Op != site.Add {
		if _, err := w.c.RemoveIssuer(w.ctx, ch.ID); err != nil && !errors.Is(err, api.ErrUnstored) || ch.Op == site.Remove {
			return err
		}
	}
	i := ch.Is.(site.Issuer)
	_, err := w.c.AddIssuer(w.ctx, api.NewIssuer{Name: i.Name, Key: i.Key})
	return err
}

func (w work) camera(ch site.Change) error {
	id := media.CameraID(ch.ID)
	if ch.Op == site.Remove {
		return w.c.RemoveCamera(w.ctx, id)
	}
	c := ch.Is.(site.Camera)
	err := error(nil)
	switch {
	case ch.Op == site.Add:
		err = w.addCamera(c)
	case ch.Changed(settings...):
		err = w.changeCamera(ch)
	}
	beyond := c.Facts
	beyond.Place, beyond.Purpose = "", ""
	if err == nil && ch.Changed("facts") && (ch.Op != site.Add || !empty(beyond)) {
		err = w.c.SetFacts(w.ctx, id, c.Facts)
	}
	if err != nil || !ch.Changed("sealed") {
		return err
	}
	if c.Sealed.Days == 0 {
		return w.c.UnsetSealed(w.ctx, id)
	}
	return w.c.SetSealed(w.ctx, id, api.NewSealed{Days: c.Sealed.Days, Why: c.Sealed.Why})
}

func empty(f policy.Camera) bool {
	b, err := json.Marshal(f)
	return err == nil && string(b) == "{}"
}

// addCamera adds one with its zones: they are in force from its first frame on.
func (w work) addCamera(c site.Camera) error {
	n, key := newCamera(c), string(site.KindCamera)+"/"+string(c.ID)
	n.Password = w.secrets[key]
	if hasSecret(n.URL) {
		n.URL = w.secrets[key+"/url"]
	}
	for _, z := range c.Zones {
		drawn, err := z.Drawn()
		if err != nil {
			return err
		}
		n.Zones = append(n.Zones, drawn)
	}
	_, err := w.c.AddCamera(w.ctx, n)
	w.begun[c.ID] = err == nil
	return err
}

func (w work) changeCamera(ch site.Change) error {
	in, key := cameraChange(ch), string(ch.Kind)+"/"+ch.ID
	if password, given := w.secrets[key]; given && ch.Changed("url", "user") && ch.Is.(site.Camera).User != "" {
		in.Password = &password
	}
	if in.URL != nil && hasSecret(*in.URL) {
		url := w.secrets[key+"/url"]
		in.URL = &url
	}
	_, err := w.c.ChangeCamera(w.ctx, media.CameraID(ch.ID), in)
	return err
}

func (w work) zone(ch site.Change) error {
	camera, id, _ := strings.Cut(ch.ID, "/")
	at := media.CameraID(camera)
	switch {
	case w.begun[at]:
		return nil
	case ch.Op == site.Remove:
		return w.c.RemoveZone(w.ctx, at, id)
	}
	z, err := ch.Is.(site.Zone).Drawn()
	if err != nil {
		return err
	}
	if ch.Op == site.Modify && !ch.Changed("name", "kind", "points") {
		return w.c.SetPurposes(w.ctx, at, id, append([]string{}, z.Purposes...))
	}
	return w.c.PutZone(w.ctx, at, api.NewZone{Zone: z, Replace: ch.Op == site.Modify})
}

func (w work) user(ch site.Change) error {
	if ch.Op == site.Remove {
		return w.c.RemoveUser(w.ctx, ch.ID)
	}
	u := ch.Is.(site.User)
	if ch.Op == site.Add {
		return w.c.AddUser(w.ctx, api.NewUser{User: u.Name, Password: w.secrets[string(ch.Kind)+"/"+ch.ID], Role: identity.Role(u.Role), Language: text.Lang(u.Language)})
	}
	err := error(nil)
	if ch.Changed("role") {
		err = w.c.SetRole(w.ctx, u.Name, identity.Role(u.Role))
	}
	if err == nil && ch.Changed("language") {
		err = w.c.SetLanguage(w.ctx, u.Name, text.Lang(u.Language))
	}
	return err
}

func (w work) streamLogin(ch site.Change) (made string, err error) {
	if ch.Op == site.Remove {
		return "", w.c.RemoveStreamLogin(w.ctx, ch.ID)
	}
	l := ch.Is.(site.StreamLogin)
	if ch.Op == site.Modify {
		return "", w.c.SetStreamCameras(w.ctx, l.Name, l.Cameras)
	}
	password := w.secrets[string(ch.Kind)+"/"+ch.ID]
	out, err := w.c.AddStreamLogin(w.ctx, api.NewStreamLogin{Name: l.Name, Cameras: l.Cameras, Password: password})
	if err != nil || password != "" {
		return "", err
	}
	return out.Password, nil
}

// mqttLogin makes one anew where it may do another thing: the broker knows no change of that.
func (w work) mqttLogin(ch site.Change) (made string, err error) {
	if ch.Op != site.Add {
		if err := w.c.RemoveMQTTLogin(w.ctx, ch.ID); err != nil || ch.Op == site.Remove {
			return "", err
		}
	}
	l := ch.Is.(site.MQTTLogin)
	out, err := w.c.AddMQTTLogin(w.ctx, api.NewMQTTLogin{Name: l.Name, May: topics.May(l.May)})
	return out.Password, err
}

func (w work) notify(ch site.Change) error {
	secret := w.secrets[string(ch.Kind)+"/"+ch.ID]
	switch is := ch.Is.(type) {
	case site.NotifySite:
		return w.c.SetNotifySite(w.ctx, api.NotifySite{Name: is.Name, Console: is.Console})
	case site.Mail:
		return w.c.SetNotifyMail(w.ctx, api.NotifyMail{Host: is.Host, Port: is.Port, Security: api.MailSecurity(is.Security), User: is.User, Password: secret, From: is.From})
	case site.Ping:
		return w.c.SetNotifyPing(w.ctx, api.NotifyPing{URL: secret, Every: is.Every, Private: is.Private})
	}
	is := ch.Is.(site.Rules)
	rules := api.NotifyRules{DigestS: is.DigestS, PerHour: is.PerHour, DeadlineDays: is.DeadlineDays, CertificateDays: is.CertificateDays, Kinds: map[api.TroubleKind]api.KindRule{}}
	for _, k := range is.Kinds {
		rules.Kinds[api.TroubleKind(k.Kind)] = api.KindRule{DelayS: k.DelayS, RepeatH: k.RepeatH}
	}
	return w.c.SetNotifyRules(w.ctx, rules)
}

func (w work) person(ch site.Change) error {
	if ch.Op == site.Remove {
		return w.c.RemoveNotifyPerson(w.ctx, ch.ID)
	}
	address, given := w.secrets[string(ch.Kind)+"/"+ch.ID]
	if !given {
		address = w.now.addresses[ch.ID]
	}
	return w.c.SetNotifyPerson(w.ctx, api.NotifyPerson{User: ch.ID, Address: address, NotifyTo: notifyTo(ch.Is.(site.Person).To)})
}

func notifyTo(to site.To) api.NotifyTo {
	out := api.NotifyTo{Kinds: []api.TroubleKind{}, QuietFrom: to.QuietFrom, QuietTo: to.QuietTo, Urgent: to.Urgent}
	for _, k := range to.Kinds {
		out.Kinds = append(out.Kinds, api.TroubleKind(k))
	}
	return out
}

func (w work) webhook(ch site.Change) (made string, err error) {
	if ch.Op == site.Remove {
		return "", w.c.RemoveWebhook(w.ctx, w.now.webhooks[ch.ID])
	}
	is := ch.Is.(site.Webhook)
	in := api.NotifyWebhook{Name: is.Name, URL: w.secrets[string(ch.Kind)+"/"+ch.ID], Private: is.Private, Language: is.Language, NotifyTo: notifyTo(is.To)}
	if ch.Op == site.Modify {
		return "", w.c.SetWebhook(w.ctx, w.now.webhooks[ch.ID], in)
	}
	out, err := w.c.AddWebhook(w.ctx, in)
	return out.Secret, err
}
