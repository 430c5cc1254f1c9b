//go:build race

package e2e

// manyConsents: under the race detector a signature takes 20 ms.
const manyConsents = 300
