package onvifserver

import (
	"math"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// The media service of Profile S. Each camera is a video source with two profiles, its stream and
// its sub-stream; all of them are fixed.
var mediaOperations = map[string]operation{
	"GetServiceCapabilities":                     func(*call) (string, error) { return mediaCapabilities, nil },
	"GetProfiles":                                getProfiles,
	"GetProfile":                                 getProfile,
	"GetVideoSources":                            getVideoSources,
	"GetVideoSourceConfigurations":               getSourceConfigurations,
	"GetCompatibleVideoSourceConfigurations":     getSourceConfigurations,
	"GetVideoSourceConfiguration":                getSourceConfiguration,
	"GetVideoSourceConfigurationOptions":         getSourceOptions,
	"GetVideoEncoderConfigurations":              getEncoderConfigurations,
	"GetCompatibleVideoEncoderConfigurations":    getEncoderConfigurations,
	"GetVideoEncoderConfiguration":               getEncoderConfiguration,
	"GetVideoEncoderConfigurationOptions":        getEncoderOptions,
	"GetGuaranteedNumberOfVideoEncoderInstances": getEncoderInstances,
	"GetStreamUri":                               getStreamURI,
	"GetSnapshotUri":                             getSnapshotURI,
	// There is no sound and no metadata: audio is dropped.
	"GetAudioSources":                 func(*call) (string, error) { return "", nil },
	"GetAudioSourceConfigurations":    func(*call) (string, error) { return "", nil },
	"GetAudioEncoderConfigurations":   func(*call) (string, error) { return "", nil },
	"GetAudioOutputs":                 func(*call) (string, error) { return "", nil },
	"GetMetadataConfigurations":       func(*call) (string, error) { return "", nil },
	"GetVideoAnalyticsConfigurations": func(*call) (string, error) { return "", nil },
}

// The ends of tokens, behind a camera's id, which has no underscore.
const (
	mainSuffix   = "_main"
	subSuffix    = "_sub"
	sourceSuffix = "_source"
)

// stream is one of a camera's two.
type stream struct {
	Camera
	sub bool
}

func (c *call) streams() (all []stream) {
	for _, one := range c.cameras() {
		all = append(all, stream{one, false}, stream{one, true})
	}
	return all
}

// token names its profile and its encoder configuration.
func (s stream) token() string {
	if s.sub {
		return string(s.ID) + subSuffix
	}
	return string(s.ID) + mainSuffix
}

func (s stream) sourceToken() string { return string(s.ID) + sourceSuffix }

func (s stream) encoding() Encoding {
	if s.sub {
		return s.Sub
	}
	return s.Main
}

// name is for people, in at most the 64 letters that ONVIF's type Name has.
func (s stream) name() string {
	suffix := " main"
	if s.sub {
		suffix = " sub"
	}
	return cut(s.Name, 64-len(suffix)) + suffix
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// fps is whole and never 0, as ONVIF's limits are.
func (e Encoding) fps() int { return max(1, int(math.Round(e.FPS))) }

func (e Encoding) kbps() int { return max(1, e.Kbps) }

// gop are the frames from one keyframe to the next, as a rule.
func (e Encoding) gop() int { return max(1, int(math.Round(e.FPS*e.Keyframes.Seconds()))) }

// one is the stream of a token that the question names.
func (c *call) one(element string) (stream, error) {
	token := c.question.Value(element)
	for _, s := range c.streams() {
		if s.token() == token {
			return s, nil
		}
	}
	if element == "ProfileToken" {
		return stream{}, invalid("ter:NoProfile", "The requested profile does not exist")
	}
	return stream{}, invalid("ter:NoConfig", "The requested configuration does not exist")
}

func getProfiles(c *call) (out string, err error) {
	for _, s := range c.streams() {
		out += s.profile("trt:Profiles")
	}
	return out, nil
}

func getProfile(c *call) (string, error) {
	s, err := c.one("ProfileToken")
	if err != nil {
		return "", err
	}
	return s.profile("trt:Profile"), nil
}

func (s stream) profile(name string) string {
	return tag(name+attr("token", s.token())+attr("fixed", true), value("tt:Name", s.name()),
		s.source("tt:VideoSourceConfiguration"), s.encoder("tt:VideoEncoderConfiguration"))
}

func (s stream) source(name string) string {
	return tag(name+attr("token", s.sourceToken()), value("tt:Name", cut(s.Name, 64)), value("tt:UseCount", 2), value("tt:SourceToken", s.ID), s.bounds("tt:Bounds"))
}

// bounds are those of the masked stream: the camera's own size is nobody's business here.
func (s stream) bounds(name string) string {
	return tag(name + attr("x", 0) + attr("y", 0) + attr("width", s.Main.Width) + attr("height", s.Main.Height))
}

func (e Encoding) resolution(name string) string {
	return tag(name, value("tt:Width", e.Width), value("tt:Height", e.Height))
}

func (s stream) encoder(name string) string {
	e := s.encoding()
	return tag(name+attr("token", s.token()), value("tt:Name", s.name()), value("tt:UseCount", 1), value("tt:Encoding", "H264"),
		e.resolution("tt:Resolution"), value("tt:Quality", 1),
		tag("tt:RateControl", value("tt:FrameRateLimit", e.fps()), value("tt:EncodingInterval", 1), value("tt:BitrateLimit", e.kbps())),
		tag("tt:H264", value("tt:GovLength", e.gop()), value("tt:H264Profile", h264Profile)), noMulticast, value("tt:SessionTimeout", "PT60S"))
}

// h264Profile is the encoder's.
const h264Profile = "Baseline"

var noMulticast = tag("tt:Multicast", tag("tt:Address", value("tt:Type", "IPv4"), value("tt:IPv4Address", "0.0.0.0")), value("tt:Port", 0), value("tt:TTL", 0), value("tt:AutoStart", false))

func getVideoSources(c *call) (out string, err error) {
	for _, one := range c.cameras() {
		out += tag("trt:VideoSources"+attr("token", one.ID), value("tt:Framerate", one.Main.fps()), one.Main.resolution("tt:Resolution"))
	}
	return out, nil
}

func getSourceConfigurations(c *call) (out string, err error) {
	for _, one := range c.cameras() {
		out += stream{Camera: one}.source("trt:Configurations")
	}
	return out, nil
}

func getSourceConfiguration(c *call) (string, error) {
	s, err := c.source()
	if err != nil {
		return "", err
	}
	return s.source("trt:Configuration"), nil
}

// source is that of a configuration's token.
func (c *call) source() (stream, error) {
	token := c.question.Value("ConfigurationToken")
	for _, one := range c.cameras() {
		if s := (stream{Camera: one}); s.sourceToken() == token {
			return s, nil
		}
	}
	return stream{}, invalid("ter:NoConfig", "The requested configuration does not exist")
}

// getSourceOptions leaves no choice: what is, is all that can be.
func getSourceOptions(c *call) (string, error) {
	streams := c.streams()
	if s, err := c.source(); err == nil {
		streams = []stream{s}
	} else if s, err := c.one("ProfileToken"); err == nil {
		streams = []stream{s}
	}
	if len(streams) == 0 {
		return "", invalid("ter:NoConfig", "The requested configuration does not exist")
	}
	e := streams[0].Main
	return tag("trt:Options", tag("tt:BoundsRange", between("tt:XRange", 0), between("tt:YRange", 0), between("tt:WidthRange", e.Width), between("tt:HeightRange", e.Height)),
		value("tt:VideoSourceTokensAvailable", streams[0].ID)), nil
}

// between is a range of one number.
func between(name string, n int) string { return tag(name, value("tt:Min", n), value("tt:Max", n)) }

func getEncoderConfigurations(c *call) (out string, err error) {
	streams := c.streams()
	if c.question.Find("ProfileToken") != nil {
		s, err := c.one("ProfileToken")
		if err != nil {
			return "", err
		}
		streams = []stream{s}
	}
	for _, s := range streams {
		out += s.encoder("trt:Configurations")
	}
	return out, nil
}

func getEncoderConfiguration(c *call) (string, error) {
	s, err := c.one("ConfigurationToken")
	if err != nil {
		return "", err
	}
	return s.encoder("trt:Configuration"), nil
}

// chosen is the stream that a question on options names by either token; the first where it names none.
func (c *call) chosen() (stream, error) {
	for _, element := range []string{"ConfigurationToken", "ProfileToken"} {
		if c.question.Value(element) != "" {
			return c.one(element)
		}
	}
	if all := c.streams(); len(all) > 0 {
		return all[0], nil
	}
	return stream{}, invalid("ter:NoConfig", "The requested configuration does not exist")
}

func getEncoderOptions(c *call) (string, error) {
	s, err := c.chosen()
	if err != nil {
		return "", err
	}
	e := s.encoding()
	return tag("trt:Options", between("tt:QualityRange", 1), tag("tt:H264", e.resolution("tt:ResolutionsAvailable"), between("tt:GovLengthRange", e.gop()),
		between("tt:FrameRateRange", e.fps()), between("tt:EncodingIntervalRange", 1), value("tt:H264ProfilesSupported", h264Profile))), nil
}

func getEncoderInstances(*call) (string, error) {
	return value("trt:TotalNumber", 2) + value("trt:H264", 2), nil
}

func getStreamURI(c *call) (string, error) {
	s, err := c.one("ProfileToken")
	if err != nil {
		return "", err
	}
	if strings.EqualFold(c.question.Value("StreamSetup", "Stream"), "RTP-Multicast") { // ZoneMinder writes it small
		return "", invalid("ter:InvalidStreamSetup", "Multicast is not served: ask for RTP-Unicast")
	}
	uri, err := c.streamURI(s, false)
	if err != nil {
		return "", err
	}
	return mediaURI(uri), nil
}

// mediaURI is good as long as the camera is.
func mediaURI(uri string) string {
	return tag("trt:MediaUri", value("tt:Uri", uri), value("tt:InvalidAfterConnect", false), value("tt:InvalidAfterReboot", false), value("tt:Timeout", "PT0S"))
}

// streamURI is the address of a masked stream, without a login. Over TLS it is where that is asked
// for, or where nothing else is served.
func (c *call) streamURI(s stream, secure bool) (string, error) {
	rtsp, rtsps := c.cfg.Streams()
	u := url.URL{Scheme: "rtsp", Path: "/" + media.StreamID{Camera: s.ID, Sub: s.sub}.String()}
	port := portOf(rtsp)
	if secure || port == 0 {
		u.Scheme, port = "rtsps", portOf(rtsps)
	}
	if port == 0 {
		return "", invalid("ter:InvalidStreamSetup", "This gateway serves no RTSPS: ask for RTSP")
	}
	u.Host = net.JoinHostPort(c.host(), strconv.Itoa(port))
	return u.String(), nil
}

func getSnapshotURI(c *call) (string, error) {
	s, err := c.one("ProfileToken")
	if err != nil {
		return "", err
	}
	return mediaURI(c.snapshotURI(s)), nil
}

func (c *call) snapshotURI(s stream) string {
	return "http://" + c.at + strings.Join([]string{root + snapshotFolder, string(s.ID)}, "/")
}
