package bundle

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// KnowSettings has the masker know the names and folders of the settings.
func (m *Masker) KnowSettings(c config.Config) {
	m.Know("gateway", c.Gateway.Name)
	if c.Data != "" && c.Data != "." {
		m.Know("folder", c.Data)
	}
	m.Know("file", c.File)
	m.Know("name", c.MQTT.User, c.WebRTC.TURNUser)
}

// KnowStore has it know all that the store has of cameras, people and the site, secrets included.
// What cannot be read is not in the bundle either.
func (m *Masker) KnowStore(s *store.Store) {
	cameras, _ := s.Cameras()
	for _, c := range cameras {
		m.Know("secret", c.Password.Reveal())
		m.Know("camera", string(c.ID), c.Name)
		m.Know("group", c.Group)
		m.Know("name", c.User)
		if u, err := url.Parse(c.URL); err == nil {
			m.Know("host", u.Hostname())
			m.Know("path", u.RequestURI(), u.Path)
			m.Know("path", strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })...)
			for _, values := range u.Query() {
				m.Know("path", values...)
			}
		}
		zones, _ := s.Zones(c.ID)
		for _, z := range zones {
			m.Know("zone", z.ID)
		}
	}
	_, password, _ := s.Viewer()
	m.Know("secret", password.Reveal())
	m.knowPeople(s)
	m.knowNotify(s)
	site, _ := s.Site()
	m.knowAll("site", site, false)
	for _, kind := range register.Kinds {
		records, _ := s.Records(kind)
		for _, r := range records {
			m.knowAll("record", r.Body, true)
			m.knowAll("record", r.Names, false)
		}
	}
}

// KnowCameras has it know those of a status: some are for one run and not in the store.
func (m *Masker) KnowCameras(all []api.CameraStatus) {
	for _, c := range all {
		m.Know("camera", string(c.ID), c.Name)
		m.Know("group", c.Group)
		if u, err := url.Parse(c.URL); err == nil {
			m.Know("host", u.Hostname())
		}
	}
}

func (m *Masker) knowPeople(s *store.Store) {
	users, _ := s.Users()
	for _, u := range users {
		m.Know("name", u.Name)
		m.Know("secret", u.Hash)
	}
	tokens, _ := s.APITokens()
	for _, t := range tokens {
		m.Know("name", t.Name)
		m.Know("secret", t.Hash)
	}
	_ = s.EachConsent("", func(c store.ConsentRow) bool {
		m.Know("person", c.Subject)
		return true
	})
	issuers, _ := s.Issuers()
	for _, i := range issuers {
		m.Know("issuer", i.Name)
	}
	m.knowLogins(s)
}

// knowLogins has it know logins, links of screens, the login provider and the plan of backups. The
// rooms whose settings these are keep them under these names.
func (m *Masker) knowLogins(s *store.Store) {
	for _, name := range []string{"stream.logins", "mqtt.logins"} {
		var logins []struct{ Name, Password string }
		_ = s.LoadSetting(name, &logins)
		for _, l := range logins {
			m.Know("secret", l.Password)
			m.Know("login", l.Name)
		}
	}
	var screens []struct {
		Label, Person, Place string
		Groups               []string
	}
	_ = s.LoadSetting("displays", &screens)
	for _, d := range screens {
		m.Know("name", d.Person)
		m.Know("screen", d.Label)
		m.Know("screen", d.Place)
		for _, g := range d.Groups {
			m.Know("group", g)
		}
	}
	var provider struct{ Issuer, Label, Console, Secret string }
	_ = s.LoadSetting("console.signon", &provider)
	m.Know("secret", provider.Secret)
	for _, known := range []string{provider.Issuer, provider.Label, provider.Console} {
		m.Know("address", known)
	}
	var asking []struct{ Name, Subject string }
	_ = s.LoadSetting("console.signon.requests", &asking)
	for _, one := range asking {
		m.Know("name", one.Name, one.Subject)
	}
	var plan struct{ Folder, Passphrase string }
	_ = s.LoadSetting("backup.plan", &plan)
	m.Know("secret", plan.Passphrase)
	m.Know("folder", plan.Folder)
}

// knowNotify has it know who is told, and where: addresses, logins and secrets.
func (m *Masker) knowNotify(s *store.Store) {
	var n struct {
		Site     struct{ Name, Console string }
		Mail     struct{ Host, User, Password, From string }
		Ping     struct{ URL string }
		People   []struct{ Address string }
		Webhooks []struct{ Name, URL, Secret string }
	}
	_ = s.LoadSetting("notify.settings", &n)
	m.Know("secret", n.Mail.Password)
	m.Know("address", n.Mail.From, n.Mail.User, n.Mail.Host, n.Ping.URL, n.Site.Name, n.Site.Console)
	for _, p := range n.People {
		m.Know("address", p.Address)
	}
	for _, w := range n.Webhooks {
		m.Know("address", w.URL, w.Name)
		m.Know("secret", w.Secret)
	}
}

// slug is a word of the program, a day or a number: not of a person's making.
var slug = regexp.MustCompile(`^[a-z0-9_.:/+-]*$`)

// knowAll has it know each text in v; with prose only those that a person wrote.
func (m *Masker) knowAll(kind string, v any, prose bool) {
	b, err := json.Marshal(v)
	if err != nil {
		return
	}
	var all any
	if json.Unmarshal(b, &all) != nil {
		return
	}
	m.knowTexts(kind, all, prose)
}

func (m *Masker) knowTexts(kind string, v any, prose bool) {
	switch v := v.(type) {
	case string:
		if (len(v) >= shortWord || v != "" && v[0] >= 0x80) && !(prose && slug.MatchString(v)) {
			m.Know(kind, v)
		}
	case []any:
		for _, one := range v {
			m.knowTexts(kind, one, prose)
		}
	case map[string]any:
		for _, one := range v {
			m.knowTexts(kind, one, prose)
		}
	}
}
