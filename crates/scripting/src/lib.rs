//! Lua scripts and functions: EVAL and related commands, SCRIPT, FUNCTION, FCALL. This crate knows commands only
//! through `redstart_command`, and knows neither connections nor threads.
//!
//! Start reading at [`run`]: the path of a script from its arguments to its reply. `vm/` is the interpreter and the
//! environment of scripts, `library/` the libraries besides Lua's own.
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
/// The source is not a library, or the name of one of `libraries` is taken again.
pub fn read_library(shared: &Shared, libraries: &Libraries, source: &[u8]) -> Result<Arc<Library>, Error> {
    function::read(shared, libraries, source)
}

/// Drops the interpreters of the calling thread, which is about to end.
pub fn leave_thread(shared: &Shared) {
    compiled::retire_machines(shared);
}

/// All families.
pub const FAMILIES: &[&[Command]] = &[eval::COMMANDS, function::COMMANDS, script::COMMANDS];
