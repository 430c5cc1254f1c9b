package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

func TestExitCodes(t *testing.T) {
	cause := errors.New("the cause")
	for name, c := range map[string]struct {
		err  error
		code int
		said bool // on stderr
	}{
		"done":             {nil, 0, false},
		"failed":           {cause, 1, true},
		"said already":     {ErrSaid, 1, false},
		"wrong usage":      {Usage(cause), 2, true},
		"usage, in a text": {text.Fail(Usage(cause), text.ImportNothing), 2, true},
		"not running":      {fmt.Errorf("ask: %w", api.ErrNotRunning), 3, true},
		"not allowed":      {api.ErrNotAllowed, 4, true},
		"refused":          {Refuse(cause), 4, true},
		"refused and said": {errors.Join(nil, ErrRefused), 4, false},
		"not found":        {&api.Error{Code: "not-found", Message: "none"}, 4, true},
		"daemon failed":    {&api.Error{Code: api.CodeInternal, Message: "broken"}, 1, true},
	} {
		var stderr strings.Builder
		p := &Program{Ctx: context.Background(), Stderr: &stderr, Lang: text.EN}
		if got := p.Finish(c.err); got != c.code {
			t.Errorf("%s: exit code %d, want %d", name, got, c.code)
		}
		if said := stderr.String(); (said != "") != c.said || c.said && !strings.HasPrefix(said, "bauta: ") {
			t.Errorf("%s: %q on stderr", name, said)
		}
	}
	if !errors.Is(Usage(cause), cause) || !errors.Is(Refuse(cause), cause) {
		t.Error("the cause is lost")
	}
}
