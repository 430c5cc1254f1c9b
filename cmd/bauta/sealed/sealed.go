// Package sealed is bauta sealed: keys of holders, requests to open sealed originals,
// approvals, and the opening itself.
//
// In: flags, key files, and a disk or a gateway. Out: key files and recovery sheets,
// requests and approvals, and the opened stretch. It starts no goroutine. All of it runs on the
// PC of a holder, where the private keys are: a gateway is sent what is encrypted
// to the request's own key, and nothing else. The scripts of cmd/bauta prove each command.
package sealed

import (
	"errors"
	"fmt"
	"os"

	"filippo.io/age/plugin"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/keyfile"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/source"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// Commands are the commands of bauta sealed.
type Commands struct {
	Keygen   keygen   `cmd:"" help:"Make a holder's key, with a recovery sheet; on the holder's own PC."`
	Restore  restore  `cmd:"" help:"Type a key in again from its recovery sheet."`
	Keep     keep     `cmd:"" help:"Keep a camera's originals, sealed to the keys of both groups."`
	Stop     stop     `cmd:"" help:"Keep no more of a camera; what is kept stays for its term."`
	List     list     `cmd:"" help:"List what is kept of which cameras, and whether anything is missing."`
	Request  request  `cmd:"" help:"Ask both groups to open a stretch of one camera."`
	Requests requests `cmd:"" help:"List requests and what became of them."`
	Approve  approve  `cmd:"" help:"Give your key's share to a request; on the holder's own PC."`
	Refuse   refuse   `cmd:"" help:"Refuse a request, which ends it."`
	Open     open     `cmd:"" help:"Open a stretch that both groups have approved, as MP4."`
	Keys     keys     `cmd:"" help:"Show or set the public keys of both groups, which new originals are sealed to."`
	Disk     exchange `cmd:"" help:"Take the disk that is mounted now in place of the one that was."`
	Delete   remove   `cmd:"" help:"Have footage of a place deleted where no camera may be; two accounts have to ask for it."`
	Heads    heads    `cmd:"" help:"Print the hashes that the audit log has, for verify with --disk."`
	Page     local    `cmd:"" help:"Do all of it in the browser of this PC, until this command ends."`
	Verify   verify   `cmd:"" help:"Prove that nothing sealed was changed, dropped or moved."`
}

// where says where requests and originals are: on files and a disk, or at a gateway.
type where struct {
	cli.Target
	Disk    string `help:"Folder of sealed footage, such as a disk taken out of the gateway: with a request's file no gateway is asked." type:"existingdir" placeholder:"DIR"`
	Gateway string `help:"Address of the console of a gateway elsewhere, https://gateway.example:8443. Default: the gateway of this host." placeholder:"URL"`
	User    string `help:"With --gateway: your account at its console; the password is asked for." placeholder:"NAME"`
	Pin     string `help:"With --gateway: SHA-256 of its certificate, as its log shows it, where this PC does not trust it." placeholder:"HEX"`
}

// files is the source without a gateway.
func (w where) files(out string) source.Files {
	f := source.Files{Out: out, Folder: "."}
	if w.Disk != "" {
		f.Disk = os.DirFS(w.Disk)
	}
	return f
}

// of is the source of a request: a file, or what the gateway has under an id.
func (w where) of(p *cli.Program, ref, out string) (source.Source, error) {
	if source.IsFile(ref) {
		return w.files(out), nil
	}
	return w.gateway(p)
}

// gateway is the source that is asked over the API.
func (w where) gateway(p *cli.Program) (source.Source, error) {
	client, err := w.client(p)
	if err != nil {
		return nil, err
	}
	return source.Gateway{Client: client, Disk: w.files("")}, nil
}

// client is of the gateway of this host, or of one elsewhere, where somebody logs in.
func (w where) client(p *cli.Program) (*api.Client, error) {
	if w.Gateway == "" {
		return w.Target.Client(p)
	}
	if w.User == "" {
		return nil, text.Fail(cli.Usage(errors.New("no user")), text.RemoteUser)
	}
	client, err := api.NewRemote(w.Gateway, w.Pin, p.Lang)
	if err != nil {
		return nil, cli.Usage(err)
	}
	password, err := p.AskSecret(p.Text(text.RemotePassword, w.User))
	if err != nil {
		return nil, err
	}
	return client, client.Login(p.Ctx, w.User, password)
}

// identities reads the files of a holder.
func identities(p *cli.Program, files []string) (keyfile.Set, error) {
	r := keyfile.Reader{
		Passphrase: func(file string) (string, error) { return p.AskSecret(p.Text(text.SealedAskPassphrase, file)) },
		Token:      token(p),
	}
	return r.Read(files...)
}

// token is how programs of hardware tokens talk to the person.
func token(p *cli.Program) *plugin.ClientUI {
	return &plugin.ClientUI{
		DisplayMessage: func(name, message string) error {
			_, err := fmt.Fprintf(p.Stderr, "%s: %s\n", name, message)
			return err
		},
		RequestValue: func(name, prompt string, secret bool) (string, error) {
			if secret {
				return p.AskSecret(name + ": " + prompt)
			}
			fmt.Fprintf(p.Stderr, "%s: %s ", name, prompt)
			return p.ReadUntilStopped()
		},
		Confirm: func(name, prompt, yes, no string) (bool, error) {
			return p.Confirm(fmt.Sprintf("%s: %s (%s, %s)", name, prompt, yes, no))
		},
		WaitTimer: func(name string) { fmt.Fprintln(p.Stderr, p.Text(text.SealedTokenWaits, name)) },
	}
}

// person is who does it: the one named, or whose key it is.
func person(by, label string) (sealed.Person, error) {
	if by == "" {
		by = label
	}
	if err := keyfile.CheckPerson(by); err != nil {
		return sealed.Person{}, cli.Usage(err)
	}
	return sealed.Person{ID: by}, nil
}
