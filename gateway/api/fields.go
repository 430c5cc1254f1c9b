package api

import (
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
)

// RecordFieldOf is a field of a kind of records with its words.
func RecordFieldOf(kind register.Kind, f register.Field) RecordField {
	out := RecordField{
		Choice: Choice{ID: f.Name, Name: wordsOf(text.RecordLabel(string(kind), f.Name))}, Hint: hintOf(kind, f.Name),
		Type: f.Type, Required: f.Required, Filled: f.Filled, Person: f.Person, Later: f.Later,
	}
	if f.Type == "number" {
		out.Min, out.Max = &f.Min, &f.Max
	}
	for _, c := range f.Choices {
		one := RecordChoice{Choice: Choice{ID: c, Name: wordsOf(text.RecordChoice(string(kind), f.Name, c))}}
		if f.Type == "items" {
			one.Hint = hintOf(kind, c)
		}
		out.Choices = append(out.Choices, one)
	}
	return out
}

func hintOf(kind register.Kind, name string) Words {
	if key := text.RecordHint(string(kind), name); key != "" {
		return wordsOf(key)
	}
	return Words{}
}

func wordsOf(key text.Key) Words {
	return Words{EN: text.Of(text.EN, key), ZH: text.Of(text.ZhCN, key)}
}
