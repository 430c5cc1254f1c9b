//go:build linux

package main

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// openConsole shows the console in the desktop's browser, or says why not: the
// gateway runs all the same.
func openConsole(p *cli.Program, data string, at api.SetupCode) {
	if err := startBrowser(data, at); err != nil {
		p.Say(text.RunNotOpened, err)
		return
	}
	p.Say(text.RunOpened)
}

func startBrowser(data string, at api.SetupCode) error {
	if at.Console == "" {
		return text.Fail(nil, text.RunNoConsole)
	}
	const x11, wayland, program = "DISPLAY", "WAYLAND_DISPLAY", "xdg-open"
	if os.Getenv(x11) == "" && os.Getenv(wayland) == "" {
		return text.Fail(nil, text.RunNoDesktop, x11, wayland)
	}
	opener, err := exec.LookPath(program)
	if err != nil {
		return text.Fail(err, text.RunNoOpener, program, "xdg-utils")
	}
	address := at.Console
	if at.Code != "" {
		if address, err = writePage(data, cli.SetupAddress(at.Console, at.Code)); err != nil {
			return err
		}
	}
	cmd := exec.Command(opener, address)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl+C is for the gateway alone
	if err := cmd.Start(); err != nil {
		return err
	}
	go cmd.Wait() // the browser may stay for longer than the gateway: nobody waits for it
	return nil
}

// leadPage leads on to the set-up.
var leadPage = template.Must(template.New("").Parse(`<!doctype html>
<meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url={{.}}">
<title>Bauta</title><p><a href="{{.}}">Bauta</a></p>
`))

func pagePath(data string) string { return filepath.Join(data, "open-console.html") }

// writePage makes a file of mode 0600 that leads to address: as an argument of
// the browser every user of this machine could read the set-up code. It goes with
// the gateway, and with it the code.
func writePage(data, address string) (string, error) {
	path := pagePath(data)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	if err := errors.Join(leadPage.Execute(f, address), f.Close()); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return (&url.URL{Scheme: "file", Path: path}).String(), nil
}
