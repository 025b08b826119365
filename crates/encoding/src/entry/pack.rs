//! A collection's listpack where it stands, to be changed.

use super::Entry;
use crate::listpack::{Element, Listpack, Pack, PackEdit};

/// A collection's listpack in its entry, to be changed: in place where the size stays, else through a copy that goes
/// back when this drops.
#[derive(Debug)]
pub struct PackMut<'a> {
    entry: &'a mut Entry,
    /// The copy of one that stands inside.
    own: Option<Listpack>,
}

impl<'a> PackMut<'a> {
    pub(super) fn new(entry: &'a mut Entry) -> Self {
        Self { entry, own: None }
    }

    fn heap(&mut self) -> &mut Listpack {
        if !self.entry.header().kind.is_small_pack() {
            return self.entry.word_as_mut();
        }
        self.own.get_or_insert_with(|| Listpack::copy_of(self.entry.small_pack()))
    }

    /// Replaces the element at `offset`.
    #[inline]
    pub fn replace_element(&mut self, offset: usize, element: Element<'_>) {
        let inside = self.own.is_none() && self.entry.header().kind.is_small_pack();
        if !(inside && self.entry.small_pack_mut().replace_in_place(offset, element)) {
            self.heap().replace_element(offset, element);
        }
    }

    /// Removes `n` elements from the one at `offset` on.
    pub fn remove(&mut self, offset: usize, n: usize) {
        self.heap().remove(offset, n);
    }
}

impl PackEdit for PackMut<'_> {
    fn replace(&mut self, offset: usize, value: &[u8]) {
        self.replace_element(offset, Element::from_bytes(value));
    }

    fn replace_element(&mut self, offset: usize, element: Element<'_>) {
        PackMut::replace_element(self, offset, element);
    }

    fn append(&mut self, elements: &[Element<'_>]) {
        self.heap().append(elements);
    }

    fn insert_before(&mut self, offset: usize, elements: &[Element<'_>]) {
        self.heap().insert_all(offset, elements);
    }

    fn cut(&mut self, offset: usize, n: usize) {
        self.remove(offset, n);
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
