# Targets that people and other tools call: setup build run test lint bench deb.
# Each installs what it needs and is quick when there is nothing to do.
# make test is for every change; make test-long runs all tests in their long forms.

GO      ?= go
# The Go command with the flags of what calls C.
WITH_C  := packaging/cgo.sh $(GO)
BUILD   := $(shell git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
VERSION := $(shell sed -n 's/^\#\# \[\{0,1\}\([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
LDFLAGS := -X github.com/bauta-gateway/bauta/anonymize/wire.BuildID=$(BUILD) -X github.com/bauta-gateway/bauta/anonymize/wire.Version=$(VERSION)

# The command line's packages beside ./cmd/bauta, whose tests all start the program.
CLI  := $(addprefix ./cmd/bauta/,cameras cli consents evidence health logins manual questions records redact sealed sealed/keyfile sealed/page sealed/source)
# The supervisor and all that only it uses are pure Go; the worker's side calls C.
PURE := ./cmd/bauta $(CLI) ./cmd/dev/bauta-demo-clip ./cmd/dev/bauta-faults ./cmd/dev/bauta-package ./cmd/dev/bauta-soak ./cmd/dev/floors ./cmd/dev/internal/... ./cmd/dev/mutate ./cmd/dev/weights/... ./config/... ./gateway/... ./hardware ./hardware/clips ./hardware/jpegscan ./hardware/media ./detector/track ./detector/bind ./detector/yunet ./anonymize/leak ./anonymize/load ./anonymize/sandbox/seccomp/... ./anonymize/stage ./anonymize/wire
CGO  := ./anonymize ./anonymize/accelerate ./anonymize/decision ./anonymize/detect ./anonymize/output ./anonymize/pipeline ./anonymize/sandbox ./anonymize/tracker ./detector ./hardware/av ./cmd/bauta-worker ./cmd/dev/bauta-bench
# A test that hangs says where after this time.
TIMEOUT := 20m

.PHONY: setup setup-test setup-axe build offline run test test-race test-processes test-c test-race-processes test-long test-estate mutate lint fuzz bench soak reliability deb checksums apt-repo image test-deb test-fresh test-image test-arm64 bench-arm64 clean

setup:
	@packaging/setup.sh build

setup-test: | setup
	@packaging/setup.sh build test

# The rules that console pages are checked by, for make test-long alone.
setup-axe: | setup
	@[ -d build/axe/node_modules/axe-core ] || ! command -v npm >/dev/null || npm install --silent --no-audit --no-fund --prefix build/axe axe-core@4.10.3 || echo "axe-core is missing: the test that needs it will be skipped"

# A program that comes out the same keeps its file and that file's time: tests
# that ran with it then need not run again.
build: setup
	@mkdir -p build/new
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o build/new/bauta ./cmd/bauta
	@packaging/worker.sh build/new/bauta-worker '$(LDFLAGS)'
	@for program in bauta bauta-worker; do \
		cmp -s build/new/$$program build/$$program || install -m 755 build/new/$$program build/$$program || exit 1; done

# What holders of keys and inspectors need on their own PCs, for systems on which no
# gateway runs: not a part of build, for the first time takes minutes.
OFFLINE := windows/amd64 darwin/arm64
offline: setup
	@mkdir -p build
	@for system in $(OFFLINE); do \
		name=build/bauta-$$(echo $$system | tr / -)$$(case $$system in windows/*) echo .exe;; esac); echo "$$name"; \
		CGO_ENABLED=0 GOOS=$${system%/*} GOARCH=$${system#*/} $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o "$$name" ./cmd/bauta || exit 1; done

# Its ground truth, build/demo.json, is made with it.
build/demo.mp4: $(wildcard cmd/dev/bauta-demo-clip/*.go) | setup
	@mkdir -p build
	CGO_ENABLED=0 $(GO) run -trimpath ./cmd/dev/bauta-demo-clip -o $@

# What the programs are made of, and for which release of Debian.
PARTS = $(wildcard go.mod go.sum Makefile packaging/setup.sh packaging/cgo.sh packaging/worker.sh /etc/debian_version) \
	$(shell find cmd gateway detector anonymize config hardware -type f ! -name '*_test.go' ! -path '*/testdata/*')

# make run builds only where something is newer than the programs: it begins at once.
build/programs: $(PARTS) build/version | setup
	@echo 'make run: building the programs: a few minutes the first time, seconds after a change'
	@$(MAKE) --no-print-directory build
	@touch $@

build/version: FORCE
	@mkdir -p build
	@echo '$(BUILD) $(VERSION)' | cmp -s - $@ || echo '$(BUILD) $(VERSION)' >$@

FORCE:

# The demo camera, or a real one: make run CAMERA=rtsp://user:password@192.0.2.7/stream
# make run OPEN=1 opens the console in the desktop's browser. A bauta.yaml in
# this folder is used where there is one.
RUN = build/bauta run --free-ports $(if $(OPEN),--open)
run: build/programs build/demo.mp4
ifneq ($(CAMERA),)
	@$(RUN) --data build/data --camera '$(CAMERA)'
else ifneq ($(wildcard bauta.yaml),)
	@$(RUN) --config bauta.yaml
else
	@$(RUN) --data build/data --demo
endif

# Tests whose work is done in processes of their own, into which the race detector
# does not see, and one that holds a promise of time. With it they took several
# times as long. Those of cmd/bauta all start the program, those of cmd/dev/masked
# are arithmetic on pictures.
PROCESSES := Test(E2E|KilledBetween|TenThousandConsents)
PROCESS_PACKAGES = $(filter-out $(CGO),$(sort $(patsubst %/,./%,$(dir $(shell grep -rlE --include=*_test.go '^func $(PROCESSES)' cmd gateway detector anonymize config hardware)))))
# Hashes of passwords are costly on purpose; what is watched is who calls them.
RACE := -race -gcflags=golang.org/x/crypto/...=-race=false
# Outside the race detector pure Go is compiled as build does, once for both.
PLAIN = $(IN_MEMORY) CGO_ENABLED=0 $(GO) test -trimpath
# Tests sync many small files: in memory, where the machine has enough of it. Not
# those of the sandbox: a worker may read devices, and this memory is under /dev.
IN_MEMORY = $(shell packaging/test-folder.sh)

# Two packages at a time: most of them wait for real cameras, viewers and
# brokers. A failure in one part does not stop the others.
# Debian's mosquitto lies in /usr/sbin, which users' paths do not name.
test test-long test-race test-processes test-c test-race-processes test-estate reliability: export PATH := $(PATH):/usr/sbin
test: setup-test build build/demo.mp4
	@$(MAKE) --no-print-directory --keep-going --jobs=2 test-race test-processes test-c

# The pure Go packages under the race detector; it cannot see into C.
test-race:
	$(IN_MEMORY) $(GO) test $(RACE) -p 1 -timeout $(TIMEOUT) -skip '^$(PROCESSES)' $(filter-out ./cmd/bauta,$(PURE))

test-processes:
	$(PLAIN) -p 1 -timeout $(TIMEOUT) -run '^$(PROCESSES)' $(PROCESS_PACKAGES)
	$(PLAIN) -p 1 -timeout $(TIMEOUT) ./cmd/bauta ./cmd/dev/masked

test-c:
	$(WITH_C) test -p 1 -timeout $(TIMEOUT) $(CGO)

# All tests in their long forms, and the supervisor beside real workers under the
# race detector. axe-core comes from npm here: make test never uses that. With
# BAUTA_HOMEASSISTANT_PYTHON, a Python (3.13 or later) whose environment has Home Assistant (pip
# install homeassistant==2025.4.4), it is tried too; its first start fetches more from PyPI.
# The packages that call C have to build without packaging/cgo.sh too.
test-long: setup-test setup-axe build build/demo.mp4
	$(GO) build ./...
	@BAUTA_LONG=1 $(MAKE) --no-print-directory --keep-going --jobs=1 TIMEOUT=60m mutate test-race test-processes test-race-processes test-c

# Many gateways at real brokers that are killed and cut off: RabbitMQ and NATS as clusters of
# three, mosquitto, the embedded one; as root, about half an hour. ESTATE=TestPermissions runs one
# of them; BAUTA_WRITE_DOCS=1 puts the tables into docs/mqtt.md.
ESTATE ?= .
test-estate: setup-test build build/nats-server
	@packaging/setup.sh build test estate
	BAUTA_ESTATE=1 $(GO) test -count=1 -v -timeout 120m -run '$(ESTATE)' ./gateway/estate

# One small mistake at a time in the checks of the law: fails where no test finds one.
mutate: | setup
	$(GO) run ./cmd/dev/mutate

# Not in their long forms, whose bounds of time are those of programs without the race detector.
test-race-processes:
	$(IN_MEMORY) BAUTA_LONG= $(GO) test $(RACE) -p 1 -timeout $(TIMEOUT) -run '^$(PROCESSES)' $(PROCESS_PACKAGES)

lint: setup
	@test -z "$$(gofmt -l cmd gateway detector anonymize config hardware | tee /dev/stderr)" || { echo 'run gofmt -w on these files'; exit 1; }
	$(WITH_C) vet ./...
	@for system in $(OFFLINE); do \
		CGO_ENABLED=0 GOOS=$${system%/*} GOARCH=$${system#*/} $(GO) vet ./cmd/bauta ./cmd/bauta/sealed/... ./cmd/bauta/evidence ./config/sealed/... || exit 1; done
	$(WITH_C) tool staticcheck ./...
	@packaging/vulncheck.sh

# Each fuzz target for FUZZTIME; the first finding ends it and says where its input is.
FUZZTIME ?= 20s
fuzz: setup-test build
	@GO='$(GO)' FUZZTIME=$(FUZZTIME) packaging/fuzz.sh

# Leak, changed area, CPU and delay beside a plain re-encode and GStreamer's
# faceblur, in one run; about 40 minutes. make bench BENCH=kinds prints what becomes of
# turned, mirrored, stretched, tilted, fast and noisy pictures alone; about 15. make bench
# BENCH=day prints what a day costs alone; about 10; BENCH=many what 1 to 32 small cameras cost; about 8. With
# BAUTA_JUDGE2_PYTHON, a Python for ../shared/tools/judge2.py, by that measure as well.
BENCH ?= all
bench: build build/demo.mp4
	@packaging/setup.sh build test bench
ifeq ($(BENCH),kinds)
	$(WITH_C) run ./cmd/dev/bauta-bench -kinds-only
else ifeq ($(BENCH),day)
	$(WITH_C) run ./cmd/dev/bauta-bench -day-only
else ifeq ($(BENCH),many)
	$(WITH_C) run ./cmd/dev/bauta-bench -small-only -small 32
else
	$(WITH_C) run ./cmd/dev/bauta-bench -variants -kinds -many 5 -small 32 -o docs/BENCHMARKS.md
endif

# Four cameras, random faults every few seconds: nothing that no worker vouched
# for may reach a viewer. make soak SOAK=10m is shorter.
SOAK ?= 1h
soak: setup-test build build/demo.mp4
	CGO_ENABLED=0 $(GO) build -trimpath -o build/bauta-soak ./cmd/dev/bauta-soak
	build/bauta-soak -for $(SOAK)

# All tests that make a fault, in their long forms; what they measure becomes
# the table of docs/reliability.md.
FAULT_FILES = $(shell grep -rl --include=*_test.go 'faultlog\.Check' cmd gateway detector anonymize config hardware)
reliability: setup-test build build/demo.mp4
	rm -rf build/faults
	BAUTA_LONG=1 BAUTA_FAULTLOG='$(CURDIR)/build/faults' $(WITH_C) test -count=1 -p 1 -timeout 60m \
		-run "^($$(sed -n 's/^func \(Test[A-Za-z0-9_]*\).*/\1/p' $(FAULT_FILES) | grep -v TestMain | sort -u | paste -sd '|' -))$$" \
		$(sort $(addprefix ./,$(dir $(FAULT_FILES))))
	$(GO) run ./cmd/dev/bauta-faults

# A Debian package of the release that this machine runs; make deb ARCH=arm64
# cross-builds and installs Debian's libraries of that architecture.
ARCH ?= $(shell dpkg --print-architecture 2>/dev/null)
deb: build/demo.mp4 build/nfpm build/cyclonedx-gomod offline
	@packaging/setup.sh deb $(ARCH)
	@packaging/deb.sh $(ARCH) $(VERSION) $(BUILD)

# A container image of the package, made without root.
image: deb
	@packaging/setup.sh image
	@packaging/image.sh $(ARCH) $(VERSION)

# Not in go.mod: their modules are many and none of them is in the product.
build/nfpm: Makefile | setup
	GOBIN='$(CURDIR)/build' CGO_ENABLED=0 $(GO) install github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.44.0
	@touch $@

build/nats-server: Makefile | setup
	GOBIN='$(CURDIR)/build' CGO_ENABLED=0 $(GO) install github.com/nats-io/nats-server/v2@v2.11.4
	@touch $@

build/cyclonedx-gomod: Makefile | setup
	GOBIN='$(CURDIR)/build' CGO_ENABLED=0 $(GO) install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.9.0
	@touch $@

# The checksums of the packages in build/ and their bills of materials, signed with
# OpenSSH's key KEY; docs/install.md says how they are checked.
checksums:
	@packaging/checksums.sh '$(KEY)'

# A signed apt repository of the packages in build/, in build/apt: make apt-repo KEY=FINGERPRINT, a
# key that gpg knows. docs/install.md says how gateways use it.
apt-repo:
	@packaging/setup.sh deb
	@packaging/apt-repo.sh '$(KEY)'

# The package on real systems: Debian 12 and 13 in roots of their own (as root,
# about ten minutes the first time), and arm64 under qemu.
test-deb: build/demo.mp4 build/nfpm build/cyclonedx-gomod
	packaging/test-deb.sh

# The first two commands of README.md on fresh Debian systems, without test data (as root).
test-fresh:
	packaging/test-fresh.sh

# The container image, run by podman without root.
test-image: image
	packaging/test-image.sh bauta:$(VERSION)

test-arm64: build/demo.mp4 build/nfpm build/cyclonedx-gomod
	packaging/test-arm64.sh

# What a picture costs on arm64 in instructions, counted under qemu: an estimate (as
# root, about ten minutes, and as many more the first time).
bench-arm64: build/demo.mp4
	packaging/bench-arm64.sh

clean:
	rm -rf build
