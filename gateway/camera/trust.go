package camera

import (
	"cmp"
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// learn keeps what contact with a camera taught of how far it can be trusted: a certificate
// is pinned where none is. It does not wait for the disk.
func (cs *Set) learn(c *camera, l rtsp.Learned) {
	what := c.takes(l)
	if what == "" {
		return
	}
	cs.cfg.Log.Info("camera is trusted from now on as it was met", "camera", string(c.ID()), "now", what)
	if !c.cfg.stored {
		return
	}
	cs.cfg.Queue.Mask("trust", func() error {
		if err := cs.keepLearned(c, l); err != nil && !change.Final(err) {
			return err
		} else if err != nil {
			return api.FromStore(err)
		}
		return change.ExceptLog(cs.cfg.Audit.Write(audit.Record{Action: audit.CameraTrust, Actor: audit.Gateway, Subject: audit.Camera(c.ID()), Detail: what}))
	})
}

// takes notes what was learned and returns the news in it.
func (c *camera) takes(l rtsp.Learned) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var news []string
	if l.Fingerprint != "" && c.trust.Fingerprint == "" {
		news = append(news, "fingerprint="+l.Fingerprint)
	}
	if l.Secure && !c.trust.SeenSecure {
		news = append(news, "seen_secure=true")
	}
	taught(&c.trust, l)
	return strings.Join(news, " ")
}

// taught adds what was learned. A pin that stands is no news.
func taught(t *store.Trust, l rtsp.Learned) {
	t.Fingerprint = cmp.Or(t.Fingerprint, l.Fingerprint)
	t.SeenSecure = t.SeenSecure || l.Secure
}

// keepLearned stores it, unless the camera was replaced meanwhile: the new one has kept what holds for it.
func (cs *Set) keepLearned(c *camera, l rtsp.Learned) error {
	cs.keeping.Lock()
	defer cs.keeping.Unlock()
	if now := cs.camera(c.ID()); now != nil && now != c {
		return nil
	}
	rec, err := cs.cfg.Store.Camera(c.ID())
	if err != nil || !sameHost(rec.URL, c.cfg.source.URL) {
		return err
	}
	return cs.cfg.Store.ChangeTrust(c.ID(), func(t *store.Trust) error {
		taught(t, l)
		return nil
	})
}

// SetTrust says how far a camera is trusted, and connects to it anew.
func (cs *Set) SetTrust(ctx context.Context, id media.CameraID, n api.NewTrust) error {
	if err := cs.Connectable(id); err != nil {
		return err
	}
	address := cs.camera(id).cfg.source.URL
	var what []string
	if n.BasicLogin != nil {
		what = append(what, "basic_login="+strconv.FormatBool(*n.BasicLogin))
	}
	if n.Fingerprint != nil {
		what = append(what, "fingerprint="+cmp.Or(plainFingerprint(*n.Fingerprint), "next"))
	}
	if len(what) == 0 {
		return nil
	}
	write := func() error {
		cs.keeping.Lock()
		defer cs.keeping.Unlock()
		return cs.cfg.Store.ChangeTrust(id, func(t *store.Trust) error {
			if n.BasicLogin != nil {
				t.BasicLogin = *n.BasicLogin
			}
			if n.Fingerprint != nil {
				t.Fingerprint = plainFingerprint(*n.Fingerprint)
			}
			if n.Fingerprint != nil && t.Fingerprint == "" && rtsp.Encrypted(address) { // or its next certificate is not taken on trust
				t.SeenSecure = false
			}
			return nil
		})
	}
	if err := cs.relax(ctx, id, "trust", write, cs.settingChange(ctx, id, audit.CameraTrust, strings.Join(what, " "))); err != nil {
		return err
	}
	cs.Reconnect(id)
	return nil
}

// sourceNow is how the camera is to be read, with what was learned since it began.
func (c *camera) sourceNow() rtsp.SourceConfig {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.cfg.source
	s.Fingerprint, s.SeenSecure, s.BasicLogin = c.trust.Fingerprint, c.trust.SeenSecure, c.trust.BasicLogin
	return s
}

// keepTrust is what a camera keeps of the one that it replaces: all of it where only its
// path or login changed, nothing where it is another device. One that is encrypted from now
// on has yet to show its certificate.
func keepTrust(rec *store.Camera, before store.Camera) {
	if !sameHost(rec.URL, before.URL) {
		return
	}
	rec.BasicLogin = rec.BasicLogin || before.BasicLogin
	if rtsp.Encrypted(rec.URL) && !rtsp.Encrypted(before.URL) {
		return
	}
	rec.SeenSecure = rec.SeenSecure || before.SeenSecure
	if !rec.InsecureTLS {
		rec.Fingerprint = cmp.Or(rec.Fingerprint, before.Fingerprint)
	}
}

// sawSecure reports whether what is at an address was once read with digest or over TLS, be it as
// another camera of ours. Other addresses of the same host are not counted: ports of one host may be
// different devices, and first contact is on trust. What is read over TLS itself needs not know.
func (cs *Set) sawSecure(address string) bool {
	if rtsp.Encrypted(address) {
		return false
	}
	for _, c := range cs.sorted() {
		if now := c.sourceNow(); now.SeenSecure && sameStream(now.URL, address) {
			return true
		}
	}
	return false
}

// sameStream compares addresses but for their scheme and query.
func sameStream(a, b string) bool {
	u, errA := url.Parse(a)
	v, errB := url.Parse(b)
	return errA == nil && errB == nil && strings.EqualFold(u.Host, v.Host) && u.Path == v.Path
}

func sameHost(a, b string) bool {
	u, errA := url.Parse(a)
	v, errB := url.Parse(b)
	return errA == nil && errB == nil && u.Hostname() != "" && strings.EqualFold(u.Hostname(), v.Hostname())
}

// plainFingerprint is a fingerprint as the store has it, of one as programs show them.
func plainFingerprint(s string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), ":", ""))
}
