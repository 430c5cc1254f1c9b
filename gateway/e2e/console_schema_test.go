package e2e

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/identity"
	apireply "github.com/bauta-gateway/bauta/gateway/reply"
	"github.com/bauta-gateway/bauta/gateway/signon"
)

// goTypes are the types behind the description's schemas.
var goTypes = map[string]any{
	"Session": console.SessionInfo{}, "SetupCode": api.SetupCode{}, "User": identity.User{}, "NewUser": api.NewUser{}, "NewPassword": api.NewPassword{},
	"NewRole": api.NewRole{}, "NewLanguage": api.NewLanguage{}, "NewSecond": console.NewSecond{}, "SecondFactor": api.SecondFactor{}, "SignOn": console.SignOnInfo{}, "NewSignOn": signon.Settings{}, "SignOnRequest": signon.Request{}, "SignOnAnswer": console.SignOnAnswer{},
	"Certificate": console.CertificateInfo{}, "NewCertificate": console.NewCertificate{}, "NewBuiltIn": api.NewBuiltIn{}, "Token": identity.Token{}, "NewToken": api.NewToken{}, "MadeToken": api.MadeToken{},
	"MQTTLogin": api.MQTTLogin{}, "NewMQTTLogin": api.NewMQTTLogin{}, "MadeMQTTLogin": api.MadeMQTTLogin{},
	"StreamLogin": api.StreamLogin{}, "NewStreamLogin": api.NewStreamLogin{}, "MadeStreamLogin": api.MadeStreamLogin{}, "StreamCameras": api.StreamCameras{},
	"Display": api.Display{}, "DisplayPlace": api.DisplayPlace{}, "NewDisplay": api.NewDisplay{}, "MadeDisplay": api.MadeDisplay{}, "Overview": api.Overview{}, "OverviewCamera": api.OverviewCamera{},
	"Notify": api.Notify{}, "NotifySite": api.NotifySite{}, "NotifyMail": api.NotifyMail{}, "NotifyRules": api.NotifyRules{}, "KindRule": api.KindRule{}, "NotifyPing": api.NotifyPing{}, "NotifyPerson": api.NotifyPerson{}, "NotifyWebhook": api.NotifyWebhook{},
	"MadeWebhook": api.MadeWebhook{}, "NotifyState": api.NotifyState{}, "OpenTrouble": api.OpenTrouble{}, "NotifyTest": api.NotifyTest{}, "NotifyTested": api.NotifyTested{},
	"Status": api.Status{}, "GatewayStatus": api.GatewayStatus{}, "CameraStatus": api.CameraStatus{}, "NewCamera": api.NewCamera{}, "CameraSettings": api.CameraSettings{}, "CameraChange": api.CameraChange{}, "FactsChange": api.FactsChange{}, "CamerasChange": api.CamerasChange{}, "CamerasChanged": api.CamerasChanged{}, "CameraOutcome": api.CameraOutcome{}, "ProbeResult": api.ProbeResult{},
	"CameraFacts": policy.Camera{}, "Zone": zone.Zone{}, "Zones": api.Zones{}, "NewCover": api.NewCover{}, "NewMounting": api.NewMounting{}, "NewTrust": api.NewTrust{}, "NewZone": api.NewZone{}, "Snapshot": api.Snapshot{}, "Viewer": api.Viewer{},
	"Site": policy.Site{}, "Question": api.Question{}, "Answer": policy.Answer{}, "Calendar": api.Calendar{}, "CalendarYear": api.CalendarYear{}, "Report": compliance.Report{}, "Clause": compliance.Clause{}, "PackRef": compliance.PackRef{}, "Overlay": compliance.Overlay{}, "Day": store.Day{}, "Record": api.Record{}, "RecordVersion": store.Version{}, "Correction": api.Correction{}, "Withdrawal": api.Withdrawal{}, "RecordChange": api.RecordChange{}, "Removed": api.Removed{}, "Undo": api.Undo{}, "Progress": api.Progress{}, "Changed": apireply.Changed{},
	"Guided": api.Guided{}, "GuidedDuty": api.GuidedDuty{}, "GuidedField": api.GuidedField{}, "GuidedAnswer": api.GuidedAnswer{}, "GuidedCamera": api.GuidedCamera{}, "GuidedRecord": api.GuidedRecord{}, "GuidedSaid": api.GuidedSaid{},
	"Sealed": api.Sealed{}, "NewSealed": api.NewSealed{}, "SealedDeletion": api.SealedDeletion{}, "Opening": api.Opening{}, "OpeningRequest": sealed.Request{}, "OpeningPerson": sealed.Person{}, "OpeningApproval": sealed.Approval{},
	"Violation": policy.Violation{}, "Closing": policy.Closing{}, "NewClosing": api.NewClosing{},
	"RecordID": api.RecordID{}, "ZoneID": api.ZoneID{}, "EvidenceKey": api.EvidenceKey{}, "Consent": api.Consent{}, "ConsentPage": api.ConsentPage{}, "ImportRequest": api.ImportRequest{},
	"ImportResult": api.ImportResult{}, "Import": api.Import{}, "RevokeRequest": api.RevokeRequest{}, "RevokeResult": api.RevokeResult{},
	"RevokedAnswer": api.RevokedAnswer{}, "Issuer": api.Issuer{}, "NewIssuer": api.NewIssuer{}, "RemovedIssuer": api.RemovedIssuer{}, "Text": api.Words{},
	"Choice": api.Choice{}, "PlaceChoice": api.PlaceChoice{}, "SiteKind": api.SiteKind{}, "RecordKind": api.RecordKind{}, "FormInfo": api.FormInfo{}, "Sign": api.Sign{}, "RecordField": api.RecordField{}, "RecordChoice": api.RecordChoice{}, "Setting": api.Setting{}, "Open": api.Open{},
	"Span": api.Span{}, "History": api.History{}, "NewWalkTest": api.NewWalkTest{}, "WalkTest": api.WalkTest{}, "Appearance": api.Appearance{},
	"IssueRequest": api.IssueRequest{}, "Issued": api.Issued{}, "Proven": compliance.Proven{}, "Verified": api.Verified{}, "Health": api.Health{},
	"CameraLock": api.CameraLock{}, "CameraAccount": api.CameraAccount{}, "CameraAccounts": api.CameraAccounts{}, "AccountsRequest": api.AccountsRequest{}, "LockRequest": api.LockRequest{}, "UnlockRequest": api.UnlockRequest{}, "LockResult": api.LockResult{},
	"DiskStatus": api.DiskStatus{}, "UpdateStatus": api.UpdateStatus{}, "SealedBackup": api.SealedBackup{}, "BackupState": api.BackupState{}, "NewBackupPlan": api.NewBackupPlan{}, "Uploaded": api.Uploaded{}, "InspectRequest": api.InspectRequest{}, "RestorePreview": api.RestorePreview{}, "TakeRequest": api.TakeRequest{},
	"Finding": api.Finding{}, "LogLine": api.LogLine{}, "LogPage": api.LogPage{}, "AuditEntry": api.AuditEntry{}, "AuditPage": api.AuditPage{}, "AuditChoice": api.AuditChoice{}, "AuditFilters": api.AuditFilters{}, "AuditVerified": api.AuditVerified{},
	"Unstored": api.Unstored{}, "NewPurposes": api.NewPurposes{}, "Footage": consent.Footage{}, "FoundCamera": api.FoundCamera{}, "StreamsRequest": api.StreamsRequest{}, "DiscoverRequest": api.DiscoverRequest{}, "FoundStream": api.FoundStream{},
}

