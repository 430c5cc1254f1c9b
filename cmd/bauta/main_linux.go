package main

import (
	"github.com/alecthomas/kong"

	"github.com/bauta-gateway/bauta/cmd/bauta/cameras"
	"github.com/bauta-gateway/bauta/cmd/bauta/consents"
	"github.com/bauta-gateway/bauta/cmd/bauta/evidence"
	"github.com/bauta-gateway/bauta/cmd/bauta/fleet"
	"github.com/bauta-gateway/bauta/cmd/bauta/health"
	"github.com/bauta-gateway/bauta/cmd/bauta/help"
	"github.com/bauta-gateway/bauta/cmd/bauta/logins"
	"github.com/bauta-gateway/bauta/cmd/bauta/manual"
	"github.com/bauta-gateway/bauta/cmd/bauta/records"
	"github.com/bauta-gateway/bauta/cmd/bauta/redact"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed"
	"github.com/bauta-gateway/bauta/cmd/bauta/site"
	"github.com/bauta-gateway/bauta/cmd/bauta/telling"
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
	Viewer     logins.Viewer      `cmd:"" help:"Print the login of the masked streams; make, limit and withdraw one for each recorder."`
	Display    logins.Display     `cmd:"" help:"Make, list and withdraw links for screens that show live masked pictures."`
	Notify     telling.Notify     `cmd:"" help:"Say who is told of what: people by mail, machines by webhook, a watcher outside."`
	Redact     redact.Command     `cmd:"" help:"Mask the faces of a video file."`
	Sealed     sealed.Commands    `cmd:"" help:"Keep originals sealed to the keys of two groups, and have both open them."`
	Models     modelsCommands     `cmd:"" help:"Say which detection model is built in."`
	Export     site.Export        `cmd:"" help:"Write what this site is as a file: cameras, areas, what is said of them, who may come in; without secrets."`
	Apply      site.Apply         `cmd:"" help:"Make the gateway what a site's file says."`
	Fleet      fleet.Commands     `cmd:"" help:"Work on many gateways at once."`
	Dashboard  dashboardCommand   `cmd:"" help:"Show many gateways on one page, by what their broker says."`
	Doctor     health.Doctor      `cmd:"" help:"Check what is missing on this box and say how to mend it."`
	Completion manual.Completion  `cmd:"" help:"Print a shell's completion of this command line."`
	Manual     manual.Command     `cmd:"" help:"Print a manual page."`
	Help       help.Command       `cmd:"" name:"help" help:"Print the help of a command, or of all."`
	Ver        versionCommand     `cmd:"" name:"version" help:"Print version and build ID."`
}
