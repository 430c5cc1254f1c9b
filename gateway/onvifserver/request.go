package onvifserver

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The paths. A camera's id has no underscore, so that each path has one meaning.
const (
	root            = "/onvif/"
	serviceSuffix   = "_service"
	snapshotFolder  = "snapshot"
	pullPointFolder = "pullpoint"
)

// target is what a path leads to.
type target struct {
	// camera is that of a device of one camera; empty: the device of all.
	camera media.CameraID
	// service is the name before _service; empty: none. pull is the id of a pull point.
	service, pull string
	// snapshot is the camera of a snapshot's address.
	snapshot media.CameraID
}

// targetOf reads a path: /onvif/x_service, /onvif/<camera>/x_service, /onvif/snapshot/<camera>
// and /onvif/pullpoint/<id>.
func targetOf(path string) (t target, ok bool) {
	rest, ok := strings.CutPrefix(path, root)
	if !ok {
		return t, false
	}
	folder, last, two := strings.Cut(rest, "/")
	if strings.Contains(last, "/") {
		return t, false
	}
	if !two {
		t.service, ok = strings.CutSuffix(folder, serviceSuffix)
		return t, ok
	}
	if name, is := strings.CutSuffix(last, serviceSuffix); is {
		id, err := media.ParseCameraID(folder)
		return target{camera: id, service: name}, err == nil
	}
	switch folder {
	case snapshotFolder:
		id, err := media.ParseCameraID(last)
		return target{snapshot: id}, err == nil
	case pullPointFolder:
		return target{pull: last}, last != ""
	}
	return t, false
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	t, ok := targetOf(r.URL.Path)
	switch {
	case !ok:
		http.Error(w, "the device service is at "+root+"device"+serviceSuffix, http.StatusNotFound)
	case t.snapshot != "":
		s.serveSnapshot(w, r, t.snapshot)
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "this is an ONVIF service: it is asked by SOAP", http.StatusMethodNotAllowed)
	default:
		s.serveSOAP(w, r, t)
	}
}

// call is one question of one who is logged in.
type call struct {
	*Server
	target
	http     *http.Request
	response http.ResponseWriter
	// question is the first element of the body, doc the whole envelope.
	question, doc *soapxml.Node
	user          string
	// at is this device's address as the client reached it, [host]:port.
	at string
}

func (s *Server) serveSOAP(w http.ResponseWriter, r *http.Request, t target) {
	c, err := s.read(w, r, t)
	if err != nil {
		s.refuse(w, nil, err)
		return
	}
	if c.question.Name == "GetSystemDateAndTime" {
		send(w, http.StatusOK, "", tag("tds:GetSystemDateAndTimeResponse", dateAndTime(time.Now())))
		return
	}
	if c.user, err = s.login(r, c.doc); err != nil {
		s.refuse(w, r, err)
		return
	}
	defer connlimit.Use(r.Context())()
	if body, err := c.answer(); err != nil {
		s.refuse(w, r, err)
	} else {
		send(w, http.StatusOK, c.addressing(), body)
	}
}

func (s *Server) read(w http.ResponseWriter, r *http.Request, t target) (*call, error) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		return nil, notWellFormed
	}
	doc, err := soapxml.Parse(data)
	if err != nil {
		return nil, notWellFormed
	}
	question, err := questionOf(doc)
	return &call{Server: s, target: t, http: r, response: w, question: question, doc: doc, at: reached(r)}, err
}

// questionOf is the one element of an envelope's body.
func questionOf(doc *soapxml.Node) (*soapxml.Node, error) {
	if doc.Name != "Envelope" {
		return nil, notWellFormed
	}
	for _, part := range doc.Children {
		if part.Name == "Body" && len(part.Children) > 0 {
			return part.Children[0], nil
		}
	}
	return nil, notWellFormed
}

