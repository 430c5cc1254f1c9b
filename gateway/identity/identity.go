// Package identity says who asks and what they may do. Input is a request's context, in which
// the console puts who is logged in; output is a role, and a name for the audit log. It has
// no goroutine, and decides nothing about a login.
package identity

import (
	"context"
	"slices"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Role is what somebody may do.
type Role string

// The roles; each of viewer, auditor and manager may do all that the one
// before it may. Public operations need no login. Local ones are on the
// administrator's socket alone.
const (
	Public  Role = "public"
	Viewer  Role = "viewer"
	Auditor Role = "auditor"
	Manager Role = "manager"
	Local   Role = "local"
	// Display is a screen with a link. It is below all others: it may do only what the API's
	// description marks for screens, for the cameras that it sees.
	Display Role = "display"
)

// Roles are those that a user or a machine may have, the least first.
var Roles = []Role{Viewer, Auditor, Manager}

// May reports whether who has role r may do what asks for want. An unknown role
// may do nothing, and nobody may do what asks for an unknown one.
func (r Role) May(want Role) bool {
	if want == Public {
		return true
	}
	has, needs := slices.Index(Roles, r), slices.Index(Roles, want)
	return needs >= 0 && has >= needs
}

// Identity is who asks over HTTPS.
type Identity struct {
	// ID of the account: random, stable, and no name. User's name is empty for
	// a machine.
	ID, User string
	Role     Role
	Language text.Lang
	// Until ends when the login does.
	Until context.Context
	// Sees reports whether who asks may see a camera; nil: all of them.
	Sees func(media.CameraID) bool
}

type identityKey struct{}

// In is ctx in which this is who asks.
func (i Identity) In(ctx context.Context) context.Context {
	return context.WithValue(ctx, identityKey{}, i)
}

// Who reports who asks; false for the administrator's socket and for what needs
// no login.
func Who(ctx context.Context) (Identity, bool) {
	i, ok := ctx.Value(identityKey{}).(Identity)
	return i, ok
}

// Sees reports whether who asks may see a camera.
func Sees(ctx context.Context, id media.CameraID) bool {
	i, ok := Who(ctx)
	return !ok || i.Sees == nil || i.Sees(id)
}

// IsDisplay reports whether a screen asks.
func IsDisplay(ctx context.Context) bool {
	i, ok := Who(ctx)
	return ok && i.Role == Display
}

// LocalActor is the audit log's name for who uses the administrator's socket.
const LocalActor = "local"

// Actor is the audit log's name for who asks: the role and the account's id,
// never a name.
func Actor(ctx context.Context) string {
	if i, ok := Who(ctx); ok {
		return i.Actor()
	}
	return LocalActor
}

// Actor is the audit log's name for it.
func (i Identity) Actor() string { return string(i.Role) + ":" + i.ID }

// OnEnd calls f when the login of who asks ends, from another goroutine. It
// returns what takes that back. On the socket there is no login to end.
func OnEnd(ctx context.Context, f func()) (stop func() bool) {
	if i, ok := Who(ctx); ok {
		return context.AfterFunc(i.Until, f)
	}
	return func() bool { return true }
}
