package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

// A module that comes new has to have a licence that is known here and fits
// the GPL: this test is what says so before the package is made.
func TestCopyrightNamesAllThatIsLinked(t *testing.T) {
	modules, err := linked("../../..", "./cmd/bauta", "./cmd/bauta-worker")
	if err != nil {
		t.Fatal(err)
	}
	if len(modules) < 10 {
		t.Fatalf("only %d modules", len(modules))
	}
	packages := []string{"libavcodec59", "libavutil57", "libswscale6", "libopencv-core406", "libopencv-objdetect406t64", "libstdc++6", "libgcc-s1", "libc6"}
	text, err := copyright("../../..", modules, packages)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range modules {
		if !strings.Contains(text, "\nFiles: "+m.Path+"/") {
			t.Errorf("%s is not named", m.Path)
		}
	}
	for _, want := range append(packages, "License: GPL-3+", "License: Apache-2.0\n", "x264", "Baekmuk", "SIL OPEN FONT LICENSE", "The Go Authors",
		"Files: detector/yunet/*", "2020 Shiqi Yu", "face_detection_yunet_2023mar.onnx") {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not named", want)
		}
	}
	checkForm(t, text)
}

// checkForm: fields, continuations beginning with a space, and empty lines
// between paragraphs are all that the format has.
func checkForm(t *testing.T, text string) {
	t.Helper()
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		name, _, field := strings.Cut(line, ":")
		if line != "" && line[0] != ' ' && (!field || strings.Contains(name, " ")) {
			t.Errorf("line %d is no field: %q", i+1, line)
		}
		if strings.TrimRight(line, " \t") != line {
			t.Errorf("line %d ends in blanks", i+1)
		}
	}
}

func TestRecognise(t *testing.T) {
	const bsd = "Redistribution and use in source\nand binary forms, with or without modification"
	for _, c := range []struct{ text, want string }{
		{"Apache License\n  Version 2.0, January 2004", "Apache-2.0"},
		{"Licensed under the Apache License, Version 2.0 (the \"License\")", "Apache-2.0"},
		{"Permission is hereby granted, free of charge, to any person obtaining a copy\nof this software", "MIT"},
		{bsd + " ... Neither the name of", "BSD-3-Clause"},
		{bsd, "BSD-2-Clause"},
		{"Mozilla Public License Version 2.0", "MPL-2.0"},
		{"GNU GENERAL PUBLIC LICENSE Version 2", ""},
		{"GNU AFFERO GENERAL PUBLIC LICENSE", ""},
		{"Eclipse Public License - v 2.0", ""},
		{"all rights reserved", ""},
	} {
		if got := recognise(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestUnknownLicencesStopThePackage(t *testing.T) {
	dir := t.TempDir()
	m := module{Path: "example.com/m", Version: "v1.0.0", Dir: dir}
	if _, err := licenceOf(m); err == nil {
		t.Error("a module without a licence passes")
	}
	if err := os.WriteFile(filepath.Join(dir, "LICENSE"), []byte("you may look at it"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := licenceOf(m); err == nil {
		t.Error("an unknown licence passes")
	}
	if _, err := copyright("../../..", nil, []string{"libsecret-sauce1"}); err == nil {
		t.Error("an unknown library passes")
	}
}

func TestHolders(t *testing.T) {
	got := strings.Join(holders(module{Path: "m"}, "Copyright (c) 2015 A B <a@b.c>\n  Copyright 2020-2024 C\nCopyright [yyyy] [name]\ncopyright notice\nCopyright (c) <year>\n"), "|")
	if got != "2015 A B <a@b.c>|2020-2024 C" {
		t.Error(got)
	}
	if got := holders(module{Path: "m"}, "none"); len(got) != 1 || got[0] != "the authors of m" {
		t.Error(got)
	}
}

func TestChangelog(t *testing.T) {
	const source = "# Changelog\n\n- not of a version\n\n## 0.2.0\n\n- One thing,\n  told on two lines.\n- Another.\n\n## [0.1.0] (1969-12-24)\n\n- The first.\n"
	got, err := changelog(source, "1~deb12", "bookworm", time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	const want = `bauta (0.2.0-1~deb12) bookworm; urgency=medium

  * One thing, told on two lines.
  * Another.

 -- Bauta developers <bauta-gateway@users.noreply.github.com>  Thu, 01 Jan 1970 00:00:00 +0000

bauta (0.1.0-1~deb12) bookworm; urgency=medium

  * The first.

 -- Bauta developers <bauta-gateway@users.noreply.github.com>  Wed, 24 Dec 1969 00:00:00 +0000
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, err := changelog("nothing", "1", "sid", time.Now()); err == nil {
		t.Error("a changelog without a version passes")
	}
}

// Debian's own parser reads what is made of this repository's CHANGELOG.md.
func TestChangelogIsDebians(t *testing.T) {
	if _, err := exec.LookPath("dpkg-parsechangelog"); err != nil {
		t.Skip("dpkg-dev is not installed")
	}
	source, err := os.ReadFile("../../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := changelog(string(source), "1~deb13", "trixie", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text) {
		if len(line) > changelogWidth+1 && line[1] != '-' {
			t.Errorf("too long: %q", line)
		}
	}
	cmd := exec.Command("dpkg-parsechangelog", "-l", "-", "-S", "Version")
	cmd.Stdin = strings.NewReader(text)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(out)), "-1~deb13") {
		t.Errorf("%v: %s", err, out)
	}
}

// The maintainer's name stands in two files.
func TestMaintainer(t *testing.T) {
	b, err := os.ReadFile("../../../packaging/nfpm.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), "\nmaintainer: "+maintainer+"\n") {
		t.Error("packaging/nfpm.yaml names another maintainer than the changelog")
	}
}

// The compose file starts the image that make image makes of this version.
func TestComposeFile(t *testing.T) {
	source, err := os.ReadFile("../../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	all, err := releases(string(source))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("../../../packaging/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct {
			Image       string   `yaml:"image"`
			ReadOnly    bool     `yaml:"read_only"`
			CapDrop     []string `yaml:"cap_drop"`
			SecurityOpt []string `yaml:"security_opt"`
			CapAdd      []string `yaml:"cap_add"`
			Privileged  bool     `yaml:"privileged"`
		} `yaml:"services"`
	}
	if err := yaml.Unmarshal(b, &compose); err != nil {
		t.Fatal(err)
	}
	s := compose.Services["bauta"]
	if want := "bauta:" + all[0].version; s.Image != want {
		t.Errorf("the image is %q, want %q", s.Image, want)
	}
	if !s.ReadOnly || s.Privileged || s.CapAdd != nil || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Equal(s.SecurityOpt, []string{"no-new-privileges:true"}) {
		t.Errorf("the container may do more than it needs: %+v", s)
	}
}
