package site

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/site"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Plan is what has to be done to a gateway so that its site is as a file says.
type Plan struct {
	Changes []site.Change
	now     *Gateway
	file    *site.File
	prune   bool
}

// NewPlan compares a file with a gateway's site. What no gateway takes is refused here,
// with its line, before anything is changed.
func NewPlan(f *site.File, now *Gateway, prune bool) (*Plan, error) {
	wanted := f.Over(now.Site, prune)
	if wanted.Site.Kind != now.Site.Site.Kind && !f.Has("site/class") {
		wanted.Site.Class = "" // it follows from the kind
	}
	wanted.Site = wanted.Site.WithClass()
	if err := f.Check(wanted); err != nil {
		return nil, cli.Refuse(err)
	}
	for i := range wanted.Cameras {
		if err := checkCamera(f, &wanted.Cameras[i], now); err != nil {
			return nil, cli.Refuse(err)
		}
	}
	if err := checkKinds(f, wanted.Notify); err != nil {
		return nil, cli.Refuse(err)
	}
	return &Plan{site.Diff(now.Site, wanted), now, f, prune}, nil
}

// checkCamera refuses what the gateway would refuse of a camera that the file says anything of,
// and writes its address as the gateway does.
func checkCamera(f *site.File, c *site.Camera, now *Gateway) error {
	at := "cameras/" + string(c.ID)
	switch {
	case !f.Has(at):
		return nil
	case slices.Contains(now.Blocked, c.ID):
		return f.Fail(at, text.Fail(site.ErrProhibited, text.SiteFileBlocked, c.ID, c.ID))
	case slices.Contains(now.Transient, c.ID):
		return f.Fail(at, text.Fail(nil, text.SiteFileTransient, c.ID))
	case f.Has(at+"/url") && (rtsp.HasCredentials(c.URL) || rtsp.RedactURL(c.URL) != c.URL):
		return f.Fail(at+"/url", text.Fail(nil, text.SiteFileSecretURL, c.ID))
	}
	if clean, _, _, err := rtsp.SplitCredentials(c.URL); err == nil {
		c.URL = clean
	}
	if err := camera.Check(newCamera(*c)); err != nil {
		return f.Fail(at, err)
	}
	return nil
}

// checkKinds refuses kinds of messages that there are not.
func checkKinds(f *site.File, n site.Notify) error {
	known := func(path string, kinds []string) error {
		for _, k := range kinds {
			if !slices.Contains(api.TroubleKinds, api.TroubleKind(k)) {
				return f.Fail(path, text.Fail(nil, text.NotifyKind, k))
			}
		}
		return nil
	}
	var errs []error
	for _, p := range n.People {
		errs = append(errs, known("notify/people/"+p.User+"/kinds", p.Kinds))
	}
	for _, w := range n.Webhooks {
		errs = append(errs, known("notify/webhooks/"+w.Name+"/kinds", w.Kinds))
	}
	for _, r := range n.Rules.Kinds {
		errs = append(errs, known("notify/rules/kinds/"+r.Kind, []string{r.Kind}))
	}
	return errors.Join(errs...)
}

// newCamera is a camera as a request says it, without its login.
func newCamera(c site.Camera) api.NewCamera {
	return api.NewCamera{
		ID: string(c.ID), Name: c.Name, Group: c.Group, URL: c.URL, User: c.User, Transport: c.Transport, Fingerprint: c.Fingerprint, InsecureTLS: c.InsecureTLS, BasicLogin: c.BasicLogin,
		Mask: c.Mask, Cover: c.Cover, Mounting: c.Mounting, LookAheadMS: milliseconds(c.LookAhead), RateCap: c.RateCap, MaxSize: c.MaxSize, SubSize: c.SubSize, SubFPS: c.SubFPS,
		Place: c.Facts.Place, Purpose: c.Facts.Purpose,
	}
}

func milliseconds(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	ms := float64(*d) / float64(time.Millisecond)
	return &ms
}

// settings are the keys of a camera that its own request changes; what is said of it and what
// is kept sealed have requests of their own.
var settings = []string{"name", "group", "url", "user", "transport", "fingerprint", "insecure_tls", "basic_login", "mask", "cover", "mounting", "look_ahead", "rate_cap", "max_size", "sub_size", "sub_fps"}

// cameraChange is what a change says of a camera's settings; the password is not among it.
func cameraChange(ch site.Change) api.CameraChange {
	c, configured := ch.Is.(site.Camera), -1.0
	var out api.CameraChange
	said(ch, "name", &out.Name, c.Name)
	said(ch, "group", &out.Group, c.Group)
	said(ch, "url", &out.URL, c.URL)
	said(ch, "user", &out.User, c.User)
	said(ch, "transport", &out.Transport, c.Transport)
	said(ch, "fingerprint", &out.Fingerprint, c.Fingerprint)
	said(ch, "insecure_tls", &out.InsecureTLS, c.InsecureTLS)
	said(ch, "basic_login", &out.BasicLogin, c.BasicLogin)
	said(ch, "mask", &out.Mask, c.Mask)
	said(ch, "cover", &out.Cover, orStandard(c.Cover, "faces"))
	said(ch, "mounting", &out.Mounting, orStandard(c.Mounting, media.MountingAuto))
	said(ch, "max_size", &out.MaxSize, c.MaxSize)
	said(ch, "sub_size", &out.SubSize, c.SubSize)
	said(ch, "sub_fps", &out.SubFPS, c.SubFPS)
	if ch.Changed("look_ahead") {
		if out.LookAheadMS = milliseconds(c.LookAhead); out.LookAheadMS == nil {
			out.LookAheadMS = &configured
		}
	}
	if ch.Changed("rate_cap") {
		if out.RateCap = c.RateCap; out.RateCap == nil {
			out.RateCap = &configured
		}
	}
	return out
}

func said[T any](ch site.Change, name string, field **T, value T) {
	if ch.Changed(name) {
		*field = &value
	}
}

func orStandard[T ~string](word, standard T) T {
	if word == "" {
		return standard
	}
	return word
}

// hasSecret reports whether an address stands without its secret.
func hasSecret(url string) bool { return strings.Contains(url, "***") }
