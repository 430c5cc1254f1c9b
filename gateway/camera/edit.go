package camera

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/camera/paths"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Settings are how a stored camera is read and masked, without its password.
func (cs *Set) Settings(id media.CameraID) (api.CameraSettings, error) {
	if err := cs.Connectable(id); err != nil {
		return api.CameraSettings{}, err
	}
	rec, err := cs.recordNow(id)
	if err != nil {
		return api.CameraSettings{}, err
	}
	return settingsFor(rec), nil
}

func settingsFor(rec store.Camera) api.CameraSettings {
	return api.CameraSettings{
		ID: rec.ID, Name: rec.Name, Group: rec.Group, URL: rtsp.RedactURL(rec.URL), User: rec.User, HasPassword: rec.Password.Reveal() != "",
		Transport: rec.Transport, Fingerprint: rec.Fingerprint, InsecureTLS: rec.InsecureTLS, BasicLogin: rec.BasicLogin, Mask: rec.Mask, Cover: rec.Cover, Mounting: rec.Mounting,
		LookAheadMS: milliseconds(rec.LookAhead), RateCap: rec.RateCap, MaxSize: rec.MaxSize, SubSize: rec.SubSize, SubFPS: rec.SubFPS, Created: rec.Created,
	}
}

// recordNow is a camera as it is stored, with what of it may wait for the disk.
func (cs *Set) recordNow(id media.CameraID) (store.Camera, error) {
	rec, err := cs.cfg.Store.Camera(id)
	if err != nil {
		return rec, api.FromStore(err)
	}
	if c := cs.camera(id); c != nil {
		now := c.sourceNow()
		rec.Fingerprint, rec.SeenSecure, rec.BasicLogin = now.Fingerprint, now.SeenSecure, now.BasicLogin
		rec.Cover, rec.Mounting = c.coverNow(), c.mountingNow()
	}
	return rec, nil
}

// Change changes how a camera is read and masked. Its id, areas, facts, lock and consents, and
// the address of its stream, stay. What needs a new connection ends the old one first: viewers
// get the slate from then on, until there is a masked frame of the new one.
func (cs *Set) Change(ctx context.Context, id media.CameraID, ch api.CameraChange) (api.CameraStatus, error) {
	c, former, err := cs.alter(ctx, id, ch)
	if err == nil && former != nil {
		err = cs.fits(ctx, c, former)
	}
	if err != nil {
		return api.CameraStatus{}, err
	}
	return c.status(), nil
}

// alter is Change that does not wait for what the camera sends.
func (cs *Set) alter(ctx context.Context, id media.CameraID, ch api.CameraChange) (c *camera, former *store.Camera, err error) {
	before, rec, err := cs.prepare(ctx, id, &ch)
	if err != nil {
		return nil, nil, err
	}
	if rec.Cover != before.Cover {
		err = cs.SetCover(ctx, id, rec.Cover)
	}
	if err == nil && rec.Mounting != before.Mounting {
		err = cs.SetMounting(ctx, id, rec.Mounting)
	}
	if err != nil {
		return nil, nil, err
	}
	return cs.change(ctx, id, ch)
}

// prepare refuses what cannot be, before anything is changed, and finds the stream of a host.
func (cs *Set) prepare(ctx context.Context, id media.CameraID, ch *api.CameraChange) (before, rec store.Camera, err error) {
	if err := cs.Connectable(id); err != nil {
		return before, rec, err
	}
	if before, err = cs.recordNow(id); err != nil {
		return before, rec, err
	}
	if _, err := cs.locateChange(ctx, before, ch); err != nil {
		return before, rec, err
	}
	rec, err = cs.changed(before, *ch)
	return before, rec, err
}

