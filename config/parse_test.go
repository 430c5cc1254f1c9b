package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEveryKeyIsRead(t *testing.T) {
	got, err := parse([]byte(`
gateway: {name: north-1, language: zh-CN}
data: /srv/bauta
rtsp:
  address: "127.0.0.1:9554"
  tls_address: "[::1]:9322"
  certificate: /c.pem
  key: /k.pem
  udp: false
  udp_address: ":9000"
  anonymous: true
mqtt:
  broker: ["ssl://broker.example:8883", 'ssl://b2.example']
  prefix: acme/bauta
  embedded_address: localhost:0
  user: '0123'
  password_file: /p
  ca_file: /ca
  cert_file: /cert
  key_file: /key
  heartbeat: 1m30s
  home_assistant: false
  discovery_prefix: ha/north
  birth_topic: ha/born
  birth_payload: up
  snapshots: 30s
worker:
  binary: /w
  models: /m
  mask: solid
  look_ahead: 0
  rate_cap: 2
  accelerator: vaapi
output:
  max_size: 3840x2160
  sub_size: quarter
  sub_fps: 5
webrtc:
  udp_address: ":8189"
  tcp_address: ":8190"
  public_addresses: 203.0.113.7, gateway.example.org
  ice_servers: stun:stun.example.org, turn:turn.example.org:3478?transport=tcp
  turn_user: t
  turn_password_file: /t
onvif:
  address: ":8580"
  interfaces: eth0, br-lan
console:
  address: "localhost:0"
  certificate: /cc
  key: /ck
notice:
  address: ":8480"
api:
  socket: /s
limits:
  cameras: 3
policy:
  pack: eu-gdpr
consent:
  purposes: care
  max_days: 90
  quarantine_days: 0
  fresh_days: 7
sealed:
  folder: /srv/sealed
  quota_gb: 4000
`), "")
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Gateway: Gateway{"north-1", "zh-CN"},
		Data:    "/srv/bauta",
		RTSP: RTSP{Address: "127.0.0.1:9554", TLSAddress: "[::1]:9322", Certificate: "/c.pem", Key: "/k.pem",
			UDPAddress: ":9000", Anonymous: true},
		MQTT: MQTT{Broker: "ssl://broker.example:8883, ssl://b2.example", Prefix: "acme/bauta", EmbeddedAddress: "localhost:0", User: "0123", PasswordFile: "/p",
			CAFile: "/ca", CertFile: "/cert", KeyFile: "/key", Heartbeat: 90 * time.Second,
			DiscoveryPrefix: "ha/north", BirthTopic: "ha/born", BirthPayload: "up", Snapshots: "30s"},
		Worker: Worker{Binary: "/w", Models: "/m", Mask: "solid", RateCap: 2, Accelerator: "vaapi"},
		Output: Output{"3840x2160", "quarter", 5},
		WebRTC: WebRTC{":8189", ":8190", "203.0.113.7, gateway.example.org",
			"stun:stun.example.org, turn:turn.example.org:3478?transport=tcp", "t", "/t"},
		ONVIF:   ONVIF{":8580", "eth0, br-lan"},
		Console: Console{"localhost:0", "/cc", "/ck"},
		Notice:  Notice{":8480"},
		API:     API{"/s"}, Limits: Limits{3}, Policy: Policy{"eu-gdpr"},
		Consent: Consent{"care", 90, 0, 7}, Sealed: Sealed{"/srv/sealed", 4000},
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for _, f := range fields { // so that a new key joins this test
		if d := written(); f.get(&got) == f.get(&d) {
			t.Errorf("%s is at its default here", f.key)
		}
	}
}

