//! Long strings, lists and streams, written in pieces between which they do not change.

use super::stream;
use super::write::{PACKED, PLAIN_NODE, WriteOptions, Writer};
use redstart_encoding::stream::StreamId;
use redstart_encoding::{QuickList, Stream, ValueRef};
use std::ops::Range;

/// Bytes of a string that are copied at once.
const SOME: usize = 16 * 1024;

/// How far a value is written.
#[derive(Debug)]
pub struct Pieces {
    options: WriteOptions,
    next: Next,
}

#[derive(Debug)]
enum Next {
    /// The byte of a string, whose length stands at `start`.
    Byte { start: usize, from: usize },
    /// The node of a list.
    Node(usize),
    /// The block of a stream: the first one, or the one behind this.
    Block(Option<StreamId>),
}

impl Pieces {
    /// Appends what stands before the first piece of a long value: its type and key do already.
    pub(super) fn begin(out: &mut Vec<u8>, value: &ValueRef<'_>, options: WriteOptions) -> Option<Self> {
        let (count, next) = match value {
            ValueRef::Bytes { bytes, .. } => (bytes.len(), Next::Byte { start: out.len(), from: 0 }),
            ValueRef::QuickList(list) => (list.node_count(), Next::Node(0)),
            ValueRef::Stream(stream) => (stream.log.block_count(), Next::Block(None)),
            _ => return None,
        };
        Writer::new(out, options).length(count as u64);
        if let ValueRef::Bytes { bytes, .. } = value {
            // All pieces of a string come to stand here; to grow would be a copy of those before.
            out.reserve(bytes.len());
        }
        Some(Self { options, next })
    }

    /// Appends the next piece, which says where strings stand that are to be compressed later. False when that was the last.
    pub fn step(&mut self, out: &mut Vec<u8>, value: &ValueRef<'_>, later: &mut Vec<Range<usize>>) -> bool {
        match (&mut self.next, value) {
            (Next::Byte { start, from }, ValueRef::Bytes { bytes, .. }) => {
                let to = bytes.len().min(*from + SOME);
                out.extend_from_slice(&bytes[*from..to]);
                *from = to;
                if to == bytes.len() && self.options.compress {
                    later.push(*start..out.len());
                }
                to < bytes.len()
            }
            (Next::Node(next), ValueRef::QuickList(list)) => {
                write_node(Writer::new(out, self.options).later(later), list, *next);
                *next += 1;
                *next < list.node_count()
            }
            (Next::Block(last), ValueRef::Stream(one)) => {
                let mut to = Writer::new(out, self.options);
                write_block(to.later(later), one, last)
            }
            // It is another value: nothing that belongs to this one is left.
            _ => false,
        }
    }

    /// Whether the pieces are one string, which stays in its buffer until all of it is there.
    #[must_use]
    pub fn is_one_string(&self) -> bool {
        matches!(self.next, Next::Byte { .. })
    }
}

fn write_node(to: &mut Writer<'_>, list: &QuickList, index: usize) {
    if let Some(node) = list.nodes_from(index).next() {
        to.length(if node.is_plain() { PLAIN_NODE } else { PACKED });
        node.with_bytes(|bytes| {
            to.bytes(bytes);
        });
    }
}

fn write_block(to: &mut Writer<'_>, one: &Stream, last: &mut Option<StreamId>) -> bool {
    if let Some((first, block)) = one.log.block_after(*last) {
        stream::write_block(to, first, block);
        *last = Some(first);
        return true;
    }
    stream::write_rest(to, one);
    false
}
