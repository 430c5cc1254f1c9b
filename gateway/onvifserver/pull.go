package onvifserver

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

// LongestPull is how long a request for messages waits at most; the busiest recorders ask for as much.
const LongestPull = time.Minute

var eventOperations = map[string]operation{
	"GetServiceCapabilities":      func(*call) (string, error) { return eventsCapabilities, nil },
	"GetEventProperties":          func(*call) (string, error) { return eventProperties, nil },
	"CreatePullPointSubscription": createPullPoint,
	"PullMessages":                pullMessages,
	"SetSynchronizationPoint":     setSynchronizationPoint,
}

// subscriptionOperations are of WS-BaseNotification. Subscribe is not among them: nothing is
// pushed to an address that a recorder names.
var subscriptionOperations = map[string]operation{"Renew": renew, "Unsubscribe": unsubscribe}

var errNoPullPoint = &fault{codes: []string{"ter:InvalidArgVal", "wsnt:ResourceUnknownFault"}, reason: "There is no such pull point, or its time is over: make a new one"}

const (
	concreteSet = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
	itemFilter  = "http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter"
)

// eventProperties describes the topics.
var eventProperties = value("tev:TopicNamespaceLocation", "http://www.onvif.org/onvif/ver10/topics/topicns.xml") + value("wsnt:FixedTopicSet", true) +
	tag("wstop:TopicSet", tag("tns1:VideoSource", described("SignalLoss"), described("bauta:MaskingWithheld"), tag("GlobalSceneChange", described("ImagingService")))) +
	value("wsnt:TopicExpressionDialect", concreteSet) + value("wsnt:TopicExpressionDialect", "http://docs.oasis-open.org/wsn/t-1/TopicExpression/Concrete") +
	value("tev:MessageContentFilterDialect", itemFilter) +
	value("tev:MessageContentSchemaLocation", "http://www.onvif.org/onvif/ver10/schema/onvif.xsd")

// The names of what is in a message.
const (
	sourceItem = "Source"
	stateItem  = "State"
)

func described(topic string) string {
	item := func(name, kind string) string {
		return tag("tt:SimpleItemDescription" + attr("Name", name) + attr("Type", kind))
	}
	return tag(topic+attr("wstop:topic", true), tag("tt:MessageDescription"+attr("IsProperty", true),
		tag("tt:Source", item(sourceItem, "tt:ReferenceToken")), tag("tt:Data", item(stateItem, "xs:boolean"))))
}

func createPullPoint(c *call) (string, error) {
	filter, err := topicFilter(c.question.Find("Filter"))
	if err != nil {
		return "", err
	}
	s := c.events.subscribe(c.user, c.camera, filter, term(c.question.Value("InitialTerminationTime"), time.Now()))
	if s == nil {
		return "", &fault{receiver: true, codes: []string{"ter:Action", "ter:MaxNumberOfSubscriptions"}, reason: "Too many subscriptions: end those that are not needed"}
	}
	at := "http://" + c.at + root + pullPointFolder + "/" + s.id
	return tag("tev:SubscriptionReference", value("wsa:Address", at)) + times(s), nil
}

// topicFilter reads the topics that are asked for; nil: all.
func topicFilter(f *soapxml.Node) (wanted []string, err error) {
	if f == nil {
		return nil, nil
	}
	if f.Find("MessageContent") != nil {
		return nil, &fault{codes: []string{"ter:InvalidArgVal", "wsnt:InvalidMessageContentExpressionFault"}, reason: "Filters of contents are not known here: leave it out"}
	}
	for _, expression := range f.All("TopicExpression") {
		for one := range strings.SplitSeq(expression.Text, "|") {
			if one = strings.TrimSpace(one); one != "" {
				wanted = append(wanted, unprefixed(one))
			}
		}
	}
	if len(wanted) > MaxMessages {
		return nil, &fault{codes: []string{"ter:InvalidArgVal", "wsnt:InvalidFilterFault"}, reason: "Too many topics"}
	}
	return wanted, nil
}

