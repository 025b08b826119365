//! Lua scripts and functions: EVAL and its relatives, SCRIPT, FUNCTION, FCALL. It knows commands only by what
//! `redstart_command` says of them, and nothing of connections or threads.
//!
//! Start reading at [`run`]: a script's way from its arguments to its answer. `vm/` is the interpreter and the world
//! that scripts see in it, `library/` what they find there beside Lua's own.
#![forbid(unsafe_code)]

mod compiled;
pub mod decoders;
mod eval;
mod function;
mod library;
mod run;
mod script;
mod shebang;
mod vm;

use redstart_command::Command;

/// All families.
pub const FAMILIES: &[&[Command]] = &[eval::COMMANDS, function::COMMANDS, script::COMMANDS];
