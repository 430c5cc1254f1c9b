package api

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// TroubleKind is a kind of what somebody is told.
type TroubleKind string

// The kinds: of this gateway, then of the others at its broker.
const (
	CameraOffline   TroubleKind = "camera_offline"
	MaskingBlocked  TroubleKind = "masking_withheld"
	OverMasked      TroubleKind = "over_masked"
	ClauseFails     TroubleKind = "clause_fails"
	DeadlineNear    TroubleKind = "deadline_near"
	ComplaintOpen   TroubleKind = "complaint_open"
	DiskLow         TroubleKind = "disk_low"
	CertificateEnds TroubleKind = "certificate_ends"
	GatewayOffline  TroubleKind = "gateway_offline"
	GatewayBlocked  TroubleKind = "gateway_withheld"
	GatewayClause   TroubleKind = "gateway_clause"
)

// TroubleKinds are all of them, as pages show them.
var TroubleKinds = []TroubleKind{MaskingBlocked, CameraOffline, OverMasked, ClauseFails, DeadlineNear, ComplaintOpen, DiskLow, CertificateEnds, GatewayBlocked, GatewayOffline, GatewayClause}

// Urgent reports whether a kind may break through quiet hours: viewers get no masked picture.
func (k TroubleKind) Urgent() bool { return k == MaskingBlocked || k == GatewayBlocked }

// NotifyReason is why a message was not taken.
type NotifyReason string

// The reasons.
const (
	NotifyHost        NotifyReason = "host"        // no server has this name
	NotifyRefused     NotifyReason = "refused"     // nobody takes connections there
	NotifyTimeout     NotifyReason = "timeout"     // no answer in time
	NotifyTLS         NotifyReason = "tls"         // no encryption came about
	NotifyNoStartTLS  NotifyReason = "no_starttls" // the mail server offers none
	NotifyCertificate NotifyReason = "certificate" // nobody vouches for the server
	NotifyNoLogin     NotifyReason = "no_login"    // it offers no way to log in that is known here
	NotifyLogin       NotifyReason = "login"       // user or password are wrong
	NotifySender      NotifyReason = "sender"      // it does not send for this address
	NotifyRecipient   NotifyReason = "recipient"   // it does not take mails to this address
	NotifyRejected    NotifyReason = "rejected"    // it refuses the mail itself
	NotifyNoMail      NotifyReason = "no_mail"     // what answers is no mail server
	NotifyBroken      NotifyReason = "broken"      // the connection broke off
	NotifyStatus      NotifyReason = "status"      // another number than 2xx
	NotifyRedirect    NotifyReason = "redirect"    // it points elsewhere
	NotifyPrivate     NotifyReason = "private"     // the address needs the tick for own networks
	NotifyAddress     NotifyReason = "address"     // not an address that can be asked
	NotifyNotSet      NotifyReason = "not_set"     // where to is not filled in
	NotifyOther       NotifyReason = "other"       // see the log
)

// NotifyReasons are all of them.
var NotifyReasons = []NotifyReason{NotifyHost, NotifyRefused, NotifyTimeout, NotifyTLS, NotifyNoStartTLS, NotifyCertificate, NotifyNoLogin, NotifyLogin, NotifySender,
	NotifyRecipient, NotifyRejected, NotifyNoMail, NotifyBroken, NotifyStatus, NotifyRedirect, NotifyPrivate, NotifyAddress, NotifyNotSet, NotifyOther}

// MailSecurity is by what the connection to a mail server is protected.
type MailSecurity string

// The ways; MailPlain has to be ticked, and then nobody logs in.
const (
	MailStartTLS MailSecurity = "starttls"
	MailTLS      MailSecurity = "tls"
	MailPlain    MailSecurity = "none"
)

// Notify is the answer of GET /v1/notify: who is told of what, how, and how that goes. Secrets
// are not in it.
type Notify struct {
	Site     NotifySite      `json:"site"`
	Mail     NotifyMail      `json:"mail"`
	Rules    NotifyRules     `json:"rules"`
	Ping     NotifyPing      `json:"ping"`
	People   []NotifyPerson  `json:"people"`
	Webhooks []NotifyWebhook `json:"webhooks"`
	State    NotifyState     `json:"state"`
}

