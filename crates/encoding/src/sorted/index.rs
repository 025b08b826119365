//! From a member's hash to the leaf that holds it, in about seven bytes a member.
//!
//! ```text
//!   directory   2^depth numbers of segments; the top bits of a hash choose one
//!   segment     up to 32 groups; the next bits choose an item's home group
//!   group       12 tags (u8) | passed (u32) | 12 leaves (u32)        one cache line
//! ```
//! - A slot has eight bits of the hash (never 0) and the number of a leaf; which of the leaf's members it stands for,
//!   the leaf knows. So where several members of one leaf have the same tag, their slots may be taken one for the other.
//! - An item whose home is full goes to the next group that is not, around the end. `passed` counts the items that
//!   went by a group: a search goes on only while it is not 0, and a removal leaves no mark.
//! - Growth is extendible hashing (R. Fagin et al., 1979): a segment that is seven eighths full grows up to 32 groups,
//!   then splits by its next hash bit, some 330 items. Nothing else moves, so nobody waits long.
//! - Segments and homes are monotone in the hash, so the cursor of a scan is a place on the line of hashes, which means
//!   the same at every size.

mod check;

use super::slab::Slab;
use redstart_sys::prefetch;

/// Slots in a group.
const WIDTH: usize = 12;
/// The most groups in a segment.
const GROUPS: usize = 32;
/// How far ahead leaves are asked for, where many are read.
const AHEAD: usize = 6;
/// The directory's depth ends here: 2^24 segments are more than 10^10 members.
const DEEPEST: u32 = 24;

#[repr(C, align(64))]
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    tags: [u8; WIDTH],
    passed: u32,
    leaves: [u32; WIDTH],
}

#[derive(Clone, Debug, Default)]
struct Segment {
    groups: Box<[Group]>,
    len: u32,
    depth: u32,
}

/// Leads from the hash of a member to the leaf that holds it.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    directory: Vec<u32>,
    depth: u32,
    /// How many segments are as deep as the directory.
    deepest: usize,
    segments: Slab<Segment, 6>,
}

/// The leaves as the index needs them: shows the hash of each member of `leaf` whose tag is `tag`.
pub(super) trait Leaves {
    /// Asks the processor for what `each` reads first.
    fn prefetch(&self, leaf: u32);
    fn each(&self, leaf: u32, tag: u8, show: &mut dyn FnMut(u64, usize));
}

/// Eight bits of a hash, never 0.
#[inline]
pub(super) fn tag(hash: u64) -> u8 {
    (hash as u8).max(1)
}

impl Group {
    /// The slots with this tag, as a bit for each.
    #[inline]
    fn matches(&self, tag: u8) -> u32 {
        self.tags.iter().enumerate().fold(0, |mask, (at, &there)| mask | u32::from(there == tag) << at)
    }
}

impl Segment {
    fn new(groups: usize, depth: u32) -> Self {
        Self { groups: vec![Group::default(); groups].into_boxed_slice(), len: 0, depth }
    }

    fn room(&self) -> usize {
        self.groups.len() * WIDTH
    }

    fn is_full(&self) -> bool {
        (self.len as usize + 1) * 8 > self.room() * 7
    }

    #[inline]
    fn home(&self, hash: u64) -> usize {
        let place = ((hash >> 32) as u32) << self.depth;
        ((u64::from(place) * self.groups.len() as u64) >> 32) as usize
    }

    #[inline]
    fn after(&self, group: usize) -> usize {
        if group + 1 == self.groups.len() { 0 } else { group + 1 }
    }

    fn insert(&mut self, hash: u64, leaf: u32) {
        let mut at = self.home(hash);
        loop {
            let group = &mut self.groups[at];
            if let Some(slot) = group.tags.iter().position(|&tag| tag == 0) {
                group.tags[slot] = tag(hash);
                group.leaves[slot] = leaf;
                self.len += 1;
                return;
            }
            group.passed += 1;
            at = self.after(at);
        }
    }

    /// The first slot on the way of `hash` with its tag and this leaf.
    fn slot_of(&self, hash: u64, leaf: u32) -> (usize, usize) {
        let mut at = self.home(hash);
        for _ in 0..self.groups.len() {
            let group = &self.groups[at];
            let mut mask = group.matches(tag(hash));
            while mask != 0 {
                let slot = mask.trailing_zeros() as usize;
                if group.leaves[slot] == leaf {
                    return (at, slot);
                }
                mask &= mask - 1;
            }
            at = self.after(at);
        }
        panic!("every member of a leaf has its slot in the index");
    }

    fn remove(&mut self, hash: u64, leaf: u32) {
        let (found, slot) = self.slot_of(hash, leaf);
        let mut at = self.home(hash);
        while at != found {
            self.groups[at].passed -= 1;
            at = self.after(at);
        }
        self.groups[found].tags[slot] = 0;
        self.len -= 1;
    }

