package upkeep

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
)

const (
	// packageName is the one that this program is installed by.
	packageName = "bauta"
	// FirstCheck is how long after the start apt is asked first, askEvery how often from then on.
	FirstCheck = time.Minute
	askEvery   = 6 * time.Hour
	// checkLimit bounds one child, maxAnswer what is read of its answer, in bytes.
	checkLimit = 30 * time.Second
	maxAnswer  = 64 << 10
)

// Updates asks Debian's apt whether its lists have a newer package than the one installed. It asks
// no server, needs no rights, and never installs anything: whoever updates the lists is the
// system. Its methods may be called from any goroutine and do not wait, but for Run.
type Updates struct {
	log     *slog.Logger
	first   time.Duration
	changed func()

	mu  sync.Mutex
	now *api.UpdateStatus // nil: not known
}

// NewUpdates tells changed when the answer is another one. first is how long the first one may
// take to begin; 0: FirstCheck.
func NewUpdates(first time.Duration, changed func(), log *slog.Logger) *Updates {
	if first == 0 {
		first = FirstCheck
	}
	return &Updates{log: log, first: first, changed: changed}
}

// Status is what apt said last; nil where there is no apt, or no package of this program.
func (u *Updates) Status() *api.UpdateStatus {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.now == nil {
		return nil
	}
	out := *u.now
	return &out
}

// Newer is the newer package's version; empty: none is known.
func (u *Updates) Newer() string {
	if s := u.Status(); s != nil {
		return s.Newer
	}
	return ""
}

// Run asks until ctx ends.
func (u *Updates) Run(ctx context.Context) {
	due := time.NewTimer(u.first)
	defer due.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-due.C:
			u.check(ctx)
			due.Reset(askEvery)
		}
	}
}

func (u *Updates) check(ctx context.Context) {
	now, err := ask(ctx)
	if err != nil {
		u.log.Debug("apt does not say whether there is a newer package", "error", err)
	}
	u.mu.Lock()
	was := u.now
	u.now = now
	u.mu.Unlock()
	if now != nil && now.Newer != "" && (was == nil || was.Newer != now.Newer) {
		u.log.Info("there is a newer package", "installed", now.Installed, "newer", now.Newer)
	}
	if (was == nil) != (now == nil) || now != nil && was.Newer != now.Newer {
		u.changed()
	}
}

// ask is nil without an error where the program is not installed as a package.
func ask(ctx context.Context) (*api.UpdateStatus, error) {
	out, err := child(ctx, "apt-cache", "policy", packageName)
	if err != nil {
		return nil, err
	}
	p, err := parsePolicy(out)
	if err != nil || p.installed == "" {
		return nil, err
	}
	s := &api.UpdateStatus{Installed: p.installed, Repository: p.repository, Checked: time.Now()}
	if p.candidate == "" || p.candidate == p.installed {
		return s, nil
	}
	// Where an administrator holds an older one, that is the candidate.
	_, err = child(ctx, "dpkg", "--compare-versions", p.candidate, "gt", p.installed)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == 1 {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	s.Newer = p.candidate
	return s, nil
}

// child runs one of Debian's programs and returns what it says. It ends with ctx.
func child(ctx context.Context, name string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.WaitDelay = time.Second
	var out capped
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out.Bytes(), nil
}

// capped keeps the first maxAnswer bytes.
type capped struct{ bytes.Buffer }

func (c *capped) Write(b []byte) (int, error) {
	c.Buffer.Write(b[:min(len(b), maxAnswer-c.Len())])
	return len(b), nil
}

// aptPolicy is what apt-cache policy says of a package. Versions are empty where it has none.
type aptPolicy struct {
	installed, candidate string
	// repository: some version is in a list, not only among what is installed.
	repository bool
}

// debianVersion is one as deb-version(7) has it, not longer than ours ever are.
var debianVersion = regexp.MustCompile(`^[0-9][A-Za-z0-9.+~:-]{0,63}$`)

// aptSource is a line of the version table that names where a version is from.
var aptSource = regexp.MustCompile(`^ +-?[0-9]+ (\S+)`)

// aptInstalled is where what is installed is written down.
const aptInstalled = "/var/lib/dpkg/status"

// parsePolicy reads the answer of apt-cache policy in the locale C. An answer without the package
// is none at all.
func parsePolicy(out []byte) (p aptPolicy, err error) {
	for line := range strings.Lines(string(out)) {
		line = strings.TrimRight(line, "\r\n")
		field, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch field {
		case "Installed":
			p.installed, err = aptVersion(value)
		case "Candidate":
			p.candidate, err = aptVersion(value)
		}
		if err != nil {
			return aptPolicy{}, err
		}
		if m := aptSource.FindStringSubmatch(line); m != nil && !strings.HasSuffix(m[1], aptInstalled) && strings.ContainsAny(m[1], ":/") {
			p.repository = true
		}
	}
	return p, nil
}

func aptVersion(s string) (string, error) {
	if s == "(none)" || debianVersion.MatchString(s) {
		return strings.TrimPrefix(s, "(none)"), nil
	}
	return "", fmt.Errorf("apt names the version %.80q, which is none", s)
}