func TestNothingMeansDefaults(t *testing.T) {
	for name, src := range map[string]string{
		"empty": "", "comment": "# nothing\n", "null": "~\n", "marker": "---\n", "byte order mark": "\ufeff",
		"blank sections": "rtsp:\nmqtt: ~\nworker: {}\n",
		"blank keys":     "gateway:\n  name:\n  language: null\nrtsp:\n  udp:\nlimits:\n  cameras: ~\n",
		"windows":        "\ufeffrtsp:\r\n  udp: true\r\n",
		"version line":   "%YAML 1.2\n---\nlimits: {cameras: 16}\n",
		"quoted keys":    "\"limits\":\n  'cameras': 16\n",
	} {
		if got, err := parse([]byte(src), ""); err != nil || got != Default() {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestProblems holds what installers get wrong; every message must show where
// and what to do.
func TestProblems(t *testing.T) {
	for _, c := range []struct {
		name, src string
		want      []string // all in the one message
	}{
		{"typo", "rtsp:\n  adress: x\n", []string{"f.yaml line 2", "unknown key rtsp.adress", "did you mean rtsp.address?"}},
		{"swapped letters", "wroker:\n  mask: blur\n", []string{"line 1", "wroker", "did you mean worker?"}},
		{"wrong section", "broker: x\n", []string{"line 1", "did you mean mqtt.broker?"}},
		{"section in a section", "rtsp:\n  mqtt: {}\n", []string{"line 2", "unknown key rtsp.mqtt", "did you mean mqtt?"}},
		{"camel case", "worker:\n  lookAhead: 1s\n", []string{"did you mean worker.look_ahead?"}},
		{"dotted", "rtsp.udp: true\n", []string{"line 1", "rtsp is a section"}},
		{"nothing near", "limits:\n  xxxxxxxx: 1\n", []string{"line 2", "limits.xxxxxxxx", "the keys here are cameras"}},
		{"cameras are not here", "lobby:\n  - rtsp://x\n", []string{"line 1", "unknown key lobby", "gateway, data, rtsp, mqtt"}},

		{"hosts", "webrtc:\n  public_addresses: 203.0.113.7, two words\n", []string{"line 2", "webrtc.public_addresses", `"two words"`}},
		{"ICE servers", "webrtc:\n  ice_servers: http://stun.example.org\n", []string{"line 2", "webrtc.ice_servers", "stun:stun.example.org:3478"}},
		{"interfaces", "onvif:\n  address: :8580\n  interfaces: eth0 eth1\n", []string{"line 3", "onvif.interfaces", `"eth0 eth1"`}},
		{"interfaces alone", "onvif:\n  interfaces: eth0\n", []string{"line 2", "onvif.interfaces", "onvif.address"}},
		{"TURN without a password", "webrtc:\n  ice_servers: turn:turn.example.org\n  turn_user: t\n", []string{"line 3", "webrtc.turn_password_file"}},
		{"purposes", "consent:\n  purposes: Any Thing\n", []string{"line 2", "consent.purposes", "access-control, care"}},

		{"password", "mqtt:\n  password: hunter2\n", []string{"line 2", "mqtt.password", "mqtt.password_file", "0600"}},
		{"password elsewhere", "rtsp:\n  viewer_password: hunter2\n", []string{"line 2", "passwords do not belong", "encrypted"}},
		{"password in the broker", "mqtt:\n  broker: tcp://u:hunter2@h\n", []string{"line 2", "mqtt.broker", "mqtt.user and mqtt.password_file"}},
		{"broken password in the broker", "mqtt:\n  broker: 'tcp://u:%zzhunter2@h'\n", []string{"mqtt.user and mqtt.password_file"}},

		{"not a bool", "rtsp:\n  udp: yes\n", []string{"line 2", "rtsp.udp is yes", "true or false"}},
		{"quoted bool", "rtsp:\n  udp: 'true'\n", []string{"rtsp.udp is true", "without quotes"}},
		{"number for a text", "mqtt:\n  user: 007\n", []string{"line 2", "mqtt.user is 007", `"007"`}},
		{"bare port", "rtsp:\n  address: 8554\n", []string{"rtsp.address is 8554", `":8554"`}},
		{"list for a text", "data: [a]\n", []string{"line 1", "data is not a text", "/var/lib/bauta"}},
		{"section for a text", "data:\n  folder: /x\n", []string{"line 2", "data is not a text"}},
		{"alias", "data: &x /x\n", []string{"line 1", "data is not a text"}},
		{"tag", "data: !!str /x\n", []string{"line 1", "data is not a text"}},
		{"word for a number", "limits:\n  cameras: many\n", []string{"line 2", "limits.cameras is many", "whole number from 1 to 256", "16"}},
		{"fraction", "limits:\n  cameras: 1.5\n", []string{"limits.cameras is 1.5", "whole number"}},
		{"huge", "limits:\n  cameras: 18446744073709551615\n", []string{"limits.cameras is", "outside of 1 to 256"}},
		{"infinite", "worker:\n  rate_cap: .inf\n", []string{"worker.rate_cap is .inf", "0.2 to 10"}},
		{"not a number", "worker:\n  rate_cap: .nan\n", []string{"worker.rate_cap is .nan"}},
		{"no unit", "worker:\n  look_ahead: 200\n", []string{"worker.look_ahead is 200", "with its unit", "200ms"}},
		{"wrong unit", "mqtt:\n  heartbeat: 30 seconds\n", []string{"mqtt.heartbeat is 30 seconds", "30s"}},
		{"scalar for a section", "policy: cn-2025\n", []string{"line 1", "policy is a section"}},
		{"list for a section", "mqtt:\n  - user: x\n", []string{"line 2", "mqtt is a section"}},

		{"too far ahead", "worker:\n  look_ahead: 3s\n", []string{"line 2", "worker.look_ahead is 3s", "0s to 1s", "200ms"}},
		{"backwards", "worker:\n  look_ahead: -1ms\n", []string{"worker.look_ahead is -1ms", "0s to 1s"}},
		{"small cap", "worker:\n  rate_cap: 0.1\n", []string{"worker.rate_cap is 0.1", "0.2 to 10", "1.5"}},
		{"fast heartbeat", "mqtt:\n  heartbeat: 1s\n", []string{"mqtt.heartbeat is 1s", "5s to 10m"}},
		{"no cameras", "limits:\n  cameras: 0\n", []string{"limits.cameras is 0", "1 to 256"}},
		{"no such size", "output:\n  max_size: 4k\n", []string{`output.max_size is "4k"`, "auto, full, half", "7680x4320"}},
		{"no size", "output:\n  max_size: ''\n", []string{`output.max_size is ""`}},
		{"no such mask", "worker:\n  mask: gaussian\n", []string{`worker.mask is "gaussian"`, "blur, mosaic, solid"}},
		{"no mask", "worker:\n  mask: ''\n", []string{`worker.mask is ""`, "blur, mosaic, solid"}},
		{"no such pack", "policy:\n  pack: us\n", []string{`policy.pack is "us"`, "cn-2025, cn-2023-draft, cn-shenzhen-draft, eu-gdpr"}},
		{"no such language", "gateway:\n  language: de\n", []string{`gateway.language is "de"`, "auto, en, zh-CN"}},
		{"name", "gateway:\n  name: North Wing\n", []string{`gateway.name is "North Wing"`, "1 to 40", "lobby-box"}},
		{"address without port", "rtsp:\n  address: 0.0.0.0\n", []string{`rtsp.address is "0.0.0.0"`, `":8554"`}},
		{"no address", "rtsp:\n  address: ''\n", []string{"rtsp.address", `":8554"`}},
		{"URL for an address", "rtsp:\n  address: rtsp://x:8554\n", []string{"rtsp.address is"}},
		{"port too high", "rtsp:\n  tls_address: ':70000'\n", []string{`rtsp.tls_address is ":70000"`, "0 to 65535"}},
		{"odd UDP port", "rtsp:\n  udp_address: ':8001'\n", []string{`rtsp.udp_address is ":8001"`, "even", `":8000"`}},
		{"broker without a port", "mqtt:\n  embedded_address: 0.0.0.0\n", []string{"mqtt.embedded_address", "127.0.0.1:1883"}},
		{"broker without scheme", "mqtt:\n  broker: broker:1883\n", []string{"mqtt.broker", "tcp://HOST:1883"}},
		{"broker with a path", "mqtt:\n  broker: tcp://h:1/x\n", []string{"mqtt.broker is not a broker's address"}},
		{"broker's port", "mqtt:\n  broker: tcp://h:99999\n", []string{"mqtt.broker is not a broker's address"}},
		{"a bad one of several brokers", "mqtt:\n  broker: tcp://h, tcp://\n", []string{"mqtt.broker is not a broker's address"}},
		{"password in one of several", "mqtt:\n  broker:\n  - tcp://h\n  - tcp://u:hunter2@h\n", []string{"mqtt.user and mqtt.password_file"}},
		{"list in a list of brokers", "mqtt:\n  broker: [tcp://h, [tcp://i]]\n", []string{"mqtt.broker is not a text"}},
		{"nothing in a list of brokers", "mqtt:\n  broker: [tcp://h, ]\n  prefix: [x]\n", []string{"mqtt.prefix is not a text"}},
		{"two brokers as one", "mqtt:\n  broker: ['tcp://h,tcp://i']\n", []string{"mqtt.broker is not a text"}},
		{"too many brokers", "mqtt:\n  broker: tcp://a,tcp://b,tcp://c,tcp://d,tcp://e,tcp://f,tcp://g,tcp://h,tcp://i\n", []string{"mqtt.broker has more than 8"}},
		{"CA with one that is not TLS", "mqtt:\n  broker: ssl://h, tcp://i\n  ca_file: /p\n", []string{"mqtt.ca_file works with an ssl:// broker alone"}},
		{"wildcard in the prefix", "mqtt:\n  prefix: acme/#\n", []string{`mqtt.prefix is "acme/#"`, "acme/bauta"}},
		{"no prefix", "mqtt:\n  prefix: ''\n", []string{"mqtt.prefix is"}},
		{"discovery with a wildcard", "mqtt:\n  discovery_prefix: ha/+\n", []string{`mqtt.discovery_prefix is "ha/+"`, "homeassistant"}},
		{"no discovery prefix", "mqtt:\n  discovery_prefix: \"\"\n", []string{`mqtt.discovery_prefix is ""`}},
		{"discovery among Bauta's topics", "mqtt:\n  discovery_prefix: bauta/hall\n", []string{"mqtt.discovery_prefix", "not bauta"}},
		{"birth of everybody", "mqtt:\n  birth_topic: '#'\n", []string{`mqtt.birth_topic is "#"`, "homeassistant/status"}},
		{"birth among Bauta's topics", "mqtt:\n  birth_topic: bauta/hall/status\n", []string{"mqtt.birth_topic", "not bauta"}},
		{"birth of two words", "mqtt:\n  birth_payload: 'is up'\n", []string{`mqtt.birth_payload is "is up"`, "online"}},
		{"snapshots without an interval", "mqtt:\n  snapshots: always\n", []string{`mqtt.snapshots is "always"`, "off", "5s to 1h"}},
		{"snapshots too often", "mqtt:\n  snapshots: 1s\n", []string{`mqtt.snapshots is "1s"`, "5s to 1h"}},
		{"snapshots too seldom", "mqtt:\n  snapshots: 90m\n", []string{`mqtt.snapshots is "90m"`}},
		{"home", "data: ~/bauta\n", []string{`data is "~/bauta"`, "whole path"}},
		{"long", "data: /" + strings.Repeat("x", 2000) + "\n", []string{"data is longer than 1024 bytes"}},
		{"two lines", "data: |\n  /x\n  /y\n", []string{"line 1", "data holds a line break"}},

		{"certificate alone", "rtsp:\n  certificate: /c\n", []string{"line 2", "rtsp.certificate is set without rtsp.key"}},
		{"key alone", "rtsp:\n  key: /c\n", []string{"line 2", "rtsp.key is set without rtsp.certificate"}},
		{"user without a broker", "mqtt:\n  user: u\n", []string{"line 2", "mqtt.user is set without mqtt.broker"}},
		{"password without user", "mqtt:\n  broker: tcp://h\n  password_file: /p\n", []string{"line 3", "mqtt.password_file is set without mqtt.user"}},
		{"CA without TLS", "mqtt:\n  broker: tcp://h\n  ca_file: /p\n", []string{"line 3", "mqtt.ca_file works with an ssl:// broker alone"}},
		{"client key alone", "mqtt:\n  broker: ssl://h\n  key_file: /p\n", []string{"line 3", "mqtt.key_file is set without mqtt.cert_file"}},
		{"long socket", "api:\n  socket: /" + strings.Repeat("x", 107) + "\n", []string{"line 2", "api.socket is 108 bytes long", "107"}},
		{"long data folder", "data: /" + strings.Repeat("x", 107) + "\n", []string{"line 1", "data is 119 bytes long", "api.socket"}},

		{"twice", "limits:\n  cameras: 1\n  \"cameras\": 2\n", []string{"line 3", "limits.cameras is set on line 2 already"}},
		{"section twice", "limits:\n  cameras: 1\nlimits:\n", []string{"line 3", "limits is set on line 1 already"}},
		{"full-width colon", "limits\uff1a\n  cameras\uff1a 1\n", []string{"line 1", "plain colon"}},
		{"full-width colon below", "limits:\n  cameras\uff1a 1\n", []string{"line 2", "limits is a section", "plain colon"}},
		{"no space", "data:/x\n", []string{"line 1", "a space after it"}},
		{"a list", "- a\n", []string{"line 1", "KEY: VALUE"}},
		{"number as a key", "1: 2\n", []string{"line 1", "KEY: VALUE"}},
		{"merge key", "<<: {data: /x}\n", []string{"line 1", "KEY: VALUE"}},
		{"tab", "limits:\n\tcameras: 1\n", []string{"line 2", "not valid YAML", "indent with spaces"}},
		{"open quote", "data: \"x\n", []string{"line 1", "not valid YAML"}},
		{"two documents", "limits:\n  cameras: 1\n---\nlimits:\n", []string{"line 4", "second document"}},
		{"GBK", "# \xc9\xe3\n", []string{"line 1", "UTF-8", "GBK"}},
	} {
		got, err := parse([]byte(c.src), "f.yaml")
		if err == nil {
			t.Errorf("%s: passed as %+v", c.name, got)
			continue
		}
		for _, lang := range text.Langs {
			message := text.Explain(lang, err)
			if strings.Contains(message, "hunter2") {
				t.Errorf("%s: the %s message shows a password: %s", c.name, lang, message)
			}
			if strings.Contains(message, "%!") {
				t.Errorf("%s: the %s message lacks an argument: %s", c.name, lang, message)
			}
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q does not say %q", c.name, err, want)
			}
		}
		if got != (Config{}) {
			t.Errorf("%s: an error comes with %+v", c.name, got)
		}
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	_, err := parse([]byte("data: 1\nrtsp:\n  x: 1\n  udp: 2\nlimits:\n  cameras: 0\n"), "f.yaml")
	if err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Fatalf("%v", err)
	}
	if zh := text.Explain(text.ZhCN, err); strings.Count(zh, "\n") != 3 || !strings.Contains(zh, "f.yaml 第 6 行") {
		t.Errorf("in Chinese: %s", zh)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	_, err := parse([]byte(strings.Repeat("x: 1\n", 1000)), "f.yaml")
	if err == nil || strings.Count(err.Error(), "\n") != maxProblems-1 {
		t.Errorf("%v", err)
	}
}

// A broken file is quoted by the YAML library in its messages; ours must not
// carry that excerpt to a log.
func TestSyntaxErrorShowsNoContent(t *testing.T) {
	for _, src := range []string{
		"mqtt:\n  password: \"hunter2\n", "mqtt:\n  password: hunter2\n\tuser: x\n", "mqtt:\n  password: [hunter2\n",
		"password: hunter2: x\n", "mqtt:\n  hunter2\n password: x\n", "mqtt: {password: hunter2\n", "mqtt:\n  pasword: hunter2\n",
	} {
		if _, err := parse([]byte(src), "f.yaml"); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", src, err)
		}
	}
}

func TestLoad(t *testing.T) {
	path := write(t, "bauta.yaml", "data: state\nmqtt: {broker: ssl://h, user: u, password_file: ../p}\n")
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(path)
	if c.File != path || c.Data != filepath.Join(dir, "state") || c.MQTT.PasswordFile != filepath.Join(filepath.Dir(dir), "p") {
		t.Errorf("paths are not the file's: %+v", c)
	}
	if c.Socket() != filepath.Join(dir, "state", "bauta.sock") || c.Store() != filepath.Join(dir, "state", "bauta.db") {
		t.Errorf("socket %s, store %s", c.Socket(), c.Store())
	}
	if c.Worker.Binary != "" {
		t.Errorf("an empty path became %q", c.Worker.Binary)
	}
}

func TestLoadFails(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "no.yaml")
	if _, err := Load(missing); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), missing) {
		t.Errorf("missing: %v", err)
	}
	if _, err := Load(t.TempDir()); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder: %v", err)
	}
	big := write(t, "big.yaml", strings.Repeat("# padding\n", maxFile/10+1))
	if _, err := Load(big); err == nil || !strings.Contains(err.Error(), "32 KiB") {
		t.Errorf("too large: %v", err)
	}
}

