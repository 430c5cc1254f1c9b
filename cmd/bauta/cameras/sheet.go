package cameras

import (
	"bytes"
	"os"
	"strings"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

type cameraExport struct {
	cli.Target
	File string `arg:"" help:"The file to write, such as cameras.csv." placeholder:"FILE"`
}

// Run writes the table.
func (c *cameraExport) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	var table bytes.Buffer
	if err := client.ExportCameras(p.Ctx, &table); err != nil {
		return err
	}
	if err := os.WriteFile(c.File, table.Bytes(), 0o600); err != nil {
		return wholefile.Unwritten(c.File, err)
	}
	all, err := client.Cameras(p.Ctx)
	if err != nil {
		return err
	}
	stored := 0
	for _, one := range all {
		if one.Stored {
			stored++
		}
	}
	p.Say(text.CSVWritten, stored, c.File)
	return nil
}

type cameraImport struct {
	cli.Target
	File  string `arg:"" help:"A table as bauta camera export writes it, with a column Password where there are new ones." type:"existingfile"`
	Apply bool   `help:"Do it. Without this it is said what would come of each row, and nothing changes."`
	JSON  bool   `help:"Print JSON."`
}

// Run says what becomes of each row.
func (c *cameraImport) Run(p *cli.Program) error {
	table, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	done, err := client.ImportCameras(p.Ctx, table, c.Apply)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(done)
	}
	count := map[string]int{}
	for _, row := range done.Rows {
		count[row.State]++
		sayRow(p, row)
	}
	said := text.CSVDry
	if done.Applied {
		said = text.CSVDone
	}
	p.Say(said, count["new"], count["changed"], count["unchanged"], count["refused"])
	if count["refused"] > 0 {
		return cli.ErrRefused
	}
	return nil
}

func sayRow(p *cli.Program, row api.CameraOutcome) {
	name := strings.TrimSpace(row.Name + " " + string(row.ID))
	if row.State != "refused" {
		p.Say(text.CSVLine, row.Row, p.Text(text.CSVState(row.State)), name, strings.Join(row.Columns, ", "))
		return
	}
	where := row.Column
	if where == "" {
		where = name
	}
	p.Say(text.CSVWhy, row.Row, where, row.Message)
}
