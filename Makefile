# The front door. `make run` starts a server; `make test` installs what the tests need and runs all of them.
.PHONY: run build test check bench microbench fuzz miri asan help

help:
	@echo "make run     build the server and start it (ARGS='--port 7000' for arguments)"
	@echo "make test    everything: unit tests, transcripts, differential runs, foreign suites, clients, doc tests"
	@echo "make check   formatting, lints, tidiness, documentation"
	@echo "make bench   against Redis and Valkey on pinned cores (ROWS='get32 set32' for some rows)"
	@echo "make microbench  parser, table, entry, listpack, engine without sockets"
	@echo "make miri    the memory of the containers under Miri"
	@echo "make asan    script arguments against the server with AddressSanitizer for SECONDS"
	@echo "make fuzz    each fuzz target for SECONDS (default 60)"

run:
	cargo build --release -p redstart-server
	exec target/release/redstart $(ARGS)

build:
	cargo build --release -p redstart-server

# The black-box tests ask cargo for the binary under test (profile test-server), so that it is never a stale one;
# building it first only shows the progress.
test:
	scripts/install-test-deps
	scripts/peers
	cargo build --profile test-server -p redstart-server
	if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --workspace --no-fail-fast; \
	else cargo test --workspace --no-fail-fast --lib --bins --tests; fi
	cargo test --workspace --doc
	RUSTFLAGS='--cfg loom' cargo test --release --target-dir target/loom -p redstart-sys --test loom

check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	cargo test -q -p redstart-tests --test tidy
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --quiet

bench:
	cargo build --release -p redstart-server
	scripts/bench $(ROWS)
	$(MAKE) microbench

microbench:
	cargo bench -p redstart-benches

# The table's unit tests, and the models of entries (with listpacks, fields and hashes inside) and tables: small sizes,
# some minutes. Words of tables and entries are tagged integers, whose pointers come back by exposed provenance: hence
# the flag. Left out: numbers and patterns, whose code is safe.
MIRI = MIRIFLAGS=-Zmiri-permissive-provenance cargo +nightly miri test --target-dir target/miri -p redstart-encoding
miri:
	if cargo +nightly miri --version >/dev/null 2>&1; then \
	    $(MIRI) --lib -- table && $(MIRI) --test entry_model --test table_model --test stream_model \
	        --test quicklist_model --test lzf_model --test sorted_model --test field_model; \
	else echo "miri: not run, since it is not installed: rustup +nightly component add miri"; fi

SECONDS ?= 60
asan:
	scripts/asan $(SECONDS)

fuzz:
	@cargo +nightly fuzz --version >/dev/null 2>&1 || \
	    { echo "fuzz: needs a nightly toolchain and cargo-fuzz: cargo install cargo-fuzz" >&2; exit 1; }
	for target in $$(cargo +nightly fuzz list); do \
	    cargo +nightly fuzz run $$target -- -max_total_time=$(SECONDS) || exit 1; done
