package forms

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

var shanghai = time.FixedZone("CST", 8*3600)

// empty is a site of which nothing was said.
func empty() Input {
	return Input{Gateway: "lobby-box", Facts: &policy.Facts{Now: time.Date(2026, 10, 15, 9, 30, 0, 0, shanghai), Records: register.Records{}}, Cameras: map[media.CameraID]Camera{}}
}

var hash = strings.Repeat("ab", 32)

// mall is a shopping centre with two cameras, of which most was said.
func mall() Input {
	in := empty()
	in.Facts.Site = policy.Site{
		Kind: "trade-centre", Class: policy.Art7, Unit: "上海示例商业管理有限公司", CreditCode: "91310115MA1K4AB12X", Address: "上海市浦东新区示例路 88 号", Contact: "021-5555 0100",
		Mode: policy.DetectOnly, Jurisdiction: "CN-310115", Answers: map[policy.Question]policy.Answer{
			policy.AskOriginals: {Says: policy.Yes, By: "manager:u1", Date: "2026-02-10"}, policy.AskProcessors: {Says: policy.No, By: "manager:u1", Date: "2026-02-10"}},
	}
	for _, id := range []media.CameraID{"gate", "hall"} {
		in.Facts.Cameras = append(in.Facts.Cameras, policy.CameraFacts{ID: id, Name: "一层 " + string(id), Capture: id == "gate", Camera: policy.Camera{
			Place: "entrance", Purpose: register.PublicSafety, Necessity: "出入口曾多次发生盗窃，人工巡查无法覆盖夜间时段", Model: "DS-2CD3T47 <G2>", Firmware: "V5.7.11", Certificate: "GB 37300-2018 检验报告 2025-0417",
			Commissioned: "2026-03-02", Extras: []string{"ptz", "audio"}}})
		in.Cameras[id] = Camera{Width: 1920, Height: 1080}
	}
	in.Facts.Cameras[1].Extras = nil
	add(&in, register.KindRetention, "2026-03-02T10:00:00Z", register.Retention{Date: "2026-03-02", Hours: 24 * 90, Cameras: []media.CameraID{"gate"}})
	add(&in, register.KindRetention, "2026-03-02T10:00:00Z", register.Retention{Date: "2026-03-02", Hours: 24 * 30, Cameras: []media.CameraID{"hall"}})
	add(&in, register.KindFiling, "2026-03-20T10:00:00Z", register.Filing{Of: register.FilingSystem, Date: "2026-03-20", Receipt: "浦公视备 2026-0017", Authority: "上海市公安局浦东分局", Cameras: []media.CameraID{"gate", "roof"}})
	add(&in, register.KindRecorder, "2026-03-02T10:00:00Z", register.Recorder{Date: "2026-03-02", Name: "NVR 1", Cameras: []media.CameraID{"gate", "hall"}, Keeps: "originals", Where: "地下一层机房", Platform: "公安视频平台"})
	add(&in, register.KindExport, "2026-09-02T10:00:00Z", register.Export{Date: "2026-09-02", Reason: "案件调查", Content: "gate 9 月 1 日 20 时至 21 时", Unit: "浦东分局", Requester: "police", Name: "王警官", Second: "李警官", Purpose: register.PublicSafety, LegalBasis: "刑事诉讼法第五十四条", Number: "沪公浦 2026-88"})
	add(&in, register.KindDeviceTest, "2026-03-01T10:00:00Z", register.DeviceTest{Date: "2026-03-01", Camera: "gate", Passed: true, Model: "OLD", Firmware: "1"})
	add(&in, register.KindAssessment, "2026-02-10T10:00:00Z", register.Assessment{Date: "2026-02-10", Items: map[string]string{"lawful_necessary": "依据条例第七条，为维护公共安全所必需", "effect_and_mitigation": "影响有限", "risks": "泄露风险", "measures": "遮挡与加密"}, File: hash, Config: hash, Review: "2027-02-10"})
	add(&in, register.KindSign, "2026-09-01T10:00:00Z", register.Sign{Place: "正门", Cameras: []media.CameraID{"gate", "hall"}, Date: "2026-09-01", Photo: hash, Layer: 1, Link: "https://example.org/notice"})
	yes, people := true, 3200
	add(&in, register.KindDevice, "2026-03-02T10:00:00Z", register.Device{Name: "东门闸机", What: register.DeviceGate, Date: "2026-03-02", Maker: "某厂", Model: "G-100", Place: "东门", Cameras: []media.CameraID{"gate"}, Mode: register.ModeIdentify,
		Templates: &yes, People: &people, Since: "2026-03-02", Storage: register.InDevice, Alternative: "刷卡", Works: &yes, Purpose: register.PublicSafety, Need: "夜间无人值守", Milder: "刷卡无法防止冒用", Author: "赵工", FirstUse: "2026-03-02"})
	add(&in, register.KindDevice, "2026-03-02T10:00:00Z", register.Device{Name: "旧闸机", What: register.DeviceGate, Date: "2026-03-02", Mode: register.ModeVerify, People: &people, Removed: "2026-05-01"})
	return in
}

