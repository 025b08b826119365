//! Converts a script's result to a reply in the client's protocol.

use super::arguments::number as as_number;
use super::{memory, pace, raise};
use mlua::{LuaString, Result, Table, Value};
use redstart_command::{Reply, WorkerStats};
use redstart_encoding::float::F64Text;

/// Tables nested deeper are replaced by an error, as when Lua's stack is exhausted.
const DEPTH_MAX: usize = 1_500;

/// The names of the fields that give a table a special meaning, as Lua strings, so that they are not created again for
/// each table.
pub(crate) struct Fields {
    err: LuaString,
    ok: LuaString,
    double: LuaString,
    big_number: LuaString,
    verbatim: LuaString,
    map: LuaString,
    set: LuaString,
}

impl Fields {
    pub(crate) fn new(lua: &mlua::Lua) -> Result<Self> {
        Ok(Self {
            err: lua.create_string("err")?,
            ok: lua.create_string("ok")?,
            double: lua.create_string("double")?,
            big_number: lua.create_string("big_number")?,
            verbatim: lua.create_string("verbatim_string")?,
            map: lua.create_string("map")?,
            set: lua.create_string("set")?,
        })
    }
}

/// A reply that is being written.
pub(crate) struct Answer<'a, 'r> {
    pub(crate) fields: &'a Fields,
    pub(crate) reply: &'a mut Reply<'r>,
    /// The version that the script selected: it determines the reply to booleans.
    pub(crate) version: u8,
    pub(crate) stats: &'a WorkerStats,
    /// Memory is known to suffice up to this length.
    pub(crate) room: usize,
    /// The maximum length (`lua-memory-limit`); 0 for no limit.
    pub(crate) most: usize,
}

/// The initial value of [`Answer::room`], in bytes.
pub(crate) const ROOM: usize = 1024 * 1024;
/// Units of work per value.
const VALUE_WORK: usize = 16;

impl Answer<'_, '_> {
    /// Writes a value.
    pub(crate) fn write(&mut self, value: &Value, depth: usize) -> Result<()> {
        if depth > DEPTH_MAX {
            self.error(b"ERR reached lua stack limit", false);
            return Ok(());
        }
        pace::work(VALUE_WORK)?;
        if self.reply.position() > self.room {
            self.room = memory::for_answer(self.reply.position(), self.most)?;
        }
        match value {
            Value::String(string) => self.reply.bulk(&string.as_bytes()),
            Value::Boolean(boolean) if self.version == 3 => self.reply.bool(*boolean),
            Value::Boolean(true) => self.reply.int(1),
            Value::Integer(int) => self.reply.int(*int),
            // Beyond 64 bits C's conversion returns the smallest integer, whatever the sign.
            Value::Number(number) => {
                let within = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(number);
                self.reply.int(if within { *number as i64 } else { i64::MIN });
            }
            Value::Table(table) => return self.table(table, depth),
            _ => self.reply.null(),
        }
        Ok(())
    }

    fn error(&mut self, words: &[u8], counted: bool) {
        if !counted {
            self.stats.errors.count(words);
            self.stats.error_replies.add(1);
        }
        self.reply.error(words);
    }

    fn table(&mut self, table: &Table, depth: usize) -> Result<()> {
        let fields = self.fields;
        if let Some(words) = error_of(fields, table)? {
            let counted = table.raw_get("ignore_error_stats_update").unwrap_or(false);
            self.error(&words, counted);
            return Ok(());
        }
        if let Value::String(words) = table.raw_get(&fields.ok)? {
            return self.status(&words);
        }
        if let Some(number) = as_number(&table.raw_get(&fields.double)?) {
            self.reply.double(F64Text::new(number).as_bytes());
            return Ok(());
        }
        if let Value::String(digits) = table.raw_get(&fields.big_number)? {
            self.big_number(&digits.as_bytes());
            return Ok(());
        }
        if let Value::Table(inside) = table.raw_get(&fields.verbatim)?
            && self.verbatim(&inside)?
        {
            return Ok(());
        }
        if let Value::Table(inside) = table.raw_get(&fields.map)? {
            return self.map(&inside, depth);
        }
        if let Value::Table(inside) = table.raw_get(&fields.set)? {
            return self.set(&inside, depth);
        }
        self.array(table, depth)
    }

