// Package upkeep answers the API's paths for keeping a gateway well: backups and restores, the
// doctor, the log, the audit log, and the bundle for support. In: requests. Out: what the store and
// its neighbours say. It starts no goroutines and decides nothing.
package upkeep

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/anchor"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/doctor"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/loglines"
	"github.com/bauta-gateway/bauta/gateway/restore"
	"github.com/bauta-gateway/bauta/gateway/upkeep"
)

// Parts are what the handlers work with.
type Parts struct {
	Store   *store.Store
	Audit   *audit.Log
	Intake  *restore.Intake
	Anchors *anchor.Watch
	Backups *upkeep.Backups
	Lines   *loglines.Ring
	Config  config.Config
	// Doctor looks at this host while the gateway runs; its language is the caller's to set.
	Doctor func() doctor.Doctor
	Status func() api.Status
	// Names has the names of accounts, tokens, cameras and clauses by what the audit log calls them.
	Names func(text.Lang) map[string]string
	// Zone is the site's time zone.
	Zone func() *time.Location
	// Prove fails where who asks does not have that password, or is no person.
	Prove func(ctx context.Context, password string) error
	Log   *slog.Logger
}

// Bind binds the paths.
func Bind(r *route.Routes, p Parts) {
	p.Intake.Discard() // what a browser sent to the one that ran before
	backupHandlers{p}.bind(r)
	restoreHandlers{p}.bind(r)
	healthHandlers{p, &sync.Mutex{}}.bind(r)
	logHandlers{p.Lines}.bind(r)
	auditHandlers{p}.bind(r)
}
