package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/demo"
)

// film is a clip that a camera plays.
type film struct {
	name string
	size [2]int
	args []string // of ffmpeg's encoder
}

// words ride in each picture's SEI (user data, unregistered) of the H.264 films:
// none may come out.
const words = "h264_metadata=sei_user_data=086f3693-b7b3-4f2c-9653-21492feee5b8+plate B-AU 1234"

// The films are small: four of them and their viewers have to fit on two
// cores with something left for the faults.
var (
	filmH264  = film{"h264", [2]int{640, 360}, []string{"-c:v", "libx264", "-preset", "veryfast", "-g", "20", "-bf", "0", "-bsf:v", words}}
	filmB     = film{"bframes", [2]int{640, 360}, []string{"-c:v", "libx264", "-preset", "veryfast", "-g", "20", "-bf", "2", "-bsf:v", words}}
	filmSmall = film{"small", [2]int{480, 270}, []string{"-c:v", "libx264", "-preset", "veryfast", "-g", "20", "-bf", "0"}}
	filmH265  = film{"h265", [2]int{640, 360}, []string{"-c:v", "libx265", "-preset", "veryfast", "-x265-params", "log-level=none:keyint=20:bframes=0:pools=1"}}
	filmJPEG  = film{"mjpeg", [2]int{480, 272}, []string{"-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-huffman", "default", "-q:v", "6"}}

	films = []film{filmH264, filmB, filmSmall, filmH265, filmJPEG}
)

const filmRate = "10"

func (f film) path(dir string) string { return filepath.Join(dir, f.name+".mp4") }

// make encodes the film from the demo clip.
func (f film) make(ctx context.Context, from, dir string) error {
	args := []string{"-nostdin", "-v", "error", "-y", "-i", from, "-an", "-t", "20", "-vf", fmt.Sprintf("scale=%d:%d,fps=%s", f.size[0], f.size[1], filmRate)}
	out, err := exec.CommandContext(ctx, "ffmpeg", append(append(args, f.args...), f.path(dir))...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ffmpeg, film %s: %w: %s", f.name, err, bytes.TrimSpace(out))
	}
	return nil
}

func sizesOf(films []film) [][2]int {
	var all [][2]int
	for _, f := range films {
		all = append(all, f.size)
	}
	return all
}

// camera is one that the gateway knows, behind its line.
type camera struct {
	id   string
	line *line
	user string
	pass string
	path string
	// films that it may be restarted with; one alone where it cannot.
	films []film
	play  func(film) error // restarts it
	stop  func()
}

func (c *camera) url() string { return "rtsp://" + c.line.addr() + c.path }

// settings are what the gateway is told of it.
func (c *camera) settings() api.NewCamera {
	return api.NewCamera{ID: c.id, Name: c.id, URL: c.url(), User: c.user, Password: c.pass, Transport: "tcp", Replace: true}
}

// ownCamera plays a film by gortsplib and asks for a login.
func ownCamera(ctx context.Context, id, dir string, f film) (*camera, error) {
	d, err := demo.Start(ctx, f.path(dir), slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	addr, path := splitURL(d.URL())
	l, err := newLine(addr)
	if err != nil {
		d.Close()
		return nil, err
	}
	return &camera{id: id, line: l, user: d.User(), pass: d.Password(), path: path, films: []film{f}, stop: d.Close}, nil
}

// ffmpegCamera plays films by ffmpeg.
func ffmpegCamera(ctx context.Context, id, dir string, films ...film) (*camera, error) {
	h, err := startHub()
	if err != nil {
		return nil, err
	}
	l, err := newLine(h.addr)
	if err != nil {
		h.server.Close()
		return nil, err
	}
	p := &publisher{dir: dir, to: "rtsp://" + h.addr + "/live"}
	c := &camera{id: id, line: l, path: "/live", films: films}
	c.play = func(f film) error { return p.restart(ctx, f) }
	c.stop = func() { p.end(); h.server.Close() }
	if err := c.play(films[0]); err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

// publisher is the ffmpeg behind a hub.
type publisher struct {
	dir, to string
	cancel  context.CancelFunc
	done    chan struct{}
}

func (p *publisher) restart(ctx context.Context, f film) error {
	p.end()
	ctx, p.cancel = context.WithCancel(ctx)
	p.done = make(chan struct{})
	cmd := exec.CommandContext(ctx, "ffmpeg", "-nostdin", "-v", "quiet", "-re", "-stream_loop", "-1", "-i", f.path(p.dir),
		"-an", "-c", "copy", "-f", "rtsp", "-rtsp_transport", "tcp", p.to)
	if err := cmd.Start(); err != nil {
		p.cancel()
		p.cancel = nil
		return err
	}
	go func() {
		defer close(p.done)
		cmd.Wait()
	}()
	return nil
}

// end stops ffmpeg and leaves the hub a moment to notice.
func (p *publisher) end() {
	if p.cancel == nil {
		return
	}
	p.cancel()
	<-p.done
	p.cancel = nil
	time.Sleep(300 * time.Millisecond)
}

// splitURL parts rtsp://host:port/path.
func splitURL(address string) (host, path string) {
	host, path, _ = strings.Cut(strings.TrimPrefix(address, "rtsp://"), "/")
	return host, "/" + path
}
