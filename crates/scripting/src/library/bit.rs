//! `bit`: operations on numbers as 32 bits.

use super::put;
use crate::vm::arguments::Arguments;
use mlua::{Lua, Result, Table};

/// A binary operation.
type Operation = fn(u32, u32) -> u32;

/// The library.
pub(crate) fn bit(lua: &Lua) -> Result<Table> {
    let bit = lua.create_table()?;
    put(lua, &bit, "tobit", |_, args| Ok(args.bits(1)?.shown()))?;
    put(lua, &bit, "bnot", |_, args| Ok((!args.bits(1)?).shown()))?;
    put(lua, &bit, "bswap", |_, args| Ok(args.bits(1)?.swap_bytes().shown()))?;
    put(lua, &bit, "tohex", |lua, args| lua.create_string(hex(&args)?))?;
    let folds: [(&str, Operation); 3] =
        [("band", |one, other| one & other), ("bor", |one, other| one | other), ("bxor", |one, other| one ^ other)];
    for (name, fold) in folds {
        put(lua, &bit, name, move |_, args| {
            let mut bits = args.bits(1)?;
            for number in (2..=args.len()).rev() {
                bits = fold(bits, args.bits(number)?);
            }
            Ok(bits.shown())
        })?;
    }
    let shifts: [(&str, Operation); 5] = [
        ("lshift", |bits, by| bits << by),
        ("rshift", |bits, by| bits >> by),
        ("arshift", |bits, by| ((bits as i32) >> by) as u32),
        ("rol", u32::rotate_left),
        ("ror", u32::rotate_right),
    ];
    for (name, shift) in shifts {
        put(lua, &bit, name, move |_, args| {
            let bits = args.bits(1)?;
            Ok(shift(bits, args.bits(2)? & 31).shown())
        })?;
    }
    Ok(bit)
}

impl Arguments<'_> {
    /// The low 32 bits of a number, rounded to an integer.
    fn bits(&self, number: usize) -> Result<u32> {
        /// Added to a double, this leaves the integer in the low bits of the mantissa.
        const MAGIC: f64 = 6_755_399_441_055_744.0;
        Ok((self.number(number)? + MAGIC).to_bits() as u32)
    }
}

/// Results are signed.
trait Shown {
    fn shown(self) -> f64;
}

impl Shown for u32 {
    fn shown(self) -> f64 {
        f64::from(self as i32)
    }
}

/// Up to eight hexadecimal digits; a negative count means upper case.
fn hex(args: &Arguments<'_>) -> Result<Vec<u8>> {
    let bits = args.bits(1)?;
    let wanted = if args.len() < 2 { 8 } else { args.bits(2)? as i32 };
    let digits = if wanted < 0 { format!("{bits:08X}") } else { format!("{bits:08x}") };
    let count = wanted.unsigned_abs().min(8) as usize;
    Ok(digits.into_bytes().split_off(8 - count))
}
