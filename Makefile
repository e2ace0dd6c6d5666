.PHONY: run dev test soak bench check data
export CARGO_TARGET_DIR ?= $(CURDIR)/target

# Installs what is missing, builds the release, loads the dictionaries and a small demonstration, serves http://127.0.0.1:3000
run:
	@scripts/setup --run
	@scripts/build
	@MAKE_SEALING_KEY=true SITE_ROOT=$(CARGO_TARGET_DIR)/site $(CARGO_TARGET_DIR)/release/server demo
	@MAKE_SEALING_KEY=true SITE_ROOT=$(CARGO_TARGET_DIR)/site $(CARGO_TARGET_DIR)/release/server serve

# Serves an unoptimised build with debug assertions at http://127.0.0.1:3000; rebuilds and reloads on save.
dev:
	@scripts/setup --run
	@scripts/dev

# Installs what is missing and runs every test.
test:
	@scripts/setup
	@scripts/test

# Installs what is missing and runs the long forms of tests that `make test` runs briefly.
soak:
	@scripts/setup
	@scripts/soak

# Runs the benchmarks; each result is printed beside a baseline measured in the same run.
bench:
	@scripts/setup
	@scripts/bench

# Regenerates the shipped lists from their sources (app/registry/data/README.md). Needs pip.
data:
	@scripts/data

# Checks formatting and lints only.
check:
	@cargo fmt --all --check
	@cargo clippy --quiet --all-targets -- -D warnings
