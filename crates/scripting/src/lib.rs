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

use redstart_command::scripts::{Libraries, Library};
use redstart_command::{Command, Error, Shared};
use std::sync::Arc;

/// Reads a library's source; see [`Scripts::set_reader`].
///
/// [`Scripts::set_reader`]: redstart_command::scripts::Scripts::set_reader
///
/// # Errors
/// It is no library, or has the name of one of `libraries`.
pub fn read_library(shared: &Shared, libraries: &Libraries, source: &[u8]) -> Result<Arc<Library>, Error> {
    function::read(shared, libraries, source)
}

/// Gives up the interpreters of the calling thread, which is about to end.
pub fn leave_thread(shared: &Shared) {
    compiled::retire_machines(shared);
}

/// All families.
pub const FAMILIES: &[&[Command]] = &[eval::COMMANDS, function::COMMANDS, script::COMMANDS];
