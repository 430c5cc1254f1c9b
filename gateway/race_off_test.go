//go:build !race

package gateway

// manyConsents: more than a page of the register.
const manyConsents = 3_000
