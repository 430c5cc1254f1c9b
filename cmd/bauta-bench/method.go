package main

import "fmt"

// method tells how the figures came about, so that others can get them too.
func (d *doc) method() string {
	peer := "It blurs what OpenCV's frontal cascade finds, picture by picture."
	if d.peerFrames > 0 {
		peer += fmt.Sprintf(" A picture takes it up to 0.7 s of\n  processor time: from longer clips it gets those %d pictures in a row that have the most faces, and the table says which.", d.peerFrames)
	}
	return fmt.Sprintf(`
## How it is measured

- **Faces**: the ground truth of the clip where it has one (annotated photos that drift over a wall). Otherwise what the YuNet
  model finds in the source at %d pixels of width with a score of %.1f or more, in two pictures running. Faces less than 16 pixels
  wide are not judged. The model errs as well: in the mirrored, rotated and dimmed closeup_480 it takes the skull printed on the man's
  shirt for a face in two to six pictures, which then counts as leaked.
- **Leaked**: share of the faces, picture by picture, whose fine detail survives: the correlation of the high-pass luma (less its
  Gaussian blur of a 16th of the face's width) in the inner 60 %% of the face, source against output, is above 0.5. Masked faces
  are near 0, merely re-encoded ones above 0.8. **Tracks with a leak**: appearances of a person with one leaked picture or more.
- **Changed area**: mean share of the picture that differs from the source by more than re-encoding explains. **While empty**: the
  same over the first quarter of the clip, as far as nobody is in it yet. Compare with the area of the faces under "Clips": a mask has
  to cover hair and ears as well, and the box of a face does not.
- **CPU**: user and system time of all processes, starting them included, divided by the pictures. Bauta and the plain re-encode take turns,
  %d times; given is the median. **Times plain** is the median of the ratios within the turns; for faceblur it is its time a picture
  by the plain re-encode's of the whole clip.
- **Memory**: the most that one process of the program held in RAM (VmHWM, shared libraries included). With Bauta that is the worker.
- **Bauta**: `+"`bauta redact`"+` with its defaults.
- **Plain re-encode**: ffmpeg, H.264 decoder and x264 "ultrafast" with one thread each: the least that any change of a picture costs.
- **GStreamer faceblur**: the element of gst-plugins-bad with x264 "ultrafast". %s
- **Live**: a camera on the same computer plays the clip over RTSP in a loop and notes when it has written the last packet of each
  picture; a viewer of the masked stream notes when it has received the last packet of each. The two are matched by the capture time in the
  RTCP sender reports, which the gateway carries through. The delay is the difference: all that the gateway adds, the network
  being loopback. Pictures not delivered are those that the viewer never got.
  What it got is judged as the files are. The first seconds after the start are left out.
- **Harder sources**: re-encoded at 500 kbit/s, at 8 pictures a second, mirrored, rotated by 10 degrees, dimmed to 35 %% of the
  brightness; the ground truth is carried over.
`, referenceWidth, referenceScore, d.pairs, peer)
}
