package config

import "github.com/bauta-gateway/bauta/config/text"

// Described is one key of the file to those who document it.
type Described struct {
	// Key is section.name, or a bare name.
	Key string
	// About says what it is for.
	About text.Key
	// Default is its value in a file, as the example writes it.
	Default string
}

// Describe lists the keys in the order of the example.
func Describe() []Described {
	c := written()
	var all []Described
	for _, f := range told() {
		all = append(all, Described{Key: f.key, About: f.about, Default: scalar(f.get(&c))})
	}
	return all
}
