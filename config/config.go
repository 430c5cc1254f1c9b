// Package config reads bauta.yaml: what an installer sets once. State that
// changes while the daemon runs is not here but in config/store.
//
// The file is strict. An unknown key, a value of the wrong kind or out of
// range and a password are errors that name the file, the line, the key and
// what to write instead; all of them are reported at once. Every key may be
// left out, and one left blank means its default.
//
// In: a file. Out: a Config that is complete and checked, an example file, the list of
// keys for manuals, and a hash of the settings in force. It starts no goroutines. It
// reads no password but from the file that is named for it, and never shows one.
package config

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Config is bauta.yaml. Only Default, Load and LoadOrDefault make one that is
// complete; its zero value is not usable. The tags are all that is known of a key,
// beside its comment in config/text; see field.
type Config struct {
	// File is where the settings came from, empty for the defaults.
	File string

	Gateway Gateway `key:"gateway"`
	// Data is the folder for state, never empty.
	Data    string  `key:"data" kind:"path" sample:"/var/lib/bauta"`
	RTSP    RTSP    `key:"rtsp"`
	MQTT    MQTT    `key:"mqtt"`
	Worker  Worker  `key:"worker"`
	Output  Output  `key:"output"`
	WebRTC  WebRTC  `key:"webrtc"`
	ONVIF   ONVIF   `key:"onvif"`
	Console Console `key:"console"`
	Notice  Notice  `key:"notice"`
	API     API     `key:"api"`
	Limits  Limits  `key:"limits"`
	Policy  Policy  `key:"policy"`
	Consent Consent `key:"consent"`
	Sealed  Sealed  `key:"sealed"`
}

// Sealed is where the sealed originals of cameras lie.
type Sealed struct {
	// Folder is a path; empty means the one that Config.SealedFolder returns.
	Folder string `key:"folder" kind:"path" sample:"/srv/bauta-sealed"`
	// QuotaGB bounds all of them in gigabytes of 10^9 bytes; 0 leaves it to the disk.
	QuotaGB int `key:"quota_gb" default:"0" range:"0..1000000"`
}

// Gateway is what the gateway says of itself.
type Gateway struct {
	// Name is a slug, never empty: by default made from the host name.
	Name string `key:"name" about:"config.about.name" kind:"slug" sample:"lobby-box"`
	// Language is auto, en or zh-CN; Config.Lang resolves it.
	Language string `key:"language" about:"config.about.language" kind:"language" default:"auto"`
}

// RTSP is the stream server.
type RTSP struct {
	// Address and TLSAddress are [host]:port; port 0 lets the system choose.
	// TLSAddress counts only with Certificate and Key, PEM files set together.
	Address     string `key:"address" kind:"address" default:":8554"`
	TLSAddress  string `key:"tls_address" kind:"address" default:":8322"`
	Certificate string `key:"certificate" kind:"path" sample:"/etc/bauta/rtsps.crt"`
	Key         string `key:"key" kind:"path" sample:"/etc/bauta/rtsps.key"`
	// UDP offers UDP beside TCP: RTP on the even port of UDPAddress, RTCP
	// on the next.
	UDP        bool   `key:"udp" default:"true"`
	UDPAddress string `key:"udp_address" kind:"even port" default:":8000"`
	// Anonymous lets viewers in without a login.
	Anonymous bool `key:"anonymous" default:"false"`
}

