//! Whether the index of a sorted set is what its story says.
//!
//! Slots of one leaf with one tag may be taken one for the other, so no slot is any one member's. What can be counted is
//! how many items pass each group: those that passed the group before it, and those at home in it, less its own slots.

use super::super::check::RULES;
use super::{DEEPEST, GROUPS, Index, Segment, WIDTH, tag};
use crate::check::{Broken, Within};
use std::collections::{BTreeMap, HashMap};

impl Index {
    /// Checks the directory and every segment against the members: the hash of each, and its leaf.
    pub(in crate::sorted) fn check(&self, members: &[(u64, u32)]) -> Result<(), Broken> {
        if self.directory.is_empty() {
            RULES.hold("an index without segments is one of no member", members.is_empty())?;
            return self.segments.check("every segment is in the directory", 0);
        }
        RULES.count("the directory is as long as its depth says", self.directory.len(), 1 << self.depth)?;
        let mut by_segment: BTreeMap<u32, Vec<(u64, u32)>> = BTreeMap::new();
        self.directory.iter().for_each(|&number| _ = by_segment.entry(number).or_default());
        self.segments.check("every segment is in the directory", by_segment.len())?;
        for &(hash, leaf) in members {
            by_segment.entry(self.directory[self.place(hash)]).or_default().push((hash, leaf));
        }
        let deepest = by_segment.keys().filter(|&&number| self.segments.get(number).depth == self.depth).count();
        RULES.count("the deepest segments are counted", self.deepest, deepest)?;
        self.check_directory()?;
        for (number, members) in by_segment {
            self.segments.get(number).check(&members).within("segment", number)?;
        }
        Ok(())
    }

    /// Checks that each segment has the run of places that its depth gives it.
    fn check_directory(&self) -> Result<(), Broken> {
        let mut start = 0;
        while start < self.directory.len() {
            let number = self.directory[start];
            let depth = self.segments.get(number).depth;
            RULES.hold("no segment is deeper than the directory", depth <= self.depth.min(DEEPEST))?;
            let (first, count) = self.covered(start, depth);
            let run = first == start && self.directory[start..start + count].iter().all(|&other| other == number);
            RULES.hold("a segment has a run of places of the directory", run).within("place", start)?;
            start += count;
        }
        let mut runs = self.directory.clone();
        runs.dedup();
        runs.sort_unstable();
        RULES.hold("a segment has one run of the directory", runs.windows(2).all(|pair| pair[0] != pair[1]))
    }
}

impl Segment {
    fn check(&self, members: &[(u64, u32)]) -> Result<(), Broken> {
        let few = self.groups.len() <= GROUPS || self.depth == DEEPEST;
        RULES.hold("a segment has some groups, and not too many", !self.groups.is_empty() && few)?;
        RULES.count("a segment's slots are counted", self.len as usize, members.len())?;
        let mut slots: HashMap<(u32, u8), i64> = HashMap::new();
        for &(hash, leaf) in members {
            *slots.entry((leaf, tag(hash))).or_default() += 1;
        }
        let mut homes = vec![0_i64; self.groups.len()];
        members.iter().for_each(|&(hash, _)| homes[self.home(hash)] += 1);
        for (at, group) in self.groups.iter().enumerate() {
            let taken = group.tags.iter().zip(group.leaves).filter(|&(&tag, _)| tag != 0);
            let own = taken.map(|(&tag, leaf)| *slots.entry((leaf, tag)).and_modify(|left| *left -= 1).or_insert(-1));
            let own = own.count() as i64;
            debug_assert!(own <= WIDTH as i64);
            let before = self.groups[at.checked_sub(1).unwrap_or(self.groups.len() - 1)].passed;
            let passed = i64::from(before) + homes[at] - own;
            let right = passed == i64::from(group.passed);
            RULES.hold("the items that pass a group are counted", right).within("group", at)?;
        }
        RULES.hold("index and leaves agree, slot for member", slots.values().all(|&left| left == 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::hash;

    /// An index of members in leaves of ten, deep enough to have several segments.
    fn index() -> (Index, Vec<(u64, u32)>) {
        let (mut index, mut members) = (Index::default(), Vec::new());
        for number in 0..if cfg!(miri) { 800_u32 } else { 3_000 } {
            let hash = hash(&number.to_le_bytes());
            index.reserve(hash, &Known(&members));
            index.insert(hash, number / 10);
            members.push((hash, number / 10));
        }
        index.check(&members).unwrap();
        assert!(index.depth > 0);
        (index, members)
    }

    /// The members as the index asks for them.
    struct Known<'a>(&'a [(u64, u32)]);

    impl super::super::Leaves for Known<'_> {
        fn prefetch(&self, _: u32) {}

        fn each(&self, leaf: u32, wanted: u8, show: &mut dyn FnMut(u64, usize)) {
            let own = self.0.iter().filter(|(hash, there)| *there == leaf && tag(*hash) == wanted);
            own.for_each(|(hash, _)| show(*hash, 0));
        }
    }

    fn broken(change: impl FnOnce(&mut Index, &mut Vec<(u64, u32)>)) -> &'static str {
        let (mut index, mut members) = index();
        change(&mut index, &mut members);
        index.check(&members).unwrap_err().invariant
    }

    #[test]
    fn what_is_wrong_of_the_index_is_found() {
        assert_eq!(broken(|_, members| members[7].1 += 1), "index and leaves agree, slot for member");
        assert_eq!(broken(|_, members| _ = members.pop()), "a segment's slots are counted");
        assert_eq!(broken(|index, _| index.deepest += 1), "the deepest segments are counted");
        assert_eq!(broken(|index, _| _ = index.directory.pop()), "the directory is as long as its depth says");
        let passed = |index: &mut Index, _: &mut Vec<(u64, u32)>| {
            let number = index.directory[0];
            index.segments.get_mut(number).groups[0].passed += 1;
        };
        assert_eq!(broken(passed), "the items that pass a group are counted");
        let swapped = |index: &mut Index, _: &mut Vec<(u64, u32)>| index.directory.reverse();
        assert_eq!(broken(swapped), "a segment's slots are counted");
        let lost = |index: &mut Index, _: &mut Vec<(u64, u32)>| _ = index.segments.add(Segment::new(1, 0));
        assert_eq!(broken(lost), "every segment is in the directory");
    }
}
