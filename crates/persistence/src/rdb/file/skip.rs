//! Values, passed by: where one ends, without making it. So one thread can cut a file into keys, and others read them.

use super::super::read::Reader;
use super::super::{Error, VALKEY, kind};

/// Whether values of this type are known.
pub(super) fn is_known(kind: u8) -> bool {
    matches!(
        kind,
        kind::STRING..=kind::ZSET_2 | kind::HASH_ZIPMAP..=kind::HASH_LISTPACK_TIMED | kind::ARRAY | kind::SET_TIMED
    )
}

/// Passes a value of type `kind` by.
pub(super) fn value(kind: u8, version: u16, from: &mut Reader<'_>) -> Result<(), Error> {
    match kind {
        kind::LIST | kind::SET | kind::LIST_QUICKLIST => each(from, Reader::skip_string),
        kind::HASH => each(from, |from| strings(from, 2)),
        kind::ZSET => each(from, |from| {
            from.skip_string()?;
            match from.array::<1>()?[0] {
                253.. => Ok(()),
                length => from.skip(length.into()),
            }
        }),
        kind::ZSET_2 => each(from, |from| {
            from.skip_string()?;
            from.skip(8)
        }),
        kind::LIST_QUICKLIST_2 => each(from, |from| {
            from.length()?;
            from.skip_string()
        }),
        kind::SET_TIMED => each(from, |from| {
            from.skip_string()?;
            from.length().map(drop)
        }),
        kind::HASH_METADATA_EARLY if version >= VALKEY => each(from, |from| {
            strings(from, 2)?;
            from.skip(8)
        }),
        kind::HASH_METADATA_EARLY => timed_fields(from),
        kind::HASH_METADATA => {
            from.skip(8)?;
            timed_fields(from)
        }
        kind::HASH_LISTPACK_TIMED => {
            from.skip(8)?;
            from.skip_string()
        }
        kind::STREAM_LISTPACKS | kind::STREAM_LISTPACKS_2 | kind::STREAM_LISTPACKS_3 => stream(kind, from),
        kind::ARRAY => array(from),
        known if is_known(known) => from.skip_string(),
        other => Err(Error::Kind(other)),
    }
}

/// A count, and so many things.
fn each<'a>(from: &mut Reader<'a>, mut skip: impl FnMut(&mut Reader<'a>) -> Result<(), Error>) -> Result<(), Error> {
    for _ in 0..from.length()? {
        skip(from)?;
    }
    Ok(())
}

fn strings(from: &mut Reader<'_>, count: usize) -> Result<(), Error> {
    (0..count).try_for_each(|_| from.skip_string())
}

fn lengths(from: &mut Reader<'_>, count: usize) -> Result<(), Error> {
    (0..count).try_for_each(|_| from.length().map(drop))
}

fn timed_fields(from: &mut Reader<'_>) -> Result<(), Error> {
    each(from, |from| {
        from.length()?;
        strings(from, 2)
    })
}

fn stream(form: u8, from: &mut Reader<'_>) -> Result<(), Error> {
    const ID: u64 = 16;
    let second = form >= kind::STREAM_LISTPACKS_2;
    each(from, |from| strings(from, 2))?;
    lengths(from, if second { 8 } else { 3 })?;
    each(from, |from| {
        from.skip_string()?;
        lengths(from, if second { 3 } else { 2 })?;
        each(from, |from| {
            from.skip(ID + 8)?;
            from.length().map(drop)
        })?;
        each(from, |from| {
            from.skip_string()?;
            from.skip(if form == kind::STREAM_LISTPACKS_3 { 16 } else { 8 })?;
            each(from, |from| from.skip(ID))
        })
    })
}

fn array(from: &mut Reader<'_>) -> Result<(), Error> {
    let count = from.length()?;
    if from.length()? != 0 {
        from.length()?;
    }
    for _ in 0..count {
        from.length()?;
        match from.length()? {
            1 | 2 => from.skip(8)?,
            _ => from.skip_string()?,
        }
    }
    Ok(())
}
