# `make run` and `make test` are all a newcomer needs; `make help` lists the rest.

SHELL := bash
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

STEP := scripts/step
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
FUZZTIME ?= 30s
DURATION ?= 10m
TIMES ?= 3
# One way to compile for all but the race detector, so that the bundler, vet,
# the linters and the binary share what is compiled once.
STATIC := env CGO_ENABLED=0 GOFLAGS="$(shell go env GOFLAGS) -trimpath -buildvcs=false"
# Checks and formatters are a module of their own, whose dependencies stay out of ours.
TOOLS := bin/tools

.NOTPARALLEL:

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

.PHONY: run
run: packages ## serve on http://127.0.0.1:5000; an edit of any source shows after a reload
	@$(STATIC) go run ./cmd/dev

.PHONY: demo
demo: packages assets ## fill an empty database with people and boards, print the logins
	@$(STATIC) go run ./cmd/taskstack demo

.PHONY: build
build: packages assets ## make bin/taskstack, one static binary that needs no other file
	@$(STEP) "binary" $(STATIC) go build -ldflags '-s -w -X main.version=$(VERSION)' -o bin/taskstack ./cmd/taskstack

.PHONY: test
test: ## everything CI runs, installing what it needs; prints a table of times
	@scripts/step-table $(MAKE) install go-modules packages test-packages assets lint-and-units test-go $(if $(wildcard e2e),e2e)

.PHONY: lint-and-units
lint-and-units: tools
	@# What Go compiles uses all processors; the others use one each, and wait between.
	@scripts/side-by-side "format-check lint-go test-tools" "lint-js unit-js nginx-check"

.PHONY: check
check: packages assets lint unit-js ## the fast part: format, linters, tests on SQLite without the race detector
	@$(STEP) "Go tests, SQLite" env TASKSTACK_TEST_ONLY=sqlite go test ./...

# Parts of the above.

.PHONY: install
install:
	@$(STEP) "programs" scripts/install

.PHONY: go-modules
go-modules:
	@$(STEP) "Go modules" scripts/go-modules . tools bench

.PHONY: packages
packages:
	@$(STEP) "npm packages" scripts/npm-ci .

.PHONY: test-packages
test-packages:
	@$(STEP) "npm packages of the official clients" scripts/npm-ci platform/socketio/clienttest

.PHONY: assets
assets: ## bundle, hash and compress the front end into static/dist
	@$(STEP) "assets" $(STATIC) go run ./cmd/assets

.PHONY: tools
tools:
	@$(STEP) "linter and formatters" $(STATIC) go build -C tools -o ../$(TOOLS)/ ./lint mvdan.cc/gofumpt golang.org/x/tools/cmd/goimports

.PHONY: format-check
format-check: tools
	@$(STEP) "format" scripts/fmt -l

.PHONY: lint-go
lint-go: tools
	@$(STEP) "lint, Go" $(STATIC) go vet -vettool=$(CURDIR)/$(TOOLS)/lint ./...
	@$(STEP) "vet of the benchmarks" $(STATIC) go vet -C bench ./...

.PHONY: lint-js
lint-js: packages
	@$(STEP) "eslint, stylelint" npm run --silent lint

.PHONY: lint
lint: format-check lint-go lint-js ## format, our checks and others for Go (tools/lint), eslint, stylelint

.PHONY: test-tools
test-tools:
	@$(STEP) "tests of the linter" $(STATIC) go test -C tools ./...

.PHONY: nginx-check
nginx-check:
	@$(STEP) "nginx configuration" scripts/nginx-check

.PHONY: unit-js
unit-js: packages
	@$(STEP) "front-end units" npm test --silent

# Code of others that only computes, or in which nothing of ours runs at once: under the detector it takes five times as long,
# drawing and compressing pictures twenty times. It reads our values by reflect, which is watched.
# No package that uses sync.Map: what the compiler makes of it there, unwatched, may become that of the whole program, which then
# reports races between a Store and a Load that are none (encoding/json, for one).
UNWATCHED := modernc.org/... github.com/evanw/esbuild/... github.com/andybalholm/brotli/... github.com/klauspost/compress/... \
	compress/flate image/... hash/crc32 hash/adler32 golang.org/x/image/... golang.org/x/crypto/blowfish golang.org/x/crypto/bcrypt \
	text/template/... html/template regexp/... golang.org/x/net/html/... golang.org/x/text/... \
	github.com/yuin/goldmark/... github.com/nicksnyder/... github.com/pressly/goose/...

