//! Converts a command's reply to a Lua value.

use bstr::ByteSlice;
use memchr::memchr;
use mlua::{Lua, Result, Table, Value};
use redstart_encoding::int::parse_i64;

/// Unreachable, since a command wrote the reply.
const BROKEN: &str = "a command wrote an answer that is none";

/// Converts a reply. An error becomes a table with `err`.
pub(crate) fn value(lua: &Lua, reply: &[u8]) -> Result<Value> {
    let mut reader = Reader { lua, rest: reply };
    reader.value(0)
}

/// The message of an error reply, as scripts see it: an error code and the rest.
pub(crate) fn error_words(line: &[u8]) -> Vec<u8> {
    let line = line.strip_prefix(b"-").unwrap_or(line);
    let line = line.trim_end_with(|end| matches!(end, '\r' | '\n'));
    if line.contains(&b' ') { line.to_vec() } else { [b"ERR ", line].concat() }
}

struct Reader<'l, 'r> {
    lua: &'l Lua,
    rest: &'r [u8],
}

/// Replies nest only a few levels deep; this bounds the recursion whatever a command writes.
const DEPTH_MAX: usize = 64;

impl<'r> Reader<'_, 'r> {
    fn line(&mut self) -> Result<&'r [u8]> {
        let end = memchr(b'\r', self.rest).ok_or_else(|| mlua::Error::runtime(BROKEN))?;
        let line = &self.rest[..end];
        self.rest = self.rest.get(end + 2..).unwrap_or_default();
        Ok(line)
    }

    fn bytes(&mut self, count: usize) -> Result<&'r [u8]> {
        let bytes = self.rest.get(..count).ok_or_else(|| mlua::Error::runtime(BROKEN))?;
        self.rest = self.rest.get(count + 2..).unwrap_or_default();
        Ok(bytes)
    }

    fn value(&mut self, depth: usize) -> Result<Value> {
        let line = self.line()?;
        let Some((&kind, text)) = line.split_first() else { return Err(mlua::Error::runtime(BROKEN)) };
        let count = || parse_i64(text).and_then(|count| usize::try_from(count).ok());
        if depth > DEPTH_MAX {
            return Err(mlua::Error::runtime(BROKEN));
        }
        Ok(match kind {
            b':' => Value::Number(parse_i64(text).map_or(0.0, |int| int as f64)),
            b'$' => match count() {
                Some(count) => Value::String(self.lua.create_string(self.bytes(count)?.as_bstr())?),
                None => Value::Boolean(false),
            },
            b'+' => self.single("ok", text)?,
            b'-' => Value::Table(super::raise::table(self.lua, &error_words(line), true)?),
            b'*' | b'>' => match count() {
                Some(count) => Value::Table(self.array(count, depth)?),
                None => Value::Boolean(false),
            },
            b'%' => self.map(count().unwrap_or(0), depth)?,
            b'~' => self.set(count().unwrap_or(0), depth)?,
            b'_' => Value::Nil,
            b'#' => Value::Boolean(text == b"t"),
            b',' => {
                let table = self.lua.create_table_with_capacity(0, 1)?;
                let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok());
                table.raw_set("double", number.unwrap_or(0.0))?;
                Value::Table(table)
            }
            b'(' => self.single("big_number", text)?,
            b'=' => self.verbatim(count().unwrap_or(0))?,
            b'|' => {
                (0..2 * count().unwrap_or(0)).try_for_each(|_| self.value(depth + 1).map(drop))?;
                self.value(depth)?
            }
            _ => return Err(mlua::Error::runtime(BROKEN)),
        })
    }

    fn single(&self, field: &str, text: &[u8]) -> Result<Value> {
        let table = self.lua.create_table_with_capacity(0, 1)?;
        table.raw_set(field, text.as_bstr())?;
        Ok(Value::Table(table))
    }

    fn array(&mut self, count: usize, depth: usize) -> Result<Table> {
        let table = self.lua.create_table_with_capacity(count, 0)?;
        for index in 1..=count {
            // Most elements are bulk strings, which are converted directly.
            if self.rest.first() == Some(&b'$') && self.rest.get(1) != Some(&b'-') {
                let length = parse_i64(&self.line()?[1..]).and_then(|length| usize::try_from(length).ok());
                table.raw_seti(index, self.bytes(length.unwrap_or(0))?.as_bstr())?;
            } else {
                table.raw_seti(index, self.value(depth + 1)?)?;
            }
        }
        Ok(table)
    }

    fn nested(&self, field: &str, inside: Table) -> Result<Value> {
        let table = self.lua.create_table_with_capacity(0, 1)?;
        table.raw_set(field, inside)?;
        Ok(Value::Table(table))
    }

    fn map(&mut self, count: usize, depth: usize) -> Result<Value> {
        let inside = self.lua.create_table_with_capacity(0, count)?;
        for _ in 0..count {
            let key = self.value(depth + 1)?;
            let value = self.value(depth + 1)?;
            inside.raw_set(key, value)?;
        }
        self.nested("map", inside)
    }

    fn set(&mut self, count: usize, depth: usize) -> Result<Value> {
        let inside = self.lua.create_table_with_capacity(0, count)?;
        for _ in 0..count {
            inside.raw_set(self.value(depth + 1)?, true)?;
        }
        self.nested("set", inside)
    }

    fn verbatim(&mut self, count: usize) -> Result<Value> {
        let bytes = self.bytes(count)?;
        let (format, text) = bytes.split_at_checked(4).unwrap_or((b"txt:", bytes));
        let inside = self.lua.create_table_with_capacity(0, 2)?;
        inside.raw_set("string", text.as_bstr())?;
        inside.raw_set("format", format[..3].as_bstr())?;
        self.nested("verbatim_string", inside)
    }
}
