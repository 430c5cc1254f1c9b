package questions

import (
	"errors"
	"fmt"
	"slices"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Ask is bauta site ask.
type Ask struct {
	cli.Target
	Question string `arg:"" optional:"" help:"The question to answer, as bauta site questions lists them. Default: all that are open, one after another."`
}

// Run asks until no question is open, or the person stops; each answer is kept at once.
func (c *Ask) Run(p *cli.Program) error {
	if !cli.IsTerminal(p.Stdin) {
		return text.Fail(cli.Usage(errors.New("no terminal")), text.AskNoTerminal)
	}
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	s := &session{p: p, client: client, lines: newLines(p), skipped: map[string]bool{}}
	p.Say(text.AskHelp)
	if c.Question != "" {
		err = s.only(c.Question)
	} else {
		err = s.all()
	}
	if errors.Is(err, errQuit) {
		p.Say(text.AskLater)
		return nil
	}
	return err
}

// What a person types instead of an answer.
var (
	errSkip = errors.New("skipped")
	errBack = errors.New("back")
	errQuit = errors.New("quit")
)

// session is one go through the questions.
type session struct {
	p       *cli.Program
	client  *api.Client
	lines   *lines
	skipped map[string]bool
	asked   []string // to go back through
	offered string   // the field whose choices were listed last
}

func (s *session) only(id string) error {
	all, err := s.client.Guide(s.p.Ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(q api.Guided) bool { return q.ID == id })
	if i < 0 {
		return text.Fail(cli.Refuse(errors.New("no such question")), text.AskUnknown, id)
	}
	if err := s.ask(all[i]); err != nil && !errors.Is(err, errSkip) && !errors.Is(err, errBack) {
		return err
	}
	return nil
}

func (s *session) all() error {
	back := ""
	for {
		all, err := s.client.Guide(s.p.Ctx)
		if err != nil {
			return err
		}
		q, found := s.next(all, back)
		if !found {
			s.p.Say(text.AskDone, len(s.skipped))
			return nil
		}
		back = ""
		switch err := s.ask(q); {
		case errors.Is(err, errSkip):
			s.skipped[q.ID] = true
		case errors.Is(err, errBack) && len(s.asked) > 0:
			back, s.asked = s.asked[len(s.asked)-1], s.asked[:len(s.asked)-1]
			continue
		case errors.Is(err, errBack):
			continue
		case err != nil:
			return err
		}
		s.asked = append(s.asked, q.ID)
	}
}

// next is the question to go back to, or the first that is open and was not skipped.
func (s *session) next(all []api.Guided, back string) (api.Guided, bool) {
	i := slices.IndexFunc(all, func(q api.Guided) bool {
		return q.ID == back || back == "" && q.State == open && !s.skipped[q.ID] && q.Page == ""
	})
	if i < 0 {
		return api.Guided{}, false
	}
	return all[i], true
}

// ask puts one question until what is said is taken.
func (s *session) ask(q api.Guided) error {
	p := s.p
	fmt.Fprintf(p.Stdout, "\n%s (%s)\n%s\n", q.Title.In(p.Lang), q.ID, q.About.In(p.Lang))
	p.Say(text.AskWho, q.Who)
	for _, d := range q.Duties {
		fmt.Fprintf(p.Stdout, "  %s: %s\n", d.Citation.In(p.Lang), d.Duty.In(p.Lang))
	}
	if len(q.Columns) > 0 && len(q.Cameras) == 0 {
		p.Say(text.AskNoCamera)
		return errSkip
	}
	for {
		said, err := s.answer(q)
		if err == nil && empty(said) {
			return errSkip
		}
		if err == nil {
			err = s.client.Say(p.Ctx, q.ID, said)
		}
		if refused := (*api.Error)(nil); !errors.As(err, &refused) {
			return err
		}
		fmt.Fprintln(p.Stdout, text.Explain(p.Lang, err))
	}
}

// empty: nothing is said that is not known already.
func empty(said api.GuidedSaid) bool {
	return len(said.Site)+len(said.Cameras) == 0 && said.Answer == nil && !slices.ContainsFunc(said.Records, func(r map[string]any) bool { return r != nil })
}

func (s *session) answer(q api.Guided) (said api.GuidedSaid, err error) {
	if said.Site, err = s.fields(q.Site); err != nil {
		return said, err
	}
	if q.Answer != nil {
		if said.Answer, err = s.says(*q.Answer); err != nil {
			return said, err
		}
	}
	if said.Cameras, err = s.cameras(q); err != nil {
		return said, err
	}
	for _, r := range q.Records {
		record, err := s.record(q, r, said.Answer)
		if err != nil {
			return said, err
		}
		said.Records = append(said.Records, record)
	}
	return said, nil
}

func (s *session) says(a api.GuidedAnswer) (*policy.Answer, error) {
	yesNo := api.GuidedField{RecordField: api.RecordField{Choice: api.Choice{ID: "says", Name: a.Question}, Type: "answer", Required: true}}
	yes, err := s.value(yesNo, nil)
	if err != nil {
		return nil, err
	}
	out := &policy.Answer{Says: policy.No}
	if yes == true {
		out.Says = policy.Yes
	}
	for _, f := range a.More {
		if f.ID != "note" && out.Says == policy.No {
			continue
		}
		v, err := s.value(f, nil)
		if err != nil {
			return nil, err
		}
		if err := put(out, f.ID, v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// cameras asks the columns, each once for all cameras or one by one.
func (s *session) cameras(q api.Guided) (map[media.CameraID]map[string]any, error) {
	all := map[media.CameraID]map[string]any{}
	for _, c := range q.Cameras {
		all[c.ID] = map[string]any{}
	}
	for _, column := range q.Columns {
		if err := s.column(q, column, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (s *session) column(q api.Guided, column api.GuidedField, into map[media.CameraID]map[string]any) error {
	s.p.Say(text.AskEach)
	value, err := s.value(column, q.Cameras)
	each := errors.Is(err, errEach)
	if err != nil && !each {
		return err
	}
	for _, c := range q.Cameras {
		if each {
			one := column
			one.Name, one.Value = api.Words{EN: c.Name + ": " + column.Name.EN, ZH: c.Name + "：" + column.Name.ZH}, c.Values[column.ID]
			if value, err = s.value(one, nil); err != nil {
				return err
			}
		}
		if value != nil {
			into[c.ID][column.ID] = value
		}
	}
	return nil
}

// record asks for one where the answer wants it; where there is one, only if there is another.
func (s *session) record(q api.Guided, r api.GuidedRecord, answer *policy.Answer) (map[string]any, error) {
	if r.When != "" && (answer == nil || answer.Says != r.When) {
		return nil, nil
	}
	if r.Have > 0 {
		another := api.GuidedField{RecordField: api.RecordField{Choice: api.Choice{Name: both(text.AskAnother, r.Have, r.Newest)}, Type: "answer"}}
		if yes, err := s.value(another, nil); err != nil || yes != true {
			return nil, err
		}
	}
	if r.Whole { // what few need is added to the record later
		r.Fields = slices.DeleteFunc(r.Fields, func(f api.GuidedField) bool { return !f.Required })
		s.p.Say(text.AskMore, r.Kind)
	}
	return s.fields(r.Fields)
}

func (s *session) fields(all []api.GuidedField) (map[string]any, error) {
	values := map[string]any{}
	for _, f := range all {
		v, err := s.value(f, nil)
		if err != nil {
			return nil, err
		}
		if v != nil {
			values[f.ID] = v
		}
	}
	return values, nil
}

func both(key text.Key, args ...any) api.Words {
	return api.Words{EN: text.Of(text.EN, key, args...), ZH: text.Of(text.ZhCN, key, args...)}
}
