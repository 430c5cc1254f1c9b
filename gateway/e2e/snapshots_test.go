package e2e

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

// jpegMagic begins every JPEG.
var jpegMagic = []byte{0xff, 0xd8, 0xff}

// imageWatch keeps the newest JPEG of each topic of a broker.
type imageWatch struct {
	mu       sync.Mutex
	images   map[string][]byte
	retained bool
	messages int
}

func watchImages(t *testing.T, broker string) *imageWatch {
	t.Helper()
	w := &imageWatch{images: map[string][]byte{}}
	c := brokertest.Client(t, strings.TrimPrefix(broker, "tcp://"))
	if token := c.Subscribe("#", 0, w.receive); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	return w
}

func (w *imageWatch) receive(_ paho.Client, m paho.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.messages++
	if bytes.Contains(m.Payload(), jpegMagic) {
		w.images[m.Topic()] = m.Payload()
		w.retained = w.retained || m.Retained()
	}
}

func (w *imageWatch) of(topic string) []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.images[topic]
}

// Promise 6: by the defaults no picture leaves by MQTT, whatever a camera shows.
func TestE2ENoImageByMQTT(t *testing.T) {
	cfg := realSettings(t)
	cfg.MQTT.Broker = mosquitto(t)
	w := watchImages(t, cfg.MQTT.Broker)
	g, _ := start(t, gateway.Options{Config: cfg, Demo: clip(t)})
	awaitMasking(t, g, "demo")
	eventually(t, "figures of the camera", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.messages > 40
	})
	if len(w.images) > 0 {
		t.Errorf("pictures on %v", w.images)
	}
}

// Where the settings ask for them, pictures of every camera leave: masked, or the slate where
// viewers get that. No broker keeps one.
func TestE2ESnapshotsByMQTT(t *testing.T) {
	need(t, "ffmpeg")
	cfg := realSettings(t)
	cfg.MQTT.Broker, cfg.MQTT.Snapshots = mosquitto(t), "5s"
	clip := slowClip(t)
	w := watchImages(t, cfg.MQTT.Broker)
	g, client := start(t, gateway.Options{Config: cfg, Demo: clip})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "Gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	awaitMasking(t, g, "demo")
	const masked, slate = "bauta/test/camera/demo/snapshot", "bauta/test/camera/gate/snapshot"
	eventually(t, "a slate", func() bool { return w.of(slate) != nil })
	if mean := meanOf(gray(t, w.of(slate)).Pix); mean > 64 {
		t.Errorf("the slate is as bright as %d", mean)
	}
	var last []byte
	var evaluator *stills
	faces := 0
	for end := time.Now().Add(3 * patience); faces < 1 && time.Now().Before(end); {
		eventually(t, "a picture", func() bool { return w.of(masked) != nil && !bytes.Equal(w.of(masked), last) })
		last = w.of(masked)
		frame := gray(t, last)
		if meanOf(frame.Pix) < 40 {
			continue // a slate of the first moment
		}
		if evaluator == nil {
			evaluator = newStills(t, clip, frame)
		}
		n, leaked := evaluator.evaluate(frame)
		if faces += n; leaked > 0 {
			t.Fatalf("%d of %d faces are visible in a picture", leaked, n)
		}
	}
	if faces < 1 {
		t.Error("no face could be judged")
	}
	late := watchImages(t, cfg.MQTT.Broker)
	eventually(t, "what the broker keeps", func() bool { late.mu.Lock(); defer late.mu.Unlock(); return late.messages > 5 })
	if w.retained || late.retained {
		t.Error("the broker keeps a picture")
	}
	g.Close()
	inOrder(t, "the audit log", auditLog(t, cfg.Store()), "snapshots.set gateway mqtt every=5s")
}

func meanOf(pix []byte) int {
	sum := 0
	for _, v := range pix {
		sum += int(v)
	}
	return sum / len(pix)
}