func add(in *Input, kind register.Kind, entered string, rec register.Record) {
	body, err := json.Marshal(rec)
	if err != nil {
		panic(err)
	}
	at, err := time.Parse(time.RFC3339, entered)
	if err != nil {
		panic(err)
	}
	v := store.Version{Number: 1, Entered: at, Author: "manager:u1"}
	if v.Names, err = register.Names(kind, body); err != nil {
		panic(err)
	}
	marks := map[string]string{}
	for field := range v.Names {
		marks[field] = register.Mark(hash)
	}
	if v.Body, err = register.WithNames(body, marks); err != nil {
		panic(err)
	}
	in.Records = append(in.Records, store.StoredRecord{ID: fmt.Sprintf("%08d", len(in.Records)+1), Kind: kind, Version: v})
}

func fill(t *testing.T, in Input, id string, lang text.Lang, names bool) document.Document {
	t.Helper()
	f, ok := Find(id)
	if !ok {
		t.Fatalf("no form %s", id)
	}
	return f.Fill(in, lang, names)
}

// rows are those of a form by their labels.
func rows(d document.Document) map[string]document.Row {
	all := map[string]document.Row{}
	for _, s := range d.Sections {
		for _, r := range s.Rows {
			all[r.Label] = r
		}
	}
	return all
}

func printed(t *testing.T, d document.Document, f document.Format) string {
	t.Helper()
	var b bytes.Buffer
	if err := (document.Printer{}).Print(&b, d, f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The keys of lines stand in the code as texts: each has words, and none is left over.
func TestEachLineHasWords(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	key, named := regexp.MustCompile(`"(form\.line\.[a-z_.]+)"`), map[text.Key]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(b), -1) {
			named[text.Key(m[1])] = true
			if !text.Has(text.Key(m[1])) {
				t.Errorf("%s: %s has no words", file, m[1])
			}
		}
	}
	for line := range text.Under(text.EN, "form.line.") {
		of := strings.HasPrefix(string(line), "form.line.control.") || strings.HasPrefix(string(line), "form.line.fact.") // by text.Control and text.Fact
		if !of && !named[line] {
			t.Errorf("%s is on no form", line)
		}
	}
}

// Each form can be filled in for a site of which all is said, and for one of which nothing
// is; every line says where it comes from, and no key stands in place of words.
func TestEachFormIsWhole(t *testing.T) {
	key := regexp.MustCompile(`\b(form|console|record|field|purpose|place)\.[a-z_]+\b|%!`)
	for name, in := range map[string]Input{"mall": mall(), "empty": empty()} {
		for _, f := range All() {
			for _, lang := range text.Langs {
				d := f.Fill(in, lang, false)
				if d.Title == "" || d.Notice == "" || len(d.Sections) == 0 {
					t.Errorf("%s %s %s: %+v", name, f.ID, lang, d)
				}
				for _, r := range rows(d) {
					if lang == text.ZhCN && !strings.ContainsFunc(r.Label, func(c rune) bool { return unicode.Is(unicode.Han, c) }) {
						t.Errorf("%s %s: the label %q has no words", name, f.ID, r.Label)
					}
					if r.Label == "" || r.Source == "" {
						t.Errorf("%s %s %s: a line without label or source: %+v", name, f.ID, lang, r)
					}
				}
				page := printed(t, d, document.HTML)
				if m := key.FindString(page); m != "" {
					t.Errorf("%s %s %s: %q stands on the page", name, f.ID, lang, m)
				}
			}
		}
	}
}

