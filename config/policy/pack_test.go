package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
)

func TestPacks(t *testing.T) {
	for _, id := range config.Packs {
		p := Load(id)
		if p == nil || p.Title.EN == "" || p.Title.ZH == "" {
			t.Errorf("%s: %v", id, p)
			continue
		}
		for _, c := range p.Clauses {
			testClause(t, p, c)
		}
		if p.Kind == Law {
			testLaw(t, p)
		}
	}
	if Load("nonsense") != nil {
		t.Error("an unknown pack loaded")
	}
}

// testClause wants each text in both languages, in letters that every reader has.
func testClause(t *testing.T, p *Pack, c Clause) {
	t.Helper()
	if !c.Article.whole() || !c.Duty.whole() || !c.Who.whole() || sources[c.Trust] == "" || c.Verified() != (c.Trust != FromMemory) {
		t.Errorf("%s/%s: duty, who owes it or trust is missing: %+v", p.ID, c.ID, c)
	}
	if (c.Penalty.EN == "") != (c.Penalty.ZH == "") || p.Kind != Law && c.Penalty == (Text{}) {
		t.Errorf("%s/%s: penalty %+v", p.ID, c.ID, c.Penalty)
	}
	for _, r := range p.Cite(c, text.EN) + c.Duty.EN + c.Who.EN + c.Penalty.EN {
		if r > unicode.MaxASCII {
			t.Errorf("%s/%s: %q in the English text", p.ID, c.ID, r)
		}
	}
	common := simplifiedchinese.HZGB2312.NewEncoder()
	if _, err := common.String(strings.Map(onlyHan, p.Cite(c, text.ZhCN)+c.Duty.ZH+c.Who.ZH+c.Penalty.ZH)); err != nil {
		t.Errorf("%s/%s: %v", p.ID, c.ID, err)
	}
	if strings.Contains(c.Article.EN, "?") && p.Kind == Law {
		t.Errorf("%s/%s: a law in force without the number of its article", p.ID, c.ID)
	}
}

// testLaw wants a law that decides alone to say whether it is known to hold, and to keep
// cameras out of each prohibited place.
func testLaw(t *testing.T, p *Pack) {
	t.Helper()
	if !slices.ContainsFunc(p.Clauses, func(c Clause) bool { return c.Check == "scope" }) {
		t.Errorf("%s: nothing is unknown where nobody knows which law holds", p.ID)
	}
	for _, place := range Prohibited {
		if len(Stack{p}.Prohibitions(place)) == 0 {
			t.Errorf("%s: no clause names %s", p.ID, place)
		}
	}
}

func onlyHan(r rune) rune {
	if unicode.Is(unicode.Han, r) {
		return r
	}
	return -1
}

// A pack with an unknown check, a double clause or an unknown key never gets
// into a program that starts.
func TestBadPacks(t *testing.T) {
	const head = "pack: x\nversion: \"1\"\nkind: law\ninstruments: [{id: m, name: {en: a, zh: b}, who: {en: a, zh: b}}, {id: nobody, name: {en: a, zh: b}}]\nclauses:\n"
	clause := func(id, instrument, check, trust string) string {
		return fmt.Sprintf("  - {id: %s, instrument: %s, article: {en: a, zh: b}, duty: {en: a, zh: b}, check: %s, trust: %s}\n", id, instrument, check, trust)
	}
	good := clause("a", "m", "purpose", "V")
	if p, err := parse("x", []byte(head+good)); err != nil || p.Clauses[0].Source != Official || p.Clauses[0].Who.ZH != "b" {
		t.Fatal(p, err)
	}
	with := func(more string) string { return head + strings.TrimSuffix(good, "}\n") + ", " + more + "}\n" }
	for name, bad := range map[string]string{
		"check":      head + clause("a", "m", "purpoze", "V"),
		"instrument": head + clause("a", "n", "purpose", "V"),
		"trust":      head + clause("a", "m", "purpose", "hearsay"),
		"source":     with("source: official"),
		"penalty":    with("penalty: {en: a}"),
		"item":       with("items: {lobby: {en: a, zh: b}}"),
		"half item":  with("items: {dormitory: {en: a}}"),
		"nobody":     head + clause("a", "nobody", "purpose", "V"),
		"kind":       strings.Replace(head, "law", "rumour", 1) + good,
		"id":         head + clause("A.1", "m", "purpose", "V"),
		"twice":      head + good + clause("a", "m", "info", "V"),
		"none":       head,
		"version":    strings.Replace(head, `"1"`, `""`, 1) + good,
		"condition":  with("applies: [faces, weather]"),
		"article":    strings.Replace(head+good, "article: {en: a, zh: b}", "article: {zh: b}", 1),
		"key":        head + good + "more: 1\n",
		"text":       head + "  - {id: a, instrument: m, article: {en: a, zh: b}, duty: {en: a}, check: info, trust: V}\n",
		"YAML":       head + "  - [\n",
	} {
		if _, err := parse("x", []byte(bad)); err == nil {
			t.Errorf("%s: it loaded", name)
		}
	}
	if _, err := parse("y", []byte(head+good)); err == nil {
		t.Error("a pack of another name loaded")
	}
}

