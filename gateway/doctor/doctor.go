// Package doctor looks at one host: what is missing for a gateway, what is short, and what to
// do about it, in the reader's language.
//
// In: the settings, the worker's program, the hardware, and the status of the gateway where one
// runs. Out: a list of findings. It starts a worker to try it and waits for its end; it has no
// goroutine, changes nothing on the host, and never says a secret, a name of a person or a
// camera's address.
package doctor

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/detector/yunet"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware"
)

// The outcomes of a check.
const (
	Good    = api.Verdict("ok")
	Warning = api.Verdict("warning")
	Missing = api.Verdict("missing") // mandatory: bauta cannot work without
)

// Doctor is what it looks at.
type Doctor struct {
	Config config.Config
	Parts  executable.Program
	Host   hardware.Host
	// Running is the gateway's status; nil where none answers.
	Running *api.Status
	Lang    text.Lang
}

// examination is one look.
type examination struct {
	Doctor
	ctx      context.Context
	findings []api.Finding
}

// Examine makes all checks.
func (d Doctor) Examine(ctx context.Context) []api.Finding {
	e := &examination{Doctor: d, ctx: ctx}
	for _, check := range []func(){e.version, e.settings, e.data, e.disk, e.worker, e.ports, e.board, e.load, e.memory, e.cameras, e.clock, e.temperature, e.throttling, e.accelerators} {
		check()
	}
	return e.findings
}

// Unusable is the one finding where the settings cannot be read.
func Unusable(err error, lang text.Lang) []api.Finding {
	return []api.Finding{{Check: text.Of(lang, text.CheckConfig), Verdict: Missing, Text: text.Explain(lang, err)}}
}

func (d *examination) text(key text.Key, args ...any) string { return text.Of(d.Lang, key, args...) }

func (d *examination) add(check text.Key, v api.Verdict, outcome string, args ...any) {
	d.findings = append(d.findings, api.Finding{Check: d.text(check, args...), Verdict: v, Text: outcome})
}

// Short is enough of a hash to tell two apart.
func Short(hash string) string { return hash[:min(12, len(hash))] }

func (d *examination) settings() {
	outcome := d.text(text.DoctorConfigDefault)
	if d.Config.File != "" {
		outcome = d.text(text.DoctorConfigFile, d.Config.File)
	}
	d.add(text.CheckConfig, Good, outcome)
}

// data checks the folder without making it: the first start does.
func (d *examination) data() {
	dir := d.Config.Data
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		d.newData(dir)
		return
	}
	if err == nil && !info.IsDir() {
		err = unix.ENOTDIR
	}
	if err == nil {
		err = unix.Access(dir, unix.W_OK|unix.X_OK)
	}
	switch {
	case err != nil:
		d.add(text.CheckData, Missing, d.text(text.DoctorDataFolder, dir, err))
	case info.Mode().Perm()&0o077 != 0:
		d.add(text.CheckData, Warning, d.text(text.DoctorDataOpen, dir, dir))
	default:
		d.add(text.CheckData, Good, d.text(text.DoctorDataGood, dir))
	}
}

// newData looks whether the nearest folder that exists lets us make the rest.
func (d *examination) newData(dir string) {
	parent := filepath.Dir(dir)
	for parent != "/" {
		if _, err := os.Stat(parent); err == nil {
			break
		}
		parent = filepath.Dir(parent)
	}
	if err := unix.Access(parent, unix.W_OK|unix.X_OK); err != nil {
		d.add(text.CheckData, Missing, d.text(text.DoctorDataFolder, dir, err))
		return
	}
	d.add(text.CheckData, Good, d.text(text.DoctorDataNew, dir))
}

// worker starts a real one: only that proves that its libraries are here, that
// it is of this build and that this kernel can lock it down.
func (d *examination) worker() {
	ready, err := executable.Try(d.ctx, d.Parts)
	var failed *worker.FailedError
	switch {
	case err == nil:
		d.add(text.CheckWorker, Good, d.text(text.DoctorWorkerGood, d.Parts.Path))
		d.add(text.CheckLibraries, Good, ready.Libraries)
		d.lockdown(ready.Layers)
		d.add(text.CheckModel, Good, d.text(text.DoctorModelGood, yunet.Name, Short(ready.ModelHash)))
		return
	case errors.Is(err, executable.ErrNoWorker):
		d.add(text.CheckWorker, Missing, d.text(text.DoctorNoWorker))
	case errors.As(err, &failed) && failed.Code == wire.FailLockdown:
		d.add(text.CheckLockdown, Missing, d.text(text.DoctorNoSandbox, failed.Text))
		return
	default:
		d.add(text.CheckWorker, Missing, d.text(text.DoctorWorkerFails, d.Parts.Path, err))
	}
	d.add(text.CheckLibraries, Warning, d.text(text.DoctorUnknown))
}

