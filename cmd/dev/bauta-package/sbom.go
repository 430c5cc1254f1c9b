package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// bom is what is read and written of a CycloneDX document. Components are
// passed on as cyclonedx-gomod made them.
type bom struct {
	Schema       string       `json:"$schema"`
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component = map[string]any

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn,omitempty"`
}

// sbom joins the documents of both programs to one of the package, and adds the
// Debian packages that the worker is linked with, as this machine has them.
func sbom(documents [][]byte, packages []string, version, distro string, when time.Time) (string, error) {
	root := component{"bom-ref": "bauta", "type": "application", "name": "bauta", "version": version, "purl": "pkg:golang/" + self + "@v" + version}
	var out bom
	var needs []string
	known := map[string]bool{}
	for _, document := range documents {
		var one bom
		if err := json.Unmarshal(document, &one); err != nil {
			return "", fmt.Errorf("sbom of a program: %w", err)
		}
		if one.Format != "CycloneDX" || len(one.Components) == 0 {
			return "", errors.New("sbom of a program: it is no CycloneDX document, or names no module")
		}
		out.Schema, out.Format, out.Spec = one.Schema, one.Format, one.Spec
		for _, c := range one.Components {
			ref, _ := c["bom-ref"].(string)
			if ref == "" {
				return "", fmt.Errorf("sbom: component %v has no bom-ref", c["name"])
			}
			if !known[ref] {
				known[ref] = true
				out.Components, needs = append(out.Components, c), append(needs, ref)
			}
		}
	}
	for _, name := range packages {
		c, err := debian(name, distro)
		if err != nil {
			return "", err
		}
		out.Components, needs = append(out.Components, c), append(needs, c["bom-ref"].(string))
	}
	slices.SortFunc(out.Components, func(x, y component) int { return strings.Compare(x["bom-ref"].(string), y["bom-ref"].(string)) })
	slices.Sort(needs)
	out.Version, out.Metadata = 1, metadata{when.UTC().Format(time.RFC3339), root}
	out.Dependencies = []dependency{{"bauta", needs}}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(out)
	return b.String(), err
}

// debian is an installed package of libraries.
func debian(name, distro string) (component, error) {
	b, err := exec.Command("dpkg-query", "-W", "-f", "${Version} ${Architecture} ${source:Package}\n", name).Output()
	fields := strings.Fields(strings.SplitN(string(b), "\n", 2)[0])
	if err != nil || len(fields) != 3 {
		return nil, fmt.Errorf("sbom: package %s is not installed here: install it, as bauta-worker is linked with it", name)
	}
	purl := fmt.Sprintf("pkg:deb/debian/%s@%s?arch=%s&distro=%s", name, strings.ReplaceAll(strings.ReplaceAll(fields[0], "+", "%2B"), ":", "%3A"), fields[1], distro)
	return component{"bom-ref": purl, "type": "library", "name": name, "version": fields[0], "purl": purl, "scope": "required",
		"properties": []map[string]string{{"name": "debian:source", "value": fields[2]}}}, nil
}

// sbomOf reads the documents; between them and the packages stands "--".
func sbomOf(args []string) (string, error) {
	i := slices.Index(args, "--")
	if i < 4 {
		return "", errUsage
	}
	seconds, err := time.ParseDuration(args[2] + "s")
	if err != nil {
		return "", errUsage
	}
	var documents [][]byte
	for _, path := range args[3:i] {
		b, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		documents = append(documents, b)
	}
	return sbom(documents, args[i+1:], args[0], args[1], time.Unix(int64(seconds.Seconds()), 0))
}
