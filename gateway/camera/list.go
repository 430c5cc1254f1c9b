package camera

import (
	"context"
	"errors"
	"slices"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera/paths"
	"github.com/bauta-gateway/bauta/gateway/camera/sheet"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// What becomes of a row.
const (
	RowNew       = "new"
	RowChanged   = "changed"
	RowUnchanged = "unchanged"
	RowRefused   = "refused"
)

// Outcome is what becomes of one row. Err is why it is refused, in Column; empty: in none alone.
type Outcome struct {
	Row     int
	ID      media.CameraID
	Name    string
	State   string
	Columns []text.Key
	Column  text.Key
	Err     error
}

// Sheets are the stored cameras with what is said of them.
func (cs *Set) Sheets() (all []sheet.Camera, err error) {
	for _, c := range cs.sorted() {
		if !c.cfg.stored {
			continue
		}
		rec, err := cs.recordNow(c.ID())
		if err != nil {
			return nil, err
		}
		one, err := cs.sheetOf(rec)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func (cs *Set) sheetOf(rec store.Camera) (sheet.Camera, error) {
	facts, err := cs.cfg.Store.Facts(rec.ID)
	return sheet.Camera{Settings: settingsFor(rec), Facts: facts}, err
}

// Import takes the rows of a table, each by itself: one that is refused changes nothing, and
// keeps no other from being taken. Not applied it says what would be. What a new camera sends
// is not waited for: one whose frames nobody can mask is added, and shows the slate.
func (cs *Set) Import(ctx context.Context, rows []sheet.Entry, applied bool) []Outcome {
	out := make([]Outcome, 0, len(rows))
	seen, room := map[string]int{}, cs.cfg.Limit-cs.Count()
	for _, row := range rows {
		if row.Bad != nil {
			out = append(out, Outcome{Row: row.Row, ID: media.CameraID(row.ID), State: RowRefused, Column: row.Column, Err: row.Bad})
			continue
		}
		p := cs.plan(row, seen)
		if p.err == nil && p.fresh {
			if room--; room < 0 {
				p.err = api.Refuse(api.CodeInvalid, text.CameraLimit, cs.cfg.Limit)
			}
		}
		if p.err == nil {
			seen[p.key(row)] = row.Row
		}
		if p.err == nil && applied {
			if p.id, p.err = cs.take(ctx, p, row); p.err == nil {
				seen["id "+string(p.id)] = row.Row
			}
		}
		out = append(out, p.outcome(row))
	}
	return out
}

// planned is what a row asks for; id is empty for a new camera.
type planned struct {
	id            media.CameraID
	before, after sheet.Camera
	fresh         bool
	password      bool
	column        text.Key
	err           error
}

// key is what two rows of one camera have in common.
func (p planned) key(row sheet.Entry) string {
	switch {
	case p.id != "":
		return "id " + string(p.id)
	case row.ID != "":
		return "id " + row.ID
	case row.Change.URL != nil:
		return "url " + *row.Change.URL
	}
	return ""
}

func (p planned) outcome(row sheet.Entry) Outcome {
	o := Outcome{Row: row.Row, ID: p.id, Name: p.after.Settings.Name, Column: p.column, Err: p.err}
	o.Columns = sheet.Differences(p.before, p.after)
	if p.password {
		o.Columns = append(o.Columns, text.CSVPassword)
	}
	switch {
	case p.err != nil:
		o.State, o.Columns = RowRefused, nil
	case p.fresh:
		o.State, o.Columns = RowNew, nil
	case len(o.Columns) == 0:
		o.State = RowUnchanged
	default:
		o.State = RowChanged
	}
	return o
}

// plan finds the camera that a row is of and checks what it asks for.
func (cs *Set) plan(row sheet.Entry, seen map[string]int) (p planned) {
	if row.Change.Name != nil {
		p.after.Settings.Name = *row.Change.Name
	}
	if row.Change.URL != nil {
		if _, bare := paths.Read(*row.Change.URL); bare {
			p.err, p.column = api.Refuse(api.CodeInvalid, text.CSVHostAlone), text.CSVAddress
			return p
		}
	}
	p.id = cs.target(row)
	if at, twice := seen[p.key(row)]; twice {
		p.err = api.Refuse(api.CodeInvalid, text.CSVSame, at)
		return p
	}
	if p.id == "" {
		p = cs.planNew(row, p)
	} else {
		p = cs.planChange(row, p)
	}
	var problem *text.Problem
	if p.column == "" && errors.As(p.err, &problem) {
		p.column = cells[problem.Key]
	}
	return p
}

// cells are those in which some refusals stand.
var cells = map[text.Key]text.Key{text.CameraAddress: text.CSVAddress, text.CameraSecretAgain: text.CSVAddress, text.CameraPasswordAgain: text.CSVPassword,
	text.OutputSizeUnknown: text.CSVMaxSize, text.SubStreamUnknown: text.CSVSubSize}

// target is the camera that a row names by its id, or whose address it has; empty: a new one.
func (cs *Set) target(row sheet.Entry) media.CameraID {
	if id := media.CameraID(row.ID); id != "" && cs.Has(id) {
		return id
	}
	if row.ID != "" || row.Change.URL == nil {
		return ""
	}
	clean, _, _, err := rtsp.SplitCredentials(*row.Change.URL)
	if err != nil {
		return ""
	}
	for _, c := range cs.sorted() {
		if address := c.cfg.source.URL; c.cfg.stored && (address == clean || rtsp.RedactURL(address) == clean) {
			return c.ID()
		}
	}
	return ""
}

func (cs *Set) planNew(row sheet.Entry, p planned) planned {
	n := newOf(row)
	rec, err := recordOf(n, cs.Has)
	switch {
	case n.Name == "":
		p.err, p.column = api.Refuse(api.CodeInvalid, text.CSVNoName), text.CSVName
	case n.URL == "":
		p.err, p.column = api.Refuse(api.CodeInvalid, text.CSVNoAddress), text.CSVAddress
	case err != nil:
		p.err = err
	case n.Place.Prohibited():
		p.err, p.column = cs.refusePlace(rec.ID, n.Place), text.CSVPlace
	default:
		p.err = checkFacts(row.Facts.Over(policy.Camera{}))
	}
	p.fresh = true
	return p
}

func (cs *Set) planChange(row sheet.Entry, p planned) planned {
	rec, err := cs.recordNow(p.id)
	if err == nil {
		p.before, err = cs.sheetOf(rec)
	}
	to := rec
	if err == nil {
		to, err = cs.changed(rec, row.Change)
	}
	if err != nil {
		p.err = err
		return p
	}
	p.after = sheet.Camera{Settings: settingsFor(to), Facts: row.Facts.Over(p.before.Facts)}
	p.password = to.Password.Reveal() != rec.Password.Reveal()
	if len(sheet.Differences(p.before, p.after)) == 0 && !p.password {
		return p
	}
	if p.err = cs.Connectable(p.id); p.err != nil {
		return p
	}
	if place := p.after.Facts.Place; place.Prohibited() && place != p.before.Facts.Place {
		p.err, p.column = cs.refusePlace(p.id, place), text.CSVPlace
		return p
	}
	p.err = checkFacts(p.after.Facts)
	return p
}

func checkFacts(f policy.Camera) error {
	if err := f.Check(); err != nil {
		return api.Because(api.CodeInvalid, err)
	}
	return nil
}

// newOf is the request for a new camera that a row makes.
func newOf(row sheet.Entry) api.NewCamera {
	n := api.NewCamera{ID: row.ID}
	applyPlain(&n, row.Change)
	apply(&n.URL, row.Change.URL)
	apply(&n.User, row.Change.User)
	apply(&n.Password, row.Change.Password)
	apply(&n.Place, row.Facts.Place)
	apply(&n.Purpose, row.Facts.Purpose)
	return n
}

// take does what was planned.
func (cs *Set) take(ctx context.Context, p planned, row sheet.Entry) (media.CameraID, error) {
	if err := ctx.Err(); err != nil { // who asked is gone
		return p.id, err
	}
	if p.fresh {
		c, _, err := cs.add(ctx, newOf(row))
		if err != nil {
			return "", err
		}
		p.id = c.ID()
		p.before.Facts, p.after.Facts = policy.Camera{}, row.Facts.Over(policy.Camera{})
	} else if len(sheet.Differences(sheet.Camera{Settings: p.before.Settings}, sheet.Camera{Settings: p.after.Settings})) > 0 || p.password {
		if _, _, err := cs.alter(ctx, p.id, row.Change); err != nil {
			return p.id, err
		}
	}
	if len(sheet.Differences(sheet.Camera{Facts: p.before.Facts}, sheet.Camera{Facts: p.after.Facts})) == 0 {
		return p.id, nil
	}
	return p.id, cs.SetFacts(ctx, p.id, p.after.Facts)
}

// ChangeMany says the same of several cameras.
func (cs *Set) ChangeMany(ctx context.Context, in api.CamerasChange) ([]Outcome, error) {
	ch := in.Change
	if ch.URL != nil || ch.User != nil || ch.Password != nil || ch.Name != nil || ch.Fingerprint != nil || ch.InsecureTLS != nil || ch.BasicLogin != nil {
		return nil, api.Refuse(api.CodeInvalid, text.ManyOwn)
	}
	if in.Facts.Place != nil && in.Facts.Place.Prohibited() {
		return nil, api.Refuse(api.CodeProhibited, text.ManyProhibited)
	}
	var rows []sheet.Entry
	for _, id := range in.Cameras {
		row := sheet.Entry{ID: string(id), Change: ch, Facts: in.Facts}
		if !cs.Has(id) {
			row.Bad = api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
		}
		if !slices.ContainsFunc(rows, func(r sheet.Entry) bool { return r.ID == row.ID }) {
			rows = append(rows, row)
		}
	}
	return cs.Import(ctx, rows, true), nil
}

// Worded is an outcome as the API says it.
func (o Outcome) Worded(lang text.Lang, refusal func(error, text.Lang) *api.Error) api.CameraOutcome {
	out := api.CameraOutcome{Row: o.Row, ID: o.ID, Name: o.Name, State: o.State}
	for _, c := range o.Columns {
		out.Columns = append(out.Columns, text.Of(lang, c))
	}
	if o.Column != "" {
		out.Column = text.Of(lang, o.Column)
	}
	if o.Err != nil {
		out.Message = refusal(o.Err, lang).Message
	}
	return out
}
