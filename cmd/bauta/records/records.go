// Package records is what inspectors ask for: the operator's records, the state of
// compliance and packs of evidence.
//
// In: flags, and files of which only the SHA-256 goes on. Out: requests to the daemon
// and its answers; evidence verify needs no daemon. It starts no goroutines and never
// copies a photo or a document. The scripts of cmd/bauta prove each command.
package records

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/redact"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// dated is the day of a record.
type dated struct {
	Date civil.Date `help:"The day, such as 2026-01-31. Default: today at the site." placeholder:"DAY"`
}

// day is the one that was said, or today at the site: the host's may be another one.
func (d dated) day(today civil.Date) civil.Date { return cmp.Or(d.Date, today) }

// forCameras lists the cameras that a record covers: it counts for those alone.
type forCameras struct {
	Cameras []media.CameraID `help:"A camera that it covers; give it once for each. The record counts for those alone." name:"camera" placeholder:"CAMERA"`
}

// recordList lists the records of a kind; each command has its own kind.
type recordList struct {
	cli.Target
	JSON     bool `help:"Print JSON."`
	Versions bool `help:"Print all versions of each, with who entered them, when and why."`
}

func (c *recordList) list(p *cli.Program, kind register.Kind) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	all, err := client.Records(p.Ctx, kind)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(all)
	}
	if len(all) == 0 {
		p.Say(text.RecordNone)
	}
	for _, r := range all {
		fmt.Fprintf(p.Stdout, "%s  %s\n", r.ID, body(p, r.Version))
		if r.Confirm.EN != "" {
			p.Say(text.RecordConfirm, r.Confirm)
		}
		if c.Versions {
			sayVersions(p, r.StoredRecord)
		}
	}
	return nil
}

// sayVersions lists all versions of a record, the oldest first.
func sayVersions(p *cli.Program, r store.StoredRecord) {
	for _, v := range append(r.Earlier, r.Version) {
		if v.Unreadable {
			continue // body says so
		}
		var entered, author, reason any = text.RecordUnknown, text.RecordUnknown, "-"
		if v.Author != "" {
			entered, author = v.Entered.Local().Format(time.DateTime), v.Author
		}
		if v.Reason != "" {
			reason = v.Reason
		}
		p.Say(text.RecordVersion, v.Number, entered, author, reason, v.SHA256)
		fmt.Fprintf(p.Stdout, "  %s\n", v.Body)
	}
}

// body is what a version says.
func body(p *cli.Program, v store.Version) string {
	if v.Unreadable {
		return p.Text(text.RecordUnreadable, v.Number)
	}
	return string(v.Body)
}

// record stores what made makes of today at the site.
func record(p *cli.Program, l cli.Target, kind register.Kind, made func(today civil.Date) register.Record) error {
	client, err := l.Client(p)
	if err != nil {
		return err
	}
	calendar, err := client.Calendar(p.Ctx)
	if err != nil {
		return err
	}
	return add(p, client, kind, made(calendar.Today))
}

func add(p *cli.Program, client *api.Client, kind register.Kind, rec register.Record) error {
	added, err := client.PutRecord(p.Ctx, kind, rec)
	if err != nil {
		return err
	}
	p.Say(text.RecordAdded, string(kind), added.ID)
	return nil
}

type signAdd struct {
	cli.Target
	dated
	forCameras
	Place string `arg:"" help:"Where the sign hangs." name:"place"`
	Photo string `arg:"" help:"A photo of it; only its SHA-256 is kept." type:"existingfile"`
	Layer int    `help:"1: before entry, 2: the full notice." enum:"1,2" default:"1"`
	Link  string `help:"Where the full notice is." placeholder:"ADDRESS"`
}

func (c *signAdd) Run(p *cli.Program) error {
	photo, err := cli.HashOf(c.Photo)
	if err != nil {
		return err
	}
	return record(p, c.Target, register.KindSign, func(today civil.Date) register.Record {
		return register.Sign{Place: c.Place, Cameras: c.Cameras, Date: c.day(today), Photo: photo, Layer: c.Layer, Link: c.Link}
	})
}

type signList struct{ recordList }

