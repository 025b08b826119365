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

#[cfg(test)]
mod tests {
    use super::super::{Error, Reader, WriteOptions, write_value};
    use super::read;
    use redstart_encoding::{Array, Object, Value, ValueRef};

    fn load(bytes: &[u8]) -> Result<Array, Error> {
        let mut from = Reader::new(bytes, 14);
        match read(&mut from)?.value {
            Value::Object(Object::Array(array)) if from.is_empty() => Ok(*array),
            other => panic!("no array: {other:?}"),
        }
    }

    fn dump(array: &Array) -> Vec<u8> {
        let mut bytes = Vec::new();
        assert_eq!(write_value(&mut bytes, &ValueRef::Array(array), WriteOptions { compress: false }), 14);
        assert_eq!(bytes.remove(0), 28);
        bytes
    }

    #[test]
    fn arrays_are_written_in_the_form_of_redis() {
        let mut array = Array::new();
        for (index, value) in [(0, "-2"), (1, "1.5"), (70, "abc"), (20_000, "eight or more")] {
            array.set(index, value.as_bytes());
        }
        array.seek(6);
        let bytes = dump(&array);
        let expected = [
            &[4, 1, 5][..],
            &[0, 1, 254, 255, 255, 255, 255, 255, 255, 255],
            &[1, 2, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F],
            &[0x40, 70, 3, 3, b'a', b'b', b'c'],
            &[0x80, 0, 0, 0x4E, 0x20, 0, 13],
            b"eight or more",
        ];
        assert_eq!(bytes, expected.concat());
        let read = load(&bytes).expect("it was written just now");
        assert!(read.iter().eq(array.iter()) && read.cursor() == Some(5));
        for end in 0..bytes.len() {
            assert_eq!(load(&bytes[..end]).err(), Some(Error::Truncated), "{end} bytes");
        }
    }

    #[test]
    fn numbers_that_fit_no_cell_are_read_as_their_text() {
        let int = [&[1, 0, 0, 1][..], &i64::MIN.to_le_bytes()].concat();
        assert_eq!(load(&int).unwrap().get(0).unwrap().to_vec(), b"-9223372036854775808");
        for (number, text) in [(0.1, "0.1"), (3.0, "3.0"), (f64::INFINITY, "inf"), (f64::NAN, "nan")] {
            let float = [&[1, 0, 0, 2][..], &number.to_le_bytes()].concat();
            assert_eq!(load(&float).unwrap().get(0).unwrap().to_vec(), text.as_bytes());
        }
    }

    #[test]
    fn damaged_arrays_are_refused() {
        for bytes in [
            &[0, 0][..],
            &[0x81, 255, 255, 255, 255, 255, 255, 255, 255, 0],
            &[1, 2, 0, 0, 1, b'x'],
            &[1, 1, 0x81, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 1, b'x'],
            &[1, 0, 0x81, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1, b'x'],
            &[1, 0, 0, 4, 1, b'x'],
            &[2, 0, 0, 0, 1, b'x', 0, 0, 1, b'x'],
            &[1, 0, 0, 0, 0xFF],
        ] {
            assert!(load(bytes).is_err(), "{bytes:?}");
        }
    }
}
