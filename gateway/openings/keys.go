package openings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
)

// KeysSetting is where the store keeps the public keys that segments are sealed to.
const KeysSetting = "sealed.keys"

// Keys are those that new segments are sealed to; none while nobody gave any.
func (d *Desk) Keys() (sealed.Keys, error) { return KeysOf(d.cfg.Store) }

// KeysOf reads them from a store.
func KeysOf(s *store.Store) (sealed.Keys, error) {
	value, err := s.Setting(KeysSetting)
	if errors.Is(err, store.ErrNotFound) {
		return sealed.Keys{}, nil
	}
	if err != nil {
		return sealed.Keys{}, err
	}
	var k sealed.Keys
	if err := json.Unmarshal([]byte(value.Reveal()), &k); err != nil {
		return sealed.Keys{}, fmt.Errorf("the keys of sealed footage are damaged: %w; give them again with 'bauta sealed keys'", err)
	}
	return k, nil
}

// SetKeys has new segments be sealed to other keys. Old ones stay with the old.
func (d *Desk) SetKeys(ctx context.Context, k sealed.Keys) error {
	if err := k.Check(); err != nil {
		return api.Because(api.CodeInvalid, err)
	}
	for _, g := range k {
		for _, h := range g.Holders {
			if h.Label != "" && !isPerson(h.Label) {
				return api.Because(api.CodeInvalid, text.Fail(sealed.ErrKeys, text.SealedPersonID, h.Label))
			}
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	before, err := d.Keys()
	if err != nil {
		d.cfg.Log.Error("the keys before cannot be read", "error", err)
	}
	b, err := json.Marshal(k)
	if err != nil {
		return err
	}
	if err := d.cfg.Store.PutSetting(KeysSetting, store.NewSecret(string(b))); err != nil {
		return err
	}
	detail := fmt.Sprintf("from=%s to=%s holders=%d+%d", idOf(before), k.ID(), len(k[0].Holders), len(k[1].Holders))
	return d.cfg.Audit.Did(ctx, audit.SealedKeysChanged, "sealed", detail, &audit.Event{Type: audit.EventOpening, To: "keys"})
}

func idOf(k sealed.Keys) string {
	if len(k[0].Holders) == 0 {
		return "none"
	}
	return k.ID()
}
