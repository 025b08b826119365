//! Errors that pass through Lua: those raised by functions of this crate, and the form in which scripts catch them.
//!
//! The interpreter's bindings raise errors as values of their own, which scripts must not see. Functions that catch
//! errors (`pcall`, `xpcall`, `coroutine.resume`) pass them through [`caught`], which converts them to the string or
//! table that Redis's functions raise.

use mlua::{Error, Lua, LuaString, Result, Table, Value};
use std::fmt;

/// An error raised by a function.
#[derive(Clone, Debug)]
pub(crate) enum Raise {
    /// A string, as raised by `error`: with the place of the call.
    Text(Vec<u8>),
    /// A table with the field `err`, as raised by failing commands; and whether it was already counted.
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

/// The level of the function that a script called: the running one, or the sandbox function that called it.
fn called(lua: &Lua) -> usize {
    let in_sandbox = |level| {
        let source = lua.inspect_stack(level, |function| function.source().source.map(|source| *source == *"=sandbox"));
        source.flatten().unwrap_or(false)
    };
    (1..LEVELS).take_while(|&level| in_sandbox(level)).last().unwrap_or(0)
}

/// The maximum depth of sandbox functions that call each other, plus one.
const LEVELS: usize = 8;

/// The place where the running function was called, in the form of Lua's own errors: `user_script:1: `.
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

/// An error with a text and no place: Lua raised it inside a C function.
pub(crate) fn plain(text: &str) -> Error {
    Raise::Text(text.into()).into()
}

/// An error about an argument of the running function, counted from 1.
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

/// The table that represents an error reply.
pub(crate) fn table(lua: &Lua, text: &[u8], counted: bool) -> Result<Table> {
    let table = lua.create_table_with_capacity(0, 2)?;
    table.raw_set("err", lua.create_string(text)?)?;
    if counted {
        table.raw_set("ignore_error_stats_update", true)?;
    }
    Ok(table)
}

/// Converts an error that a script caught.
///
/// # Errors
/// The script must end: the error is raised again.
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

/// The prefix of errors that Lua functions raised when the sandbox called them.
const SANDBOX: &[u8] = b"sandbox:";

/// Removes a place in the sandbox from a text.
fn without_sandbox(lua: &Lua, text: LuaString) -> Result<Value> {
    match strip_sandbox(&text.as_bytes()) {
        Some(rest) => lua.create_string(rest).map(Value::String),
        None => Ok(Value::String(text)),
    }
}

/// The text after a place in the sandbox, if it begins with one.
pub(crate) fn strip_sandbox(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(SANDBOX)?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    rest[digits..].strip_prefix(b": ")
}

/// The message of an error of the bindings: the innermost one, without a traceback.
fn words(error: &Error) -> String {
    match error {
        Error::CallbackError { cause, .. } | Error::WithContext { cause, .. } => words(cause),
        Error::RuntimeError(text) | Error::MemoryError(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The bytes up to the first zero byte, where C strings end.
pub(crate) fn to_zero(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().take_while(|&byte| byte != 0).collect()
}
