package sealed

import (
	"encoding/json"
	"errors"

	"github.com/bauta-gateway/bauta/config/store"
)

// readSetting reads what keepSetting kept; what was never kept leaves into as it is.
func readSetting(s *store.Store, name string, into any) error {
	v, err := s.Setting(name)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return json.Unmarshal([]byte(v.Reveal()), into)
}

// keepSetting keeps a value in the store, encrypted.
func keepSetting(s *store.Store, name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.PutSetting(name, store.NewSecret(string(b)))
}
