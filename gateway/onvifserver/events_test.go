package onvifserver

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// pullPoint subscribes as somebody and returns the path of the pull point.
func (d *device) pullPoint(path, user, password, filter string) string {
	d.t.Helper()
	status, body, _ := d.post(path, enveloped(token(user, password, freshNonce(), time.Now()),
		`<tev:CreatePullPointSubscription>`+filter+`<tev:InitialTerminationTime>PT10M</tev:InitialTerminationTime></tev:CreatePullPointSubscription>`))
	u, err := url.Parse(body.Value("SubscriptionReference", "Address"))
	if status != http.StatusOK || err != nil || !strings.HasPrefix(u.Path, "/onvif/pullpoint/") {
		d.t.Fatalf("%d, %v: %s", status, err, body.Value("Fault", "Reason", "Text"))
	}
	return u.Path
}

// pull fetches messages, each as "camera topic operation state".
func (d *device) pull(path, user, password, wait string) (messages []string) {
	d.t.Helper()
	_, body, _ := d.post(path, enveloped(token(user, password, freshNonce(), time.Now()), `<tev:PullMessages><tev:Timeout>`+wait+`</tev:Timeout><tev:MessageLimit>100</tev:MessageLimit></tev:PullMessages>`))
	if body.Find("Fault") != nil {
		return []string{body.Value("Fault", "Reason", "Text")}
	}
	for _, m := range body.All("NotificationMessage") {
		inner := m.Find("Message", "Message")
		messages = append(messages, inner.Find("Source", "SimpleItem").Attr("Value")+" "+m.Value("Topic")+" "+inner.Attr("PropertyOperation")+" "+inner.Find("Data", "SimpleItem").Attr("Value"))
	}
	return messages
}

func (d *device) recorderPulls(path, wait string) []string {
	return d.pull(path, "recorder", recorderPassword, wait)
}

const (
	loss  = "tns1:VideoSource/SignalLoss"
	mask  = "tns1:VideoSource/bauta:MaskingWithheld"
	slate = "tns1:VideoSource/GlobalSceneChange/ImagingService"
)

