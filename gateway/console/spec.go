package console

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/bauta-gateway/bauta/gateway/identity"
)

// OpenAPI is the description of the whole API. It is the authority: what it
// does not list is not served, and the role that an operation asks for stands there.
//
//go:embed openapi.yaml
var OpenAPI []byte

// operation is what the server needs of one operation of the description.
type operation struct {
	Role identity.Role `yaml:"x-role"`
	// AnyLogin: a manager who has yet to set the second factor up may do it too.
	AnyLogin bool `yaml:"x-any-login"`
	// Quiet: pages ask for it by themselves, so it does not keep a session alive.
	Quiet bool `yaml:"x-quiet"`
	// Display: a screen with a link may ask too, for the cameras that it sees.
	Display bool `yaml:"x-display"`
	// MaxBody in bytes, where it is not defaultBody.
	MaxBody int64 `yaml:"x-max-body"`
	// MaxSeconds that the answer may take, where it is not the server's.
	MaxSeconds int `yaml:"x-max-seconds"`
}

// defaultBody bounds a request's body: as the administrator's socket does.
const defaultBody = 256 << 10

type pathItem struct {
	Get    *operation `yaml:"get"`
	Put    *operation `yaml:"put"`
	Post   *operation `yaml:"post"`
	Delete *operation `yaml:"delete"`
	// Options is how a player of WHEP asks for the ICE servers.
	Options *operation `yaml:"options"`
}

// operations lists the description's operations by "METHOD /path".
func operations(b []byte) (map[string]operation, error) {
	var doc struct {
		Paths map[string]pathItem `yaml:"paths"`
	}
	if err := yaml.Unmarshal(b, &doc); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	all := map[string]operation{}
	for path, item := range doc.Paths {
		for method, op := range map[string]*operation{"GET": item.Get, "PUT": item.Put, "POST": item.Post, "DELETE": item.Delete, "OPTIONS": item.Options} {
			if op == nil {
				continue
			}
			if !slices.Contains(append(identity.Roles, identity.Public, identity.Local), op.Role) {
				return nil, fmt.Errorf("openapi.yaml: %s %s asks for the role %q", method, path, op.Role)
			}
			if op.MaxBody == 0 {
				op.MaxBody = defaultBody
			}
			all[method+" "+path] = *op
		}
	}
	return all, nil
}

// compare refuses a route that the description does not list and an operation that
// nothing serves.
func compare(described map[string]operation, served []string) error {
	for _, route := range served {
		if _, ok := described[route]; !ok {
			return fmt.Errorf("openapi.yaml does not list %s", route)
		}
	}
	for route := range described {
		if !slices.Contains(served, route) {
			return fmt.Errorf("openapi.yaml lists %s, which nothing serves", route)
		}
	}
	return nil
}

// outside is the path under which the console serves a path of the description.
func outside(path string) string {
	if strings.HasPrefix(path, "/v1/") {
		return "/api" + path
	}
	return path
}
