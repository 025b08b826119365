//! Whether a leaf of a sorted set is what its story says.

use super::super::check::RULES;
use super::super::index::tag;
use super::{LONG, Leaf, LongNames, MOST, OUTSIDE};
use crate::check::{Broken, Within};
use crate::hash::hash;

impl Leaf {
    /// Checks that all members fit the block, and what is kept of each name.
    pub(in crate::sorted) fn check(&self, long: &LongNames) -> Result<(), Broken> {
        RULES.hold("a leaf has room for its members", self.len() <= self.room() && self.room() <= MOST)?;
        let fits = self.names_at() <= self.data.len();
        RULES.hold("scores, ends and tags fit the block", fits)?;
        let ends = (0..self.len()).map(|at| self.end(at) & !OUTSIDE);
        RULES.hold("names follow one another", ends.is_sorted())?;
        RULES.hold("names fit the block", self.names_at() + self.used() <= self.data.len())?;
        for at in 0..self.len() {
            self.check_member(at, long).within("place", at)?;
        }
        Ok(())
    }

    fn check_member(&self, at: usize, long: &LongNames) -> Result<(), Broken> {
        if self.end(at) & OUTSIDE != 0 {
            let four = usize::from(self.end(at) & !OUTSIDE) - self.start(at) == 4;
            RULES.hold("a leaf has the number of a long name", four)?;
            RULES.hold("a long name is there", self.outside(at).is_some_and(|number| long.has(number)))?;
        }
        let name = self.name(at, long);
        RULES.hold("long names stand outside, and no others", (name.len() >= LONG) == self.outside(at).is_some())?;
        RULES.hold("a member's tag is that of its hash", self.tags()[at] == tag(hash(name)))?;
        RULES.hold("a score is a number", !self.score(at).is_nan())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Stored;
    use super::*;

    fn leaf(long: &mut LongNames) -> Leaf {
        let mut leaf = Leaf::default();
        for (at, name) in [b"a".as_slice(), b"bcd", &[b'x'; LONG]].into_iter().enumerate() {
            let stored = Stored::new(name, long);
            leaf.insert(at, at as f64, tag(hash(name)), stored);
        }
        leaf.check(long).unwrap();
        leaf
    }

    fn broken(change: impl FnOnce(&mut Leaf)) -> &'static str {
        let mut long = LongNames::default();
        let mut leaf = leaf(&mut long);
        change(&mut leaf);
        leaf.check(&long).unwrap_err().invariant
    }

    #[test]
    fn what_is_wrong_of_names_is_found() {
        let (ends, tags, names) = (8, 10, super::super::EACH);
        let at = |leaf: &Leaf, column: usize, place: usize| leaf.room() * column + place;
        assert_eq!(broken(|leaf| leaf.count = leaf.room + 1), "a leaf has room for its members");
        assert_eq!(broken(|leaf| leaf.data = [0; 8].into()), "scores, ends and tags fit the block");
        let tag = |leaf: &mut Leaf| {
            let place = at(leaf, tags, 1);
            leaf.data[place] ^= 0x55;
        };
        assert_eq!(broken(tag), "a member's tag is that of its hash");
        let end = |leaf: &mut Leaf| {
            let place = at(leaf, ends, 0);
            leaf.data[place..place + 2].copy_from_slice(&9_u16.to_ne_bytes());
        };
        assert_eq!(broken(end), "names follow one another");
        let missing = |leaf: &mut Leaf| {
            let place = at(leaf, names, 4);
            leaf.data[place..place + 4].copy_from_slice(&77_u32.to_ne_bytes());
        };
        assert_eq!(broken(missing), "a long name is there");
        assert_eq!(broken(|leaf| leaf.set_score(1, f64::NAN)), "a score is a number");
        let inside = |leaf: &mut Leaf| {
            let place = at(leaf, ends, 2 * 2);
            leaf.data[place..place + 2].copy_from_slice(&8_u16.to_ne_bytes());
        };
        assert_eq!(broken(inside), "a member's tag is that of its hash");
    }
}
