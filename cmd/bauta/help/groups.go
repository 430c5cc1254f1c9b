package help

import "github.com/bauta-gateway/bauta/config/text"

// Group is a part of the list of commands.
type Group struct {
	Title    text.Key
	Commands []string
}

// groups hold each command once, in the order in which people need them. A new command
// is added here, and its example below.
var groups = []Group{
	{text.HelpFirst, []string{"run", "setup-code", "doctor", "status", "help", "version"}},
	{text.HelpCameras, []string{"display", "camera", "zone", "viewer", "redact"}},
	{text.HelpLaw, []string{"site", "compliance", "violation", "sign", "notice", "assessment", "filing", "devicetest", "complaint", "disclosure", "retention",
		"inspection", "record", "calendar", "form", "evidence", "sealed"}},
	{text.HelpConsent, []string{"consent"}},
	{text.HelpUpkeep, []string{"notify", "backup", "restore", "export", "apply", "fleet", "user", "mqtt", "dashboard", "models", "manual", "completion"}},
}

// Groups lists the groups with their commands.
func Groups() []Group { return groups }

// Examples are the lines that show a command, by its name without bauta; those of the
// program itself by an empty one.
func Examples(path string) []string {
	if path == "" {
		return start
	}
	if line, ok := examples[path]; ok {
		return []string{line}
	}
	if line, ok := groupExamples[path]; ok {
		return []string{line}
	}
	return nil
}

// start is how somebody begins.
var start = []string{
	"bauta run --demo",
	"bauta setup-code",
	`bauta camera add "Front door" rtsp://192.0.2.7/stream1 --user admin`,
}

// groupExamples are of commands that only hold others.
var groupExamples = map[string]string{
	"notify":         "bauta notify list",
	"display":        "bauta display list",
	"camera":         `bauta camera add "Front door" rtsp://192.0.2.7/stream1 --user admin`,
	"zone":           "bauta zone add front-door desk --kind private --rect 0,0.2,0.25,0.7",
	"site":           "bauta site ask",
	"calendar":       "bauta calendar show",
	"record":         "bauta record kinds",
	"sign":           "bauta sign add entrance sign.jpg",
	"assessment":     "bauta assessment list",
	"filing":         "bauta filing list",
	"devicetest":     "bauta devicetest add front-door --passed",
	"complaint":      `bauta complaint add "camera faces a flat's window"`,
	"disclosure":     "bauta disclosure list",
	"retention":      "bauta retention add 30d",
	"inspection":     `bauta inspection add "nothing found"`,
	"violation":      "bauta violation list",
	"evidence":       "bauta evidence export --from 2026-01-01 --to 2026-12-31 -o pack.zip",
	"form":           "bauta form list",
	"notice":         "bauta notice export notice.html",
	"consent":        "bauta consent list",
	"consent issuer": "bauta consent issuer list",
	"user":           "bauta user list",
	"mqtt":           "bauta mqtt list",
	"viewer":         "bauta viewer add recorder --camera front-door",
	"sealed":         "bauta sealed page",
	"models":         "bauta models",
	"fleet":          "bauta fleet apply sites --targets targets.yaml --dry-run",
}