// change stores it and has it in force; former is the camera as it was, where it began anew.
func (cs *Set) change(ctx context.Context, id media.CameraID, ch api.CameraChange) (c *camera, former *store.Camera, err error) {
	cs.admin.Lock()
	defer cs.admin.Unlock()
	cs.keeping.Lock()
	defer cs.keeping.Unlock()
	if err := cs.Connectable(id); err != nil {
		return nil, nil, err
	}
	c = cs.camera(id)
	before, err := cs.recordNow(id)
	if err != nil {
		return nil, nil, err
	}
	ch.Cover, ch.Mounting = nil, nil // in force already, and recorded
	rec, err := cs.changed(before, ch)
	if err != nil {
		return nil, nil, err
	}
	what := differences(before, rec)
	if len(what) == 0 {
		return c, nil, nil
	}
	if err := cs.cfg.Store.PutCamera(rec, true); err != nil {
		return nil, nil, api.FromStore(err)
	}
	if live(before, rec) {
		c.say(said{rec.Name, rec.Group, cs.settingsOf(rec).Mask})
		cs.cfg.Publisher.NameCamera(rec.ID, rec.Name)
		cs.refresh()
	} else {
		cs.drop(id, c)
		was := c
		if c, err = cs.launch(rec, true); err != nil {
			return nil, nil, errors.Join(err, cs.undo(id, was, &before))
		}
		former = &before
	}
	cs.cfg.Log.Info("camera changed", "camera", string(id), "what", strings.Join(what, " "))
	return c, former, cs.cfg.Audit.Did(ctx, audit.CameraChanged, audit.Camera(id), strings.Join(what, " "), nil)
}

// live reports whether a change needs no new connection.
func live(before, rec store.Camera) bool {
	rec.Name, rec.Group, rec.Mask = before.Name, before.Group, before.Mask
	return len(differences(before, rec)) == 0
}

// differences names the fields that are not the same; what is masked stands with its value.
func differences(before, rec store.Camera) (what []string) {
	for _, f := range []struct {
		name   string
		differ bool
	}{
		{"name", before.Name != rec.Name}, {"group", before.Group != rec.Group}, {"url", before.URL != rec.URL}, {"user", before.User != rec.User},
		{"password", before.Password.Reveal() != rec.Password.Reveal()}, {"transport", before.Transport != rec.Transport},
		{"trust", before.Fingerprint != rec.Fingerprint || before.InsecureTLS != rec.InsecureTLS || before.SeenSecure != rec.SeenSecure || before.BasicLogin != rec.BasicLogin},
		{"mask=" + rec.Mask, before.Mask != rec.Mask}, {"look_ahead", !reflect.DeepEqual(before.LookAhead, rec.LookAhead)}, {"rate_cap", !reflect.DeepEqual(before.RateCap, rec.RateCap)},
		{"max_size", before.MaxSize != rec.MaxSize}, {"sub", before.SubSize != rec.SubSize || before.SubFPS != rec.SubFPS},
	} {
		if f.differ {
			what = append(what, f.name)
		}
	}
	return what
}

// changed is a camera as a change makes it.
func (cs *Set) changed(was store.Camera, ch api.CameraChange) (store.Camera, error) {
	n := asNew(was)
	applyPlain(&n, ch)
	if err := readdress(&n, was, ch); err != nil {
		return was, err
	}
	rec, err := recordOf(n, nil)
	if err != nil {
		return was, err
	}
	rec.Created = was.Created
	return rec, cs.trustChange(&rec, was, ch)
}

// applyPlain changes all that hangs on nothing else: not address, login and trust.
func applyPlain(n *api.NewCamera, ch api.CameraChange) {
	apply(&n.Name, ch.Name)
	apply(&n.Group, ch.Group)
	apply(&n.Transport, ch.Transport)
	apply(&n.Mask, ch.Mask)
	apply(&n.Cover, ch.Cover)
	apply(&n.Mounting, ch.Mounting)
	apply(&n.MaxSize, ch.MaxSize)
	apply(&n.SubSize, ch.SubSize)
	apply(&n.SubFPS, ch.SubFPS)
	n.LookAheadMS, n.RateCap = orDefault(n.LookAheadMS, ch.LookAheadMS), orDefault(n.RateCap, ch.RateCap)
}

func apply[T any](field *T, said *T) {
	if said != nil {
		*field = *said
	}
}

// orDefault is a number that may be the configured one: nil.
func orDefault(was, said *float64) *float64 {
	switch {
	case said == nil:
		return was
	case *said < 0:
		return nil
	}
	return said
}

