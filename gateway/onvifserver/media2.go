package onvifserver

// The media service of Profile T, as far as it is of use: the same profiles.
var media2Operations = map[string]operation{
	"GetServiceCapabilities":              func(*call) (string, error) { return media2Capabilities, nil },
	"GetProfiles":                         getProfiles2,
	"GetVideoSourceConfigurations":        getSourceConfigurations2,
	"GetVideoEncoderConfigurations":       getEncoderConfigurations2,
	"GetVideoEncoderConfigurationOptions": getEncoderOptions2,
	"GetVideoEncoderInstances":            getEncoderInstances2,
	"GetStreamUri":                        getStreamURI2,
	"GetSnapshotUri":                      getSnapshotURI2,
	"GetAudioSourceConfigurations":        func(*call) (string, error) { return "", nil },
	"GetAudioEncoderConfigurations":       func(*call) (string, error) { return "", nil },
	"GetMetadataConfigurations":           func(*call) (string, error) { return "", nil },
	"GetAnalyticsConfigurations":          func(*call) (string, error) { return "", nil },
}

// named are the streams of the token that a question names, all where it names none.
func (c *call) named(element, code string) ([]stream, error) {
	token := c.question.Value(element)
	if token == "" {
		return c.streams(), nil
	}
	for _, s := range c.streams() {
		if s.token() == token {
			return []stream{s}, nil
		}
	}
	return nil, invalid(code, "No such "+element)
}

func getProfiles2(c *call) (out string, err error) {
	streams, err := c.named("Token", "ter:NoProfile")
	for _, s := range streams {
		var parts string
		for _, kind := range c.question.All("Type") {
			if kind.Text == "All" || kind.Text == "VideoSource" {
				parts += s.source("tr2:VideoSource")
			}
			if kind.Text == "All" || kind.Text == "VideoEncoder" {
				parts += s.encoder2("tr2:VideoEncoder")
			}
		}
		if parts != "" {
			parts = tag("tr2:Configurations", parts)
		}
		out += tag("tr2:Profiles"+attr("token", s.token())+attr("fixed", true), value("tr2:Name", s.name()), parts)
	}
	return out, err
}

// encoder2 is as ver20 has it: keyframes and the profile are attributes.
func (s stream) encoder2(name string) string {
	e := s.encoding()
	return tag(name+attr("token", s.token())+attr("GovLength", e.gop())+attr("Profile", h264Profile), value("tt:Name", s.name()), value("tt:UseCount", 1),
		value("tt:Encoding", "H264"), e.resolution("tt:Resolution"),
		tag("tt:RateControl"+attr("ConstantBitRate", false), value("tt:FrameRateLimit", e.fps()), value("tt:BitrateLimit", e.kbps())), value("tt:Quality", 1))
}

func getSourceConfigurations2(c *call) (out string, err error) {
	streams, err := c.named("ProfileToken", "ter:NoProfile")
	for _, s := range streams {
		if !s.sub || len(streams) == 1 {
			out += s.source("tr2:Configurations")
		}
	}
	return out, err
}

func getEncoderConfigurations2(c *call) (out string, err error) {
	element, code := "ProfileToken", "ter:NoProfile"
	if c.question.Value("ConfigurationToken") != "" {
		element, code = "ConfigurationToken", "ter:NoConfig"
	}
	streams, err := c.named(element, code)
	for _, s := range streams {
		out += s.encoder2("tr2:Configurations")
	}
	return out, err
}

func getEncoderOptions2(c *call) (string, error) {
	s, err := c.chosen()
	if err != nil {
		return "", err
	}
	e := s.encoding()
	return tag("tr2:Options"+attr("GovLengthRange", e.gop())+attr("FrameRatesSupported", e.fps())+attr("ProfilesSupported", h264Profile)+attr("ConstantBitRateSupported", false),
		value("tt:Encoding", "H264"), between("tt:QualityRange", 1), e.resolution("tt:ResolutionsAvailable"), between("tt:BitrateRange", e.kbps())), nil
}

func getEncoderInstances2(*call) (string, error) {
	return tag("tr2:Info", tag("tr2:Codec", value("tr2:Encoding", "H264"), value("tr2:Number", 2)), value("tr2:Total", 2)), nil
}

func getStreamURI2(c *call) (string, error) {
	s, err := c.one("ProfileToken")
	if err != nil {
		return "", err
	}
	protocol := c.question.Value("Protocol")
	if protocol == "RtspMulticast" {
		return "", invalid("ter:InvalidStreamSetup", "Multicast is not served: ask for RtspUnicast")
	}
	uri, err := c.streamURI(s, protocol == "RtspsUnicast")
	return value("tr2:Uri", uri), err
}

func getSnapshotURI2(c *call) (string, error) {
	s, err := c.one("ProfileToken")
	return value("tr2:Uri", c.snapshotURI(s)), err
}
