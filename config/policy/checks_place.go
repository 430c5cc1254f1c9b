package policy

import "github.com/bauta-gateway/bauta/config/text"

// facePlace is prohibitedPlace for a clause that is about face recognition devices alone: a
// camera that only detects is none, and then nothing is evaluated.
func facePlace(f *Facts, p Params) Finding {
	switch {
	case f.Site.Mode == Matching || f.Gateway.FaceMatching:
		return prohibitedPlace(f, p)
	case f.Site.Mode == "":
		return unknown(text.NextSite, text.FoundModeUnset)
	}
	return Finding{Status: Info, Evidence: Line{Key: text.FoundNoFaceDevice}}
}
