# Every target is one line over one Go program, scripts/workshop. Without make:
#   GOWORK=off go run -C scripts ./workshop test STEP=05

.DEFAULT_GOAL := list
.DELETE_ON_ERROR:
.PHONY: list setup test watch hint run demo diff solution start reset progress \
	release carry variants verify mutate stress bench check integration

workshop := .workshop/bin/workshop
sources := scripts/go.mod scripts/go.sum \
	$(shell find scripts/workshop scripts/internal -type f ! -path '*/testdata/*' ! -name '*_test.go')

# with hands on those of its arguments that were given: $(call with,STEP TASK) may be STEP='05'.
with = $(foreach name,$(1),$(if $($(name)),$(name)='$($(name))'))

# The program is built once, and again when its sources change. It never depends on go.work,
# on anything inside a step, or on what `go env -w` has set (only a value overrides a value).
goenv = GOWORK=off GO111MODULE=on GOFLAGS=-mod=readonly GOOS=$$(go env GOHOSTOS) GOARCH=$$(go env GOHOSTARCH)

$(workshop): $(sources)
	@command -v go >/dev/null || { echo "Go is missing: install it from https://go.dev/dl/, then try again." >&2; exit 1; }
	@echo "Building the workshop program (the first time this downloads its modules) …" >&2
	@mkdir -p $(@D)
	@$(goenv) go build -C scripts -o ../$@ ./workshop
	@touch $@

# For learners.
list: $(workshop)
	@$(workshop) list

setup: $(workshop)
	@$(workshop) setup

test: $(workshop)
	@$(workshop) test $(call with,STEP TASK ALL FORMAT)

watch: $(workshop)
	@$(workshop) watch $(call with,STEP TASK ALL)

hint: $(workshop)
	@$(workshop) hint $(call with,STEP TASK)

run: $(workshop)
	@$(workshop) run $(call with,STEP ADDR PORT)

demo: $(workshop)
	@$(workshop) demo $(call with,STEP ADDR PORT)

diff: $(workshop)
	@$(workshop) diff $(call with,STEP TASK)

solution: $(workshop)
	@$(workshop) solution $(call with,STEP TASK ALL FORMAT)

start: $(workshop)
	@$(workshop) start $(call with,STEP FROM)

reset: $(workshop)
	@$(workshop) reset $(call with,STEP)

progress: $(workshop)
	@$(workshop) progress $(call with,FORMAT)

# For authors.
release: $(workshop)
	@$(workshop) release $(call with,STEP)

carry: $(workshop)
	@$(workshop) carry $(call with,FROM BASE)

variants: $(workshop)
	@$(workshop) variants $(call with,STEP DIR)

verify: $(workshop)
	@$(workshop) verify $(call with,STEP ALL SEED COMPARE)

mutate: $(workshop)
	@$(workshop) mutate $(call with,STEP RUN FORMAT)

stress: $(workshop)
	@$(workshop) stress $(call with,STEP N RUN CPU)

bench: $(workshop)
	@$(workshop) bench $(call with,STEP N)

check: $(workshop)
	@$(workshop) check

integration: $(workshop)
	@$(workshop) integration $(call with,STEP)
