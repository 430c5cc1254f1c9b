package sealed

import (
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// A unit on the disk, all numbers big endian:
//
//	4 bytes   length of what follows
//	1 byte    codec: 1 H264, 2 H265, 3 MJPEG
//	1 byte    1: keyframe
//	8 bytes   presentation time in ticks of 90 kHz since the connection's start
//	8 bytes   capture time in microseconds since 1970
//	then each NAL unit: 4 bytes of length, and its bytes
const unitFixed = 18

// MaxUnit bounds an access unit.
const MaxUnit = 32 << 20

// AppendUnit appends an access unit as it stands in a segment.
func AppendUnit(b []byte, u media.Raw) ([]byte, error) {
	size := unitFixed + 4*len(u.NALUs) + u.Size()
	if size > MaxUnit {
		return b, fmt.Errorf("access unit of %d bytes: at most %d are sealed", size, MaxUnit)
	}
	var key byte
	if u.Keyframe {
		key = 1
	}
	b = binary.BigEndian.AppendUint32(b, uint32(size))
	b = append(b, byte(u.Codec), key)
	b = binary.BigEndian.AppendUint64(b, uint64(u.PTS))
	b = binary.BigEndian.AppendUint64(b, uint64(u.NTP.UnixMicro()))
	for _, n := range u.NALUs {
		b = binary.BigEndian.AppendUint32(b, uint32(len(n)))
		b = append(b, n...)
	}
	return b, nil
}

// readUnit reads what AppendUnit wrote. io.EOF where nothing more comes,
// io.ErrUnexpectedEOF in the middle of a unit, ErrDamaged for anything else.
func readUnit(r io.Reader) (media.Raw, error) {
	var length [4]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return media.Raw{}, err
	}
	size := binary.BigEndian.Uint32(length[:])
	if size < unitFixed || size > MaxUnit {
		return media.Raw{}, fmt.Errorf("%w: an access unit of %d bytes", ErrDamaged, size)
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(r, b); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return media.Raw{}, err
	}
	return parseUnit(b)
}

func parseUnit(b []byte) (media.Raw, error) {
	u := media.Raw{
		Codec: media.Codec(b[0]), Keyframe: b[1] == 1,
		PTS: media.Ticks90k(binary.BigEndian.Uint64(b[2:])),
		NTP: time.UnixMicro(int64(binary.BigEndian.Uint64(b[10:]))).UTC(),
	}
	for rest := b[unitFixed:]; len(rest) > 0; {
		if len(rest) < 4 || uint64(binary.BigEndian.Uint32(rest)) > uint64(len(rest)-4) {
			return media.Raw{}, fmt.Errorf("%w: a NAL unit is longer than its access unit", ErrDamaged)
		}
		n := 4 + int(binary.BigEndian.Uint32(rest))
		u.NALUs, rest = append(u.NALUs, rest[4:n:n]), rest[n:]
	}
	return u, nil
}
