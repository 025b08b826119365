//! How the tree changes: members put into leaves and cut out of them, nodes split and joined, bounds and counts kept.

use super::inner::{Child, FAN, Inner};
use super::leaf::{self, Leaf, Stored};
use super::{NONE, Place, SortedSet};
use crate::hash::hash;
use crate::sorted::index::tag;
use std::ops::Range;

/// A leaf with fewer members looks for a neighbour to join.
const FEW: usize = leaf::MOST / 4;
/// Leaves that have no more together are joined.
const TOGETHER: usize = leaf::MOST * 3 / 4;
/// As [`FEW`] and [`TOGETHER`], of children.
const FEW_CHILDREN: usize = FAN / 4;
const CHILDREN_TOGETHER: usize = FAN * 3 / 4;

impl SortedSet {
    /// Puts a member at its place, and returns the leaf it is in then. The index is the caller's business.
    pub(super) fn put(&mut self, place: Place, score: f64, member_tag: u8, name: Stored<'_>) -> u32 {
        let Place { mut leaf, at } = place;
        let mut at = at as usize;
        if self.leaves.get(leaf).is_full() {
            (leaf, at) = self.make_room(leaf, at);
        }
        let there = self.leaves.get_mut(leaf);
        there.insert(at, score, member_tag, name);
        if at == 0 {
            self.bound_changed(leaf);
        }
        self.count_changed(leaf, 1);
        leaf
    }

    /// Makes room in a full leaf; returns where the place `at` of it is then.
    fn make_room(&mut self, number: u32, at: usize) -> (u32, usize) {
        let full = self.leaves.get(number);
        if at == full.len() && full.next == NONE {
            return (self.add_leaf_after(number, Leaf::default()), 0);
        }
        if at == 0 && full.prev == NONE {
            // All go on in a new leaf, so that this one, which has no member then, begins anew.
            let cut = self.split_leaf(number, 0);
            debug_assert_eq!(self.leaves.get(cut).len(), leaf::MOST);
            return (number, 0);
        }
        let cut = leaf::MOST / 2;
        let upper = self.split_leaf(number, cut);
        if at > cut { (upper, at - cut) } else { (number, at) }
    }

    /// Cuts a leaf in two; returns the upper one.
    fn split_leaf(&mut self, number: u32, at: usize) -> u32 {
        let upper = self.leaves.get_mut(number).split_off(at);
        let moved = upper.len() as i64;
        self.count_changed(number, -moved);
        let upper = self.add_leaf_after(number, upper);
        self.moved(upper, 0..moved as usize, number);
        upper
    }

    /// Tells the index that members of a leaf were in another one before.
    fn moved(&mut self, number: u32, members: Range<usize>, before: u32) {
        let leaf = self.leaves.get(number);
        let mut hashes = [0; leaf::MOST];
        let hashes = &mut hashes[..members.len()];
        for (hash_at, at) in hashes.iter_mut().zip(members) {
            *hash_at = hash(leaf.name(at, &self.long));
            debug_assert_eq!(tag(*hash_at), leaf.tags()[at]);
            self.index.prefetch(*hash_at);
        }
        for hash in &*hashes {
            self.index.moved(*hash, before, number);
        }
    }

    /// Links a new leaf behind another, in the row and in the tree.
    fn add_leaf_after(&mut self, before: u32, mut leaf: Leaf) -> u32 {
        let next = self.leaves.get(before).next;
        (leaf.prev, leaf.next) = (before, next);
        let (count, score) = (leaf.len() as u64, if leaf.len() > 0 { leaf.score(0) } else { f64::INFINITY });
        let number = self.leaves.add(leaf);
        self.leaves.get_mut(before).next = number;
        if next == NONE {
            self.last = number;
        } else {
            self.leaves.get_mut(next).prev = number;
        }
        self.add_child_after(0, before, Child { node: number, first: number, count, score });
        number
    }

    /// Puts a node behind its neighbour `before` of the same level (0: leaves). Counts above include it afterwards.
    fn add_child_after(&mut self, level: u32, before: u32, child: Child) {
        let mut parent = self.parent(level, before);
        if parent == NONE {
            parent = self.raise_root(level);
        }
        if self.inners.get(parent).is_full() {
            parent = self.split_inner(level + 1, parent, before);
        }
        let inner = self.inners.get_mut(parent);
        let at = inner.place(before) + 1;
        inner.insert(at, child);
        self.set_parent(level, child.node, parent);
        self.counted_above(parent, child.count.cast_signed());
    }

