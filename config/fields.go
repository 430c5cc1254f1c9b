package config

import (
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

// field is one key of the file. The table of them is the only place that knows
// the keys: reading, the example and the hash all follow it.
type field struct {
	key   string // section.name, or a bare name
	about text.Key
	// sample is what an error proposes to write.
	sample string
	// at points into a Config: *string, *bool, *int, *float64 or *time.Duration.
	at func(*Config) any
	// from and to bound a number or a span, both included; with zero, 0 is
	// taken too.
	from, to any
	zero     bool
	// check refuses a text; nil takes any.
	check func(f field, s string) error
	// ignored is what was of use in earlier versions: a file may still have it, and
	// nothing tells of it. The hash covers it, so that it stays what it was.
	ignored bool
	// path marks the name of a file or folder, relative to the file's own.
	path bool
}

var fields = []field{
	{key: "gateway.name", about: text.AboutName, sample: "lobby-box", check: slug,
		at: func(c *Config) any { return &c.Gateway.Name }},
	{key: "gateway.language", about: text.AboutLanguage, sample: "auto", check: choice("auto", "en", "zh-CN"),
		at: func(c *Config) any { return &c.Gateway.Language }},
	{key: "data", about: text.AboutData, sample: SystemData, path: true,
		at: func(c *Config) any { return &c.Data }},

	{key: "rtsp.address", about: text.AboutRTSPAddress, sample: `":8554"`, check: address,
		at: func(c *Config) any { return &c.RTSP.Address }},
	{key: "rtsp.tls_address", about: text.AboutRTSPTLSAddress, sample: `":8322"`, check: address,
		at: func(c *Config) any { return &c.RTSP.TLSAddress }},
	{key: "rtsp.certificate", about: text.AboutRTSPCertificate, sample: "/etc/bauta/rtsps.crt", path: true,
		at: func(c *Config) any { return &c.RTSP.Certificate }},
	{key: "rtsp.key", about: text.AboutRTSPKey, sample: "/etc/bauta/rtsps.key", path: true,
		at: func(c *Config) any { return &c.RTSP.Key }},
	{key: "rtsp.udp", about: text.AboutRTSPUDP, sample: "true",
		at: func(c *Config) any { return &c.RTSP.UDP }},
	{key: "rtsp.udp_address", about: text.AboutRTSPUDPAddress, sample: `":8000"`, check: evenPort,
		at: func(c *Config) any { return &c.RTSP.UDPAddress }},
	{key: "rtsp.anonymous", about: text.AboutRTSPAnonymous, sample: "false",
		at: func(c *Config) any { return &c.RTSP.Anonymous }},

	{key: "mqtt.broker", about: text.AboutMQTTBroker, sample: "ssl://broker.example:8883", check: broker,
		at: func(c *Config) any { return &c.MQTT.Broker }},
	{key: "mqtt.embedded_address", about: text.AboutMQTTEmbedded, sample: `"127.0.0.1:1883"`, check: address,
		at: func(c *Config) any { return &c.MQTT.EmbeddedAddress }},
	{key: "mqtt.user", about: text.AboutMQTTUser, sample: "bauta",
		at: func(c *Config) any { return &c.MQTT.User }},
	{key: "mqtt.password_file", about: text.AboutMQTTPassword, sample: "/etc/bauta/mqtt.password", path: true,
		at: func(c *Config) any { return &c.MQTT.PasswordFile }},
	{key: "mqtt.ca_file", about: text.AboutMQTTCA, sample: "/etc/bauta/mqtt-ca.crt", path: true,
		at: func(c *Config) any { return &c.MQTT.CAFile }},
	{key: "mqtt.cert_file", about: text.AboutMQTTCert, sample: "/etc/bauta/mqtt.crt", path: true,
		at: func(c *Config) any { return &c.MQTT.CertFile }},
	{key: "mqtt.key_file", about: text.AboutMQTTKey, sample: "/etc/bauta/mqtt.key", path: true,
		at: func(c *Config) any { return &c.MQTT.KeyFile }},
	{key: "mqtt.heartbeat", about: text.AboutMQTTHeartbeat, sample: "30s", from: 5 * time.Second, to: 10 * time.Minute,
		at: func(c *Config) any { return &c.MQTT.Heartbeat }},
	{key: "mqtt.home_assistant", about: text.AboutMQTTHomeAssistant, sample: "true",
		at: func(c *Config) any { return &c.MQTT.HomeAssistant }},

	{key: "worker.binary", about: text.AboutWorkerBinary, sample: "/usr/bin/bauta-worker", path: true,
		at: func(c *Config) any { return &c.Worker.Binary }},
	{key: "worker.models", about: text.AboutWorkerModels, sample: "/usr/share/bauta/models", path: true, ignored: true,
		at: func(c *Config) any { return &c.Worker.Models }},
	{key: "worker.mask", about: text.AboutWorkerMask, sample: "blur", check: choice(Masks...),
		at: func(c *Config) any { return &c.Worker.Mask }},
	{key: "worker.look_ahead", about: text.AboutWorkerLookAhead, sample: "200ms", from: time.Duration(0), to: MaxLookAhead,
		at: func(c *Config) any { return &c.Worker.LookAhead }},
	{key: "worker.rate_cap", about: text.AboutWorkerRateCap, sample: "1.5", from: MinRateCap, to: MaxRateCap, zero: true,
		at: func(c *Config) any { return &c.Worker.RateCap }},
	{key: "worker.accelerator", about: text.AboutWorkerAccelerator, sample: "auto", check: choice(Accelerators...),
		at: func(c *Config) any { return &c.Worker.Accelerator }},

	{key: "console.address", about: text.AboutConsoleAddress, sample: `":8443"`, check: addressOrNone,
		at: func(c *Config) any { return &c.Console.Address }},
	{key: "console.certificate", about: text.AboutConsoleCertificate, sample: "/etc/bauta/console.crt", path: true,
		at: func(c *Config) any { return &c.Console.Certificate }},
	{key: "console.key", about: text.AboutConsoleKey, sample: "/etc/bauta/console.key", path: true,
		at: func(c *Config) any { return &c.Console.Key }},

	{key: "api.socket", about: text.AboutAPISocket, sample: "/run/bauta/bauta.sock", path: true,
		at: func(c *Config) any { return &c.API.Socket }},

	{key: "limits.cameras", about: text.AboutLimitsCameras, sample: "16", from: 1, to: 256,
		at: func(c *Config) any { return &c.Limits.Cameras }},

	{key: "policy.pack", about: text.AboutPolicyPack, sample: "cn-2025", check: choice(Packs...),
		at: func(c *Config) any { return &c.Policy.Pack }},

	{key: "consent.purposes", about: text.AboutConsentPurposes, sample: "access-control, care", check: purposes,
		at: func(c *Config) any { return &c.Consent.Purposes }},
	{key: "consent.max_days", about: text.AboutConsentMaxDays, sample: "400", from: 1, to: 3650,
		at: func(c *Config) any { return &c.Consent.MaxDays }},
	{key: "consent.quarantine_days", about: text.AboutConsentQuarantine, sample: "30", from: 0, to: 3650,
		at: func(c *Config) any { return &c.Consent.QuarantineDays }},
}
