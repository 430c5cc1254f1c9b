// Package wheptest is a viewer of live previews for tests, as a browser is one. Inputs are
// a test and what the viewer wants to see, outputs an offer and the access units that come.
// Its goroutines are pion's and end with the test.
package wheptest

import (
	"errors"
	"testing"

	"github.com/bluenviron/gortsplib/v4/pkg/format/rtph264"
	"github.com/pion/webrtc/v4"
)

// Viewer is one connection, closed with the test.
type Viewer struct{ *webrtc.PeerConnection }

// Offer makes a viewer and its offer; kinds are what it wants.
func Offer(t testing.TB, kinds ...webrtc.RTPCodecType) (Viewer, string) {
	t.Helper()
	return offer(t, webrtc.Configuration{}, kinds...)
}

// OfferThrough makes one of video that can be reached through a TURN server alone.
func OfferThrough(t testing.TB, server webrtc.ICEServer) (Viewer, string) {
	t.Helper()
	return offer(t, webrtc.Configuration{ICEServers: []webrtc.ICEServer{server}, ICETransportPolicy: webrtc.ICETransportPolicyRelay}, webrtc.RTPCodecTypeVideo)
}

func offer(t testing.TB, cfg webrtc.Configuration, kinds ...webrtc.RTPCodecType) (Viewer, string) {
	t.Helper()
	var settings webrtc.SettingEngine
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6, webrtc.NetworkTypeTCP4, webrtc.NetworkTypeTCP6})
	engine := &webrtc.MediaEngine{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		t.Fatal(err)
	}
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(engine)).NewPeerConnection(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	for _, k := range kinds {
		if _, err := pc.AddTransceiverFromKind(k, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
			t.Fatal(err)
		}
	}
	o, err := pc.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	ready := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(o); err != nil {
		t.Fatal(err)
	}
	<-ready
	return Viewer{pc}, pc.LocalDescription().SDP
}

// Accept takes the answer.
func (v Viewer) Accept(t testing.TB, answer string) {
	t.Helper()
	if err := v.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		t.Fatalf("%v in answer:\n%s", err, answer)
	}
}

// Watch has f called with each H.264 access unit, or with what is wrong with one.
func (v Viewer) Watch(f func(unit [][]byte, err error)) {
	v.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		dec := &rtph264.Decoder{}
		if err := dec.Init(); err != nil {
			f(nil, err)
			return
		}
		for {
			pkt, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			unit, err := dec.Decode(pkt)
			if errors.Is(err, rtph264.ErrMorePacketsNeeded) || errors.Is(err, rtph264.ErrNonStartingPacketAndNoPrevious) {
				continue
			}
			f(unit, err)
		}
	})
}
