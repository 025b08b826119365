//! `string.find`, `match`, `gmatch`, `gsub` and `rep`. Lua's own versions count in 32 bits, recurse, and cannot be
//! interrupted.

mod pattern;

use super::put;
use crate::vm::arguments::Arguments;
use crate::vm::{memory, pace, raise};
use mlua::{IntoLuaMulti, Lua, LuaString, MultiValue, Result, Table, Value};
use pattern::{Captured, Matcher, Problem};

/// Adds the functions from which `sandbox.lua` builds these.
pub(crate) fn add(lua: &Lua, host: &Table) -> Result<()> {
    put(lua, host, "find", |lua, args| find(lua, &args, true))?;
    put(lua, host, "match", |lua, args| find(lua, &args, false))?;
    put(lua, host, "rep", |lua, args| repeat(lua, &args))?;
    put(lua, host, "subject_limit", |_, args| Ok(pattern::subject_limit(&args.string(1)?.as_bytes())))?;
    put(lua, host, "substitute", |lua, args| substitute(lua, &args))?;
    put(lua, host, "subject", |_, args| subject(&args))?;
    put(lua, host, "next_match", |lua, args| next_match(lua, &args, false))?;
    put(lua, host, "next_found", |lua, args| next_match(lua, &args, true))
}

/// The bytes with a special meaning in patterns.
const SPECIAL: &[u8] = b"^$*+?.([%-";

fn raised(lua: &Lua, problem: Problem) -> mlua::Error {
    match problem {
        Problem::Pattern(words) => raise::text(lua, words),
        Problem::Stopped(error) => error,
    }
}

/// Converts a position of a script, possibly relative to the end, to the number of bytes before it.
fn before(position: i64, length: usize) -> usize {
    let length = length as i64;
    let position = if position < 0 { position.saturating_add(length + 1) } else { position };
    (position - 1).clamp(0, length) as usize
}

fn value(lua: &Lua, captured: Captured<'_>) -> Result<Value> {
    match captured {
        Captured::Bytes(bytes) => memory::string(lua, bytes).map(Value::String),
        Captured::Position(position) => Ok(Value::Number(position as f64)),
    }
}

/// Appends the captures of the last match to `values`.
fn captures(
    lua: &Lua,
    matcher: &Matcher<'_>,
    count: usize,
    found: (usize, usize),
    values: &mut Vec<Value>,
) -> Result<()> {
    for index in 0..count {
        let captured = matcher.capture(index, found).map_err(|problem| raised(lua, problem))?;
        values.push(value(lua, captured)?);
    }
    Ok(())
}

/// `string.find` and `string.match`.
fn find(lua: &Lua, args: &Arguments<'_>, positions: bool) -> Result<MultiValue> {
    let (text, pattern) = (args.string(1)?, args.string(2)?);
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    let from = before(if args.is_nil(3) { 1 } else { args.int(3)? }, text.len());
    if positions && (args.is_true(4) || is_plain(&pattern)) {
        pace::work((text.len() - from) / 16)?;
        return match memchr::memmem::find(&text[from..], &pattern) {
            Some(at) => ((from + at + 1) as f64, (from + at + pattern.len()) as f64).into_lua_multi(lua),
            None => Value::Nil.into_lua_multi(lua),
        };
    }
    let mut matcher = Matcher::new(&text, &pattern);
    let Some(found) = matcher.find(from).map_err(|problem| raised(lua, problem))? else {
        return Value::Nil.into_lua_multi(lua);
    };
    let mut values = Vec::with_capacity(4);
    if positions {
        values.extend([Value::Number((found.0 + 1) as f64), Value::Number(found.1 as f64)]);
        captures(lua, &matcher, matcher.own_captures(), found, &mut values)?;
    } else {
        captures(lua, &matcher, matcher.captures(), found, &mut values)?;
    }
    Ok(MultiValue::from_vec(values))
}

/// Whether a pattern is literal text; as in C, it ends with a zero byte.
fn is_plain(pattern: &[u8]) -> bool {
    !pattern.iter().take_while(|&&byte| byte != 0).any(|byte| SPECIAL.contains(byte))
}

