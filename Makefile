# Four commands are enough to work here: demo, test, bench, build.
SHELL := /bin/bash
GO ?= go
export CGO_ENABLED ?= 0
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
LDFLAGS := -s -w

.PHONY: help build demo test bench soak lint vet web go-test browser-test fuzz clean

help:
	@echo "make demo    build, load the invented London and serve it on http://localhost:8417"
	@echo "make test    everything that must pass before a change lands"
	@echo "make bench   the benchmarks, ours and peers', in one run"
	@echo "make build   bin/vru, one static binary"
	@echo "make soak    3,000 kills during intake, and the fuzzers for longer"

build: web
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/vru ./cmd/vru

demo: build
	./bin/vru demo --dir demo-data

test: web vet lint go-test browser-test

web: internal/web/assets/dist/manifest.json

internal/web/assets/dist/manifest.json: web/package-lock.json $(shell find web -type f -not -path '*/node_modules/*' 2>/dev/null)
	@command -v npm >/dev/null || { echo "npm is not installed: install Node.js 20 or later, then run make again"; exit 1; }
	cd web && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build

vet:
	@unformatted=$$(gofmt -l cmd internal migrations); if [ -n "$$unformatted" ]; then echo "not formatted (run gofmt -w):"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...

lint:
	@if command -v staticcheck >/dev/null || [ -x "$$($(GO) env GOPATH)/bin/staticcheck" ]; then PATH="$$PATH:$$($(GO) env GOPATH)/bin" staticcheck ./...; \
	elif [ -n "$$CI" ]; then echo "staticcheck is missing: run $(GO) install $(STATICCHECK)"; exit 1; \
	else echo "skipped staticcheck: run $(GO) install $(STATICCHECK) to have it"; fi
	@if command -v golangci-lint >/dev/null || [ -x "$$($(GO) env GOPATH)/bin/golangci-lint" ]; then PATH="$$PATH:$$($(GO) env GOPATH)/bin" golangci-lint run ./...; \
	elif [ -n "$$CI" ]; then echo "golangci-lint is missing: run $(GO) install $(GOLANGCI)"; exit 1; \
	else echo "skipped golangci-lint: run $(GO) install $(GOLANGCI) to have it"; fi

go-test:
	$(GO) test -timeout 15m ./...

browser-test: build
	@if command -v node >/dev/null && { [ -n "$$CHROMIUM" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null; }; then cd web && npm test --silent; \
	elif [ -n "$$CI" ]; then echo "Chromium or Node.js is missing: the browser tests cannot run"; exit 1; \
	else echo "skipped the browser tests: install Chromium and Node.js to run them"; fi

bench: web
	./bench/run

soak:
	OPENVRU_KILLS=3000 $(GO) test -timeout 60m -run 'Kill' ./internal/records/...
	$(MAKE) fuzz FUZZTIME=2m

FUZZTIME ?= 10s
fuzz:
	@for pkg in $$($(GO) list ./...); do for f in $$($(GO) test -list '^Fuzz' $$pkg 2>/dev/null | grep '^Fuzz' || true); do \
	  echo "$$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$pkg || exit 1; done; done

clean:
	rm -rf bin demo-data web/node_modules internal/web/assets/dist/*
