//! Finding places by order, ranks of places, and walking from one member to its neighbours.

use super::{NONE, Place, SortedSet};
use crate::sorted::leaf::Leaf;
use std::ops::ControlFlow;

/// A place between members: the first member that is not before it is what a search finds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Edge<'a> {
    /// Before all members.
    Start,
    /// After all members.
    End,
    /// Before the members of this score.
    BeforeScore(f64),
    /// After the members of this score.
    AfterScore(f64),
    /// Before this member, whatever its score is: for sets whose members all have the same score.
    BeforeName(&'a [u8]),
    /// After this member, likewise.
    AfterName(&'a [u8]),
    /// Before this member with this score, or where it would be.
    Member(f64, &'a [u8]),
}

impl Edge<'_> {
    /// Whether the edge is after a member, whose name is asked for only where the score does not tell.
    #[inline]
    pub fn is_after<'m>(&self, score: f64, name: impl FnOnce() -> &'m [u8]) -> bool {
        match *self {
            Self::Start => false,
            Self::End => true,
            Self::BeforeScore(edge) => score < edge,
            Self::AfterScore(edge) => score <= edge,
            Self::BeforeName(edge) => name() < edge,
            Self::AfterName(edge) => name() <= edge,
            Self::Member(edge, member) => score < edge || score == edge && name() < member,
        }
    }
}

/// The first number in `start..end` for which `before` is false.
#[inline]
fn partition(mut start: usize, mut end: usize, before: impl Fn(usize) -> bool) -> usize {
    while start < end {
        let middle = (start + end) / 2;
        if before(middle) {
            start = middle + 1;
        } else {
            end = middle;
        }
    }
    start
}

impl SortedSet {
    /// The child of each inner node on the way to an edge, then the place in the leaf, which may be one past its last.
    #[inline]
    fn descend(&self, edge: &Edge<'_>, mut step: impl FnMut(&super::Inner, usize)) -> Place {
        let mut node = self.root;
        for _ in 0..self.height {
            let inner = self.inners.get(node);
            let before =
                |at: usize| edge.is_after(inner.score(at), || self.leaves.get(inner.first(at)).name(0, &self.long));
            let child = partition(1, inner.len(), before) - 1;
            step(inner, child);
            node = inner.node(child);
        }
        let leaf = self.leaves.get(node);
        let at = partition(0, leaf.len(), |at| edge.is_after(leaf.score(at), || leaf.name(at, &self.long)));
        Place { leaf: node, at: at as u32 }
    }

    /// The place where something at this edge belongs.
    pub(super) fn seek(&self, edge: &Edge<'_>) -> Place {
        self.descend(edge, |_, _| {})
    }

    /// How many members are before an edge.
    #[must_use]
    pub fn rank_of(&self, edge: &Edge<'_>) -> usize {
        match edge {
            Edge::Start => return 0,
            Edge::End => return self.len,
            _ => {}
        }
        let mut rank = 0;
        let place = self.descend(edge, |inner, child| rank += inner.before(child));
        rank as usize + place.at as usize
    }

    /// The place of the member of this rank.
    #[must_use]
    pub fn at_rank(&self, rank: usize) -> Option<Place> {
        if rank >= self.len {
            return None;
        }
        if rank == 0 {
            return Some(Place { leaf: self.first, at: 0 });
        }
        let last = self.leaves.get(self.last).len();
        if let Some(at) = (rank + last).checked_sub(self.len) {
            return Some(Place { leaf: self.last, at: at as u32 });
        }
        let (mut node, mut rank) = (self.root, rank as u64);
        for _ in 0..self.height {
            let inner = self.inners.get(node);
            let (child, below) = inner.by_rank(rank);
            (node, rank) = (inner.node(child), below);
        }
        Some(Place { leaf: node, at: rank as u32 })
    }

