package oddcamera

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// notFFmpeg are the modes that ffmpeg 5.1 cannot play, with what it does.
var notFFmpeg = map[string]string{
	"two-formats":              "it waits for the first format",
	"codec-wrong":              "it believes rtpmap",
	"base-empty":               "it asks SETUP for a path without host",
	"transport-missing":        "it refuses the answer",
	"options-501":              "it stops at OPTIONS",
	"redirect-relative":        "it wants a whole address",
	"garbage-between":          "it looks for $ behind a line feed alone",
	"crlf-extra":               "it takes the blank line for the next answer",
	"length-short":             "it takes the rest for the next answer",
	"tls-rtspx":                "it does not know the scheme",
	"digest-sha256":            "it knows MD5 alone",
	"digest-sha256-qop-strict": "it knows MD5 alone",
	"digest-md5-first":         "it takes the last challenge, of SHA-256",
	"fu-both265":               "it drops such fragments",
	"h265-donl":                "it leaves the numbers in units that are not fragmented",
	"mjpeg-2560":               "it does not know the extension",
	"mjpeg-2560-xdim":          "it does not know a=x-dimensions",
}

// frames are counted by ffmpeg's progress report.
var frames = regexp.MustCompile(`(?m)^frame=(\d+)`)

// That another client plays a mode shows that it has the one habit, and no other fault.
func TestFFmpegPlays(t *testing.T) {
	c := Start(t, Options{})
	short := map[string]bool{"plain": true, "plain265": true, "mjpeg": true, "udp-only": true, "http-tunnel": true}
	for _, m := range Modes() {
		if m.Expect != Plays || notFFmpeg[m.Name] != "" || !short[m.Name] && os.Getenv("BAUTA_LONG") == "" {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			if n, said := playWithFFmpeg(t, c, m); n < 3 {
				t.Errorf("%d frames\n%s\nasked: %s", n, said, strings.Join(c.Requests(m.Name), "\n"))
			}
		})
	}
}

// playWithFFmpeg decodes a mode for a while and returns how many frames came.
func playWithFFmpeg(t *testing.T, c *Camera, m Mode) (int, string) {
	address := c.URL(m.Name)
	if user, password := c.Login(m.Name); user != "" {
		address = strings.Replace(address, "://", fmt.Sprintf("://%s:%s@", user, password), 1)
	}
	transport := "tcp"
	switch {
	case strings.HasPrefix(m.Name, "http"):
		transport = "http"
	case m.Name == "udp-only", m.Transport == "udp":
		transport = "udp"
	}
	if _, err := c.clipOf(m); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second+m.Late)
	defer cancel()
	out, err := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-progress", "pipe:1", "-allowed_media_types", "video", "-rtsp_transport", transport,
		"-analyzeduration", "300000", "-i", address, "-an", "-frames:v", "5", "-f", "null", "-").CombinedOutput()
	said := string(out)
	if err != nil {
		said += err.Error()
	}
	n := 0
	for _, f := range frames.FindAllStringSubmatch(said, -1) {
		n, _ = strconv.Atoi(f[1])
	}
	return n, said
}