func TestPacksLoadWholeOrNotAtAll(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a program with a pack that does not exist starts")
		}
	}()
	mustLoad("nonsense")
}

func clauseIDs(p *Pack) (ids []string) {
	for _, c := range p.Clauses {
		ids = append(ids, c.ID)
	}
	return ids
}

// What is in the draft alone is no law: the yearly test of devices is this product's policy.
func TestC35DraftOnlyDutiesAreNoLaw(t *testing.T) {
	p := Load("cn-2025")
	for _, id := range []string{"m-search", "m-attributes", "m-human-review", "m-device-test"} {
		if slices.Contains(clauseIDs(p), id) {
			t.Errorf("%s is law", id)
		}
	}
	for _, c := range p.Clauses {
		if c.Check == "device_test" && (c.Source != OwnPolicy || c.Instrument != "own") {
			t.Errorf("%s: source %s, instrument %s", c.ID, c.Source, c.Instrument)
		}
		if slices.Contains([]string{"search", "attributes", "internal"}, c.Check) {
			t.Errorf("%s: check %s is of the draft", c.ID, c.Check)
		}
	}
	for _, id := range []string{"m5", "m9-r", "m11", "s9", "s11", "s15", "s16-1", "s19", "s20", "s21", "s23", "s24", "p13", "p17", "p21", "p26", "p31", "p45", "p51", "p54", "p55", "p57",
		"p66", "n20", "c32", "x10", "l23"} {
		if !slices.Contains(clauseIDs(p), id) {
			t.Errorf("%s is missing", id)
		}
	}
}

// No clause is cited for what it does not name.
func TestC36PlacesAreCitedItemByItem(t *testing.T) {
	s := Select("CN-44", "cn-2025")
	for place, want := range map[Place]string{
		HotelRoom: "8(1)(1)", Dormitory: "8(1)(2)", PublicBath: "8(1)(3)", PublicToilet: "8(1)(3)", ChangingRoom: "8(1)(3)",
		FittingRoom: "8(1)(3)", NursingRoom: "8(1)(3)", PrivateOther: "8(1)(4)", MedicalRoom: "8(1)(4)",
	} {
		got := s.Prohibitions(place).In(text.EN)
		if !strings.Contains(got, "Decree 799") || !strings.Contains(got, "Article "+want) || strings.Contains(got, "Order 19") {
			t.Errorf("%s: %s", place, got)
		}
		if own := strings.Contains(got, "own policy"); own != (place == MedicalRoom) {
			t.Errorf("%s: %s", place, got)
		}
	}
	if got := s.Prohibitions(NursingRoom).In(text.ZhCN); !strings.Contains(got, "第八条第一款第三项") {
		t.Error(got)
	}
	if got := s.Prohibitions("lobby"); len(got) != 0 {
		t.Errorf("an ordinary place: %v", got)
	}
	if got := Select("DE", "cn-2025").Prohibitions(PublicToilet).In(text.EN); strings.Contains(got, "799") || !strings.Contains(got, "own policy") {
		t.Errorf("in Germany: %s", got)
	}
}

