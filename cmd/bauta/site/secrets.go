package site

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/site"
	"github.com/bauta-gateway/bauta/config/strict"
	"github.com/bauta-gateway/bauta/config/text"
)

// maxSecrets bounds a file of secrets, in bytes, and maxSecret one of them.
const (
	maxSecrets = 256 << 10
	maxSecret  = 1024
)

// Secrets are what no site's file holds, by what they are for: camera/lobby, user/boss.
type Secrets map[string]string

// ReadSecrets reads a file of secrets: lines KEY: SECRET. Nobody else may be able to read it.
// Its errors show no value. An empty path gives none.
func ReadSecrets(path string) (Secrets, error) {
	all := Secrets{}
	if path == "" {
		return all, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the secrets: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		return nil, text.Fail(cli.Refuse(errors.New("open to others")), text.SecretsOpen, path)
	}
	src, err := io.ReadAll(io.LimitReader(f, maxSecrets+1))
	if err != nil {
		return nil, fmt.Errorf("read the secrets: %w", err)
	}
	return all, all.read(src, path)
}

func (s Secrets) read(src []byte, path string) error {
	root, line, err := strict.Root(src)
	if err != nil {
		return text.Fail(cli.Refuse(err), text.ConfigLine, path, max(line, 1), err)
	}
	if len(src) > maxSecrets {
		return s.malformed(path, 1)
	}
	if root == nil {
		return nil
	}
	m, ok := root.(*ast.MappingNode)
	if !ok {
		return s.malformed(path, strict.Line(root))
	}
	for _, pair := range m.Values {
		key, isWord := pair.Key.(*ast.StringNode)
		value, isText := pair.Value.(*ast.StringNode)
		if !isWord || !isText || len(value.Value) > maxSecret || s.has(key.Value) {
			return s.malformed(path, strict.Line(pair.Key))
		}
		s[key.Value] = value.Value
	}
	return nil
}

func (s Secrets) has(key string) bool {
	_, has := s[key]
	return has
}

func (s Secrets) malformed(path string, line int) error {
	return text.Fail(cli.Refuse(errors.New("malformed secrets")), text.ConfigLine, path, line, text.Fail(nil, text.SecretsForm, path))
}

// Of are the secrets for one of many gateways: its own, that begin with its name, and those
// for all.
func (s Secrets) Of(gateway string) Secrets {
	out := maps.Clone(s)
	for key, secret := range s {
		if own, ok := strings.CutPrefix(key, gateway+"/"); ok {
			out[own] = secret
		}
	}
	return out
}

// Needs are the keys of the secrets that a plan cannot do without.
func (p *Plan) Needs() []string {
	var all []string
	for _, ch := range p.Changes {
		all = append(all, p.needs(ch)...)
	}
	return all
}

// needs are those of one change. A camera that is known keeps its password, unless its user is
// another one.
func (p *Plan) needs(ch site.Change) (keys []string) {
	key := string(ch.Kind) + "/" + ch.ID
	switch is := ch.Is.(type) {
	case site.Camera:
		if is.User != "" && ch.Changed("user") {
			keys = append(keys, key)
		}
		if hasSecret(is.URL) && ch.Changed("url") {
			keys = append(keys, key+"/url")
		}
	case site.User:
		if ch.Op == site.Add {
			keys = append(keys, key)
		}
	case site.Mail:
		if is.Host != "" && is.User != "" && ch.Changed("host", "user") {
			keys = append(keys, key)
		}
	case site.Ping:
		if is.Every > 0 && (ch.Changed("host") || ch.Was.(site.Ping).Every == 0) {
			keys = append(keys, key)
		}
	case site.Person:
		if ch.Op == site.Add {
			keys = append(keys, key)
		}
	case site.Webhook:
		if ch.Op == site.Add || ch.Changed("host") {
			keys = append(keys, key)
		}
	}
	return keys
}

// Missing are those that a plan needs and that are not there.
func (p *Plan) Missing(have Secrets) []string {
	return slices.DeleteFunc(p.Needs(), have.has)
}

// Missing says which secrets there have to be.
func Missing(p *cli.Program, keys []string) error {
	fmt.Fprintln(p.Stderr, p.Text(text.SecretsMissing))
	for _, key := range keys {
		fmt.Fprintln(p.Stderr, "  "+key)
	}
	return cli.ErrRefused
}

// ask asks for what is missing, at a terminal.
func (p *Plan) ask(prog *cli.Program, have Secrets) error {
	keys := p.Missing(have)
	if len(keys) > 0 && !cli.IsTerminal(prog.Stdin) {
		return Missing(prog, keys)
	}
	for _, key := range keys {
		kind, id, _ := strings.Cut(key, "/")
		secret, err := prog.AskPassword(prog.Text(text.SecretsAsk, object(prog, site.Kind(kind), id), key) + " ")
		if err != nil {
			return err
		}
		have[key] = secret
	}
	return nil
}
