// Package onviftest is a camera for tests: a device service over real HTTP or HTTPS with
// accounts whose passwords count, and an RTSP server that asks for the same ones.
//
// In: what makers' cameras do wrong, as faults. Out: addresses to connect to. Its
// goroutines are those of the servers and end with Close. It sends no frames.
package onviftest

import (
	"crypto/sha1" // the UsernameToken profile's hash
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Fault is what a camera does wrong with a new password.
type Fault string

// The faults. Of one that ends the connection the caller never learns what became of it.
const (
	None       Fault = ""
	Refuse     Fault = "refuse"      // says no
	RefuseTake Fault = "refuse-take" // says no, and takes it
	DieBefore  Fault = "die-before"  // the connection ends, the old one stays
	DieAfter   Fault = "die-after"   // the new one is taken, the answer is lost
	Ignore     Fault = "ignore"      // says yes, the old one stays
	Late       Fault = "late"        // says yes, and takes it at the next restart
	Forget     Fault = "forget"      // says yes, and has the old one again after a restart
	LockOut    Fault = "lock-out"    // takes it, and lets nobody in for a while
)

// account is one of the camera's.
type account struct {
	level, password string
	// after is the password from the next restart on; empty: the same.
	after string
}

// Camera is the device. Its fields are set before requests come, or under Set.
type Camera struct {
	// SetUser has the fault of each change of a password; nil: none.
	SetUser func(n int) Fault
	// Longest refuses longer passwords, Truncate cuts them off silently; 0: neither.
	Longest, Truncate int
	// LockAfter so many wrong logins nobody gets in until Unlock; 0: never. Silent refuses
	// them as if the password were wrong.
	LockAfter int
	Silent    bool
	// NoUsers has no user service. OpenRTSP shows its stream to anybody, OpenUsers lists its
	// accounts to them. OtherRTSP keeps the RTSP server's passwords apart, as they were.
	NoUsers, OpenRTSP, OpenUsers, OtherRTSP bool
	// Down answers nothing.
	Down bool
	// Asked is called before each answer but that of the clock; nil: nobody wants it.
	Asked func(what string)

	srv  *httptest.Server
	rtsp *streams

	ending sync.Once

	mu      sync.Mutex
	users   map[string]*account
	first   map[string]string
	order   []string
	changes int
	wrong   int
	locked  bool
	logins  []string
}

// New starts one with an administrator; encrypted: over HTTPS.
func New(encrypted bool, user, password string) (*Camera, error) {
	c := &Camera{users: map[string]*account{}, first: map[string]string{}}
	c.Add(user, password, "Administrator")
	c.srv = httptest.NewUnstartedServer(c)
	c.srv.Config.ErrorLog = nil
	if encrypted {
		c.srv.StartTLS()
	} else {
		c.srv.Start()
	}
	var err error
	if c.rtsp, err = serveRTSP(c); err != nil {
		c.srv.Close()
	}
	return c, err
}

// Close ends both servers; further calls do nothing.
func (c *Camera) Close() {
	c.ending.Do(func() {
		c.srv.CloseClientConnections()
		c.srv.Close()
		c.rtsp.Close()
	})
}

// Service is the address of its device service, RTSP that of its stream.
func (c *Camera) Service() string { return c.srv.URL + "/onvif/device_service" }

// RTSP is the address of its stream, without a login.
func (c *Camera) RTSP() string { return c.rtsp.address }

// Add makes one more account.
func (c *Camera) Add(user, password, level string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.users[user], c.first[user] = &account{level: level, password: password}, password
	c.order = append(c.order, user)
}

// Set changes the camera between requests.
func (c *Camera) Set(change func(*Camera)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(c)
}

// Restart has the passwords take effect that wait for it.
func (c *Camera) Restart() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range c.users {
		if a.after != "" {
			a.password, a.after = a.after, ""
		}
	}
	c.wrong, c.locked = 0, false
}

// Reset gives all accounts the passwords back that they had first.
func (c *Camera) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name, a := range c.users {
		a.password, a.after = c.first[name], ""
	}
	c.wrong, c.locked = 0, false
}

// Unlock ends a lock-out.
func (c *Camera) Unlock() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrong, c.locked = 0, false
}

// Password is an account's at this moment.
func (c *Camera) Password(user string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.users[user].password
}

// Changes counts the changes of passwords that were asked for, Wrong the wrong logins since
// the last right one.
func (c *Camera) Changes() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changes
}

// Wrong counts the wrong logins since the last right one.
func (c *Camera) Wrong() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wrong
}

// Played reports whether the stream was shown to this login.
func (c *Camera) Played(user, password string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range c.logins {
		if l == user+":"+password {
			return true
		}
	}
	return false
}

// envelope is a SOAP request.
type envelope struct {
	Token *struct {
		Username, Password, Nonce, Created string
	} `xml:"Header>Security>UsernameToken"`
	Body struct {
		Inner string `xml:",innerxml"`
	}
}

// setUser is the request that changes a password.
type setUser struct {
	User struct{ Username, Password, UserLevel string }
}

