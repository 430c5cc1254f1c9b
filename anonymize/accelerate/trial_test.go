package accelerate

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The trial tries software itself here: what it must find in order, and what not.
func TestTrialFindsFaults(t *testing.T) {
	made, err := newTestClip(10, warmSize)
	if err != nil {
		t.Fatal(err)
	}
	defer made.close()
	units, encoding, err := made.encode(av.NewEncoder)
	if err != nil || encoding.Time <= 0 {
		t.Fatalf("encoding: %+v, %v", encoding, err)
	}
	good, err := made.decodeInSoftware(units)
	if err != nil || good.PSNR < 30 || good.Time <= 0 {
		t.Errorf("decoding: %+v, %v", good, err)
	}
	if both, err := made.roundTrip(av.NewEncoder); err != nil || both.PSNR != good.PSNR {
		t.Errorf("both: %+v, %v", both, err)
	}
	if p, err := made.decodeInSoftware(units[:7]); err == nil {
		t.Errorf("three frames are missing: %+v", p)
	}
	swapped := slices.Clone(units)
	swapped[1], swapped[2] = swapped[2], swapped[1]
	if p, err := made.decodeInSoftware(swapped); err == nil && p.PSNR > good.PSNR-3 {
		t.Errorf("two frames are swapped: %+v", p)
	}
	other, err := newTestClip(10, trialSize)
	if err != nil {
		t.Fatal(err)
	}
	defer other.close()
	if p, err := other.decodeInSoftware(units); err == nil || !strings.Contains(err.Error(), "became") {
		t.Errorf("frames of another size: %+v, %v", p, err)
	}
}

// An accelerator without its device is an error that names it, whatever this machine has.
func TestAcceleratorWithoutDevice(t *testing.T) {
	for _, use := range []wire.Use{
		{Accelerator: "vaapi", Devices: []string{"/dev/dri/renderD999"}, Decode: true, Encode: true},
		{Accelerator: "abacus", Decode: true},
	} {
		_, err := Open(use, media.H264)
		var f wire.Failure
		if !errors.As(err, &f) || f.Code != wire.FailAccelerator || !strings.Contains(err.Error(), use.Accelerator) {
			t.Errorf("%s: %v", use.Accelerator, err)
		}
	}
	if a, err := Open(wire.Use{}, media.H264); a != nil || err != nil {
		t.Errorf("none: %v, %v", a, err)
	}
}

func TestBlindAcceleratorGivesUp(t *testing.T) {
	a := &Accelerator{av: &av.Accelerator{}, decode: true}
	for range 1000 { // nothing can be decoded before a keyframe
		if err := a.Fed(wire.Unit{}); err != nil {
			t.Fatal(err)
		}
	}
	give := func(n int) (err error) {
		for i := range n {
			if err = a.Fed(wire.Unit{Keyframe: i == 0}); err != nil {
				break
			}
		}
		return err
	}
	if err := give(maxBlind); err != nil {
		t.Error(err)
	}
	a.FrameDecoded()
	if err := give(maxBlind); err != nil {
		t.Error(err)
	}
	var f wire.Failure
	if err := give(1); !errors.As(err, &f) || f.Code != wire.FailAccelerator {
		t.Errorf("blind for %d access units: %v", maxBlind+1, err)
	}
}

// Software stands behind a nil accelerator: it names itself, opens codecs, and frees nothing.
func TestNilIsSoftware(t *testing.T) {
	var a *Accelerator
	defer a.Close()
	if d, e := a.Names(); d != wire.Software || e != wire.Software || a.Decodes() || a.Encodes() {
		t.Errorf("decoder %s, encoder %s", d, e)
	}
	dec, err := a.OpenDecoder(media.H264, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	dec.Close()
	frame, err := av.NewFrame(320, 192)
	if err != nil {
		t.Fatal(err)
	}
	defer frame.Close()
	enc, err := a.OpenEncoder(frame, av.EncoderConfig{FPSNum: 25, FPSDen: 1, GOP: 25, CRF: CRF, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	enc.Close()
	for range 1000 { // it is never silent for too long
		if err := a.Fed(wire.Unit{Keyframe: true}); err != nil {
			t.Fatal(err)
		}
	}
	a.FrameDecoded()
}
