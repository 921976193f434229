# make demo    the position of an example estate and what to buy for another, from a bare machine
# make test    every test
# make bench   every benchmark
# make test-browser   pages as people meet them, in a browser
# Each installs what is missing first (Debian and Ubuntu; elsewhere it says what is missing).

SHELL := /bin/bash
export PATH := $(HOME)/.cargo/bin:$(PATH)

.PHONY: demo test test-browser bench install install-browser

demo: install
	cargo build --release --locked --bin licit
	cargo run --release --locked --quiet -- position examples/contoso.yaml
	cargo run --release --locked --quiet -- renew examples/renewal.yaml

test: install
	cargo test --workspace --locked

bench: install
	cargo bench --workspace --bench '*' --locked

# The program as its own tests have it, so that nothing is built twice.
test-browser: install install-browser
	cargo test --workspace --locked --quiet --no-run --test suite
	cd tests/browser && node --test

install-browser: install
	@.ci/install browser

install:
	@.ci/install