    /// The different pairs of leaf and tag in a run of groups: from `first` to the first that nothing passed, at most
    /// all; or all groups.
    fn pairs(&self, first: Option<usize>) -> Vec<(u32, u8)> {
        let mut pairs = Vec::with_capacity(if first.is_some() { 2 * WIDTH } else { self.len as usize });
        let mut at = first.unwrap_or(0);
        for _ in 0..self.groups.len() {
            let group = &self.groups[at];
            let taken = group.tags.iter().zip(group.leaves).filter(|&(&tag, _)| tag != 0);
            pairs.extend(taken.map(|(&tag, leaf)| (leaf, tag)));
            if first.is_some() && group.passed == 0 {
                break;
            }
            at = self.after(at);
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }
}

impl Index {
    #[inline]
    fn place(&self, hash: u64) -> usize {
        if self.depth == 0 { 0 } else { (hash >> (64 - self.depth)) as usize }
    }

    #[inline]
    fn segment(&self, hash: u64) -> Option<&Segment> {
        self.directory.get(self.place(hash)).map(|&number| self.segments.get(number))
    }

    fn segment_mut(&mut self, hash: u64) -> &mut Segment {
        let number = self.directory[self.place(hash)];
        self.segments.get_mut(number)
    }

    /// Asks the processor for the home group of `hash`.
    #[inline]
    pub(super) fn prefetch(&self, hash: u64) {
        if let Some(segment) = self.segment(hash) {
            prefetch::read(&raw const segment.groups[segment.home(hash)]);
        }
    }

    /// Tries the leaves that may hold the member of `hash`, until one does.
    #[inline]
    pub(super) fn find<R>(&self, hash: u64, mut try_leaf: impl FnMut(u32) -> Option<R>) -> Option<R> {
        let segment = self.segment(hash)?;
        let (tag, mut at) = (tag(hash), segment.home(hash));
        for _ in 0..segment.groups.len() {
            let group = &segment.groups[at];
            let mut mask = group.matches(tag);
            while mask != 0 {
                if let Some(found) = try_leaf(group.leaves[mask.trailing_zeros() as usize]) {
                    return Some(found);
                }
                mask &= mask - 1;
            }
            if group.passed == 0 {
                return None;
            }
            at = segment.after(at);
        }
        None
    }

    /// Makes sure that one more member with this hash fits. To be called while the leaves agree with the index.
    pub(super) fn reserve(&mut self, hash: u64, leaves: &impl Leaves) {
        if self.directory.is_empty() {
            self.directory.push(self.segments.add(Segment::new(1, 0)));
            self.deepest = 1;
        }
        while self.segment_mut(hash).is_full() {
            let segment = self.segment_mut(hash);
            match segment.groups.len() {
                // One, two, three, four, six, eight, twelve, ...
                groups @ ..GROUPS => {
                    let step = if groups < 4 { 1 } else { 1 << (groups.ilog2() - 1) };
                    self.rebuild(hash, groups + step, leaves);
                }
                _ if segment.depth < DEEPEST => self.split(hash, leaves),
                groups => self.rebuild(hash, groups * 2, leaves),
            }
        }
    }

    /// Adds a member for which there is room.
    pub(super) fn insert(&mut self, hash: u64, leaf: u32) {
        self.segment_mut(hash).insert(hash, leaf);
    }

    /// A member moved to another leaf.
    pub(super) fn moved(&mut self, hash: u64, from: u32, to: u32) {
        let segment = self.segment_mut(hash);
        let (group, slot) = segment.slot_of(hash, from);
        segment.groups[group].leaves[slot] = to;
    }

    /// Forgets a member that was in `leaf`.
    pub(super) fn remove(&mut self, hash: u64, leaf: u32) {
        self.segment_mut(hash).remove(hash, leaf);
    }

    /// All hashes of a segment with their leaves.
    fn gather(&self, segment: &Segment, place: usize, leaves: &impl Leaves) -> Vec<(u64, u32)> {
        let mut items = Vec::with_capacity(segment.len as usize);
        let prefix = |hash: u64| if segment.depth == 0 { 0 } else { hash >> (64 - segment.depth) };
        let own = (place >> (self.depth - segment.depth)) as u64;
        let pairs = segment.pairs(None);
        for (at, &(leaf, tag)) in pairs.iter().enumerate() {
            if let Some(&(ahead, _)) = pairs.get(at + AHEAD) {
                leaves.prefetch(ahead);
            }
            leaves.each(leaf, tag, &mut |hash, _| {
                if prefix(hash) == own {
                    items.push((hash, leaf));
                }
            });
        }
        assert_eq!(items.len(), segment.len as usize, "index and leaves agree");
        items
    }

    /// Gives the segment of `hash` another number of groups.
    fn rebuild(&mut self, hash: u64, groups: usize, leaves: &impl Leaves) {
        let place = self.place(hash);
        let number = self.directory[place];
        let old = self.segments.get(number);
        let mut fresh = Segment::new(groups, old.depth);
        for (hash, leaf) in self.gather(old, place, leaves) {
            fresh.insert(hash, leaf);
        }
        *self.segments.get_mut(number) = fresh;
    }