func (c *signList) Run(p *cli.Program) error { return c.list(p, register.KindSign) }

type assessmentAdd struct {
	cli.Target
	dated
	File   string     `arg:"" help:"The signed assessment; only its SHA-256 is kept." type:"existingfile"`
	Items  string     `arg:"" help:"A JSON file with the four findings: lawful_necessary, effect_and_mitigation, risks, measures." type:"existingfile"`
	Review civil.Date `help:"When it is to be looked at again. Default: in a year." placeholder:"DAY"`
}

func (c *assessmentAdd) Run(p *cli.Program) error {
	file, err := cli.HashOf(c.File)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(c.Items)
	if err != nil {
		return err
	}
	a := register.Assessment{File: file}
	if err := json.Unmarshal(b, &a.Items); err != nil {
		return cli.Usage(fmt.Errorf("%s: %w", c.Items, err))
	}
	return record(p, c.Target, register.KindAssessment, func(today civil.Date) register.Record {
		a.Date = c.day(today)
		a.Review = cmp.Or(c.Review, a.Date.After(365))
		return a
	})
}

type assessmentList struct{ recordList }

func (c *assessmentList) Run(p *cli.Program) error { return c.list(p, register.KindAssessment) }

type filingAdd struct {
	cli.Target
	dated
	forCameras
	Of        string `arg:"" help:"system (the cameras, Decree 799), enrolment (the people, Order 19), or enrolment-end (no face is recognised any more)." enum:"system,enrolment,enrolment-end"`
	Authority string `help:"The authority that it was handed in to." placeholder:"NAME"`
	Receipt   string `help:"The number of the authority's receipt." placeholder:"NUMBER"`
	Scope     string `help:"What a filing of the enrolment is about: devices, how many people." placeholder:"TEXT"`
}

func (c *filingAdd) Run(p *cli.Program) error {
	return record(p, c.Target, register.KindFiling, func(today civil.Date) register.Record {
		return register.Filing{Of: c.Of, Date: c.day(today), Receipt: c.Receipt,
			Authority: c.Authority, Cameras: c.Cameras, Scope: c.Scope}
	})
}

type filingList struct{ recordList }

func (c *filingList) Run(p *cli.Program) error { return c.list(p, register.KindFiling) }

type deviceTestAdd struct {
	cli.Target
	dated
	cli.CameraArg
	Passed bool   `help:"The device passed." xor:"outcome" required:""`
	Failed bool   `help:"The device did not pass." xor:"outcome" required:""`
	Note   string `help:"What was tested, such as the thresholds." placeholder:"TEXT"`
}

func (c *deviceTestAdd) Run(p *cli.Program) error {
	id, err := c.ID()
	if err != nil {
		return err
	}
	return record(p, c.Target, register.KindDeviceTest, func(today civil.Date) register.Record {
		return register.DeviceTest{Camera: id, Date: c.day(today), Passed: c.Passed, Note: c.Note}
	})
}

type deviceTestList struct{ recordList }

func (c *deviceTestList) Run(p *cli.Program) error { return c.list(p, register.KindDeviceTest) }

type complaintAdd struct {
	cli.Target
	dated
	Content string `arg:"" help:"What it is about, without a name."`
}

func (c *complaintAdd) Run(p *cli.Program) error {
	return record(p, c.Target, register.KindComplaint, func(today civil.Date) register.Record {
		return register.Complaint{Date: c.day(today), Content: c.Content}
	})
}

type complaintClose struct {
	cli.Target
	dated
	ID     string `arg:"" help:"The complaint's number, as in bauta complaint list."`
	Answer string `arg:"" help:"How it was settled."`
}

func (c *complaintClose) Run(p *cli.Program) error {
	var complaint register.Complaint
	return correct(p, c.Target, register.KindComplaint, c.ID, &complaint, c.Answer, func(today civil.Date) {
		complaint.Closed, complaint.Answer = c.day(today), c.Answer
	})
}

