//! What a range of ranks, scores or names is, as arguments say it, and which ranks it covers.

use super::members::Members;
use super::small;
use crate::parse::{int, loose_f64, until_nul};
use redstart_command::Error;
use redstart_encoding::SortedSet;
use redstart_encoding::listpack::Pack;
use redstart_encoding::sorted::Edge;
use std::ops::Range;

/// What the two bounds of a range are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Rank,
    Score,
    Name,
}

/// A range of members.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bounds<'a> {
    /// First and last rank; negative ones count from the end.
    Ranks(i64, i64),
    /// The edges around it: of scores, or of names.
    Edges(Edge<'a>, Edge<'a>),
}

impl<'a> Bounds<'a> {
    pub(super) fn parse(by: By, min: &'a [u8], max: &'a [u8]) -> Result<Self, Error> {
        match by {
            By::Rank => Ok(Self::Ranks(int(min)?, int(max)?)),
            By::Score => {
                let edges = lower_score(min).zip(upper_score(max));
                let (lower, upper) = edges.ok_or(Error::text("ERR min or max is not a float"))?;
                Ok(Self::Edges(lower, upper))
            }
            By::Name => {
                let edges = lower_name(min).zip(upper_name(max));
                let (lower, upper) = edges.ok_or(Error::text("ERR min or max not valid string range item"))?;
                Ok(Self::Edges(lower, upper))
            }
        }
    }

    /// The ranks that the range covers, with ranks counted from the other end where `reverse` is set.
    pub(super) fn ranks(&self, members: Members<'_>, reverse: bool) -> Range<usize> {
        match *self {
            Self::Ranks(first, last) => {
                let ranks = ranks_between(first, last, members.len());
                if reverse { members.len() - ranks.end..members.len() - ranks.start } else { ranks }
            }
            Self::Edges(lower, upper) => match members {
                Members::Pack(pack) => ranks_in_pack(pack, &lower, &upper, reverse),
                Members::Set(set) => ranks_in_set(set, &lower, &upper),
            },
        }
    }
}

/// The ranks from `first` to `last`, as far as there are members.
fn ranks_between(first: i64, last: i64, len: usize) -> Range<usize> {
    let len = len as i64;
    let from_end = |rank: i64| if rank < 0 { rank + len } else { rank };
    let (first, last) = (from_end(first).max(0), from_end(last));
    if first > last || first >= len { 0..0 } else { first as usize..last.min(len - 1) as usize + 1 }
}

/// Whether the first member is below the range's end, and the last one above its beginning. Where names are in no order,
/// because scores differ, Redis goes by this.
fn may_have_some(first: (&[u8], f64), last: (&[u8], f64), lower: &Edge<'_>, upper: &Edge<'_>) -> bool {
    upper.is_after(first.1, || first.0) && !lower.is_after(last.1, || last.0)
}

fn ranks_in_set(set: &SortedSet, lower: &Edge<'_>, upper: &Edge<'_>) -> Range<usize> {
    let by_name = matches!(lower, Edge::BeforeName(_) | Edge::AfterName(_));
    let ends = set.iter_from(0).next().zip(set.iter_back_from(set.len() - 1).next());
    if by_name && !ends.is_some_and(|(first, last)| may_have_some(first, last, lower, upper)) {
        return 0..0;
    }
    let (start, end) = (set.rank_of(lower), set.rank_of(upper));
    start..end.max(start)
}

/// In one walk, which begins and ends where Redis's does also where names are in no order.
fn ranks_in_pack(pack: &Pack, lower: &Edge<'_>, upper: &Edge<'_>, reverse: bool) -> Range<usize> {
    let below = |pair| !small::is_before(pack, pair, lower);
    let above = |pair| small::is_before(pack, pair, upper);
    let first_inside = small::pairs(pack).next().is_some_and(above);
    let last_inside = small::pairs_at(pack, pack.seek(-2)).next().is_some_and(below);
    if !(first_inside && last_inside) {
        return 0..0;
    }
    if reverse {
        let len = pack.len() / 2;
        let (passed, count) = passed_and_taken(small::pairs_back_from(pack, len - 1), above, below);
        return len - passed - count..len - passed;
    }
    let (passed, count) = passed_and_taken(small::pairs(pack), below, above);
    passed..passed + count
}

/// How many pairs come before the first that `begin` is for, and how many from there on `go_on` is for.
fn passed_and_taken(
    pairs: impl Iterator<Item = small::Pair>,
    begin: impl Fn(small::Pair) -> bool,
    go_on: impl Fn(small::Pair) -> bool,
) -> (usize, usize) {
    let (mut passed, mut taken) = (0, 0);
    for pair in pairs {
        if taken == 0 && !begin(pair) {
            passed += 1;
        } else if go_on(pair) {
            taken += 1;
        } else {
            break;
        }
    }
    (passed, taken)
}

/// A score, or an open bound's score behind `(`.
fn bound(argument: &[u8]) -> Option<(f64, bool)> {
    let (text, open) = match argument {
        [b'(', rest @ ..] => (rest, true),
        _ => (argument, false),
    };
    Some((loose_f64(text)?, open))
}

fn lower_score(argument: &[u8]) -> Option<Edge<'static>> {
    let (score, open) = bound(argument)?;
    Some(if open { Edge::AfterScore(score) } else { Edge::BeforeScore(score) })
}

fn upper_score(argument: &[u8]) -> Option<Edge<'static>> {
    let (score, open) = bound(argument)?;
    Some(if open { Edge::BeforeScore(score) } else { Edge::AfterScore(score) })
}

/// `-`, `+`, or what stands for both bounds alike.
fn unbounded(argument: &[u8]) -> Option<Edge<'static>> {
    match until_nul(argument) {
        b"-" => Some(Edge::Start),
        b"+" => Some(Edge::End),
        _ => None,
    }
}

fn lower_name(argument: &[u8]) -> Option<Edge<'_>> {
    match argument {
        [b'[', name @ ..] => Some(Edge::BeforeName(name)),
        [b'(', name @ ..] => Some(Edge::AfterName(name)),
        _ => unbounded(argument),
    }
}

fn upper_name(argument: &[u8]) -> Option<Edge<'_>> {
    match argument {
        [b'[', name @ ..] => Some(Edge::AfterName(name)),
        [b'(', name @ ..] => Some(Edge::BeforeName(name)),
        _ => unbounded(argument),
    }
}

/// `LIMIT offset count`: which part of a range's ranks is wanted, counted from its end where `reverse` is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    pub(super) offset: i64,
    /// Negative for all.
    pub(super) count: i64,
}

impl Limit {
    pub(super) const ALL: Self = Self { offset: 0, count: -1 };

    /// The part of `ranks`.
    pub(super) fn part(self, ranks: Range<usize>, members: Members<'_>, reverse: bool) -> Range<usize> {
        let offset = match (usize::try_from(self.offset), members) {
            (Ok(offset), _) => offset,
            // A large sorted set takes a negative offset as counted from the other end of the range, a small one as
            // beyond all: so does Redis.
            (Err(_), Members::Set(_)) => match usize::try_from(self.offset.unsigned_abs()) {
                Ok(back) if back <= ranks.len() => ranks.len() - back,
                _ => return 0..0,
            },
            (Err(_), Members::Pack(_)) => return 0..0,
        };
        if offset >= ranks.len() {
            return 0..0;
        }
        let count = usize::try_from(self.count).unwrap_or(usize::MAX).min(ranks.len() - offset);
        if reverse {
            ranks.end - offset - count..ranks.end - offset
        } else {
            ranks.start + offset..ranks.start + offset + count
        }
    }
}
