package health

import (
	"errors"
	"io"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/bundle"
	"github.com/bauta-gateway/bauta/gateway/doctor"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware"
)

// bundle has the gateway make it; of one that does not run it holds what can be seen without.
func (c *Doctor) bundle(p *cli.Program, cfg config.Config) error {
	err := cli.WriteFile(c.Bundle, 0o600, func(w io.Writer) error {
		err := api.NewClient(cfg.Socket(), p.Lang).Bundle(p.Ctx, w)
		if errors.Is(err, api.ErrNotRunning) {
			err = alone(p, cfg, w)
		}
		return err
	})
	if err == nil {
		p.Say(text.BundleWritten, c.Bundle)
	}
	return err
}

func alone(p *cli.Program, cfg config.Config, w io.Writer) error {
	host, mask := hardware.Here(), bundle.NewMasker()
	mask.KnowSettings(cfg)
	d := doctor.Doctor{Config: cfg, Parts: executable.Find(cfg), Host: host, Lang: text.EN}
	return bundle.Write(w, bundle.Contents{
		Made: time.Now(), Version: wire.Version, Doctor: d.Examine(p.Ctx), Settings: config.Settings(cfg), Facts: host.Facts(), Heat: host.Condition(), Load: host.Load(), Mask: mask,
	})
}
