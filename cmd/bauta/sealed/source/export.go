package source

import (
	"context"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/sealed/movie"
	"github.com/bauta-gateway/bauta/config/text"
)

// Export opens the stretch of a request with what the holders gave and writes it as MP4.
// sealed.ErrShares where it does not do.
func Export(ctx context.Context, src Source, i Item, given []sealed.Approval, key age.Identity, out string) (movie.Result, error) {
	sequences := Sequences(given)
	shares, err := sealed.Shares(i.Request, given, key)
	switch {
	case err != nil:
		return movie.Result{}, err
	case len(sequences) == 0:
		return movie.Result{}, text.Fail(sealed.ErrShares, text.SealedNobodyGave, i.Request.ID)
	}
	segment := func(seq uint64) (sealed.File, error) {
		if err := ctx.Err(); err != nil {
			return sealed.File{}, err
		}
		return src.Segment(ctx, i, seq)
	}
	return movie.Export(out, i.Request, sequences, shares, segment, nil)
}
