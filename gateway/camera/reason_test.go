package camera

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
)

// sourceReasons are the codes of type Reason that package rtsp declares: a list of them here
// would lack the next one.
func sourceReasons(t *testing.T) (codes []string) {
	t.Helper()
	files, err := filepath.Glob("../rtsp/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			typ, named := spec.Type.(*ast.Ident)
			value, literal := spec.Values[0].(*ast.BasicLit)
			if named && literal && typ.Name == "Reason" && value.Value != `""` {
				code, _ := strconv.Unquote(value.Value)
				codes = append(codes, code)
			}
			return true
		})
	}
	if len(codes) < 15 {
		t.Fatalf("only %q found in the source", codes)
	}
	return codes
}

// Each reason, of a source or of a worker, has a sentence and a hint in both languages, for
// the command line and the console.
func TestEveryReasonHasItsSentence(t *testing.T) {
	codes := sourceReasons(t)
	for _, key := range text.SlateReasons() {
		if key != text.SlateSafeMode {
			codes = append(codes, reasonCode(key))
		}
	}
	for _, code := range codes {
		key := text.SlateReason(code)
		hint, hinted := text.Hint(code)
		console := text.Key("console.hint." + code)
		if key == text.SlateSafeMode || !hinted || !text.Has(console) {
			t.Errorf("%s: sentence %q, hint %q, in the console %v", code, key, hint, text.Has(console))
			continue
		}
		for _, k := range []text.Key{key, hint, console} {
			if en, zh := text.Of(text.EN, k), text.Of(text.ZhCN, k); en == "" || zh == "" || en == zh {
				t.Errorf("%s: %q and %q", k, en, zh)
			}
		}
		for _, k := range []text.Key{hint, console} { // undecodable names UDP, where it comes by that
			said := strings.ToLower(text.Of(text.EN, k))
			if strings.Contains(said, "tcp") && !strings.Contains(said, "udp") && code != string(rtsp.ReasonNoUDP) {
				t.Errorf("%s advises TCP whatever it is read by: %q", k, said)
			}
			if strings.Contains(said, " port") && code != string(rtsp.ReasonNotRTSP) {
				t.Errorf("%s doubts the port: %q", k, said)
			}
		}
	}
}

// What a person reads of a camera that was tried in vain, by example: one sentence with what to
// do, and nothing of what the system or the camera said in their own words.
func TestSentences(t *testing.T) {
	const raw = "dial tcp: lookup x on 127.0.0.53:53"
	for _, c := range []struct {
		fault  rtsp.Error
		en, zh string
	}{
		{rtsp.Error{Reason: rtsp.ReasonUnreachable, Kind: "unknown_host"}, "there is no device of this name in the network: ", "网络中没有这个名称的设备："},
		{rtsp.Error{Reason: rtsp.ReasonUnreachable, Kind: "closed_port"}, "a device is there, but nothing answers at this port: ", "该地址有设备，但端口无人响应："},
		{rtsp.Error{Reason: rtsp.ReasonUnreachable, Kind: "silent"}, "nobody answers at this address: ", "该地址无人应答："},
		{rtsp.Error{Reason: rtsp.ReasonUnreachable}, "nothing answers at this address: ", "该地址没有响应："},
		{rtsp.Error{Reason: rtsp.ReasonUnauthorized}, "the camera refuses the login: ", "摄像机拒绝登录："},
		{rtsp.Error{Reason: rtsp.ReasonUnauthorized, Kind: "no_login"}, "the camera asks for a login: ", "摄像机要求登录："},
		{rtsp.Error{Reason: rtsp.ReasonTimeout}, "the camera took the connection and then said nothing: ", "摄像机接受了连接但没有发送："},
		{rtsp.Error{Reason: rtsp.ReasonMoved, Location: "rtsp://10.0.0.7:554/live?token=abc"}, "the camera names another address: ", "摄像机指向另一个地址："},
		{rtsp.Error{Reason: rtsp.ReasonUnknownCodec, Kind: "named", Fact: "MPEG-4"}, "the camera's video is MPEG-4, which ", "摄像机的视频编码为 MPEG-4，"},
		{rtsp.Error{Reason: rtsp.ReasonTLS, Kind: "other", Fact: "0a0b"}, "the camera shows another certificate than before, with the SHA-256 0a0b: ", "摄像机出示的证书与之前不同，其 SHA-256 为 0a0b："},
		{rtsp.Error{Reason: rtsp.ReasonProtocol, Kind: "status", Fact: "455"}, "the camera refuses with the code 455: ", "摄像机以代码 455 拒绝："},
		{rtsp.Error{Reason: rtsp.ReasonProtocol, Kind: "status"}, "the camera answers in a way that is not understood here: ", "无法理解摄像机的应答："},
		{rtsp.Error{Reason: "of another version"}, "the camera gave no picture that could be masked: ", "摄像机没有给出可遮挡的画面："},
	} {
		c.fault.Detail = raw
		s := &Set{cfg: Config{Log: slog.New(slog.DiscardHandler)}}
		err := s.probeError("gate", fmt.Errorf("probing: %w", &c.fault))
		var e *api.Error
		if !errors.As(err, &e) || e.Reason != string(c.fault.Reason) || e.Location != c.fault.Location || strings.Contains(err.Error(), "token=abc") {
			t.Errorf("%s: %+v", c.fault.Reason, err)
			continue
		}
		for lang, want := range map[text.Lang]string{text.EN: c.en, text.ZhCN: c.zh} {
			if said := e.In(lang); !strings.HasPrefix(said, want) || strings.Contains(said, "dial") {
				t.Errorf("%s %s: %q, want %q", e.Reason, e.Kind, said, want)
			}
		}
	}
}
