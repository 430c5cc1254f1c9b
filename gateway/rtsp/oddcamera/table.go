package oddcamera

import (
	"fmt"
	"slices"
	"strings"
)

// Table is the table of docs/cameras.md.
func Table() string {
	var b strings.Builder
	var groups []Group
	for _, m := range Modes() {
		if !slices.Contains(groups, m.Group) {
			groups = append(groups, m.Group)
		}
	}
	slices.SortStableFunc(groups, func(a, b Group) int { return slices.Index(inOrder, a) - slices.Index(inOrder, b) })
	for _, g := range groups {
		fmt.Fprintf(&b, "\n### %s\n\n| mode | habit | reported in | in Bauta |\n|---|---|---|---|\n", g)
		for _, m := range Modes() {
			if m.Group == g {
				fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", m.Name, marked(m.Habit), links(m.Reports), m.Expect)
			}
		}
	}
	return b.String()
}

var inOrder = []Group{Description, Answers, Login, Packets, Frames, Hopeless}

// String is the outcome for people.
func (o Outcome) String() string {
	if o == Plays {
		return "plays"
	}
	return "refused: `" + o.Reason + "`"
}

// marked keeps signs of Markdown from counting.
func marked(text string) string {
	return strings.NewReplacer("*", `\*`, "_", `\_`, "|", `\|`, "<", "&lt;").Replace(text)
}

// links are short ones, such as owner/name#12.
func links(reports []string) string {
	if len(reports) == 0 {
		return "common"
	}
	var all []string
	for _, r := range reports {
		parts := strings.Split(strings.TrimPrefix(r, "https://github.com/"), "/")
		all = append(all, fmt.Sprintf("[%s/%s#%s](%s)", parts[0], parts[1], parts[len(parts)-1], r))
	}
	return strings.Join(all, ", ")
}
