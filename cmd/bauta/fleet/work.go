package fleet

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	here "github.com/bauta-gateway/bauta/cmd/bauta/site"
	"github.com/bauta-gateway/bauta/config/site"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// result is what came of one gateway.
type result string

const (
	changed   result = "changed"
	wouldBe   result = "would"
	unchanged result = "unchanged"
	failed    result = "failed"
	notTried  result = "not_tried"
)

// job is one gateway and what is to be done there. One goroutine at a time has it.
type job struct {
	target  site.Target
	file    *site.File
	secrets here.Secrets
	login   string
	p       *cli.Program

	result result
	// plan is nil where the gateway did not say how it is; done of its changes are made.
	plan *here.Plan
	done int
	err  error
	made []here.Done
}

// work has all jobs done, some at once. Once several have failed, or ctx is over, no further
// one is begun; those that were begun end.
func work(ctx context.Context, jobs []*job, parallel, maxFailures int, dry bool) {
	var next, failures atomic.Int64
	var workers sync.WaitGroup
	for range min(parallel, len(jobs)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(jobs); i = int(next.Add(1)) - 1 {
				j := jobs[i]
				if j.result = notTried; int(failures.Load()) >= maxFailures || ctx.Err() != nil {
					continue
				}
				if j.run(ctx, dry); j.result == failed {
					failures.Add(1)
				}
			}
		})
	}
	workers.Wait()
}

// run does one job and notes what came of it.
func (j *job) run(ctx context.Context, dry bool) {
	if j.err = j.apply(ctx, dry); j.err != nil {
		j.result = failed
		return
	}
	switch {
	case len(j.plan.Changes) == 0:
		j.result = unchanged
	case dry:
		j.result = wouldBe
	default:
		j.result = changed
	}
}

func (j *job) apply(ctx context.Context, dry bool) (err error) {
	c, err := api.NewRemote(j.target.Address, j.target.Fingerprint, j.p.Lang)
	if err != nil {
		return err
	}
	if j.target.User == "" {
		c.Token(j.login)
	} else if err := c.Login(ctx, j.target.User, j.login); err != nil {
		return err
	}
	defer func() { // what ran out of time ends its session all the same
		err = errors.Join(err, c.Logout(context.WithoutCancel(ctx)))
	}()
	now, err := here.Load(ctx, c)
	if err != nil {
		return err
	}
	if j.plan, err = here.NewPlan(j.file, now, false); err != nil || dry {
		return err
	}
	if missing := j.plan.Missing(j.secrets); len(missing) > 0 {
		return errors.New(j.p.Text(text.SecretsMissing) + " " + strings.Join(missing, ", "))
	}
	unstored := false
	j.done, err = j.plan.Do(ctx, c, j.secrets, func(d here.Done) {
		unstored = unstored || d.Unstored
		if d.Made != "" {
			j.made = append(j.made, d)
		}
	})
	if err == nil && unstored {
		err = api.ErrUnstored
	}
	return err
}
