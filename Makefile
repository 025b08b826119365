# The front door. `make run` starts a server; `make test` installs what the tests need and runs all of them.
.PHONY: run build test check bench microbench fuzz miri miri-small asan help

help:
	@echo "make run     build the server and start it (ARGS='--port 7000' for arguments)"
	@echo "make test    everything: checks, unit tests, transcripts, differential runs, foreign suites, clients, Miri, fuzzing"
	@echo "make check   formatting, lints, tidiness, documentation, dependencies"
	@echo "make bench   against Redis and Valkey on pinned cores (ROWS='get32 set32' for some rows)"
	@echo "make microbench  parser, table, entry, listpack, engine without sockets"
	@echo "make miri    the memory of the containers under Miri"
	@echo "make asan    script arguments against the server with AddressSanitizer for SECONDS"
	@echo "make fuzz    each fuzz target for SECONDS (default 60)"
	@echo "make asan    hostile arguments of scripts for SECONDS, with AddressSanitizer"

run:
	cargo build --release -p redstart-server
	exec target/release/redstart $(ARGS)

build:
	cargo build --release -p redstart-server

# The black-box tests ask cargo for the binary under test (profile test-server), so that it is never a stale one;
# building it first only shows the progress. What fails fast comes first.
test:
	scripts/install-test-deps
	$(MAKE) check
	scripts/peers
	cargo build --profile test-server -p redstart-server
	if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --workspace --no-fail-fast; \
	else cargo test --workspace --no-fail-fast --lib --bins --tests; fi
	cargo test --workspace --doc
	RUSTFLAGS='--cfg loom' cargo test --release --target-dir target/loom -p redstart-sys --test loom
	$(MAKE) miri-small
	scripts/fuzz --seconds 10

check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	cargo test -q -p redstart-tests --test tidy
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --quiet
	if cargo deny --version >/dev/null 2>&1; then cargo deny check bans licenses sources; \
	else echo "deny: NOT RUN, since it is not installed: cargo install --locked cargo-deny"; fi

bench:
	cargo build --release -p redstart-server
	scripts/bench $(ROWS)
	$(MAKE) microbench

microbench:
	cargo bench -p redstart-benches

# The table's unit tests, and the models of entries (with listpacks, fields and hashes inside) and tables: small sizes,
# some minutes. Words of tables and entries are tagged integers, whose pointers come back by exposed provenance: hence
# the flag. Left out: numbers and patterns, whose code is safe.
MIRI = MIRIFLAGS="-Zmiri-permissive-provenance" cargo +nightly miri test --target-dir target/miri -p redstart-encoding
# What is forgotten leaks.
LEAKY_MIRI = $(subst provenance",provenance -Zmiri-ignore-leaks",$(MIRI))
GUARDS = $(LEAKY_MIRI) -p redstart-sys --test guards
SEGMENTS = $(MIRI) -p redstart-sys --lib -- segment
miri:
	if cargo +nightly miri --version >/dev/null 2>&1; then \
	    $(MIRI) --lib -- table && $(MIRI) --test entry_model --test table_model --test stream_model \
	        --test quicklist_model --test lzf_model --test sorted_model --test field_model && \
	    $(GUARDS) && $(SEGMENTS); \
	else echo "miri: NOT RUN, since it is not installed: rustup +nightly component add miri"; fi

# Some minutes: what holds pointers, and every guard forgotten.
miri-small:
	if cargo +nightly miri --version >/dev/null 2>&1; then \
	    $(MIRI) --lib -- table && $(GUARDS) && $(SEGMENTS); \
	else echo "miri: NOT RUN, since it is not installed: rustup +nightly component add miri"; fi

SECONDS ?= 60
asan:
	scripts/asan $(SECONDS)

fuzz:
	scripts/fuzz --require --seconds $(SECONDS)
