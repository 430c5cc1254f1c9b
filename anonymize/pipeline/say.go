package pipeline

import "github.com/bauta-gateway/bauta/anonymize/wire"

// Message is something for the supervisor beside the results.
type Message struct {
	Kind wire.Kind
	Body []byte
}

// maxSaid bounds what waits to be said; the oldest goes first.
const maxSaid = 64

func (p *Pipeline) say(kind wire.Kind, v any) {
	if len(p.said) == maxSaid {
		p.said = p.said[1:]
	}
	p.said = append(p.said, Message{kind, wire.MarshalJSONBody(v)})
}

// Said returns the messages since the last call. Those about a picture come before its result.
func (p *Pipeline) Said() []Message {
	m := p.said
	p.said = nil
	return m
}
