//! The arguments of a function that scripts call, converted like those of Lua's own C functions: numbers to strings and
//! strings to numbers where possible, with the same errors.

use super::raise;
use mlua::{Lua, LuaString, MultiValue, Result, Value};

/// The arguments of a C function of Lua, with C's conversions.
pub(crate) struct Arguments<'l> {
    lua: &'l Lua,
    values: MultiValue,
}

impl<'l> Arguments<'l> {
    pub(crate) fn new(lua: &'l Lua, values: MultiValue) -> Self {
        Self { lua, values }
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// The argument with this number, counted from 1; nil if missing.
    pub(crate) fn value(&self, number: usize) -> Value {
        self.values.get(number - 1).cloned().unwrap_or(Value::Nil)
    }

    pub(crate) fn is_nil(&self, number: usize) -> bool {
        matches!(self.values.get(number - 1), None | Some(Value::Nil))
    }

    /// The error for an argument of the wrong type.
    pub(crate) fn wrong_type(&self, number: usize, wanted: &str) -> mlua::Error {
        let got = self.values.get(number - 1).map_or("no value", type_name);
        raise::argument(self.lua, number, format!("{wanted} expected, got {got}"))
    }

    /// A number, possibly in text form.
    pub(crate) fn try_number(&self, number: usize) -> Option<f64> {
        match self.values.get(number - 1)? {
            value @ Value::String(_) => self.lua.coerce_number(value.clone()).ok().flatten(),
            value => self::number(value),
        }
    }

    pub(crate) fn number(&self, number: usize) -> Result<f64> {
        self.try_number(number).ok_or_else(|| self.wrong_type(number, "number"))
    }

    /// The error for nil instead of a number.
    pub(crate) fn nil_number(&self, number: usize) -> Result<f64> {
        Err(raise::argument(self.lua, number, "number expected, got nil"))
    }

    /// The error for nil instead of a string.
    pub(crate) fn nil_string(&self, number: usize) -> Result<LuaString> {
        Err(raise::argument(self.lua, number, "string expected, got nil"))
    }

    /// An integer of 64 bits, see [`integer`].
    pub(crate) fn int(&self, number: usize) -> Result<i64> {
        self.number(number).map(integer)
    }

    /// An integer as C's functions take it: the low 32 of the 64 bits.
    pub(crate) fn int32(&self, number: usize) -> Result<i32> {
        self.int(number).map(|int| int as i32)
    }

    /// Whether it is neither nil nor false.
    pub(crate) fn is_true(&self, number: usize) -> bool {
        !matches!(self.values.get(number - 1), None | Some(Value::Nil | Value::Boolean(false)))
    }

    /// The bytes of a string or of a number.
    pub(crate) fn string(&self, number: usize) -> Result<LuaString> {
        let value = self.value(number);
        if let Value::String(string) = value {
            return Ok(string);
        }
        let text =
            if matches!(value, Value::Integer(_) | Value::Number(_)) { self.lua.coerce_string(value)? } else { None };
        text.ok_or_else(|| self.wrong_type(number, "string"))
    }
}

/// Converts a number to an integer of 64 bits as C does: the fraction is dropped; a number that does not fit, or NaN,
/// becomes the smallest integer.
pub(crate) fn integer(number: f64) -> i64 {
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number);
    if fits { number as i64 } else { i64::MIN }
}

/// The number in a value.
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(int) => Some(*int as f64),
        Value::Number(number) => Some(*number),
        _ => None,
    }
}

/// The name of a value's type, as returned by `type`.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Nil => "nil",
        Value::Boolean(_) => "boolean",
        Value::Integer(_) | Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Table(_) => "table",
        Value::Function(_) => "function",
        Value::Thread(_) => "thread",
        _ => "userdata",
    }
}
