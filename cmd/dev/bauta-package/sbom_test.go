package main

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"
)

const ofProgram = `{"$schema":"http://cyclonedx.org/schema/bom-1.6.schema.json","bomFormat":"CycloneDX","specVersion":"1.6","version":1,
"metadata":{"timestamp":"2026-01-01T00:00:00Z","component":{"name":"x"}},
"components":[{"bom-ref":"pkg:golang/std@go1.26","type":"library","name":"std","version":"go1.26"},{"bom-ref":"pkg:golang/A@v1","type":"library","name":"A","hashes":[{"alg":"SHA-256","content":"ab"}]}]}`

// Of two programs each module is named once, with all that was said of it, and
// the Debian packages beside them; the same input makes the same document.
func TestSBOMJoins(t *testing.T) {
	if _, err := exec.LookPath("dpkg-query"); err != nil {
		t.Skip("dpkg is not installed")
	}
	other := strings.ReplaceAll(ofProgram, "golang/A@v1", "golang/B@v1")
	make := func() string {
		text, err := sbom([][]byte{[]byte(ofProgram), []byte(other)}, []string{"libc6"}, "0.2.0", "debian-12", time.Unix(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	text := make()
	if text != make() {
		t.Error("it comes out differently each time")
	}
	var out struct {
		SpecVersion  string
		Metadata     struct{ Timestamp string }
		Components   []map[string]any
		Dependencies []struct{ DependsOn []string }
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	var purls []string
	for _, c := range out.Components {
		purls = append(purls, c["bom-ref"].(string))
	}
	all := strings.Join(purls, "\n")
	if len(out.Components) != 4 || !strings.Contains(all, "pkg:deb/debian/libc6@") || !strings.Contains(all, "&distro=debian-12") || !strings.Contains(text, `"content": "ab"`) {
		t.Errorf("components:\n%s", text)
	}
	if len(out.Dependencies) != 1 || len(out.Dependencies[0].DependsOn) != 4 || out.SpecVersion != "1.6" || out.Metadata.Timestamp != "1970-01-01T00:00:00Z" {
		t.Errorf("%s", text)
	}
}

func TestSBOMErrors(t *testing.T) {
	for name, documents := range map[string][]byte{"no JSON": []byte("x"), "another format": []byte(`{"bomFormat":"SPDX"}`), "no module": []byte(`{"bomFormat":"CycloneDX"}`)} {
		if _, err := sbom([][]byte{documents}, nil, "1", "debian-12", time.Now()); err == nil {
			t.Errorf("%s passes", name)
		}
	}
	if _, err := sbom([][]byte{[]byte(ofProgram)}, []string{"libnone99"}, "1", "debian-12", time.Now()); err == nil || !strings.Contains(err.Error(), "install it") {
		t.Errorf("a package that is not there: %v", err)
	}
	if _, err := run([]string{"sbom", "1", "debian-12", "0"}); err == nil {
		t.Error("no documents")
	}
}
