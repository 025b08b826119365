//! `cmsgpack`: MessagePack to values and back. Source: the MessagePack specification, as far as Redis's library
//! implements it: no binary or extension types.

use super::put;
use crate::vm::arguments::{Arguments, number as as_number};
use crate::vm::raise;
use crate::vm::{memory, pace};
use mlua::{Lua, MultiValue, Result, Table, Value};

/// Tables nested deeper are encoded as nil, which also terminates cycles.
const NESTING_MAX: usize = 16;
/// The bindings can hold about 8,000 values: each open array or map takes two, each result one.
const OPEN_MAX: usize = 2_000;
const RESULTS_MAX: usize = 3_900;

/// Units of work per value.
const VALUE_WORK: usize = 16;
/// The most bytes per value besides its own.
const HEAD_BYTES: usize = 16;
/// After this many values, the decoder checks for memory for as many more, at this many bytes per value.
const LOOK_VALUES: usize = 4096;
const VALUE_BYTES: usize = 64;

/// The library.
pub(crate) fn cmsgpack(lua: &Lua) -> Result<Table> {
    let library = lua.create_table()?;
    put(lua, &library, "pack", |lua, args| {
        if args.len() == 0 {
            return Err(raise::argument(lua, 0, "MessagePack pack needs input."));
        }
        let mut out = Vec::new();
        (1..=args.len()).try_for_each(|number| pack(&mut out, &args.value(number), 0))?;
        memory::string(lua, &out)
    })?;
    put(lua, &library, "unpack", |lua, args| unpack(lua, &args, 0, 0))?;
    put(lua, &library, "unpack_one", |lua, args| {
        let offset = if args.is_nil(2) { 0 } else { args.int(2)? };
        unpack(lua, &args, 1, offset)
    })?;
    put(lua, &library, "unpack_limit", |lua, args| {
        let limit = args.int(2)?;
        let offset = if args.is_nil(3) { 0 } else { args.int(3)? };
        unpack(lua, &args, limit, offset)
    })?;
    library.raw_set("_NAME", "cmsgpack")?;
    library.raw_set("_VERSION", "lua-cmsgpack 0.4.0")?;
    library.raw_set("_COPYRIGHT", "Copyright (C) 2012, Salvatore Sanfilippo")?;
    library.raw_set("_DESCRIPTION", "MessagePack C implementation for Lua")?;
    Ok(library)
}

fn pack(out: &mut Vec<u8>, value: &Value, level: usize) -> Result<()> {
    pace::work(VALUE_WORK)?;
    memory::room(out, HEAD_BYTES)?;
    match value {
        Value::String(string) => {
            let bytes = string.as_bytes();
            let length = bytes.len();
            match length {
                0..32 => out.push(0xa0 | length as u8),
                32..=0xff => out.extend([0xd9, length as u8]),
                _ => head(out, length, 0xda, 0xdb),
            }
            memory::extend(out, &bytes)?;
        }
        Value::Boolean(boolean) => out.push(if *boolean { 0xc3 } else { 0xc2 }),
        Value::Integer(_) | Value::Number(_) => pack_number(out, as_number(value).unwrap_or_default()),
        Value::Table(table) if level < NESTING_MAX => return pack_table(out, table, level),
        _ => out.push(0xc0),
    }
    Ok(())
}

/// Writes a length that does not fit into the first byte.
fn head(out: &mut Vec<u8>, length: usize, short: u8, long: u8) {
    match u16::try_from(length) {
        Ok(length) => {
            out.push(short);
            out.extend(length.to_be_bytes());
        }
        Err(_) => {
            out.push(long);
            out.extend((length as u32).to_be_bytes());
        }
    }
}

fn pack_number(out: &mut Vec<u8>, number: f64) {
    let int = number as i64;
    // 2^63 itself saturates to an integer that it does not equal; C's conversion has the same result.
    if number.is_finite() && int as f64 == number && number < 9_223_372_036_854_775_808.0 {
        return pack_int(out, int);
    }
    let single = number as f32;
    if f64::from(single) == number {
        out.push(0xca);
        out.extend(single.to_be_bytes());
    } else {
        out.push(0xcb);
        out.extend(number.to_be_bytes());
    }
}

