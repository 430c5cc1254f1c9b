package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// footage is a UnitReader of n units at 25 frames a second.
type footage struct {
	n, at int
	err   error // instead of the last unit
	codec media.Codec
}

func (f *footage) Next() (media.Raw, error) {
	if f.at == f.n {
		if f.err != nil {
			return media.Raw{}, f.err
		}
		return media.Raw{}, io.EOF
	}
	i := f.at
	f.at++
	return media.Raw{Codec: f.codec, NALUs: [][]byte{fmt.Appendf(nil, "unit %d", i)}, PTS: media.Ticks90k(3600 * i), Keyframe: i%50 == 0}, nil
}

func redact(t *testing.T, ctx context.Context, name string, in UnitReader, out func(media.Record, media.Clean) error) (wire.Ready, error) {
	t.Helper()
	log := &logBuffer{}
	cfg := FileConfig{Bin: script(t, name), Hello: wire.Hello{Build: testBuild, Codec: media.H264}, Log: slog.New(slog.NewTextHandler(log, nil))}
	return Redact(ctx, cfg, in, out)
}

func TestRedact(t *testing.T) {
	t.Parallel()
	const n = 500
	next := 0
	ready, err := redact(t, t.Context(), "lookahead", &footage{n: n, codec: media.H264}, func(rec media.Record, c media.Clean) error {
		if rec.Code != media.Masked || rec.PTS != media.Ticks90k(3600*next) || c.PTS() != rec.PTS || len(c.NALUs()) == 0 || c.Slate() {
			t.Errorf("result %d: %+v", next, rec)
		}
		next++
		return nil
	})
	if err != nil || next != n || ready.ModelHash != "ab" {
		t.Errorf("%d results, ready %+v, %v", next, ready, err)
	}
}

func TestRedactEmpty(t *testing.T) {
	t.Parallel()
	_, err := redact(t, t.Context(), "lookahead", &footage{codec: media.H264}, func(media.Record, media.Clean) error {
		t.Error("a result of nothing")
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestRedactFails(t *testing.T) {
	t.Parallel()
	broken, full := errors.New("disk broken"), errors.New("disk full")
	for _, c := range []struct {
		script string
		in     *footage
		outErr error
		want   string
	}{
		{"crash", &footage{n: 100, codec: media.H264}, nil, "exit status 3"},
		{"unflushed", &footage{n: 100, codec: media.H264}, nil, "5 access units without a result"},
		{"twice", &footage{n: 100, codec: media.H264}, nil, "second result for access unit 10"},
		{"unknown", &footage{n: 100, codec: media.H264}, nil, "never sent"},
		{"empty", &footage{n: 100, codec: media.H264}, nil, "0 NAL units"},
		{"sneaky", &footage{n: 100, codec: media.H264}, nil, "1 NAL units"},
		{"garbage", &footage{n: 100, codec: media.H264}, nil, ""},
		{"early", &footage{n: 100, codec: media.H264}, nil, "out of turn"},
		{"nomodel", &footage{n: 100, codec: media.H264}, nil, "no model at the path"},
		{"otherbuild", &footage{n: 100, codec: media.H264}, nil, "install both"},
		{"lookahead", &footage{n: 100, codec: media.H264, err: broken}, nil, broken.Error()},
		{"lookahead", &footage{n: 100, codec: media.H264}, full, full.Error()},
		{"lookahead", &footage{n: 100, codec: media.H265}, nil, "H265 in a file of H264"},
	} {
		t.Run(c.script, func(t *testing.T) {
			t.Parallel()
			_, err := redact(t, t.Context(), c.script, c.in, func(media.Record, media.Clean) error { return c.outErr })
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestRedactReportsWhyTheWorkerFailed(t *testing.T) {
	t.Parallel()
	_, err := redact(t, t.Context(), "nomodel", &footage{n: 1, codec: media.H264}, nil)
	if failed := new(FailedError); !errors.As(err, &failed) || failed.Code != wire.FailModel {
		t.Errorf("error %v", err)
	}
}

func TestRedactIsCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	_, err := redact(t, ctx, "mute", &footage{n: 1 << 30, codec: media.H264}, func(media.Record, media.Clean) error { return nil })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}
