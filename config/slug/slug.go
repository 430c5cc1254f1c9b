// Package slug makes ids of the names that people give: what topics, addresses and tokens are
// written with. Chinese becomes pinyin without tones, letters lose their accents, and what no
// Latin letters exist for here leaves a short hash.
//
// In: a name and what is taken. Out: an id of a-z, 0-9 and single dashes. It starts no
// goroutines, keeps nothing, and never gives an id that is taken.
package slug

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// hashDigits are how many hex digits stand for a name that leaves no letters.
const hashDigits = 6

// Of makes an id of a name, at most most bytes long. What leaves digits alone begins with kind,
// such as camera-10; what leaves nothing is kind with a hash of the name.
func Of(kind, name string, most int) string {
	id := cut(strings.Join(words(name), "-"), most)
	switch {
	case strings.ContainsFunc(id, unicode.IsLetter):
		return id
	case id != "":
		return cut(kind+"-"+id, most)
	}
	sum := sha256.Sum256([]byte(strings.TrimSpace(name)))
	return kind + "-" + hex.EncodeToString(sum[:])[:hashDigits]
}

// Free is the id itself where it is not taken, else the first of id-2, id-3… that is not.
func Free(id string, most int, taken func(string) bool) string {
	free := id
	for n := 2; taken(free); n++ {
		end := fmt.Sprintf("-%d", n)
		free = cut(id, most-len(end)) + end
	}
	return free
}

// words are the parts of a name that an id is made of: neighbouring Chinese characters are one,
// and so are letters and digits that stand together.
func words(name string) (all []string) {
	word, wasHan := "", false
	end := func() {
		if word != "" {
			all = append(all, word)
		}
		word = ""
	}
	for _, r := range norm.NFKD.String(name) {
		han := unicode.Is(unicode.Han, r)
		switch {
		case unicode.Is(unicode.Mn, r): // an accent, of the letter before
			continue
		case han != wasHan:
			end()
		}
		wasHan = han
		switch r = unicode.ToLower(r); {
		case han:
			word += spelled(r)
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			word += string(r)
		default:
			end()
		}
	}
	end()
	return all
}

var plain = pinyin.NewArgs()

// spelled is a character's first reading; empty where it has none.
func spelled(r rune) string {
	readings := pinyin.SinglePinyin(r, plain)
	if len(readings) == 0 {
		return ""
	}
	isOther := func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}
	return strings.Map(isOther, strings.ReplaceAll(readings[0], "ü", "v"))
}

// cut shortens an id, at a dash where there is one.
func cut(id string, most int) string {
	if len(id) <= most {
		return id
	}
	id = id[:most+1] // a dash right behind the end is one to cut at
	if at := strings.LastIndexByte(id, '-'); at > 0 {
		return id[:at]
	}
	return id[:most]
}
