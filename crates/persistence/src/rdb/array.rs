//! Arrays, in the form of Redis 8.8 (version 14 of the format).
//!
//! ```text
//!   count  has_cursor (0 | 1)  [cursor]     count times: index  tag  value
//!   tag 0 or 3: a string (3: of up to 7 bytes)     1: an i64     2: a double      both of 8 bytes, little-endian
//! ```
//! Counts, indices and tags are lengths of the format. Integers and doubles are strings with that very text.

use super::read::Reader;
use super::write::Writer;
use super::{Error, Loaded};
use redstart_encoding::array::{Item, MAX_INDEX, float_text};
use redstart_encoding::int::IntText;
use redstart_encoding::{Array, Object};

const STRING: u64 = 0;
const INT: u64 = 1;
const FLOAT: u64 = 2;
const SHORT: u64 = 3;

/// Writes an array.
pub(super) fn write<'w, 'o>(to: &'w mut Writer<'o>, array: &Array) -> &'w mut Writer<'o> {
    to.length(array.len() as u64).length(u64::from(array.cursor().is_some()));
    if let Some(cursor) = array.cursor() {
        to.length(cursor);
    }
    for (index, item) in array.iter() {
        to.length(index);
        match item {
            Item::Int(number) => to.length(INT).raw(&number.to_le_bytes()),
            Item::Float(number) => to.length(FLOAT).raw(&number.to_le_bytes()),
            Item::Short(text) => to.length(SHORT).string(text.as_bytes()),
            Item::Bytes(bytes) => to.length(STRING).string(bytes),
        };
    }
    to
}

/// Reads an array.
pub(super) fn read(from: &mut Reader<'_>) -> Result<Loaded, Error> {
    let mut array = Array::new();
    let count = from.some(3)?;
    match from.length()? {
        0 => {}
        1 => {
            let cursor = from.length()?;
            array.seek(cursor.checked_add(1).ok_or(Error::Malformed("an array's cursor behind all indices"))?);
        }
        _ => return Err(Error::Malformed("an array with a cursor of an unknown form")),
    }
    for _ in 0..count {
        let index = from.length()?;
        if index > MAX_INDEX {
            return Err(Error::Malformed("an index behind the highest"));
        }
        let new = match from.length()? {
            INT => array.set(index, IntText::new(i64::from_le_bytes(from.array()?)).as_bytes()),
            FLOAT => array.set(index, &float_text(f64::from_le_bytes(from.array()?))),
            STRING | SHORT => array.set(index, &from.string()?),
            _ => return Err(Error::Malformed("an element of an array of an unknown form")),
        };
        if !new {
            return Err(Error::Malformed("an index that comes twice"));
        }
    }
    Ok(Object::Array(Box::new(array)).into())
}
