package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/httpapi/upkeep"
	"github.com/bauta-gateway/bauta/gateway/restore"
)

// listenSocket opens the local API's socket with mode 0600. The caller holds
// the store's lock on the same folder, so a socket that somebody answers
// belongs to a stranger and is left alone; one that nobody answers is what a
// killed daemon left behind.
func listenSocket(path string) (net.Listener, error) {
	if err := removeStale(path); err != nil {
		return nil, err
	}
	short, done, err := api.ShortPath(path)
	if err != nil {
		return nil, err
	}
	defer done()
	cfg := net.ListenConfig{Control: ownerOnly}
	l, err := cfg.Listen(context.Background(), "unix", short)
	if err != nil {
		return nil, fmt.Errorf("local socket: %w", err)
	}
	// Close would unlink the short name, which is gone by then.
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	return &socket{Listener: l, path: path}, nil
}

// ownerOnly sets the mode before bind makes the file, so that the socket is
// at no moment open to others; unlike the umask it concerns this file only.
func ownerOnly(_, _ string, conn syscall.RawConn) error {
	var chmod error
	err := conn.Control(func(fd uintptr) { chmod = syscall.Fchmod(int(fd), 0o600) })
	return errors.Join(err, chmod)
}

// socket unlinks itself under its real name.
type socket struct {
	net.Listener
	path string
}

func (s *socket) Close() error {
	return errors.Join(s.Listener.Close(), ignoreMissing(os.Remove(s.path)))
}

func removeStale(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("local socket: %w", err)
	}
	if info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("local socket: %s is another kind of file: move it away", path)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if conn, err := api.DialSocket(ctx, path); err == nil {
		conn.Close()
		return fmt.Errorf("local socket: another program listens on %s: stop it or use another --data", path)
	}
	return ignoreMissing(os.Remove(path))
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// ServeLocal serves the administrator's socket at path.
func ServeLocal(path string, h http.Handler, log *slog.Logger) (*Local, error) {
	l, err := listenSocket(path)
	if err != nil {
		return nil, err
	}
	return serveLocal(l, h, log), nil
}

// Local serves the administrator's commands on the Unix socket. The file's
// mode is the login: whoever may open it is the user who runs the daemon, or root.
type Local struct {
	server   *http.Server
	listener net.Listener
	done     chan struct{}
}

func serveLocal(l net.Listener, h http.Handler, log *slog.Logger) *Local {
	a := &Local{
		listener: l,
		done:     make(chan struct{}),
		server: &http.Server{
			Handler:           h,
			ReadHeaderTimeout: 5 * time.Second,
			ReadTimeout:       api.ClientTimeout, // when it is over, a request that still runs is cut off
			WriteTimeout:      api.ClientTimeout,
			ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		},
	}
	go a.run(log)
	return a
}

func (a *Local) run(log *slog.Logger) {
	defer close(a.done)
	if err := a.server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
		log.Error("local socket failed", "error", err)
	}
}

// Close waits briefly for running requests, then cuts them off.
func (a *Local) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if a.server.Shutdown(ctx) != nil {
		a.server.Close()
	}
	<-a.done
}

// SafeMode binds what is answered while the store is damaged: the status, a restore, and
// why not anything else.
func SafeMode(status func(text.Lang) api.Status, intake *restore.Intake, why error) http.Handler {
	r := &route.Routes{Mux: http.NewServeMux()}
	r.HandleFunc("GET /v1/status", route.Answer(http.StatusOK, func(r *http.Request) (any, error) {
		return status(route.Lang(r)), nil
	}))
	upkeep.BindRestore(r, intake)
	r.HandleFunc("/", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return nil, api.Because(api.CodeStore, why) }))
	return r.Mux
}
