//! A set of members in the order of their scores (OBJECT ENCODING `skiplist`, which it is not): a B+-tree that counts,
//! and an index by member.
//!
//! ```text
//!              inner nodes: smallest score, members below, for each child
//!              /            |             \
//!   leaf <-> leaf <-> leaf <-> leaf          scores, ends, tags, names: a block each, up to 64 members
//!     ^                ^
//!     +--- index: hash of a name -> leaf     about seven bytes a member, up to 12 members in a cache line
//! ```
//! - A member stands once in memory, in its leaf; the index has the leaf's number, and the leaf finds the member by
//!   eight bits of its hash. Nodes are known by numbers, so a leaf's block may move, and nothing here is `unsafe`.
//! - Order: score, then name as bytes. 0.0 and -0.0 are equal in order. A score is never NaN.
//! - A rank comes from the counts on the way up or down: every search by score, by name or by rank, and every rank, is
//!   a few nodes, each some neighbouring lines of memory. Walking is reading leaves one after the other.
//! - When a leaf is cut in two, the index is told of each member that moved: half a leaf's members for half a leaf's
//!   insertions. Members that come in order fill leaves to the last place, and none moves.
//! - Nothing is ever rebuilt as a whole: the longest step is the split of a segment of the index, some 330 members.
//!
//! Invariants: no leaf and no inner node is empty (but the only leaf of an empty set); a node's bound and count of a
//! child are exact; neighbouring leaves are linked; index and leaves agree, slot for member.

mod check;
mod index;
mod inner;
mod leaf;
mod seek;
mod slab;
mod tree;

pub use seek::Edge;

use crate::hash::hash;
use index::{Index, Leaves, tag};
use inner::Inner;
use leaf::{Leaf, LongNames, Stored};
use slab::{NONE, Slab};
use std::ops::Range;

/// Leaves in a chunk of memory, as a power of two: 8 KiB without their blocks.
const LEAVES: u32 = 8;
/// Inner nodes in a chunk, likewise: 12 KiB.
const INNERS: u32 = 3;

/// A sorted set: a counting B+-tree by score, and an index by member.
#[derive(Clone)]
pub struct SortedSet {
    leaves: Slab<Leaf, LEAVES>,
    inners: Slab<Inner, INNERS>,
    index: Index,
    long: LongNames,
    /// A leaf while `height` is 0, else an inner node.
    root: u32,
    height: u32,
    first: u32,
    last: u32,
    len: usize,
}

/// Where a member stands. Any change of the set makes it void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    leaf: u32,
    at: u32,
}

/// The leaves as the index reads them.
struct Names<'a> {
    leaves: &'a Slab<Leaf, LEAVES>,
    long: &'a LongNames,
}

impl Leaves for Names<'_> {
    fn prefetch(&self, leaf: u32) {
        self.leaves.get(leaf).prefetch_names();
    }

    fn each(&self, leaf: u32, tag: u8, show: &mut dyn FnMut(u64, usize)) {
        let leaf = self.leaves.get(leaf);
        for at in memchr::memchr_iter(tag, leaf.tags()) {
            show(hash(leaf.name(at, self.long)), at);
        }
    }
}

impl Default for SortedSet {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for SortedSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter_from(0)).finish()
    }
}

impl SortedSet {
    /// An empty set.
    #[must_use]
    pub fn new() -> Self {
        let mut leaves = Slab::default();
        let root = leaves.add(Leaf::default());
        let (inners, index, long) = (Slab::default(), Index::default(), Slab::default());
        Self { leaves, inners, index, long, root, height: 0, first: root, last: root, len: 0 }
    }

