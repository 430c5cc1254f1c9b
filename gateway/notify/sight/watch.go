package sight

import (
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/notify"
	"github.com/bauta-gateway/bauta/hardware"
)

// readEvery is how often what lies on the disk is read anew.
const readEvery = time.Minute

// Watch looks at a gateway; each of its functions says one part. Those that may be nil say nothing then.
type Watch struct {
	Zone    func() *time.Location
	Cameras func() []api.CameraStatus
	Report  func() compliance.Report
	// Complaints and Disk are asked once a minute.
	Complaints func() ([]register.Complaint, error)
	Disk       func() (hardware.Disk, error)
	// Certificate may be nil, and Gateways with its report of which nobody knows now.
	Certificate func() time.Time
	Gateways    func() ([]Gateway, func(name string) bool)
	Near        func() (deadline, certificate time.Duration)

	mu   sync.Mutex
	read time.Time
	kept View // what was read
}

// Now says what is wrong now.
func (w *Watch) Now() notify.Sight {
	v := w.slow(time.Now())
	v.Now, v.Zone, v.Cameras, v.Report = time.Now(), w.Zone(), w.Cameras(), w.Report()
	v.DeadlineNear, v.CertificateNear = w.Near()
	if w.Certificate != nil {
		v.Certificate = w.Certificate()
	}
	if w.Gateways != nil {
		v.Gateways, v.GatewayHeld = w.Gateways()
	}
	return Of(v)
}

// slow is what is read once a minute. What cannot be read stays as it was.
func (w *Watch) slow(now time.Time) View {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now.Sub(w.read) < readEvery {
		return w.kept
	}
	w.read = now
	if all, err := w.Complaints(); err == nil {
		w.kept.Complaints = all
	}
	if d, err := w.Disk(); err == nil {
		w.kept.Disk = &d
	}
	return w.kept
}