// ServeHTTP answers one question.
func (c *Camera) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	var in envelope
	if err := xml.Unmarshal(data, &in); err != nil {
		http.Error(w, "no SOAP", http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.Down {
		panic(http.ErrAbortHandler)
	}
	what, _, _ := strings.Cut(strings.TrimPrefix(in.Body.Inner, "<tds:"), ">")
	what = strings.TrimSuffix(what, "/")
	if what == "GetSystemDateAndTime" {
		c.answer(w, what, clock(time.Now().UTC()))
		return
	}
	if c.Asked != nil {
		c.Asked(what)
	}
	by, ok := c.login(w, in)
	if ok {
		c.serve(w, what, in.Body.Inner, by)
	}
}

// login reports who asks; nobody is the empty name, where that may ask.
func (c *Camera) login(w http.ResponseWriter, in envelope) (name string, ok bool) {
	t := in.Token
	switch {
	case t == nil:
		if !c.OpenUsers {
			c.fault(w, "ter:NotAuthorized", "Sender not authorized")
		}
		return "", c.OpenUsers
	case c.locked:
		c.refuse(w)
		return "", false
	}
	a := c.users[t.Username]
	nonce, _ := base64.StdEncoding.DecodeString(t.Nonce)
	if a != nil {
		sum := sha1.Sum([]byte(string(nonce) + t.Created + a.password))
		if t.Password == base64.StdEncoding.EncodeToString(sum[:]) {
			c.wrong = 0
			return t.Username, true
		}
	}
	c.wrong++
	c.locked = c.LockAfter > 0 && c.wrong >= c.LockAfter
	c.fault(w, "ter:NotAuthorized", "Sender not authorized")
	return "", false
}

func (c *Camera) refuse(w http.ResponseWriter) {
	if c.Silent {
		c.fault(w, "ter:NotAuthorized", "Sender not authorized")
		return
	}
	c.fault(w, "ter:NotAuthorized", "The account is locked, try later")
}

func (c *Camera) serve(w http.ResponseWriter, what, body, by string) {
	admin := by == "" || c.users[by].level == "Administrator"
	switch {
	case what == "GetDeviceInformation":
		c.answer(w, what, "<tds:Model>M1</tds:Model>")
	case what != "GetUsers" && what != "SetUser", c.NoUsers:
		c.fault(w, "ter:ActionNotSupported", "Optional Action Not Implemented")
	case !admin:
		c.fault(w, "ter:NotAuthorized", "Sender not authorized")
	case what == "GetUsers":
		var out strings.Builder
		for _, name := range c.order {
			fmt.Fprintf(&out, "<tds:User><tt:Username>%s</tt:Username><tt:UserLevel>%s</tt:UserLevel></tds:User>", name, c.users[name].level)
		}
		c.answer(w, what, out.String())
	default:
		c.change(w, body)
	}
}

func (c *Camera) change(w http.ResponseWriter, body string) {
	var in setUser
	if err := xml.Unmarshal([]byte(body), &in); err != nil || c.users[in.User.Username] == nil {
		c.fault(w, "ter:UsernameMissing", "no such user")
		return
	}
	fault := None
	if c.SetUser != nil {
		fault = c.SetUser(c.changes)
	}
	c.changes++
	a, wanted := c.users[in.User.Username], in.User.Password
	if c.Longest > 0 && len(wanted) > c.Longest {
		c.fault(w, "ter:PasswordTooLong", "Password too long")
		return
	}
	if c.Truncate > 0 {
		wanted = wanted[:min(len(wanted), c.Truncate)]
	}
	c.apply(a, wanted, fault)
	switch fault {
	case DieBefore, DieAfter:
		panic(http.ErrAbortHandler)
	case Refuse, RefuseTake:
		c.fault(w, "ter:Password", "Password not accepted")
	default:
		c.answer(w, "SetUser", "")
	}
}

func (c *Camera) apply(a *account, wanted string, fault Fault) {
	switch fault {
	case Refuse, DieBefore, Ignore:
	case Late:
		a.after = wanted
	case Forget:
		a.after, a.password = a.password, wanted
	case LockOut:
		a.password, a.after, c.locked = wanted, "", true
	default:
		a.password, a.after = wanted, ""
	}
}

func clock(n time.Time) string {
	return fmt.Sprintf(`<tds:SystemDateAndTime><tt:UTCDateTime><tt:Time><tt:Hour>%d</tt:Hour><tt:Minute>%d</tt:Minute><tt:Second>%d</tt:Second></tt:Time>`+
		`<tt:Date><tt:Year>%d</tt:Year><tt:Month>%d</tt:Month><tt:Day>%d</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>`,
		n.Hour(), n.Minute(), n.Second(), n.Year(), n.Month(), n.Day())
}

func (c *Camera) answer(w http.ResponseWriter, what, inner string) {
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema"`+
		` xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><e:Body><tds:%sResponse>%s</tds:%sResponse></e:Body></e:Envelope>`, what, inner, what)
}

func (c *Camera) fault(w http.ResponseWriter, code, why string) {
	w.WriteHeader(http.StatusBadRequest)
	fmt.Fprintf(w, `<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:ter="http://www.onvif.org/ver10/error"><e:Body><e:Fault>`+
		`<e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>%s</e:Value></e:Subcode></e:Code><e:Reason><e:Text xml:lang="en">%s</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>`, code, why)
}
