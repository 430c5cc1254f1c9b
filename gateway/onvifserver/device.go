package onvifserver

import (
	"crypto/sha256"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Words of the device about itself.
const (
	manufacturer = "Bauta"
	model        = "Privacy gateway"
	hardwareName = "bauta"
)

var deviceOperations = map[string]operation{
	"GetServices":            getServices,
	"GetServiceCapabilities": deviceServiceCapabilities,
	"GetCapabilities":        getCapabilities,
	"GetDeviceInformation":   getDeviceInformation,
	"GetScopes":              getScopes,
	"GetHostname":            getHostname,
	"GetNetworkProtocols":    getNetworkProtocols,
	"GetDiscoveryMode":       getDiscoveryMode,
	"GetWsdlUrl": func(*call) (string, error) {
		return value("tds:WsdlUrl", "https://www.onvif.org/profiles/specifications/"), nil
	},
	"GetEndpointReference": func(c *call) (string, error) { return value("tds:GUID", "urn:uuid:"+c.id()), nil },
}

// dateAndTime is in UTC: what zone the site is in concerns nobody without a login.
func dateAndTime(now time.Time) string {
	now = now.UTC()
	at := tag("tt:Time", value("tt:Hour", now.Hour()), value("tt:Minute", now.Minute()), value("tt:Second", now.Second())) +
		tag("tt:Date", value("tt:Year", now.Year()), value("tt:Month", int(now.Month())), value("tt:Day", now.Day()))
	return tag("tds:SystemDateAndTime", value("tt:DateTimeType", "NTP"), value("tt:DaylightSavings", false),
		tag("tt:TimeZone", value("tt:TZ", "UTC0")), tag("tt:UTCDateTime", at), tag("tt:LocalDateTime", at))
}

// id is the UUID of the device: that of one camera is made of both.
func (c *call) id() string {
	if c.camera == "" {
		return c.cfg.ID
	}
	return uuid.NewHash(sha256.New(), uuid.Nil, []byte(c.cfg.ID+"/"+string(c.camera)), 8).String() // a version of one's own making (RFC 9562, section 5.8)
}

// The capabilities of each service, as attributes and elements of GetServiceCapabilities.
var (
	deviceCapabilities = tag("tds:Capabilities",
		tag("tds:Network"+attr("IPFilter", false)+attr("ZeroConfiguration", false)+attr("IPVersion6", false)+attr("DynDNS", false)),
		tag("tds:Security"+attr("HttpDigest", true)+attr("UsernameToken", true)+attr("MaxUsers", 0)),
		tag("tds:System"+attr("DiscoveryResolve", true)+attr("DiscoveryBye", true)+attr("RemoteDiscovery", false)+attr("SystemBackup", false)+attr("SystemLogging", false)+attr("FirmwareUpgrade", false)))
	mediaCapabilities = tag("trt:Capabilities"+attr("SnapshotUri", true)+attr("Rotation", false)+attr("VideoSourceMode", false)+attr("OSD", false),
		tag("trt:ProfileCapabilities"+attr("MaximumNumberOfProfiles", 0)),
		tag("trt:StreamingCapabilities"+attr("RTPMulticast", false)+attr("RTP_TCP", true)+attr("RTP_RTSP_TCP", true)+attr("NonAggregateControl", false)))
	media2Capabilities = tag("tr2:Capabilities"+attr("SnapshotUri", true)+attr("Rotation", false)+attr("VideoSourceMode", false)+attr("OSD", false)+attr("Mask", false),
		tag("tr2:ProfileCapabilities"+attr("MaximumNumberOfProfiles", 0)+attr("ConfigurationsSupported", "VideoSource VideoEncoder")),
		tag("tr2:StreamingCapabilities"+attr("RTSPStreaming", true)+attr("RTPMulticast", false)+attr("RTP_RTSP_TCP", true)+attr("NonAggregateControl", false)+attr("AutoStartMulticast", false)))
	eventsCapabilities = tag("tev:Capabilities" + attr("WSSubscriptionPolicySupport", false) + attr("WSPausableSubscriptionManagerInterfaceSupport", false) +
		attr("MaxNotificationProducers", 0) + attr("MaxPullPoints", MaxSubscriptions) + attr("PersistentNotificationStorage", false))
)

func deviceServiceCapabilities(*call) (string, error) { return deviceCapabilities, nil }

func getServices(c *call) (string, error) {
	var out string
	for _, s := range []struct{ name, space, capabilities string }{
		{"device", deviceNS, deviceCapabilities}, {"media", mediaNS, mediaCapabilities}, {"media2", media2NS, media2Capabilities}, {"events", eventsNS, eventsCapabilities},
	} {
		var capabilities string
		if c.question.Value("IncludeCapability") == "true" {
			capabilities = tag("tds:Capabilities", s.capabilities)
		}
		out += tag("tds:Service", value("tds:Namespace", s.space), value("tds:XAddr", c.serviceAt(s.name)), capabilities, tag("tds:Version", value("tt:Major", 2), value("tt:Minor", 60)))
	}
	return out, nil
}

// getCapabilities is what clients of the first generation ask: all, or one category.
func getCapabilities(c *call) (string, error) {
	var out string
	for _, one := range []struct {
		category string
		make     func(*call) string
	}{{"Device", deviceCategory}, {"Events", eventsCategory}, {"Media", mediaCategory}} {
		asked := c.question.Value("Category")
		if asked == "" || asked == "All" || asked == one.category {
			out += one.make(c)
		}
	}
	if out == "" {
		return "", &fault{receiver: true, codes: []string{"ter:ActionNotSupported", "ter:NoSuchService"}, reason: "No such service: not implemented"}
	}
	return tag("tds:Capabilities", out), nil
}

func deviceCategory(c *call) string {
	return tag("tt:Device", value("tt:XAddr", c.serviceAt("device")),
		tag("tt:Network", value("tt:IPFilter", false), value("tt:ZeroConfiguration", false), value("tt:IPVersion6", false), value("tt:DynDNS", false)),
		tag("tt:System", value("tt:DiscoveryResolve", true), value("tt:DiscoveryBye", true), value("tt:RemoteDiscovery", false), value("tt:SystemBackup", false),
			value("tt:SystemLogging", false), value("tt:FirmwareUpgrade", false), tag("tt:SupportedVersions", value("tt:Major", 2), value("tt:Minor", 60))),
		tag("tt:IO", value("tt:InputConnectors", 0), value("tt:RelayOutputs", 0)),
		tag("tt:Security", value("tt:TLS1.1", false), value("tt:TLS1.2", false), value("tt:OnboardKeyGeneration", false), value("tt:AccessPolicyConfig", false),
			value("tt:X.509Token", false), value("tt:SAMLToken", false), value("tt:KerberosToken", false), value("tt:RELToken", false)))
}

func eventsCategory(c *call) string {
	return tag("tt:Events", value("tt:XAddr", c.serviceAt("events")), value("tt:WSSubscriptionPolicySupport", false), value("tt:WSPullPointSupport", true),
		value("tt:WSPausableSubscriptionManagerInterfaceSupport", false))
}

func mediaCategory(c *call) string {
	return tag("tt:Media", value("tt:XAddr", c.serviceAt("media")),
		tag("tt:StreamingCapabilities", value("tt:RTPMulticast", false), value("tt:RTP_TCP", true), value("tt:RTP_RTSP_TCP", true)))
}

func getDeviceInformation(c *call) (string, error) {
	return value("tds:Manufacturer", manufacturer) + value("tds:Model", model) + value("tds:FirmwareVersion", c.cfg.Version) +
		value("tds:SerialNumber", c.id()) + value("tds:HardwareId", hardwareName), nil
}

func getScopes(c *call) (out string, err error) {
	name := c.cfg.Name
	if c.camera != "" {
		name = c.cameras()[0].Name
	}
	for _, s := range scopes(name) {
		out += tag("tds:Scopes", value("tt:ScopeDef", "Fixed"), value("tt:ScopeItem", s))
	}
	return out, nil
}

// scopes are what a device says of itself in a search too; where it hangs and who is seen there has no part in them.
func scopes(name string) []string {
	const at = "onvif://www.onvif.org/"
	return []string{
		at + "type/video_encoder", at + "type/Network_Video_Transmitter", at + "Profile/Streaming",
		at + "hardware/" + hardwareName, at + "name/" + url.PathEscape(name),
	}
}

func getHostname(*call) (string, error) {
	name, err := os.Hostname()
	if err != nil {
		return "", fmt.Errorf("name of this host: %w", err)
	}
	return tag("tds:HostnameInformation", value("tt:FromDHCP", false), value("tt:Name", name)), nil
}

func getDiscoveryMode(c *call) (string, error) {
	mode := "NonDiscoverable"
	if c.discovery.Load() != nil {
		mode = "Discoverable"
	}
	return value("tds:DiscoveryMode", mode), nil
}

func getNetworkProtocols(c *call) (string, error) {
	rtsp, _ := c.cfg.Streams()
	return protocol("HTTP", portOf(c.Addr())) + protocol("RTSP", portOf(rtsp)), nil
}

func protocol(name string, port int) string {
	if port == 0 {
		return ""
	}
	return tag("tds:NetworkProtocols", value("tt:Name", name), value("tt:Enabled", true), value("tt:Port", port))
}

// portOf is that of a listening address; 0 where there is none.
func portOf(addr string) int {
	_, service, err := net.SplitHostPort(addr)
	if err != nil {
		return 0
	}
	port, err := strconv.Atoi(service)
	if err != nil {
		return 0
	}
	return port
}
