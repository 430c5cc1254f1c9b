package executable

import (
	"context"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware"
)

// acceleratorAuto is the value of worker.accelerator that asks for trials.
const acceleratorAuto = "auto"

// ChooseAccelerator tries the host's accelerators, each in a worker of its own that
// is locked down as it would be at work, and returns all with reasons and the
// one to use, the zero Use for software. want is worker.accelerator: one that is
// named there is used untried, and falls back to software where it fails.
func ChooseAccelerator(ctx context.Context, box hardware.Host, p Program, want string, lang text.Lang) (all []api.Candidate, use wire.Use) {
	ctx, cancel := context.WithTimeout(ctx, allTrials)
	defer cancel()
	for _, a := range hardware.Accelerators {
		c := api.Candidate{Name: string(a), Devices: box.Devices(a)}
		switch {
		case want == c.Name:
			c.Decode, c.Encode = true, true
			c.Why = []string{text.Of(lang, text.AcceleratorForced, "worker.accelerator")}
		case want != acceleratorAuto:
			c.Why = []string{text.Of(lang, text.AcceleratorOff, "worker.accelerator")}
		case len(c.Devices) == 0:
			c.Why = []string{text.Of(lang, text.AcceleratorNoDevice)}
		default:
			tryCandidate(ctx, &c, p, lang)
		}
		if use.Accelerator == "" && c.Used() {
			use = wire.Use{Accelerator: c.Name, Devices: c.Devices, Decode: c.Decode, Encode: c.Encode}
		}
		all = append(all, c)
	}
	return all, use
}

const (
	// trialTime bounds one trial; drivers that hang are known.
	trialTime = 20 * time.Second
	// allTrials bounds them together: systemd's watchdog is not fed meanwhile.
	allTrials = 25 * time.Second
)

func tryCandidate(ctx context.Context, c *api.Candidate, p Program, lang text.Lang) {
	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	t, err := TryAccelerator(ctx, p, wire.Use{Accelerator: c.Name, Devices: c.Devices, Decode: true, Encode: true})
	if err != nil {
		c.Why = []string{text.Of(lang, text.AcceleratorFails, text.Explain(lang, err))}
		return
	}
	decode, encode := worthDecoding(t), worthEncoding(t)
	c.Decode, c.Encode = decode == nil, encode == nil
	c.Why = []string{
		outcome(lang, text.AcceleratorDecodes, text.AcceleratorNotDecodes, t.Decode, t.SoftwareDecode, decode),
		outcome(lang, text.AcceleratorEncodes, text.AcceleratorNotEncodes, t.Encode, t.SoftwareEncode, encode),
	}
}

func outcome(lang text.Lang, good, bad text.Key, unit, software wire.TrialPart, err error) string {
	if err != nil {
		return text.Of(lang, bad, text.Explain(lang, err))
	}
	return text.Of(lang, good, milliseconds(unit.Processor), milliseconds(software.Processor))
}

const (
	// sameDecode: H.264 leaves a decoder no freedom, so that frames differ by
	// rounding of the pixel format at most, in decibels.
	sameDecode = 0.5
	// worstEncode is what an encoder must reach on a made clip at 4 Mbit/s.
	worstEncode = 30
	// pictureTime is what a frame may take on the clock, at 30 a second.
	frameTime = time.Second / 30
	// gain: an accelerator has to save at least a fifth of the processor's time.
	gain = 0.8
)

func worthDecoding(t wire.Trial) error {
	if t.Decode.Error == "" && t.Decode.PSNR < t.SoftwareDecode.PSNR-sameDecode {
		return text.Fail(nil, text.AcceleratorWrong, t.Decode.PSNR, t.SoftwareDecode.PSNR)
	}
	return worth(t.Decode, t.SoftwareDecode)
}

func worthEncoding(t wire.Trial) error {
	if t.Encode.Error == "" && t.Encode.PSNR < worstEncode {
		return text.Fail(nil, text.AcceleratorWrong, t.Encode.PSNR, float64(worstEncode))
	}
	return worth(t.Encode, t.SoftwareEncode)
}

func worth(unit, software wire.TrialPart) error {
	switch {
	case unit.Error != "":
		return text.Fail(nil, text.AcceleratorBroken, unit.Error)
	case unit.Time > max(frameTime, software.Time):
		return text.Fail(nil, text.AcceleratorSlow, milliseconds(unit.Time), milliseconds(frameTime))
	case float64(unit.Processor) > gain*float64(software.Processor):
		return text.Fail(nil, text.AcceleratorNoGain, milliseconds(unit.Processor), milliseconds(software.Processor))
	}
	return nil
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }
