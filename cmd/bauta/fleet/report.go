package fleet

import (
	"fmt"
	"strings"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	here "github.com/bauta-gateway/bauta/cmd/bauta/site"
	"github.com/bauta-gateway/bauta/config/text"
)

type report struct {
	p           *cli.Program
	dry, json   bool
	maxFailures int
}

// row is what came of one gateway, for programs.
type row struct {
	Name    string     `json:"name"`
	Address string     `json:"address"`
	Result  result     `json:"result"`
	Done    int        `json:"done"`
	Changes []here.Row `json:"changes"`
	Error   string     `json:"error,omitempty"`
}

// print says what came of all, in the order of the list. The error sets the exit code alone.
func (r report) print(jobs []*job) error {
	counts := map[result]int{}
	for _, j := range jobs {
		counts[j.result]++
	}
	if r.json {
		if err := r.p.JSON(r.rows(jobs)); err != nil {
			return err
		}
	} else {
		r.lines(jobs)
		r.p.Say(text.FleetDone, len(jobs), counts[changed]+counts[wouldBe], counts[unchanged], counts[failed], counts[notTried])
	}
	if counts[failed] >= r.maxFailures && counts[notTried] > 0 {
		fmt.Fprintln(r.p.Stderr, r.p.Text(text.FleetStopped, counts[failed]))
	}
	if counts[failed]+counts[notTried] > 0 {
		return cli.ErrSaid
	}
	return nil
}

func (r report) rows(jobs []*job) []row {
	all := []row{}
	for _, j := range jobs {
		one := row{Name: j.target.Name, Address: j.target.Address, Result: j.result, Done: j.done, Changes: []here.Row{}, Error: r.why(j)}
		if j.plan != nil {
			for _, ch := range j.plan.Changes {
				one.Changes = append(one.Changes, here.RowOf(ch))
			}
		}
		for _, d := range j.made {
			for i := range one.Changes {
				if one.Changes[i].Kind == d.Kind && one.Changes[i].ID == d.ID {
					one.Changes[i].Made = d.Made
				}
			}
		}
		all = append(all, one)
	}
	return all
}

// lines are what would change, what was made and is shown this once, and the table.
func (r report) lines(jobs []*job) {
	var t cli.Table
	t.Add(r.p.Text(text.HeadGateway), r.p.Text(text.HeadResult), r.p.Text(text.HeadChanges), r.p.Text(text.HeadDetail))
	for _, j := range jobs {
		n := 0
		if j.plan != nil {
			n = len(j.plan.Changes)
		}
		if r.dry && n > 0 {
			fmt.Fprintf(r.p.Stdout, "%s:\n", j.target.Name)
			for _, ch := range j.plan.Changes {
				here.WriteDiff(r.p, r.p.Stdout, ch)
			}
		}
		for _, d := range j.made {
			fmt.Fprintf(r.p.Stdout, "%s: ", j.target.Name)
			here.SayMade(r.p, d)
		}
		t.Add(j.target.Name, r.p.Text(text.FleetResult(string(j.result))), fmt.Sprintf("%d/%d", j.done, n), r.why(j))
	}
	t.Print(r.p.Stdout)
}

// why is what went wrong, in one line.
func (r report) why(j *job) string {
	if j.err == nil {
		return ""
	}
	return strings.Join(strings.Fields(text.Explain(r.p.Lang, j.err)), " ")
}
