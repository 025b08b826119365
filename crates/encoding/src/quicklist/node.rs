//! One node: a listpack of elements, or one element that is too large for a listpack; either may be compressed.

mod check;

use super::limits::Limits;
use crate::listpack::{Element, Listpack, Pack};
use crate::lzf;
use redstart_sys::alloc::size_class;
use std::borrow::Cow;
use std::fmt::Debug;

/// Smaller nodes are not worth compressing, nor is what saves less than this. Source: Redis's limits.
const LEAST_COMPRESSED: usize = 48;
const LEAST_SAVED: usize = 8;

/// A node of a list: a listpack, a compressed one, or one large element. The counts are those of the listpacks, at hand without a look at them.
#[derive(Clone)]
pub(super) enum Node {
    Pack { pack: Listpack, count: u32 },
    Plain(Box<[u8]>),
    PackLzf { lzf: Lzf, count: u32 },
    PlainLzf(Lzf),
}

/// Compressed bytes behind their length before compression (u32, little-endian).
#[derive(Clone)]
pub(super) struct Lzf(Box<[u8]>);

const PREFIX: usize = 4;

impl Lzf {
    /// Compresses, if that pays.
    fn new(bytes: &[u8]) -> Option<Self> {
        if bytes.len() < LEAST_COMPRESSED {
            return None;
        }
        let length = u32::try_from(bytes.len()).ok()?;
        let compressed = lzf::compress(bytes, bytes.len() - LEAST_SAVED - 1)?;
        let mut whole = Vec::with_capacity(PREFIX + compressed.len());
        whole.extend_from_slice(&length.to_le_bytes());
        whole.extend_from_slice(&compressed);
        Some(Self(whole.into_boxed_slice()))
    }

    fn raw_len(&self) -> usize {
        u32::from_le_bytes([self.0[0], self.0[1], self.0[2], self.0[3]]) as usize
    }

    fn compressed(&self) -> &[u8] {
        &self.0[PREFIX..]
    }

    fn plain(&self) -> Vec<u8> {
        lzf::decompress(self.compressed(), self.raw_len()).expect(OWN)
    }

    fn pack(&self) -> Listpack {
        Listpack::of_trusted(self.raw_len(), |room| lzf::decompress_into(self.compressed(), room)).expect(OWN)
    }
}

const OWN: &str = "what a node compressed itself can be decompressed";

/// A node's elements to be read, decompressed for the time being where needed.
pub(super) enum View<'a> {
    Pack(&'a Pack),
    Unpacked(Listpack),
    Plain(Cow<'a, [u8]>),
}

impl View<'_> {
    /// The listpack; `None` for the one element of a plain node.
    #[inline]
    pub(super) fn pack(&self) -> Option<&Pack> {
        match self {
            Self::Pack(pack) => Some(pack),
            Self::Unpacked(pack) => Some(pack),
            Self::Plain(_) => None,
        }
    }

    /// The one element of a plain node.
    pub(super) fn plain(&self) -> Element<'_> {
        match self {
            Self::Plain(bytes) => Element::Bytes(bytes),
            Self::Pack(_) | Self::Unpacked(_) => unreachable!("the caller has looked whether it is a listpack"),
        }
    }
}

impl Node {
    /// A node of one element.
    pub(super) fn of(element: Element<'_>) -> Self {
        Self::Pack { pack: Listpack::from_elements(&[element]), count: 1 }
    }

    /// A node of a listpack's elements.
    pub(super) fn of_pack(pack: Listpack) -> Self {
        let count = u32::try_from(pack.len()).expect("a listpack of 4 GiB has fewer elements");
        Self::Pack { pack, count }
    }

    /// A node of one large element.
    pub(super) fn of_large(value: &[u8]) -> Self {
        Self::Plain(value.into())
    }