    /// Splits the segment of `hash` by its next bit.
    fn split(&mut self, hash: u64, leaves: &impl Leaves) {
        if self.segment_mut(hash).depth == self.depth {
            self.directory = self.directory.iter().flat_map(|&number| [number, number]).collect();
            self.depth += 1;
            self.deepest = 0;
        }
        let place = self.place(hash);
        let number = self.directory[place];
        let old = self.segments.get(number);
        let depth = old.depth + 1;
        let (mut lower, mut upper) = (Segment::new(GROUPS, depth), Segment::new(GROUPS, depth));
        for (hash, leaf) in self.gather(old, place, leaves) {
            let half = if hash >> (64 - depth) & 1 == 0 { &mut lower } else { &mut upper };
            half.insert(hash, leaf);
        }
        *self.segments.get_mut(number) = lower;
        let upper = self.segments.add(upper);
        let (start, half) = self.covered(place, depth - 1);
        self.directory[start + half / 2..start + half].fill(upper);
        self.deepest += if depth == self.depth { 2 } else { 0 };
    }

    /// The places of the directory that a segment of this depth has: the first, and how many.
    fn covered(&self, place: usize, depth: u32) -> (usize, usize) {
        let count = 1 << (self.depth - depth);
        (place & !(count - 1), count)
    }

    /// Gives back what is too much for the segment of `hash` after removals. To be called while the leaves agree.
    pub(super) fn give_back(&mut self, hash: u64, leaves: &impl Leaves) {
        let segment = self.segment_mut(hash);
        if segment.len as usize * 8 >= segment.room() {
            return;
        }
        if segment.depth > 0 {
            return self.join(hash, leaves);
        }
        let groups = (segment.len as usize * 2).div_ceil(WIDTH).max(1);
        if groups < segment.groups.len() {
            self.rebuild(hash, groups, leaves);
        }
    }

    /// Joins the segment of `hash` with its other half, if both together are few.
    fn join(&mut self, hash: u64, leaves: &impl Leaves) {
        let place = self.place(hash);
        let depth = self.segment_mut(hash).depth;
        let (start, count) = self.covered(place, depth - 1);
        let (low, high) = (self.directory[start], self.directory[start + count / 2]);
        let (lower, upper) = (self.segments.get(low), self.segments.get(high));
        let small = (lower.len + upper.len) as usize * 2 <= GROUPS * WIDTH;
        if lower.depth != upper.depth || !small {
            return;
        }
        let mut joined = Segment::new(GROUPS, depth - 1);
        for (hash, leaf) in self.gather(lower, start, leaves) {
            joined.insert(hash, leaf);
        }
        for (hash, leaf) in self.gather(upper, start + count / 2, leaves) {
            joined.insert(hash, leaf);
        }
        *self.segments.get_mut(low) = joined;
        self.segments.take(high);
        self.directory[start + count / 2..start + count].fill(low);
        if depth == self.depth {
            self.deepest -= 2;
            self.halve();
        }
    }

    /// Halves the directory where no segment needs it as deep.
    fn halve(&mut self) {
        while self.deepest == 0 && self.depth > 0 {
            self.directory = self.directory.iter().step_by(2).copied().collect();
            self.depth -= 1;
            let deep = |number: &&u32| self.segments.get(**number).depth == self.depth;
            self.deepest = self.directory.iter().filter(deep).count();
        }
    }

    /// Shows the leaves and slots of the members around `cursor`; returns where to go on, 0 at the end.
    pub(super) fn scan(&self, cursor: u64, leaves: &impl Leaves, mut show: impl FnMut(u32, usize)) -> u64 {
        const END: u64 = 1 << 32;
        if cursor >= END || self.directory.is_empty() {
            return 0;
        }
        let hash = cursor << 32;
        let place = self.place(hash);
        let segment = self.segments.get(self.directory[place]);
        let home = segment.home(hash);
        let own = |hash: u64| std::ptr::eq(self.segments.get(self.directory[self.place(hash)]), segment);
        for (leaf, tag) in segment.pairs(Some(home)) {
            leaves.each(leaf, tag, &mut |hash, slot| {
                if own(hash) && segment.home(hash) == home {
                    show(leaf, slot);
                }
            });
        }
        // The next group begins at the first place of the line whose home it is.
        let next = ((home as u64 + 1) << 32).div_ceil(segment.groups.len() as u64).div_ceil(1 << segment.depth);
        let start = if segment.depth == 0 { 0 } else { cursor >> (32 - segment.depth) << (32 - segment.depth) };
        if start + next >= END { 0 } else { start + next }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let groups: usize = self.segments.iter().map(|segment| segment.groups.len() * size_of::<Group>()).sum();
        groups + self.segments.heap_bytes() + self.directory.capacity() * size_of::<u32>()
    }
}
