package whep

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"

	"github.com/bauta-gateway/bauta/config/text"
)

const (
	// maxOffer bounds an offer: browsers write about 8 KiB.
	maxOffer = 64 << 10
	// maxSections bounds its media sections: a player asks for one of video
	// and one of sound.
	maxSections = 4
	// maxCandidates bounds the addresses of an offer that a full agent tries.
	maxCandidates = 16
	// serverLimit is how long ICE servers may take to answer the gateway.
	serverLimit = 800 * time.Millisecond
)

// Times of ICE: a viewer that says nothing for silence+giveUp is gone. Browsers
// check every few seconds (RFC 7675).
const (
	silence = 6 * time.Second
	giveUp  = 6 * time.Second
)

// capability is H.264 with a profile-level-id (RFC 6184, section 8.1).
func capability(profile string) webrtc.RTPCodecCapability {
	return webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeH264, ClockRate: 90000,
		SDPFmtpLine:  "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=" + profile,
		RTCPFeedback: []webrtc.RTCPFeedback{{Type: "nack"}, {Type: "nack", Parameter: "pli"}, {Type: "ccm", Parameter: "fir"}}}
}

// profiles are what a viewer may offer, the best fit first. The worker's
// encoder and the slates both make constrained baseline, which decoders of all
// of these take: constrained baseline, baseline, main, high. The level does not
// count (level-asymmetry-allowed): the parameter sets in the stream name it.
var profiles = []string{"42e01f", "42c01f", "42001f", "4d001f", "640c1f", "64001f"}

func newAPI(n *network) (*webrtc.API, error) {
	engine, reports := &webrtc.MediaEngine{}, &interceptor.Registry{}
	for i, p := range profiles {
		codec := webrtc.RTPCodecParameters{RTPCodecCapability: capability(p), PayloadType: webrtc.PayloadType(96 + i)}
		if err := engine.RegisterCodec(codec, webrtc.RTPCodecTypeVideo); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(webrtc.ConfigureNack(engine, reports), webrtc.ConfigureRTCPReports(reports)); err != nil {
		return nil, err
	}
	settings, err := newSettings(n)
	if err != nil {
		return nil, err
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(reports), webrtc.WithSettingEngine(settings)), nil
}

func newSettings(n *network) (webrtc.SettingEngine, error) {
	var e webrtc.SettingEngine
	e.SetLite(!n.cfg.full())
	kinds := []webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6}
	if n.udp != nil {
		e.SetICEUDPMux(n.udp)
	}
	if n.tcp != nil {
		e.SetICETCPMux(n.tcp)
		kinds = append(kinds, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6)
	}
	e.SetNetworkTypes(kinds)
	e.SetSTUNGatherTimeout(serverLimit)
	e.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	e.SetIncludeLoopbackCandidate(true) // for a browser on the host itself
	e.DisableActiveTCP(true)
	e.SetICETimeouts(silence, giveUp, 2*time.Second)
	e.LoggerFactory = silent
	// The viewer speaks first: nothing leaves for who did not prove the secret.
	return e, e.SetAnsweringDTLSRole(webrtc.DTLSRoleServer)
}

// kept are the attributes that an offer needs to be answered. All others go:
// candidates above all, so that no address in an offer is ever sent to; those of a full
// agent's offers are chosen by usable.
var kept = []string{"mid", "ice-ufrag", "ice-pwd", "ice-options", "fingerprint", "setup", "rtcp-mux", "rtcp-rsize", "rtpmap", "fmtp", "rtcp-fb"}

// question is a checked offer. The library is shown its video alone.
type question struct {
	video    string
	sections []*sdp.MediaDescription // all of them, in the offer's order
}

// checkOffer takes what is needed of an offer for one video. Sound is allowed in
// it, since players ask for it; the answer turns it down. A full agent needs its addresses.
func checkOffer(offer string, full bool) (*question, error) {
	if len(offer) > maxOffer {
		return nil, refuse(fmt.Errorf("longer than %d bytes", maxOffer))
	}
	var d sdp.SessionDescription
	if err := d.UnmarshalString(offer); err != nil {
		return nil, refuse(errors.New("not SDP"))
	}
	if _, lite := d.Attribute("ice-lite"); lite {
		return nil, refuse(errors.New("ICE lite on both sides: nobody would begin"))
	}
	if len(d.MediaDescriptions) > maxSections {
		return nil, refuse(fmt.Errorf("more than %d media sections", maxSections))
	}
	q := &question{sections: d.MediaDescriptions}
	video, err := theVideo(q.sections)
	if err != nil {
		return nil, err
	}
	mid, _ := video.Attribute("mid")
	var addresses []sdp.Attribute
	if full {
		addresses = candidates(q.sections)
	}
	video.Attributes = append(filter(video.Attributes), sdp.NewPropertyAttribute("recvonly"))
	video.Attributes = append(video.Attributes, addresses...)
	d.MediaDescriptions = []*sdp.MediaDescription{video}
	d.Attributes = append(filter(d.Attributes), sdp.NewAttribute("group", "BUNDLE "+mid))
	clean, err := d.Marshal()
	q.video = string(clean)
	if err != nil {
		return nil, refuse(err)
	}
	return q, nil
}

