package main

import (
	"fmt"
	"strings"

	"github.com/bauta-gateway/bauta/anonymize/leak"
)

// kindTables are the figures on kinds of pictures, on places where nobody is and on a
// still scene; empty where they were not measured.
func (d *doc) kindTables() string {
	var b strings.Builder
	d.kindTable(&b)
	d.spareTable(&b)
	if len(d.still) > 0 {
		b.WriteString("\n## A still scene\n\n| clip | pictures | least similarity | mean similarity | size, times the source's |\n|---|--:|--:|--:|--:|\n")
		for _, s := range d.still {
			fmt.Fprintf(&b, "| %s | %d | %.4f | %.4f | %.2f |\n", s.clip, s.pictures, s.least, s.mean, s.size)
		}
	}
	return b.String()
}

func (d *doc) kindTable(b *strings.Builder) {
	if len(d.kinds) == 0 {
		return
	}
	b.WriteString("\n## Kinds of pictures\n\nThe same clips as other cameras, phones and recorders give them.\n\n")
	b.WriteString("| clip | kind | faces judged | leaked | tracks with a leak | changed area | times the faces | second judge: faces | leaked | remarks |\n")
	b.WriteString("|---|---|--:|--:|--:|--:|--:|--:|--:|---|\n")
	for _, k := range d.kinds {
		fmt.Fprintf(b, "| %s | %s | %d | %.4f | %d of %d | %.4f | %s | %s |\n", k.clip, k.kind, k.result.Faces, k.result.Rate(),
			k.result.LeakedTracks, k.result.Tracks, k.result.ChangedArea, timesFaces(k.result), k.second.cells())
	}
	for _, k := range kinds {
		var sum leak.Result
		var other *second
		for _, row := range d.kinds {
			if row.kind == k.name {
				sum.Faces, sum.Leaked = sum.Faces+row.result.Faces, sum.Leaked+row.result.Leaked
				other = other.add(row.second)
			}
		}
		if sum.Faces > 0 {
			fmt.Fprintf(b, "| **all** | **%s** | %d | **%.4f** | | | | %s |\n", k.name, sum.Faces, sum.Rate(), other.cells())
		}
	}
	if !d.withJudge2 {
		b.WriteString("\nThe second judge was not at hand.\n")
	}
}

func (d *doc) spareTable(b *strings.Builder) {
	if len(d.spare) == 0 {
		return
	}
	b.WriteString("\n## Where nobody is, and beside the faces\n\n")
	b.WriteString("| clip | pictures without a face | changed area, mean | worst picture | changed area of all | area of the faces | times the faces |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range d.spare {
		fmt.Fprintf(b, "| %s | %d | %s | %s | %.4f | %.4f | %s |\n", s.clip, s.faceless, share(s.mean), share(s.worst),
			s.result.ChangedArea, s.result.FaceArea, timesFaces(s.result))
	}
}

// timesFaces is the changed area by that of the faces.
func timesFaces(r leak.Result) string {
	if r.FaceArea == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", r.ChangedArea/r.FaceArea)
}

// add sums up; nil is a judge that was not asked.
func (s *second) add(other *second) *second {
	if s == nil || other == nil {
		return other
	}
	return &second{Faces: s.Faces + other.Faces, Leaked: s.Leaked + other.Leaked, TurnLost: s.TurnLost || other.TurnLost, SARLost: s.SARLost || other.SARLost}
}

// cells are the columns of the second judge.
func (s *second) cells() string {
	if s == nil {
		return "- | - | "
	}
	return fmt.Sprintf("%d | %.4f | %s", s.Faces, float64(s.Leaked)/float64(max(1, s.Faces)), s.remarks())
}
