package policy

import (
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

// revokedLimit is within which time a withdrawal has to show.
const revokedLimit = time.Second

func consentTokens(f *Facts, _ Params) Finding {
	if found, open := f.violated(text.NextViolation, ViolationShown, ViolationLate); open {
		return found
	}
	switch c := f.Consent; { // what is on record counts until it is closed, not what is measured in this run
	case c.ShownWithoutToken > 0 && !f.onRecord(ViolationShown):
		return fail(text.NextShown, text.FoundShown, c.ShownWithoutToken)
	case c.RevokedFor > revokedLimit && !f.onRecord(ViolationLate):
		return fail(text.NextRevoked, text.FoundRevoked, c.RevokedFor.Seconds())
	case c.Expiring > 0:
		return warn(text.NextExpiring, text.FoundExpiring, c.Expiring)
	}
	return pass(Measured, text.FoundConsents, f.Consent.People)
}

func individual(f *Facts, _ Params) Finding {
	if f.Consent.Bulk > 0 {
		return warn(text.NextBulk, text.FoundBulk, f.Consent.Bulk)
	}
	return pass(Declared, text.FoundIndividual)
}

func minors(f *Facts, _ Params) Finding {
	switch c := f.Consent; {
	case c.Minors > 0:
		return fail(text.NextMinors, text.FoundMinors, c.Minors)
	case c.AgeUnknown > 0:
		return unknown(text.NextAge, text.FoundAge, c.AgeUnknown)
	}
	return pass(Declared, text.FoundNoMinors)
}
