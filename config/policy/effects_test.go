package policy

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/hardware/media"
)

var update = flag.Bool("update", false, "write the golden file anew")

// effectsFile has a line for each single change of some sites' facts: the change, a hash of
// how all clauses stand then with their evidence, and which ones stand otherwise.
const effectsFile = "testdata/effects.golden"

// What each single fact changes is looked over once, and then stays so. After a change of the
// rules run the test with -update, and read what else became otherwise.
func TestEffectsOfEachFact(t *testing.T) {
	if raced {
		t.Skip("nothing runs at once here, and the race detector takes a minute")
	}
	got := effects()
	if *update {
		if err := os.WriteFile(effectsFile, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(effectsFile)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	for i := range max(len(got), len(want)) {
		is, was := at(got, i), at(want, i)
		if is != was {
			t.Fatalf("line %d of %s\nis   %s\nwas  %s", i+1, effectsFile, is, was)
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(no line)"
}

// effects are the lines of the golden file.
func effects() (lines []string) {
	for _, site := range []struct {
		name string
		f    *Facts
	}{
		{"mall", mall()}, {"mall with all kinds of records", withAll(mall())}, {"mall with two gates", twoGates()}, {"compound with a gate", withGate(comp())},
		{"closed office", office()}, {"hotel", hotel()}, {"shop in the EU", shopEU()}, {"shop in the EU with all kinds of records", withAll(shopEU())},
	} {
		base := standings(site.f)
		e := effect{f: site.f, note: func(change string) {
			now := standings(site.f)
			if line := difference(base, now); line != "" {
				lines = append(lines, site.name+": "+change+line)
			}
		}}
		e.walk("", reflect.ValueOf(site.f).Elem(), reflect.StructField{})
	}
	return lines
}

// outcome is a clause's outcome, and the same with its evidence and next step.
type outcome struct{ id, status, all string }

func standings(f *Facts) (out []outcome) {
	all := packs()
	for _, id := range slices.Sorted(maps.Keys(all)) {
		p := all[id]
		for _, c := range p.Clauses {
			got := c.Run(f)
			status := string(got.Status)
			if got.Basis != "" {
				status += "/" + string(got.Basis)
			}
			out = append(out, outcome{p.ID + " " + c.ID, status, fmt.Sprintf("%s %v %v %v", status, got.Evidence, got.Next, got.Due)})
		}
	}
	return out
}

// difference is empty where nothing is otherwise.
func difference(base, now []outcome) string {
	h, changed, same := fnv.New32a(), []string{}, true
	for i, o := range now {
		fmt.Fprintln(h, o.all)
		same = same && o.all == base[i].all
		if o.status != base[i].status {
			changed = append(changed, fmt.Sprintf("%s %s>%s", strings.Fields(o.id)[1], base[i].status, o.status))
		}
	}
	if same {
		return ""
	}
	return fmt.Sprintf(" %08x %s", h.Sum32(), strings.Join(changed, ", "))
}

// withAll has a record of each kind that has none, with something in each of its fields.
func withAll(f *Facts) *Facts {
	records := reflect.ValueOf(&f.Records).Elem()
	for i := range records.NumField() {
		list := records.Field(i)
		if records.Type().Field(i).Tag.Get("kind") == "" || list.Len() > 0 {
			continue
		}
		one := reflect.New(list.Type().Elem()).Elem()
		for n := range one.NumField() {
			put(one.Field(n), one.Type().Field(n), f)
		}
		list.Set(reflect.Append(list, one))
	}
	return f
}

func put(v reflect.Value, sf reflect.StructField, f *Facts) {
	choices := strings.Fields(sf.Tag.Get("choices"))
	switch x := v.Addr().Interface().(type) {
	case *civil.Date:
		*x = "2026-09-01"
	case **bool:
		*x = new(bool)
	case *bool:
		*x = false
	case **int:
		*x = new(int)
	case *int:
		*x = 1
	case *media.CameraID:
		*x = f.Cameras[0].ID
	case *[]media.CameraID:
		*x = []media.CameraID{f.Cameras[0].ID}
	default:
		if v.Kind() == reflect.String {
			v.SetString(cmp.Or(append(choices, "something")...))
		}
	}
}

// effect walks through facts, changes one thing after the other and puts it back.
type effect struct {
	f    *Facts
	note func(change string)
}

// days that matter: none, long ago, before and at first use, a year and a day ago, yesterday,
// today and a day to come.
var days = []civil.Date{"", "2019-01-01", "2025-04-01", "2025-10-14", "2026-03-01", "2026-03-02", "2026-08-31", "2026-10-14", "2026-10-15", "2026-10-16"}

var words = map[string][]string{
	"Class": {Art7, Art9, NonPublic}, "Mode": {DetectOnly, Matching}, "Jurisdiction": {"CN-310115", "CN-440305", "DE", "Mars"}, "Purpose": register.Purposes,
	"Place": {"corridor", "public-toilet", "medical-room", "moon"}, "Says": {Yes, No}, "Kind": {"hotel", "school", "hospital", "closed-office", "residential-compound", "trade-centre"},
}

// try notes what a change does, and takes it back.
func (e effect) try(v reflect.Value, name string, value any) {
	old := reflect.New(v.Type()).Elem()
	old.Set(v)
	to := reflect.ValueOf(value)
	if value == nil {
		to = reflect.Zero(v.Type())
	}
	v.Set(to.Convert(v.Type()))
	if !reflect.DeepEqual(v.Interface(), old.Interface()) {
		e.note(fmt.Sprintf("%s=%v", name, shown(value)))
	}
	v.Set(old)
}

func shown(value any) any {
	if v := reflect.ValueOf(value); v.Kind() == reflect.Pointer && !v.IsNil() {
		return v.Elem().Interface()
	}
	return value
}

func (e effect) walk(name string, v reflect.Value, sf reflect.StructField) {
	switch v.Interface().(type) {
	case time.Time, civil.Calendar:
		return
	case civil.Date:
		for _, d := range days {
			e.try(v, name, d)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				e.walk(name+"."+v.Type().Field(i).Name, v.Field(i), v.Type().Field(i))
			}
		}
	case reflect.Slice:
		e.slice(name, v, sf)
	case reflect.Map:
		e.answers(name, v)
	case reflect.Pointer:
		e.pointer(name, v)
	case reflect.Bool:
		e.try(v, name, !v.Bool())
	case reflect.Int:
		for _, n := range []int{0, 1, 2, 80_000, 100_000, 105_000, 719, 720, 2160} {
			e.try(v, name, n)
		}
	case reflect.Int64:
		e.try(v, name, time.Minute)
	case reflect.Interface:
		e.try(v, name, errors.New("an error"))
	case reflect.String:
		for _, s := range slices.Concat([]string{"", "x"}, words[sf.Name], strings.Fields(sf.Tag.Get("choices"))) {
			e.try(v, name, s)
		}
	}
}

func (e effect) slice(name string, v reflect.Value, sf reflect.StructField) {
	e.try(v, name, nil)
	if v.Type().Elem().Kind() == reflect.String {
		for _, s := range slices.Concat([]string{"gate", "other"}, strings.Fields(sf.Tag.Get("choices"))) {
			one := reflect.Append(reflect.Zero(v.Type()), reflect.ValueOf(s).Convert(v.Type().Elem()))
			e.try(v, name, one.Interface())
		}
		return
	}
	for i := range v.Len() {
		without := reflect.AppendSlice(reflect.AppendSlice(reflect.Zero(v.Type()), v.Slice(0, i)), v.Slice(i+1, v.Len()))
		e.named(v, fmt.Sprintf("%s without %d", name, i), without)
		for _, d := range []civil.Date{"2019-01-01", "2026-10-15"} {
			e.again(fmt.Sprintf("%s and %d of %s", name, i, d), v, i, d)
		}
		e.walk(fmt.Sprintf("%s.%d", name, i), v.Index(i), sf)
	}
}

// again has another record that says only its day and what it is of, before and after the others.
func (e effect) again(name string, v reflect.Value, i int, d civil.Date) {
	one := reflect.New(v.Type().Elem()).Elem()
	for _, field := range []string{"Of", "Camera", "Cameras", "Layer", "Register"} {
		if to := one.FieldByName(field); to.IsValid() {
			to.Set(v.Index(i).FieldByName(field))
		}
	}
	for _, field := range []string{"Date", "From"} {
		if to := one.FieldByName(field); to.IsValid() && to.Type() == reflect.TypeFor[civil.Date]() {
			to.SetString(string(d))
		}
	}
	last := reflect.Append(reflect.AppendSlice(reflect.Zero(v.Type()), v), one)
	first := reflect.AppendSlice(reflect.Append(reflect.Zero(v.Type()), one), v)
	e.named(v, name, last)
	e.named(v, name+" first", first)
}

func (e effect) named(v reflect.Value, name string, to reflect.Value) {
	old := reflect.New(v.Type()).Elem()
	old.Set(v)
	v.Set(to)
	e.note(name)
	v.Set(old)
}

func (e effect) pointer(name string, v reflect.Value) {
	e.try(v, name, nil)
	switch v.Type().Elem().Kind() {
	case reflect.Bool:
		for _, b := range []bool{false, true} {
			e.try(v, name, &b)
		}
	case reflect.Int:
		for _, n := range []int{0, 1, 80_000, 100_000} {
			e.try(v, name, &n)
		}
	case reflect.Struct:
		if !v.IsNil() {
			e.walk(name, v.Elem(), reflect.StructField{})
		}
	}
}

// answers are changed where they were given, and given where they were not.
func (e effect) answers(name string, v reflect.Value) {
	answers, ok := v.Interface().(map[Question]Answer)
	if !ok {
		return
	}
	for _, q := range Questions {
		old, given := answers[q]
		for _, a := range []Answer{{}, {Says: No, By: "wang", Date: "2026-10-01"}, {Says: Yes, By: "wang", Date: "2026-10-01"}, {Says: Yes, Count: 105_000, Day: "2026-09-01", Date: "2026-10-01"},
			{Says: Yes, Count: 90_000, Day: "2026-09-01", Date: "2025-10-13"}, {Says: No, Date: "2025-10-14"}, {Says: No, Date: "2025-10-13"}, {Says: Yes, Note: "doc 5", Day: "2026-03-03", Date: "2026-10-01"}, {Says: Yes, Note: "doc 5", Day: "2026-03-01"}} {
			answers[q] = a
			if a.Says == "" {
				delete(answers, q)
			}
			e.note(fmt.Sprintf("%s.%s=%s %s %d %s %s", name, q, a.Says, a.Note, a.Count, a.Day, a.Date))
		}
		if answers[q] = old; !given {
			delete(answers, q)
		}
	}
}
