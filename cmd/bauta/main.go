// Command bauta is the privacy gateway's supervisor and command line.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
)

// grammar is the command line. Names of commands and flags are fixed: other
// tools call them.
type grammar struct {
	Lang    string           `help:"Language of what is printed: en or zh. Default: the environment's." enum:",en,zh,zh-CN" default:"" placeholder:"en|zh"`
	Version kong.VersionFlag `help:"Print version and build ID."`

	Run    runCommand    `cmd:"" help:"Run the gateway."`
	Status statusCommand `cmd:"" help:"Say how the gateway and its cameras are."`
	Camera struct {
		Add    cameraAdd    `cmd:"" help:"Add a camera to the running gateway."`
		List   cameraList   `cmd:"" help:"List the cameras."`
		Remove cameraRemove `cmd:"" help:"Stop and forget a camera."`
		Test   cameraTest   `cmd:"" help:"Try a camera: a stored one by its id, any other by its address."`
		Set    cameraSet    `cmd:"" help:"Say where a camera is, what it serves and is, and what it masks."`
		Places cameraPlaces `cmd:"" help:"List the places, the prohibited ones first."`
	} `cmd:"" help:"Add, list, remove and test cameras."`
	Zone struct {
		Add    zoneAdd    `cmd:"" help:"Add a zone to a camera's picture; it is in force at once."`
		Set    zoneSet    `cmd:"" help:"Say for which purposes tokens count in a consent zone."`
		List   zoneList   `cmd:"" help:"List a camera's zones."`
		Remove zoneRemove `cmd:"" help:"Remove a zone."`
		Test   zoneTest   `cmd:"" help:"Draw the zones over a masked picture."`
	} `cmd:"" help:"Say what is private, masked or open to consent in a picture."`
	Site struct {
		Show siteShow `cmd:"" help:"Print what is said of the site."`
		Set  siteSet  `cmd:"" help:"Say what kind of site this is."`
	} `cmd:"" help:"Say what kind of site this is."`
	Compliance complianceCommand `cmd:"" help:"Say how the site stands by the rules."`
	recordCommands
	Evidence struct {
		Export evidenceExport `cmd:"" help:"Write a signed pack of evidence for inspectors."`
		Verify evidenceVerify `cmd:"" help:"Prove that a pack is whole; works on any PC."`
		Key    evidenceKey    `cmd:"" help:"Print the public key that signs the evidence."`
	} `cmd:"" help:"Make and prove evidence."`
	Consent struct {
		Keygen consentKeygen `cmd:"" help:"Make an issuer's key pair."`
		Issue  consentIssue  `cmd:"" help:"Issue a consent token; needs no gateway."`
		Import consentImport `cmd:"" help:"Give tokens and signed revocations to the running gateway."`
		Revoke consentRevoke `cmd:"" help:"Withdraw consents for good: a token, a subject's or a badge's."`
		List   consentList   `cmd:"" help:"List the consents."`
		Show   consentShow   `cmd:"" help:"Say what a consent holds, of the gateway or of a file."`
		Badge  consentBadge  `cmd:"" help:"Draw a token's badge at true size, as PDF and PNG."`
		Sheet  consentSheet  `cmd:"" help:"Draw the badges of many tokens on A4 sheets, with marks where to cut."`
		Issuer struct {
			Add    issuerAdd    `cmd:"" help:"Trust an issuer's public key."`
			List   issuerList   `cmd:"" help:"List the trusted issuers."`
			Remove issuerRemove `cmd:"" help:"Trust an issuer no more: all whom it vouched for are masked."`
		} `cmd:"" help:"Add, list and remove trusted issuers."`
	} `cmd:"" help:"Issue, import, revoke and print consents."`
	Backup  backupCommand  `cmd:"" help:"Copy all that the gateway keeps into a file, while it runs."`
	Restore restoreCommand `cmd:"" help:"Put a backup in the place of what the gateway keeps; withdrawn consents stay withdrawn."`
	User    struct {
		Add    userAdd    `cmd:"" help:"Make a user of the console."`
		List   userList   `cmd:"" help:"List the users of the console."`
		Remove userRemove `cmd:"" help:"Remove a user and end the logins."`
		Passwd userPasswd `cmd:"" help:"Give a user a new password and end the logins."`
	} `cmd:"" help:"Add, list and remove users of the console."`
	MQTT struct {
		Add    mqttAdd    `cmd:"" help:"Make a login at the embedded broker; its password is printed once."`
		List   mqttList   `cmd:"" help:"List the logins at the embedded broker."`
		Remove mqttRemove `cmd:"" help:"Remove a login and cut its connections."`
	} `cmd:"" name:"mqtt" help:"Add, list and remove logins at the embedded MQTT broker."`
	SetupCode setupCode     `cmd:"" help:"Print the one-time code for the first user of the console."`
	Viewer    viewerCommand `cmd:"" help:"Print the login of the masked streams."`
	Redact    redactCommand `cmd:"" help:"Mask the faces of a video file."`
	Models    struct {
		List   modelsList   `cmd:"" default:"withargs" help:"Say what finds faces: name, source, licence, SHA-256. Its name may be left out."`
		Verify modelsVerify `cmd:"" hidden:"" help:"Ignored: the worker verifies the model each time it starts."`
		Fetch  modelsFetch  `cmd:"" hidden:"" help:"Ignored: there is nothing to fetch."`
	} `cmd:"" help:"Say which detection model is built in."`
	Dashboard  dashboardCommand  `cmd:"" help:"Show many gateways on one page, by what their broker says."`
	Doctor     doctorCommand     `cmd:"" help:"Check what is missing on this box and say how to mend it."`
	Completion completionCommand `cmd:"" help:"Print a shell's completion of this command line."`
	Manual     manualCommand     `cmd:"" help:"Print a manual page."`
}

const description = `Bauta stands between RTSP cameras and whatever watches them: faces leave it masked.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the gateway is not running, 4 refused or not found.`

// program is what every command gets: where it reads and writes, and when to stop.
type program struct {
	ctx    context.Context
	stdin  *os.File
	stdout io.Writer
	stderr io.Writer
	lang   text.Lang
	told   bool // lang is by --lang
}

// say prints one line of the catalogue to stdout.
func (p *program) say(key text.Key, args ...any) {
	fmt.Fprintln(p.stdout, p.text(key, args...))
}

func (p *program) text(key text.Key, args ...any) string { return text.Of(p.lang, key, args...) }

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
	return fmt.Sprintf("bauta %s (build %s)", wire.Version, wire.BuildID)
}
