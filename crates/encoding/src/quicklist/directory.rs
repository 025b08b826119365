//! The nodes in their order, in chunks: both ends are at hand, an index is found by passing chunks over instead of
//! nodes, and a node in the middle of millions moves some tens of others and not all of them.
//!
//! ```text
//!   chunks:  [ 3 nodes, 341 elements ][ 128 nodes, 14,592 elements ] ... [ 77 nodes, 8,778 elements ]
//! ```
//! Invariants: no chunk is empty or has more than `MOST` nodes; the sums are right.

mod check;

use super::node::Node;
use crate::listpack::Where;
use std::collections::VecDeque;

/// Nodes of a chunk: moving half of them costs no more than a node's own allocation.
const MOST: usize = if cfg!(miri) { 8 } else { 128 };

#[derive(Clone, Debug)]
struct Chunk {
    nodes: VecDeque<Node>,
    elements: usize,
}

impl Chunk {
    fn of(node: Node) -> Self {
        let elements = node.count();
        let mut nodes = VecDeque::with_capacity(1);
        nodes.push_back(node);
        Self { nodes, elements }
    }
}

/// The nodes of a list in chunks, found by index.
#[derive(Clone, Debug, Default)]
pub(super) struct Directory {
    chunks: VecDeque<Chunk>,
    nodes: usize,
    elements: usize,
}

/// Where a node stands; true until nodes are added or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    chunk: usize,
    node: usize,
}

/// Looking.
impl Directory {
    /// How many nodes there are.
    pub(super) fn nodes(&self) -> usize {
        self.nodes
    }

    /// How many elements they have together.
    #[inline]
    pub(super) fn elements(&self) -> usize {
        self.elements
    }

    #[inline]
    pub(super) fn front(&self) -> Option<At> {
        (!self.chunks.is_empty()).then_some(At { chunk: 0, node: 0 })
    }

    #[inline]
    pub(super) fn back(&self) -> Option<At> {
        let chunk = self.chunks.len().checked_sub(1)?;
        Some(At { chunk, node: self.chunks[chunk].nodes.len() - 1 })
    }

    #[inline]
    pub(super) fn next(&self, at: At) -> Option<At> {
        if at.node + 1 < self.chunks[at.chunk].nodes.len() {
            return Some(At { node: at.node + 1, ..at });
        }
        (at.chunk + 1 < self.chunks.len()).then_some(At { chunk: at.chunk + 1, node: 0 })
    }

    #[inline]
    pub(super) fn prev(&self, at: At) -> Option<At> {
        if at.node > 0 {
            return Some(At { node: at.node - 1, ..at });
        }
        let chunk = at.chunk.checked_sub(1)?;
        Some(At { chunk, node: self.chunks[chunk].nodes.len() - 1 })
    }

    #[inline]
    pub(super) fn get(&self, at: At) -> &Node {
        &self.chunks[at.chunk].nodes[at.node]
    }

    /// All nodes, first to last.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Node> {
        self.chunks.iter().flat_map(|chunk| &chunk.nodes)
    }

    /// The nodes from this one on, counted from 0.
    pub(super) fn iter_from(&self, mut index: usize) -> impl Iterator<Item = &Node> {
        let skipped = self.chunks.iter().take_while(|chunk| !passed(&mut index, chunk.nodes.len())).count();
        self.chunks.range(skipped..).flat_map(|chunk| &chunk.nodes).skip(index)
    }

    /// The node that holds the element at `index`, and the element's index within.
    pub(super) fn seek(&self, index: usize) -> Option<(At, usize)> {
        if index >= self.elements {
            return None;
        }
        if index < self.elements / 2 { self.seek_forward(index) } else { self.seek_back(index) }
    }

    fn seek_forward(&self, mut left: usize) -> Option<(At, usize)> {
        let chunk = self.chunks.iter().position(|chunk| passed(&mut left, chunk.elements))?;
        let node = self.chunks[chunk].nodes.iter().position(|node| passed(&mut left, node.count()))?;
        Some((At { chunk, node }, left))
    }

    fn seek_back(&self, index: usize) -> Option<(At, usize)> {
        let mut left = self.elements - 1 - index;
        let chunk = self.chunks.iter().rposition(|chunk| passed(&mut left, chunk.elements))?;
        let nodes = &self.chunks[chunk].nodes;
        let node = nodes.iter().rposition(|node| passed(&mut left, node.count()))?;
        Some((At { chunk, node }, nodes[node].count() - 1 - left))
    }

    /// Whether at least `depth` nodes stand before this one and as many behind it.
    pub(super) fn is_inside(&self, at: At, depth: usize) -> bool {
        let length = |chunk: &Chunk| chunk.nodes.len();
        let behind = length(&self.chunks[at.chunk]) - 1 - at.node;
        reaches(at.node, self.chunks.range(..at.chunk).rev().map(length), depth)
            && reaches(behind, self.chunks.range(at.chunk + 1..).map(length), depth)
    }

    /// What the directory itself takes on the heap.
    pub(super) fn heap_bytes(&self) -> usize {
        let nodes: usize = self.chunks.iter().map(|chunk| chunk.nodes.capacity()).sum();
        self.chunks.capacity() * size_of::<Chunk>() + nodes * size_of::<Node>()
    }
}

/// Makes room for one more item, and while there are few for no more than that: most lists have a node or two.
#[inline]
fn make_room<T>(items: &mut VecDeque<T>) {
    if items.len() == items.capacity() && items.len() < 4 {
        items.reserve_exact(1);
    }
}

