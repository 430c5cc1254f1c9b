// Package upkeep answers the API's paths for keeping a gateway well: backups and restores. In:
// requests. Out: what the store and its neighbours say. It starts no goroutines and decides
// nothing.
package upkeep

import (
	"log/slog"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/anchor"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/restore"
)

// Parts are what the handlers work with.
type Parts struct {
	Store   *store.Store
	Audit   *audit.Log
	Intake  *restore.Intake
	Anchors *anchor.Watch
	Gateway string // its name
	Log     *slog.Logger
}

// Bind binds the paths.
func Bind(r *route.Routes, p Parts) { backupHandlers{p}.bind(r) }
