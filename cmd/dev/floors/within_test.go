package floors

// uses is what some packages of gateway need of another one, and why.
type uses struct {
	to, why string
	from    []string
}

// within lists which packages of gateway import which others. All else is wanted apart: a
// new name here needs as good a reason.
var within = []uses{
	{"gateway/api", "the types, codes and errors of the API", []string{"gateway", "gateway/anchor", "gateway/bundle", "gateway/camera", "gateway/camera/sheet", "gateway/change", "gateway/consents", "gateway/doctor",
		"gateway/displays", "gateway/evaluation", "gateway/loglines", "gateway/undo", "gateway/upkeep", "gateway/httpapi", "gateway/httpapi/people", "gateway/httpapi/route", "gateway/httpapi/telling", "gateway/httpapi/upkeep", "gateway/lock", "gateway/logins", "gateway/notify", "gateway/notify/deliver", "gateway/notify/sight", "gateway/openings", "gateway/questions", "gateway/redact", "gateway/restore", "gateway/safemode", "gateway/viewers", "gateway/violations", "gateway/worker/executable"}},
	{"gateway/audit", "writes down what it did", []string{"gateway/anchor", "gateway/camera", "gateway/consents", "gateway/evaluation", "gateway/httpapi", "gateway/httpapi/people", "gateway/httpapi/telling", "gateway/notify", "gateway/httpapi/upkeep", "gateway/sealed", "gateway/lock", "gateway/openings", "gateway/upkeep", "gateway/violations"}},
	{"gateway/change", "has the disk keep changes, in the order of what masks", []string{"gateway/audit", "gateway/camera", "gateway/consents", "gateway/evaluation", "gateway/notify", "gateway/violations"}},
	{"gateway/change", "counts what waits for the disk", []string{"gateway/httpapi"}},
	{"gateway/camera", "says who may be shown", []string{"gateway/consents"}},
	{"gateway/camera", "looks at what the cameras do", []string{"gateway/evaluation"}},
	{"gateway/camera", "answers for the cameras", []string{"gateway/httpapi"}},
	{"gateway/camera/paths", "finds the stream of a host", []string{"gateway/camera"}},
	{"gateway/onvif", "asks a host for its streams", []string{"gateway/camera/paths"}},
	{"gateway/rtsp", "tries the usual paths of a host", []string{"gateway/camera/paths"}},
	{"gateway/camera/sheet", "takes the rows of a table", []string{"gateway/camera"}},
	{"gateway/camera/sheet", "reads and writes the cameras' table", []string{"gateway/httpapi"}},
	{"gateway/consents", "counts consents", []string{"gateway/evaluation"}},
	{"gateway/consents", "answers for consents", []string{"gateway/httpapi"}},
	{"gateway/consents/exchange", "tells the gateways at one broker how much each knows of withdrawals", []string{"gateway/consents"}},
	{"gateway/consents/monitor", "proves that a worker shows whom it may", []string{"gateway/camera"}},
	{"gateway/compliance", "gives it the facts and takes what it concludes", []string{"gateway/evaluation"}},
	{"gateway/compliance", "its report is looked at", []string{"gateway/notify/sight"}},
	{"gateway/notify/deliver", "brings messages out", []string{"gateway/notify"}},
	{"gateway/notify", "is told what is wrong", []string{"gateway/notify/sight"}},
	{"gateway/notify", "answers for who is told", []string{"gateway/httpapi", "gateway/httpapi/telling"}},
	{"gateway/fleet", "notes who has seen what", []string{"gateway/httpapi/telling"}},
	{"gateway/httpapi/telling", "answers for who is told", []string{"gateway", "gateway/httpapi"}},
	{"gateway/broker/brokertest", "has the authority of a test's certificates", []string{"gateway/notify/mailtest"}},
	{"gateway/compliance", "the report is an answer", []string{"gateway/api", "gateway/httpapi"}},
	{"gateway/compliance", "what is unknown in the report is asked", []string{"gateway/questions"}},
	{"gateway/questions", "answers with the questions", []string{"gateway/httpapi"}},
	{"gateway/evaluation", "answers for the clauses and the evidence", []string{"gateway/httpapi"}},
	{"gateway/violations", "counts what cameras did against the law", []string{"gateway/evaluation"}},
	{"gateway/violations", "answers for the violations", []string{"gateway/httpapi"}},
	{"gateway/sealed", "answers for the sealed originals", []string{"gateway/httpapi"}},
	{"gateway/sealed/process", "the process that seals a segment", []string{"gateway/sealed"}},
	{"gateway/lock", "answers for the accounts at cameras", []string{"gateway/httpapi"}},
	{"gateway/onvif", "changes the passwords at cameras", []string{"gateway/lock"}},
	{"gateway/rtsp", "asks who would get a camera's stream", []string{"gateway/lock"}},
	{"gateway/openings", "answers for the openings of sealed originals", []string{"gateway/httpapi"}},
	{"gateway/anchor", "answers for the store's age", []string{"gateway/httpapi", "gateway/httpapi/upkeep"}},
	{"gateway/logins", "answers for the logins at the broker", []string{"gateway/httpapi", "gateway/httpapi/people"}},
	{"gateway/viewers", "answers for the logins at the streams", []string{"gateway/httpapi", "gateway/httpapi/people"}},
	{"gateway/displays", "answers for the links of screens", []string{"gateway/httpapi", "gateway/httpapi/people"}},
	{"gateway/restore", "takes backups in", []string{"gateway/httpapi", "gateway/httpapi/upkeep", "gateway/safemode"}},
	{"gateway/restore", "seals planned backups", []string{"gateway/upkeep"}},
	{"gateway/upkeep", "answers for backups and the disk", []string{"gateway/httpapi", "gateway/httpapi/upkeep"}},
	{"gateway/doctor", "answers with what it finds", []string{"gateway/httpapi", "gateway/httpapi/upkeep"}},
	{"gateway/loglines", "answers with the newest lines of the log", []string{"gateway/httpapi", "gateway/httpapi/upkeep"}},
	{"gateway/bundle", "answers with the bundle for support", []string{"gateway/httpapi/upkeep"}},
	{"gateway/mqtt", "asks whether the broker's port answers", []string{"gateway/doctor"}},
	{"gateway/worker", "says which layers of the lock-down there are", []string{"gateway/doctor"}},
	{"gateway/heat", "answers for the host's heat", []string{"gateway/httpapi"}},
	{"gateway/httpapi/route", "binds and answers paths", []string{"gateway", "gateway/httpapi", "gateway/httpapi/people", "gateway/httpapi/telling", "gateway/httpapi/upkeep"}},
	{"gateway/httpapi/people", "answers for who may come in", []string{"gateway/httpapi"}},
	{"gateway/httpapi/upkeep", "answers for backups", []string{"gateway/httpapi"}},
	{"gateway/httpapi", "answers status and restores while the store is damaged", []string{"gateway/safemode"}},
	{"gateway/identity", "who asks, and what they may do", []string{"gateway/anchor", "gateway/api", "gateway/audit", "gateway/camera", "gateway/console", "gateway/consents", "gateway/displays", "gateway/evaluation", "gateway/httpapi", "gateway/httpapi/telling", "gateway/httpapi/route", "gateway/httpapi/route", "gateway/questions", "gateway/openings", "gateway/progress", "gateway/sealed", "gateway/questions", "gateway/undo", "gateway/violations"}},
	{"gateway/undo", "offers to put back what was removed", []string{"gateway/httpapi", "gateway/httpapi/people"}},
	{"gateway/progress", "says how far it is", []string{"gateway/evaluation", "gateway/httpapi"}},
	{"gateway/stops", "ends what it started, in reverse", []string{"gateway/safemode"}},

	{"gateway/rtsp", "a camera's source and its stream", []string{"gateway/camera"}},
	{"gateway/rtsp/wire", "the connection to a camera, without its habits", []string{"gateway/rtsp"}},
	{"gateway/rtsp/describe", "the video of a camera's description", []string{"gateway/rtsp", "gateway/rtsp/wire"}},
	{"gateway/rtsp/tunnel", "RTSP through HTTP", []string{"gateway/rtsp"}},
	{"gateway/challenge", "answers a camera that asks for a login, and reads what recorders send as theirs", []string{"gateway/onvif", "gateway/onvifserver", "gateway/rtsp", "gateway/rtsp/tunnel", "gateway/rtsp/wire"}},
	{"gateway/rtsp", "the slate's stream", []string{"gateway/safemode"}},
	{"gateway/rtsp", "the addresses of the streams", []string{"gateway/httpapi"}},
	{"gateway/worker", "starts a worker for each camera", []string{"gateway/camera"}},
	{"gateway/worker", "starts a worker for a file", []string{"gateway/redact"}},
	{"gateway/worker", "starts one to try it", []string{"gateway/worker/executable"}},
	{"gateway/worker", "makes the slate without a worker", []string{"gateway/safemode"}},
	{"gateway/worker/executable", "the worker's program", []string{"gateway/camera", "gateway/doctor", "gateway/httpapi", "gateway/redact"}},
	{"gateway/worker/slate", "sends a slate where there is no vouched frame", []string{"gateway/worker"}},
	{"gateway/worker/slate", "sends a card in the place of each frame", []string{"gateway/worker/workertest"}},
	{"gateway/demo", "plays the clip of a test's camera", []string{"gateway/worker/workertest"}},
	{"gateway/hls", "serves masked streams to players", []string{"gateway/camera", "gateway/httpapi"}},
	{"gateway/whep", "shows masked streams in browsers", []string{"gateway/camera", "gateway/httpapi"}},
	{"gateway/mqtt", "publishes states", []string{"gateway/camera", "gateway/evaluation", "gateway/safemode"}},
	{"gateway/mqtt", "the outbox gives it events", []string{"gateway/audit"}},
	{"gateway/topics", "what a login at the broker may do", []string{"gateway/api", "gateway/logins"}},
	{"gateway/mqtt", "says whether the broker is connected", []string{"gateway/httpapi"}},
	{"gateway/mp4", "reads and writes the files that are masked", []string{"gateway/redact"}},
	{"gateway/mp4", "the clip that it plays is a file", []string{"gateway/demo"}},
	{"gateway/onvif", "finds cameras and asks them for their streams", []string{"gateway/httpapi"}},
	{"gateway/console", "the users are the console's, and so are the meanings of refusals", []string{"gateway/httpapi", "gateway/httpapi/people", "gateway/httpapi/route"}},

	{"gateway/backoff", "waits between tries", []string{"gateway/broker", "gateway/change", "gateway/lockout", "gateway/mqtt", "gateway/notify", "gateway/rtsp", "gateway/sealed", "gateway/worker"}},
	{"gateway/lockout", "people log in there", []string{"gateway/console", "gateway/hls", "gateway/onvifserver"}},
	{"gateway/onvif/soapxml", "reads SOAP", []string{"gateway/onvif", "gateway/onvifserver"}},
	{"gateway/broker", "the client of a broker", []string{"gateway/fleet", "gateway/mqtt"}},
	{"gateway/signon", "people log in by their organisation's provider", []string{"gateway/console"}},
	{"gateway/console/secondfactor", "the codes of authenticator apps", []string{"gateway/console"}},
	{"gateway/console/icon", "the icon for home screens", []string{"gateway/console"}},
	{"gateway/plainhttp", "browsers come without TLS", []string{"gateway/console"}},
	{"gateway/connlimit", "strangers connect to it, or write into the log by it", []string{"gateway/camera", "gateway/console", "gateway/consents", "gateway/fleet", "gateway/hls", "gateway/httpapi", "gateway/mqtt", "gateway/notice", "gateway/onvifserver", "gateway/rtsp", "gateway/whep"}},
	{"gateway/ports", "opens an address, or the next free one", []string{"gateway/console", "gateway/mqtt", "gateway/notice", "gateway/onvifserver", "gateway/rtsp", "gateway/whep"}},
	{"gateway/viewcount", "says how many watch a stream", []string{"gateway/hls", "gateway/whep"}},
	{"gateway/reply", "answers in JSON", []string{"gateway/api", "gateway/console", "gateway/httpapi/route"}},
	{"gateway/sse", "pages follow it by events", []string{"gateway/fleet", "gateway/httpapi"}},
	{"gateway/fleet/past", "how gateways stood in the last year", []string{"gateway", "gateway/fleet"}},
	{"gateway/topics", "the topics that it reads or writes", []string{"gateway/fleet", "gateway/mqtt"}},
}

// composed are what package gateway itself, which composes the others, starts.
var composed = []string{"gateway/anchor", "gateway/audit", "gateway/camera", "gateway/change", "gateway/compliance", "gateway/consents", "gateway/console",
	"gateway/demo", "gateway/displays", "gateway/evaluation", "gateway/fleet", "gateway/heat", "gateway/hls", "gateway/httpapi", "gateway/lock", "gateway/loglines", "gateway/logins", "gateway/mqtt", "gateway/notice", "gateway/notify", "gateway/notify/sight", "gateway/onvifserver", "gateway/openings", "gateway/ports", "gateway/restore",
	"gateway/rtsp", "gateway/safemode", "gateway/sealed", "gateway/signon", "gateway/stops", "gateway/undo", "gateway/upkeep", "gateway/viewers", "gateway/violations", "gateway/whep", "gateway/worker/executable", "gateway/broker"}

// allowed has each edge of both lists with its reason.
func allowed() map[edge]string {
	all := map[edge]string{}
	for _, u := range within {
		for _, from := range u.from {
			all[edge{from, u.to}] = u.why
		}
	}
	for _, to := range composed {
		all[edge{"gateway", to}] = "starts it"
	}
	return all
}
