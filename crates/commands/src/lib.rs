//! The command families: one family is one file (or one folder by noun), metadata above handlers.
//!
//! To add a command: write its const and handler in its family's file, name it in the family's `COMMANDS`, and add a
//! transcript under `tests/transcripts/`.
#![forbid(unsafe_code)]

mod connection;
mod expire;
mod generic;
mod hash;
mod help;
mod parse;
mod string;

use redstart_command::Command;

/// All families.
pub const FAMILIES: &[&[Command]] =
    &[connection::COMMANDS, expire::COMMANDS, generic::COMMANDS, string::COMMANDS, hash::COMMANDS];