// The clause on face recognition devices says nothing of a camera that only detects.
func TestC36FaceDevicesOnly(t *testing.T) {
	p := Load("cn-2025")
	c := p.Clauses[slices.Index(clauseIDs(p), "m13-place")]
	f := mall()
	f.Cameras[0].Place = Dormitory
	if got := c.Run(f); got.Status != Pass || got.Basis != Declared {
		t.Errorf("detection alone: %s, %s", got.Status, got.Basis)
	}
	f.Site.Mode = Matching
	if got := c.Run(f); got.Status != Fail {
		t.Errorf("matching: %s", got.Status)
	}
}

// The draft says what it said, not what the final text made of it.
func TestC37DraftHasItsOwnWords(t *testing.T) {
	p := Load("cn-2023-draft")
	if p.Kind != Overlay || len(p.Clauses) != 25 || !strings.Contains(p.Title.EN, "draft") || !strings.Contains(p.Title.ZH, "征求意见稿") {
		t.Errorf("%s, %d clauses, %v", p.Kind, len(p.Clauses), p.Title)
	}
	for i, c := range p.Clauses {
		if c.ID != fmt.Sprintf("d%d", i+1) || c.Article.EN != fmt.Sprintf("Article %d", i+1) {
			t.Errorf("clause %d is %s, %s", i+1, c.ID, c.Article.EN)
		}
		for _, word := range []string{"影响最小", "撤回", "研发", "训练", "伦理", "私密空间", "research", "training", "ethic", "least impact", "withdraw"} {
			if strings.Contains(c.Duty.ZH+strings.ToLower(c.Duty.EN), word) {
				t.Errorf("%s says %q", c.ID, word)
			}
		}
	}
	for i, words := range map[int][]string{16: {"10,000", "within 20", "within 30", "prefecture", "20个工作日", "30个工作日", "地市级"}, 24: {"Who interprets", "负责解释"}, 15: {"six"}, 17: {"level 3"}} {
		for _, word := range words {
			if d := p.Clauses[i-1].Duty; !strings.Contains(d.EN+d.ZH, word) {
				t.Errorf("d%d does not say %q: %v", i, word, d)
			}
		}
	}
}

// What the law's own clauses cite, where it was wrong before.
func TestCitations(t *testing.T) {
	p := Load("cn-2025")
	for id, want := range map[string]string{
		"m-voluntary": "Article 12", "m-supervision": "Article 16", "m-complaints": "Article 17", "m-liability": "Articles 18 to 20", "m4-unrelated": "Network Data Security Regulations (2025), Article 24",
		"s799-release": "Article 22", "s799-equipment": "Article 12", "s799-27": "Articles 26 to 31", "s799-7": "Article 7", "x10": "Supreme",
	} {
		if got := p.Cite(p.Clauses[slices.Index(clauseIDs(p), id)], text.EN); !strings.Contains(got, want) {
			t.Errorf("%s: %s", id, got)
		}
	}
	eu := Load("eu-gdpr")
	if d := eu.Clauses[slices.Index(clauseIDs(eu), "a-dates")].Duty; !strings.Contains(d.EN, "2027-12-02") || !strings.Contains(d.ZH, "2027年12月2日") {
		t.Errorf("%v", d)
	}
}

// FuzzPack: whatever a pack holds, reading it ends in an error or a pack whose
// clauses can all be evaluated.
func FuzzPack(f *testing.F) {
	b, err := files.ReadFile("packs/eu-gdpr.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := parse("eu-gdpr", b)
		if err != nil {
			return
		}
		for _, c := range p.Clauses {
			if got := c.Run(good()); got.Status == "" {
				t.Errorf("clause %s has no status", c.ID)
			}
		}
	})
}
