package field

import (
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
)

// creditDigits are the characters of a unified social credit code in the order of their
// values, which leaves out I, O, S, V and Z (GB 32100-2015).
const creditDigits = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CreditCode takes a unified social credit code, and the empty word: 18 characters of which
// the last one is the check digit over the others (GB 32100-2015).
func CreditCode(name, code string) error {
	if code == "" {
		return nil
	}
	isOther := func(c rune) bool { return !strings.ContainsRune(creditDigits, c) }
	if len(code) != 18 || strings.ContainsFunc(code, isOther) {
		return text.Fail(ErrInvalid, text.PolicyCreditForm, text.Field(name), code, creditDigits)
	}
	sum, weight := 0, 1
	for _, c := range code[:17] {
		sum += strings.IndexRune(creditDigits, c) * weight
		weight = weight * 3 % 31
	}
	if digit := creditDigits[(31-sum%31)%31]; digit != code[17] {
		return text.Fail(ErrInvalid, text.PolicyCreditDigit, text.Field(name), code)
	}
	return nil
}