fn pack_int(out: &mut Vec<u8>, int: i64) {
    match int {
        -32..=127 => out.push(int as u8),
        128..=0xff => out.extend([0xcc, int as u8]),
        -128..-32 => out.extend([0xd0, int as u8]),
        0x100..=0xffff | -32_768..-128 => {
            out.push(if int < 0 { 0xd1 } else { 0xcd });
            out.extend((int as u16).to_be_bytes());
        }
        0x1_0000..=0xffff_ffff | -2_147_483_648..-32_768 => {
            out.push(if int < 0 { 0xd2 } else { 0xce });
            out.extend((int as u32).to_be_bytes());
        }
        _ => {
            out.push(if int < 0 { 0xd3 } else { 0xcf });
            out.extend(int.to_be_bytes());
        }
    }
}

fn pack_table(out: &mut Vec<u8>, table: &Table, level: usize) -> Result<()> {
    let (count, array) = shape(table)?;
    match (array, count) {
        (true, 0..=15) => out.push(0x90 | count as u8),
        (true, _) => head(out, count, 0xdc, 0xdd),
        (false, 0..=15) => out.push(0x80 | count as u8),
        (false, _) => head(out, count, 0xde, 0xdf),
    }
    if array {
        // As in Redis's library, elements are read through metatables.
        return (1..=count).try_for_each(|index| pack(out, &table.get::<Value>(index)?, level + 1));
    }
    for pair in table.pairs::<Value, Value>() {
        let (key, value) = pair?;
        pack(out, &key, level + 1)?;
        pack(out, &value, level + 1)?;
    }
    Ok(())
}

/// The number of pairs of a table, and whether their keys are the integers from one on.
fn shape(table: &Table) -> Result<(usize, bool)> {
    let (mut count, mut most, mut array) = (0_usize, 0_i32, true);
    table.for_each(|key: Value, _: Value| {
        pace::work(VALUE_WORK)?;
        count += 1;
        match as_number(&key) {
            Some(number) if number > 0.0 && f64::from(number as i32) == number => most = most.max(number as i32),
            _ => array = false,
        }
        Ok(())
    })?;
    Ok((count, array && usize::try_from(most) == Ok(count)))
}

/// Why bytes cannot be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bad {
    End,
    Format,
}

/// The next item: a value, or the head of an array or map with its number of elements.
enum Item<'b> {
    Nil,
    Boolean(bool),
    Number(f64),
    String(&'b [u8]),
    Array(usize),
    Map(usize),
}

struct Cursor<'b>(&'b [u8]);

impl<'b> Cursor<'b> {
    fn take(&mut self, count: usize) -> std::result::Result<&'b [u8], Bad> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Bad::End)?;
        self.0 = rest;
        Ok(taken)
    }

    /// An unsigned big-endian number of `size` bytes.
    fn unsigned(&mut self, size: usize) -> std::result::Result<u64, Bad> {
        Ok(self.take(size)?.iter().fold(0, |value, &byte| value << 8 | u64::from(byte)))
    }

    fn signed(&mut self, size: usize) -> std::result::Result<f64, Bad> {
        let unused = 64 - 8 * size as u32;
        Ok(((self.unsigned(size)? << unused) as i64 >> unused) as f64)
    }

    fn item(&mut self) -> std::result::Result<Item<'b>, Bad> {
        let first = self.take(1)?[0];
        Ok(match first {
            0x00..=0x7f => Item::Number(f64::from(first)),
            0x80..=0x8f => Item::Map(usize::from(first & 0xf)),
            0x90..=0x9f => Item::Array(usize::from(first & 0xf)),
            0xa0..=0xbf => Item::String(self.take(usize::from(first & 0x1f))?),
            0xc0 => Item::Nil,
            0xc2 | 0xc3 => Item::Boolean(first == 0xc3),
            0xca => Item::Number(f64::from(f32::from_bits(self.unsigned(4)? as u32))),
            0xcb => Item::Number(f64::from_bits(self.unsigned(8)?)),
            // As in Redis, eight bytes are read as a signed number.
            0xcc..=0xcf => Item::Number(self.unsigned(1 << (first - 0xcc))? as i64 as f64),
            0xd0..=0xd3 => Item::Number(self.signed(1 << (first - 0xd0))?),
            0xd9..=0xdb => {
                let length = self.unsigned(1 << (first - 0xd9))? as usize;
                Item::String(self.take(length)?)
            }
            0xdc | 0xdd => Item::Array(self.unsigned(if first == 0xdc { 2 } else { 4 })? as usize),
            0xde | 0xdf => Item::Map(self.unsigned(if first == 0xde { 2 } else { 4 })? as usize),
            0xe0..=0xff => Item::Number(f64::from(first as i8)),
            0xc1 | 0xc4..=0xc9 | 0xd4..=0xd8 => return Err(Bad::Format),
        })
    }
}

