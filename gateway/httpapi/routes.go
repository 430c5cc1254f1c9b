// Package httpapi answers the API of version 1, on the administrator's socket and for
// the console: one file a resource. Inputs are requests, outputs what the rooms below say.
// Its goroutines are the HTTP server's. It decides nothing: it decodes, calls and encodes.
package httpapi

import (
	"cmp"
	"log/slog"
	"net/http"
	"sync"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/anchor"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/consents"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/displays"
	"github.com/bauta-gateway/bauta/gateway/doctor"
	"github.com/bauta-gateway/bauta/gateway/evaluation"
	"github.com/bauta-gateway/bauta/gateway/hls"
	"github.com/bauta-gateway/bauta/gateway/httpapi/people"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/httpapi/telling"
	"github.com/bauta-gateway/bauta/gateway/httpapi/upkeep"
	"github.com/bauta-gateway/bauta/gateway/lock"
	"github.com/bauta-gateway/bauta/gateway/logins"
	"github.com/bauta-gateway/bauta/gateway/loglines"
	"github.com/bauta-gateway/bauta/gateway/openings"
	"github.com/bauta-gateway/bauta/gateway/progress"
	"github.com/bauta-gateway/bauta/gateway/questions"
	"github.com/bauta-gateway/bauta/gateway/restore"
	"github.com/bauta-gateway/bauta/gateway/sealed"
	"github.com/bauta-gateway/bauta/gateway/undo"
	care "github.com/bauta-gateway/bauta/gateway/upkeep"
	"github.com/bauta-gateway/bauta/gateway/viewers"
	"github.com/bauta-gateway/bauta/gateway/violations"
	"github.com/bauta-gateway/bauta/gateway/whep"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
)

// Parts are what the handlers work with.
type Parts struct {
	Status     *Status
	Stream     *Stream
	Config     config.Config
	Store      *store.Store
	Audit      *audit.Log
	Cameras    *camera.Set
	Consents   *consents.Consents
	Evaluation *evaluation.Evaluation
	Violations *violations.Register
	Sealed     *sealed.Room
	Locks      *lock.Locks
	Anchors    *anchor.Watch
	Accounts   *console.Accounts
	Logins     *logins.Logins
	Viewers    *viewers.Viewers
	Displays   *displays.Displays
	Openings   *openings.Desk
	Intake     *restore.Intake
	Previews   *whep.Server
	HLS        *hls.Server
	Telling    telling.Parts
	Undo       *undo.Room
	// ConsoleURL is where a browser finds the console, empty where it is off; Fingerprint that of
	// its own certificate, empty where it has another.
	ConsoleURL, Fingerprint func() string
	// NoticeURL is where anybody finds the notice; empty where it is not served.
	NoticeURL func() string
	// EndLogin cuts the connections of a login at the embedded broker.
	EndLogin func(name string)
	Log      *slog.Logger
	// Lines are the newest of Log, Backups what is known of backups, Program the worker's.
	Lines   *loglines.Ring
	Backups *care.Backups
	Program executable.Program
}

// doctor looks at this host while the gateway runs.
func (p Parts) doctor() doctor.Doctor {
	now := p.Status.Now()
	return doctor.Doctor{Config: p.Config, Parts: p.Program, Host: p.Status.Heat.Host(), Running: &now}
}

// names has what accounts, tokens, cameras and clauses are called, by what the audit log calls them.
func (p Parts) names(lang text.Lang) map[string]string {
	all := map[string]string{}
	for _, u := range p.Accounts.Users() {
		all["user/"+u.ID] = u.Name
	}
	for _, t := range p.Accounts.Tokens() {
		all["token/"+t.ID] = t.Name
	}
	for _, c := range p.Cameras.Statuses() {
		all[audit.Camera(c.ID)] = cmp.Or(c.Name, string(c.ID))
	}
	for _, pack := range p.Evaluation.Packs() {
		for _, clause := range pack.Clauses {
			all["clause/"+clause.ID] = pack.Cite(clause, lang)
		}
	}
	return all
}

// New binds the paths of version 1.
func New(p Parts) *route.Routes {
	r, edits, desk := &route.Routes{Mux: http.NewServeMux(), Log: p.Log}, route.NewEdits(), progress.NewDesk()
	statusHandlers{p.Status, p.Stream}.bind(r)
	cameraHandlers{p.Cameras, p.Previews, p.HLS, p.Undo, edits}.bind(r)
	listHandlers{p.Cameras}.bind(r)
	lockHandlers{p.Locks, p.Config.Gateway.Name, p.Evaluation.Zone, document.Printer{}, &sync.Mutex{}}.bind(r)
	overviewHandlers{p.Cameras, make(chan struct{}, stillsAtOnce)}.bind(r)
	zoneHandlers{p.Cameras, p.Undo, edits}.bind(r)
	sealedHandlers{p.Sealed}.bind(r)
	violationHandlers{p.Violations}.bind(r)
	questionHandlers{&questions.Guide{Site: p.Evaluation, Cameras: p.Cameras, Settings: p.Store}, edits}.bind(r)
	siteHandlers{p.Evaluation, p.Config.Gateway.Name, p.Config.Data, &sync.Mutex{}, edits, desk}.bind(r)
	formHandlers{p.Evaluation, document.Printer{}, &sync.Mutex{}, p.NoticeURL}.bind(r)
	consentHandlers{p.Consents, p.Store, p.Evaluation.Zone, p.Log}.bind(r)
	people.Bind(r, people.Parts{Accounts: p.Accounts, Logins: p.Logins, Viewers: p.Viewers, Displays: p.Displays, Audit: p.Audit, ConsoleURL: p.ConsoleURL, Fingerprint: p.Fingerprint, EndLogin: p.EndLogin, Has: p.Cameras.Has, Undo: p.Undo, Edits: edits})
	openingHandlers{p.Openings}.bind(r)
	telling.Bind(r, p.Telling)
	workHandlers{p.Undo, desk}.bind(r)
	choiceHandlers{p.Config, p.Consents, p.Evaluation}.bind(r)
	upkeep.Bind(r, upkeep.Parts{
		Store: p.Store, Audit: p.Audit, Intake: p.Intake, Anchors: p.Anchors, Backups: p.Backups, Lines: p.Lines, Config: p.Config, Doctor: p.doctor, Status: p.Status.Now,
		Names: p.names, Zone: p.Evaluation.Zone, Prove: p.Accounts.Prove, Log: p.Log,
	})
	bindDiscovery(r, p.Cameras)
	bindMetrics(r, p)
	r.Mux.HandleFunc("/", route.Answer(http.StatusOK, route.UnknownPath))
	return r
}