    /// A new root above the only node of the top level.
    fn raise_root(&mut self, level: u32) -> u32 {
        debug_assert_eq!(level, self.height);
        let node = self.root;
        let child = if level == 0 {
            let leaf = self.leaves.get(node);
            let score = if leaf.len() > 0 { leaf.score(0) } else { f64::NEG_INFINITY };
            Child { node, first: node, count: leaf.len() as u64, score }
        } else {
            let inner = self.inners.get(node);
            Child { node, first: inner.first(0), count: inner.total(), score: inner.score(0) }
        };
        let mut root = Inner::default();
        root.insert(0, child);
        self.root = self.inners.add(root);
        self.height += 1;
        self.set_parent(level, node, self.root);
        self.root
    }

    /// Cuts a full inner node in two; returns the half that has `child`.
    fn split_inner(&mut self, level: u32, number: u32, child: u32) -> u32 {
        let full = self.inners.get_mut(number);
        // Children that come in order leave full nodes behind.
        let last = full.node(full.len() - 1) == child;
        let upper = full.split_off(if last { FAN - 1 } else { FAN / 2 });
        let moved = upper.total();
        let summary = |node| Child { node, first: upper.first(0), count: moved, score: upper.score(0) };
        let child_node = self.inners.add(Inner::default());
        let summary = summary(child_node);
        for &node in upper.nodes() {
            self.set_parent(level - 1, node, child_node);
        }
        *self.inners.get_mut(child_node) = upper;
        self.counted_above(number, -moved.cast_signed());
        self.add_child_after(level, number, summary);
        self.parent(level - 1, child)
    }

    fn parent(&self, level: u32, node: u32) -> u32 {
        if level == 0 { self.leaves.get(node).parent } else { self.inners.get(node).parent }
    }

    fn set_parent(&mut self, level: u32, node: u32, parent: u32) {
        if level == 0 {
            self.leaves.get_mut(node).parent = parent;
        } else {
            self.inners.get_mut(node).parent = parent;
        }
    }

    /// Members came or went in a leaf.
    #[inline]
    fn count_changed(&mut self, leaf: u32, change: i64) {
        let (mut node, mut parent) = (leaf, self.leaves.get(leaf).parent);
        while parent != NONE {
            let inner = self.inners.get_mut(parent);
            let at = inner.place(node);
            inner.add_count(at, change);
            (node, parent) = (parent, inner.parent);
        }
    }

    /// Members came or went below an inner node, which knows already.
    fn counted_above(&mut self, inner: u32, change: i64) {
        let (mut node, mut parent) = (inner, self.inners.get(inner).parent);
        while parent != NONE {
            let above = self.inners.get_mut(parent);
            let at = above.place(node);
            above.add_count(at, change);
            (node, parent) = (parent, above.parent);
        }
    }

    /// Another member is a leaf's first.
    pub(super) fn bound_changed(&mut self, leaf: u32) {
        let there = self.leaves.get(leaf);
        let (score, parent) = (there.score(0), there.parent);
        self.set_bound(leaf, parent, leaf, score);
    }

    /// A node's smallest member is the first of leaf `first`: to be known above, as far as the node is the first.
    fn set_bound(&mut self, mut node: u32, mut parent: u32, first: u32, score: f64) {
        while parent != NONE {
            let inner = self.inners.get_mut(parent);
            let at = inner.place(node);
            inner.set_first(at, first, score);
            if at > 0 {
                return;
            }
            (node, parent) = (parent, inner.parent);
        }
    }

    /// Cuts members out of a leaf, and joins or removes it where few or none are left. The index is the caller's
    /// business, but for members that move to other leaves.
    pub(super) fn cut(&mut self, number: u32, gone: Range<usize>) {
        let (count, first) = (gone.len() as i64, gone.start == 0);
        self.leaves.get_mut(number).remove(gone);
        self.count_changed(number, -count);
        let left = self.leaves.get(number).len();
        if left == 0 {
            return self.remove_leaf(number);
        }
        if first {
            self.bound_changed(number);
        }
        if left < FEW {
            self.join_leaf(number);
        }
    }

