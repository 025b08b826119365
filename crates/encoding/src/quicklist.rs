//! A large list: listpacks in a row, each of a bounded size, so that both ends and the middle can be changed without
//! moving much.
//!
//! ```text
//!   directory ── chunk ── node: listpack of elements
//!            │         ├─ node: listpack, compressed (LZF)
//!            │         └─ node: plain, one element too large for a listpack
//!            └─ chunk ── ...
//! ```
//! - When elements join a node, when a node splits and when two become one follows Redis's quicklist, because it shows:
//!   a list whose elements all stand in one small node becomes a listpack again, which OBJECT ENCODING tells.
//! - With a compression depth, nodes farther than that from both ends are compressed where it pays; the others never
//!   are. Reading a compressed node decompresses it for the time being, changing it in place.
//! - Redis links its nodes; here they stand in chunks (see `directory.rs`), which makes an index far inside cheap.
//!
//! `limits.rs` says how much a node holds, `node.rs` what it is, `edit.rs` changes in the middle. Must not know what the
//! elements mean.

mod check;
mod directory;
mod edit;
mod limits;
mod node;

use crate::int::parse_i64;
use crate::listpack::{Element, Listpack, Pack, PackEdit};
use directory::{At, Directory};
use limits::Limits;
use node::Node;
use std::ops::ControlFlow;

pub use edit::remove_value_from;
pub use limits::Fill;

/// An end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The first element's.
    Front,
    /// The last element's.
    Back,
}

/// A list of listpack nodes, found by index through a directory of chunks.
#[derive(Clone, Debug, Default)]
pub struct QuickList {
    directory: Directory,
    limits: Limits,
    depth: u16,
}

/// A node as RDB files and DEBUG see it.
#[derive(Debug)]
pub struct NodeView<'a>(&'a Node);

impl NodeView<'_> {
    /// The elements in it.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.count()
    }

    /// Whether it is one large element and not a listpack.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.0.is_plain()
    }

    /// Whether it is compressed.
    #[must_use]
    pub fn is_compressed(&self) -> bool {
        self.0.is_compressed()
    }

    /// The bytes of the element or the listpack, before compression.
    #[must_use]
    pub fn byte_len(&self) -> usize {
        self.0.raw_len()
    }

    /// Lends the bytes of the element or the listpack, decompressed.
    pub fn with_bytes<R>(&self, look: impl FnOnce(&[u8]) -> R) -> R {
        let view = self.0.view();
        match view.pack() {
            Some(pack) => look(pack.as_bytes()),
            None => view.plain().with_bytes(look),
        }
    }
}

/// Making, and looking at the whole.
impl QuickList {
    /// An empty list; `depth` is `list-compress-depth`.
    #[must_use]
    pub fn new(fill: Fill, depth: u64) -> Self {
        let limits = Limits { fill, large: 0 };
        Self { directory: Directory::default(), limits, depth: depth.min(u64::from(u16::MAX)) as u16 }
    }

    /// Elements of so many bytes or more get a node of their own from now on; 0 leaves it to the fill.
    pub fn set_large(&mut self, bytes: u32) {
        self.limits.large = bytes;
    }

    /// A copy of all of it.
    #[must_use]
    pub fn copy(&self) -> Self {
        self.clone()
    }

    /// How many elements it has.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.directory.elements()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The fill it was made with.
    #[must_use]
    pub fn fill(&self) -> Fill {
        self.limits.fill
    }

    /// How many nodes at each end are never compressed; 0 for all.
    #[must_use]
    pub fn depth(&self) -> u16 {
        self.depth
    }

