// Package people answers the API's paths for who may come in: the console's users, machines'
// tokens, the logins at the broker and at the streams, and the links of screens. In: requests.
// Out: what the rooms of these say. It starts no goroutines and decides nothing.
package people

import (
	"context"

	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/displays"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/logins"
	"github.com/bauta-gateway/bauta/gateway/undo"
	"github.com/bauta-gateway/bauta/gateway/viewers"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Parts are what the handlers work with.
type Parts struct {
	Accounts *console.Accounts
	Logins   *logins.Logins
	Viewers  *viewers.Viewers
	Displays *displays.Displays
	Audit    *audit.Log
	// ConsoleURL is where a browser finds the console, empty where it is off; Fingerprint that of
	// its own certificate, empty where it has another.
	ConsoleURL, Fingerprint func() string
	// EndLogin cuts the connections of a login at the embedded broker.
	EndLogin func(name string)
	Undo     *undo.Room
	Edits    *route.Edits
	// Has reports whether there is such a camera.
	Has func(media.CameraID) bool
}

// noted is what puts a thing back by again, which may be nil, and then writes that down.
func noted(again func() error, did func(context.Context) error) func(context.Context) error {
	if again == nil {
		return nil
	}
	return func(ctx context.Context) error {
		if err := again(); err != nil {
			return err
		}
		return did(ctx)
	}
}

// Bind binds the paths.
func Bind(r *route.Routes, p Parts) {
	userHandlers{p.Accounts, p.Audit, p.ConsoleURL, p.Fingerprint, p.Undo, p.Edits}.bind(r)
	loginHandlers{p.Logins, p.Audit, p.EndLogin}.bind(r)
	streamLoginHandlers{p.Viewers, p.Audit, p.Has, p.Undo}.bind(r)
	displayHandlers{p.Displays, p.Audit, p.ConsoleURL}.bind(r)
}