// Where nothing was said nothing is printed: no line has a value that nobody gave.
func TestNothingIsInvented(t *testing.T) {
	for _, id := range []string{"police", "cac-processor", "cac-face", "assessment"} {
		for label, r := range rows(fill(t, empty(), id, text.EN, false)) {
			allowed := r.Source == text.Of(text.EN, text.FormFromGateway) || label == "Of these with pan and tilt in use"
			if r.Value != "" && !allowed {
				t.Errorf("%s: %s: %q from %s", id, label, r.Value, r.Source)
			}
		}
	}
}

func TestPoliceForm(t *testing.T) {
	d := fill(t, mall(), "police", text.ZhCN, false)
	got := rows(d)
	for label, want := range map[string]string{
		"单位名称": "上海示例商业管理有限公司", "统一社会信用代码": "91310115MA1K4AB12X", "处理目的": "公共安全", "投入使用日期": "2026-03-02",
		"接入本网关的摄像机数量": "2", "其中启用云台的数量": "1", "保存期限": "30 – 90 日", "录像机保存完整原始录像": "是", "经办人及联系电话": "",
		"录像设备：存放地点": "地下一层机房",
	} {
		if got[label].Value != want {
			t.Errorf("%s: %q, want %q", label, got[label].Value, want)
		}
	}
	if strings.Contains(got["人脸相关设备"].Source, "尚无") {
		t.Errorf("counted, and said to be missing: %+v", got["人脸相关设备"])
	}
	all := printed(t, d, document.CSV)
	for _, want := range []string{"草稿", "地下一层机房", "1920×1080", "未列入：一层 hall", "已不存在：roof", "浦公视备 2026-0017", "第 1 版，2026-03-20 由 manager:u1 录入"} {
		if !strings.Contains(all, want) {
			t.Errorf("lacks %q", want)
		}
	}
}

// Both forms of the internet authority go by the inventory: what is removed is not counted,
// and a device that does not say how many people it stores leaves the number open.
func TestFaceForms(t *testing.T) {
	in := mall()
	stored := "全部设备存储人脸信息的人数"
	if got := rows(fill(t, in, "cac-processor", text.ZhCN, false))[stored]; got.Value != "3200" || got.Mark != "" {
		t.Errorf("%+v", got)
	}
	all := printed(t, fill(t, in, "cac-face", text.ZhCN, false), document.CSV)
	for _, want := range []string{"东门闸机", "夜间无人值守", "刷卡", "G-100"} {
		if !strings.Contains(all, want) {
			t.Errorf("lacks %q", want)
		}
	}
	if strings.Contains(all, "旧闸机") {
		t.Error("a removed device is filed")
	}
	add(&in, register.KindDevice, "2026-03-02T10:00:00Z", register.Device{Name: "考勤机", What: register.DeviceAttendance, Date: "2026-03-02", Mode: register.ModeIdentify})
	if got := rows(fill(t, in, "cac-processor", text.ZhCN, false))[stored]; got.Value != "" || !strings.Contains(got.Mark, "考勤机") {
		t.Errorf("%+v", got)
	}
}

// What an earlier version wrote is printed too, in a column of its own.
func TestOldFieldsArePrinted(t *testing.T) {
	in := empty()
	add(&in, register.KindSign, "2025-01-01T00:00:00Z", register.Sign{Place: "door", Camera: "gate", Date: "2025-01-01"})
	if page := printed(t, fill(t, in, "register-sign", text.EN, false), document.CSV); !strings.Contains(page, ",gate,") {
		t.Error(page)
	}
	if page := printed(t, fill(t, mall(), "register-sign", text.EN, false), document.CSV); strings.Contains(page, "Camera,Cameras") {
		t.Error("a column of earlier versions that nobody needs")
	}
}

