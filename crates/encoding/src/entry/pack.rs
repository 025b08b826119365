//! A collection's listpack where it stands, to be changed.

use super::{Entry, SMALL_PACK};
use crate::listpack::{HEADER, Listpack, Pack, Room, TOTAL, splice_within};

/// A collection's listpack in its entry, to be changed: in place as long as it is small enough to stand there, else
/// through a copy that goes back when this drops.
#[derive(Debug)]
pub struct PackMut<'a> {
    entry: &'a mut Entry,
    /// The copy of one that stands inside.
    own: Option<Listpack>,
}

impl<'a> PackMut<'a> {
    #[inline]
    pub(super) fn new(entry: &'a mut Entry) -> Self {
        Self { entry, own: None }
    }

    /// Whether the listpack stands inside the entry now.
    #[inline]
    fn is_inside(&self) -> bool {
        self.own.is_none() && self.entry.header().kind.is_small_pack()
    }

    fn heap(&mut self) -> &mut Listpack {
        if !self.entry.header().kind.is_small_pack() {
            return self.entry.heap_pack_mut();
        }
        self.own.get_or_insert_with(|| Listpack::copy_of(self.entry.small_pack()))
    }
}

impl Room for PackMut<'_> {
    #[inline]
    fn splice(&mut self, at: usize, old: usize, new: usize) -> &mut [u8] {
        let total = self.byte_len();
        assert!(at >= HEADER && at + old < total, "a change outside of the elements");
        if old == new {
            return &mut self.body_mut()[at - TOTAL..at - TOTAL + new];
        }
        let after = total - old + new;
        if !self.is_inside() {
            return self.heap().splice(at, old, new);
        }
        if after > SMALL_PACK {
            let own = self.own.insert(Listpack::spliced(self.entry.small_pack(), at, old, new));
            return &mut own.body_mut()[at - TOTAL..at - TOTAL + new];
        }
        splice_within(self.entry.resize_small_pack(total.max(after)), total, at, old, new);
        let bytes = self.entry.resize_small_pack(after);
        bytes[..TOTAL].copy_from_slice(&(after as u32).to_le_bytes());
        &mut bytes[at..at + new]
    }

    #[inline]
    fn body_mut(&mut self) -> &mut [u8] {
        if self.is_inside() { &mut self.entry.small_pack_mut()[TOTAL..] } else { self.heap().body_mut() }
    }
}

impl std::ops::Deref for PackMut<'_> {
    type Target = Pack;

    #[inline]
    fn deref(&self) -> &Pack {
        match &self.own {
            Some(own) => own,
            None => self.entry.pack(),
        }
    }
}

impl Drop for PackMut<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(pack) = self.own.take() {
            self.entry.put_small_pack(pack);
        }
    }
}
