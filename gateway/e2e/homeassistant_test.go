package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

// homePython names a Python in whose environment Home Assistant 2024.11 or later is installed.
const homePython = "BAUTA_HOMEASSISTANT_PYTHON"

// homeStart is how long Home Assistant has: its first start installs what its parts need.
const homeStart = 5 * time.Minute

// home is a running Home Assistant with nothing but MQTT.
type home struct {
	t      *testing.T
	folder string // what the reader writes
	log    string
}

// homeSettings are what Home Assistant is told of its broker.
type homeSettings struct{ prefix, birth, payload string }

// startHome runs a Home Assistant of its own folder until the test ends.
func startHome(t *testing.T, broker string, s homeSettings) *home {
	t.Helper()
	python := os.Getenv(homePython)
	if !long() || python == "" {
		t.Skip("Home Assistant: BAUTA_LONG=1 and " + homePython + " with a Python that has it")
	}
	conf, out := t.TempDir(), t.TempDir()
	reader := filepath.Join(conf, "custom_components", "bauta_reader")
	if err := os.MkdirAll(reader, 0o755); err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join("testdata", "homeassistant", "bauta_reader.py"))
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(strings.TrimPrefix(broker, "tcp://"))
	_, web, _ := net.SplitHostPort(brokertest.FreeAddr(t))
	for path, content := range map[string]string{
		filepath.Join(reader, "__init__.py"): string(source),
		filepath.Join(reader, "manifest.json"): `{"domain": "bauta_reader", "name": "Reader", "version": "1.0", "dependencies": [], "after_dependencies": ["mqtt"],
			"documentation": "https://example.org", "codeowners": [], "requirements": [], "iot_class": "calculated"}`,
		filepath.Join(conf, "configuration.yaml"): fmt.Sprintf("homeassistant:\n  name: test\nhttp:\n  server_host: 127.0.0.1\n  server_port: %s\nlogger:\n  default: warning\n"+
			"bauta_reader:\n  broker: %s\n  port: %s\n  prefix: %s\n  birth: %q\n  payload: %q\n  folder: %s\n", web, host, port, s.prefix, s.birth, s.payload, out),
	} {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(python, "-m", "homeassistant", "--config", conf)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		kill := time.AfterFunc(30*time.Second, func() { cmd.Process.Kill() })
		cmd.Wait()
		kill.Stop()
	})
	h := &home{t: t, folder: out, log: filepath.Join(conf, "home-assistant.log")}
	h.await(homeStart, "it reads the broker", func(s homeState) bool { return true })
	return h
}

// homeState is what the reader wrote last.
type homeState struct {
	Entities map[string]struct{ ID, State string }
	Devices  []string
}

func (h *home) state() (s homeState, ok bool) {
	raw, err := os.ReadFile(filepath.Join(h.folder, "state.json"))
	return s, err == nil && json.Unmarshal(raw, &s) == nil
}

func (h *home) await(limit time.Duration, what string, ok func(homeState) bool) homeState {
	h.t.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(200 * time.Millisecond) {
		s, read := h.state()
		if read && ok(s) {
			return s
		}
		if time.Now().After(end) {
			log, _ := os.ReadFile(h.log)
			h.t.Fatalf("waited %v in vain: %s\n%+v\n%s", limit, what, s, log)
		}
	}
}

// is waits for an entity's state, by its unique id.
func (h *home) is(entity, want string) {
	h.t.Helper()
	h.await(patience, entity+" is "+want, func(s homeState) bool { return s.Entities[entity].State == want })
}

// image is what an image entity has; nil: nothing yet.
func (h *home) image(entity string) []byte {
	raw, _ := os.ReadFile(filepath.Join(h.folder, entity+".jpg"))
	return raw
}

// aboutUs are lines of a log that are about MQTT or its entities, warnings and worse.
var aboutUs = regexp.MustCompile(`(?i)(WARNING|ERROR).*(mqtt|bauta_test|image).*`)

// complaints are what Home Assistant logged about what the gateway says.
func (h *home) complaints() []string {
	raw, err := os.ReadFile(h.log)
	if err != nil {
		h.t.Fatal(err)
	}
	return slices.DeleteFunc(aboutUs.FindAllString(string(raw), -1), func(line string) bool {
		return strings.Contains(line, "camera.img_util") // a library of its own that is not there
	})
}

