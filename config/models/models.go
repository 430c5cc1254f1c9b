// Package models finds, verifies and fetches the detection models. A model is
// data that decides who is seen: one whose SHA-256 is not the known one is
// never used, whatever folder it lies in.
package models

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Model is a file that Bauta knows.
type Model struct {
	// File is its name in every folder that is searched.
	File string `json:"file"`
	// Purpose in a few words.
	Purpose string `json:"purpose"`
	// SHA256 in lower-case hex.
	SHA256 string `json:"sha256"`
	// URL is where Fetch takes it from when it is told nothing else.
	URL string `json:"url"`
	// License of the file.
	License string `json:"license"`
}

// Faces is the face detector, YuNet. Its address names a commit, so that a
// newer model in the zoo cannot take its place.
var Faces = Model{
	File:    "face_detection_yunet_2023mar.onnx",
	Purpose: "faces",
	SHA256:  "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
	URL: "https://media.githubusercontent.com/media/opencv/opencv_zoo/" +
		"f12e12798e8314f7c074a6656816c048dcc95b7a/models/face_detection_yunet/face_detection_yunet_2023mar.onnx",
	License: "MIT",
}

// All lists the models in the order in which they are shown.
func All() []Model { return []Model{Faces} }

// Errors of looking a model over.
var (
	// ErrMissing: no folder of the search holds the file.
	ErrMissing = errors.New("model not found")
	// ErrHash: a file of that name is there but is another one.
	ErrHash = errors.New("wrong SHA-256")
)

// SearchPath lists the folders that are searched, first wins. explicit is
// --models or BAUTA_MODELS and may be empty, as may dataDir.
func SearchPath(explicit, dataDir string) []string {
	var dirs []string
	if explicit != "" {
		dirs = append(dirs, explicit)
	}
	if dataDir != "" {
		dirs = append(dirs, Folder(dataDir))
	}
	return append(dirs, "/usr/share/bauta/models", "models", filepath.Join("..", "shared", "models"))
}

// Folder is where Fetch puts models in a data folder.
func Folder(dataDir string) string { return filepath.Join(dataDir, "models") }

// Copy is one file found under a model's name.
type Copy struct {
	Path string
	// Hash is the SHA-256 of what is there, in hex; empty where it cannot be read.
	Hash string
	// Err is nil for a good copy, else wraps ErrHash or says why the file
	// cannot be read.
	Err error
}

// Copies looks in all folders and returns every file of the model's name, in
// the order of the search.
func Copies(m Model, dirs []string) []Copy {
	var out []Copy
	for _, dir := range dirs {
		path := filepath.Join(dir, m.File)
		hash, err := inspect(m, path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if abs, e := filepath.Abs(path); e == nil {
			path = abs
		}
		out = append(out, Copy{Path: path, Hash: hash, Err: err})
	}
	return out
}

// Find returns the absolute path of the first good copy. Without one the error
// wraps ErrMissing, or ErrHash where only bad copies are there.
func Find(m Model, dirs []string) (string, error) {
	var bad error
	for _, c := range Copies(m, dirs) {
		if c.Err == nil {
			return c.Path, nil
		}
		if bad == nil {
			bad = c.Err
		}
	}
	if bad != nil {
		return "", fmt.Errorf("%w: replace it with 'bauta models fetch'", bad)
	}
	return "", fmt.Errorf("%s: %w: get it with 'bauta models fetch'", m.File, ErrMissing)
}

// Verify reads the file and compares its SHA-256.
func Verify(m Model, path string) error {
	_, err := inspect(m, path)
	return err
}

func inspect(m Model, path string) (hash string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return verify(m, path, f)
}

// maxModel bounds what is read of a file: a device must not keep us forever.
const maxModel = 256 << 20

func verify(m Model, name string, r io.Reader) (hash string, err error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, io.LimitReader(r, maxModel)); err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	hash = hex.EncodeToString(sum.Sum(nil))
	if hash != m.SHA256 {
		return hash, fmt.Errorf("%s: %w", name, ErrHash)
	}
	return hash, nil
}
