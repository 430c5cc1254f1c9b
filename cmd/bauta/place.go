package main

import (
	"path/filepath"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/gateway/api"
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
func (l place) client(p *program) (*api.Client, error) {
	cfg, err := l.load(p)
	if err != nil {
		return nil, err
	}
	return api.NewClient(cfg.Socket(), p.lang), nil
}
