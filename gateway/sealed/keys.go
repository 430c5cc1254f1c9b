package sealed

import (
	"context"
	"errors"
	"fmt"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/audit"
)

// keysSetting is where the store keeps the public keys that segments are sealed to.
const keysSetting = "sealed.keys"

// Keys are those that new segments are sealed to; none while nobody gave any.
func (r *Room) Keys() (k sealed.Keys, _ error) {
	if err := r.Store.LoadSetting(keysSetting, &k); err != nil {
		return sealed.Keys{}, fmt.Errorf("%w (%w)", text.Fail(sealed.ErrKeys, text.SealedKeysDamaged), err)
	}
	return k, nil
}

// given are the keys, or why nothing can be sealed.
func (r *Room) given() (sealed.Keys, error) {
	k, err := r.Keys()
	if err == nil && none(k) {
		return k, text.Fail(sealed.ErrKeys, text.SealedNoKeys)
	}
	return k, errors.Join(err, k.Check())
}

func none(k sealed.Keys) bool { return len(k[0].Holders) == 0 }

// SetKeys has new segments be sealed to other keys. Old ones stay with the old.
func (r *Room) SetKeys(ctx context.Context, k sealed.Keys) error {
	if err := k.Check(); err != nil {
		return err
	}
	for _, g := range k {
		for _, h := range g.Holders {
			if h.Label != "" && !sealed.IsPersonID(h.Label) {
				return text.Fail(sealed.ErrKeys, text.SealedPersonID, h.Label)
			}
		}
	}
	r.changing.Lock()
	defer r.changing.Unlock()
	before, err := r.Keys()
	if err != nil {
		r.Log.Error("the keys before cannot be read", "error", err)
	}
	if err := r.Store.KeepSetting(keysSetting, k); err != nil {
		return err
	}
	detail := fmt.Sprintf("from=%s to=%s holders=%d+%d", idOf(before), k.ID(), len(k[0].Holders), len(k[1].Holders))
	return r.Audit.Did(ctx, audit.SealedKeysChanged, "sealed", detail, &audit.Event{Type: audit.EventOpening, To: "keys"})
}

func idOf(k sealed.Keys) string {
	if none(k) {
		return "none"
	}
	return k.ID()
}