// A camera of which nobody said how long its footage is kept is named.
func TestKeptIsNotGuessed(t *testing.T) {
	in := mall()
	in.Records = slices.DeleteFunc(in.Records, func(r store.StoredRecord) bool { return r.Kind == register.KindRetention })
	if got := rows(fill(t, in, "police", text.EN, false))["Kept for"]; got.Value != "" {
		t.Errorf("%+v", got)
	}
	add(&in, register.KindRetention, "2026-03-02T10:00:00Z", register.Retention{Date: "2026-03-02", Hours: 720, Cameras: []media.CameraID{"hall"}})
	if got := rows(fill(t, in, "police", text.EN, false))["Kept for"]; got.Value != "30 days" || !strings.Contains(got.Mark, "gate") {
		t.Errorf("%+v", got)
	}
}

// Names of persons are printed where they are asked for, and nowhere else.
func TestNamesAreAskedFor(t *testing.T) {
	for _, f := range All() {
		for _, names := range []bool{false, true} {
			for _, format := range []document.Format{document.HTML, document.CSV} {
				page := printed(t, f.Fill(mall(), text.ZhCN, names), format)
				for name, on := range map[string]string{"王警官": "register-export", "李警官": "register-export", "赵工": "register-device"} {
					if want := names && f.ID == on; strings.Contains(page, name) != want {
						t.Errorf("%s, names %v: %s printed: %v", f.ID, names, name, !want)
					}
				}
			}
		}
	}
	if f, _ := Find("register-export"); !f.Persons {
		t.Error("the call register has names")
	}
	if f, _ := Find("register-retention"); f.Persons {
		t.Error("how long footage is kept has no names")
	}
}

// A name that was forgotten is told as forgotten, also to who may see names.
func TestForgottenNames(t *testing.T) {
	in := mall()
	for i := range in.Records {
		in.Records[i].Names, in.Records[i].Forgotten = nil, "2026-10-01"
	}
	page := printed(t, fill(t, in, "register-export", text.EN, true), document.CSV)
	if !strings.Contains(page, "name forgotten 2026-10-01") || strings.Contains(page, "name:") {
		t.Error(page)
	}
}

// Each kind of records has a register, whose columns are its fields.
func TestEachKindHasARegister(t *testing.T) {
	for _, kind := range register.Kinds {
		d := fill(t, mall(), "register-"+string(kind), text.EN, true)
		head := d.Sections[0].Tables[0].Head
		for _, f := range register.Fields(kind) {
			if label := text.Of(text.EN, text.RecordLabel(string(kind), f.Name)); !f.Old && !slices.Contains(head, label) {
				t.Errorf("%s: no column %q", kind, label)
			}
		}
	}
}

// What cannot be read is listed as such: it is not absent.
func TestUnreadableIsListed(t *testing.T) {
	in := empty()
	in.Records = []store.StoredRecord{{ID: "00000007", Kind: register.KindComplaint, Version: store.Version{Number: 2, Unreadable: true}}}
	page := printed(t, fill(t, in, "register-complaint", text.EN, false), document.CSV)
	if !strings.Contains(page, "00000007") || !strings.Contains(page, "cannot be read") {
		t.Error(page)
	}
}

// C15b on paper: a test of another device is shown as one, and a camera that was never
// tested has a line.
func TestC15bTestsByDevice(t *testing.T) {
	table := fill(t, mall(), "device-tests", text.EN, false).Sections[0].Tables[0]
	if len(table.Rows) != 2 || !strings.Contains(table.Rows[0][2], "another than now") || table.Rows[1][2] != "never tested" {
		t.Errorf("%q", table.Rows)
	}
}