func TestLoadOrDefault(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "no.yaml")
	first, second := write(t, "1.yaml", "limits: {cameras: 1}\n"), write(t, "2.yaml", "limits: {cameras: 2}\n")
	for _, c := range []struct {
		paths   []string
		cameras int
		file    string
	}{
		{nil, 16, ""}, {[]string{missing}, 16, ""}, {[]string{missing, first, second}, 1, first}, {[]string{second, first}, 2, second},
	} {
		got, err := LoadOrDefault(c.paths...)
		if err != nil || got.Limits.Cameras != c.cameras || got.File != c.file {
			t.Errorf("%v: %+v, %v", c.paths, got, err)
		}
	}
	broken := write(t, "broken.yaml", "x: 1\n")
	if _, err := LoadOrDefault(missing, broken, first); err == nil {
		t.Error("a broken file was passed over")
	}
}

// badFormat is what fmt writes where arguments and verbs differ; "%!" alone may
// stand in a key.
var badFormat = regexp.MustCompile(`%!\w?\((\w+=|MISSING|EXTRA|BAD)|%!\w\(`)

func FuzzParse(f *testing.F) {
	f.Add(Example())
	f.Add([]byte("rtsp: {udp: yes}\nmqtt:\n  heartbeat: 1m\n"))
	f.Add([]byte("a: &x [*x]\n? b\n: - c\n--- !!map\n<<: *x\n"))
	f.Add([]byte("data: |\n  x\r\n\ufeff\"\xff"))
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > maxFile {
			return // Load stops there
		}
		c, err := parse(src, "")
		if err != nil {
			if badFormat.MatchString(text.Explain(text.ZhCN, err)) || badFormat.MatchString(err.Error()) {
				t.Errorf("a message lacks an argument: %v", err)
			}
			if !reflect.DeepEqual(c, Config{}) {
				t.Errorf("an error comes with %+v", c)
			}
			return
		}
		for _, f := range fields {
			if v := f.get(&c); f.key != "data" && f.accept(v) != nil {
				t.Errorf("%s = %v passed", f.key, v)
			}
		}
		if key, err := c.together(); err != nil {
			t.Errorf("%s: %v passed", key, err)
		}
	})
}