// NotifySite is how messages, and the page of all gateways, name this gateway.
type NotifySite struct {
	// Name of the site; empty: the unit's on the page, the gateway's in messages. Console is its address as people outside
	// reach it, with https://; empty: messages have no link.
	Name    string `json:"name"`
	Console string `json:"console"`
}

// NotifyMail is where mails are handed in.
type NotifyMail struct {
	Host     string       `json:"host"`
	Port     int          `json:"port"`
	Security MailSecurity `json:"security"`
	User     string       `json:"user"`
	// Password is never told; in a request an empty one leaves it as it is, unless user is empty too.
	Password    string `json:"password,omitempty"`
	PasswordSet bool   `json:"password_set"`
	From        string `json:"from"`
}

// NotifyRules are when something counts and how often somebody is told.
type NotifyRules struct {
	// DigestS is for how many seconds what happens is gathered into one message, PerHour how
	// many messages an hour somebody gets at most.
	DigestS int `json:"digest_s"`
	PerHour int `json:"per_hour"`
	// DeadlineDays and CertificateDays are how long before its end something is near.
	DeadlineDays    int `json:"deadline_days"`
	CertificateDays int `json:"certificate_days"`
	// Kinds are by kind when it counts.
	Kinds map[TroubleKind]KindRule `json:"kinds"`
}

// KindRule is when a kind counts.
type KindRule struct {
	// DelayS is for how many seconds it has to last; RepeatH after how many hours it is told
	// again while it does, 0: never.
	DelayS  int `json:"delay_s"`
	RepeatH int `json:"repeat_h"`
}

// NotifyPing is an address outside that is asked now and then: where it is not, the box is dead.
type NotifyPing struct {
	// URL is never told, for it is the secret; in a request an empty one leaves it as it is.
	URL string `json:"url,omitempty"`
	// Host of the URL; empty: none is set.
	Host string `json:"host"`
	// Every is in minutes; 0: off.
	Every   int  `json:"every"`
	Private bool `json:"private"`
	// Last is when it answered last; Failing why it does not.
	Last    time.Time    `json:"last,omitzero"`
	Failing NotifyReason `json:"failing,omitempty"`
}

// NotifyTo is what people and webhooks have in common.
type NotifyTo struct {
	Kinds []TroubleKind `json:"kinds"`
	// QuietFrom and QuietTo are hours and minutes at the site, such as 22:00; empty: no quiet hours.
	QuietFrom string `json:"quiet_from"`
	QuietTo   string `json:"quiet_to"`
	// Urgent lets what is urgent through in quiet hours.
	Urgent bool `json:"urgent"`
}

// NotifyPerson is a user of the console who is told by mail.
type NotifyPerson struct {
	User string `json:"user"`
	// Address of the person's own; empty: the person is told nothing.
	Address string `json:"address"`
	NotifyTo
	NotifyGoing
}

// NotifyWebhook is a machine that is told.
type NotifyWebhook struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// URL is never told, for it may hold a secret; in a request an empty one leaves it as it is.
	URL  string `json:"url,omitempty"`
	Host string `json:"host"`
	// Private: it may be in a network of one's own. Language is that of its texts.
	Private  bool   `json:"private"`
	Language string `json:"language"`
	NotifyTo
	NotifyGoing
}

// MadeWebhook is the answer of making one: Secret signs what it gets, and is shown this once.
type MadeWebhook struct {
	NotifyWebhook
	Secret string `json:"secret"`
}

// NotifyGoing is how telling somebody goes.
type NotifyGoing struct {
	// Open counts what was told and is not over; Waiting: a message is on its way since then.
	Open    int       `json:"open"`
	Waiting time.Time `json:"waiting,omitzero"`
	// Last is when the last message was taken, Failing why the newest one is not yet.
	Last    time.Time    `json:"last,omitzero"`
	Failing NotifyReason `json:"failing,omitempty"`
	Status  int          `json:"status,omitempty"`
}