func expect(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n%s\nwant:\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A pull point begins with how everything is and waits for changes from there on.
func TestPullPoint(t *testing.T) {
	d := start(t)
	at := d.pullPoint("/onvif/yard/events_service", "recorder", recorderPassword, "")
	expect(t, "first", d.recorderPulls(at, "PT0S"), "yard "+loss+" Initialized false", "yard "+mask+" Initialized false", "yard "+slate+" Initialized false")
	expect(t, "nothing new", d.recorderPulls(at, "PT0S"))
	began := time.Now()
	timer := time.AfterFunc(200*time.Millisecond, func() {
		d.protect("lobby", media.Blocked) // not this device's
		d.protect("yard", media.Offline)
	})
	defer timer.Stop()
	expect(t, "offline", d.recorderPulls(at, "PT30S"), "yard "+loss+" Changed true", "yard "+slate+" Changed true")
	if waited := time.Since(began); waited < 100*time.Millisecond || waited > 5*time.Second {
		t.Errorf("waited %v", waited)
	}
	d.protect("yard", media.UnknownProtection)
	d.protect("yard", media.Blocked)
	expect(t, "unmasked", d.recorderPulls(at, "PT0S"), "yard "+loss+" Changed false", "yard "+mask+" Changed true")
	d.protect("yard", media.Protected)
	d.protect("yard", media.OverMasked)
	expect(t, "again", d.recorderPulls(at, "PT0S"), "yard "+mask+" Changed false", "yard "+slate+" Changed false")
	d.ask(at, `<tev:SetSynchronizationPoint/>`)
	if got := d.recorderPulls(at, "PT0S"); len(got) != 3 {
		t.Errorf("after a synchronisation: %q", got)
	}
	if until := d.ask(at, `<wsnt:Renew><wsnt:TerminationTime>PT20M</wsnt:TerminationTime></wsnt:Renew>`).Value("TerminationTime"); until < stamp(time.Now().Add(19*time.Minute)) {
		t.Errorf("renewed until %s", until)
	}
	d.Changed("yard", "")
	expect(t, "removed", d.recorderPulls(at, "PT0S"), "yard "+loss+" Deleted false", "yard "+mask+" Deleted false", "yard "+slate+" Deleted false")
	d.ask(at, `<wsnt:Unsubscribe/>`)
	if got := d.recorderPulls(at, "PT0S"); len(got) != 1 || !strings.Contains(got[0], "no such pull point") {
		t.Errorf("after its end: %q", got)
	}
}

// A login gets the events of its cameras, and no other one's pull points.
func TestEventsOfALogin(t *testing.T) {
	d := start(t)
	wall, recorder := d.pullPoint("/onvif/events_service", "wall", wallPassword, ""), d.pullPoint("/onvif/events_service", "recorder", recorderPassword, "")
	d.protect("yard", media.Offline)
	if got := d.pull(wall, "wall", wallPassword, "PT0S"); len(got) != 3 || strings.Contains(strings.Join(got, " "), "yard") {
		t.Errorf("the wall's: %q", got)
	}
	if got := d.recorderPulls(recorder, "PT0S"); len(got) != 8 {
		t.Errorf("the recorder's: %q", got)
	}
	for _, question := range []string{`<tev:PullMessages/>`, `<wsnt:Renew/>`, `<wsnt:Unsubscribe/>`, `<tev:SetSynchronizationPoint/>`} {
		if _, got := d.refused(recorder, token("wall", wallPassword, freshNonce(), time.Now()), question); !strings.Contains(got, "ResourceUnknown") {
			t.Errorf("%s at another one's: %s", question, got)
		}
	}
	d.protect("lobby", media.Offline)
	d.logins.withdraw()
	if got := d.events.take(d.only(wall), 100); len(got) > 0 {
		t.Errorf("after it was withdrawn: %+v", got)
	}
}

// only is a pull point by its path.
func (d *device) only(path string) *subscription {
	d.events.mu.Lock()
	defer d.events.mu.Unlock()
	return d.events.all[strings.TrimPrefix(path, "/onvif/pullpoint/")]
}

func TestTopicFilter(t *testing.T) {
	d := start(t)
	filtered := func(expression string) int {
		filter := `<tev:Filter><wsnt:TopicExpression Dialect="x">` + expression + `</wsnt:TopicExpression></tev:Filter>`
		return len(d.recorderPulls(d.pullPoint("/onvif/lobby/events_service", "recorder", recorderPassword, filter), "PT0S"))
	}
	for expression, want := range map[string]int{
		loss: 1, loss + "|" + slate: 2, "tns1:VideoSource//.": 3, "tns1:VideoSource/GlobalSceneChange//.": 1, "tns1:RuleEngine//.": 0, "tns1:VideoSource": 0, "x:VideoSource/y:MaskingWithheld": 1, "": 3,
	} {
		if got := filtered(expression); got != want {
			t.Errorf("%s: %d messages, want %d", expression, got, want)
		}
	}
	if _, got := d.refused("/onvif/events_service", token("recorder", recorderPassword, freshNonce(), time.Now()),
		`<tev:CreatePullPointSubscription><tev:Filter><wsnt:MessageContent>boolean(1)</wsnt:MessageContent></tev:Filter></tev:CreatePullPointSubscription>`); !strings.Contains(got, "InvalidMessageContent") {
		t.Errorf("a filter of contents: %s", got)
	}
}

// The topics that are described are those that come.
func TestEventProperties(t *testing.T) {
	d := start(t)
	var paths []string
	var walk func(n *soapxml.Node, above string)
	walk = func(n *soapxml.Node, above string) {
		for _, c := range n.Children {
			if c.Name == "MessageDescription" {
				paths = append(paths, above)
				continue
			}
			walk(c, strings.TrimPrefix(above+"/"+c.Name, "/"))
		}
	}
	walk(d.ask("/onvif/events_service", `<tev:GetEventProperties/>`).Find("TopicSet"), "")
	var want []string
	for _, topic := range topics {
		want = append(want, unprefixed(topic.path))
	}
	expect(t, "topics", paths, want...)
}

// Subscriptions, what waits in them, and how long they live are bounded.
func TestSubscriptionsAreBounded(t *testing.T) {
	d := start(t)
	now := time.Now()
	d.events.now = func() time.Time { return now }
	for i := range MaxSubscriptionsEach {
		if d.events.subscribe("recorder", "", nil, time.Minute) == nil {
			t.Fatalf("%d are too many", i)
		}
	}
	if _, got := d.refused("/onvif/events_service", token("recorder", recorderPassword, freshNonce(), time.Now()), `<tev:CreatePullPointSubscription/>`); !strings.Contains(got, "MaxNumberOfSubscriptions") {
		t.Errorf("one more: %s", got)
	}
	if d.events.subscribe("wall", "", nil, time.Minute) == nil {
		t.Error("another login has none")
	}
	for i := range 2 * MaxMessages {
		d.Changed("lobby", []media.Protection{media.Offline, media.Blocked}[i%2])
	}
	d.events.mu.Lock()
	for _, s := range d.events.all {
		if len(s.queue) > MaxMessages {
			t.Errorf("%d messages wait", len(s.queue))
		}
	}
	d.events.mu.Unlock()
	if n := d.Stats(); n.EventsDropped == 0 || n.Subscriptions != MaxSubscriptionsEach+1 {
		t.Errorf("%+v", n)
	}
	now = now.Add(2 * time.Minute)
	if d.events.subscribe("recorder", "", nil, time.Minute) == nil || d.Stats().Subscriptions != 1 {
		t.Errorf("after their time %d are left", d.Stats().Subscriptions)
	}
}

// A recorder that lost its connection pulls anew; the pull before it ends. So do all when the gateway stops.
func TestPullTakesThePlace(t *testing.T) {
	d := start(t)
	at := d.pullPoint("/onvif/events_service", "recorder", recorderPassword, "")
	d.recorderPulls(at, "PT0S")
	var pulls sync.WaitGroup
	began := time.Now()
	pulls.Go(func() { expect(t, "the first", d.recorderPulls(at, "PT60S")) })
	time.Sleep(100 * time.Millisecond)
	pulls.Go(func() { d.recorderPulls(at, "PT60S") })
	time.Sleep(100 * time.Millisecond)
	d.Close()
	pulls.Wait()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}
