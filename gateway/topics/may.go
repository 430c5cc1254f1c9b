package topics

// May is what a login at the embedded broker may do, beside what everybody on
// the host may: read all, pass on signed revocations, say that Home Assistant
// was born.
type May string

// The kinds of logins.
const (
	// MayRead may do no more than that, from anywhere.
	MayRead May = "read"
	// MayMask may have more of a camera's picture hidden, too.
	MayMask May = "mask"
)

// Kinds are all kinds of logins.
var Kinds = []May{MayRead, MayMask}
