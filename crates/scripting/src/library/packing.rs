//! `struct`: values to bytes and back, by a format that describes the layout of C structures.

use super::put;
use crate::vm::arguments::Arguments;
use crate::vm::{memory, pace, raise};
use mlua::{Lua, MultiValue, Result, Table, Value};

/// The most bytes of an integer.
const MAX_INT: usize = 32;
/// The alignment of `!` without a number.
const MAX_ALIGN: usize = 8;

/// The library.
pub(crate) fn packing(lua: &Lua) -> Result<Table> {
    let library = lua.create_table()?;
    put(lua, &library, "pack", |lua, args| memory::string(lua, &pack(lua, &args)?))?;
    put(lua, &library, "unpack", |lua, args| unpack(lua, &args))?;
    put(lua, &library, "size", |lua, args| size(lua, &args))?;
    Ok(library)
}

/// A format that is being read.
struct Format<'f, 'l> {
    lua: &'l Lua,
    text: &'f [u8],
    big: bool,
    align: usize,
}

impl<'f, 'l> Format<'f, 'l> {
    fn new(lua: &'l Lua, text: &'f [u8]) -> Self {
        // As in C, the text ends with a zero byte.
        let end = text.iter().position(|&byte| byte == 0).unwrap_or(text.len());
        Self { lua, text: &text[..end], big: false, align: 1 }
    }

    /// The next option with its size, and the padding that aligns it at `position`.
    fn next(&mut self, position: usize) -> Result<Option<(u8, usize, usize)>> {
        let Some((&option, rest)) = self.text.split_first() else { return Ok(None) };
        self.text = rest;
        let size = match option {
            b'B' | b'b' | b'x' => 1,
            b'H' | b'h' => 2,
            b'f' => 4,
            b'L' | b'l' | b'T' | b'd' => 8,
            b'c' => self.number(1)?,
            b'i' | b'I' => self.int_size()?,
            _ => 0,
        };
        let padding = if size == 0 || option == b'c' {
            0
        } else {
            let to = size.min(self.align);
            to.wrapping_sub(position & to.wrapping_sub(1)) & to.wrapping_sub(1)
        };
        Ok(Some((option, size, padding)))
    }

    fn int_size(&mut self) -> Result<usize> {
        let size = self.number(4)?;
        if size > MAX_INT {
            let words = format!("integral size {size} is larger than limit of {MAX_INT}");
            return Err(raise::text(self.lua, words));
        }
        Ok(size)
    }

    /// A number in the format, or the default.
    fn number(&mut self, default: usize) -> Result<usize> {
        if !self.text.first().is_some_and(u8::is_ascii_digit) {
            return Ok(default);
        }
        let mut number = 0_i32;
        while let Some((&digit, rest)) = self.text.split_first().filter(|(digit, _)| digit.is_ascii_digit()) {
            let next = number.checked_mul(10).and_then(|tens| tens.checked_add(i32::from(digit - b'0')));
            number = next.ok_or_else(|| raise::text(self.lua, "integral size overflow"))?;
            self.text = rest;
        }
        Ok(number as usize)
    }

    /// Handles an option that affects others: byte order, alignment, a blank.
    fn control(&mut self, option: u8) -> Result<()> {
        match option {
            b' ' => {}
            b'>' => self.big = true,
            b'<' => self.big = false,
            b'!' => {
                let align = self.number(MAX_ALIGN)?;
                if !align.is_power_of_two() {
                    return Err(raise::text(self.lua, format!("alignment {align} is not a power of 2")));
                }
                self.align = align;
            }
            other => {
                let words = [b"invalid format option '".as_slice(), &[other], b"'"].concat();
                return Err(raise::argument(self.lua, 1, words));
            }
        }
        Ok(())
    }

    /// Converts little-endian bytes to the format's byte order.
    fn ordered<const N: usize>(&self, mut bytes: [u8; N]) -> [u8; N] {
        if self.big {
            bytes.reverse();
        }
        bytes
    }
}

fn pack(lua: &Lua, args: &Arguments<'_>) -> Result<Vec<u8>> {
    let text = args.string(1)?;
    let text = text.as_bytes();
    let (mut format, mut out, mut number) = (Format::new(lua, &text), Vec::new(), 2);
    while let Some((option, size, padding)) = format.next(out.len())? {
        pace::work(16)?;
        memory::room(&mut out, padding + MAX_INT)?;
        out.resize(out.len() + padding, 0);
        match option {
            b'b' | b'B' | b'h' | b'H' | b'l' | b'L' | b'T' | b'i' | b'I' => {
                put_int(&mut out, operand(args, number)?, size, format.big);
                number += 1;
            }
            b'x' => out.push(0),
            b'f' => {
                out.extend(format.ordered((operand(args, number)? as f32).to_le_bytes()));
                number += 1;
            }
            b'd' => {
                out.extend(format.ordered(operand(args, number)?.to_le_bytes()));
                number += 1;
            }
            b'c' | b's' => {
                let string = if number == args.len() + 1 { args.nil_string(number)? } else { args.string(number)? };
                let bytes = string.as_bytes();
                number += 1;
                let size = if size == 0 { bytes.len() } else { size };
                if bytes.len() < size {
                    return Err(raise::argument(lua, number, "string too short"));
                }
                memory::extend(&mut out, &bytes[..size])?;
                if option == b's' {
                    out.push(0);
                }
            }
            other => format.control(other)?,
        }
    }
    Ok(out)
}

