// Package sight says what of a gateway's own state is a trouble that somebody may be told.
//
// In: the state of the cameras, the clauses, the complaints, the disk, the console's certificate and
// the other gateways at the broker. Out: troubles, and of what it is not known now. It starts no
// goroutine and judges nothing anew: it reads what others found.
package sight

import (
	"fmt"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/notify"
	"github.com/bauta-gateway/bauta/hardware"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// View is the state at a moment.
type View struct {
	Now     time.Time
	Zone    *time.Location
	Cameras []api.CameraStatus
	// Report of the clauses; without clauses none was made yet.
	Report compliance.Report
	// Complaints in the register; Disk of the data folder; nil: not known.
	Complaints []register.Complaint
	Disk       *api.DiskStatus
	// Certificate is the end of the console's; zero: there is none.
	Certificate time.Time
	// DeadlineNear and CertificateNear are how long before its end something is near.
	DeadlineNear, CertificateNear time.Duration
	// Gateways are the others at the broker; GatewayHeld reports of which nobody knows now.
	Gateways    []Gateway
	GatewayHeld func(name string) bool
}

// Gateway is another one at the broker.
type Gateway struct {
	ID string
	// Name of its site and Console's address, where it says so.
	Name, Console             string
	Offline, Blocked, Failing bool
	Since                     time.Time
}

// Of says what is wrong.
func Of(v View) notify.Sight {
	var all []notify.Trouble
	unknown := map[string]bool{}
	for _, c := range v.Cameras {
		if t, ok := camera(c); ok {
			all = append(all, t)
		} else if c.Protection == media.UnknownProtection {
			unknown[string(c.ID)] = true
		}
	}
	all = append(all, v.clauses()...)
	all = append(all, v.complaints()...)
	all = append(all, v.host()...)
	for _, g := range v.Gateways {
		all = append(all, g.troubles()...)
	}
	unsure := map[string]bool{}
	for _, c := range v.Report.Clauses {
		unsure[c.ID] = c.Status == policy.Unknown
	}
	return notify.Sight{Troubles: all, Held: func(kind api.TroubleKind, id string) bool {
		switch kind {
		case api.CameraOffline, api.MaskingBlocked, api.OverMasked:
			return unknown[id]
		case api.ClauseFails, api.DeadlineNear:
			return len(v.Report.Clauses) == 0 || unsure[id]
		case api.DiskLow:
			return v.Disk == nil
		case api.GatewayOffline, api.GatewayBlocked, api.GatewayClause:
			return v.GatewayHeld == nil || v.GatewayHeld(id)
		}
		return false
	}}
}

func plain(name string) api.Words { return api.Words{EN: name, ZH: name} }

// both is a text in both languages.
func both(key text.Key, args ...any) api.Words {
	return api.Words{EN: text.Of(text.EN, key, args...), ZH: text.Of(text.ZhCN, key, args...)}
}

// camera is what is wrong with one. One in a prohibited place is never connected to, which is no news.
func camera(c api.CameraStatus) (notify.Trouble, bool) {
	kind, wrong := map[media.Protection]api.TroubleKind{
		media.Offline: api.CameraOffline, media.Blocked: api.MaskingBlocked, media.OverMasked: api.OverMasked,
	}[c.Protection]
	name := c.Name
	if name == "" {
		name = string(c.ID)
	}
	return notify.Trouble{Kind: kind, ID: string(c.ID), Name: plain(name), Since: c.Since, Path: "/cameras/" + string(c.ID)}, wrong
}

// clauses are those of the law that are not met, and those whose day comes near.
func (v View) clauses() (all []notify.Trouble) {
	for _, c := range v.Report.Clauses {
		t := notify.Trouble{ID: c.ID, Name: c.Citation, Since: c.Since, Path: "/compliance"}
		if c.Status == policy.Fail {
			t.Kind = api.ClauseFails
			all = append(all, t)
		}
		if c.Due != "" && c.Status != policy.Pass && near(v.Now.In(v.Zone), c.Due, v.DeadlineNear) {
			t.Kind, t.More, t.Since = api.DeadlineNear, both(text.NotifyDue, string(c.Due)), v.Now
			all = append(all, t)
		}
	}
	return all
}

func near(now time.Time, due civil.Date, within time.Duration) bool {
	return -due.Days(now) <= int(within/(24*time.Hour))
}

// complaints tells of one open one for all: of what they are is nobody's business on the way.
func (v View) complaints() (all []notify.Trouble) {
	for _, c := range v.Complaints {
		if c.Closed == "" {
			all = append(all, notify.Trouble{Kind: api.ComplaintOpen, ID: string(c.Date), Name: both(text.NotifyOpenSince, string(c.Date)), Since: v.Now, Path: "/compliance"})
		}
	}
	return all
}

func (v View) host() (all []notify.Trouble) {
	if v.Disk != nil && v.Disk.Room != hardware.RoomGood {
		all = append(all, notify.Trouble{Kind: api.DiskLow, More: both(text.NotifyFree, bytes(v.Disk.Free), bytes(v.Disk.Total)), Since: v.Now, Path: "/settings"})
	}
	if !v.Certificate.IsZero() && v.Certificate.Sub(v.Now) <= v.CertificateNear {
		all = append(all, notify.Trouble{Kind: api.CertificateEnds, More: both(text.NotifyEnds, v.Certificate.In(v.Zone).Format("2006-01-02")), Since: v.Now, Path: "/settings"})
	}
	return all
}

func bytes(n int64) string { return fmt.Sprintf("%.1f GB", float64(n)/1e9) }

func (g Gateway) troubles() (all []notify.Trouble) {
	t := notify.Trouble{ID: g.ID, Name: plain(g.ID), Since: g.Since, Path: g.Console}
	if g.Name != "" {
		t.Name = plain(g.Name + " (" + g.ID + ")")
	}
	for kind, wrong := range map[api.TroubleKind]bool{api.GatewayOffline: g.Offline, api.GatewayBlocked: g.Blocked && !g.Offline, api.GatewayClause: g.Failing && !g.Offline} {
		if wrong {
			t.Kind = kind
			all = append(all, t)
		}
	}
	return all
}
