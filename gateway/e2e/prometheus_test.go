package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the alerts and the dashboard for Prometheus ask for, a running gateway gives, label by label.
func TestAlertsAndDashboardNameRealSeries(t *testing.T) {
	d := consenting(t, settings(t), &logTo{})
	m := manager(t, d.g)
	res := m.send("GET", "/metrics", nil)
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("metrics: %s, %v", res.Status, err)
	}
	labels := map[string]string{"up": "job", "bauta_temperature_celsius": ""} // of Prometheus itself; of a board with a sensor
	for _, line := range regexp.MustCompile(`(?m)^(bauta_\w+)(?:\{(.*)\})? `).FindAllStringSubmatch(string(raw), -1) {
		labels[line[1]] += line[2] + ","
	}
	rules, err := os.ReadFile("../../packaging/prometheus/bauta.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	asked := []string{}
	for _, expr := range regexp.MustCompile(`(?m)^ +expr: (.*)$`).FindAllStringSubmatch(string(rules), -1) {
		asked = append(asked, expr[1])
	}
	asked = append(asked, dashboardAsks(t)...)
	if len(asked) < 25 {
		t.Fatalf("only %d expressions were found", len(asked))
	}
	for _, expr := range asked {
		for _, series := range regexp.MustCompile(`\b(bauta_\w+|up)\b(?:\{([^}]*)\})?`).FindAllStringSubmatch(expr, -1) {
			has, there := labels[series[1]]
			if !there {
				t.Errorf("no gateway gives %s: %s", series[1], expr)
			}
			for _, l := range regexp.MustCompile(`(\w+)=~?"`).FindAllStringSubmatch(series[2], -1) {
				if l[1] != "instance" && l[1] != "job" && !strings.Contains(has, l[1]+`="`) {
					t.Errorf("%s has no label %s: %s", series[1], l[1], expr)
				}
			}
		}
	}
}

// dashboardAsks are the expressions of the dashboard, whose form is checked on the way: ids once,
// no panels over others, each with something to show by the chosen Prometheus.
func dashboardAsks(t *testing.T) (all []string) {
	t.Helper()
	b, err := os.ReadFile("../../packaging/grafana/bauta.json")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Title         string
		UID           string
		SchemaVersion int
		Templating    struct{ List []struct{ Name, Type string } }
		Panels        []struct {
			ID      int
			Title   string
			Type    string
			GridPos struct{ X, Y, W, H int }
			Targets []struct {
				Expr       string
				RefID      string
				Datasource struct{ UID string }
			}
		}
	}
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	if d.Title == "" || d.UID == "" || d.SchemaVersion < 36 || len(d.Templating.List) != 2 || d.Templating.List[0].Type != "datasource" {
		t.Errorf("the dashboard begins with %+v", d.Templating)
	}
	taken, ids := map[[2]int]string{}, map[int]bool{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.Title == "" || len(p.Targets) == 0 || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("panel %d %q: its id comes twice, or it has no title, no target or no room", p.ID, p.Title)
		}
		ids[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" {
					t.Fatalf("%q lies over %q", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
		for _, target := range p.Targets {
			if target.Expr == "" || target.RefID == "" || target.Datasource.UID != "${datasource}" {
				t.Errorf("a target of %q: %+v", p.Title, target)
			}
			all = append(all, target.Expr)
		}
	}
	return all
}

// Prometheus's own tool takes the rules, and they alert when they should.
func TestAlertRules(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is missing: Debian's prometheus has it")
	}
	for _, args := range [][]string{{"check", "rules", "bauta.rules.yml"}, {"test", "rules", "bauta.rules_test.yml"}} {
		cmd := exec.Command(promtool, args...)
		cmd.Dir = filepath.Join("..", "..", "packaging", "prometheus")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool %q: %v\n%s", args, err, out)
		}
	}
}
