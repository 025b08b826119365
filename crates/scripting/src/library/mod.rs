//! The libraries of scripts besides Lua's own: `bit`, `cjson`, `cmsgpack`, `struct`. They accept and return the same
//! bytes as Redis's, and bound the effect of hostile input: nesting has a limit, and memory is bounded by the actual
//! input.

mod bit;
mod cjson;
mod cmsgpack;
mod packing;
pub(crate) mod text;

pub(crate) use bit::bit;
pub(crate) use cjson::cjson;
pub(crate) use cmsgpack::cmsgpack;
pub(crate) use packing::packing;

use crate::vm::arguments::Arguments;
use crate::vm::callback;
use mlua::{IntoLuaMulti, Lua, MultiValue, Result, Table};

/// Adds a function to a library.
pub(crate) fn put<R: IntoLuaMulti>(
    lua: &Lua,
    library: &Table,
    name: &str,
    function: impl Fn(&Lua, Arguments<'_>) -> Result<R> + 'static,
) -> Result<()> {
    let function = callback(lua, move |lua, values: MultiValue| function(lua, Arguments::new(lua, values)))?;
    library.raw_set(name, function)
}
