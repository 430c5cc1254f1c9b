package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"

	"github.com/bauta-gateway/bauta/anonymize/leak"
)

// shown is an access unit that the viewer got and the picture of the clip in
// it; -1 for one that is not judged.
type shown struct {
	nalus   [][]byte
	picture int
}

// align tells which picture of the clip each access unit shows, from the
// first keyframe among the pictures sent on; both are in the order of capture.
func align(out []sent, in []received) []shown {
	which := map[int]int{}
	for _, s := range out {
		if i := find(in, s.captured); i >= 0 {
			which[i] = s.picture
		}
	}
	var list []shown
	for i, r := range in {
		picture, ok := which[i]
		if len(list) == 0 && (!ok || !isKeyframe(r.nalus)) {
			continue
		}
		if !ok {
			picture = -1
		}
		list = append(list, shown{r.nalus, picture})
	}
	return list
}

func isKeyframe(nalus [][]byte) bool {
	const idr = 5
	for _, n := range nalus {
		if len(n) > 0 && n[0]&0x1f == idr {
			return true
		}
	}
	return false
}

// judgeLive measures what a viewer saw as judge does a file.
func (b *bench) judgeLive(ctx context.Context, c clip, faces [][]leak.Box, list []shown) (leak.Result, error) {
	path := filepath.Join(b.temp, "live.h264")
	if err := writeAnnexB(path, list); err != nil {
		return leak.Result{}, err
	}
	out, err := openVideo(ctx, path, c.width, c.height, "gray")
	if err != nil {
		return leak.Result{}, err
	}
	defer out.close()
	src := source{clip: c}
	defer src.close()
	var m leak.Meter
	rect := image.Rect(0, 0, c.width, c.height)
	a, o := image.NewGray(rect), image.NewGray(rect)
	for n, s := range list {
		if err := out.read(o.Pix); err != nil {
			return leak.Result{}, fmt.Errorf("picture %d of %d that a viewer got: %w", n, len(list), err)
		}
		if s.picture < 0 {
			continue
		}
		if err := src.seek(ctx, s.picture, a.Pix); err != nil {
			return leak.Result{}, err
		}
		m.Add(a, o, faces[s.picture])
	}
	return m.Result(), nil
}

func writeAnnexB(path string, list []shown) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	for _, s := range list {
		for _, n := range s.nalus {
			if _, err := f.Write(append([]byte{0, 0, 0, 1}, n...)); err != nil {
				return errors.Join(err, f.Close())
			}
		}
	}
	return f.Close()
}

// source reads a clip's pictures by number, again from the front where a
// number is lower than the last.
type source struct {
	clip
	video *video
	next  int
}

func (s *source) seek(ctx context.Context, picture int, pix []byte) (err error) {
	if s.video == nil || picture < s.next {
		s.close()
		if s.video, err = openVideo(ctx, s.path, s.width, s.height, "gray"); err != nil {
			return err
		}
		s.next = 0
	}
	for ; s.next <= picture; s.next++ {
		if err := s.video.read(pix); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return fmt.Errorf("picture %d of the clip: %w", picture, err)
		}
	}
	return nil
}

func (s *source) close() {
	if s.video != nil {
		s.video.close()
		s.video = nil
	}
}
