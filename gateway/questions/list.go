package questions

import (
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
)

// Who can answer a question.
const (
	manager    = "manager"
	installer  = "installer"
	contractor = "contractor"
	legal      = "legal"
)

// question is one of the list: what it asks for, by the names that the site, the cameras and
// the records have in the API.
type question struct {
	id  string
	who string
	// duties are the clauses that hang on it, of any pack.
	duties []string
	// actions are the next steps of clauses that it deals with, as the report names them.
	actions []string
	site    []string
	// answer is a yes or no that decides which duties there are, more what belongs to it.
	answer policy.Question
	more   []string
	// instead is a yes or no that clauses may ask for and that the records make needless.
	instead policy.Question
	// cameras are what is asked of each camera.
	cameras []string
	records []form
	// either: a yes or no of its own, which is not kept, chooses the record.
	either bool
	// page is where it is dealt with instead of a form.
	page string
	// always: it is asked whatever applies, for it decides what does. wanted: it is asked only
	// where a clause waits for it.
	always, wanted bool
}

// form is a record that a question asks for.
type form struct {
	kind register.Kind
	// fields are those that are asked for; the others may be added in the list of records.
	fields []string
	// fixed are fields that the question itself says.
	fixed map[string]any
	// when is the answer that wants the record; empty: it is wanted always.
	when string
	// each: a record for each of the cameras that are chosen.
	each bool
	// same are fields that are those of the question's first record.
	same []string
}

