package site

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// check refuses what no gateway takes, by the rules that gateways check by.
func (r *reading) check(s Site) {
	r.bad("site", s.Site.Check())
	for _, a := range s.Answers {
		at := "answers/" + string(a.Question)
		r.bad(at, a.Question.Check())
		if a.Says != "" || r.lines[at+"/says"] > 0 {
			r.bad(at, policy.Answer{Says: a.Says, Note: a.Note, Count: a.Count, Day: a.Day}.Check())
		}
	}
	for _, y := range s.Calendar {
		b, err := json.Marshal(civil.Calendar{Years: []civil.Notice{y}})
		if err == nil {
			_, err = civil.Parse(b)
		}
		r.bad("calendar/"+strconv.Itoa(y.Year), err)
	}
	for _, i := range s.Issuers {
		r.checkIssuer(i)
	}
	r.checkKeys(s)
	for _, c := range s.Cameras {
		r.checkCamera(c)
	}
	for _, l := range s.StreamLogins {
		if l.All && len(l.Cameras) > 0 {
			r.bad("stream_logins/"+l.Name, text.Fail(nil, text.SiteFileAllOrSome, l.Name))
		}
	}
}

func (r *reading) bad(path string, err error) {
	if err != nil {
		r.fail(lineAt(r.lines, path), err)
	}
}

func (r *reading) checkIssuer(i Issuer) {
	at := "issuers/" + plainKey(i.Key)
	_, err := consent.ParsePublicKey([]byte(i.Key))
	r.bad(at, err)
	if !consent.ValidName(i.Name) && r.lines[at+"/name"] > 0 {
		r.bad(at, text.Fail(nil, text.IssuerName, i.Name, media.MaxCameraID))
	}
}

func (r *reading) checkKeys(s Site) {
	if len(s.SealedKeys) == 0 {
		return
	}
	keys, ok := s.Keys()
	if !ok {
		r.bad("sealed_keys", text.Fail(nil, text.SiteFileGroups, sealed.Groups))
		return
	}
	r.bad("sealed_keys", keys.Check())
	for _, g := range keys {
		for _, h := range g.Holders {
			if h.Label != "" && !sealed.IsPersonID(h.Label) {
				r.bad("sealed_keys", text.Fail(nil, text.SealedPersonID, h.Label))
			}
		}
	}
}

// Keys are the public keys of both groups; ok is false where there are not as many groups.
func (s Site) Keys() (keys sealed.Keys, ok bool) {
	if len(s.SealedKeys) != len(keys) {
		return keys, false
	}
	copy(keys[:], s.SealedKeys)
	return keys, true
}

func (r *reading) checkCamera(c Camera) {
	at := "cameras/" + string(c.ID)
	if _, err := media.ParseCameraID(string(c.ID)); err != nil {
		r.bad(at, text.Fail(nil, text.CameraIDForm, c.ID, media.MaxCameraID))
	}
	r.bad(at+"/facts", c.Facts.Check())
	if c.Facts.Place.Prohibited() {
		r.bad(at+"/facts/place", text.Fail(ErrProhibited, text.SiteFileProhibited, c.ID, c.Facts.Place.Word()))
	}
	if c.LookAhead != nil && (*c.LookAhead < 0 || *c.LookAhead > config.MaxLookAhead) {
		r.bad(at+"/look_ahead", text.Fail(nil, text.ConfigRange, text.FieldAhead, c.LookAhead.String(), "0s", config.MaxLookAhead.String(), "200ms"))
	}
	if len(c.Zones) > drawing.MaxZones {
		r.bad(at+"/zones", text.Fail(nil, text.ZoneLimit, c.ID, drawing.MaxZones))
	}
	for _, z := range c.Zones {
		r.checkZone(at+"/zones/"+z.ID, z)
	}
}

// checkZone checks what the file says of a zone; one that is there already need not be said whole.
func (r *reading) checkZone(at string, z Zone) {
	if r.lines[at+"/points"] == 0 || r.lines[at+"/kind"] == 0 {
		return
	}
	drawn, err := z.Drawn()
	if err == nil {
		err = drawing.Check(drawn)
	}
	r.bad(at, err)
}

// Check refuses a site that no gateway takes, once it is known what is there already. Its
// error is of a line of the file.
func (f *File) Check(s Site) error {
	for _, i := range s.Issuers {
		if !consent.ValidName(i.Name) {
			return f.Fail("issuers/"+i.Key, text.Fail(nil, text.IssuerName, i.Name, media.MaxCameraID))
		}
	}
	for _, c := range s.Cameras {
		at := "cameras/" + string(c.ID)
		if !f.Has(at) {
			continue
		}
		if c.Name == "" || c.URL == "" {
			return f.Fail(at, text.Fail(nil, text.SiteFileNewCamera, c.ID))
		}
		for _, z := range c.Zones {
			drawn, err := z.Drawn()
			if err == nil {
				err = drawing.Check(drawn)
			}
			if err != nil {
				return f.Fail(at+"/zones/"+z.ID, err)
			}
		}
	}
	for _, l := range s.StreamLogins {
		if err := f.checkLogin(l, s); err != nil {
			return err
		}
	}
	return f.checkPeople(s)
}

func (f *File) checkLogin(l StreamLogin, s Site) error {
	at := "stream_logins/" + l.Name
	if !f.Has(at) {
		return nil
	}
	if !l.All && len(l.Cameras) == 0 {
		return f.Fail(at, text.Fail(nil, text.SiteFileAllOrSome, l.Name))
	}
	for _, id := range l.Cameras {
		if !slices.ContainsFunc(s.Cameras, func(c Camera) bool { return c.ID == id }) {
			return f.Fail(at+"/cameras", text.Fail(nil, text.CameraNotFound, id))
		}
	}
	return nil
}

func (f *File) checkPeople(s Site) error {
	for _, u := range s.Users {
		if u.Role == "" {
			return f.Fail("users/"+u.Name, text.Fail(nil, text.SiteFileRole, u.Name))
		}
	}
	for _, p := range s.Notify.People {
		if f.Has("notify/people/"+p.User) && !slices.ContainsFunc(s.Users, func(u User) bool { return u.Name == p.User }) {
			return f.Fail("notify/people/"+p.User, text.Fail(nil, text.SiteFileNobody, p.User))
		}
	}
	return nil
}