// MQTT is the way to the broker.
type MQTT struct {
	// Broker is tcp://host[:1883] or ssl://host[:8883], or several of these, parted by
	// commas; see List. Empty means the embedded broker on EmbeddedAddress.
	Broker string `key:"broker" kind:"brokers" list:"true" sample:"ssl://broker.example:8883"`
	// Prefix begins all topics but Home Assistant's; see slug.Prefix.
	Prefix          string `key:"prefix" kind:"prefix" default:"bauta" sample:"acme/bauta"`
	EmbeddedAddress string `key:"embedded_address" kind:"address" default:"127.0.0.1:1883"`
	// User and PasswordFile log in at Broker; see Password.
	User         string `key:"user" sample:"bauta"`
	PasswordFile string `key:"password_file" kind:"path" sample:"/etc/bauta/mqtt.password"`
	// CAFile, CertFile and KeyFile are PEM files for an ssl:// broker; the last
	// two may be the embedded broker's own.
	CAFile   string `key:"ca_file" kind:"path" sample:"/etc/bauta/mqtt-ca.crt"`
	CertFile string `key:"cert_file" kind:"path" sample:"/etc/bauta/mqtt.crt"`
	KeyFile  string `key:"key_file" kind:"path" sample:"/etc/bauta/mqtt.key"`
	// Heartbeat is the time between two repetitions of all states.
	Heartbeat time.Duration `key:"heartbeat" default:"30s" range:"5s..10m"`
	// HomeAssistant announces the gateway and its cameras to Home Assistant.
	HomeAssistant bool `key:"home_assistant" default:"true"`
	// DiscoveryPrefix begins Home Assistant's topics, never empty; BirthTopic and BirthPayload are
	// what it says when it has started, empty BirthTopic means status below the prefix.
	DiscoveryPrefix string `key:"discovery_prefix" kind:"topic" default:"homeassistant"`
	BirthTopic      string `key:"birth_topic" kind:"topic or none" sample:"homeassistant/status"`
	BirthPayload    string `key:"birth_payload" kind:"word" default:"online"`
	// Snapshots is off, or how often a masked picture of each camera is published; see
	// SnapshotEvery.
	Snapshots string `key:"snapshots" kind:"snapshots" default:"off"`
}

// SnapshotsOff is what Snapshots says where no picture is to leave by MQTT. Between two of a
// camera lie at least MinSnapshots, at most MaxSnapshots.
const (
	SnapshotsOff = "off"
	MinSnapshots = 5 * time.Second
	MaxSnapshots = time.Hour
)

// SnapshotEvery is the time between two pictures of a camera; 0: none leaves.
func (m MQTT) SnapshotEvery() time.Duration {
	every, err := time.ParseDuration(m.Snapshots)
	if err != nil || every < MinSnapshots || every > MaxSnapshots {
		return 0
	}
	return every
}

// Worker holds the masking's defaults; a camera may have its own.
type Worker struct {
	// Binary is bauta-worker's path; empty means beside bauta.
	Binary string `key:"binary" kind:"path" sample:"/usr/bin/bauta-worker"`
	// Models was the folder of models and is ignored.
	Models string `key:"models" kind:"path" sample:"/usr/share/bauta/models" ignored:"true"`
	// Mask is one of Masks.
	Mask string `key:"mask" kind:"mask" default:"blur"`
	// LookAhead is at most MaxLookAhead.
	LookAhead time.Duration `key:"look_ahead" default:"200ms" range:"0s..1s"`
	// RateCap is a multiple of the source's bitrate, MinRateCap to
	// MaxRateCap; 0 means no bound.
	RateCap float64 `key:"rate_cap" default:"1.5" range:"0.2..10" zero:"true"`
	// Accelerator is one of Accelerators.
	Accelerator string `key:"accelerator" kind:"accelerator" default:"auto"`
}

// Output is what leaves; a camera may have its own.
type Output struct {
	// MaxSize is a media.OutputSize, never empty.
	MaxSize string `key:"max_size" kind:"output size" default:"auto"`
	// SubSize is a media.SubSize, never empty; SubFPS the most frames a second of a sub-stream.
	SubSize string `key:"sub_size" kind:"sub size" default:"auto"`
	SubFPS  int    `key:"sub_fps" default:"10" range:"1..30"`
}