// The real Home Assistant: it finds the gateway and its cameras by the usual prefix and another
// one, shows what is hidden by a command and the masked picture, and of a camera that goes it
// says nothing in its log.
func TestE2EHomeAssistant(t *testing.T) {
	for name, s := range map[string]homeSettings{"usual": {prefix: "homeassistant"}, "another prefix": {"ha/north", "ha/born", "up"}} {
		t.Run(name, func(t *testing.T) {
			broker := mosquitto(t)
			h := startHome(t, broker, s)
			cfg := realSettings(t)
			cfg.MQTT.Broker, cfg.MQTT.Snapshots, cfg.MQTT.DiscoveryPrefix, cfg.MQTT.BirthTopic = broker, "5s", s.prefix, s.birth
			if s.payload != "" {
				cfg.MQTT.BirthPayload = s.payload
			}
			clip := slowClip(t)
			g, client := start(t, gateway.Options{Config: cfg, Demo: clip})
			if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "Gate", URL: nobody}); err != nil {
				t.Fatal(err)
			}
			awaitMasking(t, g, "demo")
			h.is("bauta_test_demo_online", "on")
			h.is("bauta_test_demo_mask", "none")
			found := h.await(patience, "both cameras", func(s homeState) bool { return s.Entities["bauta_test_gate_protection"].State == "offline" })
			for _, device := range []string{"Bauta test Demo", "Bauta test Gate"} {
				if !slices.Contains(found.Devices, device) {
					t.Errorf("no device %q in %q", device, found.Devices)
				}
			}
			checkHomeImage(t, h, clip)
			publishWith(t, broker, "bauta/test/camera/demo/mask/set", "-m", "private")
			h.is("bauta_test_demo_mask", "private")
			if err := client.RemoveCamera(t.Context(), "gate"); err != nil {
				t.Fatal(err)
			}
			h.await(patience, "the camera is gone", func(s homeState) bool {
				_, there := s.Entities["bauta_test_gate_protection"]
				return !there && !slices.Contains(s.Devices, "Bauta test Gate")
			})
			time.Sleep(3 * time.Second) // its states are emptied meanwhile, and what that leads to is logged
			if said := h.complaints(); len(said) > 0 {
				t.Errorf("Home Assistant complains:\n%s", strings.Join(said, "\n"))
			}
			checkImagesOff(t, h, g, cfg.MQTT.Broker, gateway.Options{Config: cfg, Demo: clip})
		})
	}
}

// checkImagesOff restarts the gateway without pictures: the entity of the picture goes too.
func checkImagesOff(t *testing.T, h *home, g *gateway.Gateway, broker string, o gateway.Options) {
	t.Helper()
	g.Close()
	h.is("bauta_test_demo_online", "unavailable")
	o.Config.MQTT.Snapshots = "off"
	start(t, o)
	h.is("bauta_test_demo_online", "on")
	h.await(patience, "no picture", func(s homeState) bool { _, there := s.Entities["bauta_test_demo_snapshot"]; return !there })
	if said := h.complaints(); len(said) > 0 {
		t.Errorf("Home Assistant complains:\n%s", strings.Join(said, "\n"))
	}
}

// checkHomeImage has the picture that Home Assistant shows judged.
func checkHomeImage(t *testing.T, h *home, clip string) {
	t.Helper()
	var evaluator *stills
	for end := time.Now().Add(3 * patience); time.Now().Before(end); time.Sleep(time.Second) {
		raw := h.image("bauta_test_demo_snapshot")
		if raw == nil {
			continue
		}
		frame := gray(t, raw)
		if evaluator == nil && meanOf(frame.Pix) > 40 {
			evaluator = newStills(t, clip, frame)
		}
		if evaluator == nil || frame.Rect != evaluator.frames[0].Rect {
			continue // the slate
		}
		faces, leaked := evaluator.evaluate(frame)
		if leaked > 0 {
			t.Fatalf("%d of %d faces are visible in Home Assistant", leaked, faces)
		}
		if faces > 0 {
			return
		}
	}
	t.Error("Home Assistant shows no picture with a masked face")
}
