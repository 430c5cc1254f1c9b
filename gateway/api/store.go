package api

import (
	"errors"

	"github.com/bauta-gateway/bauta/config/store"
)

// FromStore says what the store refuses from its own failures.
func FromStore(err error) error {
	for _, c := range []struct {
		is   error
		code Code
	}{{store.ErrInvalid, CodeInvalid}, {store.ErrExists, CodeExists}, {store.ErrNotFound, CodeNotFound}} {
		if errors.Is(err, c.is) {
			return Because(c.code, err)
		}
	}
	return err
}
