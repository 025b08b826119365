//! The libraries that scripts find beside Lua's own: `bit`, `cjson`, `cmsgpack`, `struct`. They take and give what
//! Redis's do, to the byte, and bound what hostile input can make them do: depth, and memory by what is really there.

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

/// Puts a function into a library.
pub(crate) fn put<R: IntoLuaMulti>(
    lua: &Lua,
    library: &Table,
    name: &str,
    function: impl Fn(&Lua, Arguments<'_>) -> Result<R> + 'static,
) -> Result<()> {
    let function = callback(lua, move |lua, values: MultiValue| function(lua, Arguments::new(lua, values)))?;
    library.raw_set(name, function)
}