// list has the questions in the order in which they are asked: first what decides which
// duties there are, then what an assessment and a notice rest on, then the papers.
var list = []question{
	{id: "where", who: manager, always: true, duties: []string{"m2", "scope"}, actions: []string{"jurisdiction"}, site: []string{"jurisdiction", "recognition_mode"}},
	{id: "kind", who: legal, always: true, duties: []string{"s799-7", "s9", "s799-33"}, actions: []string{"entitled"}, site: []string{"kind", "entitled"}},
	{id: "unit", who: manager, always: true, duties: []string{"m-complaints", "n20", "p17", "p45", "s799-14", "g12"}, site: []string{"unit", "credit_code", "address", "contact"}},
	{id: "needs", who: manager, duties: []string{"s799-7", "s9", "p6", "edpb-129"}, actions: []string{"purpose", "public_safety", "necessity"}, cameras: []string{"purpose", "necessity"}},
	{id: "places", who: installer, duties: []string{"s799-8-1", "places"}, actions: []string{"place", "prohibited"}, cameras: []string{"place"}},
	{id: "walks", who: installer, wanted: true, duties: []string{"s799-8-1"}, actions: []string{"walk"},
		records: []form{{kind: register.KindWalk}}},
	{id: "first-use", who: installer, duties: []string{"s799-14", "p55", "m9", "gdpr-35"}, actions: []string{"first_use"}, cameras: []string{"commissioned"}},
	{id: "equipment", who: installer, duties: []string{"s799-equipment", "device-test"}, actions: []string{"equipment"}, cameras: []string{"model", "firmware", "certificate"}},
	{id: "private-rooms", who: manager, duties: []string{"s799-8-2"}, actions: []string{"inspection"}, answer: policy.AskPrivateRooms,
		records: []form{{kind: register.KindInspection, fields: []string{"date", "found", "cameras"}, when: policy.Yes}}},
	{id: "secret-neighbour", who: legal, duties: []string{"s799-10"}, actions: []string{"secret"}, answer: policy.AskSecretNeighbour, more: []string{"note", "day"}},
	{id: "key-target", who: legal, duties: []string{"s799-17", "c32"}, answer: policy.AskKeyTarget},
	{id: "face-devices", who: contractor, duties: []string{"m4", "m5", "m6", "m7", "m8", "m9", "m10", "m13-sign", "m14", "m15", "x10", "gdpr-9", "ai-5"}, actions: []string{"device", "device_fill"}, answer: policy.AskFaceDevices, more: []string{"note"},
		records: []form{{kind: register.KindDevice, when: policy.Yes}}},
	{id: "recorder", who: contractor, duties: []string{"s15", "s23", "s799-17", "c32", "edpb-121"}, actions: []string{"originals", "recorder", "retention"}, instead: policy.AskOriginals,
		records: []form{{kind: register.KindRecorder, fields: []string{"name", "cameras", "keeps", "where", "date"}}, {kind: register.KindRetention, fields: []string{"hours"}, same: []string{"cameras", "date"}}}},
	{id: "national-rule", who: legal, duties: []string{"edpb-121"}, actions: []string{"national_rule"}, site: []string{"national_rule"}},
	{id: "grounds", who: legal, duties: []string{"g6", "gdpr-9"}, actions: []string{"ground", "special"},
		records: []form{{kind: register.KindGround, fields: []string{"date", "cameras", "basis", "interest", "balance", "special", "document"}}}},
	{id: "processors", who: manager, duties: []string{"p21", "s19", "s15", "g28"}, actions: []string{"contract"}, answer: policy.AskProcessors,
		records: []form{{kind: register.KindContract, when: policy.Yes}}},
	{id: "grading", who: legal, duties: []string{"m14"}, actions: []string{"document"}, answer: policy.AskGrading, more: []string{"note"},
		records: []form{{kind: register.KindDocument, fields: []string{"date", "file", "number", "authority"}, fixed: map[string]any{"of": register.GradingRecord}, when: policy.Yes}}},
	{id: "signs", who: installer, duties: []string{"s799-13", "p26", "edpb-113"}, actions: []string{"sign", "sign_check", "second_layer"},
		records: []form{{kind: register.KindSign, fields: []string{"place", "cameras", "date", "photo", "link"}, fixed: map[string]any{"layer": 1}}}},
	{id: "notice", who: legal, duties: []string{"p17", "m5", "edpb-113"}, actions: []string{"notice"},
		records: []form{{kind: register.KindNotice, fields: []string{"date", "contact", "purpose", "manner", "keeping", "necessity", "effects", "rights", "complaints", "minors", "accessible", "shown", "link"}}}},
	{id: "assessment", who: legal, duties: []string{"p55", "m9", "gdpr-35"}, actions: []string{"assessment"},
		records: []form{{kind: register.KindAssessment}}},
	{id: "police-filing", who: manager, duties: []string{"s799-14"}, actions: []string{"system_filing"},
		records: []form{{kind: register.KindFiling, fields: []string{"date", "receipt", "authority", "cameras"}, fixed: map[string]any{"of": register.FilingSystem}}}},
	{id: "acceptance", who: contractor, duties: []string{"s11"}, actions: []string{"document"},
		records: []form{{kind: register.KindDocument, fields: []string{"date", "file"}, fixed: map[string]any{"of": register.Acceptance}}}},
	{id: "training", who: manager, duties: []string{"s799-16", "p51"}, actions: []string{"training"},
		records: []form{{kind: register.KindTraining, fields: []string{"pseudonym", "post", "topic", "date", "vetted", "undertaking"}}}},
	{id: "processing", who: manager, duties: []string{"m9-r", "g30"}, actions: []string{"processing", "handling"}, records: []form{{kind: register.KindProcessing}}},
	{id: "call-register", who: contractor, duties: []string{"s799-16", "s20", "s21"}, actions: []string{"register", "quiet"}, either: true,
		records: []form{{kind: register.KindExport, when: policy.Yes}, {kind: register.KindQuiet, fields: []string{"from", "to"}, fixed: map[string]any{"register": string(register.KindExport)}, when: policy.No}}},
	{id: "rules", who: legal, duties: []string{"p51"}, actions: []string{"document"},
		records: []form{{kind: register.KindDocument, fields: []string{"date", "file"}, fixed: map[string]any{"of": register.Rules}},
			{kind: register.KindDocument, fields: []string{"date", "file"}, fixed: map[string]any{"of": register.Classification}},
			{kind: register.KindDocument, fields: []string{"date", "file"}, fixed: map[string]any{"of": register.IncidentPlan}}}},
	{id: "audit", who: legal, duties: []string{"p54"}, actions: []string{"document"},
		records: []form{{kind: register.KindDocument, fields: []string{"date", "file"}, fixed: map[string]any{"of": register.Audit}}}},
	{id: "device-tests", who: installer, duties: []string{"device-test"}, actions: []string{"device_test"},
		records: []form{{kind: register.KindDeviceTest, fields: []string{"date", "passed"}, each: true}}},
	{id: "incident", who: manager, duties: []string{"s16-1", "s799-33", "p57", "g33"}, actions: []string{"incident"}, answer: policy.AskIncident, more: []string{"note"},
		records: []form{{kind: register.KindIncident, when: policy.Yes}}},
	{id: "complaints", who: manager, duties: []string{"n20", "m-complaints"}, actions: []string{"complaint"}, either: true,
		records: []form{{kind: register.KindComplaint, when: policy.Yes}, {kind: register.KindQuiet, fields: []string{"from", "to"}, fixed: map[string]any{"register": string(register.KindComplaint)}, when: policy.No}}},
	{id: "requests", who: manager, duties: []string{"p45", "g12"}, actions: []string{"request"}, either: true,
		records: []form{{kind: register.KindRequest, when: policy.Yes}, {kind: register.KindQuiet, fields: []string{"from", "to"}, fixed: map[string]any{"register": string(register.KindRequest)}, when: policy.No}}},
	{id: "evidence", who: manager, duties: []string{"m-supervision"}, actions: []string{"export", "evidence"}, page: "/evidence"},
}
