package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// faceGate is a face gate at the camera gate, of which all is said and nothing is wanting today.
func faceGate(today civil.Date) register.Device {
	people, is, isNot := 3200, true, false
	return register.Device{Name: "east gate", What: register.DeviceGate, Date: today, Mode: register.ModeIdentify, Cameras: []media.CameraID{"gate"},
		Templates: &is, People: &people, Since: today, Storage: register.InDevice, Internet: &isNot, Deletes: &is,
		Alternative: "card reader", Works: &is, Walked: today, Tied: &isNot, Bulk: &isNot, Children: &isNot, Public: &is, PrivateRoom: &isNot, AreaLimited: &is,
		SignSeen: today, Purpose: register.PublicSafety, Ground: register.GroundSeparate, Need: "theft by night", Milder: "cards were lent", Author: "wang", NeedDate: today,
		FirstUse: today, Forbidden: []string{register.ForbiddenNone}}
}

// S1: the card reader beside a compound's face gate is out of order. That stays so over a restart,
// whatever was answered, until a correction says that somebody walked the other way again; a
// device that was removed counts no more.
func TestS1FaceGateOfACompound(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if err := client.SetSite(t.Context(), policy.Site{Kind: policy.ResidentialCompound, Class: policy.Art9, Mode: policy.DetectOnly, Jurisdiction: "CN-440305"}); err != nil {
		t.Fatal(err)
	}
	reply(t, client, policy.AskFaceDevices, policy.Answer{Says: policy.No})
	stands(t, client, "m10", "not_applicable")
	today := civil.Of(time.Now())
	broken := faceGate(today)
	broken.Works, broken.Bulk = new(bool), broken.Works
	added, err := client.PutRecord(t.Context(), register.KindDevice, broken)
	if err != nil {
		t.Fatal(err)
	}
	stand := func(when string, standing map[string]string) {
		t.Helper()
		t.Log(when)
		for id, want := range standing {
			stands(t, client, id, want)
		}
	}
	wrong := map[string]string{"m10": "fail", "x10": "fail", "m-voluntary": "warn", "m15": "pass/declared", "m7": "pass/declared", "s799-14": "not_applicable"}
	stand("entered", wrong)
	if said := clauseOf(t, client, "m10").Evidence.ZH; !strings.Contains(said, "east gate") {
		t.Errorf("names no device: %s", said)
	}
	g.Close()
	_, client = start(t, gateway.Options{Config: cfg})
	stand("after the restart", wrong)

	mended := faceGate(today)
	if _, err := client.CorrectRecord(t.Context(), register.KindDevice, added.ID, mended, "the reader works again"); err != nil {
		t.Fatal(err)
	}
	expect(t, client, "m10", policy.Pass)
	stand("mended", map[string]string{"x10": "pass/recorded", "m-voluntary": "pass/declared"})
	mended.Removed = today
	if _, err := client.CorrectRecord(t.Context(), register.KindDevice, added.ID, mended, "taken down"); err != nil {
		t.Fatal(err)
	}
	expect(t, client, "m10", policy.NotApplicable)
	all, err := client.Records(t.Context(), register.KindDevice)
	if err != nil || len(all) != 1 || len(all[0].Earlier) != 2 {
		t.Errorf("%+v, %v", all, err)
	}
}

// C24: a device that is said to be used or seen tomorrow is refused, and so is one without a mode.
func TestC24DevicesOfTomorrow(t *testing.T) {
	_, client := start(t, gateway.Options{Config: settings(t)})
	today := civil.Of(time.Now())
	for name, change := range map[string]func(*register.Device){
		"date": func(d *register.Device) { d.Date = today.After(2) }, "first_use": func(d *register.Device) { d.FirstUse = today.After(2) },
		"removed": func(d *register.Device) { d.Removed = today.After(2) }, "mode": func(d *register.Device) { d.Mode = "" },
	} {
		d := faceGate(today)
		change(&d)
		_, err := client.PutRecord(t.Context(), register.KindDevice, d)
		refusedAs(t, name, err, name)
	}
}
