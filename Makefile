.PHONY: test
# `make test` sets up what is missing and runs every test.
test:
	@.dev/setup
	@.dev/test
