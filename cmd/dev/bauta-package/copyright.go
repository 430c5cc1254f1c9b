package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// module is one Go module that is linked into a program.
type module struct {
	Path, Version, Dir string
}

const self = "github.com/bauta-gateway/bauta"

// linked lists the modules of the programs, Go's own library first. What only
// tests and tools need is not among them.
func linked(dir string, programs ...string) ([]module, error) {
	cmd := exec.Command("go", append([]string{"list", "-deps", "-json=Module"}, programs...)...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	all := []module{{Path: "go/src", Dir: strings.TrimSpace(string(root))}}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct{ Module *module }
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if p.Module != nil && p.Module.Path != self && !slices.Contains(all, *p.Module) {
			all = append(all, *p.Module)
		}
	}
	slices.SortFunc(all[1:], func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return all, nil
}

// licence is what a module may be used under.
type licence struct {
	name   string // SPDX
	text   string
	notice string // what must be passed on beside the licence
}

// licenceFiles are the names under which modules keep theirs; the first that
// exists counts. Paho's offers a choice, of which edl-v10 is the one that the
// GPL is compatible with.
var licenceFiles = []string{"edl-v10", "LICENSE", "LICENSE.md", "LICENSE.txt", "COPYING"}

// licenceOf reads a module's licence. One that is not recognised, or that could
// not be in one package with GPL software, is an error: a person has to look.
func licenceOf(m module) (licence, error) {
	for _, file := range licenceFiles {
		b, err := os.ReadFile(filepath.Join(m.Dir, file))
		if errors.Is(err, os.ErrNotExist) {
			continue
		} else if err != nil {
			return licence{}, err
		}
		name := recognise(string(b))
		if name == "" {
			return licence{}, fmt.Errorf("%s: the licence in %s is not known: read it and add it to cmd/dev/bauta-package", m.Path, file)
		}
		notice, err := noticeOf(m)
		return licence{name: name, text: string(b), notice: notice}, err
	}
	return licence{}, fmt.Errorf("%s has no licence file: use another module", m.Path)
}

// recognise knows a licence by sentences that no other has; empty where none
// fits. All of these may be combined with the GPL, version 3.
func recognise(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	has := func(s string) bool { return strings.Contains(text, s) }
	switch {
	case has("Eclipse Public License"), has("GNU GENERAL PUBLIC"), has("GNU AFFERO"), has("GNU LESSER"):
		return ""
	case has("Apache License, Version 2.0"), has("Apache License Version 2.0, January 2004"):
		return "Apache-2.0"
	case has("Permission is hereby granted, free of charge, to any person obtaining a copy of this software"):
		return "MIT"
	case has("Redistribution and use in source and binary forms") && has("Neither the name"):
		return "BSD-3-Clause"
	case has("Redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	case has("Mozilla Public License Version 2.0"), has("Mozilla Public License, version 2.0"):
		return "MPL-2.0"
	}
	return ""
}

// fontModule holds glyphs of fonts with licences of their own, in its README.
const fontModule = "github.com/hajimehoshi/bitmapfont/v3"

// fontNotice holds what those licences ask to pass on.
//
//go:embed fonts.txt
var fontNotice string

func noticeOf(m module) (string, error) {
	if m.Path == fontModule {
		return fontNotice, nil
	}
	for _, file := range []string{"NOTICE", "NOTICE.txt"} {
		b, err := os.ReadFile(filepath.Join(m.Dir, file))
		if err == nil {
			return string(b), nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	return "", nil
}

// library is the licence of Debian packages by the beginning of their names.
type library struct{ prefix, licence string }

// libraries are those that bauta-worker may be linked with. Debian builds
// FFmpeg with x264 and therefore under the GPL.
var libraries = []library{
	{"libopencv-", "OpenCV: Apache-2.0"},
	{"libavcodec", "FFmpeg, built by Debian with x264: GPL-2+"},
	{"libavutil", "FFmpeg: GPL-2+"},
	{"libswscale", "FFmpeg: GPL-2+"},
	{"libstdc++", "GCC's run-time library: GPL-3+ with the GCC Runtime Library Exception"},
	{"libgcc-", "GCC's run-time library: GPL-3+ with the GCC Runtime Library Exception"},
	{"libc6", "GNU C Library: LGPL-2.1+"},
}

func licenceOfLibrary(pkg string) (string, error) {
	for _, l := range libraries {
		if strings.HasPrefix(pkg, l.prefix) {
			return l.licence, nil
		}
	}
	return "", fmt.Errorf("bauta-worker is linked with %s, whose licence is not known here: read /usr/share/doc/%s/copyright and add it to cmd/dev/bauta-package", pkg, pkg)
}

const head = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Bauta
Source: https://github.com/bauta-gateway/bauta
Comment:
 Bauta's own code is under the Apache License 2.0. bauta-worker is linked with
 Debian's FFmpeg, which contains x264 and is under the GPL, version 2 or later.
 The Apache License 2.0 is compatible with version 3 of the GPL, not with
 version 2: bauta-worker together with these libraries, and so this package as
 a whole, may be passed on under the GPL, version 3 or later. Its source is at
 the address above, that of the libraries in Debian.
 .
 Libraries of Debian with which bauta-worker is linked when it starts; they are
 not part of this package, their copyright files are in /usr/share/doc:
`

const ours = `
Files: *
Copyright: the Bauta authors
License: Apache-2.0

Files: usr/lib/bauta/bauta-worker
Copyright: the Bauta authors, and those of the libraries above
License: GPL-3+
Comment: Bauta's own code in it is under the Apache License 2.0.

Files: usr/share/bauta/demo.mp4
Copyright: 2017-2022 The Hybrid Group and friends
License: Apache-2.0
Comment: Made of sample photos of the module gocv.io/x/gocv.
`

const common = `
License: Apache-2.0
 On Debian systems the text of the Apache License, version 2.0, is in
 /usr/share/common-licenses/Apache-2.0.

License: GPL-3+
 This package is free software: you can redistribute it and/or modify it under
 the terms of the GNU General Public License as published by the Free Software
 Foundation, either version 3 of the License, or (at your option) any later
 version. It is distributed without any warranty. On Debian systems the text of
 the GNU General Public License, version 3, is in
 /usr/share/common-licenses/GPL-3.
`

// weights is the folder of the face model's weights, which the worker carries.
const weights = "detector/yunet"

// weightsParagraph passes on what the licence of the weights asks for.
func weightsParagraph(dir string) (string, error) {
	m := module{Path: weights, Dir: filepath.Join(dir, weights)}
	l, err := licenceOf(m)
	if err != nil {
		return "", err
	}
	return paragraph(m, l, "The weights of YuNet, a network that finds faces; part of bauta-worker."+
		"\n Made from face_detection_yunet_2023mar.onnx of\n https://github.com/opencv/opencv_zoo"), nil
}

// copyright is the package's copyright file in Debian's machine-readable form;
// dir holds the sources.
func copyright(dir string, modules []module, packages []string) (string, error) {
	var b strings.Builder
	b.WriteString(head)
	for _, pkg := range packages {
		l, err := licenceOfLibrary(pkg)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, " .\n %s (%s)\n", pkg, l)
	}
	b.WriteString(ours)
	text, err := weightsParagraph(dir)
	if err != nil {
		return "", err
	}
	b.WriteString(text)
	for _, m := range modules {
		l, err := licenceOf(m)
		if err != nil {
			return "", err
		}
		b.WriteString(paragraph(m, l, comment(m)))
	}
	return b.String() + common, nil
}

// comment says what a module is to this package.
func comment(m module) string {
	if m.Version == "" {
		return "Linked into a program of this package."
	}
	return "Go module, version " + m.Version + "; linked into a program of this package."
}

// paragraph is one module's part. Apache's text is given once, others differ in
// names and words and are given in full.
func paragraph(m module, l licence, comment string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nFiles: %s/*\nCopyright: %s\nLicense: %s\n", m.Path, strings.Join(holders(m, l.text), "\n           "), l.name)
	if l.name != "Apache-2.0" {
		b.WriteString(verbatim(l.text))
	}
	fmt.Fprintf(&b, "Comment: %s\n", comment)
	if l.notice != "" {
		b.WriteString(" .\n" + verbatim(l.notice))
	}
	return b.String()
}

// holders are the lines of a licence that name who holds the rights; the
// Apache License itself has only samples of such lines.
func holders(m module, text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "*#-"))
		rest, is := strings.CutPrefix(line, "Copyright ")
		rest = strings.TrimSpace(strings.NewReplacer("(c)", "", "(C)", "", "©", "").Replace(rest))
		if is && rest != "" && !strings.ContainsAny(rest, "[{<") || is && strings.Contains(rest, "@") {
			out = append(out, rest)
		}
	}
	if out == nil {
		out = []string{"the authors of " + m.Path}
	}
	return out
}

// verbatim is a text as a field's continuation.
func verbatim(text string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimSpace(text) + "\n") {
		line = strings.TrimRight(strings.ReplaceAll(line, "\f", ""), " \t\r\n")
		if line == "" {
			line = "."
		}
		b.WriteString(" " + line + "\n")
	}
	return b.String()
}
