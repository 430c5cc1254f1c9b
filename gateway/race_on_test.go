//go:build race

package gateway

// manyConsents: under the race detector a signature takes 20 ms.
const manyConsents = 300
