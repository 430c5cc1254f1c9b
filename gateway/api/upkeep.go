package api

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/hardware"
)

// Verdict is the outcome of a check: ok, warning or missing.
type Verdict string

// Finding is one line of the doctor, in the reader's language.
type Finding struct {
	Check   string  `json:"check"`
	Verdict Verdict `json:"verdict"`
	Text    string  `json:"text"`
}

// DiskStatus is the disk of the data folder and what the audit log will take of it.
type DiskStatus struct {
	hardware.Disk
	Room hardware.Room `json:"room"`
	// AuditMonth is by how many bytes the audit log grows in a month, as it did lately; 0: not known yet.
	AuditMonth int64 `json:"audit_month"`
}

// LogLine is a line of the daemon's log, without logins and paths of addresses.
type LogLine struct {
	Seq   uint64    `json:"seq"`
	Time  time.Time `json:"ts"`
	Level string    `json:"level"`
	Text  string    `json:"text"`
}

// LogPage is the answer of GET /v1/log. Last is the newest line's number, whether it fits the filter or not.
type LogPage struct {
	Lines []LogLine `json:"lines"`
	Last  uint64    `json:"last"`
}

// AuditEntry is an entry of the audit log in words. What and Who are in the reader's language;
// Name is the subject's, where it has one. Time is by the site's clock.
type AuditEntry struct {
	Seq     uint64    `json:"seq"`
	Time    time.Time `json:"ts"`
	Action  string    `json:"action"`
	What    string    `json:"what"`
	Actor   string    `json:"actor"`
	Who     string    `json:"who"`
	Subject string    `json:"subject"`
	Name    string    `json:"name"`
	Detail  string    `json:"detail"`
}

// AuditPage is the answer of GET /v1/audit, the newest first. Next continues it; 0: there is no more.
type AuditPage struct {
	Entries []AuditEntry `json:"entries"`
	Next    uint64       `json:"next"`
}

// AuditFilters are what entries can be chosen by.
type AuditFilters struct {
	Kinds  []AuditChoice `json:"kinds"`
	People []AuditChoice `json:"people"`
}

// AuditChoice is a value and the word for it.
type AuditChoice struct {
	Value string `json:"value"`
	Word  string `json:"word"`
}

// AuditVerified is the answer of GET /v1/audit/verify: the chain holds, and so do its signatures.
type AuditVerified struct {
	Entries int    `json:"entries"`
	Signed  int    `json:"signed"`
	Key     string `json:"key"`
}

// SealedBackup is the body of POST /v1/backup/sealed. Password is that of who asks.
type SealedBackup struct {
	Passphrase string `json:"passphrase"`
	Password   string `json:"password"`
}

// Uploaded is the answer of POST /v1/restore/upload.
type Uploaded struct {
	ID     string `json:"id"`
	Sealed bool   `json:"sealed"` // a passphrase opens it
	Size   int64  `json:"size"`
}

// InspectRequest is the body of POST /v1/restore/inspect.
type InspectRequest struct {
	ID         string `json:"id"`
	Passphrase string `json:"passphrase"`
}

// RestorePreview says what is in a backup, and what becomes of what is here.
type RestorePreview struct {
	Gateway string    `json:"gateway"`
	Version string    `json:"version"`
	Created time.Time `json:"created"`
	Cameras []string  `json:"cameras"`
	// Lost are cameras that are here and not in the backup.
	Lost     []string `json:"lost"`
	Consents int      `json:"consents"`
	Records  int      `json:"records"`
	Users    int      `json:"users"`
	// Continued: this gateway's history goes on from the backup's; then users, records and the
	// audit log stay as they are now.
	Continued bool `json:"continued"`
	// Withdrawn consents stay withdrawn.
	Withdrawn int `json:"withdrawn"`
}

// TakeRequest is the body of POST /v1/restore/take. Password is that of who asks.
type TakeRequest struct {
	ID       string `json:"id"`
	Password string `json:"password"`
}

// BackupState says when a backup was last made, and the plan by which more are.
type BackupState struct {
	// Last is zero where none was made since this is kept.
	Last time.Time  `json:"last,omitzero"`
	Due  bool       `json:"due"`
	Plan BackupPlan `json:"plan"`
	// Problem is why the last planned one failed, in the reader's language.
	Problem string `json:"problem,omitempty"`
}

// BackupPlan is a folder into which sealed backups are written.
type BackupPlan struct {
	Folder string `json:"folder"` // empty: none are written
	Every  string `json:"every"`  // day or week
	Keep   int    `json:"keep"`
}

// NewBackupPlan is the body of PUT /v1/backups/plan. An empty passphrase leaves the one that is kept.
type NewBackupPlan struct {
	BackupPlan
	Passphrase string `json:"passphrase"`
	Password   string `json:"password"`
}

// Bundle writes the daemon's support bundle to w.
func (c *Client) Bundle(ctx context.Context, w io.Writer) error {
	res, err := c.stream(ctx, http.MethodGet, "/v1/bundle", nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(w, res.Body)
	return err
}
