//! An inner node of the ordered index: up to [`FAN`] children in order, with how many members each has below it.
//!
//! A child's lower bound is its smallest member: the score stands here, the name is read from the first leaf below
//! the child where scores are equal. So no name is copied, and a bound is always exact.

use super::slab::NONE;

/// The most children: as many as fit 1,536 bytes.
pub(super) const FAN: usize = 63;

/// What a node knows of a child.
#[derive(Clone, Copy, Debug)]
pub(super) struct Child {
    /// The leaf, or the inner node.
    pub(super) node: u32,
    /// The first leaf below it.
    pub(super) first: u32,
    /// The members below it.
    pub(super) count: u64,
    /// The smallest member's score.
    pub(super) score: f64,
}

/// An inner node of the tree: its children, how many members each has, and the first key of each.
#[derive(Clone, Debug)]
pub(super) struct Inner {
    pub(super) parent: u32,
    len: u32,
    nodes: [u32; FAN],
    firsts: [u32; FAN],
    counts: [u64; FAN],
    scores: [f64; FAN],
}

impl Default for Inner {
    fn default() -> Self {
        let (nodes, firsts, counts, scores) = ([NONE; FAN], [NONE; FAN], [0; FAN], [0.0; FAN]);
        Self { parent: NONE, len: 0, nodes, firsts, counts, scores }
    }
}

impl Inner {
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len as usize
    }

    pub(super) fn is_full(&self) -> bool {
        self.len() == FAN
    }

    #[inline]
    pub(super) fn node(&self, at: usize) -> u32 {
        self.nodes[..self.len()][at]
    }

    #[inline]
    pub(super) fn nodes(&self) -> &[u32] {
        &self.nodes[..self.len()]
    }

    #[inline]
    pub(super) fn first(&self, at: usize) -> u32 {
        self.firsts[at]
    }

    #[inline]
    pub(super) fn score(&self, at: usize) -> f64 {
        self.scores[at]
    }

    /// The place of a child.
    #[inline]
    pub(super) fn place(&self, node: u32) -> usize {
        self.nodes().iter().position(|&there| there == node).expect("a node is its parent's child")
    }

    /// The members below the children before `at`.
    #[inline]
    pub(super) fn before(&self, at: usize) -> u64 {
        self.counts[..at].iter().sum()
    }

    /// The members below all children.
    pub(super) fn total(&self) -> u64 {
        self.before(self.len())
    }

    /// The child that the member of this rank is below, and its rank there.
    pub(super) fn by_rank(&self, mut rank: u64) -> (usize, u64) {
        let last = self.len() - 1;
        for at in 0..last {
            if rank < self.counts[at] {
                return (at, rank);
            }
            rank -= self.counts[at];
        }
        (last, rank)
    }

    /// Members came or went below a child.
    pub(super) fn add_count(&mut self, at: usize, change: i64) {
        self.counts[at] = self.counts[at].wrapping_add_signed(change);
    }

    pub(super) fn set_count(&mut self, at: usize, count: u64) {
        self.counts[at] = count;
    }

    /// Another member is the smallest below a child.
    pub(super) fn set_first(&mut self, at: usize, first: u32, score: f64) {
        self.firsts[at] = first;
        self.scores[at] = score;
    }

    pub(super) fn insert(&mut self, at: usize, child: Child) {
        let len = self.len();
        assert!(len < FAN && at <= len);
        self.nodes.copy_within(at..len, at + 1);
        self.firsts.copy_within(at..len, at + 1);
        self.counts.copy_within(at..len, at + 1);
        self.scores.copy_within(at..len, at + 1);
        self.len += 1;
        self.put(at, child);
    }

    fn put(&mut self, at: usize, child: Child) {
        self.nodes[at] = child.node;
        self.firsts[at] = child.first;
        self.counts[at] = child.count;
        self.scores[at] = child.score;
    }

    fn child(&self, at: usize) -> Child {
        Child { node: self.nodes[at], first: self.firsts[at], count: self.counts[at], score: self.scores[at] }
    }

    pub(super) fn remove(&mut self, at: usize) {
        let len = self.len();
        assert!(at < len);
        self.nodes.copy_within(at + 1..len, at);
        self.firsts.copy_within(at + 1..len, at);
        self.counts.copy_within(at + 1..len, at);
        self.scores.copy_within(at + 1..len, at);
        self.len -= 1;
    }

    /// Cuts the node in two; returns the upper part.
    pub(super) fn split_off(&mut self, at: usize) -> Self {
        let mut upper = Self { parent: self.parent, ..Self::default() };
        for from in at..self.len() {
            upper.insert(from - at, self.child(from));
        }
        self.len = at as u32;
        upper
    }

    /// Takes up all children of the node that follows.
    pub(super) fn append(&mut self, other: &Self) {
        for at in 0..other.len() {
            self.insert(self.len(), other.child(at));
        }
    }
}
