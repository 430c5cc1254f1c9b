package health

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
	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/detector/yunet"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware"
)

// Doctor is bauta doctor.
type Doctor struct {
	cli.Target
	cli.OldModels
	JSON bool `help:"Print JSON."`
}

// verdict is the outcome of a check.
type verdict string

const (
	good    verdict = "ok"
	warning verdict = "warning"
	missing verdict = "missing" // mandatory: bauta cannot work without
)

// finding is one line of the doctor.
type finding struct {
	Check   string  `json:"check"`
	Verdict verdict `json:"verdict"`
	Text    string  `json:"text"`
}

// doctor examines one host. It changes nothing on it.
type doctor struct {
	p        *cli.Program
	cfg      config.Config
	parts    executable.Program
	host     hardware.Host
	running  *api.Status // nil where no daemon answers
	findings []finding
}

func (c *Doctor) Run(p *cli.Program) error {
	d := &doctor{p: p, host: hardware.Here()}
	cfg, err := c.Load(p)
	if err != nil {
		d.add(text.CheckConfig, missing, text.Explain(p.Lang, err))
		return d.finish(c.JSON)
	}
	c.Note(p, cfg)
	d.cfg, d.parts = cfg, executable.Find(cfg)
	if status, err := api.NewClient(cfg.Socket(), p.Lang).Status(p.Ctx); err == nil {
		d.running = &status
	}
	for _, check := range []func(){d.settings, d.data, d.worker, d.ports, d.board, d.memory, d.clock, d.temperature, d.throttling, d.accelerators} {
		check()
	}
	return d.finish(c.JSON)
}

func (d *doctor) add(check text.Key, v verdict, outcome string, args ...any) {
	d.findings = append(d.findings, finding{d.p.Text(check, args...), v, outcome})
}

// finish prints the findings; what is mandatory and missing makes exit code 1.
func (d *doctor) finish(asJSON bool) error {
	bad, problems := false, 0
	for _, f := range d.findings {
		bad = bad || f.Verdict == missing
		if f.Verdict != good {
			problems++
		}
	}
	if asJSON {
		if err := d.p.JSON(d.findings); err != nil {
			return err
		}
	} else {
		d.print(problems)
	}
	if bad {
		return cli.ErrSaid
	}
	return nil
}

func (d *doctor) print(problems int) {
	words := map[verdict]text.Key{good: text.DoctorOK, warning: text.DoctorWarning, missing: text.DoctorMissing}
	var t cli.Table
	for _, f := range d.findings {
		t.Add(d.p.Text(words[f.Verdict]), f.Check, f.Text)
	}
	t.Print(d.p.Stdout)
	if problems == 0 {
		d.p.Say(text.DoctorAllGood)
		return
	}
	d.p.Say(text.DoctorProblems, problems)
}

func (d *doctor) settings() {
	outcome := d.p.Text(text.DoctorConfigDefault)
	if d.cfg.File != "" {
		outcome = d.p.Text(text.DoctorConfigFile, d.cfg.File)
	}
	d.add(text.CheckConfig, good, outcome)
}

// data checks the folder without making it: the first start does.
func (d *doctor) data() {
	dir := d.cfg.Data
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
		d.add(text.CheckData, missing, d.p.Text(text.DoctorDataFolder, dir, err))
	case info.Mode().Perm()&0o077 != 0:
		d.add(text.CheckData, warning, d.p.Text(text.DoctorDataOpen, dir, dir))
	default:
		d.add(text.CheckData, good, d.p.Text(text.DoctorDataGood, dir))
	}
}

// newData looks whether the nearest folder that exists lets us make the rest.
func (d *doctor) newData(dir string) {
	parent := filepath.Dir(dir)
	for parent != "/" {
		if _, err := os.Stat(parent); err == nil {
			break
		}
		parent = filepath.Dir(parent)
	}
	if err := unix.Access(parent, unix.W_OK|unix.X_OK); err != nil {
		d.add(text.CheckData, missing, d.p.Text(text.DoctorDataFolder, dir, err))
		return
	}
	d.add(text.CheckData, good, d.p.Text(text.DoctorDataNew, dir))
}

