package site

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/config/consent"
)

// ErrProhibited: a camera would be in a place where none may be.
var ErrProhibited = errors.New("prohibited place")

// Kind is a kind of objects that a site is made of.
type Kind string

// The kinds, in the order in which they are made: what others need comes before them.
const (
	KindSite         Kind = "site"
	KindAnswer       Kind = "answer"
	KindCalendar     Kind = "calendar"
	KindIssuer       Kind = "issuer"
	KindSealedKeys   Kind = "sealed-keys"
	KindCamera       Kind = "camera"
	KindZone         Kind = "zone"
	KindUser         Kind = "user"
	KindSecondFactor Kind = "second-factor"
	KindBuiltInLogin Kind = "built-in-login"
	KindStreamLogin  Kind = "stream-login"
	KindMQTTLogin    Kind = "mqtt-login"
	KindNotify       Kind = "notify"
	KindPerson       Kind = "person"
	KindWebhook      Kind = "webhook"
)

var kinds = []Kind{KindSite, KindAnswer, KindCalendar, KindIssuer, KindSealedKeys, KindCamera, KindZone, KindUser, KindSecondFactor,
	KindBuiltInLogin, KindStreamLogin, KindMQTTLogin, KindNotify, KindPerson, KindWebhook}

// removedFirst are the kinds whose removal masks or lets nobody in any more: that comes before all
// else. What is left is removed last, so that nothing is uncovered before what covers it instead.
var removedFirst = []Kind{KindStreamLogin, KindMQTTLogin, KindIssuer, KindCamera}

// Op is what becomes of an object.
type Op string

// The ways.
const (
	Add    Op = "add"
	Modify Op = "change"
	Remove Op = "remove"
)

// Object is one thing that is made, changed and removed by itself.
type Object struct {
	Kind Kind
	// ID tells objects of a kind apart: a name, CAMERA/ZONE, or a key's id; empty where there is one alone.
	ID string
	// Value is what it is: a value of this package or of what a Site is made of.
	Value any
}

// Change is one object that is not the same.
type Change struct {
	Kind Kind
	ID   string
	Op   Op
	// Was and Is are the object's values; nil where there is none.
	Was, Is any
	Fields  []FieldChange
}

// FieldChange is one field with its values as the file has them; empty: it says nothing.
type FieldChange struct {
	Name    string
	Was, Is string
}

// Changed reports whether a field, or one of those below it, is among the changed ones.
func (c Change) Changed(names ...string) bool {
	return slices.ContainsFunc(c.Fields, func(f FieldChange) bool {
		head, _, _ := strings.Cut(f.Name, ".")
		return slices.Contains(names, f.Name) || slices.Contains(names, head)
	})
}

// Objects are what a site is made of.
func (s Site) Objects() []Object {
	keys, _ := s.Keys()
	all := []Object{{KindSite, "", s.Site}, {KindSealedKeys, "", keys[:]}, {KindSecondFactor, "", s.SecondFactor}, {KindBuiltInLogin, "", s.BuiltInLogin},
		{KindNotify, "site", s.Notify.Site}, {KindNotify, "mail", s.Notify.Mail}, {KindNotify, "rules", s.Notify.Rules}, {KindNotify, "ping", s.Notify.Ping}}
	all = append(all, objects(KindAnswer, s.Answers)...)
	all = append(all, objects(KindCalendar, s.Calendar)...)
	for _, i := range s.Issuers {
		all = append(all, Object{KindIssuer, i.ID(), i})
	}
	for _, c := range s.Cameras {
		for _, z := range c.Zones {
			all = append(all, Object{KindZone, string(c.ID) + "/" + z.ID, z})
		}
	}
	all = append(all, objects(KindCamera, s.Cameras)...)
	all = append(all, objects(KindUser, s.Users)...)
	all = append(all, objects(KindStreamLogin, s.StreamLogins)...)
	all = append(all, objects(KindMQTTLogin, s.MQTTLogins)...)
	all = append(all, objects(KindPerson, s.Notify.People)...)
	return append(all, objects(KindWebhook, s.Notify.Webhooks)...)
}

// ID is the key's, by which tokens name it.
func (i Issuer) ID() string {
	key, err := consent.ParsePublicKey([]byte(i.Key))
	if err != nil {
		return i.Name
	}
	return key.ID()
}

