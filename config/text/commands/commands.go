// Package commands is the Chinese of the command line's help.
//
// The English stands in the tags of the commands themselves, where kong reads it. In: that
// sentence. Out: the Chinese one, by the same words as in the rest of the catalogue. The
// tests of cmd/bauta prove that each sentence has one. It keeps no state and starts no goroutines.
package commands

import "maps"

var all = merge(cameras, law, consents, upkeep)

func merge(tables ...map[string]string) map[string]string {
	out := map[string]string{}
	for _, t := range tables {
		maps.Copy(out, t)
	}
	return out
}

// Chinese returns what a sentence of the help is in Chinese; ok is false where nobody
// has translated it.
func Chinese(english string) (chinese string, ok bool) {
	chinese, ok = all[english]
	return chinese, ok
}

// Sentences are all English sentences that have a Chinese one.
func Sentences() map[string]string { return maps.Clone(all) }
