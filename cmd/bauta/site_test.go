//go:build linux

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// everything is a site that says something of each kind of objects; its key is put in.
const everything = `version: 1
site:
  kind: trade-centre
  unit: "Центр: \"№1\""
  jurisdiction: CN-44
  time_zone: Asia/Shanghai
  contact: 0755-1234
answers:
  - {question: private-rooms, says: "no"}
  - {question: processors, says: "yes", note: "物业"}
calendar:
  - {year: 2027, source: "通知", off: ["2027-01-01"], work: ["2027-02-14"]}
issuers:
  - name: desk
    key: |
%s
sealed_keys:
  - need: 1
    holders: [{label: w-1, key: %s}]
  - need: 1
    holders: [{label: w-2, key: %s}]
cameras:
  - id: gate
    name: "北门"
    group: "楼 1: #a"
    url: "rtsp://127.0.0.1:9/live?channel=1&password=***"
    user: admin
    transport: tcp
    mask: solid
    cover: moving
    mounting: 180
    look_ahead: 300ms
    rate_cap: 1.5
    max_size: half
    sub_size: half
    sub_fps: 5
    facts: {place: entrance, purpose: public-safety, necessity: "why: yes", model: X, firmware: "1.10", commissioned: "2026-01-31", extras: [zoom, audio]}
    sealed: {days: 90, why: dispute}
    zones:
      - {id: window, kind: private, points: "0,0 0.5,0 0.5,0.33333333333333331"}
      - {id: desk, name: "前台", kind: consent, purposes: [event, care], points: "0,0 1,0 1,1"}
      - {id: nobody, kind: consent, points: "0,0 1,0 1,1"}
  - id: lobby
    name: lobby
    url: rtsps://127.0.0.1:9/x
    fingerprint: "%s"
    facts: {place: lobby}
users:
  - {name: boss, role: manager, language: zh-CN}
  - {name: "王芳", role: auditor}
second_factor: {managers: true}
built_in_login: {off: true}
stream_logins:
  - {name: recorder, cameras: [lobby, gate]}
  - {name: wall, all: true}
mqtt_logins:
  - {name: dash, may: read}
notify:
  site: {name: "总部", console: "https://gateway.example:8443"}
  mail: {host: mail.example, port: 587, security: starttls, user: bauta, from: bauta@example.org}
  rules: {digest_s: 60, per_hour: 6, kinds: [{kind: disk_low, delay_s: 5, repeat_h: 3}]}
  ping: {host: watch.example, every: 5}
  people:
    - {user: boss, kinds: [disk_low, camera_offline], quiet_from: "22:00", quiet_to: "06:00", urgent: true}
  webhooks:
    - {name: "chat: ops", host: hooks.example, language: en, kinds: [camera_offline]}
`

// itsSecrets are what that site needs beside the file.
const itsSecrets = `camera/gate: hunter2-gate
camera/gate/url: "rtsp://127.0.0.1:9/live?channel=1&password=hunter2-url"
user/boss: correct horse battery
user/王芳: another horse battery
stream-login/recorder: hunter2-recorder
person/boss: hunter2@example.org
notify/mail: hunter2-mail
notify/ping: https://watch.example/hunter2
webhook/chat: ops: never read
"webhook/chat: ops": https://hooks.example/hunter2
`

const (
	firstHolder  = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	secondHolder = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"
)

// siteFiles writes the file of everything and its secrets.
func siteFiles(t *testing.T) (file, secrets string) {
	t.Helper()
	key := ""
	for line := range strings.Lines(string(consent.NewKey().Public().PEM())) {
		key += "      " + line
	}
	dir := t.TempDir()
	file, secrets = filepath.Join(dir, "site.yaml"), filepath.Join(dir, "secrets.yaml")
	said := fmt.Sprintf(everything, strings.TrimRight(key, "\n"), firstHolder, secondHolder, strings.Repeat("AB:", 31)+"AB")
	kept := strings.ReplaceAll(itsSecrets, "webhook/chat: ops: never read\n", "")
	for path, content := range map[string]string{file: said, secrets: kept} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return file, secrets
}

