package logins

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Display are the commands of bauta display.
type Display struct {
	Add      displayAdd      `cmd:"" help:"Make a link for a screen that shows the masked pictures and can do nothing else; it is printed once."`
	List     displayList     `cmd:"" help:"List the links of screens."`
	Withdraw displayWithdraw `cmd:"" help:"Withdraw a link; its screen goes dark at once."`
}

type displayAdd struct {
	cli.Target
	Label  string           `arg:"" help:"What lists show of the screen, such as 'Lodge, left'. No name of a person."`
	Person string           `help:"Who answers for the screen; kept encrypted." required:"" placeholder:"NAME"`
	Place  string           `help:"Where it hangs; kept encrypted." required:"" placeholder:"WHERE"`
	Camera []media.CameraID `help:"A camera that it shows; several times, or parted by commas. Default: all, those to come too." placeholder:"ID"`
	Group  []string         `help:"A group whose cameras it shows, such as a floor." placeholder:"GROUP"`
	Days   int              `help:"How long it is good for, 1 to 400 days." default:"365"`
	JSON   bool             `help:"Print JSON."`
}

func (c *displayAdd) Run(p *cli.Program) error {
	if c.Camera != nil && len(c.Camera) == 0 {
		return cli.Usage(errNoCamera)
	}
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	made, err := client.AddDisplay(p.Ctx, api.NewDisplay{Label: c.Label, Person: c.Person, Place: c.Place, Cameras: c.Camera, Groups: c.Group, Days: c.Days})
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(made)
	}
	p.Say(text.DisplayAdded, made.ID, made.Label, made.Expires.Local().Format("2006-01-02"))
	if made.Link == "" {
		p.Say(text.DisplayNoConsole)
		return nil
	}
	fmt.Fprintln(p.Stdout, made.Link)
	return nil
}

type displayList struct {
	cli.Target
	JSON bool `help:"Print JSON."`
}

func (c *displayList) Run(p *cli.Program) error {
	return listed(p, c.Target, c.JSON, (*api.Client).Displays, text.DisplayNone, func(t *cli.Table, all []api.Display) {
		t.Add(p.Text(text.HeadLink), p.Text(text.HeadLabel), p.Text(text.HeadCameras), p.Text(text.HeadExpires), p.Text(text.HeadLastSeen))
		for _, one := range all {
			last := p.Text(text.SeenNever)
			if !one.LastSeen.IsZero() {
				last = cli.Local(one.LastSeen)
			}
			t.Add(one.ID, one.Label, shown(p, one), one.Expires.Local().Format("2006-01-02"), last)
		}
	})
}

// shown are the cameras and groups of a link.
func shown(p *cli.Program, one api.Display) string {
	if one.All || len(one.Groups) == 0 {
		return watches(p, one.All, one.Cameras)
	}
	groups := slices.Clone(one.Groups)
	for _, id := range one.Cameras {
		groups = append(groups, string(id))
	}
	return strings.Join(groups, ",")
}

type displayWithdraw struct {
	cli.Target
	Link string `arg:"" help:"The link's id, as bauta display list shows it."`
}

func (c *displayWithdraw) Run(p *cli.Program) error {
	return ended(p, c.Target, c.Link, (*api.Client).WithdrawDisplay, text.DisplayWithdrawn)
}