    #[inline]
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Pack { count, .. } | Self::PackLzf { count, .. } => *count as usize,
            Self::Plain(_) | Self::PlainLzf(_) => 1,
        }
    }

    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Self::Plain(_) | Self::PlainLzf(_))
    }

    pub(super) fn is_compressed(&self) -> bool {
        matches!(self, Self::PackLzf { .. } | Self::PlainLzf(_))
    }

    /// The bytes before compression.
    #[inline]
    pub(super) fn raw_len(&self) -> usize {
        match self {
            Self::Pack { pack, .. } => pack.byte_len(),
            Self::Plain(bytes) => bytes.len(),
            Self::PackLzf { lzf, .. } | Self::PlainLzf(lzf) => lzf.raw_len(),
        }
    }

    /// What the node's bytes take on the heap.
    pub(super) fn heap_bytes(&self) -> usize {
        size_class(match self {
            Self::Pack { pack, .. } => pack.byte_len(),
            Self::Plain(bytes) => bytes.len(),
            Self::PackLzf { lzf, .. } | Self::PlainLzf(lzf) => lzf.0.len(),
        })
    }

    #[inline]
    pub(super) fn view(&self) -> View<'_> {
        match self {
            Self::Pack { pack, .. } => View::Pack(pack),
            Self::Plain(bytes) => View::Plain(Cow::Borrowed(bytes)),
            Self::PackLzf { lzf, .. } => View::Unpacked(lzf.pack()),
            Self::PlainLzf(lzf) => View::Plain(Cow::Owned(lzf.plain())),
        }
    }

    /// Compresses the node, if that pays.
    pub(super) fn compress(&mut self) {
        let compressed = match self {
            Self::Pack { pack, count } => Lzf::new(pack.as_bytes()).map(|lzf| Self::PackLzf { lzf, count: *count }),
            Self::Plain(bytes) => Lzf::new(bytes).map(Self::PlainLzf),
            Self::PackLzf { .. } | Self::PlainLzf(_) => None,
        };
        if let Some(compressed) = compressed {
            *self = compressed;
        }
    }

    #[inline]
    pub(super) fn decompress(&mut self) {
        match self {
            Self::Pack { .. } | Self::Plain(_) => {}
            Self::PackLzf { lzf, count } => *self = Self::Pack { pack: lzf.pack(), count: *count },
            Self::PlainLzf(lzf) => *self = Self::Plain(lzf.plain().into_boxed_slice()),
        }
    }

    /// Changes the listpack, which `change` says to have so many elements more (or, negative, fewer) afterwards.
    ///
    /// # Panics
    /// If the node is plain.
    #[inline]
    pub(super) fn edit<R>(&mut self, change: impl FnOnce(&mut Listpack) -> (isize, R)) -> R {
        self.decompress();
        let Self::Pack { pack, count } = self else { unreachable!("a plain node has no listpack to be changed") };
        let (more, result) = change(pack);
        *count = count.checked_add_signed(more as i32).expect("a listpack has no fewer elements than were removed");
        debug_assert_eq!(pack.len(), *count as usize);
        result
    }

    /// Whether an element of so many bytes may be added.
    #[inline]
    pub(super) fn has_room_for(&self, length: usize, limits: Limits) -> bool {
        !self.is_plain() && !limits.is_large(length) && limits.allow_insert(self.raw_len(), self.count(), length)
    }

    /// Whether both may become one node.
    pub(super) fn may_join(&self, next: &Self, limits: Limits) -> bool {
        !self.is_plain()
            && !next.is_plain()
            && !limits.fill.exceeded(self.raw_len() + next.raw_len() - 7, self.count() + next.count())
    }

    /// Takes up the elements of the node that follows.
    pub(super) fn join(&mut self, next: &Self) {
        let view = next.view();
        let Some(other) = view.pack() else { return };
        self.edit(|pack| {
            pack.merge(other);
            (next.count() as isize, ())
        });
    }
}

impl Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.view() {
            View::Pack(pack) => pack.fmt(f),
            View::Unpacked(pack) => pack.fmt(f),
            View::Plain(bytes) => write!(f, "plain of {} bytes", bytes.len()),
        }
    }
}
