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
- **Harder sources**: re-encoded at 500 kbit/s, at 8 pictures a second, rotated by 10 degrees, dimmed to 35 %% of the
  brightness; the ground truth is carried over.
`, referenceWidth, referenceScore, d.pairs, peer) + d.kindMethod()
}

// kindMethod tells the same of the tables on kinds of pictures.
func (d *doc) kindMethod() string {
	if len(d.spare) == 0 {
		return ""
	}
	second := "It was not at hand in this run."
	if d.withJudge2 {
		second = fmt.Sprintf("It judges every %dth picture.", judge2Stride)
	}
	return fmt.Sprintf(`- **Kinds of pictures**: the %d s of each clip with the most faces, as another camera, phone or recorder gives them: turned (in the
  picture, or stored turned with a display matrix in the file's header), mirrored, with pixels twice as wide or high as they are high or wide
  (stored so much narrower or lower), tilted (nothing in the corners), with every 2nd, 3rd or 4th picture alone (of so much longer a stretch), with noise of
  strength %d by ffmpeg's filter at crf 33. The faces of the clip as it is are carried over, those of YuNet too. Noise and
  YuNet's own errors count as everywhere.
- **Second judge**: another program, with the same faces: a face is leaked where its fine detail survives, or that of a
  middle band (correlation above 0.8). %s
- **Times the faces**: changed area by the area of the faces' boxes.
- **Where nobody is**: pictures at least %.1f s from the next face, of the clip as it is.
- **A still scene**: the picture of %s with the most faces, held for %d s with little noise and one keyframe: the structural similarity (SSIM) of
  each picture of Bauta's output with the source's, masks included, and the size of the file by the source's.
`, kindSeconds, noiseStrength, second, restSeconds, stillClip, stillSeconds)
}