    /// A set of members that come in order, each once: the leaves are filled.
    #[must_use]
    pub fn from_sorted<'a>(members: impl IntoIterator<Item = (&'a [u8], f64)>) -> Self {
        let mut set = Self::new();
        for (member, score) in members {
            set.push_last(member, score);
        }
        set
    }

    /// The number of members.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// A deep copy.
    #[must_use]
    pub fn copy(&self) -> Self {
        self.clone()
    }

    /// Bytes of all allocations. O(len).
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let leaves: usize = self.leaves.iter().map(Leaf::heap_bytes).sum();
        let long: usize = self.long.iter().map(|name| redstart_sys::alloc::size_class(name.len())).sum();
        let slabs = self.leaves.heap_bytes() + self.inners.heap_bytes() + self.long.heap_bytes();
        leaves + long + slabs + self.index.heap_bytes()
    }

    /// Asks the processor for what a look-up of the member with this hash reads first.
    #[inline]
    pub fn prefetch(&self, hash: u64) {
        self.index.prefetch(hash);
    }

    /// Where a member stands.
    #[inline]
    #[must_use]
    pub fn find(&self, member: &[u8]) -> Option<Place> {
        self.find_hashed(hash(member), member)
    }

    #[inline]
    fn find_hashed(&self, hash: u64, member: &[u8]) -> Option<Place> {
        self.index.find(hash, |number| {
            let at = self.leaves.get(number).find(tag(hash), member, &self.long)?;
            Some(Place { leaf: number, at: at as u32 })
        })
    }

    /// The score of the member at a place.
    #[inline]
    #[must_use]
    pub fn score_at(&self, place: Place) -> f64 {
        self.leaves.get(place.leaf).score(place.at as usize)
    }

    /// The member at a place.
    #[inline]
    #[must_use]
    pub fn member_at(&self, place: Place) -> &[u8] {
        self.leaves.get(place.leaf).name(place.at as usize, &self.long)
    }

    /// The score of a member.
    #[inline]
    #[must_use]
    pub fn score(&self, member: &[u8]) -> Option<f64> {
        self.find(member).map(|place| self.score_at(place))
    }

    /// The rank of a member: how many come before it.
    #[must_use]
    pub fn rank(&self, member: &[u8]) -> Option<usize> {
        self.find(member).map(|place| self.rank_at(place))
    }

    /// Sets the score of a member, new or not; returns the score it had.
    pub fn insert(&mut self, member: &[u8], score: f64) -> Option<f64> {
        let mut old = None;
        self.update(member, |there| {
            old = there;
            Some(score)
        });
        old
    }

    /// Sets the score of a member to what `next` makes of the score it has, if it has one; `None` leaves all as it is.
    pub fn update(&mut self, member: &[u8], next: impl FnOnce(Option<f64>) -> Option<f64>) {
        let hash = hash(member);
        let place = self.find_hashed(hash, member);
        let Some(score) = next(place.map(|place| self.score_at(place))) else { return };
        match place {
            Some(place) => self.set_score(place, score),
            None => self.add(self.seek(&Edge::Member(score, member)), hash, member, score),
        }
    }

    /// Adds a member that is not there and comes after all others.
    pub fn push_last(&mut self, member: &[u8], score: f64) {
        let at = self.leaves.get(self.last).len() as u32;
        self.add(Place { leaf: self.last, at }, hash(member), member, score);
    }

    fn add(&mut self, place: Place, hash: u64, member: &[u8], score: f64) {
        debug_assert!(!score.is_nan(), "a score is a number");
        debug_assert!(self.find_hashed(hash, member).is_none(), "the member is there already");
        self.index.reserve(hash, &Names { leaves: &self.leaves, long: &self.long });
        let stored = Stored::new(member, &mut self.long);
        let leaf = self.put(place, score, tag(hash), stored);
        self.index.insert(hash, leaf);
        self.len += 1;
    }

    /// Gives the member at a place another score.
    pub fn set_score(&mut self, place: Place, score: f64) {
        debug_assert!(!score.is_nan(), "a score is a number");
        if self.keeps_place(place, score) {
            self.leaves.get_mut(place.leaf).set_score(place.at as usize, score);
            if place.at == 0 {
                self.bound_changed(place.leaf);
            }
            return;
        }
        let leaf = self.leaves.get(place.leaf);
        let at = place.at as usize;
        let (inside, outside) = (leaf.name(at, &self.long).to_vec(), leaf.outside(at));
        let hash = hash(&inside);
        let stored = match outside {
            Some(number) => Stored::Outside(number.to_ne_bytes()),
            None => Stored::Inside(&inside),
        };
        // The slot in the index goes first and comes back last: between, leaves may be cut and joined.
        self.index.remove(hash, place.leaf);
        self.cut(place.leaf, at..at + 1);
        let to = self.seek(&Edge::Member(score, &inside));
        let leaf = self.put(to, score, tag(hash), stored);
        self.index.insert(hash, leaf);
    }

    /// Whether the member at a place stays between its neighbours with another score.
    fn keeps_place(&self, place: Place, score: f64) -> bool {
        let member = self.member_at(place);
        let above =
            |before: Place| Edge::Member(score, member).is_after(self.score_at(before), || self.member_at(before));
        let below =
            |after: Place| !Edge::Member(score, member).is_after(self.score_at(after), || self.member_at(after));
        self.place_before(place).is_none_or(above) && self.place_after(place).is_none_or(below)
    }

    /// Removes a member; returns its score.
    pub fn remove(&mut self, member: &[u8]) -> Option<f64> {
        let place = self.find(member)?;
        let score = self.score_at(place);
        self.remove_at(place.leaf, place.at as usize..place.at as usize + 1, &mut |_, _| {});
        Some(score)
    }

    /// Removes the members of these ranks, showing each before it goes.
    pub fn remove_ranks(&mut self, ranks: Range<usize>, mut show: impl FnMut(&[u8], f64)) {
        let mut left = ranks.end.min(self.len).saturating_sub(ranks.start);
        while left > 0 {
            let place = self.at_rank(ranks.start).expect("so many members are left");
            let at = place.at as usize;
            let end = (at + left).min(self.leaves.get(place.leaf).len());
            left -= end - at;
            self.remove_at(place.leaf, at..end, &mut show);
        }
    }

    fn remove_at(&mut self, number: u32, gone: Range<usize>, show: &mut dyn FnMut(&[u8], f64)) {
        let leaf = self.leaves.get(number);
        let mut hashes = [0; leaf::MOST];
        let hashes = &mut hashes[..gone.len()];
        for (at, hash_at) in gone.clone().zip(hashes.iter_mut()) {
            let name = leaf.name(at, &self.long);
            show(name, leaf.score(at));
            *hash_at = hash(name);
            self.index.prefetch(*hash_at);
        }
        for hash in &*hashes {
            self.index.remove(*hash, number);
        }
        for outside in gone.clone().filter_map(|at| leaf.outside(at)).collect::<Vec<_>>() {
            self.long.take(outside);
        }
        self.len -= gone.len();
        self.cut(number, gone);
        for hash in &*hashes {
            self.index.give_back(*hash, &Names { leaves: &self.leaves, long: &self.long });
        }
    }

    /// Shows the members around `cursor`; returns where to go on, 0 at the end. What is in the set from the first step
    /// to the last is shown, however the set changes between.
    pub fn scan(&self, cursor: u64, mut show: impl FnMut(&[u8], f64)) -> u64 {
        let names = Names { leaves: &self.leaves, long: &self.long };
        self.index.scan(cursor, &names, |leaf, at| {
            let leaf = self.leaves.get(leaf);
            show(leaf.name(at, &self.long), leaf.score(at));
        })
    }
}
