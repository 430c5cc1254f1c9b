package pipeline

import "github.com/bauta-gateway/bauta/anonymize/wire"

// Message is something for the supervisor beside the results.
type Message struct {
	Kind wire.Kind
	Body []byte
}

// maxMessages bounds what waits to be sent; the oldest goes first.
const maxMessages = 64

func (p *Pipeline) report(kind wire.Kind, v any) {
	if len(p.messages) == maxMessages {
		p.messages = p.messages[1:]
	}
	p.messages = append(p.messages, Message{kind, wire.MarshalJSONBody(v)})
}

// Messages returns the messages since the last call. Those about a frame come before its result.
func (p *Pipeline) Messages() []Message {
	m := p.messages
	p.messages = nil
	return m
}
