// Command bauta is the privacy gateway's supervisor and command line.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
)

// grammar is the command line. Names of commands and flags are fixed: other
// tools call them.
type grammar struct {
	Lang    string           `help:"Language of what is printed: en or zh. Default: the environment's." enum:",en,zh,zh-CN" default:"" placeholder:"en|zh"`
	Version kong.VersionFlag `help:"Print version and build ID."`

	Run        runCommand        `cmd:"" help:"Run the gateway."`
	Status     statusCommand     `cmd:"" help:"Say how the gateway and its cameras are."`
	Camera     cameraCommands    `cmd:"" help:"Add, list, remove and test cameras."`
	Zone       zoneCommands      `cmd:"" help:"Say what is private, masked or open to consent in a picture."`
	Site       siteCommands      `cmd:"" help:"Say what kind of site this is."`
	Compliance complianceCommand `cmd:"" help:"Say how the site stands by the rules."`
	recordCommands
	Evidence   evidenceCommands  `cmd:"" help:"Make and prove evidence."`
	Consent    consentCommands   `cmd:"" help:"Issue, import, revoke and print consents."`
	Backup     backupCommand     `cmd:"" help:"Copy all that the gateway keeps into a file, while it runs."`
	Restore    restoreCommand    `cmd:"" help:"Put a backup in the place of what the gateway keeps; withdrawn consents stay withdrawn."`
	User       userCommands      `cmd:"" help:"Add, list and remove users of the console."`
	MQTT       mqttCommands      `cmd:"" name:"mqtt" help:"Add, list and remove logins at the embedded MQTT broker."`
	SetupCode  setupCode         `cmd:"" help:"Print the one-time code for the first user of the console."`
	Viewer     viewerCommand     `cmd:"" help:"Print the login of the masked streams."`
	Redact     redactCommand     `cmd:"" help:"Mask the faces of a video file."`
	Models     modelsCommands    `cmd:"" help:"Say which detection model is built in."`
	Dashboard  dashboardCommand  `cmd:"" help:"Show many gateways on one page, by what their broker says."`
	Doctor     doctorCommand     `cmd:"" help:"Check what is missing on this box and say how to mend it."`
	Completion completionCommand `cmd:"" help:"Print a shell's completion of this command line."`
	Manual     manualCommand     `cmd:"" help:"Print a manual page."`
}

const description = `Bauta stands between RTSP cameras and whatever watches them: faces leave it masked.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the gateway is not running, 4 refused or not found.`

func main() {
	ctx, stop := interruptible()
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// interruptible ends the context with the first SIGINT or SIGTERM; the second
// finds the default action restored and kills at once.
func interruptible() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// run executes one command line and returns the exit code.
func run(ctx context.Context, args []string) int {
	p := &program{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, lang: text.FromEnv()}
	var g grammar
	chosen, err := newParser(&g).Parse(args)
	if err != nil {
		fmt.Fprintf(p.stderr, "bauta: %v\ntry 'bauta --help'\n", err)
		return exitUsage
	}
	if g.Lang != "" {
		p.lang, p.told = text.Pick(g.Lang), true
	}
	return p.finish(chosen.Run(p))
}

func newParser(g *grammar) *kong.Kong {
	return kong.Must(g,
		kong.Name("bauta"),
		kong.Description(description),
		kong.Vars{"version": versionLine()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
}

func versionLine() string {
	return fmt.Sprintf("bauta %s (build %s)", gateway.Version, wire.BuildID)
}
