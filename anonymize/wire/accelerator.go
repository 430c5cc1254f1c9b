package wire

import "time"

// Software is what Ready names where no accelerator does the work.
const Software = "software"

// Use asks for an accelerator. The zero value means software alone.
type Use struct {
	// Accelerator by its name; empty: none.
	Accelerator string `json:"accelerator,omitempty"`
	// Devices are the files that it may open for writing before the lock-down,
	// the one to use first.
	Devices []string `json:"devices,omitempty"`
	// Decode and Encode say what to leave to it.
	Decode bool `json:"decode,omitempty"`
	Encode bool `json:"encode,omitempty"`
}

// Trial is how an accelerator did beside software, in a worker that was locked
// down as it would be at work.
type Trial struct {
	Decode, Encode TrialPart
	// SoftwareDecode and SoftwareEncode are the same work without it.
	SoftwareDecode, SoftwareEncode TrialPart
}

// TrialPart is one direction.
type TrialPart struct {
	// PSNR of the luma against what went in, in decibels; the worst frame.
	PSNR float64 `json:"psnr"`
	// Time and Processor are the time on the clock and the processors' time
	// for a frame, on average.
	Time      time.Duration `json:"time"`
	Processor time.Duration `json:"processor"`
	// Error is why it did not work; the figures are zero then.
	Error string `json:"error,omitempty"`
}
