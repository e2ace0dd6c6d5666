.PHONY: run test bench check data
export CARGO_TARGET_DIR ?= $(CURDIR)/target

# Sets up what is missing, builds the release, loads dictionaries and a small demonstration, serves on http://127.0.0.1:3000
run:
	@.dev/setup --run
	@.dev/build
	@MAKE_SEALING_KEY=true SITE_ROOT=$(CARGO_TARGET_DIR)/site $(CARGO_TARGET_DIR)/release/server demo
	@MAKE_SEALING_KEY=true SITE_ROOT=$(CARGO_TARGET_DIR)/site $(CARGO_TARGET_DIR)/release/server serve

# Sets up what is missing and runs every test.
test:
	@.dev/setup
	@.dev/test

# Prints every figure beside its baseline, measured in the same run.
bench:
	@.dev/setup
	@.dev/bench

# Makes the shipped lists anew from where they come from (app/registry/data/README.md); needs pip.
data:
	@.dev/data

# Formatting and lints only.
check:
	@cargo fmt --all --check
	@cargo clippy --quiet --all-targets -- -D warnings