// worker starts a real one: only that proves that its libraries are here, that
// it is of this build and that this kernel can lock it down.
func (d *doctor) worker() {
	ready, err := executable.Try(d.p.Ctx, d.parts)
	var failed *worker.FailedError
	switch {
	case err == nil:
		d.add(text.CheckWorker, good, d.p.Text(text.DoctorWorkerGood, d.parts.Path))
		d.add(text.CheckLibraries, good, ready.Libraries)
		d.lockdown(ready.Layers)
		d.add(text.CheckModel, good, d.p.Text(text.DoctorModelGood, yunet.Name, short(ready.ModelHash)))
		return
	case errors.Is(err, executable.ErrNoWorker):
		d.add(text.CheckWorker, missing, d.p.Text(text.DoctorNoWorker))
	case errors.As(err, &failed) && failed.Code == wire.FailLockdown:
		d.add(text.CheckLockdown, missing, d.p.Text(text.DoctorNoSandbox, failed.Text))
		return
	default:
		d.add(text.CheckWorker, missing, d.p.Text(text.DoctorWorkerFails, d.parts.Path, err))
	}
	d.add(text.CheckLibraries, warning, d.p.Text(text.DoctorUnknown))
}

func (d *doctor) lockdown(layers []string) {
	if len(layers) == 0 {
		d.add(text.CheckLockdown, missing, d.p.Text(text.DoctorNotLocked))
		return
	}
	line := strings.Join(layers, ", ")
	if lacks := absent(layers, os.Geteuid()); len(lacks) > 0 {
		line = d.p.Text(text.DoctorLayersLess, line, strings.Join(lacks, ", "))
	}
	d.add(text.CheckLockdown, good, line)
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
func (d *doctor) ports() {
	d.port("RTSP", "tcp", "rtsp.address", d.cfg.RTSP.Address)
	if d.cfg.RTSP.UDP {
		d.port("RTP", "udp", "rtsp.udp_address", d.cfg.RTSP.UDPAddress)
	}
	if d.cfg.RTSP.TLS() {
		d.port("RTSPS", "tcp", "rtsp.tls_address", d.cfg.RTSP.TLSAddress)
	}
	if d.cfg.Console.Address != "" {
		d.port("HTTPS", "tcp", "console.address", d.cfg.Console.Address)
	}
	if d.cfg.ONVIF.Address != "" {
		d.port("ONVIF", "tcp", "onvif.address", d.cfg.ONVIF.Address)
	}
	if d.cfg.MQTT.Broker == "" {
		d.port("MQTT", "tcp", "mqtt.embedded_address", d.cfg.MQTT.EmbeddedAddress)
		return
	}
	d.broker()
}

func (d *doctor) port(name, network, key, addr string) {
	if d.running != nil {
		d.add(text.CheckPort, good, d.p.Text(text.DoctorPortOurs, addr), name)
		return
	}
	err := tryListen(network, addr)
	switch {
	case err == nil:
		d.add(text.CheckPort, good, d.p.Text(text.DoctorPortFree, addr), name)
	case errors.Is(err, unix.EADDRINUSE):
		d.add(text.CheckPort, missing, d.p.Text(text.DoctorPortTaken, addr, key), name)
	default:
		d.add(text.CheckPort, missing, d.p.Text(text.DoctorPortBad, addr, err, key), name)
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

func (d *doctor) broker() {
	addr := mqtt.HostOf(d.cfg.MQTT.Broker)
	ctx, cancel := context.WithTimeout(d.p.Ctx, brokerTimeout)
	defer cancel()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		d.add(text.CheckPort, warning, d.p.Text(text.DoctorPortNoAnswer, addr), "MQTT")
		return
	}
	conn.Close()
	d.add(text.CheckPort, good, d.p.Text(text.DoctorPortExternal, addr), "MQTT")
}

// firstRelease is before any copy of this program was made: a clock that shows
// an earlier time has lost its battery.
var firstRelease = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// clock matters for consent that expires and for the audit log.
func (d *doctor) clock() {
	now := time.Now()
	shown := now.Format(time.DateTime)
	if now.Before(firstRelease) || now.After(firstRelease.AddDate(50, 0, 0)) {
		d.add(text.CheckClock, warning, d.p.Text(text.DoctorClockBad, shown, "timedatectl set-ntp true"))
		return
	}
	d.add(text.CheckClock, good, d.p.Text(text.DoctorClockGood, shown))
}