func (d *examination) lockdown(layers []string) {
	if len(layers) == 0 {
		d.add(text.CheckLockdown, Missing, d.text(text.DoctorNotLocked))
		return
	}
	line := strings.Join(layers, ", ")
	if lacks := absent(layers, os.Geteuid()); len(lacks) > 0 {
		line = d.text(text.DoctorLayersLess, line, strings.Join(lacks, ", "))
	}
	d.add(text.CheckLockdown, Good, line)
}

// absent are the layers that this system does not give. A worker that root tries
// says nothing of worker.MemoryClosed, which the service's own user gets.
func absent(layers []string, uid int) (lacks []string) {
	for _, layer := range worker.BestEffort {
		if slices.Contains(layers, layer) || layer == worker.MemoryClosed && uid == 0 {
			continue
		}
		lacks = append(lacks, layer)
	}
	return lacks
}

// ports are free, or ours.
func (d *examination) ports() {
	d.port("RTSP", "tcp", "rtsp.address", d.Config.RTSP.Address)
	if d.Config.RTSP.UDP {
		d.port("RTP", "udp", "rtsp.udp_address", d.Config.RTSP.UDPAddress)
	}
	if d.Config.RTSP.TLS() {
		d.port("RTSPS", "tcp", "rtsp.tls_address", d.Config.RTSP.TLSAddress)
	}
	if d.Config.Console.Address != "" {
		d.port("HTTPS", "tcp", "console.address", d.Config.Console.Address)
	}
	if d.Config.ONVIF.Address != "" {
		d.port("ONVIF", "tcp", "onvif.address", d.Config.ONVIF.Address)
	}
	if d.Config.MQTT.Broker == "" {
		d.port("MQTT", "tcp", "mqtt.embedded_address", d.Config.MQTT.EmbeddedAddress)
		return
	}
	for _, one := range config.List(d.Config.MQTT.Broker) {
		d.broker(mqtt.HostOf(one))
	}
}

func (d *examination) port(name, network, key, addr string) {
	if d.Running != nil {
		d.add(text.CheckPort, Good, d.text(text.DoctorPortOurs, addr), name)
		return
	}
	err := tryListen(network, addr)
	switch {
	case err == nil:
		d.add(text.CheckPort, Good, d.text(text.DoctorPortFree, addr), name)
	case errors.Is(err, unix.EADDRINUSE):
		d.add(text.CheckPort, Missing, d.text(text.DoctorPortTaken, addr, key), name)
	default:
		d.add(text.CheckPort, Missing, d.text(text.DoctorPortBad, addr, err, key), name)
	}
}

func tryListen(network, addr string) error {
	if network == "udp" {
		c, err := net.ListenPacket(network, addr)
		if err != nil {
			return err
		}
		return c.Close()
	}
	l, err := net.Listen(network, addr)
	if err != nil {
		return err
	}
	return l.Close()
}

// brokerTimeout is how long the doctor waits for the broker's port to answer.
const brokerTimeout = 3 * time.Second

// broker looks whether one answers, and says where the running gateway uses it.
func (d *examination) broker(addr string) {
	ctx, cancel := context.WithTimeout(d.ctx, brokerTimeout)
	defer cancel()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		d.add(text.CheckPort, Warning, d.text(text.DoctorPortNoAnswer, addr), "MQTT")
		return
	}
	conn.Close()
	if d.Running != nil && d.Running.Gateway.MQTT.Connected && d.Running.Gateway.MQTT.Address == addr {
		d.add(text.CheckPort, Good, d.text(text.DoctorBrokerInUse, addr), "MQTT")
		return
	}
	d.add(text.CheckPort, Good, d.text(text.DoctorPortExternal, addr), "MQTT")
}

// firstRelease is before any copy of this program was made: a clock that shows
// an earlier time has lost its battery.
var firstRelease = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// clock matters for consent that expires and for the audit log.
func (d *examination) clock() {
	now := time.Now()
	shown := now.Format(time.DateTime + " MST")
	if now.Before(firstRelease) || now.After(firstRelease.AddDate(50, 0, 0)) {
		d.add(text.CheckClock, Warning, d.text(text.DoctorClockBad, shown, "timedatectl set-ntp true"))
		return
	}
	d.add(text.CheckClock, Good, d.text(text.DoctorClockGood, shown))
}