// WebRTC is how browsers reach the masked video where they are not on the gateway's own network.
type WebRTC struct {
	// UDPAddress and TCPAddress are [host]:port of one port for all viewers; port 0 lets the
	// system choose. Empty: each viewer gets a UDP port of its own, and none over TCP.
	UDPAddress string `key:"udp_address" kind:"address or none" sample:":8189"`
	TCPAddress string `key:"tcp_address" kind:"address or none" sample:":8189"`
	// PublicAddresses is a list of IP addresses and host names, parted by commas; see List.
	PublicAddresses string `key:"public_addresses" kind:"hosts" sample:"203.0.113.7"`
	// ICEServers is a list of stun:, turn: and turns: addresses, parted by commas; see List.
	ICEServers string `key:"ice_servers" kind:"ice servers" sample:"stun:stun.example.org:3478"`
	// TURNUser and TURNPasswordFile log in at those of turn: and turns:.
	TURNUser         string `key:"turn_user" sample:"bauta"`
	TURNPasswordFile string `key:"turn_password_file" kind:"path" sample:"/etc/bauta/turn.password"`
}

// ONVIF is how recorders find the masked cameras.
type ONVIF struct {
	// Address is [host]:port, port 0 lets the system choose; empty: it is not served.
	Address string `key:"address" kind:"address or none" sample:":8580"`
	// Interfaces is a list of network interfaces on which WS-Discovery is answered, parted by
	// commas; empty: on none. See List.
	Interfaces string `key:"interfaces" kind:"interfaces" sample:"eth0"`
}

