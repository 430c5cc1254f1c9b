// Command masked says whether a recording of the demo camera is masked: faces
// gone, all else sharp. It knows the clip that the demo plays and where its faces
// are, and finds by itself which frame of the clip each recorded one shows.
//
//	go run ./cmd/dev/masked CLIP.mp4 RECORDING.mp4
//
// Exit code 1: a face is open, or the background is altered.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "use masked CLIP.mp4 RECORDING.mp4")
		os.Exit(2)
	}
	if err := run(ctx, os.Args[1], os.Args[2], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "masked:", err)
		os.Exit(1)
	}
}

var errNotMasked = errors.New("the recording is not masked as it should be")

func run(ctx context.Context, clipPath, recording string, out io.Writer) error {
	c, err := readClip(ctx, clipPath)
	if err != nil {
		return err
	}
	r, err := measure(ctx, c, recording)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d frames, %d faces, %d open, highest correlation %.2f; background: %.2f, changed area %.3f, %d frames blurred\n",
		r.frames, r.faces, r.open, r.highest, r.background(), r.changed(), r.blurred)
	return r.verdict()
}
