package policy

import (
	"fmt"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
)

// Question is one that decides which duties a site has. It is asked of the manager; an empty
// box is no answer, and "no" is one.
type Question string

// The questions, in the order in which they are asked.
const (
	// AskFaceDevices: does any device verify or pick out persons by their faces (gates,
	// attendance, the recorder's search)? The count of the answer is how many people's
	// faces are stored, its day since when that is so.
	AskFaceDevices Question = "face-devices"
	// AskPrivateRooms: are there rooms of Decree 799 Article 8(1)?
	AskPrivateRooms Question = "private-rooms"
	// AskSecretNeighbour: is a military or secret unit nearby? The note is the reference of
	// its consent, the day that of the consent.
	AskSecretNeighbour Question = "secret-neighbour"
	// AskKeyTarget: is the site a key target under the Counter-Terrorism Law?
	AskKeyTarget Question = "key-target"
	// AskGrading: does graded protection apply? The note is the reference, or why not.
	AskGrading Question = "grading"
	// AskOriginals: does the recorder keep the original pictures, whole?
	AskOriginals Question = "originals"
	// AskIncident: is an incident with personal information open?
	AskIncident Question = "incident"
	// AskProcessors: does another unit handle personal information on the site's behalf, or
	// build, run or maintain the system?
	AskProcessors Question = "processors"
)

// Questions are all of them.
var Questions = []Question{AskFaceDevices, AskPrivateRooms, AskSecretNeighbour, AskKeyTarget, AskGrading, AskOriginals, AskIncident, AskProcessors}

// Word is the question in both languages.
func (q Question) Word() text.Key { return text.Question(string(q)) }

// Answer is what somebody said, and when.
type Answer struct {
	// Says is yes or no.
	Says string `json:"says"`
	// Note says more: a reference, or a reason.
	Note string `json:"note,omitempty"`
	// Count and Day are what the question asks for beside; 0 and empty: not said.
	Count int        `json:"count,omitempty"`
	Day   civil.Date `json:"day,omitempty"`
	// By is the account that answered, Date the day; the gateway fills them in.
	By   string     `json:"by,omitempty"`
	Date civil.Date `json:"date,omitempty"`
	// Earlier are what was answered before, the oldest first.
	Earlier []Answer `json:"earlier,omitempty"`
}

// The words of an answer.
const (
	Yes = "yes"
	No  = "no"
)

// Check refuses what is no answer.
func (a Answer) Check() error {
	count := error(nil)
	if a.Count < 0 || a.Count > maxPeople {
		count = text.Fail(field.ErrInvalid, text.ConfigRange, text.Field("count"), fmt.Sprint(a.Count), "0", fmt.Sprint(maxPeople), "3200")
	}
	return field.First(field.Required("says", a.Says), field.OneOf("says", a.Says, Yes, No), field.Line("note", a.Note), civil.Optional("day", a.Day), count)
}

// maxPeople is more than live anywhere.
const maxPeople = 2_000_000_000

// Check refuses what is no question.
func (q Question) Check() error {
	names := make([]string, len(Questions))
	for i, known := range Questions {
		names[i] = string(known)
	}
	return field.First(field.Required("question", string(q)), field.OneOf("question", string(q), names...))
}

func (s Site) checkAnswers() error {
	for q, a := range s.Answers {
		if err := field.First(q.Check(), a.Check()); err != nil {
			return err
		}
	}
	return nil
}

// says is how a question was answered; empty: it was not.
func (f *Facts) says(q Question) string { return f.Site.Answers[q].Says }