// wordsOnly are schemas without a Go type of their own, or in another package's tests.
var wordsOnly = []string{"Error", "Role", "ClauseState", "Setup", "Login", "OwnSecond", "SecondCode", "RecoveryCodes", "DisplayToken", "SealedKeys"}

type schema struct {
	Ref        string            `yaml:"$ref"`
	Type       any               `yaml:"type"` // a name, or several
	Properties map[string]schema `yaml:"properties"`
	Items      *schema           `yaml:"items"`
	OneOf      []schema          `yaml:"oneOf"`
}

func schemas(t *testing.T) map[string]schema {
	t.Helper()
	var doc struct {
		Components struct {
			Schemas map[string]schema `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(console.OpenAPI, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Components.Schemas
}

// fieldsOf lists the names that a struct has in JSON, its embedded ones too.
func fieldsOf(t reflect.Type) (names []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			names = append(names, fieldsOf(f.Type)...)
		case f.IsExported() && name != "-":
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestSchemasAreTheTypes(t *testing.T) {
	all := schemas(t)
	for name, s := range all {
		v, ok := goTypes[name]
		if !ok {
			if !slices.Contains(wordsOnly, name) {
				t.Errorf("no type is compared with the schema %s", name)
			}
			continue
		}
		want := fieldsOf(reflect.TypeOf(v))
		if got := slices.Sorted(maps.Keys(s.Properties)); !slices.Equal(got, want) {
			t.Errorf("schema %s has %v, %T has %v", name, got, v, want)
		}
	}
	for name := range goTypes {
		if _, ok := all[name]; !ok {
			t.Errorf("there is no schema %s", name)
		}
	}
}

// answers follows a response to its schema for JSON; nil where it has none.
func answers(d described) *schema {
	for code, r := range d.Responses {
		if code == "default" {
			continue
		}
		raw, _ := yaml.Marshal(r)
		var in struct {
			Ref     string `yaml:"$ref"`
			Content map[string]struct {
				Schema schema `yaml:"schema"`
			} `yaml:"content"`
		}
		if yaml.Unmarshal(raw, &in) != nil {
			return nil
		}
		if c, ok := in.Content["application/json"]; ok {
			return &c.Schema
		}
	}
	return nil
}

// What GET answers has no field that its schema lacks.
func TestAnswersFitTheirSchemas(t *testing.T) {
	all := startGuarded(t)
	m, known := all.roles[identity.Manager], schemas(t)
	m.do("POST", "/api/v1/cameras/gate/zones", api.NewZone{Zone: zone.Zone{ID: "door", Kind: zone.Consent, Purposes: []string{"care"}, Points: []zone.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}}}}, nil)
	m.do("PUT", "/api/v1/site/answers/"+string(policy.AskFaceDevices), policy.Answer{Says: policy.Yes, Count: 7}, nil)
	made := addDisplay(t, all.g.Client())
	seen := 0
	for _, d := range openAPI(t) {
		s := answers(d)
		if d.method != "GET" || s == nil || d.Role == identity.Local || d.path == "/v1/cameras/{id}/snapshot" || d.path == "/v1/consents/{id}" || d.path == "/v1/discover" || d.path == "/v1/stills" || strings.HasPrefix(d.path, "/v1/openings/") {
			continue
		}
		var out any
		m.do("GET", strings.NewReplacer("/displays/gate", "/displays/"+made.ID, "/progress/gate", "/progress/0123456789abcdef").Replace(d.url(""))+"?from=2026-01-01&to=2026-01-02", nil, &out)
		fit(t, d.name(), *s, out, known)
		seen++
	}
	if seen < 15 {
		t.Errorf("only %d answers were looked at", seen)
	}
}

func fit(t *testing.T, at string, s schema, v any, known map[string]schema) {
	t.Helper()
	if len(s.OneOf) > 0 { // or null, of which nothing is looked at
		s = s.OneOf[0]
	}
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		if s, ok = known[name]; !ok {
			t.Errorf("%s: no schema %s", at, name)
		}
	}
	switch v := v.(type) {
	case []any:
		if s.Type != "array" || s.Items == nil {
			t.Errorf("%s is an array, its schema says %v", at, s.Type)
			return
		}
		for _, one := range v {
			fit(t, at+"[]", *s.Items, one, known)
		}
	case map[string]any:
		for key, value := range v {
			p, ok := s.Properties[key]
			if !ok && s.Properties != nil {
				t.Errorf("%s: %s is not in the schema", at, key)
			}
			fit(t, at+"."+key, p, value, known)
		}
	case string:
		if s.Type != "string" && s.Type != nil {
			t.Errorf("%s is %q, its schema says %v", at, v, s.Type)
		}
	}
}