// candidates are the addresses in an offer that may be sent to: browsers write them into the
// first section for all.
func candidates(sections []*sdp.MediaDescription) (all []sdp.Attribute) {
	for _, m := range sections {
		for _, a := range m.Attributes {
			if a.Key == "candidate" && usable(a.Value) && !slices.Contains(all, a) && len(all) < maxCandidates {
				all = append(all, a)
			}
		}
	}
	return all
}

// answer adds more candidates and puts the sections that were turned down back to
// their places: an answer has as many as its offer (RFC 3264, section 6).
func (q *question) answer(video string, more []string) (string, error) {
	var d sdp.SessionDescription
	if err := d.UnmarshalString(video); err != nil {
		return "", err
	}
	if len(d.MediaDescriptions) != 1 || d.MediaDescriptions[0].MediaName.Port.Value == 0 {
		return "", text.Fail(ErrNoH264, text.PreviewNoH264)
	}
	accepted := d.MediaDescriptions[0]
	accepted.Attributes = withCandidates(accepted.Attributes, more)
	d.MediaDescriptions = nil
	for _, m := range q.sections {
		if m.MediaName.Media == "video" {
			d.MediaDescriptions = append(d.MediaDescriptions, accepted)
			continue
		}
		mid, _ := m.Attribute("mid")
		m.MediaName.Port, m.MediaName.Formats = sdp.RangedPort{}, []string{"0"} // some format must stand there
		d.MediaDescriptions = append(d.MediaDescriptions, &sdp.MediaDescription{MediaName: m.MediaName, ConnectionInformation: accepted.ConnectionInformation,
			Attributes: []sdp.Attribute{sdp.NewAttribute("mid", mid), sdp.NewPropertyAttribute("inactive")}})
	}
	out, err := d.Marshal()
	return string(out), err
}

// withCandidates puts more candidates before the line that ends them.
func withCandidates(all []sdp.Attribute, more []string) []sdp.Attribute {
	at := slices.IndexFunc(all, func(a sdp.Attribute) bool { return a.Key == "end-of-candidates" })
	if at < 0 {
		at = len(all)
	}
	for _, c := range more {
		all = slices.Insert(all, at, sdp.NewAttribute("candidate", c))
		at++
	}
	return all
}

func refuse(why error) error {
	return text.Fail(fmt.Errorf("%w: %w", ErrOffer, why), text.PreviewOffer)
}

// theVideo finds the one video that can be answered.
func theVideo(sections []*sdp.MediaDescription) (*sdp.MediaDescription, error) {
	var video *sdp.MediaDescription
	for _, m := range sections {
		switch {
		case m.MediaName.Media == "video" && video == nil:
			video = m
		case m.MediaName.Media != "audio":
			return nil, refuse(errors.New("more than one video, or a section that is neither video nor audio"))
		}
	}
	if video == nil {
		return nil, refuse(errors.New("no video"))
	}
	return video, checkVideo(video)
}

func checkVideo(m *sdp.MediaDescription) error {
	if !takesH264(m) {
		return text.Fail(ErrNoH264, text.PreviewNoH264)
	}
	for _, way := range []string{"sendonly", "inactive"} {
		if _, found := m.Attribute(way); found || m.MediaName.Port.Value == 0 {
			return refuse(errors.New("the video is not to be received"))
		}
	}
	return nil
}

// takesH264 searches for a line such as rtpmap:102 H264/90000.
func takesH264(m *sdp.MediaDescription) bool {
	return slices.ContainsFunc(m.Attributes, func(a sdp.Attribute) bool {
		format, codec, _ := strings.Cut(a.Value, " ")
		return a.Key == "rtpmap" && strings.EqualFold(codec, "H264/90000") && slices.Contains(m.MediaName.Formats, format)
	})
}

func filter(all []sdp.Attribute) []sdp.Attribute {
	return slices.DeleteFunc(all, func(a sdp.Attribute) bool { return !slices.Contains(kept, a.Key) })
}
