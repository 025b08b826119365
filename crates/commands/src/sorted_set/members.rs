//! The two encodings of a sorted set, to be read: by member, by rank, by bound.

use super::small;
use crate::element::write;
use redstart_command::{Error, Reply, ValueRef};
use redstart_encoding::SortedSet;
use redstart_encoding::float::{F64Text, as_plain_integer};
use redstart_encoding::listpack::{Element, Pack};
use std::ops::Range;

/// A sorted set to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Members<'a> {
    Pack(&'a Pack),
    Set(&'a SortedSet),
}

impl<'a> Members<'a> {
    /// The sorted set that a value is.
    #[inline]
    pub(crate) fn of(value: ValueRef<'a>) -> Result<Self, Error> {
        match value {
            ValueRef::SortedPack(pack) => Ok(Self::Pack(pack)),
            ValueRef::SortedSet(set) => Ok(Self::Set(set)),
            _ => Err(Error::WrongType),
        }
    }

    /// The number of members.
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Pack(pack) => pack.len() / 2,
            Self::Set(set) => set.len(),
        }
    }

    /// The score of a member.
    #[inline]
    pub(crate) fn score(self, member: &[u8]) -> Option<f64> {
        match self {
            Self::Pack(pack) => small::find(pack, member).map(|pair| pair.score),
            Self::Set(set) => set.score(member),
        }
    }

    /// How many members come before a member, and its score.
    pub(super) fn rank(self, member: &[u8]) -> Option<(usize, f64)> {
        match self {
            Self::Pack(pack) => {
                let pair = small::find(pack, member)?;
                Some((small::pairs(pack).take_while(|before| before.at < pair.at).count(), pair.score))
            }
            Self::Set(set) => set.find(member).map(|place| (set.rank_at(place), set.score_at(place))),
        }
    }

    /// Shows all members in order.
    pub(crate) fn each(self, show: impl FnMut(Element<'_>, f64)) {
        self.show(0..self.len(), false, show);
    }

    /// Shows the members of these ranks, which are there, first to last or in reverse.
    #[inline]
    pub(super) fn show(self, ranks: Range<usize>, reverse: bool, mut show: impl FnMut(Element<'_>, f64)) {
        let count = ranks.len();
        if count == 0 {
            return;
        }
        match (self, reverse) {
            (Self::Pack(pack), false) => {
                small::pairs_from(pack, ranks.start).take(count).for_each(|pair| show(pack.get(pair.at), pair.score));
            }
            (Self::Pack(pack), true) => {
                let pairs = small::pairs_back_from(pack, ranks.end - 1);
                pairs.take(count).for_each(|pair| show(pack.get(pair.at), pair.score));
            }
            (Self::Set(set), false) => {
                set.iter_from(ranks.start).take(count).for_each(|(name, score)| show(Element::Bytes(name), score));
            }
            (Self::Set(set), true) => {
                set.iter_back_from(ranks.end - 1)
                    .take(count)
                    .for_each(|(name, score)| show(Element::Bytes(name), score));
            }
        }
    }
}

/// Writes a score as a double.
#[inline]
pub(crate) fn write_score(score: f64, reply: &mut Reply<'_>) {
    match as_plain_integer(score) {
        // A negative zero shows its sign.
        Some(number) if number != 0 || score.is_sign_positive() => reply.double_int(number),
        _ => reply.double(F64Text::new(score).as_bytes()),
    }
}

/// How pairs of member and score are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) scores: bool,
    /// A member with its score is an array of its own.
    pub(super) nested: bool,
}

impl Shape {
    /// As most commands answer: pairs are arrays in version 3 only.
    pub(super) fn new(scores: bool, reply: &Reply<'_>) -> Self {
        Self { scores, nested: scores && reply.version() > 2 }
    }

    /// The head of an array of `count` members.
    #[inline]
    pub(super) fn head(self, count: usize, reply: &mut Reply<'_>) {
        reply.array(if self.scores && !self.nested { count * 2 } else { count });
    }

    /// A member, with its score where that is wanted.
    #[inline]
    pub(super) fn pair(self, member: Element<'_>, score: f64, reply: &mut Reply<'_>) {
        if self.nested {
            reply.array(2);
        }
        write(member, reply);
        if self.scores {
            write_score(score, reply);
        }
    }
}