    fn status(&mut self, words: &LuaString) -> Result<()> {
        let words = words.as_bytes();
        // As in C, the text ends with a zero byte; line ends become spaces.
        let end = words.iter().position(|&byte| byte == 0).unwrap_or(words.len());
        self.reply.raw(b"+");
        let clean: Vec<u8> = words[..end].iter().map(|&byte| clean(byte)).collect();
        self.reply.raw(&clean);
        self.reply.raw(b"\r\n");
        Ok(())
    }

    fn big_number(&mut self, digits: &[u8]) {
        let digits: Vec<u8> = digits.iter().map(|&byte| clean(byte)).collect();
        if self.reply.version() == 2 {
            return self.reply.bulk(&digits);
        }
        self.reply.raw(b"(");
        self.reply.raw(&digits);
        self.reply.raw(b"\r\n");
    }

    fn verbatim(&mut self, inside: &Table) -> Result<bool> {
        let (Value::String(format), Value::String(text)) = (inside.raw_get("format")?, inside.raw_get("string")?)
        else {
            return Ok(false);
        };
        let (format, text) = (format.as_bytes(), text.as_bytes());
        if self.reply.version() == 2 {
            self.reply.bulk(&text);
            return Ok(true);
        }
        // Three bytes name the format; a shorter name is padded.
        let mut name = [b' '; 3];
        for (to, from) in name.iter_mut().zip(format.iter()) {
            *to = *from;
        }
        self.reply.raw(format!("={}\r\n", text.len() + 4).as_bytes());
        self.reply.raw(&name);
        self.reply.raw(b":");
        self.reply.raw(&text);
        self.reply.raw(b"\r\n");
        Ok(true)
    }

    fn map(&mut self, inside: &Table, depth: usize) -> Result<()> {
        let mut count = 0;
        inside.for_each(|_: Value, _: Value| {
            count += 1;
            Ok(())
        })?;
        self.reply.map(count);
        for pair in inside.pairs::<Value, Value>() {
            let (key, value) = pair?;
            self.write(&key, depth + 1)?;
            self.write(&value, depth + 1)?;
        }
        Ok(())
    }

    fn set(&mut self, inside: &Table, depth: usize) -> Result<()> {
        let mut count = 0;
        inside.for_each(|_: Value, _: Value| {
            count += 1;
            Ok(())
        })?;
        self.reply.set(count);
        for pair in inside.pairs::<Value, Value>() {
            self.write(&pair?.0, depth + 1)?;
        }
        Ok(())
    }

    /// The elements up to the first nil.
    fn array(&mut self, table: &Table, depth: usize) -> Result<()> {
        let (fields, version, stats, most, room) = (self.fields, self.version, self.stats, self.most, &mut self.room);
        let mut result = Ok(());
        self.reply.array_of(table.raw_len(), |reply| {
            let mut inside = Answer { fields, reply, version, stats, most, room: *room };
            for index in 1.. {
                match table.raw_get::<Value>(index) {
                    Ok(Value::Nil) => return index - 1,
                    Ok(value) => result = inside.write(&value, depth + 1),
                    Err(error) => result = Err(error),
                }
                *room = inside.room;
                if result.is_err() {
                    return index;
                }
            }
            0
        });
        result
    }
}

fn clean(byte: u8) -> u8 {
    if matches!(byte, b'\r' | b'\n') { b' ' } else { byte }
}

/// The message of a table that is an error, with the error code first.
pub(crate) fn error_of(fields: &Fields, table: &Table) -> Result<Option<Vec<u8>>> {
    let Value::String(words) = table.raw_get(&fields.err)? else { return Ok(None) };
    Ok(Some(raise::to_zero(&words.as_bytes())))
}
