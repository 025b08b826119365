//! The encodings of a hash: looking fields up. A field past its time is not there, though it may still take memory.

use crate::element::write;
pub(super) use crate::parts::passed;
use redstart_command::{Error, Reply, ValueRef};
use redstart_encoding::entry::parts::time_of;
use redstart_encoding::hash::hash;
use redstart_encoding::listpack::{Element, Pack};
use redstart_encoding::{Field, FieldTable};

/// A hash to be read; where its fields may expire, with the time that it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fields<'a> {
    Pack(&'a Pack),
    /// With times behind the values.
    Timed(&'a Pack, i64),
    Table(&'a FieldTable, i64),
}

impl<'a> Fields<'a> {
    /// The hash that a value is.
    #[inline]
    pub(crate) fn of(value: ValueRef<'a>, now_ms: i64) -> Result<Self, Error> {
        match value {
            ValueRef::HashPack(pack) => Ok(Self::Pack(pack)),
            ValueRef::HashPackTimed(pack) => Ok(Self::Timed(pack, now_ms)),
            ValueRef::HashTable(table) => Ok(Self::Table(table, now_ms)),
            _ => Err(Error::WrongType),
        }
    }

    /// The number of fields, with those past their time that were not removed yet.
    #[inline]
    pub(super) fn len(self) -> usize {
        match self {
            Self::Pack(pack) => pack.len() / 2,
            Self::Timed(pack, _) => pack.len() / 3,
            Self::Table(table, _) => table.len(),
        }
    }

    /// The number of fields that are there.
    #[inline]
    pub(super) fn present(self) -> usize {
        match self {
            Self::Table(table, _) if table.any_flagged() => table.len() - self.count_passed(),
            Self::Timed(..) => self.len() - self.count_passed(),
            _ => self.len(),
        }
    }

    #[cold]
    fn count_passed(self) -> usize {
        let mut present = 0;
        self.each(|_, _| present += 1);
        self.len() - present
    }

    /// The value of a field.
    #[inline]
    pub(crate) fn get(self, name: &[u8]) -> Option<Element<'a>> {
        match self {
            Self::Pack(pack) => pack.find(name, 1).map(|at| pack.get(value_after(pack, at))),
            Self::Timed(pack, now_ms) => {
                let value = value_after(pack, pack.find(name, 2)?);
                (!passed(time_behind(pack, value), now_ms)).then(|| pack.get(value))
            }
            Self::Table(table, now_ms) => {
                let field = table.get(hash(name), name)?;
                (!passed(field.expire_ms(), now_ms)).then(|| Element::Bytes(field.project(Field::value)))
            }
        }
    }

    /// When a field expires, if there is such a field.
    pub(super) fn time(self, name: &[u8]) -> Option<Option<i64>> {
        match self {
            Self::Pack(pack) => pack.find(name, 1).map(|_| None),
            Self::Timed(pack, now_ms) => {
                let time = time_behind(pack, value_after(pack, pack.find(name, 2)?));
                (!passed(time, now_ms)).then_some(time)
            }
            Self::Table(table, now_ms) => {
                let time = table.get(hash(name), name)?.expire_ms();
                (!passed(time, now_ms)).then_some(time)
            }
        }
    }

    /// Shows all fields with their values.
    #[inline]
    pub(super) fn each(self, mut show: impl FnMut(Element<'_>, Element<'_>)) {
        match self {
            Self::Pack(pack) => {
                let mut elements = pack.iter();
                while let (Some((_, name)), Some((_, value))) = (elements.next(), elements.next()) {
                    show(name, value);
                }
            }
            Self::Timed(pack, now_ms) => {
                let mut elements = pack.iter().map(|(_, element)| element);
                while let (Some(name), Some(value), Some(time)) = (elements.next(), elements.next(), elements.next()) {
                    if !passed(time_of(time), now_ms) {
                        show(name, value);
                    }
                }
            }
            Self::Table(table, now_ms) => {
                for field in table.iter() {
                    if !passed(field.expire_ms(), now_ms) {
                        show(Element::Bytes(field.name()), Element::Bytes(field.value()));
                    }
                }
            }
        }
    }
}

/// The time that stands behind the value at `value`.
#[inline]
pub(super) fn time_behind(pack: &Pack, value: usize) -> Option<i64> {
    time_of(pack.get(pack.next(value).expect("in a hash with times every value is followed by one")))
}

/// Writes the value of a field, null where it is missing.
#[inline]
pub(super) fn write_field(fields: Fields<'_>, name: &[u8], reply: &mut Reply<'_>) {
    match fields.get(name) {
        Some(value) => write(value, reply),
        None => reply.null(),
    }
}

/// The offset of the value that belongs to the field at `at`.
#[inline]
pub(super) fn value_after(pack: &Pack, at: usize) -> usize {
    pack.next(at).expect("in a hash every field is followed by its value")
}