/// Gives back memory of what has become much shorter.
fn shrink<T>(items: &mut VecDeque<T>) {
    if items.len() < items.capacity() / 4 {
        items.shrink_to(items.len() * 2);
    }
}

/// Whether `known` and all that `more` adds come to `wanted`; looks no farther than it takes.
fn reaches(known: usize, mut more: impl Iterator<Item = usize>, wanted: usize) -> bool {
    let mut sum = known;
    while sum < wanted {
        let Some(more) = more.next() else { return false };
        sum += more;
    }
    true
}

/// Takes `count` off what is left to be passed over; says whether that is no longer possible.
#[inline]
fn passed(left: &mut usize, count: usize) -> bool {
    let reached = *left < count;
    if !reached {
        *left -= count;
    }
    reached
}

/// Changing.
impl Directory {
    /// Lends a node to be changed, and keeps the sums right.
    #[inline]
    pub(super) fn edit<R>(&mut self, at: At, change: impl FnOnce(&mut Node) -> R) -> R {
        let chunk = &mut self.chunks[at.chunk];
        let node = &mut chunk.nodes[at.node];
        let before = node.count();
        let result = change(node);
        let after = node.count();
        chunk.elements = chunk.elements - before + after;
        self.elements = self.elements - before + after;
        result
    }

    pub(super) fn push_front(&mut self, node: Node) {
        self.added(&node);
        match self.chunks.front_mut() {
            Some(chunk) if chunk.nodes.len() < MOST => {
                chunk.elements += node.count();
                make_room(&mut chunk.nodes);
                chunk.nodes.push_front(node);
            }
            _ => {
                make_room(&mut self.chunks);
                self.chunks.push_front(Chunk::of(node));
            }
        }
    }

    pub(super) fn push_back(&mut self, node: Node) {
        self.added(&node);
        match self.chunks.back_mut() {
            Some(chunk) if chunk.nodes.len() < MOST => {
                chunk.elements += node.count();
                make_room(&mut chunk.nodes);
                chunk.nodes.push_back(node);
            }
            _ => {
                make_room(&mut self.chunks);
                self.chunks.push_back(Chunk::of(node));
            }
        }
    }

    /// Adds a node beside the one at `at`; gives its place.
    pub(super) fn insert(&mut self, mut at: At, place: Where, node: Node) -> At {
        self.added(&node);
        if self.chunks[at.chunk].nodes.len() == MOST {
            at = self.halve(at);
        }
        if place == Where::After {
            at.node += 1;
        }
        let chunk = &mut self.chunks[at.chunk];
        chunk.elements += node.count();
        make_room(&mut chunk.nodes);
        chunk.nodes.insert(at.node, node);
        at
    }

    fn added(&mut self, node: &Node) {
        self.nodes += 1;
        self.elements += node.count();
    }

    /// Makes two chunks of a full one; gives the new place of what is at `at`.
    fn halve(&mut self, at: At) -> At {
        let chunk = &mut self.chunks[at.chunk];
        let nodes = chunk.nodes.split_off(MOST / 2);
        let elements = nodes.iter().map(Node::count).sum();
        chunk.elements -= elements;
        self.chunks.insert(at.chunk + 1, Chunk { nodes, elements });
        if at.node < MOST / 2 { at } else { At { chunk: at.chunk + 1, node: at.node - MOST / 2 } }
    }

    /// Removes a node; gives the place of the one that followed it.
    pub(super) fn remove(&mut self, at: At) -> Option<At> {
        self.take(at).1
    }

    /// Takes a node out; gives the place of the one that followed it, too.
    pub(super) fn take(&mut self, at: At) -> (Node, Option<At>) {
        let chunk = &mut self.chunks[at.chunk];
        let node = chunk.nodes.remove(at.node).expect("a place is that of a node");
        chunk.elements -= node.count();
        self.nodes -= 1;
        self.elements -= node.count();
        let mut following = at;
        if chunk.nodes.is_empty() {
            self.chunks.remove(at.chunk);
            shrink(&mut self.chunks);
        } else {
            following = self.gather(at);
        }
        (node, self.place(following))
    }

    /// A place, or the beginning of the next chunk where it is just behind the end of its own.
    fn place(&self, at: At) -> Option<At> {
        if at.node < self.chunks.get(at.chunk)?.nodes.len() {
            return Some(at);
        }
        (at.chunk + 1 < self.chunks.len()).then_some(At { chunk: at.chunk + 1, node: 0 })
    }

    /// Joins a chunk that has become small to a neighbour that has room, and gives back memory it does not need; gives
    /// the new place of what is (or would be) at `at`.
    fn gather(&mut self, mut at: At) -> At {
        let length = |chunks: &VecDeque<Chunk>, chunk: usize| chunks.get(chunk).map_or(MOST, |chunk| chunk.nodes.len());
        let here = length(&self.chunks, at.chunk);
        if here > MOST / 8 {
            return at;
        }
        if at.chunk > 0 && here + length(&self.chunks, at.chunk - 1) <= MOST / 2 {
            at = At { chunk: at.chunk - 1, node: at.node + length(&self.chunks, at.chunk - 1) };
            self.join_next(at.chunk);
        } else if here + length(&self.chunks, at.chunk + 1) <= MOST / 2 {
            self.join_next(at.chunk);
        }
        shrink(&mut self.chunks[at.chunk].nodes);
        at
    }

    fn join_next(&mut self, chunk: usize) {
        let mut next = self.chunks.remove(chunk + 1).expect("the caller has looked for it");
        shrink(&mut self.chunks);
        let here = &mut self.chunks[chunk];
        here.nodes.append(&mut next.nodes);
        here.elements += next.elements;
    }
}