.PHONY: test-go
test-go:
	@# The linter has done what vet would do. With -trimpath another clone uses what this one has compiled.
	@$(STEP) "Go tests, race detector, SQLite and MariaDB" $(STATIC) go run ./internal/testenv/withmariadb \
		env CGO_ENABLED=1 GOFLAGS="$(shell go env GOFLAGS) -trimpath" \
		go test -race $(UNWATCHED:%=-gcflags=%=-race=false) -vet=off -p 3 -timeout 30m ./...

.PHONY: e2e
e2e: build ## browser stories in Chromium against the real binary
	@$(STEP) "end to end" npm run --silent e2e

.PHONY: screenshots
screenshots: build ## take pictures of every page and window into e2e/artifacts/screenshots, and those of README and landing page
	@$(STEP) "screenshots" node e2e/screenshots.mjs

.PHONY: fuzz
fuzz: ## fuzz every target for FUZZTIME (default 30s) each
	@scripts/fuzz $(FUZZTIME)

.PHONY: stress
stress: ## everything TIMES times (default 3) while all processors are busy; TARGET=e2e for a part
	@scripts/stress $(TIMES) $(or $(TARGET),test)

.PHONY: chaos
chaos: test-packages packages assets ## let clients do what they like and compare: make chaos DURATION=10m SEED=7 SERVERS=4
	@$(STEP) "chaos" $(STATIC) go run ./internal/testenv/withmariadb \
		env CHAOS_DURATION=$(DURATION) CHAOS_SEED=$(SEED) CHAOS_SERVERS=$(SERVERS) \
		go test ./contract -run '$(if $(SERVERS),^TestServersChaos$$,^TestChaos$$)' -count=1 -timeout=0 -v
	@$(STEP) "chaos of the Socket.IO protocol" env SOCKETIO_ROUNDS=3000 SOCKETIO_SEED=$(or $(SEED),1) \
		go test ./platform/socketio -run TestScriptsAgainstModel -count=1 -timeout=0

.PHONY: mutants
mutants: packages assets ## put known faults in, one at a time, and print what the tests notice: make mutants AREA=trash ONLY=sweep JOBS=2
	@$(STEP) "faults" $(STATIC) go run ./internal/testenv/withmariadb \
		go run ./internal/mutants -area "$(AREA)" -only "$(ONLY)" -jobs $(or $(JOBS),2)

.PHONY: removal
removal: packages ## remove each feature in a copy of the tree: does the rest build, start and have no dead end? make removal FEATURE=search
	@$(STEP) "removal of features" $(STATIC) go run ./internal/removal $(if $(TESTS),-tests) $(FEATURE)

.PHONY: bench
bench: build ## pages, moves and sockets beside their peers, in one run; prints ratios
	@$(STEP) "pages and moves" node bench/pages/pages.mjs
	@$(STEP) "boards in the browser" node bench/board/board.mjs
	@$(STEP) "moves of others in the browser" node bench/board/moves.mjs
	@$(STEP) "search" $(STATIC) go test -run '^$$' -bench Search -benchtime 20x -timeout 30m ./modules/search
	@$(STEP) "npm packages of the peers" scripts/npm-ci bench/node
	@$(STEP) "sockets" go run -C bench ./cmd/sockets
	@$(STEP) "chat" node bench/chat/chat.mjs
	@$(STEP) "abuse" go run -C bench ./cmd/abuse

.PHONY: fmt
fmt: tools ## format Go and fix what linters can fix
	@$(STEP) "format" scripts/fmt -w
	@$(STEP) "eslint, stylelint" npm run --silent lint -- --fix

.PHONY: module
module: ## write a module that works: make module name=due, or without=card for one that shows nothing on cards
	@$(STATIC) go run ./internal/newmodule $(if $(without),-without "$(without)") "$(name)"

.PHONY: try-module
try-module: packages assets tools ## write a module of each kind into a copy of the tree, and run everything that a module has to pass
	@$(STEP) "generated modules" $(STATIC) go run ./internal/testenv/withmariadb go run ./internal/newmodule -try

.PHONY: migration
migration: ## make the files of the next migration: make migration name=labels_create
	@scripts/migration "$(name)"

.PHONY: migration-dump
migration-dump: ## note the checksums of new migrations and dump the newest schema, for the tests of upgrades
	@$(STEP) "checksums and dump" $(STATIC) go test ./platform/migrate -run TestLanded -count=1 -update

.PHONY: docker
docker: ## build the image taskstack:latest
	@$(STEP) "image" docker build --build-arg VERSION=$(VERSION) -t taskstack:latest -f docker/Dockerfile .

.PHONY: clean
clean: ## remove what was built, not ./data
	@rm -rf bin node_modules platform/socketio/clienttest/node_modules bench/node/node_modules
	@find static/dist -mindepth 1 -not -name README.md -delete
