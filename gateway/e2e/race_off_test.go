//go:build !race

package e2e

// manyConsents: more than a page of the register.
const manyConsents = 3_000
