// Package api holds what the API of version 1 says: the types of requests and answers, the
// codes of errors, and the client that the command line uses. Inputs and outputs are JSON
// over the administrator's Unix socket. It has no goroutine and decides nothing.
package api

import (
	"time"

	"github.com/bauta-gateway/bauta/hardware"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Status is the answer of GET /v1/status.
type Status struct {
	Gateway GatewayStatus  `json:"gateway"`
	Cameras []CameraStatus `json:"cameras"`
}

// GatewayStatus describes the daemon as a whole.
type GatewayStatus struct {
	Name    string    `json:"name"`
	Version string    `json:"version"`
	Build   string    `json:"build"`
	Started time.Time `json:"started"`
	Now     time.Time `json:"now"`
	DataDir string    `json:"data_dir"`
	// Streams are the listening addresses of the stream server.
	Streams StreamAddresses `json:"streams"`
	// ONVIF is where recorders find all masked cameras; absent where it is not served.
	ONVIF string `json:"onvif,omitempty"`
	// CameraLimit is how many cameras the gateway takes (limits.cameras).
	CameraLimit int `json:"camera_limit"`
	// Anonymous says that viewers need no login.
	Anonymous bool       `json:"anonymous"`
	MQTT      MQTTStatus `json:"mqtt"`
	// Consents counts who may be shown.
	Consents ConsentStatus `json:"consents"`
	Model    ModelStatus   `json:"model"`
	// Hardware of the host; Temperature in degrees Celsius, absent without a sensor.
	Hardware    hardware.Facts `json:"hardware"`
	Temperature *float64       `json:"temperature,omitempty"`
	// Heat is cool, warm, hot or critical; Thermal what that follows from.
	Heat    string             `json:"heat"`
	Thermal hardware.Condition `json:"thermal"`
	// Accelerators that were tried when the daemon started, and what is used.
	Accelerators []Candidate `json:"accelerators"`
	// Disk is that of the data folder; absent where it cannot be measured.
	Disk *DiskStatus `json:"disk,omitempty"`
	// Update says whether a newer package is there; absent where the program was not installed by
	// Debian's apt, or that was not asked yet.
	Update *UpdateStatus `json:"update,omitempty"`
	// Unstored counts changes that mask and wait for the disk for a second or more:
	// they are lost if the gateway ends before it takes them.
	Unstored int `json:"unstored,omitempty"`
	// OlderStore is what showed that the store is an older one than this gateway
	// had: file, broker, tpm, missing or foreign; empty: it is not. Nobody is shown
	// and all frames are hidden until a person decides.
	OlderStore string `json:"older_store,omitempty"`
	// Blocked is why no camera is connected to: store_damaged; empty where the
	// gateway works. Problem says in words what is wrong and what to do.
	Blocked string `json:"blocked,omitempty"`
	Problem string `json:"problem,omitempty"`
	// Restore is what came of the last restore since the gateway runs.
	Restore *RestoreStatus `json:"restore,omitempty"`
}

// UpdateStatus is what apt knew at Checked, by the lists that it has.
type UpdateStatus struct {
	Installed string `json:"installed"`
	// Newer is the version that an update would install; empty: none.
	Newer string `json:"newer,omitempty"`
	// Repository: some repository that apt knows has the package.
	Repository bool      `json:"repository"`
	Checked    time.Time `json:"checked"`
}

// StreamAddresses are host:port; RTSPS is empty without a certificate.
type StreamAddresses struct {
	RTSP  string `json:"rtsp"`
	RTSPS string `json:"rtsps,omitempty"`
}

// MQTTStatus says where states are published and whether that works now.
type MQTTStatus struct {
	Embedded bool `json:"embedded"`
	// Address is host:port of the broker in use, or tried last; Brokers are all that the
	// settings name, and Prefix begins the topics there.
	Address   string   `json:"address"`
	Brokers   []string `json:"brokers,omitempty"`
	Prefix    string   `json:"prefix"`
	Connected bool     `json:"connected"`
	Reason    string   `json:"reason,omitempty"`
	Error     string   `json:"error,omitempty"`
}

// ModelStatus says what detects faces.
type ModelStatus struct {
	// SHA256 in hex of the model whose weights are part of the worker.
	SHA256 string `json:"sha256"`
}

// CameraStatus describes one camera.
type CameraStatus struct {
	ID   media.CameraID `json:"id"`
	Name string         `json:"name"`
	// Group is where it hangs, a building or a floor; it may be empty.
	Group string `json:"group,omitempty"`
	// URL of the camera without credentials.
	URL string `json:"url"`
	// Stored is false for a camera that lives for this run only.
	Stored bool `json:"stored"`
	// Stream is the masked stream's address without the login.
	Stream     string           `json:"stream"`
	Protection media.Protection `json:"protection"`
	// Since is when Protection became what it is.
	Since  time.Time    `json:"since"`
	Source SourceStatus `json:"source"`
	Worker WorkerStatus `json:"worker"`
	// Mask style and look-ahead in milliseconds, the delay it adds.
	Mask        string  `json:"mask"`
	LookAheadMS float64 `json:"look_ahead_ms"`
	// Cover is what is masked: faces, or moving for faces and all that moves.
	Cover string `json:"cover"`
	// Mounting says which way is up: auto, or how many degrees clockwise the frame has
	// to be turned to be upright.
	Mounting media.Mounting `json:"mounting"`
	// MaskLevel is what a command over MQTT hides beyond that: solid, picture
	// or private; empty: nothing.
	MaskLevel string `json:"mask_level,omitempty"`
	// Fingerprint is the SHA-256 of the pinned certificate; empty: none. BasicLogin: the
	// camera may have its password by basic login. Both are for managers.
	Fingerprint string `json:"fingerprint,omitempty"`
	BasicLogin  bool   `json:"basic_login,omitempty"`
	// Viewers counts those who watch now: by RTSP, in browsers and by HLS.
	Viewers int            `json:"viewers"`
	Metrics CameraMetrics  `json:"metrics"`
	Totals  CameraCounters `json:"totals"`
}

// SourceStatus is the connection to the camera.
type SourceStatus struct {
	// Phase is connecting, online, waiting or stopped.
	Phase string `json:"phase"`
	// Reason is why it is not online; empty while it is.
	Reason string `json:"reason,omitempty"`
	// Detail for an administrator, without credentials.
	Detail   string    `json:"detail,omitempty"`
	Codec    string    `json:"codec,omitempty"`
	Width    int       `json:"width,omitempty"`
	Height   int       `json:"height,omitempty"`
	Since    time.Time `json:"since"`
	Attempts int       `json:"attempts"`
}

// WorkerStatus is the camera's child process.
type WorkerStatus struct {
	// State is starting, masking, slate or stopped.
	State string `json:"state"`
	// Reason is why the slate is shown; empty while frames are.
	Reason string `json:"reason,omitempty"`
	Detail string `json:"detail,omitempty"`
	// Restarts counts how often the child was started again.
	Restarts int `json:"restarts"`
	// PID of the child in service; 0 where there is none. Hangs and Violations count the
	// children that were killed for being silent and for breaking the protocol.
	PID        int    `json:"pid,omitempty"`
	Hangs      uint64 `json:"hangs,omitempty"`
	Violations uint64 `json:"violations,omitempty"`
	// ModelSHA256 says what detects faces in this child.
	ModelSHA256 string `json:"model_sha256,omitempty"`
	// Layers of the lock-down in force.
	Layers    []string `json:"layers,omitempty"`
	Libraries string   `json:"libraries,omitempty"`
	// Decoder and Encoder name the accelerator at work, or "software".
	Decoder string `json:"decoder,omitempty"`
	Encoder string `json:"encoder,omitempty"`
	// AcceleratorProblem is why software took an accelerator's place.
	AcceleratorProblem string `json:"accelerator_problem,omitempty"`
}

// CameraMetrics are of the last measuring period, MetricsPeriod.
type CameraMetrics struct {
	// FPS counts masked frames delivered a second.
	FPS float64 `json:"fps"`
	// LatencyMS is how long the frames stayed in the worker, on average.
	LatencyMS float64 `json:"latency_ms"`
	// Faces, Masked and Shown of the newest frame.
	Faces  int `json:"faces"`
	Masked int `json:"masked"`
	Shown  int `json:"shown"`
	// Step is the degradation level; StepReason is heat or load,
	// empty on the normal one.
	Step       string `json:"step"`
	StepReason string `json:"step_reason,omitempty"`
}

// CameraCounters count since the camera was added or the daemon started.
type CameraCounters struct {
	// Pictures masked and delivered, Shown of them with a face shown by consent;
	// Slates delivered instead.
	Pictures uint64 `json:"pictures"`
	Shown    uint64 `json:"shown"`
	Slates   uint64 `json:"slates"`
	// Dropped access units: too much for the worker's queue.
	Dropped uint64 `json:"dropped"`
	// Refused access units: undecodable, unsupported or shed by the worker.
	Refused uint64 `json:"refused"`
}

// Health is the answer of GET /healthz. It names nothing: anybody may ask.
type Health struct {
	Status string `json:"status"`
	// Cameras counts them by protection.
	Cameras map[media.Protection]int `json:"cameras"`
	UptimeS int64                    `json:"uptime_s"`
}

// Candidate is an accelerator and what became of it.
type Candidate struct {
	Name    string   `json:"name"`
	Devices []string `json:"devices,omitempty"`
	// Decode and Encode tell what it is used for.
	Decode bool `json:"decode"`
	Encode bool `json:"encode"`
	// Why has a text for each decision: that it is used, or why not.
	Why []string `json:"why"`
}

// Used reports whether it does any work.
func (c Candidate) Used() bool { return c.Decode || c.Encode }

// ReasonStore is why all is blocked: the code of the status and of the slate.
const ReasonStore = "store_damaged"

// Overview is the answer of GET /v1/overview: what the page of all cameras needs beside the
// status. It grows with the number of cameras alone, however restless they are.
type Overview struct {
	Cameras []OverviewCamera `json:"cameras"`
}

// OverviewCamera is one camera of it.
type OverviewCamera struct {
	ID media.CameraID `json:"id"`
	// Place is where it looks, in words; empty: nobody said.
	Place Words `json:"place,omitzero"`
	// Lacks is what the law wants said of it and nobody did, the most urgent first: place,
	// purpose, purposes (assumed ones of an area, to be confirmed) and capture (its area).
	Lacks []string `json:"lacks"`
	// History of the last 24 hours, in steps of some minutes; the worst of each step counts.
	History History `json:"history"`
}
