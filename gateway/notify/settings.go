package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

const (
	// setting is where the store keeps the settings, encrypted; each recipient has one of its own below statePrefix.
	setting     = "notify.settings"
	statePrefix = "notify.to."
	// MaxPeople and MaxWebhooks bound who is told.
	MaxPeople   = 64
	MaxWebhooks = 16
)

// settings as the store has them.
type settings struct {
	Site     api.NotifySite  `json:"site"`
	Mail     api.NotifyMail  `json:"mail"`
	Rules    api.NotifyRules `json:"rules"`
	Ping     api.NotifyPing  `json:"ping"`
	People   []person        `json:"people"`
	Webhooks []webhook       `json:"webhooks"`
}

type person struct {
	ID      string `json:"id"` // of the account
	Address string `json:"address"`
	api.NotifyTo
}

type webhook struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	URL      string `json:"url"`
	Secret   string `json:"secret"`
	Private  bool   `json:"private"`
	Language string `json:"language"`
	api.NotifyTo
}

// defaults are the rules that fit most places.
var defaults = api.NotifyRules{
	DigestS: 30, PerHour: 12, DeadlineDays: 7, CertificateDays: 14,
	Kinds: map[api.TroubleKind]api.KindRule{
		api.MaskingBlocked: {DelayS: 30, RepeatH: 4}, api.CameraOffline: {DelayS: 120, RepeatH: 24}, api.OverMasked: {DelayS: 1800, RepeatH: 24},
		api.ClauseFails: {DelayS: 300, RepeatH: 168}, api.DeadlineNear: {DelayS: 60, RepeatH: 24}, api.ComplaintOpen: {DelayS: 60, RepeatH: 72},
		api.DiskLow: {DelayS: 300, RepeatH: 24}, api.CertificateEnds: {DelayS: 60, RepeatH: 72},
		api.GatewayBlocked: {DelayS: 120, RepeatH: 4}, api.GatewayOffline: {DelayS: 300, RepeatH: 24}, api.GatewayClause: {DelayS: 600, RepeatH: 168},
	},
}

// rule is when a kind counts.
func (s *settings) rule(k api.TroubleKind) api.KindRule { return s.Rules.Kinds[k] }

// fill puts the defaults in the place of what was never set.
func (s *settings) fill() {
	if s.Rules.PerHour == 0 {
		s.Rules = defaults
		s.Rules.Kinds = nil
	}
	kinds := maps.Clone(defaults.Kinds)
	maps.Copy(kinds, s.Rules.Kinds)
	s.Rules.Kinds = kinds
}

func (r *Room) readSettings() error {
	v, err := r.cfg.Store.Setting(setting)
	if err == nil {
		err = json.Unmarshal([]byte(v.Reveal()), &r.set)
	}
	r.set.fill()
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("who is told: %w", err)
	}
	return nil
}

// change puts in force what f makes of the settings, once they are stored.
func (r *Room) change(f func(*settings) error) error {
	r.changes.Lock()
	defer r.changes.Unlock()
	r.mu.Lock()
	next := r.set
	next.People, next.Webhooks = slices.Clone(next.People), slices.Clone(next.Webhooks)
	r.mu.Unlock()
	if err := f(&next); err != nil {
		return err
	}
	next.fill()
	b, err := json.Marshal(next)
	if err != nil {
		return err
	}
	if err := r.cfg.Store.PutSetting(setting, store.NewSecret(string(b))); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.set = next
	r.mailRest, r.mailFails = time.Time{}, 0
	r.arrange()
	return nil
}

// SetSite says how messages name this gateway.
func (r *Room) SetSite(in api.NotifySite) error {
	if in.Console != "" {
		u, err := url.Parse(in.Console)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || len(in.Console) > 200 {
			return api.Refuse(api.CodeInvalid, text.NotifyConsole)
		}
		in.Console = "https://" + u.Host
	}
	if !line(in.Name, 60) {
		return api.Refuse(api.CodeInvalid, text.NotifyName)
	}
	err := r.change(func(s *settings) error { s.Site = in; return nil })
	if err == nil && r.cfg.SiteChanged != nil {
		r.cfg.SiteChanged()
	}
	return err
}

// Site is how this gateway is named.
func (r *Room) Site() api.NotifySite {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.set.Site
}

// SetMail says where mails are handed in.
func (r *Room) SetMail(in api.NotifyMail) error {
	if err := checkMail(in); err != nil {
		return err
	}
	return r.change(func(s *settings) error {
		if in.Password == "" && in.User != "" && in.User == s.Mail.User && in.Host == s.Mail.Host { // another server must not get it
			in.Password = s.Mail.Password
		}
		in.PasswordSet = false
		s.Mail = in
		return nil
	})
}

// SetRules says when something counts.
func (r *Room) SetRules(in api.NotifyRules) error {
	if err := checkRules(in); err != nil {
		return err
	}
	return r.change(func(s *settings) error { s.Rules = in; return nil })
}

// SetPing sets the address outside that is asked now and then; every 0 takes it away.
func (r *Room) SetPing(in api.NotifyPing) error {
	if in.Every < 0 || in.Every > 1440 {
		return api.Refuse(api.CodeInvalid, text.NotifyEvery)
	}
	return r.change(func(s *settings) error {
		if in.Every == 0 {
			s.Ping = api.NotifyPing{}
			return nil
		}
		if in.URL == "" {
			in.URL = s.Ping.URL
		}
		s.Ping = api.NotifyPing{URL: in.URL, Every: in.Every, Private: in.Private}
		return checkURL(in.URL, in.Private)
	})
}
