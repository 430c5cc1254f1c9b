package forms

import (
	"slices"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Sign is what a sign says of some cameras, as far as it was said; empty lines are written by
// hand.
type Sign struct {
	Unit, Contact string
	// Purposes in words; Days for how many days footage is kept, the most of all cameras,
	// UpTo where they differ. 0: nobody said so of each of them.
	Purposes policy.Text
	Days     int
	UpTo     bool
	// Masking says what is masked, as far as it is true; empty while nobody answered what the
	// recorder keeps.
	Masking policy.Text
	// Link is where the newest notice can be read.
	Link string
}

// SignOf is the sign of these cameras; of all without any.
func SignOf(in Input, cameras []media.CameraID) Sign {
	b := &builder{Input: in}
	chosen := slices.DeleteFunc(slices.Clone(in.Facts.Cameras), func(c policy.CameraFacts) bool { return len(cameras) > 0 && !slices.Contains(cameras, c.ID) })
	s := Sign{Unit: in.Facts.Site.Unit, Contact: in.Facts.Site.Contact, Link: NoticeLink(in), Purposes: b.purposesOf(chosen), Masking: b.masking(chosen)}
	if least, most, without, _ := b.keptDays(chosen); len(without) == 0 && most > 0 {
		s.Days, s.UpTo = int((most+23)/24), least != most
	}
	return s
}

func (b *builder) purposesOf(cameras []policy.CameraFacts) (both policy.Text) {
	b.lang = text.EN
	both.EN = b.list(b.purposeWords(cameras))
	b.lang = text.ZhCN
	both.ZH = b.list(b.purposeWords(cameras))
	return both
}

// masking says that live video shows faces masked, which this gateway sees to, and what is
// kept: without that, who reads the sign would take the recordings for masked too.
func (b *builder) masking(cameras []policy.CameraFacts) policy.Text {
	var key text.Key
	switch b.keeps(cameras) {
	case keepsOriginals:
		key = text.SignOriginals
	case keepsMasked:
		key = text.SignMasked
	case keepsLess:
		key = text.SignLive
	default:
		return policy.Text{}
	}
	return policy.Text{EN: text.Of(text.EN, key), ZH: text.Of(text.ZhCN, key)}
}

type keeping int

const (
	keepsUnknown keeping = iota
	keepsMasked
	keepsLess // not the whole originals: more was not said
	keepsOriginals
)

// keeps is what is recorded of cameras: one of which the originals are kept decides, and one
// of which nobody said so leaves it open.
func (b *builder) keeps(cameras []policy.CameraFacts) keeping {
	all := keepsUnknown
	for i, c := range cameras {
		one := b.keepsOf(c)
		switch {
		case one == keepsOriginals:
			return keepsOriginals
		case i == 0 || one == keepsUnknown:
			all = one
		case all != keepsUnknown && one != all:
			all = keepsLess // what is true of each
		}
	}
	return all
}

// keepsOf goes by the newest record of each recorder of the camera, and without any by what
// was answered.
func (b *builder) keepsOf(c policy.CameraFacts) keeping {
	newest := map[string]entry{}
	for _, e := range b.entries(register.KindRecorder) {
		if e.Unreadable {
			return keepsUnknown
		}
		newest[e.text("name")] = e
	}
	found := keepsUnknown
	for _, e := range newest {
		switch {
		case !e.covers(c.ID):
		case e.text("keeps") != register.KeepsMasked:
			return keepsOriginals
		default:
			found = keepsMasked
		}
	}
	if found != keepsUnknown {
		return found
	}
	switch b.Facts.Site.Answers[policy.AskOriginals].Says {
	case policy.Yes:
		return keepsOriginals
	case policy.No:
		return keepsLess
	}
	return keepsUnknown
}
