package rtsp

import (
	"bufio"
	"bytes"
	"strconv"
	"strings"
)

// maxNamed bounds the sizes that are taken from a description.
const maxNamed = 4

// namedSizes are the frame sizes that a stream's description gives for the video at this
// control address: by RFC 6064 (a=framesize) and as ONVIF's cameras do (a=x-dimensions). Where
// no part of the description has the address, the only video's count.
func namedSizes(sdp []byte, control string) []frameSize {
	var all, own, part []frameSize
	video, mine := false, false
	end := func() {
		if video {
			all = append(all, part...)
		}
		if mine {
			own = part
		}
		video, mine, part = false, false, nil
	}
	videos := 0
	lines := bufio.NewScanner(bytes.NewReader(sdp))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		switch key, value, _ := strings.Cut(line, ":"); {
		case strings.HasPrefix(line, "m="):
			end()
			if video = strings.HasPrefix(line, "m=video "); video {
				videos++
			}
		case !video:
		case key == "a=control":
			mine = control != "" && strings.TrimSpace(value) == control
		case key == "a=framesize", key == "a=x-dimensions":
			if s := namedSize(key, value); s.known() && len(part) < maxNamed {
				part = append(part, s)
			}
		}
	}
	end()
	if own == nil && videos == 1 {
		return all
	}
	return own
}

// namedSize reads "96 1920-1080" or "1920,1080".
func namedSize(key, value string) (s frameSize) {
	between := ","
	if key == "a=framesize" {
		between = "-"
		_, value, _ = strings.Cut(strings.TrimSpace(value), " ")
	}
	w, h, _ := strings.Cut(value, between)
	s.width, s.height = side(w), side(h)
	return s
}

// side is 0 for what is no size in pixels.
func side(s string) int {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 16)
	if err != nil || n > maxFrame {
		return 0
	}
	return int(n)
}
