//! Whether a sorted set is what its story says.

use super::inner::{FAN, Inner};
use super::{Edge, Leaf, NONE, SortedSet};
use crate::check::{Broken, Container, Rules, Within};
use crate::hash::hash;
use std::collections::HashSet;

pub(super) const RULES: Rules = Rules(Container::SortedSet);

/// What was met on the way through the tree, from the first member to the last.
#[derive(Default)]
struct Met<'a> {
    /// The hash of each member with its leaf.
    members: Vec<(u64, u32)>,
    leaves: Vec<u32>,
    inners: usize,
    /// The last member.
    last: Option<(f64, &'a [u8])>,
    /// Names that stand outside of leaves.
    outside: HashSet<u32>,
}

impl SortedSet {
    /// Checks the invariants: the order of members, each leaf, the tree with its bounds, counts and links, the index and
    /// the leaves both ways, long names. O(n log n).
    ///
    /// # Errors
    /// One does not hold.
    pub fn check(&self) -> Result<(), Broken> {
        let mut met = Met::default();
        self.check_node(self.height, self.root, NONE, &mut met)?;
        RULES.count("the members are counted", self.len, met.members.len())?;
        self.check_row(&met.leaves)?;
        self.leaves.check("every leaf is in the tree", met.leaves.len())?;
        self.inners.check("every inner node is in the tree", met.inners)?;
        self.long.check("every long name is a member's", met.outside.len())?;
        self.index.check(&met.members)?;
        for (name, _) in self.iter_from(0) {
            let place = self.find(name);
            let found = place.is_some_and(|place| self.member_at(place) == name);
            RULES.hold("a member is found by its name", found)?;
        }
        Ok(())
    }

