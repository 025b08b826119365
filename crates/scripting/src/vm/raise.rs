//! Errors that go through Lua: what a function written here raises, and what a script catches of it.
//!
//! The interpreter's bindings raise errors as values of their own. Scripts must not see those: whatever catches errors
//! (`pcall`, `xpcall`, `coroutine.resume`) passes them through [`caught`], which makes of them the string or table that
//! Redis's functions raise.

use mlua::{Error, Lua, LuaString, Result, Table, Value};
use std::fmt;

/// What a function raises.
#[derive(Clone, Debug)]
pub(crate) enum Raise {
    /// A string, as `error` raises it: with the place where the function was called.
    Text(Vec<u8>),
    /// A table with the field `err`, as commands that fail raise it; and whether it was counted as an error already.
    Reply(Vec<u8>, bool),
    /// The script ends, whatever it tries to catch.
    Stop,
}

impl fmt::Display for Raise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Reply(text, _) => f.write_str(&String::from_utf8_lossy(text)),
            Self::Stop => f.write_str("the script was stopped"),
        }
    }
}

impl std::error::Error for Raise {}

impl From<Raise> for Error {
    fn from(raise: Raise) -> Self {
        Self::external(raise)
    }
}

/// The level of the function that a script called: the running one, or the one of the sandbox that called it.
fn called(lua: &Lua) -> usize {
    let in_sandbox = |level| {
        let source = lua.inspect_stack(level, |function| function.source().source.map(|source| *source == *"=sandbox"));
        source.flatten().unwrap_or(false)
    };
    (1..LEVELS).take_while(|&level| in_sandbox(level)).last().unwrap_or(0)
}

/// Functions of the sandbox that call each other, at most, and one more.
const LEVELS: usize = 8;

/// The place where the running function was called, as Lua's own errors begin: `user_script:1: `.
fn place(lua: &Lua) -> String {
    let place = lua.inspect_stack(called(lua) + 1, |caller| {
        let line = caller.current_line()?;
        let source = caller.source();
        Some(format!("{}:{line}: ", source.short_src?))
    });
    place.flatten().unwrap_or_default()
}

/// An error with a text, at the place where the running function was called.
pub(crate) fn text(lua: &Lua, text: impl AsRef<[u8]>) -> Error {
    let mut all = place(lua).into_bytes();
    all.extend_from_slice(text.as_ref());
    Raise::Text(all).into()
}

/// An error with a text, and no place: Lua raised it while a C function worked.
pub(crate) fn plain(text: &str) -> Error {
    Raise::Text(text.into()).into()
}

/// An error about the running function's argument with this number, from 1.
pub(crate) fn argument(lua: &Lua, number: usize, problem: impl AsRef<[u8]>) -> Error {
    let problem = problem.as_ref();
    let (name, method) = lua
        .inspect_stack(called(lua), |function| {
            let names = function.names();
            (names.name.map(std::borrow::Cow::into_owned), names.name_what == Some("method"))
        })
        .unwrap_or_default();
    let name = name.unwrap_or_else(|| "?".to_owned());
    let number = if method { number.saturating_sub(1) } else { number };
    if method && number == 0 {
        return text(lua, [format!("calling '{name}' on bad self (").as_bytes(), problem, b")"].concat());
    }
    text(lua, [format!("bad argument #{number} to '{name}' (").as_bytes(), problem, b")"].concat())
}

/// An error of Redis's own functions: a table with `err`, without a place.
pub(crate) fn reply(text: &str) -> Error {
    Raise::Reply(format!("ERR {text}").into_bytes(), false).into()
}

/// The table that stands for an error reply.
pub(crate) fn table(lua: &Lua, text: &[u8], counted: bool) -> Result<Table> {
    let table = lua.create_table_with_capacity(0, 2)?;
    table.raw_set("err", lua.create_string(text)?)?;
    if counted {
        table.raw_set("ignore_error_stats_update", true)?;
    }
    Ok(table)
}

/// What a script sees of an error that it caught.
///
/// # Errors
/// The script is to end: the error goes on.
pub(crate) fn caught(lua: &Lua, value: Value) -> Result<Value> {
    let error = match value {
        Value::Error(error) => error,
        Value::String(text) => return without_sandbox(lua, text),
        other => return Ok(other),
    };
    match error.downcast_ref::<Raise>() {
        Some(Raise::Text(text)) => Ok(Value::String(lua.create_string(text)?)),
        Some(Raise::Reply(text, counted)) => Ok(Value::Table(table(lua, text, *counted)?)),
        Some(Raise::Stop) => Err(Raise::Stop.into()),
        None => Ok(Value::String(lua.create_string(words(&error))?)),
    }
}

/// How errors begin that a function of Lua's raised when the sandbox called it.
const SANDBOX: &[u8] = b"sandbox:";

/// A text without the place in the sandbox where it was raised.
fn without_sandbox(lua: &Lua, text: LuaString) -> Result<Value> {
    match strip_sandbox(&text.as_bytes()) {
        Some(rest) => lua.create_string(rest).map(Value::String),
        None => Ok(Value::String(text)),
    }
}

/// What follows a place in the sandbox, if a text begins with one.
pub(crate) fn strip_sandbox(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(SANDBOX)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    rest[digits..].strip_prefix(b": ")
}

/// An error of the bindings in words: the innermost, without a traceback.
fn words(error: &Error) -> String {
    match error {
        Error::CallbackError { cause, .. } | Error::WithContext { cause, .. } => words(cause),
        Error::RuntimeError(text) | Error::MemoryError(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Bytes up to the first zero byte, where C's strings end.
pub(crate) fn to_zero(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().take_while(|&byte| byte != 0).collect()
}