// printed runs a command line to its end and returns what it says on stdout.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := bauta(t, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("bauta %s: %v\n%s%s", strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}

// What one gateway is another becomes by the file of the first, byte by byte; only the
// secrets have to be brought. It is so for each kind of objects, and no secret is in the file.
func TestSiteOfOneGatewayOnAnother(t *testing.T) {
	file, secrets := siteFiles(t)
	_, first := daemon(t, embedded)
	_, second := daemon(t, embedded)
	if out := printed(t, "apply", file, "--data", first, "--secrets", secrets); !strings.Contains(out, "changes made") {
		t.Fatal(out)
	}
	if out := printed(t, "apply", file, "--data", first); out != "nothing to change\n" {
		t.Fatalf("the second time: %s", out)
	}
	one := filepath.Join(t.TempDir(), "one.yaml")
	printed(t, "export", "--data", first, "--out", one)
	exported, err := os.ReadFile(one)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"hunter2", "horse", "hash"} {
		if bytes.Contains(exported, []byte(word)) {
			t.Errorf("%q is in\n%s", word, exported)
		}
	}
	printed(t, "apply", one, "--data", second, "--secrets", secrets)
	if out := printed(t, "export", "--data", second); out != string(exported) {
		t.Errorf("not the same:\n%s\n%s", exported, out)
	}
	for _, data := range []string{first, second} {
		if out := printed(t, "apply", one, "--data", data, "--prune"); out != "nothing to change\n" {
			t.Errorf("with --prune: %s", out)
		}
	}
	has(t, second)
}

// has looks at what the file of everything is worth: the secrets came along.
func has(t *testing.T, data string) {
	t.Helper()
	c := api.NewClient(filepath.Join(data, "bauta.sock"), text.EN)
	cam, err := c.Camera(t.Context(), "gate")
	if err != nil || !cam.HasPassword || cam.URL != "rtsp://127.0.0.1:9/live?channel=1&password=***" {
		t.Errorf("%+v, %v", cam, err)
	}
	n, err := c.Notify(t.Context())
	if err != nil || !n.Mail.PasswordSet || n.Ping.Host != "watch.example" || len(n.Webhooks) != 1 || n.Webhooks[0].Host != "hooks.example" {
		t.Errorf("%+v, %v", n, err)
	}
	if i := slices.IndexFunc(n.People, func(p api.NotifyPerson) bool { return p.User == "boss" }); i < 0 || n.People[i].Address != "hunter2@example.org" {
		t.Errorf("%+v", n.People)
	}
}

// A gateway with a site of its own becomes the other one by --prune, but for what the program
// cannot take back: answers and working days.
func TestPruneMakesTheSameSite(t *testing.T) {
	file, secrets := siteFiles(t)
	_, first := daemon(t, embedded)
	_, other := daemon(t, embedded)
	printed(t, "apply", file, "--data", first, "--secrets", secrets)
	printed(t, "camera", "add", "attic", "rtsp://127.0.0.1:9/attic", "--data", other)
	printed(t, "camera", "add", "gate", "rtsp://127.0.0.1:9/other", "--mask", "mosaic", "--data", other)
	printed(t, "zone", "add", "gate", "left", "--kind", "masked", "--rect", "0,0,1,1", "--data", other)
	printed(t, "zone", "add", "gate", "window", "--kind", "moving", "--rect", "0,0,1,1", "--name", "w", "--data", other)
	printed(t, "viewer", "add", "old", "--camera", "attic", "--data", other)
	printed(t, "mqtt", "add", "dash", "--may", "mask", "--data", other)
	one := filepath.Join(t.TempDir(), "one.yaml")
	printed(t, "export", "--data", first, "--out", one)
	printed(t, "apply", one, "--data", other, "--secrets", secrets, "--prune")
	want, got := printed(t, "export", "--data", first), printed(t, "export", "--data", other)
	if got = strings.Replace(got, "      - id: window\n        name: w\n", "      - id: window\n", 1); got != want { // a name is not taken away
		t.Errorf("not the same:\n%s\n%s", want, got)
	}
	if out := printed(t, "apply", one, "--data", other, "--prune"); out != "nothing to change\n" {
		t.Error(out)
	}
}

