package cli

import (
	"fmt"
	"path/filepath"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Target is which gateway of this host a command means: its settings say where
// the data folder is, and in there is the socket.
type Target struct {
	Config string `help:"Settings file. Default: bauta.yaml here, else /etc/bauta/bauta.yaml, where there is one." type:"path" placeholder:"FILE"`
	Data   string `help:"Data folder, instead of the one of the settings." type:"path" placeholder:"DIR"`
}

// Load reads the settings; from here on the program speaks their language. A
// data folder of the command line takes the socket along.
func (l Target) Load(p *Program) (config.Config, error) {
	cfg, err := l.read()
	if err != nil {
		return config.Config{}, err
	}
	if !p.LangGiven {
		p.Lang = cfg.Lang()
	}
	if l.Data != "" {
		cfg.Data, cfg.API.Socket = l.Data, ""
	}
	if cfg.Data, err = filepath.Abs(cfg.Data); err != nil {
		return config.Config{}, err
	}
	return cfg, nil
}

func (l Target) read() (config.Config, error) {
	if l.Config != "" {
		return config.Load(l.Config)
	}
	return config.LoadOrDefault("bauta.yaml", "/etc/bauta/bauta.yaml")
}

// Client prepares to talk to the daemon.
func (l Target) Client(p *Program) (*api.Client, error) {
	cfg, err := l.Load(p)
	if err != nil {
		return nil, err
	}
	return api.NewClient(cfg.Socket(), p.Lang), nil
}

// CameraArg is a camera's id as an argument.
type CameraArg struct {
	Camera string `arg:"" help:"The camera's id."`
}

// ID is a wrong usage where the argument is no id.
func (a CameraArg) ID() (media.CameraID, error) {
	id, err := media.ParseCameraID(a.Camera)
	if err != nil {
		return "", Usage(err)
	}
	return id, nil
}

// Connect is what most commands on a camera begin with.
func (a CameraArg) Connect(p *Program, at Target) (media.CameraID, *api.Client, error) {
	id, err := a.ID()
	if err != nil {
		return "", nil, err
	}
	client, err := at.Client(p)
	return id, client, err
}

// OldModels takes what said where the face model was before it became part of
// the worker.
type OldModels struct {
	Models string `help:"Ignored: the face model is part of bauta-worker." env:"BAUTA_MODELS" hidden:"" placeholder:"DIR"`
}

// modelsEnd is the version that refuses what is ignored here.
const modelsEnd = "0.3.0"

// Note says which of what it stands for was given and is ignored.
func (m OldModels) Note(p *Program, cfg config.Config) {
	switch {
	case m.Models != "":
		p.Ignored("--models (BAUTA_MODELS)")
	case cfg.Worker.Models != "":
		p.Ignored("worker.models")
	}
}

// Ignored tells once that something of earlier versions is ignored.
func (p *Program) Ignored(what string) {
	fmt.Fprintln(p.Stderr, "bauta: "+p.Text(text.ModelIgnored, what, modelsEnd))
}