// NotifyState counts since the start.
type NotifyState struct {
	Waiting int `json:"waiting"`
	// Sent, Failed, Expired and Capped count messages that were taken, tries that failed, messages given
	// up after a day, and those that the limit of an hour held back; Dropped what found no room to be watched.
	Sent    uint64 `json:"sent"`
	Failed  uint64 `json:"failed"`
	Expired uint64 `json:"expired"`
	Capped  uint64 `json:"capped"`
	Dropped uint64 `json:"dropped"`
	// Open are the troubles that count now.
	Open []OpenTrouble `json:"open"`
}

// OpenTrouble is something that counts now.
type OpenTrouble struct {
	Kind TroubleKind `json:"kind"`
	// ID is a camera's, a clause's or a gateway's; Name what people call it.
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Since time.Time `json:"since"`
}

// NotifyTest is the body of POST /v1/notify/test: person with User, webhook with ID, or ping.
type NotifyTest struct {
	User    string `json:"user,omitempty"`
	Webhook string `json:"webhook,omitempty"`
	Ping    bool   `json:"ping,omitempty"`
}

// NotifyTested is what came of a test.
type NotifyTested struct {
	Sent   bool         `json:"sent"`
	Reason NotifyReason `json:"reason,omitempty"`
	Status int          `json:"status,omitempty"`
	// Message says it in words.
	Message string `json:"message"`
}

// Notify asks who is told of what.
func (c *Client) Notify(ctx context.Context) (Notify, error) {
	var out Notify
	return out, c.Call(ctx, http.MethodGet, "/v1/notify", nil, &out)
}

// SetNotifySite says how messages name this gateway.
func (c *Client) SetNotifySite(ctx context.Context, in NotifySite) error {
	return c.Call(ctx, http.MethodPut, "/v1/notify/site", in, nil)
}

// SetNotifyMail says where mails are handed in.
func (c *Client) SetNotifyMail(ctx context.Context, in NotifyMail) error {
	return c.Call(ctx, http.MethodPut, "/v1/notify/mail", in, nil)
}

// SetNotifyRules says when something counts.
func (c *Client) SetNotifyRules(ctx context.Context, in NotifyRules) error {
	return c.Call(ctx, http.MethodPut, "/v1/notify/rules", in, nil)
}

// SetNotifyPing sets the address outside that is asked now and then.
func (c *Client) SetNotifyPing(ctx context.Context, in NotifyPing) error {
	return c.Call(ctx, http.MethodPut, "/v1/notify/ping", in, nil)
}

// SetNotifyPerson says of what a person is told, and where.
func (c *Client) SetNotifyPerson(ctx context.Context, in NotifyPerson) error {
	return c.Call(ctx, http.MethodPut, "/v1/notify/people/"+url.PathEscape(in.User), in, nil)
}

// RemoveNotifyPerson forgets a person's address.
func (c *Client) RemoveNotifyPerson(ctx context.Context, user string) error {
	return c.Call(ctx, http.MethodDelete, "/v1/notify/people/"+url.PathEscape(user), nil, nil)
}

// AddWebhook makes one.
func (c *Client) AddWebhook(ctx context.Context, in NotifyWebhook) (MadeWebhook, error) {
	var out MadeWebhook
	return out, c.Call(ctx, http.MethodPost, "/v1/notify/webhooks", in, &out)
}

// SetWebhook changes one.
func (c *Client) SetWebhook(ctx context.Context, id string, in NotifyWebhook) error {
	return c.Call(ctx, http.MethodPut, "/v1/notify/webhooks/"+url.PathEscape(id), in, nil)
}

// RemoveWebhook withdraws one.
func (c *Client) RemoveWebhook(ctx context.Context, id string) error {
	return c.Call(ctx, http.MethodDelete, "/v1/notify/webhooks/"+url.PathEscape(id), nil, nil)
}

// TestNotify sends a message that is only a test.
func (c *Client) TestNotify(ctx context.Context, in NotifyTest) (NotifyTested, error) {
	var out NotifyTested
	return out, c.Call(ctx, http.MethodPost, "/v1/notify/test", in, &out)
}