/// The first match of a pattern in a text after this number of bytes. Returns the number of bytes before the next
/// search, then for `gsub` where the match begins and ends, then the captures. Returns nothing if there is no match.
fn next_match(lua: &Lua, args: &Arguments<'_>, positions: bool) -> Result<MultiValue> {
    let (text, pattern) = (args.string(1)?, args.string(2)?);
    let (text, pattern, from) = (text.as_bytes(), pattern.as_bytes(), args.int(3)? as usize);
    let mut matcher = if positions { Matcher::new(&text, &pattern) } else { Matcher::unanchored(&text, &pattern) };
    let Some(found) = matcher.find(from).map_err(|problem| raised(lua, problem))? else {
        return Ok(MultiValue::new());
    };
    // After an empty match the search continues one byte later.
    let next = if found.1 > found.0 { found.1 } else { found.1 + 1 };
    let mut values = Vec::with_capacity(4);
    values.push(Value::Number(if matcher.anchored { text.len() + 1 } else { next } as f64));
    if positions {
        values.extend([Value::Number((found.0 + 1) as f64), Value::Number(found.1 as f64)]);
    }
    // A replacement table needs only the first capture, and the others may be unfinished.
    let count = if args.is_true(4) { 1 } else { matcher.captures() };
    captures(lua, &matcher, count, found, &mut values)?;
    Ok(MultiValue::from_vec(values))
}

/// The arguments of `gsub` except the replacement, converted to their types.
fn subject(args: &Arguments<'_>) -> Result<(LuaString, LuaString, Option<f64>)> {
    let (text, pattern) = (args.string(1)?, args.string(2)?);
    let most = if args.is_nil(4) { None } else { Some(f64::from(args.int32(4)?)) };
    Ok((text, pattern, most))
}

/// `string.gsub` with a string as replacement.
fn substitute(lua: &Lua, args: &Arguments<'_>) -> Result<(LuaString, f64)> {
    let (text, pattern) = (args.string(1)?, args.string(2)?);
    let most = if args.is_nil(4) { i64::MAX } else { i64::from(args.int32(4)?) };
    if !matches!(args.value(3), Value::String(_) | Value::Integer(_) | Value::Number(_)) {
        return Err(raise::argument(lua, 3, "string/function/table expected"));
    }
    let replacement = args.string(3)?;
    let (text, pattern, replacement) = (text.as_bytes(), pattern.as_bytes(), replacement.as_bytes());
    let mut matcher = Matcher::new(&text, &pattern);
    let (mut out, mut copied, mut from, mut count) = (Vec::new(), 0, 0, 0_i64);
    while count < most && from <= text.len() {
        let Some((start, end)) = matcher.find(from).map_err(|problem| raised(lua, problem))? else { break };
        count += 1;
        memory::extend(&mut out, &text[copied..start])?;
        replace(lua, &matcher, (start, end), &replacement, &mut out)?;
        copied = end;
        from = if end > start { end } else { end + 1 };
        if matcher.anchored {
            break;
        }
    }
    memory::extend(&mut out, &text[copied..])?;
    Ok((memory::string(lua, &out)?, count as f64))
}

/// Writes a replacement, in which `%1` and the like refer to captures.
fn replace(
    lua: &Lua,
    matcher: &Matcher<'_>,
    found: (usize, usize),
    replacement: &[u8],
    out: &mut Vec<u8>,
) -> Result<()> {
    let mut rest = replacement;
    while let Some(at) = memchr::memchr(b'%', rest) {
        memory::extend(out, &rest[..at])?;
        // As in C, the string ends with a zero byte.
        let byte = rest.get(at + 1).copied().unwrap_or(0);
        rest = rest.get(at + 2..).unwrap_or_default();
        match byte {
            b'0' => memory::extend(out, matcher.subject(found.0, found.1))?,
            b'1'..=b'9' => {
                let captured = matcher.capture(usize::from(byte - b'1'), found);
                match captured.map_err(|problem| raised(lua, problem))? {
                    Captured::Bytes(bytes) => memory::extend(out, bytes)?,
                    Captured::Position(position) => memory::extend(out, position.to_string().as_bytes())?,
                }
            }
            other => memory::extend(out, &[other])?,
        }
    }
    memory::extend(out, rest)
}

/// `string.rep`.
fn repeat(lua: &Lua, args: &Arguments<'_>) -> Result<LuaString> {
    let text = args.string(1)?;
    let count = usize::try_from(args.int32(2)?).unwrap_or(0);
    let text = text.as_bytes();
    let size = text.len().saturating_mul(count);
    if size == 0 {
        return memory::string(lua, b"");
    }
    let mut out = memory::buffer(size)?;
    out.extend_from_slice(&text);
    while out.len() < size {
        let more = out.len().min(size - out.len());
        out.extend_from_within(..more);
    }
    memory::string(lua, &out)
}
