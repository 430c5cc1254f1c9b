package text

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/hajimehoshi/bitmapfont/v3"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// declared reads the package's source for every constant of type Key: the
// compiler cannot list them, and one without an entry shows itself to nobody
// but a user.
func declared(t *testing.T) map[string]Key {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]Key{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			lit, ok := spec.Values[0].(*ast.BasicLit)
			typ, isName := spec.Type.(*ast.Ident)
			if !ok || !isName || typ.Name != "Key" {
				return true
			}
			value, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			keys[spec.Names[0].Name] = Key(value)
			return true
		})
	}
	if len(keys) < 50 {
		t.Fatalf("only %d keys found in the source", len(keys))
	}
	return keys
}

func TestEveryKeyHasOneEntry(t *testing.T) {
	known := map[Key]string{}
	for name, key := range declared(t) {
		if twin, twice := known[key]; twice {
			t.Errorf("%s and %s are both %q", name, twin, key)
		}
		known[key] = name
		if !Has(key) {
			t.Errorf("%s (%q) has no entry", name, key)
		}
	}
	for key := range catalogue {
		switch {
		case known[key] != "":
		case strings.HasPrefix(string(key), "console."): // these stand in templates and scripts
		case strings.HasPrefix(string(key), "config.about."): // and these in tags of config, whose own test reads them
		case strings.HasPrefix(string(key), "form.line."): // and these are named by config/forms, whose own test reads them
		default:
			t.Errorf("entry %q belongs to no constant", key)
		}
	}
}

var verb = regexp.MustCompile(`%([-+#0]*)(\d*)(\.\d+)?(\[\d+\])?([dsqvfxt%])`)

// verbs maps each argument's number to the verb that prints it, so that the
// languages may name them in another order by %[2]s.
func verbs(format string) (map[int]string, error) {
	found := map[int]string{}
	next := 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[5] == "%" {
			continue
		}
		if m[4] != "" {
			n, err := strconv.Atoi(strings.Trim(m[4], "[]"))
			if err != nil {
				return nil, err
			}
			next = n
		}
		if was, again := found[next]; again && was != m[3]+m[5] {
			return nil, fmt.Errorf("argument %d is both %s and %s", next, was, m[3]+m[5])
		}
		found[next] = m[3] + m[5]
		next++
	}
	if rest := verb.ReplaceAllString(format, ""); strings.Contains(rest, "%") {
		return nil, fmt.Errorf("a stray %% in %q", rest)
	}
	for n := 1; n <= len(found); n++ {
		if found[n] == "" {
			return nil, fmt.Errorf("argument %d is not used", n)
		}
	}
	return found, nil
}

func TestSameArguments(t *testing.T) {
	for key, e := range catalogue {
		en, errEN := verbs(e.en)
		zh, errZH := verbs(e.zh)
		if errEN != nil || errZH != nil {
			t.Errorf("%s: %v, %v", key, errEN, errZH)
		} else if !maps.Equal(en, zh) {
			t.Errorf("%s: English takes %v, Chinese %v", key, en, zh)
		}
	}
}

func TestVerbs(t *testing.T) {
	for format, want := range map[string]map[int]string{
		"none":              {},
		"100%% of %d":       {1: "d"},
		"%[2]s in %.1[1]f":  {1: ".1f", 2: "s"},
		"%q and %[1]q, %5d": {1: "q", 2: "d"},
	} {
		if got, err := verbs(format); err != nil || !maps.Equal(got, want) {
			t.Errorf("%q: %v, %v", format, got, err)
		}
	}
	for _, bad := range []string{"50% off!", "%[2]d only", "%d and %[1]s"} {
		if got, err := verbs(bad); err == nil {
			t.Errorf("%q passed: %v", bad, got)
		}
	}
}

func TestEnglishIsPlain(t *testing.T) {
	for key, e := range catalogue {
		checkEdges(t, key, e.en)
		for _, r := range e.en {
			if r > unicode.MaxASCII || r < ' ' {
				t.Errorf("%s: %q in the English text", key, r)
			}
		}
		if strings.HasSuffix(e.en, ".") && !strings.HasSuffix(e.en, "...") {
			t.Errorf("%s: English text ends in a full stop", key)
		}
	}
}

// latin are the words that stay as they are in Chinese: names, commands,
// settings and the terms that the field does not translate.
var latin = words(`
	ASCII GB/T html pdf csv fonts-droid-fallback bauta Bauta bauta-worker systemctl start stop run sudo add list camera models fetch status systemd mv chmod go-w cp
	TPM yes RTSP RTSPS MQTT UDP TCP TLS IP URL ONVIF SHA-256 PEM UTF-8 YAML GBK JSON MP4 H.264 H.265 Motion JPEG AES-256-GCM KiB
	RSA ECDSA OpenID Connect
	evidence key records.json violation violations.json close Home Assistant mqtt
	backup restore journalctl -u u
	record correct training notice processing incident quiet register export request document contract recorder approval
	private masked moving faces consent capture zone site set remove redact sign assessment filing enrolment system devicetest inspection retention calendar detect_only doctor places
	none vaapi nvidia jetson rkmpp v4l2m2m
	age age1 AGE-SECRET-KEY-1 sealed request approve open verify
	consent issuer import keygen revoke user setup-code API HTTP HTTPS Ed25519 key pub PDF PNG A4 ArUco
	main sub index.m3u8 viewer Retry-After Ctrl C tcp udp ssl auto full half quarter NAT STUN TURN stun turn eth0 WebRTC HLS en zh-CN blur mosaic solid true false x a-z cn-2025 cn-2023-draft cn-shenzhen-draft eu-gdpr`)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

