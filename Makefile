# Everything a fresh machine with Go, Node and make needs is fetched by the target that needs it.

GO      ?= go
NPM     ?= npm
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
WEB     := $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/paraglide/*' 2>/dev/null)

.PHONY: run build test test-go test-web test-browser lint bench release clean tools

build: carrel

# all of internal: words, fonts and tables are embedded
carrel: pb_public/kiosk/index.html main.go go.mod go.sum $(shell find collections hooks internal kiosk pb_migrations -type f)
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o carrel .

# one stamp for all web apps: they share their sources
pb_public/kiosk/index.html: web/node_modules/.stamp $(WEB)
	cd web && $(NPM) run --silent build
	@touch $@

web/node_modules/.stamp: web/package-lock.json
	cd web && $(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

e2e/node_modules/.stamp: e2e/package-lock.json
	cd e2e && $(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

# The sample school is loaded once; after that the folder is yours.
run: carrel
	@test -e pb_data/data.db || ./carrel demo --dir pb_data
	@./carrel serve --dir pb_data --show-demo

test: tools test-go test-web test-browser

# The race detector runs where things happen at once; on everything it would take longer than it tells.
test-go: pb_public/kiosk/index.html
	$(GO) vet ./...
	$(GO) test $$($(GO) list ./... | grep -v /e2e$$)
	$(GO) test -count=1 ./e2e # it builds the binary itself, which go test's cache does not see
	$(GO) test -race -short ./internal/desk ./internal/store ./internal/notices ./kiosk

test-web: web/node_modules/.stamp
	cd web && $(NPM) run --silent check && $(NPM) test --silent

test-browser: carrel e2e/node_modules/.stamp
	cd e2e && $(NPM) test --silent

# What the tests call besides Go and Node. As root on Debian it is installed; elsewhere the name is told.
TOOLS := chromium:chromium yaz-marcdump:yaz xmllint:libxml2-utils zbarimg:zbar-tools pdftoppm:poppler-utils certutil:libnss3-tools openssl:openssl
tools:
	@missing=""; for tool in $(TOOLS); do command -v $${tool%%:*} >/dev/null || missing="$$missing $${tool##*:}"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing$$missing"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else echo "The tests need these programs, please install them:$$missing"; exit 1; fi

GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.5.0
lint: web/node_modules/.stamp
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "not formatted:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(GO) run $(GOLANGCI) run
	cd web && $(NPM) run --silent check

bench: carrel
	./carrel bench

PLATFORMS := linux/amd64 linux/arm64 linux/arm windows/amd64
release: pb_public/kiosk/index.html
	@mkdir -p dist
	@for platform in $(PLATFORMS); do \
		os=$${platform%%/*}; arch=$${platform##*/}; name=carrel-$(VERSION)-$$os-$$arch; \
		case $$os-$$arch in linux-arm) name=$${name}v7;; windows-*) name=$$name.exe;; esac; \
		echo dist/$$name; CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch GOARM=7 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o dist/$$name . || exit 1; \
	done
	@cd dist && sha256sum carrel-* > SHA256SUMS

clean:
	rm -rf carrel dist web/node_modules e2e/node_modules pb_public/catalog pb_public/check pb_public/kiosk pb_public/staff
