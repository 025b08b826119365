//! What functions written here take of memory for scripts: bounded as the interpreter's own, with Lua's error where there is
//! none.

use super::{pace, raise};
use mlua::{Lua, LuaString, Result};
use redstart_sys::lua as interpreter;

/// Lua's words.
pub(crate) const NOT_ENOUGH: &str = "not enough memory";

/// From so many bytes on it is asked first whether there is room.
const LARGE: usize = 32 * 1024;

fn not_enough() -> mlua::Error {
    raise::plain(NOT_ENOUGH)
}

/// Looks for room before bytes are taken.
///
/// # Errors
/// There is no memory, or the script has to end.
pub(crate) fn look_for(bytes: usize) -> Result<()> {
    pace::work(bytes / 16)?;
    if bytes < LARGE || interpreter::has_room(bytes) { Ok(()) } else { Err(not_enough()) }
}

/// Up to which length an answer of this length may grow, where it may not be longer than `most` (0 for no limit).
///
/// # Errors
/// There is no memory.
pub(crate) fn for_answer(length: usize, most: usize) -> Result<usize> {
    let within = most == 0 || length <= most;
    if within && interpreter::system_has(2 * length) { Ok(2 * length) } else { Err(not_enough()) }
}

/// A string of Lua's.
///
/// # Errors
/// There is no memory, or the script has to end.
pub(crate) fn string(lua: &Lua, bytes: &[u8]) -> Result<LuaString> {
    look_for(bytes.len())?;
    lua.create_string(bytes)
}

/// A buffer for a string of this size.
///
/// # Errors
/// There is no memory, or the script has to end.
pub(crate) fn buffer(size: usize) -> Result<Vec<u8>> {
    // The string comes beside it.
    look_for(size.saturating_mul(2))?;
    let mut buffer = Vec::new();
    buffer.try_reserve_exact(size).map_err(|_| not_enough())?;
    Ok(buffer)
}

/// Makes a buffer longer.
///
/// # Errors
/// There is no memory, or the script has to end.
#[inline]
pub(crate) fn extend(buffer: &mut Vec<u8>, bytes: &[u8]) -> Result<()> {
    room(buffer, bytes.len())?;
    buffer.extend_from_slice(bytes);
    Ok(())
}

/// Makes room in a buffer for so many bytes more.
///
/// # Errors
/// There is no memory, or the script has to end.
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
