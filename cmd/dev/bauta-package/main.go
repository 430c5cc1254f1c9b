// Command bauta-package makes the parts of a Debian package that follow from
// the source: the copyright file, the changelog and the bill of materials.
// packaging/deb.sh calls it.
//
//	go run ./cmd/dev/bauta-package copyright PACKAGE...     # the libraries that bauta-worker is linked with
//	go run ./cmd/dev/bauta-package changelog REVISION CODENAME SECONDS
//	go run ./cmd/dev/bauta-package sbom VERSION DISTRO SECONDS BOM.json... -- PACKAGE...
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

var errUsage = errors.New("use bauta-package copyright PACKAGE..., changelog REVISION CODENAME SECONDS, or sbom VERSION DISTRO SECONDS BOM.json... -- PACKAGES")

func main() {
	out, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "bauta-package:", err)
		os.Exit(1)
	}
	fmt.Print(out)
}

func run(args []string) (string, error) {
	switch {
	case len(args) > 1 && args[0] == "copyright":
		modules, err := linked(".", "./cmd/bauta", "./cmd/bauta-worker")
		if err != nil {
			return "", err
		}
		return copyright(".", modules, args[1:])
	case len(args) == 4 && args[0] == "changelog":
		source, err := os.ReadFile("CHANGELOG.md")
		if err != nil {
			return "", err
		}
		seconds, err := strconv.ParseInt(args[3], 10, 64)
		if err != nil {
			return "", errUsage
		}
		return changelog(string(source), args[1], args[2], time.Unix(seconds, 0))
	case len(args) > 1 && args[0] == "sbom":
		return sbomOf(args[1:])
	}
	return "", errUsage
}
