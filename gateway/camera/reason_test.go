package camera

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
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

// What a person reads of an error, at the command line and in the console, by example.
func TestSentences(t *testing.T) {
	for _, c := range []struct {
		fault             rtsp.Error
		cliEN, cliZH      string
		consoleEN, consZH string
		location          string
		neverSaid         string
	}{
		{
			fault: rtsp.Error{Reason: rtsp.ReasonMoved, Detail: "the camera names another host, 10.0.0.7", Location: "rtsp://10.0.0.7:554/live?token=abc"},
			cliEN: "Camera names another address (the camera names another host, 10.0.0.7): if the address that it names is the camera's", cliZH: "摄像机要求改用其他地址 (the camera names another host, 10.0.0.7): 如果它所指的地址属于该摄像机",
			consoleEN: "Test the connection: it names another address", consZH: "测试连接：摄像机指向另一个地址",
			location: "rtsp://10.0.0.7:554/live?token=abc", neverSaid: "token=abc",
		},
		{
			fault: rtsp.Error{Reason: rtsp.ReasonTimeout, Detail: "the camera does not answer"},
			cliEN: "Camera is connected and silent (the camera does not answer): restart the camera", cliZH: "摄像机已连接，但没有应答 (the camera does not answer): 请重启摄像机",
			consoleEN: "Restart it, and see whether it sends", consZH: "重启摄像机，并检查其是否在发送", neverSaid: "tcp",
		},
		{
			fault: rtsp.Error{Reason: rtsp.ReasonNoUDP, Detail: "no packets come by UDP"},
			cliEN: "Nothing comes by UDP (no packets come by UDP): use --transport tcp", cliZH: "收不到 UDP 数据包 (no packets come by UDP): 请使用 --transport tcp",
			consoleEN: "Set the transport to TCP", consZH: "将传输方式设为 TCP",
		},
		{
			fault: rtsp.Error{Reason: rtsp.ReasonBasicOnly, Detail: "only a basic login is offered"},
			cliEN: "Camera wants the password unprotected (only a basic login is offered): it was read more safely before", cliZH: "摄像机要求不加保护地发送密码 (only a basic login is offered): 之前曾以更安全的方式登录",
			consoleEN: "Switch on digest login in it", consZH: "在摄像机上启用摘要认证",
		},
		{
			fault: rtsp.Error{Reason: rtsp.ReasonProtocol, Detail: "the camera answered 455 (Method Not Valid in This State)"},
			cliEN: "Camera's answer not understood (the camera answered 455 (Method Not Valid in This State)): try another stream", cliZH: "无法识别摄像机的应答 (the camera answered 455 (Method Not Valid in This State)): 请尝试摄像机的其他视频流",
			consoleEN: "Try another of its streams, or update it", consZH: "尝试其他视频流，或更新其固件", neverSaid: "554",
		},
		{
			fault: rtsp.Error{Reason: rtsp.ReasonNotRTSP, Detail: "what answers speaks HTTP"},
			cliEN: "No RTSP camera at this address and port (what answers speaks HTTP): make sure that the port", cliZH: "该地址和端口上没有 RTSP 摄像机 (what answers speaks HTTP): 请确认端口",
			consoleEN: "Check the port, mostly 554", consZH: "检查端口，通常为 554",
		},
		{
			fault: rtsp.Error{Reason: rtsp.ReasonTLS, Detail: "the camera's certificate is not the pinned one; its SHA-256 is 0a0b"},
			cliEN: "Camera's certificate not trusted (the camera's certificate is not the pinned one; its SHA-256 is 0a0b): compare the SHA-256", cliZH: "摄像机证书不受信任 (the camera's certificate is not the pinned one; its SHA-256 is 0a0b): 请将 SHA-256",
			consoleEN: "Compare its certificate with its own page", consZH: "与摄像机网页核对其证书",
		},
		{
			fault: rtsp.Error{Reason: rtsp.ReasonUnreadable, Detail: "packets of a private format came"},
			cliEN: "Camera's packets cannot be read (packets of a private format came): set the camera to H.264", cliZH: "无法读取摄像机发送的数据包 (packets of a private format came): 请将摄像机设置为 H.264",
			consoleEN: "Set it to H.264 without extensions", consZH: "将编码设为 H.264，并关闭扩展编码",
		},
		{
			fault: rtsp.Error{Reason: rtsp.ReasonNoKeyframe, Detail: "no keyframe for 10s"},
			cliEN: "Camera sends no keyframe (no keyframe for 10s): shorten the keyframe interval", cliZH: "摄像机没有发送关键帧 (no keyframe for 10s): 请将摄像机的关键帧间隔",
			consoleEN: "Shorten its keyframe interval to 4 seconds", consZH: "将关键帧间隔缩短到 4 秒",
		},
	} {
		err := probeError(fmt.Errorf("probing: %w", &c.fault))
		var e *api.Error
		if !errors.As(err, &e) || e.Reason != string(c.fault.Reason) || e.Location != c.location || strings.Contains(err.Error(), "token=abc") {
			t.Errorf("%s: %+v", c.fault.Reason, err)
			continue
		}
		for lang, want := range map[text.Lang][2]string{text.EN: {c.cliEN, c.consoleEN}, text.ZhCN: {c.cliZH, c.consZH}} {
			hint, _ := text.Hint(e.Reason)
			said := text.Failure(lang, e.Reason, e.Message) + ": " + text.Of(lang, hint)
			if !strings.HasPrefix(said, want[0]) || c.neverSaid != "" && strings.Contains(said, c.neverSaid) {
				t.Errorf("%s: the command line says %q, want %q", e.Reason, said, want[0])
			}
			if got := text.Of(lang, text.Key("console.hint."+e.Reason)); got != want[1] {
				t.Errorf("%s: the console advises %q, want %q", e.Reason, got, want[1])
			}
		}
	}
}