// An apply that is killed is run again, and goes on where it was.
func TestKilledApplyGoesOn(t *testing.T) {
	file, secrets := siteFiles(t)
	_, data := daemon(t, embedded)
	for kills := 0; ; kills++ {
		cmd := bauta(t, "apply", file, "--data", data, "--secrets", secrets)
		var said strings.Builder
		cmd.Stderr = &said
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines, n := bufio.NewScanner(out), 0
		for n < 3 && lines.Scan() {
			n++
		}
		if n < 3 || kills == 4 {
			rest, _ := io.ReadAll(out)
			if err := cmd.Wait(); err != nil {
				t.Fatalf("after %d kills: %v\n%s%s", kills, err, rest, said.String())
			}
			break
		}
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
	}
	if out := printed(t, "apply", file, "--data", data); out != "nothing to change\n" {
		t.Error(out)
	}
	has(t, data)
}

// elsewhere is a gateway that is reached over HTTPS, with a manager and a machine's token.
type elsewhere struct{ data, address, pin, token string }

func newElsewhere(t *testing.T) elsewhere {
	t.Helper()
	_, data := daemon(t, embedded)
	c := api.NewClient(filepath.Join(data, "bauta.sock"), text.EN)
	code, err := c.SetupCode(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddUser(t.Context(), api.NewUser{User: "boss", Password: "correct horse battery", Role: "manager"}); err != nil {
		t.Fatal(err)
	}
	var made api.MadeToken
	if err := c.Call(t.Context(), "POST", "/v1/tokens", api.NewToken{Name: "roll-out", Role: "manager", Days: 1}, &made); err != nil {
		t.Fatal(err)
	}
	return elsewhere{data, strings.TrimSuffix(code.Console, "/"), code.Fingerprint, made.Secret}
}

// fleetRow is what the JSON of bauta fleet apply has of a gateway.
type fleetRow struct {
	Name, Result, Error string
	Done                int
	Changes             []struct{ Kind, ID, Op, Made string }
}

// fleetApply runs bauta fleet apply and returns its rows and exit code.
func fleetApply(t *testing.T, args ...string) (rows []fleetRow, code int) {
	t.Helper()
	cmd := bauta(t, append([]string{"fleet", "apply", "--json"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if _, failed := err.(*exec.ExitError); err != nil && !failed {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &rows); err != nil {
		t.Fatalf("%v\n%s%s", err, out, stderr.String())
	}
	return rows, cmd.ProcessState.ExitCode()
}

func results(rows []fleetRow) string {
	var all []string
	for _, r := range rows {
		all = append(all, r.Name+" "+r.Result)
	}
	return strings.Join(all, ", ")
}

// fleetFiles writes a folder of sites, a list of gateways and the secrets for them.
func fleetFiles(t *testing.T, targets, secrets string) (sites, list, kept string) {
	t.Helper()
	dir := t.TempDir()
	sites, list, kept = filepath.Join(dir, "sites"), filepath.Join(dir, "targets.yaml"), filepath.Join(dir, "secrets.yaml")
	if err := os.Mkdir(sites, 0o700); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{list: "version: 1\ntargets:\n" + targets, kept: secrets}
	for i, name := range []string{"a", "b", "c", "d"} {
		files[filepath.Join(sites, name+".yaml")] = fmt.Sprintf("version: 1\nsite: {unit: \"%d\"}\ncameras:\n  - {id: gate, name: gate, url: \"rtsp://127.0.0.1:9/%s\", user: u}\nmqtt_logins:\n  - {name: dash, may: read}\n", i, name)
	}
	for path, content := range files {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return sites, list, kept
}

// Many gateways get their sites by one command, by a token or a login; one that fails keeps none of
// the others, and the same command again goes on with it alone.
func TestFleetApply(t *testing.T) {
	all := []elsewhere{newElsewhere(t), newElsewhere(t), newElsewhere(t), newElsewhere(t)}
	good, wrong := "", ""
	secrets := "camera/gate: hunter2\npassword: correct horse battery\nd/camera/gate: other\n"
	for i, g := range all {
		name, user := string(rune('a'+i)), ""
		if i == 1 {
			user = ", user: boss"
		}
		good += fmt.Sprintf("  - {name: %s, address: \"%s\", fingerprint: \"%s\"%s}\n", name, g.address, g.pin, user)
		wrong += fmt.Sprintf("  - {name: %s, address: \"%s\", fingerprint: \"%s\"%s}\n", name, g.address, strings.Replace(g.pin, g.pin[:2], map[bool]string{true: "00", false: g.pin[:2]}[i == 2], 1), user)
		secrets += name + "/token: " + g.token + "\n"
	}
	sites, list, kept := fleetFiles(t, wrong, secrets)
	rows, code := fleetApply(t, sites, "--targets", list, "--secrets", kept, "--dry-run")
	if results(rows) != "a would, b would, c failed, d would" || code != 1 || len(rows[0].Changes) != 3 || rows[0].Done != 0 {
		t.Fatalf("dry: %d %+v", code, rows)
	}
	rows, code = fleetApply(t, sites, "--targets", list, "--secrets", kept)
	if results(rows) != "a changed, b changed, c failed, d changed" || code != 1 || !strings.Contains(rows[2].Error, "certificate") {
		t.Fatalf("%d %+v", code, rows)
	}
	if i := slices.IndexFunc(rows[0].Changes, func(ch struct{ Kind, ID, Op, Made string }) bool { return ch.Kind == "mqtt-login" }); i < 0 || rows[0].Changes[i].Made == "" {
		t.Errorf("no password of the MQTT login: %+v", rows[0])
	}
	if err := os.WriteFile(list, []byte("version: 1\ntargets:\n"+good), 0o600); err != nil {
		t.Fatal(err)
	}
	rows, code = fleetApply(t, sites, "--targets", list, "--secrets", kept, "--parallel", "2")
	if results(rows) != "a unchanged, b unchanged, c changed, d unchanged" || code != 0 {
		t.Fatalf("%d %+v", code, rows)
	}
	for i, g := range all {
		c := api.NewClient(filepath.Join(g.data, "bauta.sock"), text.EN)
		cam, err := c.Camera(t.Context(), "gate")
		if err != nil || !strings.HasSuffix(cam.URL, string(rune('a'+i))) || !cam.HasPassword {
			t.Errorf("%d: %+v, %v", i, cam, err)
		}
	}
	table := printed(t, "fleet", "apply", sites, "--targets", list, "--secrets", kept)
	if !strings.Contains(table, "unchanged") || !strings.Contains(table, "4 gateways: 0 changed, 4 unchanged, 0 failed, 0 not tried") || strings.Contains(table, "hunter2") {
		t.Error(table)
	}
}

// Once several have failed no further gateway is begun with.
func TestFleetStops(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := "https://" + l.Addr().String()
	l.Close() // nobody listens there any more
	last := newElsewhere(t)
	targets := ""
	for _, name := range []string{"a", "b", "c"} {
		targets += fmt.Sprintf("  - {name: %s, address: \"%s\"}\n", name, dead)
	}
	targets += fmt.Sprintf("  - {name: d, address: \"%s\", fingerprint: \"%s\"}\n", last.address, last.pin)
	sites, list, kept := fleetFiles(t, targets, "token: "+last.token+"\ncamera/gate: x\n")
	rows, code := fleetApply(t, sites, "--targets", list, "--secrets", kept, "--parallel", "1", "--max-failures", "2")
	if results(rows) != "a failed, b failed, c not_tried, d not_tried" || code != 1 {
		t.Fatalf("%d %+v", code, rows)
	}
	rows, code = fleetApply(t, sites, "--targets", list, "--secrets", kept, "--parallel", "1", "--max-failures", "4")
	if results(rows) != "a failed, b failed, c failed, d changed" || code != 1 {
		t.Fatalf("%d %+v", code, rows)
	}
}
