package consent

// Kind is what a message about consents is, among those who share a broker.
type Kind string

// The kinds.
const (
	// KindRevocation is one that an issuer signed, by its id.
	KindRevocation Kind = "revocation"
	// KindList is all that an issuer has withdrawn, by the issuer's name; KindAttestation says
	// how new it is.
	KindList        Kind = "list"
	KindAttestation Kind = "attestation"
	// KindDigest is what some gateway knows of an issuer's list, by the issuer's name.
	KindDigest Kind = "digest"
	// KindAsk is a gateway's wish to know more, by its own name.
	KindAsk Kind = "ask"
)