// times are in both answers that begin or prolong a pull point.
func times(s *subscription) string {
	return value("wsnt:CurrentTime", stamp(time.Now())) + value("wsnt:TerminationTime", stamp(s.until))
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// pullMessages waits until there is something, for as long as is asked.
func pullMessages(c *call) (string, error) {
	wait := max(0, min(LongestPull, duration(c.question.Value("Timeout"))))
	most, err := strconv.Atoi(c.question.Value("MessageLimit"))
	if err != nil || most <= 0 || most > MaxMessages {
		most = MaxMessages
	}
	var s *subscription
	var taken chan struct{}
	var until time.Time
	if !c.events.with(c.pull, c.user, func(found *subscription) { s, taken, until = found, found.pulled(wait, time.Now()), found.until }) {
		return "", errNoPullPoint
	}
	out := http.NewResponseController(c.response)
	end := time.Now().Add(wait + RequestLimit)
	_ = errors.Join(out.SetReadDeadline(end), out.SetWriteDeadline(end)) // else the server's own hold
	var messages []message
	if c.await(s, taken, wait) {
		messages = c.events.take(s, most)
	} else if !c.events.with(c.pull, c.user, func(*subscription) {}) {
		return "", errNoPullPoint // it ended meanwhile
	}
	answer := value("tev:CurrentTime", stamp(time.Now())) + value("tev:TerminationTime", stamp(until))
	for _, m := range messages {
		answer += m.xml()
	}
	return answer, nil
}

// pulled takes the place of a pull that waits: a recorder that lost its connection asks anew. It
// prolongs the pull point. The lock of events is held.
func (s *subscription) pulled(wait time.Duration, now time.Time) (taken chan struct{}) {
	close(s.taken)
	s.taken = make(chan struct{})
	if until := now.Add(max(s.term, wait+RequestLimit)); until.After(s.until) {
		s.until = until
	}
	return s.taken
}

// await reports whether what waits may be taken: false where another pull came, or nobody waits any more.
func (c *call) await(s *subscription, taken chan struct{}, wait time.Duration) bool {
	ctx, cancel := context.WithTimeout(c.http.Context(), wait)
	defer cancel()
	select {
	case <-s.ready:
		return true
	case <-taken:
		return false
	case <-c.ctx.Done():
		return false
	case <-ctx.Done():
		return c.http.Context().Err() == nil
	}
}

// xml is a message as WS-BaseNotification and ONVIF (core specification, section 9.5) have it.
func (m message) xml() string {
	item := func(name string, is any) string {
		return tag("tt:SimpleItem" + attr("Name", name) + attr("Value", is))
	}
	return tag("wsnt:NotificationMessage", value(`wsnt:Topic Dialect="`+concreteSet+`"`, m.topic),
		tag("wsnt:Message", tag("tt:Message"+attr("UtcTime", stamp(m.at))+attr("PropertyOperation", m.operation),
			tag("tt:Source", item(sourceItem, m.camera)), tag("tt:Data", item(stateItem, m.state)))))
}

func setSynchronizationPoint(c *call) (string, error) {
	if !c.events.with(c.pull, c.user, c.events.synchronize) {
		return "", errNoPullPoint
	}
	return "", nil
}

func renew(c *call) (answer string, err error) {
	now := time.Now()
	if !c.events.with(c.pull, c.user, func(s *subscription) {
		s.term = term(c.question.Value("TerminationTime"), now)
		s.until = now.Add(s.term)
		answer = value("wsnt:TerminationTime", stamp(s.until)) + value("wsnt:CurrentTime", stamp(now))
	}) {
		return "", errNoPullPoint
	}
	return answer, nil
}

func unsubscribe(c *call) (string, error) {
	if !c.events.with(c.pull, c.user, c.events.end) {
		return "", errNoPullPoint
	}
	return "", nil
}

// term is how long a pull point is to live, which is asked for as a span or as a moment.
func term(asked string, now time.Time) time.Duration {
	span := duration(asked)
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if at, err := time.Parse(form, asked); err == nil {
			span = at.Sub(now)
		}
	}
	if span <= 0 {
		span = usualTerm
	}
	return max(shortestTerm, min(LongestTerm, span))
}

// durationForm is that of XML Schema, without years and months, whose length nobody knows.
var durationForm = regexp.MustCompile(`^P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})(?:\.\d+)?S)?)?$`)

// duration is 0 for what is none.
func duration(s string) (d time.Duration) {
	parts := durationForm.FindStringSubmatch(s)
	if parts == nil {
		return 0
	}
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if n, err := strconv.Atoi(parts[i+1]); err == nil {
			d += time.Duration(n) * unit
		}
	}
	return d
}