// asNew is a stored camera as a request would say it.
func asNew(c store.Camera) api.NewCamera {
	return api.NewCamera{
		ID: string(c.ID), Name: c.Name, Group: c.Group, URL: c.URL, User: c.User, Password: c.Password.Reveal(), Transport: c.Transport, Mask: c.Mask, Cover: c.Cover, Mounting: c.Mounting,
		LookAheadMS: milliseconds(c.LookAhead), RateCap: c.RateCap, MaxSize: c.MaxSize, SubSize: c.SubSize, SubFPS: c.SubFPS,
	}
}

// milliseconds is a time as the API says it; nil stays nil.
func milliseconds(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	ms := float64(*d) / float64(time.Millisecond)
	return &ms
}

// readdress changes address and login. An address as Settings shows it is the stored one, with
// the secret that stands in it.
func readdress(n *api.NewCamera, was store.Camera, ch api.CameraChange) error {
	if ch.URL != nil && *ch.URL != rtsp.RedactURL(was.URL) {
		n.URL = *ch.URL
		if strings.Contains(n.URL, hiddenSecret) {
			return api.Refuse(api.CodeInvalid, text.CameraSecretAgain)
		}
		if rtsp.HasCredentials(n.URL) && ch.User == nil && ch.Password == nil {
			n.User, n.Password = "", "" // those of the address
			return nil
		}
	}
	apply(&n.User, ch.User)
	apply(&n.Password, ch.Password)
	if ch.User != nil && *ch.User == "" && ch.Password == nil {
		n.Password = "" // no login any more
	}
	return nil
}

// hiddenSecret is what stands in an address that is shown, in the place of a secret.
const hiddenSecret = "***"

// trustChange says how far the camera is trusted now. A password that nobody has typed anew
// goes to another host by digest alone, so that it cannot be read there.
func (cs *Set) trustChange(rec *store.Camera, was store.Camera, ch api.CameraChange) error {
	same := sameHost(rec.URL, was.URL)
	apply(&rec.InsecureTLS, ch.InsecureTLS)
	if ch.InsecureTLS == nil && same {
		rec.InsecureTLS = was.InsecureTLS
	}
	if same {
		keepTrust(rec, was)
	}
	apply(&rec.BasicLogin, ch.BasicLogin)
	switch {
	case ch.Fingerprint != nil:
		rec.Fingerprint = plainFingerprint(*ch.Fingerprint)
	case same && rec.InsecureTLS == was.InsecureTLS && rtsp.Encrypted(rec.URL) == rtsp.Encrypted(was.URL):
		rec.Fingerprint = was.Fingerprint
	}
	if same {
		return nil
	}
	rec.SeenSecure = cs.sawSecure(rec.URL)
	if !keepsPassword(was, *rec, ch) {
		return nil
	}
	if rtsp.Encrypted(rec.URL) || rec.BasicLogin {
		return api.Refuse(api.CodeInvalid, text.CameraPasswordAgain)
	}
	rec.SeenSecure = true
	return nil
}

// keepsPassword reports whether a password stays that nobody typed for this change.
func keepsPassword(was, rec store.Camera, ch api.CameraChange) bool {
	return ch.Password == nil && rec.Password.Reveal() != "" && rec.Password.Reveal() == was.Password.Reveal()
}

func (c *camera) saidNow() said {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.said
}

func (c *camera) say(s said) {
	c.mu.Lock()
	c.said = s
	c.mu.Unlock()
	c.handle.Rename(s.name)
	c.notify()
}

// TestChange tries a camera as a change would make it, beside the running one. Nothing said is
// a test of the camera as it is.
func (cs *Set) TestChange(ctx context.Context, id media.CameraID, ch api.CameraChange) (api.ProbeResult, error) {
	if ch.Empty() {
		return cs.TestStored(ctx, id)
	}
	if err := cs.Connectable(id); err != nil {
		return api.ProbeResult{}, err
	}
	was, err := cs.recordNow(id)
	if err != nil {
		return api.ProbeResult{}, err
	}
	streams, err := cs.locateChange(ctx, was, &ch)
	if err != nil {
		return api.ProbeResult{}, err
	}
	rec, err := cs.changed(was, ch)
	if err != nil {
		return api.ProbeResult{}, err
	}
	return found(rec.URL, streams)(cs.try(ctx, tried{ours: true}, sourceConfig(rec), cs.trialSettings(rec)))
}