// correct stores the next version of a record: the newest one, read into rec, as change
// leaves it, who is given today at the site.
func correct(p *cli.Program, l cli.Target, kind register.Kind, id string, rec register.Record, reason string, change func(today civil.Date)) error {
	client, err := l.Client(p)
	if err != nil {
		return err
	}
	if err := newest(p, client, kind, id, rec); err != nil {
		return err
	}
	calendar, err := client.Calendar(p.Ctx)
	if err != nil {
		return err
	}
	change(calendar.Today)
	return putNext(p, client, kind, id, rec, reason)
}

// newest reads a record's newest version.
func newest(p *cli.Program, client *api.Client, kind register.Kind, id string, into any) error {
	all, err := client.Records(p.Ctx, kind)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(r api.Record) bool { return r.ID == id && !r.Unreadable })
	if i < 0 {
		return cli.Refuse(text.Fail(nil, text.RecordNotFound, string(kind), id))
	}
	return json.Unmarshal(all[i].Body, into)
}

func putNext(p *cli.Program, client *api.Client, kind register.Kind, id string, rec register.Record, reason string) error {
	if _, err := client.CorrectRecord(p.Ctx, kind, id, rec, reason); err != nil {
		return err
	}
	p.Say(text.RecordChanged, string(kind), id)
	return nil
}

type complaintList struct{ recordList }

func (c *complaintList) Run(p *cli.Program) error { return c.list(p, register.KindComplaint) }

type disclosureAdd struct {
	cli.Target
	dated
	Camera    media.CameraID `help:"The camera that it is about. Default: the whole site." placeholder:"CAMERA"`
	Reason    string         `help:"Why footage was viewed, retrieved or copied." required:"" placeholder:"TEXT"`
	Content   string         `help:"Which footage." required:"" placeholder:"TEXT"`
	Unit      string         `help:"For which unit." required:"" placeholder:"NAME"`
	Requester string         `help:"Who asked for it: police, court, relative, person, other-unit, public or internal; bauta record add export takes what else belongs to it." required:"" placeholder:"WHO"`
	Name      string         `help:"For whom; kept encrypted." required:"" placeholder:"NAME"`
	Purpose   string         `help:"What it serves, such as public-safety; who has a right to it needs none." placeholder:"PURPOSE"`
	Public    bool           `help:"It is to be shown to the public."`
	Masked    bool           `help:"Faces and plates in it are masked for good."`
	Report    string         `help:"The report of bauta redact, which proves that a public one is masked; only its SHA-256 is kept." type:"existingfile" placeholder:"FILE"`
}

func (c *disclosureAdd) Run(p *cli.Program) error {
	report, err := hashOfReport(c.Report)
	if err != nil {
		return err
	}
	return record(p, c.Target, register.KindExport, func(today civil.Date) register.Record {
		return register.Export{Date: c.day(today), Camera: c.Camera, Reason: c.Reason, Content: c.Content,
			Unit: c.Unit, Requester: c.Requester, Name: c.Name, Purpose: c.Purpose, Public: c.Public, Masked: c.Masked, Report: report}
	})
}

// hashOfReport is the SHA-256 of a report of bauta redact, which another file is not taken
// for; empty without one.
func hashOfReport(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var said redact.Report
	if err := json.Unmarshal(b, &said); err != nil || said.Frames == 0 || said.ModelHash == "" {
		return "", cli.Refuse(text.Fail(err, text.RecordNoReport, path))
	}
	return cli.HashOf(path)
}

type disclosureClose struct {
	cli.Target
	dated
	ID       string `arg:"" help:"The number, as in bauta disclosure list."`
	Document string `arg:"" help:"A document that shows that it is settled; only its SHA-256 is kept." type:"existingfile"`
	Cause    string `help:"Why footage served what it must not." required:"" placeholder:"TEXT"`
	Measure  string `help:"What was done about it." required:"" placeholder:"TEXT"`
}

func (c *disclosureClose) Run(p *cli.Program) error {
	document, err := cli.HashOf(c.Document)
	if err != nil {
		return err
	}
	var export register.Export
	return correct(p, c.Target, register.KindExport, c.ID, &export, c.Measure, func(today civil.Date) {
		export.Closed, export.Cause, export.Measure, export.Document = c.day(today), c.Cause, c.Measure, document
	})
}