    /// How many nodes it has.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.directory.nodes()
    }

    /// The nodes, first to last.
    pub fn nodes(&self) -> impl Iterator<Item = NodeView<'_>> {
        self.directory.iter().map(NodeView)
    }

    /// The nodes from this one on, counted from 0.
    pub fn nodes_from(&self, index: usize) -> impl Iterator<Item = NodeView<'_>> {
        self.directory.iter_from(index).map(NodeView)
    }

    /// Bytes that it takes on the heap, judged by the first `samples` nodes.
    #[must_use]
    pub fn heap_bytes(&self, samples: usize) -> usize {
        let seen = samples.min(self.node_count());
        let sum: usize = self.directory.iter().take(seen).map(Node::heap_bytes).sum();
        let nodes = (sum * self.node_count()).checked_div(seen).unwrap_or(0);
        self.directory.heap_bytes() + nodes
    }

    /// The listpack that holds all elements, where it is one.
    #[must_use]
    pub fn only_pack(&self) -> Option<&Pack> {
        if self.node_count() != 1 {
            return None;
        }
        match self.directory.get(self.directory.front()?) {
            Node::Pack { pack, .. } => Some(pack),
            _ => None,
        }
    }

    /// Takes the listpack that holds all elements out, leaving nothing.
    #[must_use]
    pub fn take_only_pack(&mut self) -> Option<Listpack> {
        self.only_pack()?;
        match self.directory.take(self.directory.front()?) {
            (Node::Pack { pack, .. }, _) => Some(pack),
            _ => None,
        }
    }

    /// Adds a node of a listpack's elements at the end: as one comes from a small list or an RDB file. An empty one is
    /// left out.
    pub fn append_pack(&mut self, pack: Listpack) {
        if !pack.is_empty() {
            self.append_node(Node::of_pack(pack));
        }
    }

    /// Adds a node of one large element at the end: as one comes from an RDB file.
    pub fn append_plain(&mut self, value: &[u8]) {
        self.append_node(Node::of_large(value));
    }

    fn append_node(&mut self, node: Node) {
        self.directory.push_back(node);
        self.settle_ends();
    }
}

/// The ends.
impl QuickList {
    #[inline]
    fn end(&self, end: End) -> Option<At> {
        match end {
            End::Front => self.directory.front(),
            End::Back => self.directory.back(),
        }
    }

    /// Adds an element at an end.
    #[inline]
    pub fn push(&mut self, end: End, value: &[u8]) {
        match self.end(end) {
            Some(at) if self.directory.get(at).has_room_for(value.len(), self.limits) => {
                self.push_into(at, end, Element::from_bytes(value));
            }
            _ => self.push_node(end, value),
        }
    }

    /// Adds an element at an end of a node's listpack.
    #[inline]
    fn push_into(&mut self, at: At, end: End, element: Element<'_>) {
        self.directory.edit(at, |node| {
            node.edit(|pack| {
                match end {
                    End::Front => pack.push_front_element(element),
                    End::Back => pack.push_back_element(element),
                }
                (1, ())
            });
        });
    }

    #[cold]
    fn push_node(&mut self, end: End, value: &[u8]) {
        let node = self.node_of(value);
        match end {
            End::Front => self.directory.push_front(node),
            End::Back => self.directory.push_back(node),
        }
        self.settle_ends();
    }

    /// A node of one element, plain where it must be.
    fn node_of(&self, value: &[u8]) -> Node {
        if self.limits.is_large(value.len()) { Node::of_large(value) } else { Node::of(Element::from_bytes(value)) }
    }

