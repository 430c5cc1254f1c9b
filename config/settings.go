package config

import "github.com/bauta-gateway/bauta/config/text"

// Setting describes one key of the file to those who document it.
type Setting struct {
	// Key is section.name, or a bare name.
	Key string
	// About says what it is for.
	About text.Key
	// Default is its value in a file, as the example writes it.
	Default string
}

// Settings lists all keys in the order of the example.
func Settings() []Setting {
	c := written()
	all := make([]Setting, len(fields))
	for i, f := range fields {
		all[i] = Setting{Key: f.key, About: f.about, Default: scalar(f.get(&c))}
	}
	return all
}
