package oddcamera

import (
	"encoding/binary"
	"slices"
	"time"
)

const (
	mtu   = 1380
	ticks = 90000 // a second
)

// flow is a stream under way.
type flow struct {
	mode Mode
	clip *clip
	send func(f *flow, channel byte, b []byte) error

	payloadType byte
	ssrc        uint32
	sequence    uint16
	sent        int // packets
	count       int // frames since PLAY
	gop, inGOP  int // keyframes so far, and frames since the latest
	now         uint32
	err         error
}

// packet is one of RTP before it is written.
type packet struct {
	payloadType byte
	sequence    uint16
	timestamp   uint32
	ssrc        uint32
	marker      bool
	profile     uint16 // of the extension
	extension   []byte // whole words
	payload     []byte
	padding     []byte // the last byte counts them
	first       bool   // of its frame
}

// side is something sent between the frames, on a channel counted from the video's.
type side struct {
	channel byte
	data    []byte
}

func (p *packet) bytes() []byte {
	b := make([]byte, 12, 12+len(p.payload)+len(p.padding))
	b[0], b[1] = 0x80, p.payloadType
	if p.marker {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], p.sequence)
	binary.BigEndian.PutUint32(b[4:], p.timestamp)
	binary.BigEndian.PutUint32(b[8:], p.ssrc)
	if p.extension != nil {
		b[0] |= 0x10
		b = binary.BigEndian.AppendUint16(b, p.profile)
		b = binary.BigEndian.AppendUint16(b, uint16(len(p.extension)/4))
		b = append(b, p.extension...)
	}
	if p.padding != nil {
		b[0] |= 0x20
	}
	return slices.Concat(b, p.payload, p.padding)
}

// play begins to send; more calls do nothing.
func (c *conn) play() {
	if c.playing || c.mode.silent {
		return
	}
	c.playing = true
	k, err := c.camera.clipOf(c.mode)
	if err != nil {
		c.camera.tb.Error(err)
		return
	}
	f := &flow{mode: c.mode, clip: k, payloadType: byte(payloadType(k.codec)), ssrc: 0x1234abcd, sequence: 1000, send: c.sender()}
	c.wg.Go(func() {
		f.run(c.ctx.Done())
		c.net.Close() // where the client cannot be written to any more
	})
}

// sender writes to what the client has set up at this moment.
func (c *conn) sender() func(*flow, byte, []byte) error {
	out, channel, udp, rtcp := c.out, c.channel, c.udp, c.rtcp
	return func(f *flow, beside byte, b []byte) error {
		if udp != nil {
			if beside == 0 {
				udp.Write(b) // the client's port may be gone: that is the client's affair
			} else if beside == 1 {
				rtcp.Write(b)
			}
			return nil
		}
		framed := append([]byte{'$', channel + beside, byte(len(b) >> 8), byte(len(b))}, b...)
		if f.mode.framed != nil && beside == 0 {
			framed = f.mode.framed(f, framed)
		}
		_, err := out.Write(framed)
		return err
	}
}

// run sends the clip again and again, at its own pace.
func (f *flow) run(done <-chan struct{}) {
	began := time.Now()
	for f.err == nil {
		for _, fr := range f.clip.frames {
			due := began.Add(time.Duration(f.count) * time.Second / time.Duration(f.clip.fps))
			select {
			case <-done:
				return
			case <-time.After(time.Until(due)):
			}
			f.play(fr)
			if f.err != nil {
				return
			}
		}
	}
}

func (f *flow) play(fr frame) {
	f.inGOP++
	if fr.key {
		f.gop, f.inGOP = f.gop+1, 0
	}
	f.now = ticks + uint32(f.count*ticks/f.clip.fps)
	if f.mode.clock != nil {
		f.now = f.mode.clock(f, f.now)
	}
	if f.mode.frame != nil {
		f.mode.frame(f)
	}
	if f.mode.beside != nil {
		for _, s := range f.mode.beside(f) {
			f.write(s.channel, s.data)
		}
	}
	f.count++
	if f.clip.codec == "mjpeg" {
		f.sendImage(fr.units[0])
		return
	}
	units := fr.units
	if f.mode.units != nil {
		units = f.mode.units(f, units)
	}
	f.sendUnits(units)
}

// sendUnits packs the NAL units of a frame.
func (f *flow) sendUnits(units [][]byte) {
	first := true
	for i, u := range units {
		payloads := f.payloads(u)
		for j, p := range payloads {
			f.emit(&packet{payload: p, first: first, marker: i == len(units)-1 && j == len(payloads)-1})
			first = false
		}
	}
}

func (f *flow) payloads(unit []byte) [][]byte {
	if f.mode.pack != nil {
		if p := f.mode.pack(f, unit); p != nil {
			return p
		}
	}
	if len(unit) <= mtu {
		return [][]byte{unit}
	}
	return fragments(f.clip.codec, unit, mtu)
}

// fragments packs a unit as FU-A or, for H.265, FU.
func fragments(codec string, unit []byte, size int) (all [][]byte) {
	kind, head := kindOf(codec, unit), []byte{unit[0]&0xe0 | 28}
	if codec == "h265" {
		head = []byte{unit[0]&0x81 | 49<<1, unit[1]}
	}
	for part := range slices.Chunk(unit[len(head):], size) {
		all = append(all, slices.Concat(head, []byte{kind}, part))
	}
	all[0][len(head)] |= 0x80
	all[len(all)-1][len(head)] |= 0x40
	return all
}

// emit sends one packet of the video.
func (f *flow) emit(p *packet) {
	p.payloadType, p.sequence, p.ssrc, p.timestamp = f.payloadType, f.sequence, f.ssrc, f.now
	if f.mode.packet != nil {
		f.mode.packet(f, p)
	}
	f.sequence++
	f.sent++
	f.write(0, p.bytes())
}

func (f *flow) write(channel byte, b []byte) {
	if f.err == nil {
		f.err = f.send(f, channel, b)
	}
}
