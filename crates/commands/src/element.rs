//! Elements of collections as replies.

use redstart_command::Reply;
use redstart_encoding::listpack::Element;

/// Writes an element (a member, a field, a value) as a bulk.
#[inline]
pub(crate) fn write(element: Element<'_>, reply: &mut Reply<'_>) {
    match element {
        Element::Bytes(bytes) => reply.bulk(bytes),
        Element::Int(number) => reply.bulk_int(number),
    }
}
