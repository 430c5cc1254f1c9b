package sealed

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// disk is the folder of sealed footage that is looked at.
type disk struct {
	cli.Target
	Disk string `help:"Folder of sealed footage. Default: that of the gateway of this host, which is asked too." type:"existingdir" placeholder:"DIR"`
	JSON bool   `help:"Print JSON."`
}

func (d disk) root(p *cli.Program) (fs.FS, error) {
	if d.Disk != "" {
		return os.DirFS(d.Disk), nil
	}
	cfg, err := d.Load(p)
	if err != nil {
		return nil, err
	}
	return os.DirFS(cfg.SealedFolder()), nil
}

// cameras are those that have a folder.
func cameras(root fs.FS) ([]media.CameraID, error) {
	all, err := sealed.Cameras(root)
	if err != nil {
		return nil, text.Fail(errors.Join(sealed.ErrFormat, err), text.SealedNoFolder)
	}
	return all, nil
}

type verify struct {
	disk
	Camera []string `arg:"" optional:"" help:"Cameras' ids. Default: all that have sealed footage."`
	Heads  string   `help:"File of the audit log's hashes: a list of camera, sequence, sum and deleted. Without it, what is missing at the end does not show." type:"existingfile" placeholder:"FILE"`
}

// Run reads each byte of the segments.
func (c *verify) Run(p *cli.Program) error {
	root, err := c.root(p)
	if err != nil {
		return err
	}
	heads, err := c.heads(p)
	if err != nil {
		return err
	}
	ids, err := c.ids(root)
	if err != nil {
		return err
	}
	var all []sealed.Report
	bad := false
	for _, id := range ids {
		r, err := sealed.Verify(root, id, heads)
		if err != nil {
			return err
		}
		all, bad = append(all, r), bad || len(r.Faults) > 0
		if !c.JSON {
			sayReport(p, r)
		}
	}
	if c.JSON {
		err = p.JSON(all)
	}
	if bad {
		return errors.Join(err, cli.ErrRefused)
	}
	return err
}

func (c *verify) ids(root fs.FS) ([]media.CameraID, error) {
	if len(c.Camera) == 0 {
		return cameras(root)
	}
	var all []media.CameraID
	for _, name := range c.Camera {
		id, err := media.ParseCameraID(name)
		if err != nil {
			return nil, cli.Usage(err)
		}
		all = append(all, id)
	}
	return all, nil
}

// heads are those of a file, or of the gateway whose folder it is.
func (c *verify) heads(p *cli.Program) ([]sealed.Head, error) {
	if c.Heads == "" && c.Disk == "" {
		client, err := c.Client(p)
		if err != nil {
			return nil, err
		}
		return client.SealedHeads(p.Ctx)
	}
	if c.Heads == "" {
		return nil, nil
	}
	b, err := os.ReadFile(c.Heads)
	if err != nil {
		return nil, err
	}
	var heads []sealed.Head
	if err := json.Unmarshal(b, &heads); err != nil {
		return nil, fmt.Errorf("%s is no list of hashes: %w", c.Heads, err)
	}
	return heads, nil
}

func sayReport(p *cli.Program, r sealed.Report) {
	switch {
	case r.Segments == 0 && len(r.Faults) == 0:
		p.Say(text.SealedVerifyNone, r.Camera)
		return
	case len(r.Faults) == 0:
		p.Say(text.SealedVerifyWhole, r.Camera, r.Segments, cli.Seconds(r.From), cli.Seconds(r.To), r.Heads, len(r.Gaps), len(r.Torn))
	default:
		p.Say(text.SealedVerifyFaults, r.Camera, len(r.Faults), r.Segments)
	}
	for _, f := range r.Faults {
		fmt.Fprintln(p.Stdout, "  "+p.Text(text.SealedVerifyFault, f.Sequence, text.SealedFault(f.What)))
	}
}

type list struct{ disk }

// Run asks the gateway; with a disk, nobody.
func (c *list) Run(p *cli.Program) error {
	if c.Disk == "" {
		return c.status(p)
	}
	root, err := c.root(p)
	if err != nil {
		return err
	}
	ids, err := cameras(root)
	if err != nil {
		return err
	}
	all := []Listed{}
	for _, id := range ids {
		l, err := listOf(root, id)
		if err != nil {
			return err
		}
		all = append(all, l)
	}
	if c.JSON {
		return p.JSON(all)
	}
	var t cli.Table
	t.Add(p.Text(text.HeadCamera), p.Text(text.SealedRowFrom), p.Text(text.SealedRowTo), p.Text(text.SealedRowSegments), "MB")
	for _, l := range all {
		t.Add(string(l.Camera), l.from(), l.to(), fmt.Sprint(l.Segments), fmt.Sprint(l.Bytes/1e6))
	}
	t.Print(p.Stdout)
	return nil
}
