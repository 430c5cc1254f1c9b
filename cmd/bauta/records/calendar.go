package records

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/text"
)

// Calendar are the commands of bauta calendar.
type Calendar struct {
	Show calendarShow `cmd:"" help:"Print the years whose days off are known, and the day at the site."`
	Set  calendarSet  `cmd:"" help:"Bring the days off and moved working days of a year, as the State Council's notice has them."`
}

type calendarShow struct {
	cli.Target
	JSON bool `help:"Print JSON, with all days."`
}

func (c *calendarShow) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	calendar, err := client.Calendar(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(calendar)
	}
	var t cli.Table
	t.Add(p.Text(text.HeadYear), p.Text(text.HeadOff), p.Text(text.HeadWork), p.Text(text.HeadOrigin), p.Text(text.HeadNotice))
	for _, y := range calendar.Years {
		origin := text.CalendarBuilt
		if y.Own {
			origin = text.CalendarOwn
		}
		t.Add(strconv.Itoa(y.Year), strconv.Itoa(len(y.Off)), strconv.Itoa(len(y.Work)), p.Text(origin), y.Source)
	}
	t.Print(p.Stdout)
	p.Say(text.CalendarShown, string(calendar.Today), calendar.TimeZone)
	return nil
}

type calendarSet struct {
	cli.Target
	File string `arg:"" help:"The file, as docs/cli.md describes it." type:"existingfile"`
}

func (c *calendarSet) Run(p *cli.Program) error {
	file, err := readCalendar(c.File)
	if err != nil {
		return err
	}
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	calendar, err := client.SetCalendar(p.Ctx, file)
	if err != nil {
		return err
	}
	var years []string
	for _, y := range calendar.Years {
		years = append(years, strconv.Itoa(y.Year))
	}
	p.Say(text.CalendarSaved, strings.Join(years, ", "))
	return nil
}

// readCalendar reads no more of a file than the gateway takes, and one byte that tells
// that there is more.
func readCalendar(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, civil.MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return b, nil
}
