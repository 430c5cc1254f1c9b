package wire

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Hello opens the conversation. It holds no secret.
type Hello struct {
	// Build is the supervisor's build ID; the worker fails on another one.
	Build    string         `json:"build"`
	Camera   media.CameraID `json:"camera"`
	Codec    media.Codec    `json:"codec"`
	Settings Settings       `json:"settings"`
	// Live asks for degradation levels, a bitrate cap and a steady clock. A file
	// (false) waits instead: every frame is kept.
	Live bool `json:"live"`
	// Shape is what a file's header says of how its frames are shown. Settings.Mounting
	// counts more than its Turn.
	Shape Shape `json:"shape,omitzero"`
	// Recorded is when the first tick (a PTS of 0) of a file was recorded: consents
	// count by the time of each frame. Zero means the clock on the wall.
	Recorded time.Time `json:"recorded,omitzero"`
	// Use names the accelerator for video coding; a worker that cannot use it
	// gives up with FailAccelerator.
	Use Use `json:"use,omitzero"`
	// Trial asks to try Use once locked down and to report it in Ready.
	Trial bool `json:"trial,omitempty"`
}

// Shape is how a stored frame becomes what viewers see.
type Shape struct {
	// Turn is how many quarter turns clockwise, 0 to 3, bring it upright.
	Turn int `json:"turn,omitempty"`
	// Stretch is a pixel's width to its height, before turning; 0 where nobody says.
	Stretch float64 `json:"stretch,omitempty"`
}

// Settings may change while a worker runs.
type Settings struct {
	// Mask is "blur", "mosaic" or "solid"; empty means blur.
	Mask string `json:"mask,omitempty"`
	// LookAhead is how long a frame waits for what later ones say of it:
	// 0 to 1 s.
	LookAhead time.Duration `json:"look_ahead"`
	// RateCap bounds the output's bitrate as a multiple of the source's; 0 means no bound.
	RateCap float64 `json:"rate_cap"`
	// Size is the largest size in which frames leave; empty means their own.
	Size media.OutputSize `json:"size,omitempty"`
	// Sub is the sub-stream to make beside the frames; the zero value means none.
	Sub SubStream `json:"sub,omitzero"`
	// Floor is the lowest degradation level allowed: heat asks for
	// one before there is overload. It holds for cameras only.
	Floor media.Degradation `json:"floor,omitempty"`
	// Threads for the decoder and the encoder each; 0 means 1.
	Threads int `json:"threads,omitempty"`
	// Mounting says which way is up in the camera's frames; empty means auto.
	Mounting media.Mounting `json:"mounting,omitempty"`
	// Zones of this camera; without any, all faces are masked and no consent counts.
	Zones []zone.Zone `json:"zones,omitempty"`
	// Shows are the consents that count here.
	Shows []Show `json:"shows,omitempty"`
}

// SubStream is the same frames made smaller, for walls and phones.
type SubStream struct {
	Size media.SubSize `json:"size,omitempty"`
	// FPS is the most frames a second; 0 means that no sub-stream is made.
	FPS int `json:"fps"`
}

// Ready says that the worker is locked down and takes access units.
type Ready struct {
	Build string `json:"build"`
	// ModelHash is the SHA-256 in hex of the model that finds faces.
	ModelHash string `json:"model_hash"`
	// Layers names the layers of the lock-down in force.
	Layers []string `json:"layers"`
	// Libraries names OpenCV's and libavcodec's versions.
	Libraries string `json:"libraries"`
	// Decoder and Encoder name the accelerators at work, or Software.
	Decoder string `json:"decoder"`
	Encoder string `json:"encoder"`
	// Trial where Hello asked for one.
	Trial *Trial `json:"trial,omitempty"`
}

// Failed says why the worker cannot go on. Code is what programs compare.
type Failed struct {
	Code FailCode `json:"code"`
	Text string   `json:"text"`
}

// FailCode is a numeric error that survives the pipe.
type FailCode uint8

// The reasons for a worker to give up.
const (
	FailUnknown  FailCode = iota
	FailBuild             // built from other sources than the supervisor
	FailModel             // the face model inside the worker is damaged
	FailCodec             // libavcodec lacks a codec
	FailLockdown          // the sandbox could not be put up
	FailWire              // the supervisor sent something else than expected
	// FailAccelerator: the accelerator that Use names does not work, or not
	// any more; software may.
	FailAccelerator
)

// Control changes a running worker. Zero fields change nothing.
type Control struct {
	// Keyframe asks that the next frame out be a keyframe.
	Keyframe bool `json:"keyframe,omitempty"`
	// SubKeyframe asks for the same of the sub-stream.
	SubKeyframe bool `json:"sub_keyframe,omitempty"`
	// Settings replaces all settings.
	Settings *Settings `json:"settings,omitempty"`
	// Snapshot asks for a JPEG of the next frame that leaves without a face
	// shown by consent, as it leaves.
	Snapshot bool `json:"snapshot,omitempty"`
	// End asks for all waiting frames; the worker then closes its side.
	End bool `json:"end,omitempty"`
}

// Notice is something for the log: no names, no frames.
type Notice struct {
	Level string `json:"level"` // debug, info, warn, error
	Text  string `json:"text"`
}

// Unit is one access unit on its way to the worker.
type Unit struct {
	Seq      uint64
	PTS      media.Ticks90k
	NTP      time.Time
	Keyframe bool
	// CatchUp marks an access unit that is too old to be shown: the worker
	// decodes it, because later ones refer to it, and answers Shed.
	CatchUp bool
	NALUs   [][]byte
}

// Result is a record, and the frame it vouches for where its code is Masked.
type Result struct {
	Record   media.Record
	Keyframe bool
	NALUs    [][]byte
	// Sub is the same frame in the sub-stream, empty where that leaves it out.
	Sub Small
}