/// A number to pack. A missing argument directly after the last one is reported as nil.
fn operand(args: &Arguments<'_>, number: usize) -> Result<f64> {
    if number == args.len() + 1 { args.nil_number(number) } else { args.number(number) }
}

/// Writes an integer in two's complement, truncated to `size` bytes.
fn put_int(out: &mut Vec<u8>, number: f64, size: usize, big: bool) {
    // Converted as processors do: negative numbers via a signed integer; too large numbers become zero.
    let value = match number {
        number if number < 0.0 => number as i64 as u64,
        number if number.is_nan() => 1 << 63,
        number if number >= 18_446_744_073_709_551_616.0 => 0,
        number => number as u64,
    };
    let start = out.len();
    out.extend((0..size).map(|index| if index < 8 { (value >> (8 * index)) as u8 } else { 0 }));
    if big {
        out[start..].reverse();
    }
}

fn get_int(bytes: &[u8], big: bool, signed: bool) -> f64 {
    let fold = |value: u64, &byte: &u8| value << 8 | u64::from(byte);
    let value = if big { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) };
    if !signed {
        return value as f64;
    }
    let unused = 64 - 8 * bytes.len().min(8) as u32;
    if unused == 64 { 0.0 } else { ((value << unused) as i64 >> unused) as f64 }
}

fn unpack(lua: &Lua, args: &Arguments<'_>) -> Result<MultiValue> {
    let (text, data) = (args.string(1)?, args.string(2)?);
    let (text, data) = (text.as_bytes(), data.as_bytes());
    let offset = if args.is_nil(3) { 1 } else { args.int(3)? };
    if offset == 0 {
        return Err(raise::argument(lua, 3, "offset must be 1 or greater"));
    }
    // In C a negative offset is a huge one.
    let mut position = offset as usize - 1;
    let short = || raise::argument(lua, 2, "data string too short");
    let (mut format, mut results) = (Format::new(lua, &text), Vec::new());
    while let Some((option, mut size, padding)) = format.next(position)? {
        pace::work(16)?;
        position = position.checked_add(padding).ok_or_else(short)?;
        let rest = data.get(position..).filter(|rest| rest.len() >= size).ok_or_else(short)?;
        match option {
            b'b' | b'B' | b'h' | b'H' | b'l' | b'L' | b'T' | b'i' | b'I' => {
                results.push(Value::Number(get_int(&rest[..size], format.big, option.is_ascii_lowercase())));
            }
            b'x' => {}
            b'f' => {
                let bytes = format.ordered([rest[0], rest[1], rest[2], rest[3]]);
                results.push(Value::Number(f64::from(f32::from_le_bytes(bytes))));
            }
            b'd' => {
                let mut bytes = [0; 8];
                bytes.copy_from_slice(&rest[..8]);
                results.push(Value::Number(f64::from_le_bytes(format.ordered(bytes))));
            }
            b'c' => {
                if size == 0 {
                    size = announced_size(lua, &mut results)?;
                }
                let bytes = rest.get(..size).ok_or_else(short)?;
                results.push(Value::String(memory::string(lua, bytes)?));
            }
            b's' => {
                let end = rest.iter().position(|&byte| byte == 0);
                let end = end.ok_or_else(|| raise::text(lua, "unfinished string in data"))?;
                results.push(Value::String(memory::string(lua, &rest[..end])?));
                size = end + 1;
            }
            other => format.control(other)?,
        }
        position += size;
        if results.len() > MAX_RESULTS {
            return Err(raise::text(lua, "stack overflow (too many results)"));
        }
    }
    results.push(Value::Number((position + 1) as i64 as f64));
    Ok(MultiValue::from_vec(results))
}

/// The most results: Lua lets a function return about 8,000 values, and the bindings can hold as many.
const MAX_RESULTS: usize = 7_500;

/// `c0`: the previous value is the string's size.
fn announced_size(lua: &Lua, results: &mut Vec<Value>) -> Result<usize> {
    let size = match results.pop() {
        Some(Value::Number(size)) => Some(size),
        Some(value @ Value::String(_)) => lua.coerce_number(value)?,
        _ => None,
    };
    size.map(|size| size as i64 as usize).ok_or_else(|| raise::text(lua, "format 'c0' needs a previous size"))
}

fn size(lua: &Lua, args: &Arguments<'_>) -> Result<f64> {
    let text = args.string(1)?;
    let text = text.as_bytes();
    let (mut format, mut position) = (Format::new(lua, &text), 0_usize);
    while let Some((option, size, padding)) = format.next(position)? {
        pace::work(16)?;
        if option == b's' {
            return Err(raise::argument(lua, 1, "option 's' has no fixed size"));
        }
        if option == b'c' && size == 0 {
            return Err(raise::argument(lua, 1, "option 'c0' has no fixed size"));
        }
        if !option.is_ascii_alphanumeric() {
            format.control(option)?;
        }
        position = position.saturating_add(padding).saturating_add(size);
    }
    Ok(position as f64)
}
