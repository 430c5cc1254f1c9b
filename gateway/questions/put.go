package questions

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// change is all that one answer changes, made before any of it is stored.
type change struct {
	site    *policy.Site
	answer  *policy.Answer
	cameras map[media.CameraID]policy.Camera
	records []newRecord
}

type newRecord struct {
	kind register.Kind
	rec  register.Record
}

// Put keeps an answer: all of it, or nothing where a part of it is refused.
func (g *Guide) Put(ctx context.Context, id string, said api.GuidedSaid) error {
	i := slices.IndexFunc(list, func(q question) bool { return q.id == id })
	if i < 0 {
		return api.Refuse(api.CodeNotFound, text.AskUnknown, id)
	}
	g.changing.Lock()
	defer g.changing.Unlock()
	calendar, err := g.Site.Calendar()
	if err != nil {
		return api.FromStore(err)
	}
	c, err := g.made(&list[i], said, calendar.Today)
	if err != nil {
		return err
	}
	if err := g.keep(ctx, &list[i], c); err != nil {
		return err
	}
	return api.FromStore(g.putStamp(id, stamp{identity.Actor(ctx), calendar.Today}))
}

func (g *Guide) made(q *question, said api.GuidedSaid, today civil.Date) (c change, err error) {
	if asks := q.answer != "" || q.either; asks != (said.Answer != nil) {
		return c, api.Refuse(api.CodeInvalid, text.PolicyRequired, "answer")
	}
	if said.Answer != nil {
		err = field.First(said.Answer.Check(), register.NotAfter(*said.Answer, today))
	}
	if q.answer != "" {
		c.answer = said.Answer
	}
	if err == nil {
		err = g.makeSite(q, said.Site, &c)
	}
	if err == nil {
		err = g.makeCameras(q, said.Cameras, &c)
	}
	if err == nil {
		c.records, err = q.make(said, today)
	}
	if err == nil && c.site == nil && c.answer == nil && len(c.cameras)+len(c.records) == 0 {
		err = text.Fail(field.ErrInvalid, text.AskNothing)
	}
	return c, because(err)
}

// because is a refusal of what was said, unless it is one already.
func because(err error) error {
	if e := (*api.Error)(nil); err == nil || errors.As(err, &e) {
		return err
	}
	return api.Because(api.CodeInvalid, err)
}

func (g *Guide) makeSite(q *question, said map[string]any, c *change) error {
	if len(said) == 0 {
		return nil
	}
	site, err := g.Site.Site()
	if said["kind"] != nil {
		site.Class = "" // it follows from the kind
	}
	if err == nil {
		err = put(&site, said, q.site)
	}
	site = site.WithClass()
	c.site = &site
	return field.First(err, site.Check())
}

func (g *Guide) makeCameras(q *question, said map[media.CameraID]map[string]any, c *change) error {
	c.cameras = map[media.CameraID]policy.Camera{}
	for id, values := range said {
		facts, err := g.Cameras.Facts(id)
		if err == nil {
			err = put(&facts, values, q.cameras)
		}
		if err = field.First(err, facts.Check()); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		c.cameras[id] = facts
	}
	return nil
}

// put puts values in by their JSON names; one that the question does not ask for is refused.
func put(into any, values map[string]any, names []string) error {
	for name := range values {
		if !slices.Contains(names, name) {
			return text.Fail(field.ErrInvalid, text.AskField, name)
		}
	}
	b, err := json.Marshal(values)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// make makes the records that were said, one for each form that the answer wants; nil in the
// place of one that is left out because there is one on record.
func (q *question) make(said api.GuidedSaid, today civil.Date) (all []newRecord, err error) {
	if len(said.Records) > len(q.records) {
		return nil, text.Fail(field.ErrInvalid, text.AskField, "records")
	}
	for i, values := range said.Records {
		f := q.records[i]
		if values == nil || said.Answer != nil && !f.wanted(said.Answer.Says) {
			continue
		}
		for _, name := range f.same {
			values[name] = said.Records[0][name]
		}
		made, err := f.make(values, today)
		if err != nil {
			return nil, err
		}
		all = append(all, made...)
	}
	return all, nil
}

func (f *form) make(values map[string]any, today civil.Date) (all []newRecord, err error) {
	maps.Copy(values, f.fixed)
	if !f.each {
		one, err := f.one(values, today)
		return []newRecord{one}, err
	}
	cameras, _ := values["cameras"].([]any)
	delete(values, "cameras")
	if len(cameras) == 0 {
		return nil, text.Fail(field.ErrInvalid, text.PolicyCameraList)
	}
	for _, id := range cameras {
		values["camera"] = id
		one, err := f.one(values, today)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func (f *form) one(values map[string]any, today civil.Date) (newRecord, error) {
	b, err := json.Marshal(values)
	if err != nil {
		return newRecord{}, err
	}
	rec, err := register.Decode(f.kind, b)
	if err == nil {
		err = register.NotAfter(rec, today)
	}
	return newRecord{f.kind, rec}, err
}

// keep stores what was made, in the order in which each rests on the one before; what cannot be
// stored ends it.
func (g *Guide) keep(ctx context.Context, q *question, c change) (err error) {
	if c.site != nil {
		err = g.Site.SetSite(ctx, *c.site)
	}
	if err == nil && c.answer != nil {
		err = g.Site.SetAnswer(ctx, q.answer, *c.answer)
	}
	for _, id := range slices.Sorted(maps.Keys(c.cameras)) {
		if err == nil {
			err = g.Cameras.SetFacts(ctx, id, c.cameras[id])
		}
	}
	for _, r := range c.records {
		if err == nil {
			_, err = g.Site.AddRecord(ctx, r.kind, r.rec)
		}
	}
	return err
}