// Small is a frame of a sub-stream.
type Small struct {
	Width, Height int // in pixels
	NALUs         [][]byte
}

// MarshalJSONBody encodes Hello, Ready, Failed, Control or Notice.
func MarshalJSONBody(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("wire: %T does not encode: %v", v, err)) // only plain structs come here
	}
	return b
}

// UnmarshalJSONBody decodes what MarshalJSONBody made.
func UnmarshalJSONBody(body []byte, v any) error {
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("%w: %v", ErrCorrupt, err)
	}
	return nil
}

// Marshal encodes u as a KindUnit body.
func (u Unit) Marshal() []byte {
	b := binary.BigEndian.AppendUint64(nil, u.Seq)
	b = binary.BigEndian.AppendUint64(b, uint64(u.PTS))
	b = appendTime(b, u.NTP)
	b = append(b, boolByte(u.Keyframe), boolByte(u.CatchUp))
	return appendNALUs(b, u.NALUs)
}

// UnmarshalUnit decodes a KindUnit body; the NAL units share its bytes.
func UnmarshalUnit(body []byte) (Unit, error) {
	d := decoder{b: body}
	u := Unit{Seq: d.u64(), PTS: media.Ticks90k(d.u64()), NTP: d.time(), Keyframe: d.u8() != 0, CatchUp: d.u8() != 0}
	u.NALUs = d.nalus()
	return u, d.end()
}

// Marshal encodes r as a KindResult body.
func (r Result) Marshal() []byte {
	c := r.Record
	b := binary.BigEndian.AppendUint64(nil, c.Seq)
	b = binary.BigEndian.AppendUint64(b, uint64(c.PTS))
	b = appendTime(b, c.NTP)
	b = append(b, byte(c.Code), byte(c.Degradation), boolByte(c.Fresh), boolByte(r.Keyframe), c.Orientation.Number())
	for _, v := range []int{c.Width, c.Height, c.Faces, c.Masked, c.Shown} {
		b = binary.BigEndian.AppendUint32(b, uint32(v))
	}
	b = binary.BigEndian.AppendUint64(b, uint64(c.Held))
	b = binary.BigEndian.AppendUint64(b, uint64(c.Work))
	b = appendNALUs(b, r.NALUs)
	b = binary.BigEndian.AppendUint32(b, uint32(r.Sub.Width))
	b = binary.BigEndian.AppendUint32(b, uint32(r.Sub.Height))
	return appendNALUs(b, r.Sub.NALUs)
}

// UnmarshalResult decodes a KindResult body; the NAL units share its bytes.
func UnmarshalResult(body []byte) (Result, error) {
	d := decoder{b: body}
	var r Result
	c := &r.Record
	c.Seq, c.PTS, c.NTP = d.u64(), media.Ticks90k(d.u64()), d.time()
	c.Code, c.Degradation = media.Code(d.u8()), media.Degradation(d.u8())
	c.Fresh, r.Keyframe = d.u8() != 0, d.u8() != 0
	c.Orientation = d.orientation()
	for _, p := range []*int{&c.Width, &c.Height, &c.Faces, &c.Masked, &c.Shown} {
		*p = int(d.u32())
	}
	c.Held, c.Work = time.Duration(d.u64()), time.Duration(d.u64())
	r.NALUs = d.nalus()
	r.Sub.Width, r.Sub.Height = int(d.u32()), int(d.u32())
	r.Sub.NALUs = d.nalus()
	return r, d.end()
}

func boolByte(v bool) byte {
	if v {
		return 1
	}
	return 0
}

// A zero time travels as 0, which no camera's clock shows.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return binary.BigEndian.AppendUint64(b, 0)
	}
	return binary.BigEndian.AppendUint64(b, uint64(t.UnixNano()))
}

func appendNALUs(b []byte, nalus [][]byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(nalus)))
	for _, u := range nalus {
		b = binary.BigEndian.AppendUint32(b, uint32(len(u)))
		b = append(b, u...)
	}
	return b
}

// decoder takes fields off a body; after the first shortage all fields are zero.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) take(n int) []byte {
	if d.err != nil || n > len(d.b) {
		d.err = fmt.Errorf("body too short: %w", ErrCorrupt)
		return make([]byte, min(n, 8))
	}
	v := d.b[:n:n]
	d.b = d.b[n:]
	return v
}

func (d *decoder) u8() byte    { return d.take(1)[0] }
func (d *decoder) u32() uint32 { return binary.BigEndian.Uint32(d.take(4)) }
func (d *decoder) u64() uint64 { return binary.BigEndian.Uint64(d.take(8)) }

func (d *decoder) orientation() media.Orientation {
	n := d.u8()
	o, ok := media.OrientationOf(n)
	if !ok && d.err == nil {
		d.err = fmt.Errorf("orientation %d: %w", n, ErrCorrupt)
	}
	return o
}

func (d *decoder) time() time.Time {
	n := int64(d.u64())
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n)
}

func (d *decoder) nalus() [][]byte {
	n := int(d.u32())
	if d.err != nil {
		return nil
	}
	if n > len(d.b)/4 {
		d.err = fmt.Errorf("%d NAL units in %d bytes: %w", n, len(d.b), ErrCorrupt)
		return nil
	}
	var out [][]byte
	for range n {
		u := d.take(int(d.u32()))
		if d.err != nil {
			return nil
		}
		out = append(out, u)
	}
	return out
}

// end is the error so far, or that something is left.
func (d *decoder) end() error {
	if d.err == nil && len(d.b) != 0 {
		d.err = fmt.Errorf("%d bytes too many: %w", len(d.b), ErrCorrupt)
	}
	return d.err
}
