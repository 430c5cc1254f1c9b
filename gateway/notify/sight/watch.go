package sight

import (
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/notify"
)

// readEvery is how often what lies on the disk is read anew.
const readEvery = time.Minute

// Watch looks at a gateway; each of its functions says one part.
type Watch struct {
	Zone    func() *time.Location
	Cameras func() []api.CameraStatus
	Report  func() compliance.Report
	Disk    func() *api.DiskStatus
	// Complaints and Certificate are asked once a minute: they read the disk.
	Complaints  func() ([]register.Complaint, error)
	Certificate func() time.Time
	// Gateways come with a report of which nobody knows now.
	Gateways func() ([]Gateway, func(name string) bool)
	Near     func() (deadline, certificate time.Duration)

	mu   sync.Mutex
	read time.Time
	kept View // what was read
}

// Now says what is wrong now.
func (w *Watch) Now() notify.Sight {
	now := time.Now()
	v := w.slow(now)
	v.Now, v.Zone, v.Cameras, v.Report, v.Disk = now, w.Zone(), w.Cameras(), w.Report(), w.Disk()
	v.DeadlineNear, v.CertificateNear = w.Near()
	v.Gateways, v.GatewayHeld = w.Gateways()
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
	w.kept.Certificate = w.Certificate()
	return w.kept
}