type disclosureList struct{ recordList }

func (c *disclosureList) Run(p *cli.Program) error { return c.list(p, register.KindExport) }

type retentionAdd struct {
	cli.Target
	dated
	forCameras
	Keep   cli.Span `arg:"" help:"How long the recorder keeps footage, such as 30d or 720h."`
	Reason string   `help:"Why so long." placeholder:"TEXT"`
}

func (c *retentionAdd) Run(p *cli.Program) error {
	return record(p, c.Target, register.KindRetention, func(today civil.Date) register.Record {
		return register.Retention{Date: c.day(today), Cameras: c.Cameras, Hours: int(time.Duration(c.Keep).Hours()), Reason: c.Reason}
	})
}

type retentionList struct{ recordList }

func (c *retentionList) Run(p *cli.Program) error { return c.list(p, register.KindRetention) }

type inspectionAdd struct {
	cli.Target
	dated
	Found    string     `arg:"" help:"What was found in private spaces."`
	Cameras  int        `help:"How many cameras were found." default:"0" placeholder:"N"`
	Reported civil.Date `help:"When it was reported to the police." placeholder:"DAY"`
}

func (c *inspectionAdd) Run(p *cli.Program) error {
	return record(p, c.Target, register.KindInspection, func(today civil.Date) register.Record {
		return register.Inspection{Date: c.day(today), Found: c.Found, Cameras: &c.Cameras, Reported: c.Reported}
	})
}

type inspectionList struct{ recordList }

func (c *inspectionList) Run(p *cli.Program) error { return c.list(p, register.KindInspection) }

// Commands are the commands of all records.
type Commands struct {
	Record struct {
		Kinds   recordKinds   `cmd:"" help:"List the kinds of records with their fields; a star marks those that have to be given."`
		List    recordsOf     `cmd:"" help:"List the records of a kind."`
		Add     recordAdd     `cmd:"" help:"Add a record of any kind."`
		Correct recordCorrect `cmd:"" help:"Correct a record; the version before stays."`
	} `cmd:"" help:"Records of all kinds."`
	Sign struct {
		Add  signAdd  `cmd:"" help:"Record a sign, as it was seen in place."`
		List signList `cmd:"" help:"List the signs."`
	} `cmd:"" help:"Signs that tell of the cameras."`
	Assessment struct {
		Add  assessmentAdd  `cmd:"" help:"Record an impact assessment of the present configuration."`
		List assessmentList `cmd:"" help:"List the assessments."`
	} `cmd:"" help:"Personal information protection impact assessments."`
	Filing struct {
		Add  filingAdd  `cmd:"" help:"Record a filing with an authority."`
		List filingList `cmd:"" help:"List the filings."`
	} `cmd:"" help:"Filings with authorities."`
	Devicetest struct {
		Add  deviceTestAdd  `cmd:"" help:"Record a test of a device."`
		List deviceTestList `cmd:"" help:"List the tests."`
	} `cmd:"" help:"Yearly tests of the devices."`
	Complaint struct {
		Add   complaintAdd   `cmd:"" help:"Record a complaint."`
		Close complaintClose `cmd:"" help:"Say how a complaint was settled."`
		List  complaintList  `cmd:"" help:"List the complaints."`
	} `cmd:"" help:"Complaints."`
	Disclosure struct {
		Add   disclosureAdd   `cmd:"" help:"Record footage that was viewed, retrieved or copied for somebody."`
		Close disclosureClose `cmd:"" help:"Say how one that served another purpose was settled."`
		List  disclosureList  `cmd:"" help:"List the disclosures."`
	} `cmd:"" help:"Footage that was given to somebody."`
	Retention struct {
		Add  retentionAdd  `cmd:"" help:"State how long the recorder keeps footage."`
		List retentionList `cmd:"" help:"List the statements."`
	} `cmd:"" help:"How long footage is kept."`
	Inspection struct {
		Add  inspectionAdd  `cmd:"" help:"Record a round through private spaces."`
		List inspectionList `cmd:"" help:"List the rounds."`
	} `cmd:"" help:"Rounds that look for cameras in private spaces."`
}