    /// Takes the element at an end out, and lends it to `show` before it goes.
    #[inline]
    pub fn pop<R>(&mut self, end: End, show: impl FnOnce(Element<'_>) -> R) -> Option<R> {
        let at = self.end(end)?;
        let node = self.directory.get(at);
        if node.count() > 1 {
            return Some(self.directory.edit(at, |node| node.edit(|pack| (-1, pop_from(pack, end, show)))));
        }
        let view = node.view();
        let shown = match view.pack() {
            Some(pack) => show(pack.get(pack.first()?)),
            None => show(view.plain()),
        };
        drop(view);
        self.directory.remove(at);
        self.settle_ends();
        Some(shown)
    }
}

/// Takes the element at an end out of a listpack that is not empty, and lends it to `show` before it goes.
#[inline]
pub fn pop_from<P: PackEdit, R>(pack: &mut P, end: End, show: impl FnOnce(Element<'_>) -> R) -> R {
    let at = match end {
        End::Front => pack.first(),
        End::Back => pack.last(),
    };
    let at = at.expect("the caller has looked whether it is empty");
    let shown = show(pack.get(at));
    PackEdit::remove(pack, at, 1);
    shown
}

/// Reading.
impl QuickList {
    /// Lends the element at `index` to `look`.
    pub fn get<R>(&self, index: usize, look: impl FnOnce(Element<'_>) -> R) -> Option<R> {
        let (at, within) = self.directory.seek(index)?;
        let view = self.directory.get(at).view();
        Some(match view.pack() {
            Some(pack) => look(pack.get(pack.seek(within as i64)?)),
            None => look(view.plain()),
        })
    }

    /// Shows up to `count` elements from the one at `index` on, towards the end of the list that `towards` names, until
    /// `show` breaks off.
    pub fn walk<B>(
        &self,
        index: usize,
        count: usize,
        towards: End,
        mut show: impl FnMut(Element<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let (Some((mut at, mut within)), true) = (self.directory.seek(index), count > 0) else {
            return ControlFlow::Continue(());
        };
        let mut left = count;
        loop {
            let node = self.directory.get(at);
            let there = if towards == End::Back { node.count() - within } else { within + 1 };
            let here = there.min(left);
            let view = node.view();
            match view.pack() {
                Some(pack) => walk_pack(pack, within, here, towards, &mut show)?,
                None => show(view.plain())?,
            }
            left -= here;
            let next = if towards == End::Back { self.directory.next(at) } else { self.directory.prev(at) };
            let (Some(next), true) = (next, left > 0) else { return ControlFlow::Continue(()) };
            at = next;
            within = if towards == End::Back { 0 } else { self.directory.get(at).count() - 1 };
        }
    }

    /// The first element that is `value`: its node, its index there and its offset in the listpack.
    fn find(&self, value: &[u8]) -> Option<(At, usize)> {
        let wanted = Wanted::new(value);
        let mut at = self.directory.front()?;
        loop {
            let view = self.directory.get(at).view();
            let index = match view.pack() {
                Some(pack) => {
                    pack.find(value, 0).map(|offset| pack.iter().take_while(|&(other, _)| other != offset).count())
                }
                None => wanted.is(view.plain()).then_some(0),
            };
            if let Some(index) = index {
                return Some((at, index));
            }
            at = self.directory.next(at)?;
        }
    }
}

/// Shows `count` elements of a listpack from the one at `index` on; see [`QuickList::walk`].
///
/// # Panics
/// If there are not so many.
#[inline]
pub fn walk_pack<B>(
    pack: &Pack,
    index: usize,
    count: usize,
    towards: End,
    mut show: impl FnMut(Element<'_>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    if count == 0 {
        return ControlFlow::Continue(());
    }
    let missing = "the caller has counted the elements";
    let start = pack.seek(index as i64).expect(missing);
    match towards {
        End::Back => pack.iter_from(start).take(count).try_for_each(|(_, element)| show(element)),
        End::Front => {
            let mut at = start;
            for left in (0..count).rev() {
                show(pack.get(at))?;
                if left > 0 {
                    at = pack.prev(at).expect(missing);
                }
            }
            ControlFlow::Continue(())
        }
    }
}

/// A value to be compared with elements: parsed once as the integer that it may be.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    bytes: &'a [u8],
    int: Option<i64>,
}

impl<'a> Wanted<'a> {
    /// A value to be looked for.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, int: parse_i64(bytes) }
    }

    /// Whether an element is the value.
    #[inline]
    #[must_use]
    pub fn is(self, element: Element<'_>) -> bool {
        match element {
            Element::Int(number) => self.int == Some(number),
            Element::Bytes(bytes) => self.bytes == bytes,
        }
    }
}
