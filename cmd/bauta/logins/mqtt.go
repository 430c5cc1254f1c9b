package logins

import (
	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/topics"
)

type mqttAdd struct {
	cli.Target
	Name string `arg:"" help:"The user name at the broker: a-z, 0-9 and dashes."`
	May  string `help:"read: all states and events. mask: have more of a picture hidden, too." enum:"read,mask" required:"" placeholder:"read|mask"`
	JSON bool   `help:"Print JSON."`
}

func (c *mqttAdd) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	made, err := client.AddMQTTLogin(p.Ctx, api.NewMQTTLogin{Name: c.Name, May: topics.May(c.May)})
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(made)
	}
	p.Say(text.MQTTLoginAdded, made.Name, made.Password)
	return nil
}

type mqttList struct {
	cli.Target
	JSON bool `help:"Print JSON."`
}

func (c *mqttList) Run(p *cli.Program) error {
	return listed(p, c.Target, c.JSON, (*api.Client).MQTTLogins, text.MQTTLoginNone, func(t *cli.Table, all []api.MQTTLogin) {
		t.Add(p.Text(text.HeadUser), p.Text(text.HeadMay), p.Text(text.HeadCreated))
		for _, one := range all {
			t.Add(one.Name, string(one.May), one.Created.Local().Format("2006-01-02"))
		}
	})
}

type mqttRemove struct {
	cli.Target
	Name string `arg:"" help:"The user name."`
}

func (c *mqttRemove) Run(p *cli.Program) error {
	return ended(p, c.Target, c.Name, (*api.Client).RemoveMQTTLogin, text.MQTTLoginRemoved)
}

// MQTT are the commands of bauta mqtt.
type MQTT struct {
	Add    mqttAdd    `cmd:"" help:"Make a login at the embedded broker; its password is printed once."`
	List   mqttList   `cmd:"" help:"List the logins at the embedded broker."`
	Remove mqttRemove `cmd:"" help:"Remove a login and cut its connections."`
}
