//! What comes next in a file: a key, or something about the keys.

use super::super::read::Reader;
use super::super::{Error, NEWEST, VALKEY, kind};
use super::error::Problem;
use super::{HEADER, opcode, skip};
use std::borrow::Cow;

/// Of a file, what its header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) number: u16,
    pub(super) of_valkey: bool,
}

/// Reads a header, of a version that is known, or that is `newer` where those are wanted.
pub(super) fn version(header: [u8; HEADER], newer: bool) -> Result<Version, Problem> {
    let of_valkey = header.starts_with(b"VALKEY");
    let digits = if of_valkey { &header[6..] } else { &header[5..] };
    if !of_valkey && !header.starts_with(b"REDIS") {
        return Err(Problem::Signature);
    }
    // As far as there are digits, as it has always been read.
    let digits = digits.iter().take_while(|digit| digit.is_ascii_digit());
    let number = digits.fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
    let (newest, valkey) = (u32::from(NEWEST), u32::from(VALKEY));
    let known = match of_valkey {
        true => number == valkey || newer && number > valkey,
        false => (1..=newest).contains(&number) || newer && (newest..valkey).contains(&number),
    };
    if known { Ok(Version { number: number as u16, of_valkey }) } else { Err(Problem::Version(number)) }
}

/// What stands before a key.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Attributes {
    pub(super) kind: u8,
    pub(super) expire_ms: Option<i64>,
    pub(super) idle_seconds: Option<u64>,
    pub(super) frequency: Option<u8>,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Item<'a> {
    /// A key, whose name and value are still to be read.
    Key(Attributes),
    Aux(Cow<'a, [u8]>, Cow<'a, [u8]>),
    Library(Cow<'a, [u8]>),
    Database(u64),
    Sizes {
        keys: u64,
        volatile: u64,
    },
    /// What a module has to say beside its values.
    ModuleAux(String),
    /// Something that is of no use here.
    Passed,
    End,
}

/// Reads what comes next.
pub(super) fn next<'a>(from: &mut Reader<'a>, version: Version) -> Result<Item<'a>, Problem> {
    let mut attributes = Attributes::default();
    loop {
        match from.array::<1>()?[0] {
            opcode::EXPIRE_MS => attributes.expire_ms = at(i64::from_le_bytes(from.array()?)),
            opcode::EXPIRE_S => attributes.expire_ms = at(i64::from(i32::from_le_bytes(from.array()?)) * 1000),
            opcode::IDLE => attributes.idle_seconds = Some(from.length()?),
            opcode::FREQUENCY => attributes.frequency = Some(from.array::<1>()?[0]),
            kind if skip::is_known(kind) => return Ok(Item::Key(Attributes { kind, ..attributes })),
            kind @ (kind::MODULE | kind::MODULE_EARLY) => return Ok(Item::Key(Attributes { kind, ..attributes })),
            other => return about(other, from, version),
        }
    }
}

/// A time, where none is -1.
fn at(time_ms: i64) -> Option<i64> {
    (time_ms != -1).then_some(time_ms)
}

/// Reads something about the keys.
fn about<'a>(byte: u8, from: &mut Reader<'a>, version: Version) -> Result<Item<'a>, Problem> {
    Ok(match byte {
        opcode::AUX => Item::Aux(from.string()?, from.string()?),
        opcode::LIBRARY => Item::Library(from.string()?),
        opcode::LIBRARY_EARLY => return Err(Problem::EarlyLibrary),
        opcode::DATABASE => Item::Database(from.length()?),
        opcode::SIZES => Item::Sizes { keys: from.length()?, volatile: from.length()? },
        opcode::SLOT_SIZES => {
            (0..3).try_for_each(|_| from.length().map(drop))?;
            Item::Passed
        }
        opcode::SLOT_IMPORT if version.of_valkey => {
            from.skip_string()?;
            for _ in 0..from.length()? {
                from.length()?;
                from.length()?;
            }
            Item::Passed
        }
        opcode::MODULE_AUX => {
            let module = from.length()?;
            if from.length()? != module_part::UINT {
                return Err(Error::Malformed("a note of a module of an unknown form").into());
            }
            from.length()?;
            skip_module_parts(from)?;
            Item::ModuleAux(module_name(module))
        }
        opcode::END => Item::End,
        other => return Err(Problem::Opcode(other)),
    })
}

/// What a module's data consists of.
mod module_part {
    pub(super) const END: u64 = 0;
    pub(super) const SINT: u64 = 1;
    pub(super) const UINT: u64 = 2;
    pub(super) const FLOAT: u64 = 3;
    pub(super) const DOUBLE: u64 = 4;
    pub(super) const STRING: u64 = 5;
}

fn skip_module_parts(from: &mut Reader<'_>) -> Result<(), Error> {
    loop {
        match from.length()? {
            module_part::END => return Ok(()),
            module_part::SINT | module_part::UINT => _ = from.length()?,
            module_part::FLOAT => from.skip(4)?,
            module_part::DOUBLE => from.skip(8)?,
            module_part::STRING => from.skip_string()?,
            _ => return Err(Error::Malformed("data of a module of an unknown form")),
        }
    }
}

/// A module's name: nine characters of six bits each, above ten bits for a version.
pub(super) fn module_name(number: u64) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    (0..9).rev().map(|place| char::from(LETTERS[(number >> (10 + 6 * place) & 63) as usize])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_both_families_are_told_apart() {
        let read = |text: &[u8; HEADER]| version(*text, false).map_err(|error| error.to_string());
        assert_eq!(read(b"REDIS0001"), Ok(Version { number: 1, of_valkey: false }));
        assert_eq!(read(b"REDIS0013"), Ok(Version { number: 13, of_valkey: false }));
        assert_eq!(read(b"VALKEY080"), Ok(Version { number: 80, of_valkey: true }));
        for other in [b"REDIS0000", b"REDIS0080", b"REDIS9999", b"VALKEY011", b"VALKEY081", b"REDISabcd", b"rEDIS0011"]
        {
            assert!(read(other).is_err(), "{}", other.escape_ascii());
        }
        for newer in [b"REDIS0015", b"REDIS0079", b"VALKEY081", b"VALKEY987", b"REDIS0011"] {
            assert!(version(*newer, true).is_ok(), "{}", newer.escape_ascii());
        }
        for neither in [b"REDIS0000", b"REDIS0080", b"VALKEY079", b"REDISabcd"] {
            assert!(version(*neither, true).is_err(), "{}", neither.escape_ascii());
        }
    }

    #[test]
    fn a_module_is_called_by_its_name() {
        // The number of RedisJSON's type, at its version 3.
        let number = b"ReJSON-RL".iter().fold(0_u64, |number, letter| {
            let at = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'a'..=b'z' => letter - b'a' + 26,
                _ => 62,
            };
            number << 6 | u64::from(at)
        });
        assert_eq!(module_name(number << 10 | 3), "ReJSON-RL");
    }
}