/// An open array or map: the numbers of elements read and expected, and the pending key of a map.
struct Open {
    table: Table,
    map: bool,
    done: usize,
    count: usize,
    key: Option<Value>,
}

/// Decodes one value with its contents.
fn value(lua: &Lua, cursor: &mut Cursor<'_>) -> Result<Value> {
    let mut open: Vec<Open> = Vec::new();
    let mut values = 0_usize;
    loop {
        pace::work(VALUE_WORK)?;
        values += 1;
        if values.is_multiple_of(LOOK_VALUES) {
            memory::look_for(LOOK_VALUES * VALUE_BYTES)?;
        }
        let item = cursor.item().map_err(|bad| match bad {
            Bad::End => raise::text(lua, "Missing bytes in input."),
            Bad::Format => raise::text(lua, "Bad data format in input."),
        })?;
        let mut value = match item {
            Item::Nil => Value::Nil,
            Item::Boolean(boolean) => Value::Boolean(boolean),
            Item::Number(number) => Value::Number(number),
            Item::String(bytes) => Value::String(memory::string(lua, bytes)?),
            Item::Array(count) | Item::Map(count) => {
                let (table, map) = (lua.create_table()?, matches!(item, Item::Map(_)));
                if count > 0 {
                    if open.len() >= OPEN_MAX {
                        return Err(raise::text(lua, "stack overflow (too many nested values)"));
                    }
                    open.push(Open { table, map, done: 0, count, key: None });
                    continue;
                }
                Value::Table(table)
            }
        };
        loop {
            let Some(last) = open.last_mut() else { return Ok(value) };
            place(last, value)?;
            if last.done < last.count {
                break;
            }
            let Some(closed) = open.pop() else { return Ok(Value::Nil) };
            value = Value::Table(closed.table);
        }
    }
}

fn place(open: &mut Open, value: Value) -> Result<()> {
    if !open.map {
        open.done += 1;
        return open.table.raw_seti(open.done, value);
    }
    let Some(key) = open.key.take() else {
        open.key = Some(value);
        return Ok(());
    };
    open.done += 1;
    if key.is_nil() {
        return Err(raise::plain("table index is nil"));
    }
    if as_number(&key).is_some_and(f64::is_nan) {
        return Err(raise::plain("table index is NaN"));
    }
    open.table.raw_set(key, value)
}

/// Decodes up to `limit` values from `offset` on, and returns the end offset; with neither, decodes all.
fn unpack(lua: &Lua, args: &Arguments<'_>, limit: i64, offset: i64) -> Result<MultiValue> {
    let bytes = args.string(1)?;
    let bytes = bytes.as_bytes();
    if offset < 0 || limit < 0 {
        let length = bytes.len();
        // In 32 bits, as in C.
        let (offset, length) = (offset as i32, length as i32);
        let words = format!("Invalid request to unpack with offset of {offset} and limit of {length}.");
        return Err(raise::text(lua, words));
    }
    let Some(rest) = bytes.get(offset as usize..) else {
        let length = bytes.len();
        let (offset, length) = (offset as i32, length as i32);
        let words = format!("Start offset {offset} greater than input length {length}.");
        return Err(raise::text(lua, words));
    };
    let all = limit == 0 && offset == 0;
    let limit = if all { i64::MAX } else { limit };
    let (mut cursor, mut results) = (Cursor(rest), Vec::new());
    while !cursor.0.is_empty() && (results.len() as i64) < limit {
        if results.len() >= RESULTS_MAX {
            let words = "stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)";
            return Err(raise::text(lua, words));
        }
        results.push(value(lua, &mut cursor)?);
    }
    if !all {
        let end = if cursor.0.is_empty() { -1 } else { (bytes.len() - cursor.0.len()) as i64 };
        results.insert(0, Value::Integer(end));
    }
    Ok(MultiValue::from_vec(results))
}
