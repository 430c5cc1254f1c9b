package main

import (
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
)

type mqttAdd struct {
	place
	Name string `arg:"" help:"The user name at the broker: a-z, 0-9 and dashes."`
	May  string `help:"read: all states and events. mask: have more of a picture hidden, too." enum:"read,mask" required:"" placeholder:"read|mask"`
	JSON bool   `help:"Print JSON."`
}

func (c *mqttAdd) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	made, err := client.AddMQTTLogin(p.ctx, api.NewMQTTLogin{Name: c.Name, May: mqtt.May(c.May)})
	if err != nil {
		return err
	}
	if c.JSON {
		return p.json(made)
	}
	p.say(text.MQTTLoginAdded, made.Name, made.Password)
	return nil
}

type mqttList struct {
	place
	JSON bool `help:"Print JSON."`
}

func (c *mqttList) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	all, err := client.MQTTLogins(p.ctx)
	switch {
	case err != nil:
		return err
	case c.JSON:
		return p.json(all)
	case len(all) == 0:
		p.say(text.MQTTLoginNone)
		return nil
	}
	var t table
	t.add(p.text(text.HeadUser), p.text(text.HeadMay), p.text(text.HeadCreated))
	for _, one := range all {
		t.add(one.Name, string(one.May), one.Created.Local().Format("2006-01-02"))
	}
	t.print(p.stdout)
	return nil
}

type mqttRemove struct {
	place
	Name string `arg:"" help:"The user name."`
}

func (c *mqttRemove) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	if err := client.RemoveMQTTLogin(p.ctx, c.Name); err != nil {
		return err
	}
	p.say(text.MQTTLoginRemoved, c.Name)
	return nil
}
