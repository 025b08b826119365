//! The members of a sorted set that are in an area.

use super::grid::{bits_of, point_of};
use super::point::Point;
use super::shape::Area;
use crate::sorted_set::Members;
use crate::sorted_set::small;
use redstart_encoding::SortedSet;
use redstart_encoding::listpack::{Element, Pack};
use redstart_encoding::sorted::Edge;
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::ops::{ControlFlow, Range};

/// A member in the area.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit<'a> {
    pub(super) member: Element<'a>,
    pub(super) score: f64,
    pub(super) point: Point,
    /// Metres from the area's middle.
    pub(super) distance: f64,
    /// How many were found before.
    order: usize,
}

/// What was found. Most searches find few.
pub(super) type Hits<'a> = SmallVec<[Hit<'a>; 32]>;

/// The order of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    NearestFirst,
    FurthestFirst,
}

/// Looks for members in an area: all, or the first `limit` that come along.
pub(super) fn search<'a>(members: Members<'a>, area: &Area, limit: Option<usize>) -> Hits<'a> {
    let mut finder = Finder { area, limit: limit.unwrap_or(usize::MAX), hits: Hits::new() };
    match members {
        Members::Pack(pack) => finder.search_pack(pack),
        Members::Set(set) => finder.search_set(set),
    }
    finder.hits
}

/// Puts the first `count` in order to the front and forgets the rest.
pub(super) fn sort(hits: &mut Hits<'_>, order: Order, count: usize) {
    let compare = |one: &Hit<'_>, other: &Hit<'_>| {
        let nearer = one.distance.partial_cmp(&other.distance).unwrap_or(Ordering::Equal);
        let nearer = if order == Order::NearestFirst { nearer } else { nearer.reverse() };
        nearer.then(one.order.cmp(&other.order))
    };
    if count < hits.len() {
        hits.select_nth_unstable_by(count, compare);
        hits.truncate(count);
    }
    hits.sort_unstable_by(compare);
}

struct Finder<'s, 'a> {
    area: &'s Area,
    limit: usize,
    hits: Hits<'a>,
}

impl<'a> Finder<'_, 'a> {
    fn search_set(&mut self, set: &'a SortedSet) {
        let sieve = self.area.sieve();
        let _: ControlFlow<()> = self.each_range(|finder, scores| {
            let whole = set.walk_scores(&Edge::BeforeScore(scores.start), |score, place| {
                if score >= scores.end {
                    return ControlFlow::Break(true);
                }
                if !sieve.passes(bits_of(score)) {
                    return ControlFlow::Continue(());
                }
                finder.take(score, || Element::Bytes(set.member_at(place))).map_break(|()| false)
            });
            if whole == ControlFlow::Break(false) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
    }

    /// The scores of a listpack are read once for all cells.
    fn search_pack(&mut self, pack: &'a Pack) {
        let pairs: SmallVec<[(f64, usize); 128]> = small::pairs(pack).map(|pair| (pair.score, pair.at)).collect();
        let _: ControlFlow<()> = self.each_range(|finder, scores| {
            let first = pairs.partition_point(|(score, _)| *score < scores.start);
            let inside = pairs[first..].iter().take_while(|(score, _)| *score < scores.end);
            for &(score, at) in inside {
                finder.take(score, || pack.get(at))?;
            }
            ControlFlow::Continue(())
        });
    }

    /// The ranges of scores that cover the area. One cell after another may be the same where the world is small for
    /// them; but the first one is not compared with the second: so does Redis, and shows its members twice.
    fn each_range(&mut self, mut show: impl FnMut(&mut Self, Range<f64>) -> ControlFlow<()>) -> ControlFlow<()> {
        let sieve = self.area.sieve();
        let mut last = None;
        for (index, cell) in self.area.cover().into_iter().enumerate() {
            let Some(cell) = cell.filter(|cell| last != Some(*cell)) else { continue };
            if index > 0 {
                last = Some(cell);
            }
            if let Some(bits) = sieve.part_of(cell) {
                show(self, bits.start as f64..bits.end as f64)?;
            }
        }
        ControlFlow::Continue(())
    }

    #[inline]
    fn take(&mut self, score: f64, member: impl FnOnce() -> Element<'a>) -> ControlFlow<()> {
        let point = point_of(score);
        if let Some(distance) = self.area.distance_inside(point) {
            self.hits.push(Hit { member: member(), score, point, distance, order: self.hits.len() });
            if self.hits.len() >= self.limit {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }
}
