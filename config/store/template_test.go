package store

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/consent"
)

// C14: a consent may name the template of a face that some device keeps. The name is all of it
// that is ever here: no bucket holds templates, and nothing as long as one is taken for a name.
func TestC14NoTemplateIsStored(t *testing.T) {
	s := open(t, newPath(t))
	const template = "template-of-nobody"
	token := sample("face", func(c *consent.Token) { c.Badge, c.Face = 0, template })
	if err := add(t, s, token, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Revoke([]consent.Revocation{{Token: token.ID}}, noon.Add(days)); err != nil {
		t.Fatal(err)
	}
	// Each bucket was looked at: a new one is added here by whoever knows what it holds.
	known := []string{"api-tokens", "cameras", "consents", "consents.badge", "consents.issuers", "consents.lists", "consents.revoked", "consents.subject", "days", "facts",
		"meta", "outbox", "records", "settings", "trail", "users", "violations", "zones"}
	var have, naming []string
	err := s.db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			have = append(have, string(name))
			return b.ForEach(func(key, value []byte) error {
				if bytes.Contains(append(slices.Clone(key), value...), []byte(template)) {
					naming = append(naming, string(name)+"/"+string(key))
				}
				return nil
			})
		})
	})
	if err != nil || !slices.Equal(have, known) {
		t.Errorf("buckets %q, %v", have, err)
	}
	if !slices.Equal(naming, []string{"consents/" + token.ID}) {
		t.Errorf("the name of the template stands in %q", naming)
	}
	for _, long := range []string{strings.Repeat("a", 65), strings.Repeat("a", 512), "0.12,0.34,0.56,0.78"} {
		if _, err := consent.Sign(sample("long", func(c *consent.Token) { c.Badge, c.Face = 0, long }), issuer); err == nil {
			t.Errorf("a template of %d bytes was taken for its name", len(long))
		}
	}
}
