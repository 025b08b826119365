//! The memory that functions of this crate use for scripts: bounded like the interpreter's own, with Lua's error if
//! there is none.

use super::{pace, raise};
use mlua::{Lua, LuaString, Result};
use redstart_sys::lua as interpreter;

/// Lua's error message.
pub(crate) const NOT_ENOUGH: &str = "not enough memory";

/// For allocations of at least this many bytes, the available memory is checked first.
const LARGE: usize = 32 * 1024;

fn not_enough() -> mlua::Error {
    raise::plain(NOT_ENOUGH)
}

/// Checks for memory before an allocation.
///
/// # Errors
/// There is no memory, or the script must end.
pub(crate) fn look_for(bytes: usize) -> Result<()> {
    pace::work(bytes / 16)?;
    if bytes < LARGE || interpreter::has_room(bytes) { Ok(()) } else { Err(not_enough()) }
}

/// The length up to which a reply of this length may grow, with the limit `most` (0 for no limit).
///
/// # Errors
/// There is no memory.
pub(crate) fn for_answer(length: usize, most: usize) -> Result<usize> {
    let within = most == 0 || length <= most;
    if within && interpreter::system_has(2 * length) { Ok(2 * length) } else { Err(not_enough()) }
}

/// Creates a Lua string.
///
/// # Errors
/// There is no memory, or the script must end.
pub(crate) fn string(lua: &Lua, bytes: &[u8]) -> Result<LuaString> {
    look_for(bytes.len())?;
    lua.create_string(bytes)
}

/// A buffer for a string of this size.
///
/// # Errors
/// There is no memory, or the script must end.
pub(crate) fn buffer(size: usize) -> Result<Vec<u8>> {
    // The string is allocated in addition.
    look_for(size.saturating_mul(2))?;
    let mut buffer = Vec::new();
    buffer.try_reserve_exact(size).map_err(|_| not_enough())?;
    Ok(buffer)
}

/// Appends to a buffer.
///
/// # Errors
/// There is no memory, or the script must end.
#[inline]
pub(crate) fn extend(buffer: &mut Vec<u8>, bytes: &[u8]) -> Result<()> {
    room(buffer, bytes.len())?;
    buffer.extend_from_slice(bytes);
    Ok(())
}

/// Reserves space in a buffer for `bytes` more bytes.
///
/// # Errors
/// There is no memory, or the script must end.
#[inline]
pub(crate) fn room(buffer: &mut Vec<u8>, bytes: usize) -> Result<()> {
    if buffer.capacity() - buffer.len() >= bytes { Ok(()) } else { grow(buffer, bytes) }
}

#[cold]
fn grow(buffer: &mut Vec<u8>, bytes: usize) -> Result<()> {
    let size = buffer.capacity().saturating_mul(2).max(buffer.len().saturating_add(bytes)).max(64);
    look_for(size)?;
    buffer.try_reserve_exact(size - buffer.len()).map_err(|_| not_enough())
}
