//! Values to JSON.

use super::{ARRAY_MARK, DEPTH_MAX, Invalid, Options, number};
use crate::vm::arguments::{number as as_number, type_name};
use crate::vm::raise;
use crate::vm::{memory, pace};
use mlua::table::TablePairs;
use mlua::{Lua, LuaString, Result, Table, Value};

/// An open array or object.
enum Open<'t> {
    /// The table, its number of elements, and the number already written.
    Array(&'t Table, usize, usize),
    Object(TablePairs<'t, Value, Value>, bool),
}

/// Encodes a value.
pub(super) fn encode(lua: &Lua, options: &Options, value: Value) -> Result<LuaString> {
    let mut encoder = Encoder { lua, options, out: Vec::new() };
    encoder.value(&value, 0)?;
    memory::string(lua, &encoder.out)
}

/// Bytes per value besides its own: commas, brackets, a number's digits.
const VALUE_BYTES: usize = 64;
/// Units of work per value besides its bytes.
const VALUE_WORK: usize = 16;

struct Encoder<'a> {
    lua: &'a Lua,
    options: &'a Options,
    out: Vec<u8>,
}

impl Encoder<'_> {
    fn refused(&self, value: &Value, reason: &str) -> mlua::Error {
        raise::text(self.lua, format!("Cannot serialise {}: {reason}", type_name(value)))
    }

    fn value(&mut self, value: &Value, depth: usize) -> Result<()> {
        pace::work(VALUE_WORK)?;
        memory::room(&mut self.out, VALUE_BYTES)?;
        match value {
            Value::String(string) => self.string(&string.as_bytes())?,
            Value::Integer(int) => self.number(value, *int as f64)?,
            Value::Number(number) => self.number(value, *number)?,
            Value::Boolean(true) => self.out.extend_from_slice(b"true"),
            Value::Boolean(false) => self.out.extend_from_slice(b"false"),
            Value::Nil => self.out.extend_from_slice(b"null"),
            Value::LightUserData(data) if data.0.is_null() => self.out.extend_from_slice(b"null"),
            Value::Table(table) => return self.table(table, depth + 1),
            other => return Err(self.refused(other, "type not supported")),
        }
        Ok(())
    }

    /// Each level of nesting is one call; the depth is bounded by [`DEPTH_MAX`], and little is kept on the stack.
    fn table(&mut self, table: &Table, depth: usize) -> Result<()> {
        if depth > self.options.encode_depth as usize || depth > DEPTH_MAX {
            return Err(raise::text(self.lua, format!("Cannot serialise, excessive nesting ({depth})")));
        }
        let mut open = match self.array_length(table)? {
            Some(length) => {
                self.out.push(b'[');
                Open::Array(table, length, 0)
            }
            None => {
                self.out.push(b'{');
                Open::Object(table.pairs(), true)
            }
        };
        while let Some(value) = self.next(&mut open)? {
            self.value(&value, depth)?;
        }
        Ok(())
    }

    /// The next value of the open array or object, after writing the key or comma before it; closes it at its end.
    fn next(&mut self, open: &mut Open<'_>) -> Result<Option<Value>> {
        match open {
            Open::Array(_, length, written) if written == length => {
                self.out.push(b']');
                Ok(None)
            }
            Open::Array(table, _, written) => {
                if *written > 0 {
                    self.out.push(b',');
                }
                *written += 1;
                table.raw_get(*written).map(Some)
            }
            Open::Object(pairs, first) => {
                let Some(pair) = pairs.next() else {
                    self.out.push(b'}');
                    return Ok(None);
                };
                let (key, value) = pair?;
                if !std::mem::take(first) {
                    self.out.push(b',');
                }
                self.key(&key)?;
                Ok(Some(value))
            }
        }
    }

    fn key(&mut self, key: &Value) -> Result<()> {
        match key {
            Value::String(string) => self.string(&string.as_bytes())?,
            Value::Integer(_) | Value::Number(_) => {
                self.out.push(b'"');
                self.number(key, as_number(key).unwrap_or_default())?;
                self.out.push(b'"');
            }
            other => return Err(self.refused(other, "table key must be a number or string")),
        }
        self.out.push(b':');
        Ok(())
    }

    /// The number of elements of a table that is an array; `None` for an object.
    fn array_length(&self, table: &Table) -> Result<Option<usize>> {
        let (mut most, mut count, mut array) = (0_i32, 0_i32, true);
        if table.raw_len() > 0 || !table.is_empty() {
            table.for_each(|key: Value, _: Value| {
                pace::work(VALUE_WORK)?;
                let number = as_number(&key).filter(|number| number.fract() == 0.0 && *number >= 1.0);
                match number {
                    Some(number) if array => {
                        // Compared and converted as in C: a number that does not fit into 32 bits becomes the smallest
                        // one.
                        if number > f64::from(most) {
                            most = if number <= f64::from(i32::MAX) { number as i32 } else { i32::MIN };
                        }
                        count += 1;
                    }
                    _ => array = false,
                }
                Ok(())
            })?;
        }
        let options = self.options;
        if !array {
            return Ok(None);
        }
        let sparse = options.sparse_ratio > 0
            && i64::from(most) > i64::from(count) * i64::from(options.sparse_ratio)
            && most > options.sparse_safe;
        if sparse {
            let refusal = || self.refused(&Value::Table(table.clone()), "excessively sparse array");
            return if options.sparse_convert { Ok(None) } else { Err(refusal()) };
        }
        if most > 0 {
            return Ok(Some(most as usize));
        }
        let marked = table.metatable().is_some_and(|metatable| metatable.raw_get(ARRAY_MARK).unwrap_or(false));
        Ok(marked.then_some(0))
    }

    fn number(&mut self, value: &Value, number: f64) -> Result<()> {
        if !number.is_finite() {
            match self.options.encode_invalid {
                Invalid::Refuse => return Err(self.refused(value, "must not be NaN or Inf")),
                Invalid::Null => {
                    self.out.extend_from_slice(b"null");
                    return Ok(());
                }
                Invalid::Allow => {}
            }
        }
        number::write(&mut self.out, number, self.options.precision as usize);
        Ok(())
    }

    fn string(&mut self, bytes: &[u8]) -> Result<()> {
        pace::work(bytes.len() / 2)?;
        memory::room(&mut self.out, bytes.len() + 2)?;
        self.out.push(b'"');
        let mut plain = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            if byte >= b' ' && !matches!(byte, b'"' | b'\\' | b'/' | 0x7f) {
                continue;
            }
            memory::extend(&mut self.out, &bytes[plain..at])?;
            memory::room(&mut self.out, VALUE_BYTES)?;
            plain = at + 1;
            self.escape(byte);
        }
        memory::extend(&mut self.out, &bytes[plain..])?;
        memory::room(&mut self.out, VALUE_BYTES)?;
        self.out.push(b'"');
        Ok(())
    }

    fn escape(&mut self, byte: u8) {
        let letter = match byte {
            8 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            12 => b'f',
            b'\r' => b'r',
            b'"' | b'\\' | b'/' => byte,
            _ => return self.out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
        };
        self.out.extend_from_slice(&[b'\\', letter]);
    }
}