// locateChange writes the stream that was found into a change whose address is a host alone.
func (cs *Set) locateChange(ctx context.Context, was store.Camera, ch *api.CameraChange) ([]paths.Stream, error) {
	if ch.URL == nil {
		return nil, nil
	}
	h, bare := paths.Read(*ch.URL)
	if !bare {
		return nil, nil
	}
	n := asNew(was)
	apply(&n.User, ch.User)
	apply(&n.Password, ch.Password)
	if ch.Password == nil && n.Password != "" && !sameHost("rtsp://"+h.Name, was.URL) {
		return nil, api.Refuse(api.CodeInvalid, text.CameraPasswordAgain)
	}
	cfg := sourceOf(n)
	cfg.SeenSecure = was.SeenSecure
	address, streams, err := cs.locate(ctx, *ch.URL, cfg)
	ch.URL = &address
	return streams, err
}

// Streams asks a host for its streams; known is false for what is no host alone.
func (cs *Set) Streams(ctx context.Context, in api.StreamsRequest) (all []api.FoundStream, known bool, err error) {
	if _, known = paths.Read(in.Address); !known {
		return nil, false, nil
	}
	_, streams, err := cs.locate(ctx, in.Address, rtsp.SourceConfig{User: in.User, Password: in.Password})
	return foundStreams(streams), true, err
}

// sourceOf is how a camera that was not stored yet is asked.
func sourceOf(n api.NewCamera) rtsp.SourceConfig {
	return rtsp.SourceConfig{User: n.User, Password: n.Password, Transport: n.Transport, InsecureTLS: n.InsecureTLS, BasicLogin: n.BasicLogin}
}

// located is a request with the address of a stream where it had that of a host alone. A camera
// in a prohibited place is not asked.
func (cs *Set) located(ctx context.Context, n api.NewCamera) (api.NewCamera, error) {
	typed := n.URL
	if _, bare := paths.Read(typed); !bare {
		return n, nil
	}
	n.URL = anyStream
	rec, err := recordOf(n, cs.Has)
	switch c := cs.camera(rec.ID); {
	case err != nil:
		return n, err
	case n.Place.Prohibited():
		return n, cs.refusePlace(rec.ID, n.Place)
	case n.Replace && c != nil && c.isForbidden():
		return n, refuseBlocked(rec.ID)
	}
	n.URL, _, err = cs.locate(ctx, typed, sourceOf(n))
	return n, err
}

// anyStream stands for an address that is not known yet, while all else is checked.
const anyStream = "rtsp://0.0.0.0/"

// locate finds the streams of a host and returns the address of the largest. A whole address
// stays as it is, without any.
func (cs *Set) locate(ctx context.Context, typed string, cfg rtsp.SourceConfig) (string, []paths.Stream, error) {
	h, bare := paths.Read(typed)
	if !bare {
		return typed, nil, nil
	}
	streams, err := paths.Find(ctx, h, cfg)
	if err != nil {
		return typed, nil, cs.notFound(cfg.ID, err)
	}
	for i := range streams {
		streams[i].URL = h.Named(streams[i].URL)
	}
	return streams[0].URL, streams, nil
}

// notFound says why a host has no stream for us.
func (cs *Set) notFound(id media.CameraID, err error) error {
	var fault *rtsp.Error
	var problem *text.Problem
	switch {
	case errors.As(err, &fault), errors.Is(err, context.DeadlineExceeded):
		return cs.probeError(id, err)
	case errors.As(err, &problem):
		return api.Because(api.CodeProbe, err)
	}
	return err
}

// found adds what was looked for to the result of a test.
func found(address string, streams []paths.Stream) func(api.ProbeResult, error) (api.ProbeResult, error) {
	return func(r api.ProbeResult, err error) (api.ProbeResult, error) {
		if err != nil || len(streams) == 0 {
			return r, err
		}
		r.URL, r.Streams = address, foundStreams(streams)
		return r, nil
	}
}

// foundStreams are streams that were found, as the API says them.
func foundStreams(streams []paths.Stream) []api.FoundStream {
	all := []api.FoundStream{}
	for _, s := range streams {
		all = append(all, api.FoundStream{Name: s.Name, URL: s.URL, Codec: s.Codec, Width: s.Width, Height: s.Height, FPS: s.FPS, Maker: s.Maker, Tried: s.Tried})
	}
	return all
}