// C32 on paper: the four questions begin with the last answers, marked to be looked at
// again, also where an earlier version had asked six.
func TestC32AssessmentBeginsWithTheLast(t *testing.T) {
	in := mall()
	d := fill(t, in, "assessment", text.ZhCN, false)
	var answered []document.Row
	for _, r := range rows(d) {
		if strings.Contains(r.Mark, "沿用上次评估") {
			answered = append(answered, r)
		}
	}
	if len(answered) != 4 {
		t.Errorf("%+v", answered)
	}
	in = empty()
	add(&in, register.KindAssessment, "2025-01-01T00:00:00Z", register.Assessment{Date: "2025-01-01", Items: map[string]string{
		"lawfulness": "a", "necessity": "b", "precision": "c", "measures": "d", "risks": "e", "harm": "f"}})
	page := printed(t, fill(t, in, "assessment", text.EN, false), document.CSV)
	if !strings.Contains(page, "a; b; c") {
		t.Error("the six answers do not count for the four")
	}
}

// What changed since the last assessment is told in words, and what did not is not.
func TestChangesSinceTheLastAssessment(t *testing.T) {
	in := mall()
	made := in.Facts.Configuration()
	add(&in, register.KindAssessment, "2026-03-01T00:00:00Z", register.Assessment{Date: "2026-03-01", MadeFor: made})
	if page := printed(t, fill(t, in, "assessment", text.EN, false), document.CSV); !strings.Contains(page, "Nothing that this gateway knows of changed since 2026-03-01") {
		t.Error("a change without one")
	}
	in.Facts.Cameras[1].Purpose = "fire-safety"
	page := printed(t, fill(t, in, "assessment", text.EN, false), document.CSV)
	if !strings.Contains(page, "hall: purpose: public safety,no more") || !strings.Contains(page, "not then,一层 hall: purpose: fire safety") || strings.Contains(page, "gate: purpose") {
		t.Error(page)
	}
}

// Each fact of a configuration has words.
func TestEachFactHasWords(t *testing.T) {
	in := mall()
	in.Facts.Cameras[0].ConsentAreas = []string{"desk"}
	in.Facts.Records.Retentions = []register.Retention{{Date: "2026-03-02", Hours: 720, Cameras: []media.CameraID{"gate"}}}
	in.Facts.Records.Contracts = []register.Contract{{Party: "P", From: "2026-01-01"}}
	seen := map[string]bool{}
	for _, line := range in.Facts.Configuration() {
		name, _, _ := strings.Cut(line, "=")
		what := name[strings.LastIndex(name, "/")+1:]
		seen[what] = true
		if !text.Has(text.Key("form.line.fact." + what)) {
			t.Errorf("%s has no words", what)
		}
	}
	if len(seen) < 9 {
		t.Errorf("only %v", seen)
	}
}

// An assessment's findings stand in the order of the law's list, those of earlier versions last.
func TestFindingsInTheLawsOrder(t *testing.T) {
	b, e, items := &builder{lang: text.EN}, entry{}, map[string]any{"zeal": "of before"}
	e.Kind = register.KindAssessment
	for _, item := range register.AssessmentItems {
		items[item] = "<" + item + ">"
	}
	said, at := b.findings(e, items), -1
	for _, item := range append(slices.Clone(register.AssessmentItems), "of before") {
		next := strings.Index(said, item)
		if next <= at {
			t.Fatalf("%s is out of order:\n%s", item, said)
		}
		at = next
	}
}

// Every field that a form names is one of its record: another would print its own key.
func TestFormsNameFieldsOfRecords(t *testing.T) {
	in := mall()
	add(&in, register.KindContract, "2026-03-02T10:00:00Z", register.Contract{Party: "某公司", From: "2026-01-01", Operates: new(true)})
	key := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	for _, f := range All() {
		for label := range rows(f.Fill(in, text.ZhCN, false)) {
			parts := strings.Split(label, "：")
			if key.MatchString(parts[len(parts)-1]) {
				t.Errorf("%s: %q is a key", f.ID, label)
			}
		}
	}
}

