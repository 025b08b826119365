//! RESP2, RESP3 and inline commands: parse and write. No I/O, no commands.
#![forbid(unsafe_code)]
