package consents

import (
	"context"
	"errors"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
)

const (
	// readerSetting holds the key for what is sent to this gateway, encrypted by the store.
	readerSetting = "consent.reader"
	// maxLetters bounds the letters that wait to be opened; one more is dropped and counted.
	// They wait apart from withdrawals, which they must not hold up.
	maxLetters = 16
	// maxInLetter bounds what is in one.
	maxInLetter = 200
)

// Recipient is this gateway's public key for consents that are sent to it. The first call
// makes the pair.
func (c *Consents) Recipient() (string, error) {
	c.changing.Lock()
	defer c.changing.Unlock()
	r, err := c.reader()
	if !errors.Is(err, store.ErrNotFound) {
		return recipient(r, err)
	}
	if r, err = consent.NewReader(); err == nil {
		err = c.cfg.Store.PutSetting(readerSetting, store.NewSecret(r.Secret()))
	}
	return recipient(r, err)
}

func recipient(r consent.Reader, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return r.Recipient(), nil
}

func (c *Consents) reader() (consent.Reader, error) {
	kept, err := c.cfg.Store.Setting(readerSetting)
	if err != nil {
		return consent.Reader{}, err
	}
	return consent.ParseReader(kept.Reveal())
}

// post takes a letter from the broker. It never waits.
func (c *Consents) post(m message) {
	select {
	case c.letters <- m:
	default:
		c.refused.Add(1)
		c.repeats.Warn(c.cfg.Log, "consents that were sent here were dropped: too many at once; have them sent again", "full")
		m.stored()
	}
}

// readLetters opens what comes until ctx ends.
func (c *Consents) readLetters(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-c.letters:
			c.readLetter(m)
		}
	}
}

// readLetter takes the tokens of a letter that is for this gateway. They count by their
// issuer's signature alone, like those that a person imports.
func (c *Consents) readLetter(m message) {
	r, err := c.reader()
	if errors.Is(err, store.ErrNotFound) {
		m.stored() // nobody was ever told a key of ours
		return
	}
	var raws []string
	if err == nil {
		raws, err = consent.OpenLetter(m.raw, r)
	}
	if errors.Is(err, consent.ErrNotForUs) {
		m.stored()
		return
	}
	if err == nil && len(raws) > maxInLetter {
		err = consent.ErrMalformed
	}
	if err != nil {
		c.refuse(m, err)
		return
	}
	all, err := c.importBy(audit.Broker, raws)
	if err != nil {
		c.cfg.Log.Error("consents that were sent here cannot be stored: have them sent again", "error", err)
		return // without a receipt the broker sends them again
	}
	for _, one := range all {
		if one.Outcome == api.Refused {
			c.refused.Add(1)
			c.repeats.Warn(c.cfg.Log, "a consent that was sent here was refused", string(consent.Code(one.Err)), "error", one.Err)
		}
	}
	m.stored()
}
