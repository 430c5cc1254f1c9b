package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/displays"
	"github.com/bauta-gateway/bauta/gateway/fleet"
	"github.com/bauta-gateway/bauta/gateway/hls"
	"github.com/bauta-gateway/bauta/gateway/lockout"
	"github.com/bauta-gateway/bauta/gateway/logins"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/notice"
	"github.com/bauta-gateway/bauta/gateway/onvifserver"
	"github.com/bauta-gateway/bauta/gateway/plainhttp"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/signon"
	"github.com/bauta-gateway/bauta/gateway/whep"
)

// limitsInForce are the program's own, by the first two columns of the table.
func limitsInForce() map[string]any {
	const streams, pages, preview, segments, recorders, page, dashboard, embedded, pack, log, screens = "RTSP and RTSPS: ", "console and API: ", "live preview (WebRTC): ", "HLS: ", "ONVIF: ", "notice: ", "bauta dashboard: ", "embedded broker: ", "evidence verify: ", "log: ", "links of screens: "
	return map[string]any{
		streams + "connections open at once":                       rtsp.DefaultMaxConns,
		streams + "of one source, those that do not play":          rtsp.MaxIdle,
		streams + "of one source, those that play":                 rtsp.MaxPlaying,
		streams + "time from the connection to PLAY, TLS included": rtsp.HandshakeLimit,
		streams + "viewers of one camera":                          rtsp.DefaultMaxViewers,

		pages + "connections open at once":                                                 console.MaxConnections,
		pages + "of one source, those without a running request of somebody logged in":     console.MaxIdle,
		pages + "TLS handshake, then a request's header":                                   console.HandshakeLimit,
		pages + "a request's body in bytes, where the API's description says nothing else": api.MaxRequest,
		pages + "wrong logins of one source or name before each next one has to wait":      lockout.FreeTries,
		pages + "longest wait of a source":                                                 lockout.LongestWait,
		pages + "longest wait of a name":                                                   console.LongestForUser,
		pages + "longest wait of a user for the next code of the second factor":            lockout.LongestWait,
		pages + "a header without TLS in bytes, which is led to https":                     plainhttp.MaxHeader,
		pages + "requests to the login provider at once":                                   signon.MaxAsking,
		pages + "time that somebody may take at the login provider":                        signon.Life,
		pages + "people who wait for a role":                                               signon.MaxRequests,

		preview + "viewers in all":                         whep.DefaultSessions,
		preview + "viewers of one camera":                  whep.DefaultPerCamera,
		preview + "viewers of one source":                  whep.DefaultPerSource,
		preview + "time from the answer to the connection": whep.ConnectLimit,

		dashboard + "connections open at once":                                               fleet.MaxConnections,
		dashboard + "of one source, those without a running request of somebody let in":      fleet.MaxIdle,
		recorders + "connections open at once":                                               onvifserver.MaxConnections,
		recorders + "of one source, those without a running request of somebody logged in":   onvifserver.MaxIdle,
		recorders + "of one source, those with one":                                          onvifserver.MaxBusy,
		recorders + "reading a request, sending the answer, each":                            onvifserver.RequestLimit,
		recorders + "a request's body in bytes":                                              onvifserver.MaxBody,
		recorders + "wrong logins of one source for a name before each next one has to wait": lockout.FreeTries,
		recorders + "longest wait":                                                           onvifserver.LongestWait,
		recorders + "how far a recorder's clock may be off, and how long a nonce is good":    onvifserver.ClockSkew,
		recorders + "nonces remembered, of one login half of them":                           onvifserver.MaxNonces,
		recorders + "pull points in all":                                                     onvifserver.MaxSubscriptions,
		recorders + "pull points of one login":                                               onvifserver.MaxSubscriptionsEach,
		recorders + "messages that wait in one; then the oldest make room":                   onvifserver.MaxMessages,
		recorders + "how long a request for messages waits":                                  onvifserver.LongestPull,
		recorders + "time between two snapshots of a camera":                                 onvifserver.SnapshotEvery,
		recorders + "answers to searches a second":                                           onvifserver.AnswersASecond,
		recorders + "answers to searches of one host a second":                               onvifserver.AnswersToOneSource,

		page + "connections open at once":                                        notice.MaxConnections,
		page + "of one source":                                                   notice.MaxIdle,
		page + "reading a request, sending the page, each":                       notice.RequestLimit,
		dashboard + "TLS handshake, then a request's header":                     fleet.HandshakeLimit,
		preview + "connections to the TCP port":                                  whep.MaxConnections,
		preview + "connections to the TCP port of one source, without a session": whep.MaxIdle,
		segments + "streams watched at once":                                     hls.DefaultStreams,
		segments + "viewers of one stream":                                       hls.DefaultPerStream,
		segments + "requests being answered":                                     hls.DefaultRequests,
		segments + "requests being answered, of one source":                      hls.DefaultPerSource,
		segments + "a stream's segments in memory, in bytes":                     hls.MaxStream,
		segments + "time without a request after which a viewer is gone":         hls.WatchLimit,
		segments + "time for an answer to leave":                                 hls.AnswerLimit,
		segments + "wrong logins of one source before each next one has to wait": lockout.FreeTries,

		screens + "links in all":                                                displays.Max,
		screens + "days that one is good for":                                   displays.MaxDays,
		screens + "wrong tokens of one source before each next one has to wait": lockout.FreeTries,

		embedded + "connections open at once":                        mqtt.MaxClients,
		embedded + "of one source, logged in":                        mqtt.MaxClientsOfOne,
		embedded + "of one source, not logged in yet":                mqtt.MaxGreeting,
		embedded + "time from the connection to the login":           mqtt.Greeting,
		embedded + "clients remembered, those included that left":    mqtt.MaxSessions,
		embedded + "time for which a client that left is remembered": mqtt.SessionLife,
		embedded + "a packet in bytes":                               mqtt.MaxPacket,
		embedded + "messages that wait for a slow client":            mqtt.MaxWaiting,
		embedded + "subscriptions of one client":                     mqtt.MaxSubscriptions,
		embedded + "a subscription's bytes":                          mqtt.MaxFilter,
		embedded + "a subscription's levels":                         mqtt.MaxFilterLevels,
		embedded + "messages from one client a second":               mqtt.PublishRate,
		embedded + "messages from one client at once":                mqtt.PublishBurst,
		embedded + "messages of clients that it retains":             0,
		embedded + "logins":                                          logins.MaxLogins,

		"any broker: a packet that the gateway takes, in bytes; larger ones are passed over": broker.MaxReceived,

		pack + "files of a pack":              compliance.MaxFiles,
		pack + "bytes of all files unpacked":  int64(compliance.MaxUnpacked),
		pack + "bytes of the manifest":        compliance.MaxManifest,
		pack + "bytes of a line of the trail": compliance.MaxLine,

		log + "time between two lines on refusals of one source": connlimit.LogEvery,
		log + "sources told apart; all others share a line":      connlimit.MaxSources,
	}
}