    /// Checks a node and what is below it; a leaf where the level is 0. Gives how many members that is.
    fn check_node<'a>(&'a self, level: u32, node: u32, parent: u32, met: &mut Met<'a>) -> Result<u64, Broken> {
        if level == 0 {
            return self.check_leaf(node, parent, met).within("leaf", node);
        }
        let inner = self.inners.get(node);
        met.inners += 1;
        self.check_inner(inner, level, parent).within("inner node", node)?;
        let mut sum = 0;
        for (at, &child) in inner.nodes().iter().enumerate() {
            let count = self.check_node(level - 1, child, node, met)?;
            let kept = inner.before(at + 1) - inner.before(at);
            RULES.count("a node keeps the count of a child", kept, count).within("inner node", node)?;
            sum += count;
        }
        Ok(sum)
    }

    fn check_inner(&self, inner: &Inner, level: u32, parent: u32) -> Result<(), Broken> {
        RULES.hold("a node knows its parent", inner.parent == parent)?;
        let least = if parent == NONE { 2 } else { 1 };
        RULES.hold("no inner node is empty, and a root has two children", (least..=FAN).contains(&inner.len()))?;
        for (at, &child) in inner.nodes().iter().enumerate() {
            let first = self.first_leaf(level - 1, child);
            RULES.hold("a node knows the first leaf below a child", inner.first(at) == first)?;
            let leaf = self.leaves.get(first);
            let bound = leaf.len() > 0 && leaf.score(0).to_bits() == inner.score(at).to_bits();
            RULES.hold("a node knows the smallest score below a child", bound)?;
        }
        Ok(())
    }

    fn first_leaf(&self, level: u32, node: u32) -> u32 {
        (0..level).fold(node, |node, _| self.inners.get(node).nodes().first().copied().unwrap_or(NONE))
    }

    fn check_leaf<'a>(&'a self, number: u32, parent: u32, met: &mut Met<'a>) -> Result<u64, Broken> {
        let leaf = self.leaves.get(number);
        RULES.hold("a node knows its parent", leaf.parent == parent)?;
        RULES.hold("no leaf is empty but the only one of an empty set", leaf.len() > 0 || self.len == 0)?;
        leaf.check(&self.long)?;
        for at in 0..leaf.len() {
            let (score, name) = (leaf.score(at), leaf.name(at, &self.long));
            let above = met.last.is_none_or(|(below, other)| Edge::Member(score, name).is_after(below, || other));
            RULES.hold("members ascend by score, then by name", above).within("place", at)?;
            let once = leaf.outside(at).is_none_or(|outside| met.outside.insert(outside));
            RULES.hold("a long name is one member's", once).within("place", at)?;
            met.last = Some((score, name));
            met.members.push((hash(name), number));
        }
        met.leaves.push(number);
        Ok(leaf.len() as u64)
    }

    /// Checks that leaves are linked in the order of the tree.
    fn check_row(&self, leaves: &[u32]) -> Result<(), Broken> {
        let ends = leaves.first() == Some(&self.first) && leaves.last() == Some(&self.last);
        RULES.hold("the first and the last leaf are known", ends)?;
        for (at, &number) in leaves.iter().enumerate() {
            let beside = |at: Option<usize>| at.and_then(|at| leaves.get(at)).copied().unwrap_or(NONE);
            let Leaf { prev, next, .. } = *self.leaves.get(number);
            let linked = prev == beside(at.checked_sub(1)) && next == beside(Some(at + 1));
            RULES.hold("neighbouring leaves are linked", linked).within("leaf", number)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A set of members enough for two levels of inner nodes, one in ten with a long name.
    fn set() -> SortedSet {
        let mut set = SortedSet::new();
        for number in 0..if cfg!(miri) { 300_u32 } else { 6_000 } {
            let mut name = format!("member:{number}").into_bytes();
            if number % 10 == 0 {
                name.resize(200, b'x');
            }
            set.insert(&name, f64::from(number * 7919 % 997));
        }
        set.check().unwrap();
        assert!(set.height == if cfg!(miri) { 1 } else { 2 });
        set
    }

    fn broken(change: impl FnOnce(&mut SortedSet)) -> &'static str {
        let mut set = set();
        change(&mut set);
        set.check().unwrap_err().invariant
    }

    /// A leaf with neighbours on both sides.
    fn some_leaf(set: &SortedSet) -> u32 {
        set.at_rank(set.len() / 2).unwrap().leaf
    }

    #[test]
    fn what_is_wrong_in_the_tree_is_found() {
        assert_eq!(broken(|set| set.len -= 1), "the members are counted");
        assert_eq!(broken(|set| set.first = set.last), "the first and the last leaf are known");
        let unlinked = broken(|set| {
            let leaf = some_leaf(set);
            set.leaves.get_mut(leaf).next = NONE;
        });
        assert_eq!(unlinked, "neighbouring leaves are linked");
        let orphan = broken(|set| {
            let leaf = some_leaf(set);
            set.leaves.get_mut(leaf).parent = NONE;
        });
        assert_eq!(orphan, "a node knows its parent");
        assert_eq!(broken(|set| set.inners.get_mut(set.root).add_count(1, 1)), "a node keeps the count of a child");
        let bound = broken(|set| {
            let root = set.inners.get_mut(set.root);
            root.set_first(1, root.first(1), -1.0);
        });
        assert_eq!(bound, "a node knows the smallest score below a child");
        let first = broken(|set| {
            let last = set.last;
            let root = set.inners.get_mut(set.root);
            root.set_first(0, last, root.score(0));
        });
        assert_eq!(first, "a node knows the first leaf below a child");
    }

    #[test]
    fn what_is_wrong_of_members_is_found() {
        let unordered = broken(|set| {
            let leaf = some_leaf(set);
            set.leaves.get_mut(leaf).set_score(5, f64::INFINITY);
        });
        assert_eq!(unordered, "members ascend by score, then by name");
        assert_eq!(broken(|set| _ = set.leaves.add(Leaf::default())), "every leaf is in the tree");
        assert_eq!(broken(|set| _ = set.long.add(b"x".as_slice().into())), "every long name is a member's");
        assert_eq!(broken(|set| _ = set.inners.add(Inner::default())), "every inner node is in the tree");
        let mut empty = SortedSet::new();
        empty.check().unwrap();
        empty.root = empty.leaves.add(Leaf::default());
        assert_eq!(empty.check().unwrap_err().invariant, "the first and the last leaf are known");
    }
}
