//! Ids and entries in answers.

use redstart_command::Reply;
use redstart_encoding::listpack::Element;
use redstart_encoding::stream::{StreamEntry, StreamId};

/// Writes an id.
#[inline]
pub(super) fn id(id: StreamId, reply: &mut Reply<'_>) {
    reply.bulk(id.text().as_bytes());
}

/// Writes an id and a null where the entry is gone.
pub(super) fn gone(missing: StreamId, reply: &mut Reply<'_>) {
    reply.array(2);
    id(missing, reply);
    reply.null_array();
}

/// Writes an entry: its id, and its fields and values in one array.
#[inline]
pub(super) fn entry(entry: &StreamEntry<'_>, reply: &mut Reply<'_>) {
    reply.array(2);
    parts(entry, reply);
}

/// Writes id and fields, for an array whose head is written.
#[inline]
pub(super) fn parts(entry: &StreamEntry<'_>, reply: &mut Reply<'_>) {
    id(entry.id(), reply);
    reply.array(2 * entry.field_count());
    for (field, value) in entry.fields() {
        element(field, reply);
        element(value, reply);
    }
}

#[inline]
fn element(element: Element<'_>, reply: &mut Reply<'_>) {
    match element {
        Element::Bytes(bytes) => reply.bulk(bytes),
        Element::Int(number) => reply.bulk_int(number),
    }
}

/// Writes entries as an array, `most` at most where that is not 0. Gives how many.
#[inline]
pub(super) fn entries<'a>(
    entries: impl Iterator<Item = StreamEntry<'a>>,
    most: usize,
    expected: u64,
    reply: &mut Reply<'_>,
) {
    let most = if most == 0 { usize::MAX } else { most };
    let expected = usize::try_from(expected).unwrap_or(usize::MAX).min(most);
    reply.array_of(expected, |reply| entries.take(most).inspect(|one| entry(one, reply)).count());
}
