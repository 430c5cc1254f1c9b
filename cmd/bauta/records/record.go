package records

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
)

// kindArg names the kind of a record.
type kindArg struct {
	Kind register.Kind `arg:"" help:"The kind, as in bauta record kinds." name:"kind"`
}

// known refuses an unknown kind.
func (k kindArg) known() error {
	if register.New(k.Kind) == nil {
		return cli.Refuse(text.Fail(field.ErrInvalid, text.RecordKind, string(k.Kind)))
	}
	return nil
}

type recordKinds struct{}

// Run lists the kinds with their fields; it needs no daemon.
func (c *recordKinds) Run(p *cli.Program) error {
	for _, kind := range register.Kinds {
		fmt.Fprintf(p.Stdout, "%s: %s\n", kind, p.Text(text.RecordKindName(string(kind))))
		for _, f := range register.Fields(kind) {
			if !f.Old && !f.Filled {
				fmt.Fprintf(p.Stdout, "  %s  %s\n", asked(f), p.Text(text.RecordLabel(string(kind), f.Name)))
			}
		}
	}
	return nil
}

// asked is how a field is given: its name with its type or choices, and a star where it has to be.
func asked(f register.Field) string {
	said := f.Name + "=" + f.Type
	if len(f.Choices) > 0 {
		said = f.Name + "=" + strings.Join(f.Choices, "|")
	}
	if f.Required {
		said += " *"
	}
	return said
}

type recordsOf struct {
	recordList
	kindArg
}

// Run lists the records of one kind.
func (c *recordsOf) Run(p *cli.Program) error {
	if err := c.known(); err != nil {
		return err
	}
	return c.list(p, c.Kind)
}

// given are the fields of a record as they are typed.
type given struct {
	Values []string          `arg:"" optional:"" help:"A field and its value, such as topic=secrecy; lists with commas; an empty value takes the field out." name:"field=value"`
	File   map[string]string `help:"A field and a file, such as document=contract.pdf; only its SHA-256 is kept." placeholder:"FIELD=PATH" mapsep:"none"`
}

// into puts the fields into a record of a kind.
func (g given) into(kind register.Kind, record map[string]any) error {
	for _, one := range g.Values {
		name, value, ok := strings.Cut(one, "=")
		if !ok {
			return cli.Usage(text.Fail(nil, text.RecordPair, one))
		}
		if err := put(kind, record, name, value); err != nil {
			return err
		}
	}
	for name, path := range g.File {
		hash, err := cli.HashOf(path)
		if err == nil {
			err = put(kind, record, name, hash)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// put sets one field, or one item of it: items.risks.
func put(kind register.Kind, record map[string]any, name, value string) error {
	name, item, _ := strings.Cut(name, ".")
	fields := register.Fields(kind)
	i := slices.IndexFunc(fields, func(f register.Field) bool { return f.Name == name })
	switch {
	case i < 0:
		return cli.Refuse(text.Fail(field.ErrInvalid, text.RecordNoField, string(kind), name))
	case value == "":
		delete(record, name)
		return nil
	case fields[i].Type == "items":
		items, _ := record[name].(map[string]any)
		if items == nil {
			items = map[string]any{}
		}
		items[item], record[name] = value, items
		return nil
	}
	read, err := valueOf(fields[i], value)
	record[name] = read
	return err
}

// valueOf reads a value of a field's type; what it has to be is looked at later.
func valueOf(f register.Field, value string) (any, error) {
	_, err := strconv.Atoi(value)
	switch {
	case f.Type == "cameras", f.Type == "choices":
		return strings.Split(value, ","), nil
	case f.Type == "flag", f.Type == "answer":
		yes := slices.Contains([]string{"yes", "true", "1"}, value)
		if !yes && !slices.Contains([]string{"no", "false", "0"}, value) {
			return nil, cli.Usage(text.Fail(field.ErrInvalid, text.ConfigChoice, f.Name, value, "yes, no"))
		}
		return yes, nil
	case f.Type == "number" && err != nil:
		return nil, cli.Usage(text.Fail(field.ErrInvalid, text.ConfigRange, f.Name, value, fmt.Sprint(f.Min), fmt.Sprint(f.Max), fmt.Sprint(max(f.Min, 1))))
	case err == nil && (f.Type == "number" || f.Type == "choice"):
		return json.Number(value), nil
	}
	return value, nil
}

// decode makes a record of what was given.
func decode(kind register.Kind, record map[string]any) (register.Record, error) {
	b, err := json.Marshal(record)
	if err != nil {
		return nil, err
	}
	rec, err := register.Decode(kind, b)
	if err != nil {
		return nil, cli.Refuse(err)
	}
	return rec, nil
}

type recordAdd struct {
	cli.Target
	kindArg
	given
}

// Run adds a record. A day that is not given is today, by the calendar of the site.
func (c *recordAdd) Run(p *cli.Program) error {
	if err := c.known(); err != nil {
		return err
	}
	in := map[string]any{}
	if err := c.into(c.Kind, in); err != nil {
		return err
	}
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	if _, dated := in["date"]; !dated && slices.ContainsFunc(register.Fields(c.Kind), func(f register.Field) bool { return f.Name == "date" }) {
		calendar, err := client.Calendar(p.Ctx)
		if err != nil {
			return err
		}
		in["date"] = calendar.Today
	}
	rec, err := decode(c.Kind, in)
	if err != nil {
		return err
	}
	return add(p, client, c.Kind, rec)
}

type recordCorrect struct {
	cli.Target
	kindArg
	ID     string `arg:"" help:"The record's number, as in bauta record list." name:"id"`
	Reason string `help:"Why it is changed; the version before stays." required:"" placeholder:"TEXT"`
	given
}

// Run adds the next version of a record: the newest one with what is given.
func (c *recordCorrect) Run(p *cli.Program) error {
	if err := c.known(); err != nil {
		return err
	}
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	in := map[string]any{}
	if err := newest(p, client, c.Kind, c.ID, &in); err != nil {
		return err
	}
	if err := c.into(c.Kind, in); err != nil {
		return err
	}
	rec, err := decode(c.Kind, in)
	if err != nil {
		return err
	}
	return putNext(p, client, c.Kind, c.ID, rec, c.Reason)
}