func objects[T any](kind Kind, list []T) []Object {
	all := make([]Object, len(list))
	for i, one := range list {
		all[i] = Object{kind, idOf(reflect.ValueOf(one)), one}
	}
	return all
}

// Diff is what has to be done to a site to make it the other one, in the order in which it
// can be done.
func Diff(was, is Site) []Change {
	before, after := byName(was.tidy()), byName(is.tidy())
	var gone, made, last []Change
	for _, kind := range kinds {
		for _, o := range sorted(before, kind) {
			if _, stays := after[o.key()]; stays || goesAlong(o, after) {
				continue
			}
			c := Change{Kind: kind, ID: o.ID, Op: Remove, Was: o.Value, Fields: compare(o.Value, nil)}
			if slices.Contains(removedFirst, kind) {
				gone = append(gone, c)
			} else {
				last = append(last, c)
			}
		}
		for _, o := range sorted(after, kind) {
			if c, differs := o.since(before); differs {
				made = append(made, c)
			}
		}
	}
	slices.Reverse(last)
	return slices.Concat(gone, made, last)
}

func (o Object) key() string { return string(o.Kind) + " " + o.ID }

// since compares an object with the one that there was.
func (o Object) since(before map[string]Object) (Change, bool) {
	was, there := before[o.key()]
	c := Change{Kind: o.Kind, ID: o.ID, Op: Add, Is: o.Value}
	if there {
		c.Op, c.Was = Modify, was.Value
	}
	c.Fields = compare(c.Was, c.Is)
	return c, !there || len(c.Fields) > 0
}

func byName(s Site) map[string]Object {
	all := map[string]Object{}
	for _, o := range s.Objects() {
		all[o.key()] = o
	}
	return all
}

func sorted(all map[string]Object, kind Kind) (list []Object) {
	for _, o := range all {
		if o.Kind == kind {
			list = append(list, o)
		}
	}
	slices.SortFunc(list, func(a, b Object) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// goesAlong reports whether an object goes with another one: a zone with its camera.
func goesAlong(o Object, after map[string]Object) bool {
	camera, _, _ := strings.Cut(o.ID, "/")
	_, stays := after[Object{Kind: KindCamera, ID: camera}.key()]
	return o.Kind == KindZone && !stays
}

// compare lists the fields that are not the same, in the order of the file.
func compare(was, is any) (all []FieldChange) {
	before, after := saidOf(was), saidOf(is)
	for _, name := range slices.Concat(after.order, before.order) {
		if a, b := before.text[name], after.text[name]; a != b && !slices.ContainsFunc(all, func(f FieldChange) bool { return f.Name == name }) {
			all = append(all, FieldChange{name, a, b})
		}
	}
	return all
}

// fields are what an object says, by the names of its fields.
type fields struct {
	order []string
	text  map[string]string
}

func saidOf(value any) fields {
	f := fields{text: map[string]string{}}
	if v := reflect.ValueOf(value); v.IsValid() {
		f.add(v, "")
	}
	return f
}

// add notes the fields of a struct; lists that are objects of their own are left out.
func (f *fields) add(v reflect.Value, in string) {
	if v.Kind() == reflect.Slice {
		for i := range v.Len() {
			f.note(in+"group "+strconv.Itoa(i+1), v.Index(i))
		}
		return
	}
	_, isCamera := v.Interface().(Camera)
	for _, k := range keysOf(v.Type()) {
		one, name := k.of(v), in+k.name
		switch {
		case isCamera && k.name == "zones":
		case one.Kind() == reflect.Struct:
			f.add(one, name+".")
		case isSection(one):
			for i := range one.Len() {
				f.note(name+"."+idOf(one.Index(i)), one.Index(i))
			}
		case one.IsZero() && k.standard != "":
			f.put(name, k.standard)
		case !one.IsZero() && !emptyList(one):
			f.note(name, one)
		}
	}
}

func (f *fields) note(name string, v reflect.Value) {
	if v.Kind() == reflect.Struct && v.IsZero() {
		return
	}
	f.put(name, flow(v))
}

func (f *fields) put(name, text string) {
	f.order = append(f.order, name)
	f.text[name] = text
}
