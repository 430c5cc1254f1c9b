package wire

// BuildID names the sources that a binary was built from; the linker sets it.
// The supervisor and its workers must have the same.
var BuildID = "dev"
