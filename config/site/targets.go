package site

import (
	"errors"
	"net/url"
	"reflect"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Target is a gateway elsewhere that a site's file is brought to.
type Target struct {
	// Name is for people, and of its file and its secrets: a slug.
	Name string `json:"name"`
	// Address of its console, such as https://192.168.1.5:8443.
	Address string `json:"address"`
	// Fingerprint is the SHA-256 of its certificate; empty: it has to be one that this PC trusts.
	Fingerprint string `json:"fingerprint"`
	// User logs in with a password; empty: a machine's token does.
	User string `json:"user"`
	// Site is its file; empty: the one that is named like it, or the one for all.
	Site string `json:"site"`
}

// targets is a file of them.
type targets struct {
	Version int      `json:"version"`
	Targets []Target `json:"targets"`
}

// ReadTargets reads a file that lists gateways, as strictly as a site's file.
func ReadTargets(src []byte, path string) ([]Target, error) {
	r, all := &reading{path: path, lines: map[string]int{}}, targets{}
	r.root(src, reflect.ValueOf(&all).Elem())
	for _, t := range all.Targets {
		if !media.IsSlug(t.Name) {
			r.bad("targets/"+t.Name, text.Fail(nil, text.TargetsName, t.Name))
		}
		if u, err := url.Parse(t.Address); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
			r.bad("targets/"+t.Name, text.Fail(nil, text.TargetsAddress, t.Name, "https://192.168.1.5:8443"))
		}
	}
	if len(r.errs) == 0 && len(all.Targets) == 0 {
		r.fail(lineAt(r.lines, "targets"), text.Fail(nil, text.TargetsNone))
	}
	return all.Targets, errors.Join(r.errs...)
}
