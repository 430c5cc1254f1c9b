// Package site is one gateway's site as a file: cameras and their areas, what is said of them
// and of the site, whose consents count, who may come in and who is told. `bauta export`
// writes such a file and `bauta apply` takes it in.
//
// In: the file's bytes, and the site as a gateway has it. Out: the same site in one form and
// order, whatever way it came by; the site as the file makes it; and what differs, object by
// object. It asks nobody and changes nothing, starts no goroutines, and has no place for a
// secret: passwords, addresses of persons and addresses that let somebody in are no part of a Site.
package site

import (
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Version is that of the file's form.
const Version = 1

// Site is all of it. Its fields, and those of what it holds, are the file's keys by their json
// tags. Beside them stand:
//
//	id        tells the elements of a list apart; without one it is the first field
//	words     what a text may be
//	standard  the word that an empty text stands for
//	list      whole: the list is one value, its elements are not told apart
//	kept      a field that --prune does not reset where the file does not say it
//	always    written though it is empty
type Site struct {
	Version int `json:"version" kept:"true"`
	// Site has no answers: they stand in Answers.
	Site     policy.Site    `json:"site"`
	Answers  []Answer       `json:"answers" kept:"true"`
	Calendar []civil.Notice `json:"calendar" kept:"true"`
	Issuers  []Issuer       `json:"issuers"`
	// SealedKeys are the public keys of both groups; empty: there are none.
	SealedKeys   []sealed.Group `json:"sealed_keys" list:"whole" kept:"true"`
	Cameras      []Camera       `json:"cameras"`
	Users        []User         `json:"users"`
	SecondFactor SecondFactor   `json:"second_factor"`
	BuiltInLogin BuiltInLogin   `json:"built_in_login"`
	StreamLogins []StreamLogin  `json:"stream_logins"`
	MQTTLogins   []MQTTLogin    `json:"mqtt_logins"`
	Notify       Notify         `json:"notify"`
}

// Answer is what was answered to a question that decides which duties there are.
type Answer struct {
	Question policy.Question `json:"question"`
	Says     string          `json:"says" words:"yes no"`
	Note     string          `json:"note"`
	Count    int             `json:"count"`
	Day      civil.Date      `json:"day"`
}

// Issuer is a key whose consents count.
type Issuer struct {
	Name string `json:"name"`
	// Key is the public key, PEM.
	Key string `json:"key" id:"true"`
}

// Camera is how a camera is read and masked, and what is said of it.
type Camera struct {
	ID    media.CameraID `json:"id"`
	Name  string         `json:"name" kept:"true"`
	Group string         `json:"group"`
	// URL has *** in the place of a secret.
	URL       string `json:"url" kept:"true"`
	User      string `json:"user" kept:"true"`
	Transport string `json:"transport" words:"auto tcp udp http" standard:"auto"`
	// Fingerprint may have been learned at the first contact; so what the file does not say stays.
	Fingerprint string         `json:"fingerprint" kept:"true"`
	InsecureTLS bool           `json:"insecure_tls"`
	BasicLogin  bool           `json:"basic_login"`
	Mask        string         `json:"mask" words:"blur mosaic solid"`
	Cover       string         `json:"cover" words:"faces moving" standard:"faces"`
	Mounting    media.Mounting `json:"mounting" words:"auto 0 90 180 270" standard:"auto"`
	// LookAhead and RateCap are nil, and the sizes empty, for the configured ones.
	LookAhead *time.Duration   `json:"look_ahead"`
	RateCap   *float64         `json:"rate_cap"`
	MaxSize   media.OutputSize `json:"max_size"`
	SubSize   media.SubSize    `json:"sub_size"`
	SubFPS    int              `json:"sub_fps"`
	Facts     policy.Camera    `json:"facts"`
	Sealed    Sealed           `json:"sealed"`
	Zones     []Zone           `json:"zones"`
}

// Sealed says for how long a camera's originals are kept sealed; 0 days: they are not.
type Sealed struct {
	Days int    `json:"days" always:"true"`
	Why  string `json:"why"`
}

// Zone is an area of a camera's frame.
type Zone struct {
	ID   string `json:"id"`
	Name string `json:"name" kept:"true"`
	Kind string `json:"kind" words:"private masked moving consent capture"`
	// Purposes of a consent zone; none: nobody is shown there.
	Purposes []string `json:"purposes"`
	// Points as the command line takes them: "X,Y X,Y X,Y".
	Points string `json:"points"`
}

// User is an account of the console that logs in by password.
type User struct {
	Name     string `json:"name"`
	Role     string `json:"role" words:"viewer auditor manager"`
	Language string `json:"language" words:"en zh-CN" kept:"true"`
}

// SecondFactor says whose logins need one.
type SecondFactor struct {
	Managers bool `json:"managers" always:"true"`
}

// BuiltInLogin is the login at the streams that each gateway makes for itself.
type BuiltInLogin struct {
	Off bool `json:"off" always:"true"`
}

// StreamLogin is a login at the masked streams.
type StreamLogin struct {
	Name string `json:"name"`
	// All: it may watch all cameras, those to come too; else those of Cameras.
	All     bool             `json:"all"`
	Cameras []media.CameraID `json:"cameras"`
}

// MQTTLogin is a login at the embedded broker.
type MQTTLogin struct {
	Name string `json:"name"`
	May  string `json:"may" words:"read mask"`
}

// Notify says who is told of what.
type Notify struct {
	Site     NotifySite `json:"site"`
	Mail     Mail       `json:"mail"`
	Rules    Rules      `json:"rules"`
	Ping     Ping       `json:"ping"`
	People   []Person   `json:"people"`
	Webhooks []Webhook  `json:"webhooks"`
}

// NotifySite is how messages name the gateway.
type NotifySite struct {
	Name    string `json:"name" always:"true"`
	Console string `json:"console"`
}

// Mail is where mails are handed in.
type Mail struct {
	Host     string `json:"host" always:"true"`
	Port     int    `json:"port"`
	Security string `json:"security" words:"starttls tls none"`
	User     string `json:"user"`
	From     string `json:"from"`
}

// Rules are when something counts and how often somebody is told.
type Rules struct {
	DigestS         int        `json:"digest_s" kept:"true" always:"true"`
	PerHour         int        `json:"per_hour" kept:"true"`
	DeadlineDays    int        `json:"deadline_days" kept:"true"`
	CertificateDays int        `json:"certificate_days" kept:"true"`
	Kinds           []KindRule `json:"kinds" kept:"true"`
}

// KindRule is when one kind counts.
type KindRule struct {
	Kind    string `json:"kind"`
	DelayS  int    `json:"delay_s" kept:"true" always:"true"`
	RepeatH int    `json:"repeat_h" kept:"true" always:"true"`
}

// Ping is an address outside that is asked now and then; of the address only the host is said.
type Ping struct {
	Host    string `json:"host"`
	Every   int    `json:"every" always:"true"`
	Private bool   `json:"private"`
}

// To is what people and webhooks have in common.
type To struct {
	Kinds     []string `json:"kinds" always:"true"`
	QuietFrom string   `json:"quiet_from"`
	QuietTo   string   `json:"quiet_to"`
	Urgent    bool     `json:"urgent"`
}

// Person is an account that is told by mail. The mail address is no part of the file.
type Person struct {
	User string `json:"user"`
	To
}

// Webhook is a machine that is told; of its address only the host is said.
type Webhook struct {
	Name     string `json:"name"`
	Host     string `json:"host"`
	Private  bool   `json:"private"`
	Language string `json:"language" words:"en zh-CN"`
	To
}
