//! The grid that coordinates are stored on: the world between the latitudes of the Mercator projection, cut in halves
//! by longitude and by latitude in turn.
//!
//! ```text
//!   score   ... lon1 lat1 lon0 lat0      52 bits: 26 for the column, 26 for the row, interleaved
//! ```
//! A cell of fewer steps is a prefix of these bits, so the members inside of it have scores next to one another. The
//! easternmost and northernmost edge has an index one past the last cell's; its bits go beyond the 52.

use super::point::Point;

/// How often each axis is halved for a score.
pub(super) const STEPS: u32 = 26;
/// The bits of the rows; those of the columns are one further up.
pub(super) const ROWS: u64 = 0x5555_5555_5555_5555;
/// The bits of the columns.
pub(super) const COLUMNS: u64 = !ROWS;
/// The longitudes of the grid.
pub(super) const LONGITUDES: (f64, f64) = (-180.0, 180.0);
/// The latitudes of the grid.
pub(super) const LATITUDES: (f64, f64) = (-85.05112878, 85.05112878);

/// A cell: the first bits of the scores of all that is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) bits: u64,
    pub(super) steps: u32,
}

/// The edges of a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edges {
    pub(super) longitudes: (f64, f64),
    pub(super) latitudes: (f64, f64),
}

/// The bits of a number at the even places.
#[inline]
pub(super) fn spread(number: u32) -> u64 {
    let mut bits = u64::from(number);
    for (shift, mask) in [
        (16, 0x0000_FFFF_0000_FFFF),
        (8, 0x00FF_00FF_00FF_00FF),
        (4, 0x0F0F_0F0F_0F0F_0F0F),
        (2, 0x3333_3333_3333_3333),
        (1, ROWS),
    ] {
        bits = (bits | bits << shift) & mask;
    }
    bits
}

/// The number whose bits are at the even places.
#[inline]
pub(super) fn gather(bits: u64) -> u32 {
    let mut number = bits & ROWS;
    for (shift, mask) in [
        (1, 0x3333_3333_3333_3333),
        (2, 0x0F0F_0F0F_0F0F_0F0F),
        (4, 0x00FF_00FF_00FF_00FF),
        (8, 0x0000_FFFF_0000_FFFF),
        (16, 0x0000_0000_FFFF_FFFF),
    ] {
        number = (number | number >> shift) & mask;
    }
    number as u32
}

/// How far along a range a coordinate is, in cells of so many steps.
#[inline]
pub(super) fn cells_along(value: f64, (from, to): (f64, f64), steps: u32) -> f64 {
    (value - from) / (to - from) * (1_u64 << steps) as f64
}

/// Interleaves the indexes of a point on a grid that covers these latitudes.
pub(super) fn encode(point: Point, latitudes: (f64, f64), steps: u32) -> u64 {
    let row = cells_along(point.latitude, latitudes, steps) as u32;
    let column = cells_along(point.longitude, LONGITUDES, steps) as u32;
    spread(row) | spread(column) << 1
}

/// The score of a point.
pub(super) fn score_of(point: Point) -> f64 {
    encode(point, LATITUDES, STEPS) as f64
}

/// The bits that a score is. Any double may stand in a sorted set: what is no 64-bit number becomes what the processor
/// that Redis runs on makes of it.
#[inline]
pub(super) fn bits_of(score: f64) -> u64 {
    const HALF: f64 = 9_223_372_036_854_775_808.0;
    let truncated = |number: f64| if (-HALF..HALF).contains(&number) { number as i64 } else { i64::MIN };
    if score < HALF { truncated(score) as u64 } else { truncated(score - HALF) as u64 ^ 1 << 63 }
}

/// The middle of the cell that a score is.
#[inline]
pub(super) fn point_of(score: f64) -> Point {
    let edges = Cell { bits: bits_of(score), steps: STEPS }.edges();
    let middle = |(from, to): (f64, f64), (least, most)| ((from + to) / 2.0).min(most).max(least);
    Point { longitude: middle(edges.longitudes, LONGITUDES), latitude: middle(edges.latitudes, LATITUDES) }
}

impl Cell {
    /// The cell of so many steps that a point is in.
    pub(super) fn around(point: Point, steps: u32) -> Self {
        Self { bits: encode(point, LATITUDES, steps), steps }
    }

    /// Its edges.
    #[inline]
    pub(super) fn edges(self) -> Edges {
        let size = 1.0 / (1_u64 << self.steps) as f64;
        let span = |index: u32, (from, to): (f64, f64)| {
            let edge = |index: u32| from + f64::from(index) * size * (to - from);
            (edge(index), edge(index.wrapping_add(1)))
        };
        Edges { longitudes: span(gather(self.bits >> 1), LONGITUDES), latitudes: span(gather(self.bits), LATITUDES) }
    }

    /// The cell so many columns east and rows north, around the edges of the world.
    pub(super) fn neighbour(self, east: i8, north: i8) -> Self {
        let width = 64 - 2 * self.steps;
        let moved = |mask: u64, by: i8| {
            let (own, between) = (self.bits & mask, !mask >> width);
            // With the bits in between set, or one added beyond them, a carry passes over them.
            match by {
                0 => own,
                1.. => (own + between + 1) & mask >> width,
                _ => (own | between).wrapping_sub(between + 1) & mask >> width,
            }
        };
        Self { bits: moved(COLUMNS, east) | moved(ROWS, north), steps: self.steps }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_spread_and_gathered() {
        for number in [0, 1, 2, 0x5555_5555, 0xAAAA_AAAA, 0x0123_4567, u32::MAX] {
            let naive = (0..32).fold(0, |bits, at| bits | u64::from(number >> at & 1) << (2 * at));
            assert_eq!(spread(number), naive);
            assert_eq!(gather(spread(number) | COLUMNS), number);
        }
    }

    #[test]
    fn a_point_is_in_the_middle_of_its_cell() {
        let palermo = Point { longitude: 13.361389, latitude: 38.115556 };
        assert_eq!(score_of(palermo), 3_479_099_956_230_698.0);
        let back = point_of(score_of(palermo));
        assert_eq!((back.longitude, back.latitude), (13.361389338970184, 38.115_556_395_496_3));
    }

    #[test]
    fn neighbours_go_around_the_world() {
        for steps in 1..=STEPS {
            let cells = 1_u64 << steps;
            for (column, row) in [(0, 0), (cells - 1, cells - 1), (cells / 2, cells / 3)] {
                let cell = Cell { bits: spread(row as u32) | spread(column as u32) << 1, steps };
                for (east, north) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1)] {
                    let there = cell.neighbour(east, north);
                    let moved = |index: u64, by: i8| index.wrapping_add_signed(by.into()) % cells;
                    assert_eq!(u64::from(gather(there.bits >> 1)), moved(column, east), "{steps}");
                    assert_eq!(u64::from(gather(there.bits)), moved(row, north), "{steps}");
                }
            }
        }
    }

    #[test]
    fn any_score_is_some_bits() {
        assert_eq!(bits_of(-1.0), u64::MAX);
        assert_eq!(bits_of(1.9), 1);
        assert_eq!(bits_of(f64::NEG_INFINITY), 1 << 63);
        assert_eq!(bits_of(f64::INFINITY), 0);
        assert_eq!(bits_of(9_223_372_036_854_775_808.0), 1 << 63);
    }
}