// List are the parts of a setting that is parted by commas.
func List(setting string) (parts []string) {
	for part := range strings.SplitSeq(setting, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// Console is the web console and the API over HTTPS.
type Console struct {
	// Address is [host]:port, port 0 lets the system choose; empty: no console.
	Address string `key:"address" kind:"address or none" default:":8443"`
	// Certificate and Key are PEM files, set together; empty: the console makes
	// its own.
	Certificate string `key:"certificate" kind:"path" sample:"/etc/bauta/console.crt"`
	Key         string `key:"key" kind:"path" sample:"/etc/bauta/console.key"`
}

// Notice is the page that the sign leads to, for anybody.
type Notice struct {
	// Address is [host]:port, port 0 lets the system choose; empty: it is not served.
	Address string `key:"address" kind:"address or none" sample:":8480"`
}

// API is local administration.
type API struct {
	// Socket is a path; empty means the one that Config.Socket returns.
	Socket string `key:"socket" kind:"path" sample:"/run/bauta/bauta.sock"`
}

// Limits bound what one host takes on.
type Limits struct {
	// Cameras is how many there may be.
	Cameras int `key:"cameras" default:"16" range:"1..256"`
}

// Policy is what compliance is evaluated by.
type Policy struct {
	// Pack is one of Packs: it adds to those that the site's jurisdiction chooses, and
	// says which law holds while nobody has said where the site lies.
	Pack string `key:"pack" kind:"pack" default:"cn-2025"`
}

// Consent is what the gateway asks of consent tokens.
type Consent struct {
	// Purposes is a list of slugs, parted by commas; see PurposeList.
	Purposes string `key:"purposes" kind:"purposes" default:"access-control, visitor-reception, workplace-safety, care, event, subject-access" sample:"access-control, care"`
	// MaxDays is a token's longest life in days.
	MaxDays int `key:"max_days" default:"400" range:"1..3650"`
	// QuarantineDays is how long a badge rests between two people.
	QuarantineDays int `key:"quarantine_days" default:"30" range:"0..3650"`
	// FreshDays is how old the proof may be that an issuer withdrew nothing beyond what is
	// known here; 0: none is needed.
	FreshDays int `key:"fresh_days" default:"0" range:"0..365" sample:"7"`
}

// PurposeList are the purposes that tokens may name.
func (c Consent) PurposeList() []string {
	list, _ := consent.ParsePurposes(c.Purposes) // checked when it was loaded
	return list
}

// MaxLife is a token's longest life.
func (c Consent) MaxLife() time.Duration { return time.Duration(c.MaxDays) * 24 * time.Hour }

// Fresh is how old the proof may be that nothing was withdrawn meanwhile.
func (c Consent) Fresh() time.Duration { return time.Duration(c.FreshDays) * 24 * time.Hour }

// Quarantine is how long a badge rests between two people.
func (c Consent) Quarantine() time.Duration { return time.Duration(c.QuarantineDays) * 24 * time.Hour }

// The bounds that a camera's own settings share with the file's.
const (
	MaxLookAhead = time.Second
	MinRateCap   = 0.2
	MaxRateCap   = 10.0
)

// What of a camera's frame is masked: faces, or faces and all that moves.
const (
	CoverFaces  = "faces"
	CoverMoving = "moving"
)

// Covers are both.
var Covers = []string{CoverFaces, CoverMoving}

// Transports are the ways in which a camera's packets come: http is RTSP in an HTTP tunnel.
var Transports = []string{"auto", "tcp", "udp", "http"}

// Schemes are those of a camera's address: rtspx is rtsps as some makers write it, and
// rtsp+http and rtsps+http are RTSP tunnelled over HTTP and HTTPS.
var Schemes = []string{"rtsp", "rtsps", "rtspx", "rtsp+http", "rtsps+http"}

// Masks are the mask styles, Packs the policy packs, Accelerators what decodes
// and encodes: what a trial finds best, software alone, or one by its name.
var (
	Masks        = []string{"blur", "mosaic", "solid"}
	Accelerators = []string{"auto", "none", string(hardware.VAAPI), string(hardware.NVIDIA), string(hardware.Jetson), string(hardware.Rockchip), string(hardware.V4L2M2M)}
	Packs        = []string{"cn-2025", "cn-2023-draft", "cn-shenzhen-draft", "eu-gdpr"}
)

// written is the settings of a file without any key.
func written() (c Config) {
	for _, f := range fields {
		f.put(&c, f.standard)
	}
	return c
}

// Default returns the settings in force without a file.
func Default() Config { return written().resolved() }

// resolved fills in the defaults that depend on the machine.
func (c Config) resolved() Config {
	if c.Gateway.Name == "" {
		host, _ := os.Hostname() // without one it is "bauta"
		c.Gateway.Name = slugOf(host)
	}
	if c.Data == "" {
		c.Data = defaultData(os.Getuid(), os.Getenv)
	}
	return c
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// slugOf makes a gateway name of a host name: its first label, as long as
// the domain is not needed to have any name at all.
func slugOf(host string) string {
	label, _, _ := strings.Cut(host, ".")
	s := strings.Trim(notSlug.ReplaceAllString(strings.ToLower(label), "-"), "-")
	if len(s) > media.MaxCameraID {
		s = strings.Trim(s[:media.MaxCameraID], "-")
	}
	if s == "" {
		return "bauta"
	}
	return s
}

// SystemData is the data folder of a service.
const SystemData = "/var/lib/bauta"

// defaultData follows systemd's StateDirectory= and the desktop's folders. Of
// several state directories the first is ours.
func defaultData(uid int, getenv func(string) string) string {
	if dir, _, _ := strings.Cut(getenv("STATE_DIRECTORY"), ":"); filepath.IsAbs(dir) {
		return dir
	}
	if uid == 0 {
		return SystemData
	}
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "bauta")
	}
	if dir := getenv("HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, ".local", "state", "bauta")
	}
	return SystemData
}

// Lang is the language of messages.
func (c Config) Lang() text.Lang {
	if c.Gateway.Language == "auto" {
		return text.FromEnv()
	}
	return text.Lang(c.Gateway.Language)
}

// Socket is the path of the administration socket. It follows Data unless the
// file names one.
func (c Config) Socket() string {
	if c.API.Socket != "" {
		return c.API.Socket
	}
	return filepath.Join(c.Data, "bauta.sock")
}

// Store is the path of the state's database. It follows Data.
func (c Config) Store() string { return filepath.Join(c.Data, "bauta.db") }

// SealedFolder is where sealed originals lie. It follows Data unless the file names one.
func (c Config) SealedFolder() string {
	if c.Sealed.Folder != "" {
		return c.Sealed.Folder
	}
	return filepath.Join(c.Data, "sealed")
}

// TLS reports whether viewers can use RTSPS.
func (r RTSP) TLS() bool { return r.Certificate != "" }
