package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
)

// devices are those of the inventory that are in use. A camera that lets people in by their
// faces, as earlier versions asked, is one of its own until a device on record uses it.
func (f *Facts) devices() (all []register.Device) {
	for _, d := range f.Records.Devices {
		if d.InUse() {
			all = append(all, d)
		}
	}
	for _, c := range f.Cameras {
		listed := slices.ContainsFunc(f.Records.Devices, func(d register.Device) bool { return d.Uses(c.ID) && d.Recognises() })
		if c.AccessControl && !listed {
			d := register.Device{Name: f.CameraName(c.ID), What: register.DeviceDoor, Alternative: c.Alternative}
			if strings.TrimSpace(c.Alternative) == "" {
				d.Works = new(bool) // there was a box for it, and nothing stood in it
			}
			all = append(all, d)
		}
	}
	return all
}

// recognising are the devices that tell persons apart.
func (f *Facts) recognising() []register.Device {
	return slices.DeleteFunc(f.devices(), func(d register.Device) bool { return !d.Recognises() })
}

// inventoryDays is how long an inventory counts, one answer or one device.
const inventoryDays = 366

// faces says whether faces are recognised here at all, yes or no; empty: nobody knows. To
// find and mask them is not to recognise them.
func (f *Facts) faces() string {
	a := f.Site.Answers[AskFaceDevices]
	switch {
	case f.Site.Mode == Matching, f.Gateway.FaceMatching, a.Says == Yes, len(f.recognising()) > 0:
		return Yes
	case gapOf(&f.Records, register.KindDevice).Status != "", len(f.unclear()) > 0:
		return ""
	case a.Says == No && f.Site.Mode == DetectOnly && a.Date.Days(f.Now) <= inventoryDays:
		return No
	}
	return ""
}

// unclear are the devices of which nobody said whether they keep what faces are recognised by.
func (f *Facts) unclear() []register.Device {
	return slices.DeleteFunc(f.devices(), func(d register.Device) bool { return d.Recognises() || d.Templates != nil })
}

// unlisted is unknown where faces are recognised and no device on record says by what, or where
// nobody said whether they are.
func (f *Facts) unlisted() Finding {
	switch {
	case len(f.recognising()) > 0:
		return Finding{}
	case f.faces() == Yes:
		return unknown(text.NextDevice, text.FoundNoDevices)
	case f.faces() == "":
		return recognises(f)
	}
	return Finding{}
}

// inventory is the worst of what rule finds of each of some devices, and unknown where one is
// not on record, or nobody has seen it for a year: then what is said of it may be so no more.
func (f *Facts) inventory(devices []register.Device, rule func(register.Device) Finding) Finding {
	aged := over(devices, func(d register.Device) Finding {
		switch {
		case d.Date == "":
			return unknown(text.NextDevice, text.FoundOldDoor)
		case d.Date.Days(f.Now) > inventoryDays:
			return unknown(text.NextDeviceFill, text.FoundDeviceOld, inventoryDays)
		}
		return Finding{}
	})
	return worst(f.unlisted(), aged, over(devices, rule))
}

// over is the worst of what rule finds of each device. Its evidence names those of which it is
// so before all else that rule says of the first.
func over(devices []register.Device, rule func(register.Device) Finding) (found Finding) {
	var names []string
	for _, d := range devices {
		switch one := rule(d); {
		case one.Status.Rank() > found.Status.Rank():
			found, names = one, []string{d.Name}
		case one.Status == found.Status && one.Evidence.Key == found.Evidence.Key:
			names = append(names, d.Name)
		}
	}
	if found.Status != "" {
		found.Evidence.Args = append([]any{some(names)}, found.Evidence.Args...)
	}
	return found
}

// Evidence names no more of a kind than a line holds, and no more of a name.
const (
	mostNames = 5
	mostRunes = 60
)

func some(names []string) string {
	slices.Sort(names)
	for i, name := range names {
		runes := []rune(name)
		names[i] = string(runes[:min(len(runes), mostRunes)])
	}
	return few(names, ", ")
}

// few tells the first of many, and how many more there are.
func few(all []string, separator string) string {
	if more := len(all) - mostNames; more > 0 {
		all = append(all[:mostNames:mostNames], fmt.Sprintf("+%d", more))
	}
	return strings.Join(all, separator)
}

// weakest orders the bases: a duty that rests on several things rests on the weakest.
var weakest = []Basis{Declared, Recorded, Design, Measured}

// worst is the worst of several findings, the first of equal ones; of passes that with the
// weakest basis. Those without a status say nothing, and what does not apply counts least.
func worst(all ...Finding) (found Finding) {
	for _, one := range all {
		higher := one.Status.Rank() - found.Status.Rank()
		if higher == 0 { // only a pass has a basis
			higher = slices.Index(weakest, found.Basis) - slices.Index(weakest, one.Basis)
		}
		if found.Status == "" || higher > 0 {
			found = one
		}
	}
	return found
}

// inPublic says whether a device stands in a public place, yes or no; empty: nobody said it.
func (f *Facts) inPublic(d register.Device) string {
	switch {
	case d.Public != nil:
		return says(*d.Public)
	case f.Site.Class == NonPublic:
		return No
	}
	return ""
}

func says(b bool) string {
	if b {
		return Yes
	}
	return No
}

// isNo and isYes tell an answer from none.
func isNo(b *bool) bool  { return b != nil && !*b }
func isYes(b *bool) bool { return b != nil && *b }

// stored is how many people's faces are stored.
type stored struct {
	people int
	// groups are those of one device each, the oldest first; undated those of which nobody said
	// since when.
	groups  []group
	undated int
}

type group struct {
	people int
	since  civil.Date
}

// stored adds up the devices. The answer of before there was an inventory, one device without a
// name, counts where it is more.
func (f *Facts) stored() stored {
	var s stored
	for _, d := range f.devices() {
		if d.People != nil {
			s.add(group{*d.People, d.Since})
		}
	}
	if a := f.Site.Answers[AskFaceDevices]; a.Count > s.people {
		s = stored{}
		s.add(group{a.Count, a.Day})
	}
	slices.SortFunc(s.groups, func(a, b group) int { return cmp.Compare(a.since, b.since) })
	return s
}

func (s *stored) add(g group) {
	s.people += g.people
	if g.since == "" {
		s.undated += g.people
		return
	}
	s.groups = append(s.groups, g)
}

// reached is the day on which there were so many for the first time, or the latest that it can
// have been; empty where it is not known at all.
func (s stored) reached(most int) civil.Date {
	people := 0
	for _, g := range s.groups {
		if people += g.people; people >= most {
			return g.since
		}
	}
	return ""
}
