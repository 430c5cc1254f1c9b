// Command bauta is the privacy gateway's supervisor and command line.
//
// The commands that run, back up and restore a gateway are here; the others lie in the
// packages below, by what they are about, and share cmd/bauta/cli.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/cmd/bauta/cameras"
	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/cmd/bauta/consents"
	"github.com/bauta-gateway/bauta/cmd/bauta/evidence"
	"github.com/bauta-gateway/bauta/cmd/bauta/health"
	"github.com/bauta-gateway/bauta/cmd/bauta/logins"
	"github.com/bauta-gateway/bauta/cmd/bauta/manual"
	"github.com/bauta-gateway/bauta/cmd/bauta/records"
	"github.com/bauta-gateway/bauta/cmd/bauta/redact"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed"
	"github.com/bauta-gateway/bauta/config/text"
)

// grammar is the command line. Names of commands and flags are fixed: other
// tools call them.
type grammar struct {
	Lang    string           `help:"Language of what is printed: en or zh. Default: the environment's." enum:",en,zh,zh-CN" default:"" placeholder:"en|zh"`
	Version kong.VersionFlag `help:"Print version and build ID."`

	Run        runCommand         `cmd:"" help:"Run the gateway."`
	Status     health.Status      `cmd:"" help:"Say how the gateway and its cameras are."`
	Camera     cameras.Commands   `cmd:"" help:"Add, list, remove and test cameras."`
	Zone       cameras.Zones      `cmd:"" help:"Say what is private, masked or open to consent in a picture."`
	Site       cameras.Site       `cmd:"" help:"Say what kind of site this is."`
	Calendar   records.Calendar   `cmd:"" help:"Say which days are working days, for deadlines that are counted in them."`
	Compliance records.Compliance `cmd:"" help:"Say how the site stands by the rules."`
	records.Commands
	Violation  records.Violations `cmd:"" help:"What cameras did against the law, until it is closed with a proof."`
	Evidence   evidence.Commands  `cmd:"" help:"Make and prove evidence."`
	Form       records.Forms      `cmd:"" help:"Print the forms of authorities and the registers."`
	Notice     records.Notice     `cmd:"" help:"Write the notice that the sign leads to."`
	Consent    consents.Commands  `cmd:"" help:"Issue, import, revoke and print consents."`
	Backup     backupCommand      `cmd:"" help:"Copy all that the gateway keeps into a file, while it runs."`
	Restore    restoreCommand     `cmd:"" help:"Put a backup in the place of what the gateway keeps; withdrawn consents stay withdrawn."`
	User       logins.Users       `cmd:"" help:"Add, list and remove users of the console."`
	MQTT       logins.MQTT        `cmd:"" name:"mqtt" help:"Add, list and remove logins at the embedded MQTT broker."`
	SetupCode  logins.SetupCode   `cmd:"" help:"Print the one-time code for the first user of the console."`
	Viewer     logins.Viewer      `cmd:"" help:"Print the login of the masked streams."`
	Redact     redact.Command     `cmd:"" help:"Mask the faces of a video file."`
	Sealed     sealed.Commands    `cmd:"" help:"Keys for sealed originals, requests to open them, approvals and the opening."`
	Models     modelsCommands     `cmd:"" help:"Say which detection model is built in."`
	Dashboard  dashboardCommand   `cmd:"" help:"Show many gateways on one page, by what their broker says."`
	Doctor     health.Doctor      `cmd:"" help:"Check what is missing on this box and say how to mend it."`
	Completion manual.Completion  `cmd:"" help:"Print a shell's completion of this command line."`
	Manual     manual.Command     `cmd:"" help:"Print a manual page."`
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
	p := &cli.Program{Ctx: ctx, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Lang: text.FromEnv()}
	var g grammar
	chosen, err := newParser(&g).Parse(args)
	if err != nil {
		fmt.Fprintf(p.Stderr, "bauta: %v\ntry 'bauta --help'\n", err)
		return cli.ExitUsage
	}
	if g.Lang != "" {
		p.Lang, p.LangGiven = text.Pick(g.Lang), true
	}
	return p.Finish(chosen.Run(p))
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
	return fmt.Sprintf("bauta %s (build %s)", wire.Version, wire.BuildID)
}