var (
	latinWord = regexp.MustCompile(`[A-Za-z][A-Za-z0-9./_-]*`)
	asciiStop = regexp.MustCompile(`[,;:?!()]`)
	// verbatim is what is meant to be typed: addresses, quoted values, ports,
	// times, sizes, options, file names, settings, paths, commands.
	verbatim = regexp.MustCompile(`(rtsps?(\+http)?|tcp|ssl)://[^ ,;\x{ff01}-\x{ff1f}]*|"[^"]*"|bauta( (%s|[a-z-]+))+(\|[a-z]+)?|:\d{3,}|\b\d+(ms|s|m|h|d)\b|--[a-z-]+|` +
		`\b\d+x\d+\b|\b[\w-]+\.(yaml|db|bak|key|sock)\b|\b[a-z]+\.[a-z_]+\b|~?(/[.a-z]+)+`)
)

// Chinese texts hold simplified characters, full-width stops and, in Latin,
// known words only: a sentence left in English or a traditional character that
// slipped in would not be seen in review by everyone.
func TestChineseIsMeant(t *testing.T) {
	for key, e := range catalogue {
		checkEdges(t, key, e.zh)
		if len(checkHan(t, key, e.zh)) == 0 && e.zh != e.en {
			t.Errorf("%s: no Chinese in %q", key, e.zh)
		}
		rest := verb.ReplaceAllString(verbatim.ReplaceAllString(e.zh, " "), " ")
		for _, w := range latinWord.FindAllString(rest, -1) {
			if w = strings.TrimRight(w, "."); !latin[w] && w != "-" {
				t.Errorf("%s: Latin word %q in the Chinese text %q", key, w, e.zh)
			}
		}
		if m := asciiStop.FindString(rest); m != "" {
			t.Errorf("%s: half-width %q in %q, write its full-width twin (U+FF00 on)", key, m, e.zh)
		}
		if strings.HasSuffix(e.zh, "。") {
			t.Errorf("%s: Chinese text ends in a full stop", key)
		}
	}
}

// checkHan returns the Han characters and complains of everything that is
// neither one of the common simplified ones, a full-width stop nor ASCII.
func checkHan(t *testing.T, key Key, s string) (han []rune) {
	t.Helper()
	common := simplifiedchinese.HZGB2312.NewEncoder() // GB 2312 alone: it has no traditional forms
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Han, r):
			han = append(han, r)
			if _, err := common.String(string(r)); err != nil {
				t.Errorf("%s: %q is not a common simplified character", key, r)
			}
		case strings.ContainsRune("\uff0c\u3002\uff1a\uff1b\uff1f\uff01\uff08\uff09\u3001\u201c\u201d\u300a\u300b\u2026", r):
		case r < ' ' || r > '~':
			t.Errorf("%s: %q (%U) in the Chinese text", key, r, r)
		}
	}
	return han
}

func checkEdges(t *testing.T, key Key, s string) {
	t.Helper()
	if s == "" || !utf8.ValidString(s) {
		t.Errorf("%s: empty or broken text %q", key, s)
	}
	isPrompt := key == CameraPassword || key == UserAskPassword // a prompt leaves room for the cursor
	if strings.TrimSpace(s) != s && !isPrompt {
		t.Errorf("%s: space at an end of %q", key, s)
	}
	if strings.Contains(s, "  ") {
		t.Errorf("%s: two spaces in %q", key, s)
	}
}

// A slate may be as narrow as 320 pixels and is drawn with one bitmap font:
// 12 pixels a Chinese character, 6 a Latin one.
func TestSlateFitsAndDraws(t *testing.T) {
	for key, e := range slate {
		for _, s := range []string{e.en, e.zh} {
			width := 0
			for _, r := range s {
				advance, ok := bitmapfont.FaceSC.GlyphAdvance(r)
				if !ok {
					t.Errorf("%s: the slate's font lacks %q", key, r)
				}
				width += advance.Ceil()
			}
			if width > 300 {
				t.Errorf("%s: %q is %d pixels wide", key, s, width)
			}
			if strings.Contains(s, "%") {
				t.Errorf("%s: a slate's line takes no arguments", key)
			}
		}
	}
}

