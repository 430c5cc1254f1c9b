package consent

import (
	"slices"
	"strings"
)

// DefaultPurposes are what a person may agree to be shown for. They are this
// product's choice. Public safety is not among them: frames taken for it may
// serve nothing else without separate consent (Personal Information Protection
// Law, Article 26), so each of these names that something else.
var DefaultPurposes = []string{
	"access-control",    // let in by a person at a screen: 出入管理
	"visitor-reception", // met and led: 访客接待
	"workplace-safety",  // seen to be well at dangerous work: 安全生产
	"care",              // watched over on their own or their family's wish: 看护照料
	"event",             // shown in the record of an event: 活动记录
	SubjectAccess,       // gets a copy of the own footage: 个人查阅、复制 (Article 45)
}

// SubjectAccess is the purpose of a copy for the person who is in it. It shows
// nobody on a live frame, only in a copy of the footage that the token names.
const SubjectAccess = "subject-access"

// LivePurposes are those of a list that can count on a live frame.
func LivePurposes(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(p string) bool { return p == SubjectAccess })
}

// ParsePurposes splits a list at commas; false where one is no slug or none is there.
func ParsePurposes(s string) (purposes []string, ok bool) {
	for p := range strings.SplitSeq(s, ",") {
		p = strings.TrimSpace(p)
		if !ValidName(p) {
			return nil, false
		}
		purposes = append(purposes, p)
	}
	return purposes, true
}
