//! Transcripts: conversations with a server, written so that a Redis user reads them without learning anything.
//!
//! ```text
//! # Comments and empty lines are free. A header may hold `args:` (server arguments) and `protocol: 2`.
//! == a section: begins with an empty keyspace and new connections
//! only: redstart valkey         a section for these servers alone (what Redis 8.0 does not know)
//! > SET k "\x00v"               a command, quoted as redis-cli quotes
//! < +OK                         its whole reply
//! > HGETALL h
//! < {"f": "v"}                  RESP3's types; in RESP2 the same pattern means what RESP2 sends instead
//! 2< ["f" "v"]                  a reply of RESP2 alone (3< of RESP3), where that does not do
//! a> BLPOP l 0                  a second connection, named a; its replies are `a<`
//! >> "PING\r\n"                 raw bytes
//! < ~^PO.G$                     a scalar's text by regular expression (inside brackets: ~"...")
//! < (closed)                    the server closed the connection; (silent): it sends nothing
//! until> EXISTS k               asked again for up to five seconds until the reply is as expected
//! sleep: 50                     milliseconds
//! > CLIENT ID
//! < %{id}                       remembers the text; later `%{id}` in a command stands for it
//! ```
//! Patterns: `+OK`, `-ERR to the end of the line`, `:1` `:1..5` `:*`, `"bulk"`, `,1.5`, `#t`, `(nil)`, `(nil-array)`,
//! `(nil-bulk)`, `[a b ...]` (with `...`: and whatever follows), `~[set]`, `>[push]`, `{"key": value}`, `any-order`
//! before a bracket, `...` for anything. Inside brackets, and where they end in a space, simple strings and errors are
//! quoted: `+"OK"`, `-"ERR"`.
//!
//! Every file runs in RESP2 and in RESP3. With `REDSTART_TRANSCRIPT_RECORD=1` commands without an expectation get
//! the running server's reply written below them, to be read and judged before they are committed.

pub mod format;
pub mod pattern;
pub mod quoting;
pub mod record;
pub mod run;

pub use run::{Failure, run_file};