// Who supplied a device is no recipient of data, unless somebody says so.
func TestSupplierIsNoRecipient(t *testing.T) {
	in := mall()
	add(&in, register.KindDevice, "2026-03-02T10:00:00Z", register.Device{Name: "门禁", What: register.DeviceGate, Date: "2026-03-02", Mode: register.ModeVerify, Supplier: "供货商"})
	if all := printed(t, fill(t, in, "assessment", text.ZhCN, false), document.CSV); strings.Contains(all, "供货商") {
		t.Error("the supplier stands in the data map")
	}
}

// The register of assessments lists the four questions as the law counts them, and facts in words.
func TestAssessmentsInTheirOrder(t *testing.T) {
	in := mall()
	add(&in, register.KindAssessment, "2026-03-10T10:00:00Z", register.Assessment{Date: "2026-03-10", Items: map[string]string{"measures": "D", "risks": "C", "effect_and_mitigation": "B", "lawful_necessary": "A"}, File: hash, MadeFor: []string{"camera/gate/extra=ptz", "device=East gate gate verify"}})
	all := strings.ReplaceAll(printed(t, fill(t, in, "register-assessment", text.EN, false), document.CSV), "\r\n", "\n")
	at := -1
	for _, want := range []string{"necessary?\nA\n2.", "\nB\n3.", "\nC\n4.", "\nD\""} {
		next := strings.Index(all, want)
		if next <= at {
			t.Errorf("%q is not in its place", want)
		}
		at = next
	}
	if strings.Contains(all, "camera/gate") || strings.Contains(all, "gate verify") || !strings.Contains(all, "East gate, ") {
		t.Error("a fact stands there as a key")
	}
}

// Where nobody answered whether originals are kept, the recorders on record say it, and no line
// that it is not said.
func TestRecordersSayWhatIsKept(t *testing.T) {
	in := mall()
	delete(in.Facts.Site.Answers, policy.AskOriginals)
	lines := rows(fill(t, in, "police", text.ZhCN, false))
	if _, there := lines["录像机保存完整原始录像"]; there || len(in.Records) == 0 {
		t.Error("not said, beside a recorder on record")
	}
	in.Records = nil
	if got := rows(fill(t, in, "police", text.ZhCN, false))["录像机保存完整原始录像"]; got.Value != "" || got.Source == "" {
		t.Errorf("%+v", got)
	}
}

// Hours are printed as hours, whatever is counted in them.
func TestHoursAreHours(t *testing.T) {
	in := mall()
	add(&in, register.KindTraining, "2026-03-02T10:00:00Z", register.Training{Date: "2026-03-02", Pseudonym: "A", Post: "guard", Topic: "secrecy", Hours: 12})
	for id, want := range map[string]string{"register-training": ",12,", "register-retention": ",2160,"} {
		if page := printed(t, fill(t, in, id, text.EN, false), document.CSV); !strings.Contains(page, want) {
			t.Errorf("%s lacks %s:\n%s", id, want, page)
		}
	}
}

// Who works for the unit is filed by the contracts on record, whatever was answered before them.
func TestContractsAreFiled(t *testing.T) {
	in := mall()
	add(&in, register.KindContract, "2026-03-02T10:00:00Z", register.Contract{Party: "某公司", From: "2026-01-01"})
	for id, want := range map[string]bool{"cac-processor": true, "police": false} { // the police asks for those that run the system
		page := printed(t, fill(t, in, id, text.ZhCN, false), document.CSV)
		if strings.Contains(page, "某公司") != want || strings.Contains(page, "2026-02-10 由 manager:u1 答复") == want && id == "cac-processor" {
			t.Errorf("%s: the party is named: %v\n%s", id, !want, page)
		}
	}
}

// A test of another device than the one that is there now says so, also in the equipment file.
func TestEquipmentNamesTheTestedDevice(t *testing.T) {
	if page := printed(t, fill(t, mall(), "equipment", text.EN, false), document.CSV); !strings.Contains(page, "another than now") {
		t.Error(page)
	}
}
