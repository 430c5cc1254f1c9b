package register

import (
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// AssessmentItems are the four items of an impact assessment (Order 19 Article 9), in their
// order.
var AssessmentItems = []string{"lawful_necessary", "effect_and_mitigation", "risks", "measures"}

// earlierItems are what earlier versions asked for, the six of the 2023 draft's Article 15.
// Each of the four stands in some of them.
var earlierItems = map[string][]string{
	"lawful_necessary":      {"lawfulness", "necessity", "precision"},
	"effect_and_mitigation": {"harm"},
	"risks":                 {"risks"},
	"measures":              {"measures"},
}

// Assessment is a personal information protection impact assessment.
type Assessment struct {
	Date civil.Date `json:"date" form:"required"`
	// Items hold the findings by the words of AssessmentItems, or by those of earlier versions.
	Items map[string]string `json:"items" form:"required"`
	// File is the SHA-256 of the signed document, in hex.
	File string `json:"file" form:"required,hash"`
	// Config is the configuration's hash by the rule of earlier versions, MadeFor the
	// configuration itself, one line a fact; empty where an earlier version wrote it. Cameras
	// are those that it was made for. The gateway fills in all three.
	Config  string           `json:"config" form:"required,filled,hash"`
	MadeFor []string         `json:"made_for,omitempty" form:"filled"`
	Cameras []media.CameraID `json:"cameras,omitempty" form:"filled"`
	// Review is when it is to be looked at again.
	Review civil.Date `json:"review" form:"required,later"`
}

// Check refuses an incomplete record.
func (a Assessment) Check() error {
	err := entered(a)
	words := AssessmentItems
	for _, item := range AssessmentItems {
		err = field.First(err, field.Required(item, a.Item(item)))
		words = append(words[:len(words):len(words)], earlierItems[item]...)
	}
	for item, said := range a.Items {
		err = field.First(err, field.OneOf("items", item, words...), field.Line(item, said))
	}
	return err
}

// Item is what was found on one of AssessmentItems; empty: nothing, or by an earlier version
// not on all that belongs to it.
func (a Assessment) Item(item string) string {
	if said := a.Items[item]; said != "" {
		return said
	}
	found := ""
	for _, earlier := range earlierItems[item] {
		said := a.Items[earlier]
		if said == "" {
			return ""
		}
		found = join(found, said)
	}
	return found
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