    /// Joins a leaf of few members with a neighbour below the same inner node, if they fit together.
    fn join_leaf(&mut self, number: u32) {
        let leaf = self.leaves.get(number);
        let fits = |other: u32| {
            let there = (other != NONE).then(|| self.leaves.get(other));
            there.is_some_and(|there| there.parent == leaf.parent && there.len() + leaf.len() <= TOGETHER)
        };
        let (lower, upper) = if fits(leaf.next) {
            (number, leaf.next)
        } else if fits(leaf.prev) {
            (leaf.prev, number)
        } else {
            return;
        };
        let count = self.leaves.get(lower).len();
        let other = self.leaves.get_mut(upper).take();
        self.leaves.get_mut(lower).append(&other);
        let joined = count..count + other.len();
        self.moved(lower, joined.clone(), upper);
        let parent = self.leaves.get(lower).parent;
        let inner = self.inners.get_mut(parent);
        let at = inner.place(lower);
        inner.set_count(at, joined.end as u64);
        let at = inner.place(upper);
        inner.set_count(at, 0);
        self.remove_leaf(upper);
    }

    /// Takes an empty leaf out of row and tree. The only leaf stays.
    fn remove_leaf(&mut self, number: u32) {
        let leaf = self.leaves.get(number);
        let (prev, next, parent) = (leaf.prev, leaf.next, leaf.parent);
        if parent == NONE {
            *self.leaves.get_mut(number) = Leaf::default();
            return;
        }
        if prev == NONE {
            self.first = next;
        } else {
            self.leaves.get_mut(prev).next = next;
        }
        if next == NONE {
            self.last = prev;
        } else {
            self.leaves.get_mut(next).prev = prev;
        }
        self.leaves.take(number);
        self.remove_child(parent, number);
    }

    /// Takes a child, below which there is nothing any more, out of an inner node.
    fn remove_child(&mut self, number: u32, child: u32) {
        let inner = self.inners.get_mut(number);
        let at = inner.place(child);
        inner.remove(at);
        let (left, parent) = (inner.len(), inner.parent);
        if left == 0 {
            self.inners.take(number);
            // Only an only child of the root could leave it empty, and a root has two at least.
            return self.remove_child(parent, number);
        }
        if at == 0 {
            let (first, score) = (inner.first(0), inner.score(0));
            self.set_bound(number, parent, first, score);
        }
        if parent == NONE {
            self.lower_root();
        } else if left < FEW_CHILDREN {
            self.join_inner(number, parent);
        }
    }

    /// Joins an inner node of few children with a neighbour below the same parent, if they fit together.
    fn join_inner(&mut self, number: u32, parent: u32) {
        let above = self.inners.get(parent);
        let at = above.place(number);
        let len = self.inners.get(number).len();
        let fits = |other: u32| self.inners.get(other).len() + len <= CHILDREN_TOGETHER;
        let (lower, upper) = if at + 1 < above.len() && fits(above.node(at + 1)) {
            (number, above.node(at + 1))
        } else if at > 0 && fits(above.node(at - 1)) {
            (above.node(at - 1), number)
        } else {
            return;
        };
        let other = self.inners.take(upper);
        let level = self.level_of(parent) - 1;
        for &node in other.nodes() {
            self.set_parent(level - 1, node, lower);
        }
        self.inners.get_mut(lower).append(&other);
        let above = self.inners.get_mut(parent);
        let at = above.place(lower);
        above.add_count(at, other.total().cast_signed());
        self.remove_child(parent, upper);
    }

    /// The level of an inner node: 1 is right above the leaves.
    fn level_of(&self, number: u32) -> u32 {
        let (mut level, mut parent) = (self.height, self.inners.get(number).parent);
        while parent != NONE {
            level -= 1;
            parent = self.inners.get(parent).parent;
        }
        level
    }

    /// While the root has one child only, that becomes the root.
    fn lower_root(&mut self) {
        while self.height > 0 && self.inners.get(self.root).len() == 1 {
            let child = self.inners.get(self.root).node(0);
            self.inners.take(self.root);
            self.height -= 1;
            self.set_parent(self.height, child, NONE);
            self.root = child;
        }
    }
}
