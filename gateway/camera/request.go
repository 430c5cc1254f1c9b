package camera

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/slug"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// maxName bounds a camera's name for people, in bytes.
const maxName = 100

// Check says what is wrong with a request, as Set.Add would; whether the id
// is free shows only there.
func Check(n api.NewCamera) error {
	_, err := recordOf(n, func(media.CameraID) bool { return false })
	return err
}

// recordOf checks a request and makes the store's camera of it. taken tells
// which ids are in use. Credentials leave the address here and go no further
// than the store and the source.
func recordOf(n api.NewCamera, taken func(media.CameraID) bool) (store.Camera, error) {
	clean, user, password, err := rtsp.SplitCredentials(n.URL)
	if err != nil {
		return store.Camera{}, text.Fail(&api.Error{Code: api.CodeInvalid}, text.CameraAddress, rtsp.RedactURL(n.URL))
	}
	if n.User != "" || n.Password != "" {
		user, password = n.User, n.Password
	}
	name := strings.TrimSpace(n.Name)
	if name == "" || len(name) > maxName || strings.ContainsFunc(name, isControl) {
		return store.Camera{}, api.Refuse(api.CodeInvalid, text.CameraNameForm, maxName)
	}
	group := strings.TrimSpace(n.Group)
	if len(group) > maxName || strings.ContainsFunc(group, isControl) {
		return store.Camera{}, api.Refuse(api.CodeInvalid, text.CameraGroupForm, maxName)
	}
	id, err := idFor(n, name, taken)
	if err != nil {
		return store.Camera{}, err
	}
	c := store.Camera{
		ID: id, Name: name, Group: group, URL: clean, User: user, Password: store.NewSecret(password),
		Transport: n.Transport, Fingerprint: plainFingerprint(n.Fingerprint), InsecureTLS: n.InsecureTLS, BasicLogin: n.BasicLogin,
		Mask: n.Mask, Cover: n.Cover, Mounting: n.Mounting, RateCap: n.RateCap, MaxSize: n.MaxSize, SubSize: n.SubSize, SubFPS: n.SubFPS, Created: time.Now(),
	}
	if n.LookAheadMS != nil {
		span := time.Duration(*n.LookAheadMS * float64(time.Millisecond))
		c.LookAhead = &span
	}
	return c, checkRanges(c)
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

func checkRanges(c store.Camera) error {
	switch {
	case c.Transport != "" && !slices.Contains(config.Transports, c.Transport):
		return api.Refuse(api.CodeInvalid, text.ConfigChoice, text.FieldTransport, c.Transport, strings.Join(config.Transports, ", "))
	case c.Mask != "" && !slices.Contains(config.Masks, c.Mask):
		return api.Refuse(api.CodeInvalid, text.ConfigChoice, text.FieldMask, c.Mask, strings.Join(config.Masks, ", "))
	case !c.MaxSize.Known():
		return api.Refuse(api.CodeInvalid, text.OutputSizeUnknown, text.FieldMaxSize, c.MaxSize)
	case !c.SubSize.Known() || c.SubFPS < 0 || c.SubFPS > media.MaxSubFPS:
		return api.Refuse(api.CodeInvalid, text.SubStreamUnknown, c.SubSize, c.SubFPS, media.MaxSubFPS)
	case c.Cover != "" && checkCover(c.Cover) != nil:
		return checkCover(c.Cover)
	case c.Mounting != "" && checkMounting(c.Mounting) != nil:
		return checkMounting(c.Mounting)
	case c.LookAhead != nil && (*c.LookAhead < 0 || *c.LookAhead > config.MaxLookAhead):
		return api.Refuse(api.CodeInvalid, text.ConfigRange, text.FieldAhead, c.LookAhead.String(), "0s", config.MaxLookAhead.String(), "200ms")
	case c.RateCap != nil && *c.RateCap != 0 && !(*c.RateCap >= config.MinRateCap && *c.RateCap <= config.MaxRateCap):
		return api.Refuse(api.CodeInvalid, text.ConfigRangeOrZero, text.FieldRateCap, fmt.Sprint(*c.RateCap), fmt.Sprint(config.MinRateCap), fmt.Sprint(config.MaxRateCap), "2")
	}
	return nil
}

// idFor takes the wanted id or makes a free one of the name.
func idFor(n api.NewCamera, name string, taken func(media.CameraID) bool) (media.CameraID, error) {
	if n.ID != "" {
		id, err := media.ParseCameraID(n.ID)
		if err != nil {
			return "", api.Refuse(api.CodeInvalid, text.CameraIDForm, n.ID, media.MaxCameraID)
		}
		return id, nil
	}
	id := slug.Of("camera", name, media.MaxCameraID)
	if !n.Replace { // who replaces a camera means the one of this id
		id = slug.Free(id, media.MaxCameraID, func(id string) bool { return taken(media.CameraID(id)) })
	}
	return media.CameraID(id), nil
}
