package doctor

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware"
)

// What the doctor finds out about the host itself.

func (d *examination) board() {
	f := d.Host.Facts()
	parts := Facts(f, func(key text.Key, args ...any) string { return d.text(key, args...) })
	d.add(text.CheckBoard, Good, strings.Join(parts, ", "))
}

// Facts are the words for what a host is.
func Facts(f hardware.Facts, t func(text.Key, ...any) string) (parts []string) {
	for _, name := range []string{f.Board, f.SoC} {
		if name != "" {
			parts = append(parts, name)
		}
	}
	cores := t(text.StatusCores, f.Cores)
	var clusters []string
	for _, c := range f.Clusters {
		clusters = append(clusters, t(text.StatusClusters, c.Cores, c.MaxMHz))
	}
	if len(clusters) > 0 {
		cores += " (" + strings.Join(clusters, ", ") + ")"
	}
	return append(parts, cores)
}

// perCamera is what a worker and its share of the supervisor take at 1080p.
const perCamera = 400 << 20

func (d *examination) memory() {
	f := d.Host.Facts()
	total, free := Bytes(f.MemoryTotal), Bytes(f.MemoryFree)
	if f.MemoryFree > 0 && f.MemoryFree < perCamera {
		d.add(text.CheckMemory, Warning, d.text(text.DoctorMemoryLow, free, total, Bytes(perCamera)))
		return
	}
	d.add(text.CheckMemory, Good, d.text(text.DoctorMemoryGood, free, total, f.MemoryFree/perCamera))
}

func (d *examination) temperature() {
	c := d.Host.Condition()
	if len(c.Zones) == 0 {
		d.add(text.CheckTemperature, Good, d.text(text.DoctorNoSensor))
		return
	}
	var zones []string
	for _, z := range c.Zones {
		zones = append(zones, d.text(text.DoctorDegrees, z.Name, z.Celsius, z.Limit))
	}
	outcome := strings.Join(zones, "; ")
	if heat := new(hardware.Thermostat).Take(c, time.Now()); heat > hardware.Cool {
		d.add(text.CheckTemperature, Warning, d.text(text.DoctorHeat, d.text(text.HeatWord(heat.String())), outcome))
		return
	}
	d.add(text.CheckTemperature, Good, outcome)
}

func (d *examination) throttling() {
	c := d.Host.Condition()
	switch {
	case c.Throttled:
		d.add(text.CheckThrottling, Warning, d.text(text.DoctorThrottled))
	case c.Undervoltage:
		d.add(text.CheckThrottling, Warning, d.text(text.DoctorWeakSupply))
	case c.Capped:
		d.add(text.CheckThrottling, Warning, d.text(text.DoctorCapped))
	default:
		d.add(text.CheckThrottling, Good, d.text(text.DoctorFullSpeed))
	}
}

// accelerators tries each one as a starting daemon does; one that the settings
// name is tried too, for a daemon would find out only with a camera.
func (d *examination) accelerators() {
	key := d.Config.Worker.Accelerator
	all, _ := executable.ChooseAccelerator(d.ctx, d.Host, d.Parts, key, d.Lang)
	for _, c := range all {
		v, outcome := Good, strings.Join(c.Why, "; ")
		if c.Name == key {
			if err := d.tryAccelerator(c); err != nil {
				v, outcome = Warning, d.text(text.DoctorForcedFails, "worker.accelerator", err)
			}
		}
		d.add(text.CheckAccelerator, v, outcome, c.Name)
	}
}

func (d *examination) tryAccelerator(c api.Candidate) error {
	_, err := executable.TryAccelerator(d.ctx, d.Parts, wire.Use{Accelerator: c.Name, Devices: c.Devices, Decode: true, Encode: true})
	if err != nil && len(c.Devices) == 0 {
		return text.Fail(err, text.AcceleratorAbsent, err)
	}
	return err
}

// Bytes prints a size.
func Bytes(n int64) string {
	if n < 1<<30 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
}

// disk is the one that the data folder is on, or will be.
func (d *examination) disk() {
	disk, err := hardware.DiskOf(existing(d.Config.Data))
	if err != nil {
		d.add(text.CheckDisk, Warning, d.text(text.DoctorUnknown))
		return
	}
	free, total := Bytes(disk.Free), Bytes(disk.Total)
	outcome := map[hardware.Room]text.Key{hardware.RoomGood: text.DoctorDiskGood, hardware.RoomLow: text.DoctorDiskLow, hardware.RoomNone: text.DoctorDiskNone}
	verdict := map[hardware.Room]api.Verdict{hardware.RoomGood: Good, hardware.RoomLow: Warning, hardware.RoomNone: Missing}
	line := d.text(outcome[disk.Room()], free, total)
	if d.Running != nil && d.Running.Gateway.Disk != nil && d.Running.Gateway.Disk.AuditMonth > 0 {
		line += d.text(text.DoctorAuditGrows, float64(d.Running.Gateway.Disk.AuditMonth)/1e6)
	}
	d.add(text.CheckDisk, verdict[disk.Room()], line)
}

// existing is the nearest folder that is there.
func existing(dir string) string {
	for ; dir != "/" && dir != "."; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); err == nil {
			break
		}
	}
	return dir
}

func (d *examination) version() {
	d.add(text.CheckVersion, Good, d.text(text.DoctorVersion, wire.Version, wire.BuildID, d.Host.Load().Kernel))
}

// busy is how many tasks a core may have on average before frames come late.
const busy = 4

func (d *examination) load() {
	l, cores := d.Host.Load(), d.Host.Facts().Cores
	up := l.Uptime.Round(time.Minute)
	if l.Waiting > float64(busy*cores) {
		d.add(text.CheckLoad, Warning, d.text(text.DoctorLoadHigh, l.Waiting, cores, int(up.Hours())/24, int(up.Hours())%24))
		return
	}
	d.add(text.CheckLoad, Good, d.text(text.DoctorLoadGood, l.Waiting, cores, int(up.Hours())/24, int(up.Hours())%24))
}

// cameras says how many more fit, by the settings and by the memory that is free.
func (d *examination) cameras() {
	if d.Running == nil {
		return
	}
	n, most := len(d.Running.Cameras), d.Config.Limits.Cameras
	fits := max(0, min(most-n, int(d.Host.Facts().MemoryFree/perCamera)))
	if fits == 0 {
		d.add(text.CheckCameras, Warning, d.text(text.DoctorCamerasFull, n, most))
		return
	}
	d.add(text.CheckCameras, Good, d.text(text.DoctorCamerasFit, n, most, fits))
}