// refuse answers with a fault, and asks for a login where one is wanted; r is nil where none would help.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var f *fault
	if !errors.As(err, &f) {
		s.cfg.Log.Error("ONVIF: a question could not be answered", "error", err)
		f = &fault{receiver: true, codes: []string{"ter:Action"}, reason: "Action failed"}
	}
	if f.challenge && r != nil {
		w.Header().Set("WWW-Authenticate", s.challenge(time.Now(), f.stale))
	}
	send(w, f.status(), "", f.body())
}

// hostForm is a host name, an IPv4 address or an IPv6 one in brackets, with a port or without.
var hostForm = regexp.MustCompile(`^([a-zA-Z0-9.-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(:[0-9]{1,5})?$`)

// reached is [host]:port as the client wrote it, which behind a port forwarding is the only one
// that works; else that of the connection.
func reached(r *http.Request) string {
	if hostForm.MatchString(r.Host) {
		return r.Host
	}
	if a, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		if at, err := netip.ParseAddrPort(a.String()); err == nil {
			return netip.AddrPortFrom(at.Addr().Unmap().WithZone(""), at.Port()).String()
		}
	}
	return "localhost"
}

// host is that without the port, and without brackets.
func (c *call) host() string {
	if host, _, err := net.SplitHostPort(c.at); err == nil {
		return host
	}
	return strings.Trim(c.at, "[]")
}

// service is the address of one of this device's services.
func (c *call) serviceAt(name string) string {
	folder := root
	if c.camera != "" {
		folder += string(c.camera) + "/"
	}
	return "http://" + c.at + folder + name + serviceSuffix
}

// cameras are those of this device that the login may watch.
func (c *call) cameras() (all []Camera) {
	for _, one := range c.cfg.Cameras() {
		if (c.camera == "" || c.camera == one.ID) && c.cfg.Logins.May(c.user, one.ID) {
			all = append(all, one)
		}
	}
	return all
}

// operation answers one question with what belongs into its response.
type operation func(*call) (string, error)

// service is a set of them, with the prefix of their answers.
type service struct {
	name, space, prefix string
	operations          map[string]operation
}

// services are all of them. A question's namespace says which is meant, else the path: some clients
// declare none, others ask one service at another one's address.
var services = []service{
	{"device", deviceNS, "tds", deviceOperations},
	{"media", mediaNS, "trt", mediaOperations},
	{"media2", media2NS, "tr2", media2Operations},
	{"events", eventsNS, "tev", eventOperations},
	{"subscription", notifyNS, "wsnt", subscriptionOperations},
}

func (c *call) answer() (string, error) {
	if c.camera != "" && len(c.cameras()) == 0 {
		return "", notForLogin
	}
	s, op := c.find()
	if op == nil {
		if strings.HasPrefix(c.question.Name, "Set") || strings.HasPrefix(c.question.Name, "Create") {
			return "", nothingSet
		}
		return "", notImplemented
	}
	inner, err := op(c)
	if err != nil {
		return "", err
	}
	return tag(s.prefix+":"+c.question.Name+"Response", inner), nil
}

// find is the operation that is asked for; nil: there is none.
func (c *call) find() (service, operation) {
	i := slices.IndexFunc(services, func(s service) bool { return s.space == c.question.Space })
	if i < 0 {
		i = max(0, slices.IndexFunc(services, func(s service) bool { return s.name == c.service }))
	}
	if op := services[i].operations[c.question.Name]; op != nil || c.question.Space != "" {
		return services[i], op
	}
	for _, s := range services {
		if op := s.operations[c.question.Name]; op != nil {
			return s, op
		}
	}
	return service{}, nil
}

// addressing says which question is answered, where it had a number (WS-Addressing 1.0).
func (c *call) addressing() string {
	id := c.doc.Value("Header", "MessageID")
	if id == "" || len(id) > 256 {
		return ""
	}
	return value("wsa:Action", c.question.Space+"/"+c.question.Name+"Response") + value("wsa:RelatesTo", id)
}
