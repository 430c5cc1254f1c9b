package onvif

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

// maxProfiles bounds the streams of one device.
const maxProfiles = 32

// The media services' namespaces.
const (
	media1NS = "http://www.onvif.org/ver10/media/wsdl"
	media2NS = "http://www.onvif.org/ver20/media/wsdl"
)

// Streams asks a device for its streams, in its own order, which is mostly the
// largest first. The address is a host, host:port or a service's URL; user may
// be empty. Errors are Problems that say what to do, and hold no password.
func Streams(ctx context.Context, address, user, password string) ([]Stream, error) {
	return streamsOf(ctx, address, login{user: user, password: password, readable: true})
}

// StreamsCautiously is Streams for who tries the login elsewhere too: it is sent in two ways at
// most, so that no account is locked, and never in clear.
func StreamsCautiously(ctx context.Context, address, user, password string) ([]Stream, error) {
	return streamsOf(ctx, address, login{user: user, password: password, most: 2})
}

func streamsOf(ctx context.Context, address string, as login) ([]Stream, error) {
	ctx, cancel := context.WithTimeout(ctx, allPause)
	defer cancel()
	t, err := resolve(ctx, address)
	if err != nil {
		return nil, err
	}
	c := newClient(t, "", "")
	c.login = as
	defer c.close()
	if err := c.readClock(ctx); err != nil {
		return nil, err
	}
	services, err := c.services(ctx)
	if err != nil {
		return nil, err
	}
	return c.streams(ctx, services)
}

// services are the addresses of the media services, the likely ones first; none for one that
// the device does not have.
type services struct{ media, media2 []*url.URL }

// services asks in the present way, then in the one of devices before 2011. Where neither
// names a media service it is looked for where most devices have it.
func (c *client) services(ctx context.Context) (services, error) {
	var s services
	body, err := c.call(ctx, []*url.URL{c.service}, "<tds:GetServices><tds:IncludeCapability>false</tds:IncludeCapability></tds:GetServices>")
	if final(err) || errors.Is(err, ErrUnreachable) {
		return s, err
	}
	for _, n := range body.All("Service") {
		switch n.Value("Namespace") {
		case media1NS:
			s.media = c.own(n.Value("XAddr"))
		case media2NS:
			s.media2 = c.own(n.Value("XAddr"))
		}
	}
	if s.media != nil || s.media2 != nil {
		return s, nil
	}
	if body, err = c.call(ctx, []*url.URL{c.service}, "<tds:GetCapabilities><tds:Category>All</tds:Category></tds:GetCapabilities>"); err != nil {
		return s, explain(err)
	}
	s.media = append(c.own(body.Value("Capabilities", "Media", "XAddr")), c.service.JoinPath("/../media_service"), c.service)
	return s, nil
}

// final reports whether an error ends all questions: asking on would cost logins.
func final(err error) bool { return errors.Is(err, ErrLogin) || errors.Is(err, ErrLockedOut) }

// explain makes a refusal a Problem.
func explain(err error) error {
	var refused *fault
	if errors.As(err, &refused) {
		return notONVIF(err)
	}
	return err
}

// streams asks media2 first, which alone reports H.265.
func (c *client) streams(ctx context.Context, s services) ([]Stream, error) {
	var failed error
	for _, ask := range []struct {
		services      []*url.URL
		profiles, uri string
	}{
		{s.media2, "<tr2:GetProfiles><tr2:Type>VideoEncoder</tr2:Type></tr2:GetProfiles>",
			"<tr2:GetStreamUri><tr2:Protocol>RTSP</tr2:Protocol><tr2:ProfileToken>%</tr2:ProfileToken></tr2:GetStreamUri>"},
		{s.media, "<trt:GetProfiles/>",
			"<trt:GetStreamUri><trt:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport></trt:StreamSetup>" +
				"<trt:ProfileToken>%</trt:ProfileToken></trt:GetStreamUri>"},
	} {
		if ask.services == nil {
			continue
		}
		out, err := c.ask(ctx, ask.services, ask.profiles, ask.uri)
		if len(out) > 0 || final(err) || ctx.Err() != nil {
			return out, err
		}
		failed = cmp.Or(failed, err)
	}
	if failed != nil {
		return nil, explain(failed)
	}
	return nil, text.Fail(ErrNoStreams, text.ONVIFNoStreams)
}

// ask gets the profiles of one media service, at the first of its addresses that has any,
// and the address of each.
func (c *client) ask(ctx context.Context, services []*url.URL, profiles, uri string) ([]Stream, error) {
	body, err := c.call(ctx, services, profiles)
	if err != nil {
		return nil, err
	}
	var out []Stream
	for i, p := range body.All("Profiles") {
		s, ok := profile(p)
		if !ok || i >= maxProfiles {
			continue
		}
		answer, failed := c.call(ctx, services, strings.Replace(uri, "%", soapxml.Escape(s.Profile), 1))
		if final(failed) {
			return out, failed
		}
		if failed != nil {
			err = cmp.Or(err, failed)
			continue
		}
		if s.URL, ok = c.stream(answer.Value("Uri")); ok {
			out = append(out, s)
		}
	}
	if len(out) > 0 {
		err = nil // a profile without a stream is none
	}
	return out, err
}

// profile reads one; false: it has no video.
func profile(p *soapxml.Node) (Stream, bool) {
	video := p.Find("VideoEncoderConfiguration")
	if video == nil {
		video = p.Find("Configurations", "VideoEncoder")
	}
	token := p.Attr("token")
	if video == nil || token == "" || len(token) > maxText {
		return Stream{}, false
	}
	s := Stream{Profile: token, Codec: codec(video.Value("Encoding")), Width: number(video.Value("Resolution", "Width")), Height: number(video.Value("Resolution", "Height"))}
	for _, c := range p.Children {
		if c.Name == "Name" {
			s.Name = clean(c.Text)
		}
	}
	if fps, err := strconv.ParseFloat(video.Value("RateControl", "FrameRateLimit"), 64); err == nil && fps > 0 && fps <= 1000 {
		s.FPS = fps
	}
	return s, true
}

func codec(s string) string {
	if strings.EqualFold(s, "JPEG") {
		return "MJPEG"
	}
	return clean(s)
}

// number is 0 for what is no size of a frame.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1<<16 {
		return 0
	}
	return n
}
