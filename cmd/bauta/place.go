package main

import (
	"fmt"
	"path/filepath"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// place is which gateway of this box a command means: its settings say where
// the data folder is, and in there is the socket.
type place struct {
	Config string `help:"Settings file. Default: bauta.yaml here, else /etc/bauta/bauta.yaml, where there is one." type:"path" placeholder:"FILE"`
	Data   string `help:"Data folder, instead of the one of the settings." type:"path" placeholder:"DIR"`
}

// load reads the settings; from here on the program speaks their language. A
// data folder of the command line takes the socket along.
func (l place) load(p *program) (config.Config, error) {
	cfg, err := l.read()
	if err != nil {
		return config.Config{}, err
	}
	if !p.told {
		p.lang = cfg.Lang()
	}
	if l.Data != "" {
		cfg.Data, cfg.API.Socket = l.Data, ""
	}
	if cfg.Data, err = filepath.Abs(cfg.Data); err != nil {
		return config.Config{}, err
	}
	return cfg, nil
}

func (l place) read() (config.Config, error) {
	if l.Config != "" {
		return config.Load(l.Config)
	}
	return config.LoadOrDefault("bauta.yaml", "/etc/bauta/bauta.yaml")
}

// client prepares to talk to the daemon.
func (l place) client(p *program) (*gateway.Client, error) {
	cfg, err := l.load(p)
	if err != nil {
		return nil, err
	}
	return gateway.NewClient(cfg.Socket(), p.lang), nil
}

// cameraArg is a camera's id as an argument.
type cameraArg struct {
	Camera string `arg:"" help:"The camera's id."`
}

func (a cameraArg) id() (media.CameraID, error) {
	id, err := media.ParseCameraID(a.Camera)
	if err != nil {
		return "", usageError{err}
	}
	return id, nil
}

// connect is what most commands on a camera begin with.
func (a cameraArg) connect(p *program, at place) (media.CameraID, *gateway.Client, error) {
	id, err := a.id()
	if err != nil {
		return "", nil, err
	}
	client, err := at.client(p)
	return id, client, err
}

// modelPlace takes what said where the face model was before it became part of
// the worker.
type modelPlace struct {
	Models string `help:"Ignored: the face model is part of bauta-worker." env:"BAUTA_MODELS" hidden:"" placeholder:"DIR"`
}

// modelsEnd is the version that refuses what is ignored here.
const modelsEnd = "0.3.0"

// note tells once of what is ignored.
func (m modelPlace) note(p *program, cfg config.Config) {
	switch {
	case m.Models != "":
		p.ignored("--models (BAUTA_MODELS)")
	case cfg.Worker.Models != "":
		p.ignored("worker.models")
	}
}

func (p *program) ignored(what string) {
	fmt.Fprintln(p.stderr, "bauta: "+p.text(text.ModelIgnored, what, modelsEnd))
}