// docs/security.md says exactly which limits are in force.
func TestSecurityPageHasTheLimits(t *testing.T) {
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "<!-- limits: begin -->")
	table, _, found := strings.Cut(rest, "<!-- limits: end -->")
	if !found {
		t.Fatal("docs/security.md has no table of limits")
	}
	want := limitsInForce()
	for i, row := range strings.Split(strings.TrimSpace(table), "\n") {
		cells := strings.Split(strings.Trim(row, "| "), " | ")
		if i < 2 || len(cells) != 3 { // the head, or what is said below
			if i >= 2 {
				t.Errorf("a row of %d cells: %s", len(cells), row)
			}
			continue
		}
		key := cells[0] + ": " + cells[1]
		in, known := want[key]
		if !known {
			t.Errorf("the page has a limit that the program does not have: %s", key)
		} else if is := written(in); is != cells[2] {
			t.Errorf("%s: the page says %s, the program has %s", key, cells[2], is)
		}
		delete(want, key)
	}
	for key := range want {
		t.Errorf("the page does not have %s", key)
	}
}

// written is a limit as the page has it: 15m, not 15m0s.
func written(v any) string {
	d, ok := v.(time.Duration)
	if !ok {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(d.String(), "m0s") + map[bool]string{true: "m"}[strings.HasSuffix(d.String(), "m0s")]
}