func TestCodes(t *testing.T) {
	for _, code := range []string{"unreachable", "unauthorized", "not_found", "no_video", "unknown_codec", "disagreeing", "tls", "timeout", "closed", "protocol", "worker_slow"} {
		if key := SlateReason(code); key == SlateSafeMode {
			t.Errorf("no slate for %q", code)
		}
	}
	if all := SlateReasons(); !slices.Contains(all, SlateSafeMode) || !slices.Contains(all, SlateOverload) || slices.Contains(all, SlateTitle) {
		t.Errorf("reasons: %v", all)
	}
	for _, code := range []string{"", "nonsense"} {
		if key := SlateReason(code); key != SlateSafeMode {
			t.Errorf("SlateReason(%q) = %q", code, key)
		}
		if key := CameraState(code); key != CameraUnknown {
			t.Errorf("CameraState(%q) = %q", code, key)
		}
		if key := Protection(code); key != ProtectionUnknown {
			t.Errorf("Protection(%q) = %q", code, key)
		}
		if key, ok := Hint(code); ok {
			t.Errorf("Hint(%q) = %q", code, key)
		}
	}
	for _, state := range []string{"protected", "over_masked", "blocked", "offline"} {
		if Protection(state) == ProtectionUnknown {
			t.Errorf("no word for %q", state)
		}
	}
	if key, ok := Hint("timeout"); !ok || key != HintTimeout {
		t.Errorf("Hint(timeout) = %q, %v", key, ok)
	}
}

func TestOf(t *testing.T) {
	for _, c := range []struct {
		lang Lang
		key  Key
		args []any
		want string
	}{
		{EN, SlateTitle, nil, "Picture withheld to protect privacy"},
		{ZhCN, SlateTitle, nil, "为保护隐私，画面暂不显示"},
		{"", SlateTitle, nil, "Picture withheld to protect privacy"},
		{"fr", SlateTitle, nil, "Picture withheld to protect privacy"},
		{ZhCN, CameraRemoved, []any{"lobby"}, "已移除摄像机 lobby"},
		{EN, DoctorProblems, []any{3}, "problems found: 3"},
		{EN, "no.such", []any{1}, "no.such"},
		{ZhCN, TestFailed, []any{Fail(nil, HintNoVideo)}, "未能从摄像机取得画面：" + Of(ZhCN, HintNoVideo)},
		{ZhCN, StoreFieldLong, []any{FieldUser, 9}, "用户名 超过 9 字节\uff1a请缩短"},
		{ZhCN, TestFailed, []any{errors.New("plain")}, "未能从摄像机取得画面：plain"},
	} {
		if got := Of(c.lang, c.key, c.args...); got != c.want {
			t.Errorf("Of(%s, %s, %v) = %q, want %q", c.lang, c.key, c.args, got, c.want)
		}
	}
}

func TestPick(t *testing.T) {
	for env, want := range map[string]Lang{
		"": EN, "C": EN, "POSIX": EN, "C.UTF-8": EN, "en_US.UTF-8": EN, "de_DE@euro": EN, "zhx": EN,
		"zh_CN.UTF-8": ZhCN, "zh_CN.GB18030": ZhCN, "zh-CN": ZhCN, "ZH_cn": ZhCN, "zh": ZhCN, "zh.UTF-8": ZhCN, "zh_TW.UTF-8": ZhCN,
	} {
		if got := Pick(env); got != want {
			t.Errorf("Pick(%q) = %s, want %s", env, got, want)
		}
	}
}

func TestFromEnv(t *testing.T) {
	for _, c := range []struct {
		all, messages, lang string
		want                Lang
	}{
		{"", "", "zh_CN.UTF-8", ZhCN},
		{"", "en_GB.UTF-8", "zh_CN.UTF-8", EN},
		{"zh_CN.UTF-8", "en_GB.UTF-8", "C", ZhCN},
		{"C", "", "zh_CN.UTF-8", EN},
		{"", "", "", EN},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_MESSAGES", c.messages)
		t.Setenv("LANG", c.lang)
		if got := FromEnv(); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestExplain(t *testing.T) {
	cause := errors.New("cause")
	problem := Fail(cause, CameraNotFound, "lobby")
	en, zh := Of(EN, CameraNotFound, "lobby"), Of(ZhCN, CameraNotFound, "lobby")
	if problem.Error() != en || !errors.Is(problem, cause) {
		t.Errorf("a problem reads %q and wraps %v", problem, errors.Unwrap(problem))
	}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"nil", nil, ""},
		{"plain", cause, "cause"},
		{"problem", problem, zh},
		{"wrapped", fmt.Errorf("at start: %w", problem), zh},
		{"joined", errors.Join(cause, problem), "cause\n" + zh},
		{"joined and wrapped", fmt.Errorf("two: %w", errors.Join(problem, problem)), zh + "\n" + zh},
		{"joined without any", fmt.Errorf("two: %w", errors.Join(cause, cause)), "two: cause\ncause"},
	} {
		if got := Explain(ZhCN, c.err); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestMergeRefusesTwins(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("two entries for one key passed")
		}
	}()
	merge(table{SlateTitle: {"a", "b"}}, table{SlateTitle: {"a", "b"}})
}

func TestLangs(t *testing.T) {
	if !slices.Equal(Langs, []Lang{EN, ZhCN}) {
		t.Errorf("Langs = %v", Langs)
	}
}
