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
	// KindLetter is consents, encrypted to gateways, by an id.
	KindLetter Kind = "letter"
	// KindDigest is what some gateway knows of an issuer's list, by the issuer's name.
	KindDigest Kind = "digest"
	// KindAsk is a gateway's wish to know more, by its own name.
	KindAsk Kind = "ask"
)

// Kept reports whether a broker is to keep a message of this kind for who comes later.
func (k Kind) Kept() bool { return k == KindRevocation || k == KindList || k == KindAttestation }

// MaxSize bounds a message of this kind in bytes.
func (k Kind) MaxSize() int {
	if k == KindList || k == KindLetter {
		return MaxList
	}
	return MaxSize
}
