package wire

// Version is the release and BuildID names the sources that a binary was built from,
// so that two builds of one release differ; the linker sets both. The supervisor and
// its workers must have the same BuildID.
var (
	Version = "0.2.0-dev"
	BuildID = "dev"
)

// Release is both in one word.
func Release() string { return Version + "+" + BuildID }
