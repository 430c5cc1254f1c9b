package sealed

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"
)

// keySize is the bytes of age's file key (age-encryption.org/v1, section "File key").
const keySize = 16

// halves cuts a key into two, of which each alone is random.
func halves(key []byte) [Groups][]byte {
	a := make([]byte, keySize)
	rand.Read(a) // never fails
	b := make([]byte, keySize)
	subtle.XORBytes(b, a, key)
	return [Groups][]byte{a, b}
}

// point is one share of Shamir's scheme: the values of all polynomials at x, which is
// not 0.
type point struct {
	x byte
	y []byte
}

// cut makes count shares of a secret of which need restore it and fewer say nothing: for each
// byte a random polynomial of degree need-1 over GF(256) whose value at 0 is that
// byte (A. Shamir, How to share a secret, CACM 22, 1979).
func cut(secret []byte, need, count int) []point {
	points := make([]point, count)
	for i := range points {
		points[i] = point{byte(i + 1), make([]byte, len(secret))}
	}
	coefficients := make([]byte, need)
	for at, b := range secret {
		rand.Read(coefficients)
		coefficients[0] = b
		for _, p := range points {
			p.y[at] = value(coefficients, p.x)
		}
	}
	clear(coefficients)
	return points
}

// value of a polynomial at x, by Horner's rule.
func value(coefficients []byte, x byte) byte {
	var v byte
	for i := len(coefficients) - 1; i >= 0; i-- {
		v = multiply(v, x) ^ coefficients[i]
	}
	return v
}

// join restores the secret from as many shares as are needed, by Lagrange's
// interpolation at 0. From fewer, or from shares of different secrets, comes something else.
func join(points []point) ([]byte, error) {
	secret := make([]byte, keySize)
	for i, p := range points {
		if p.x == 0 || len(p.y) != keySize {
			return nil, fmt.Errorf("%w: a share has the wrong form", ErrShares)
		}
		weight := byte(1)
		for j, q := range points {
			if i == j {
				continue
			}
			if p.x == q.x {
				return nil, fmt.Errorf("%w: one share twice", ErrShares)
			}
			weight = multiply(weight, multiply(q.x, inverse(q.x^p.x)))
		}
		for at := range secret {
			secret[at] ^= multiply(p.y[at], weight)
		}
	}
	return secret, nil
}

// multiply in GF(256) modulo x^8+x^4+x^3+x+1, the field of AES (FIPS 197, section 4), without
// branches or tables that depend on the values.
func multiply(a, b byte) byte {
	var product byte
	for range 8 {
		product ^= a & -(b & 1)
		a = a<<1 ^ 0x1b&-(a>>7)
		b >>= 1
	}
	return product
}

// inverse is a to the power of 254; of 0 it is 0.
func inverse(a byte) byte {
	result := byte(1)
	for range 7 { // 254 = 2+4+...+128
		a = multiply(a, a)
		result = multiply(result, a)
	}
	return result
}
