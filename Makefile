# Targets that people and other tools call: setup build run test lint bench deb.
# Each installs what it needs and is quick when there is nothing to do.

GO      ?= go
BUILD   := $(shell git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
VERSION := $(shell sed -n 's/^\#\# \[\{0,1\}\([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
LDFLAGS := -X github.com/bauta-gateway/bauta/gateway/wire.BuildID=$(BUILD) -X github.com/bauta-gateway/bauta/gateway.Version=$(VERSION)

# The supervisor and all that only it uses are pure Go; the worker's side calls C.
PURE := ./cmd/bauta ./cmd/bauta-demo-clip ./cmd/bauta-faults ./cmd/bauta-package ./cmd/bauta-soak ./cmd/tools/... ./config/... ./gateway/... ./hardware ./hardware/clips ./detector/track ./detector/yunet ./anonymize/leak
CGO  := ./anonymize ./anonymize/pipeline ./anonymize/sandbox ./detector ./hardware/av ./cmd/bauta-worker ./cmd/bauta-bench
# A test that hangs says where after this time.
TIMEOUT := 9m

.PHONY: setup setup-test build run test lint fuzz bench soak reliability deb image test-deb test-image test-arm64 clean

setup:
	@packaging/setup.sh build

setup-test:
	@packaging/setup.sh build test
	@[ -d build/axe/node_modules/axe-core ] || ! command -v npm >/dev/null || npm install --silent --no-audit --no-fund --prefix build/axe axe-core@4.10.3 || echo "axe-core is missing: its tests will be skipped"

build: setup
	@mkdir -p build
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o build/bauta ./cmd/bauta
	CGO_ENABLED=1 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o build/bauta-worker ./cmd/bauta-worker

# Its ground truth, build/demo.json, is made with it.
build/demo.mp4: $(wildcard cmd/bauta-demo-clip/*.go)
	@mkdir -p build
	$(GO) run ./cmd/bauta-demo-clip -o $@

# The demo camera, or a real one: make run CAMERA=rtsp://user:password@192.0.2.7/stream
# A bauta.yaml in this folder is used where there is one.
run: build build/demo.mp4
ifneq ($(CAMERA),)
	@build/bauta run --data build/data --camera '$(CAMERA)'
else ifneq ($(wildcard bauta.yaml),)
	@build/bauta run --config bauta.yaml
else
	@build/bauta run --data build/data --demo
endif

# The pure Go packages run under the race detector; it cannot see into C. Two
# packages at a time: most of them wait for real cameras, viewers and brokers.
test: setup-test build build/demo.mp4
	$(GO) test -race -p 2 -timeout $(TIMEOUT) $(PURE)
	$(GO) test -p 2 -timeout $(TIMEOUT) $(CGO)

lint: setup
	@test -z "$$(gofmt -l cmd gateway detector anonymize config hardware | tee /dev/stderr)" || { echo 'run gofmt -w on these files'; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

# Each fuzz target for FUZZTIME; the first finding ends it and says where its input is.
FUZZTIME ?= 20s
fuzz: setup-test build
	@GO='$(GO)' FUZZTIME=$(FUZZTIME) packaging/fuzz.sh

# Leak, changed area, CPU and delay beside a plain re-encode and GStreamer's
# faceblur, in one run; about 20 minutes.
bench: build build/demo.mp4
	@packaging/setup.sh build test bench
	$(GO) run ./cmd/bauta-bench -variants -many 5 -o docs/BENCHMARKS.md

# Four cameras, random faults every few seconds: nothing that no worker vouched
# for may reach a viewer. make soak SOAK=10m is shorter.
SOAK ?= 1h
soak: setup-test build build/demo.mp4
	CGO_ENABLED=0 $(GO) build -trimpath -o build/bauta-soak ./cmd/bauta-soak
	build/bauta-soak -for $(SOAK)

# All tests that make a fault, in their long forms; what they measure becomes
# the table of docs/reliability.md.
FAULT_FILES = $(shell grep -rl --include=*_test.go 'faultlog\.Check' cmd gateway detector anonymize config hardware)
reliability: setup-test build build/demo.mp4
	rm -rf build/faults
	BAUTA_LONG=1 BAUTA_FAULTLOG=$(CURDIR)/build/faults $(GO) test -count=1 -p 1 -timeout 60m \
		-run "^($$(sed -n 's/^func \(Test[A-Za-z0-9_]*\).*/\1/p' $(FAULT_FILES) | grep -v TestMain | sort -u | paste -sd '|' -))$$" \
		$(sort $(addprefix ./,$(dir $(FAULT_FILES))))
	$(GO) run ./cmd/bauta-faults

# A Debian package of the release that this machine runs; make deb ARCH=arm64
# cross-builds and installs Debian's libraries of that architecture.
ARCH ?= $(shell dpkg --print-architecture 2>/dev/null)
deb: build/demo.mp4 build/nfpm
	@packaging/setup.sh deb $(ARCH)
	@packaging/deb.sh $(ARCH) $(VERSION) $(BUILD)

# A container image of the package, made without root.
image: deb
	@packaging/setup.sh image
	@packaging/image.sh $(ARCH) $(VERSION)

# Not in go.mod: its modules are many and none of them is in the product.
build/nfpm: Makefile
	GOBIN=$(CURDIR)/build CGO_ENABLED=0 $(GO) install github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.44.0
	@touch $@

# The package on real systems: Debian 12 and 13 in roots of their own (as root,
# about ten minutes the first time), and arm64 under qemu.
test-deb: build/demo.mp4 build/nfpm
	packaging/test-deb.sh

# The container image, run by podman without root.
test-image: image
	packaging/test-image.sh bauta:$(VERSION)

test-arm64: build/demo.mp4 build/nfpm
	packaging/test-arm64.sh

clean:
	rm -rf build