    /// The rank of the member at a place.
    #[must_use]
    pub fn rank_at(&self, place: Place) -> usize {
        let mut rank = u64::from(place.at);
        let (mut node, mut parent) = (place.leaf, self.leaves.get(place.leaf).parent);
        while parent != NONE {
            let inner = self.inners.get(parent);
            rank += inner.before(inner.place(node));
            (node, parent) = (parent, inner.parent);
        }
        rank as usize
    }

    /// The place of the next member.
    pub(super) fn place_after(&self, place: Place) -> Option<Place> {
        let leaf = self.leaves.get(place.leaf);
        if (place.at as usize) + 1 < leaf.len() {
            return Some(Place { at: place.at + 1, ..place });
        }
        (leaf.next != NONE).then_some(Place { leaf: leaf.next, at: 0 })
    }

    /// The place of the member before.
    pub(super) fn place_before(&self, place: Place) -> Option<Place> {
        if place.at > 0 {
            return Some(Place { at: place.at - 1, ..place });
        }
        let leaf = self.leaves.get(place.leaf).prev;
        (leaf != NONE).then(|| Place { leaf, at: self.leaves.get(leaf).len() as u32 - 1 })
    }

    /// Shows the scores from an edge on, in order, each with its place, until told to stop. Names are not looked at.
    #[inline]
    pub fn walk_scores<B>(
        &self,
        edge: &Edge<'_>,
        mut show: impl FnMut(f64, Place) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let Place { leaf: mut number, at: mut first } = self.seek(edge);
        while number != NONE {
            let leaf = self.leaves.get(number);
            for (at, score) in (first..).zip(leaf.scores_from(first as usize)) {
                show(score, Place { leaf: number, at })?;
            }
            (number, first) = (leaf.next, 0);
        }
        ControlFlow::Continue(())
    }

    /// The members from a rank on, in order.
    pub fn iter_from(&self, rank: usize) -> impl Iterator<Item = (&[u8], f64)> {
        let start = self.at_rank(rank);
        let leaf = start.map(|place| self.leaves.get(place.leaf));
        Forward { set: self, leaf, at: start.map_or(0, |place| place.at as usize) }
    }

    /// The members from a rank on, in reverse order.
    pub fn iter_back_from(&self, rank: usize) -> impl Iterator<Item = (&[u8], f64)> {
        let start = self.at_rank(rank);
        let leaf = start.map(|place| self.leaves.get(place.leaf));
        Backward { set: self, leaf, end: start.map_or(0, |place| place.at as usize + 1) }
    }
}

/// A walk upwards.
struct Forward<'a> {
    set: &'a SortedSet,
    leaf: Option<&'a Leaf>,
    at: usize,
}

impl<'a> Iterator for Forward<'a> {
    type Item = (&'a [u8], f64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let mut leaf = self.leaf?;
        if self.at == leaf.len() {
            self.leaf = (leaf.next != NONE).then(|| self.set.leaves.get(leaf.next));
            leaf = self.leaf?;
            self.at = 0;
            if leaf.next != NONE {
                self.set.leaves.get(leaf.next).prefetch();
            }
        }
        self.at += 1;
        Some((leaf.name(self.at - 1, &self.set.long), leaf.score(self.at - 1)))
    }
}

/// A walk downwards.
struct Backward<'a> {
    set: &'a SortedSet,
    leaf: Option<&'a Leaf>,
    /// The members below this are still to come.
    end: usize,
}

impl<'a> Iterator for Backward<'a> {
    type Item = (&'a [u8], f64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let mut leaf = self.leaf?;
        if self.end == 0 {
            self.leaf = (leaf.prev != NONE).then(|| self.set.leaves.get(leaf.prev));
            leaf = self.leaf?;
            self.end = leaf.len();
            if leaf.prev != NONE {
                self.set.leaves.get(leaf.prev).prefetch();
            }
        }
        self.end -= 1;
        Some((leaf.name(self.end, &self.set.long), leaf.score(self.end)))
    }
}
