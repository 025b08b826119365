//! The areas that are searched: what is in them, and which cells of the grid cover them.
//!
//! The cells are those that Redis takes, in its order, because the order of unsorted answers follows from them: one
//! around the middle that is about as large as the area, and its eight neighbours, but for those the area does not
//! reach. [`Sieve`] then says from the bits of a score alone that most of what is in the cells is not in the area.

use super::grid::{COLUMNS, Cell, Edges, LATITUDES, LONGITUDES, ROWS, STEPS, cells_along, gather, spread};
use super::point::{EARTH, Origin, Point, degrees, latitude_distance, radians};
use std::f64::consts::FRAC_PI_2;
use std::ops::{Range, RangeInclusive};

/// Half of the world's width in metres, as the projection has it.
const HALF_WORLD: f64 = 20_037_726.37;

/// What a search looks for; lengths in metres.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Circle {
        radius: f64,
    },
    /// Along the parallels and the meridian of its middle.
    Box {
        width: f64,
        height: f64,
        diagonal: f64,
    },
    Polygon(Vec<Point>),
}

/// A shape at its place.
#[derive(Debug)]
pub(super) struct Area {
    shape: Shape,
    origin: Origin,
    middle: Point,
}

/// The cells that cover an area; some may be left out.
pub(super) type Cover = [Option<Cell>; 9];

impl Area {
    pub(super) fn new(shape: Shape, middle: Point) -> Self {
        let middle = if let Shape::Polygon(corners) = &shape { middle_of(corners) } else { middle };
        Self { shape, origin: Origin::new(middle), middle }
    }

    /// How far a point is from the middle, if it is in the area.
    #[inline]
    pub(super) fn distance_inside(&self, point: Point) -> Option<f64> {
        match &self.shape {
            Shape::Circle { radius } => {
                let distance = self.origin.distance(point);
                (distance <= *radius).then_some(distance)
            }
            Shape::Box { width, height, .. } => {
                if latitude_distance(self.middle.latitude, point.latitude) > height / 2.0 {
                    return None;
                }
                let beside = Point { longitude: self.middle.longitude, ..point };
                let inside = Origin::new(point).distance(beside) <= width / 2.0;
                inside.then(|| self.origin.distance(point))
            }
            Shape::Polygon(corners) => is_inside(corners, point).then(|| self.origin.distance(point)),
        }
    }

    /// The edges that Redis reckons with to choose cells. Near the poles they mean little.
    fn edges(&self) -> Edges {
        let (across, up) = match &self.shape {
            Shape::Circle { radius } => (*radius, *radius),
            Shape::Box { width, height, .. } => (width / 2.0, height / 2.0),
            Shape::Polygon(corners) => return around(corners),
        };
        let Point { longitude, latitude } = self.middle;
        let up = degrees(up / EARTH);
        // The parallel nearer to the pole is the shorter one, so the same length spans more degrees there.
        let widest = if latitude < 0.0 { latitude - up } else { latitude + up };
        let across = degrees(across / EARTH / radians(widest).cos());
        Edges { longitudes: (longitude - across, longitude + across), latitudes: (latitude - up, latitude + up) }
    }

    /// The length that the size of the cells is chosen by.
    fn reach(&self, edges: &Edges) -> f64 {
        match &self.shape {
            Shape::Circle { radius } => *radius,
            Shape::Box { diagonal, .. } => *diagonal,
            Shape::Polygon(_) => {
                let Edges { longitudes: (west, east), latitudes: (south, north) } = *edges;
                let corners = [(west, north), (east, north), (west, south), (east, south)];
                let far = corners.map(|(longitude, latitude)| self.origin.distance(Point { longitude, latitude }));
                far.into_iter().fold(0.0, f64::max)
            }
        }
    }

    /// The cells to be searched, in order.
    pub(super) fn cover(&self) -> Cover {
        let edges = self.edges();
        let mut middle = self.middle;
        if matches!(self.shape, Shape::Polygon(_)) {
            // It may be outside of the grid, or on its last edge, which belongs to no cell.
            let inside = |value: f64, (from, to): (f64, f64)| value.clamp(from, to - 1e-6);
            let Point { longitude, latitude } = middle;
            middle = Point { longitude: inside(longitude, LONGITUDES), latitude: inside(latitude, LATITUDES) };
        }
        let mut steps = steps_for(self.reach(&edges), middle.latitude);
        let mut cell = Cell::around(middle, steps);
        while steps > 1 && !neighbours_reach(cell, &edges) {
            steps -= 1;
            cell = Cell::around(middle, steps);
            // Redis looks once more at most. Polygons are not its own, and may have their middle at a pole.
            if !matches!(self.shape, Shape::Polygon(_)) {
                break;
            }
        }
        let (mut columns, mut rows) = (-1..=1, -1..=1);
        if steps >= 2 {
            let inner = cell.edges();
            columns = reached(inner.longitudes, edges.longitudes);
            rows = reached(inner.latitudes, edges.latitudes);
        }
        let order = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)];
        order.map(|(east, north)| {
            (columns.contains(&east) && rows.contains(&north)).then(|| cell.neighbour(east, north))
        })
    }

    /// What lets nothing through that is surely outside of the area.
    pub(super) fn sieve(&self) -> Sieve {
        let Point { longitude, latitude } = self.middle;
        let (across, up) = match &self.shape {
            Shape::Circle { radius } => {
                let angle = radius / EARTH;
                // The furthest east that a circle reaches is not at its middle's latitude.
                let reaches_pole = radians(latitude).abs() + angle >= FRAC_PI_2;
                let across = if reaches_pole { None } else { Some((angle.sin() / radians(latitude).cos()).asin()) };
                (across, angle)
            }
            Shape::Box { width, height, .. } => {
                let (half, up) = (width / 2.0 / EARTH, height / 2.0 / EARTH);
                let narrowest = (radians(latitude).abs() + up).min(FRAC_PI_2).cos();
                let sine = (half / 2.0).sin() / narrowest;
                (if half < FRAC_PI_2 && sine < 1.0 { Some(2.0 * sine.asin()) } else { None }, up)
            }
            Shape::Polygon(corners) => return Sieve::new(around(corners)),
        };
        let beside = |middle: f64, angle: f64| {
            let by = degrees(angle);
            (middle - by, middle + by)
        };
        let longitudes = across.map_or((f64::NEG_INFINITY, f64::INFINITY), |across| beside(longitude, across));
        Sieve::new(Edges { longitudes, latitudes: beside(latitude, up) })
    }
}

/// Where the corners' directions from the earth's centre point to on the average.
fn middle_of(corners: &[Point]) -> Point {
    let (mut x, mut y, mut z) = (0.0, 0.0, 0.0);
    for corner in corners {
        let (longitude, latitude) = (radians(corner.longitude), radians(corner.latitude));
        x += latitude.cos() * longitude.cos();
        y += latitude.cos() * longitude.sin();
        z += latitude.sin();
    }
    Point { longitude: degrees(y.atan2(x)), latitude: degrees(z.atan2((x * x + y * y).sqrt())) }
}

/// The least and largest longitude and latitude of the corners.
fn around(corners: &[Point]) -> Edges {
    let nothing = (f64::INFINITY, f64::NEG_INFINITY);
    let span = |of: fn(&Point) -> f64| {
        corners.iter().map(of).fold(nothing, |(least, most), value| (least.min(value), most.max(value)))
    };
    Edges { longitudes: span(|corner| corner.longitude), latitudes: span(|corner| corner.latitude) }
}

/// Whether a line from the point to the east crosses an odd number of edges (Jordan's curve theorem; after W. R.
/// Franklin's PNPOLY). Longitudes and latitudes are taken for a plane.
fn is_inside(corners: &[Point], point: Point) -> bool {
    let before = corners.iter().cycle().skip(corners.len().saturating_sub(1));
    corners.iter().zip(before).fold(false, |inside, (one, other)| {
        let spans = (one.latitude > point.latitude) != (other.latitude > point.latitude);
        let crossing = || {
            (other.longitude - one.longitude) * (point.latitude - one.latitude) / (other.latitude - one.latitude)
                + one.longitude
        };
        inside ^ (spans && point.longitude < crossing())
    })
}

/// How many steps give cells of about this size; larger ones towards the poles, where meridians are close.
fn steps_for(reach: f64, latitude: f64) -> u32 {
    if reach == 0.0 {
        return STEPS;
    }
    let mut steps = 1;
    let mut reach = reach;
    while reach < HALF_WORLD {
        reach *= 2.0;
        steps += 1;
    }
    let polar = i32::from(latitude.abs() > 66.0) + i32::from(latitude.abs() > 80.0);
    (steps - 2 - polar).clamp(1, STEPS as i32) as u32
}

/// Whether a cell and its neighbours on all sides go beyond these edges.
fn neighbours_reach(cell: Cell, edges: &Edges) -> bool {
    let to = |east, north| cell.neighbour(east, north).edges();
    to(0, 1).latitudes.1 >= edges.latitudes.1
        && to(0, -1).latitudes.0 <= edges.latitudes.0
        && to(1, 0).longitudes.1 >= edges.longitudes.1
        && to(-1, 0).longitudes.0 <= edges.longitudes.0
}

/// Which of the cells below, at and above one with the inner edges are to be searched for an area with the outer ones.
/// Redis leaves a side out where the cell goes beyond the area, so both may be.
fn reached(inner: (f64, f64), outer: (f64, f64)) -> RangeInclusive<i8> {
    let below = if inner.0 < outer.0 { 0 } else { -1 };
    let above = if inner.1 > outer.1 { 0 } else { 1 };
    below..=above
}

/// Bounds of the columns and rows of an area, somewhat too wide, in the form they have in a score.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sieve {
    columns: (u32, u32),
    rows: (u32, u32),
    column_bits: (u64, u64),
    row_bits: (u64, u64),
}

impl Sieve {
    fn new(edges: Edges) -> Self {
        // A billionth more than the area has, and a cell more on each side, pass over all roundings.
        let bounds = |(from, to): (f64, f64), range| {
            let index = |value: f64, by: f64| (cells_along(value, range, STEPS).floor() + by) as u32;
            let slack = (to - from) * 1e-9 + 1e-9;
            (index(from - slack, -1.0), index(to + slack, 1.0))
        };
        let (west, east) = edges.longitudes;
        // An area across the 180th meridian is in the first columns and in the last ones: no column is ruled out.
        let crosses = west <= LONGITUDES.0 + 1e-6 || east >= LONGITUDES.1 - 1e-6;
        let columns = if crosses { (0, u32::MAX) } else { bounds(edges.longitudes, LONGITUDES) };
        let rows = bounds(edges.latitudes, LATITUDES);
        let spread_both = |(from, to)| (spread(from), spread(to));
        let (west, east) = spread_both(columns);
        Self { columns, rows, column_bits: (west << 1, east << 1), row_bits: spread_both(rows) }
    }

    /// Whether a score's bits may be those of a point in the area. Spread bits are in the order of their numbers.
    #[inline]
    pub(super) fn passes(&self, bits: u64) -> bool {
        let (column, row) = (bits & COLUMNS, bits & ROWS);
        self.column_bits.0 <= column && column <= self.column_bits.1 && self.row_bits.0 <= row && row <= self.row_bits.1
    }

    /// The bits of all points in a cell that may be in the area: from the lower corner of what both have in common to
    /// its upper one.
    pub(super) fn part_of(&self, cell: Cell) -> Option<Range<u64>> {
        let shift = STEPS - cell.steps;
        let common = |index: u32, (from, to): (u32, u32)| {
            let first = index << shift;
            let last = first + ((1 << shift) - 1);
            (first.max(from) <= last.min(to)).then(|| (first.max(from), last.min(to)))
        };
        let (west, east) = common(gather(cell.bits >> 1), self.columns)?;
        let (south, north) = common(gather(cell.bits), self.rows)?;
        Some((spread(south) | spread(west) << 1)..(spread(north) | spread(east) << 1) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::{bits_of, point_of, score_of};
    use super::*;

    /// Numbers in 0..1, the same at each run.
    struct Numbers(u64);

    impl Numbers {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1_u64 << 53) as f64
        }

        fn between(&mut self, (from, to): (f64, f64)) -> f64 {
            from + self.next() * (to - from)
        }

        fn point(&mut self) -> Point {
            Point { longitude: self.between(LONGITUDES), latitude: self.between(LATITUDES) }
        }

        /// From millimetres to beyond the whole world.
        fn length(&mut self) -> f64 {
            10_f64.powf(self.between((-3.0, 7.8)))
        }

        fn shape(&mut self) -> Shape {
            match (self.next() * 3.0) as u8 {
                0 => Shape::Circle { radius: self.length() },
                1 => {
                    let (width, height) = (self.length(), self.length());
                    Shape::Box { width, height, diagonal: width.hypot(height) / 2.0 }
                }
                _ => Shape::Polygon((0..3 + (self.next() * 3.0) as usize).map(|_| self.point()).collect()),
            }
        }
    }

    fn parts(area: &Area) -> Vec<Range<u64>> {
        let sieve = area.sieve();
        area.cover().into_iter().flatten().filter_map(|cell| sieve.part_of(cell)).collect()
    }

    #[test]
    fn nothing_inside_is_held_back() {
        let mut numbers = Numbers(7);
        let mut inside = 0;
        for _ in 0..20_000 {
            let (middle, shape) = (numbers.point(), numbers.shape());
            let area = Area::new(shape, middle);
            let sieve = area.sieve();
            let (north, reach) = (area.middle.latitude, area.reach(&area.edges()) / 111_000.0);
            for _ in 0..20 {
                // Half of them as far from the middle as the area reaches.
                let near = |middle: f64, by: f64, (from, to)| (middle + by).clamp(from, to);
                let mut point = numbers.point();
                if numbers.next() < 0.5 {
                    let across = numbers.between((-1.5, 1.5)) * reach / radians(north).cos();
                    let up = numbers.between((-1.5, 1.5)) * reach;
                    point.longitude = near(area.middle.longitude, across, LONGITUDES);
                    point.latitude = near(north, up, LATITUDES);
                }
                let score = score_of(point);
                if area.distance_inside(point_of(score)).is_some() {
                    inside += 1;
                    assert!(sieve.passes(bits_of(score)), "{area:?} {point:?}");
                }
            }
        }
        assert!(inside > 30_000, "{inside} of 400,000 points were inside");
    }

    #[test]
    fn cells_cover_an_area_that_does_not_cross_the_180th_meridian() {
        let mut numbers = Numbers(8);
        for _ in 0..20_000 {
            let middle = Point { longitude: numbers.between((-90.0, 90.0)), latitude: numbers.between((-60.0, 60.0)) };
            let radius = numbers.length().min(1_000_000.0);
            let area = Area::new(Shape::Circle { radius }, middle);
            let parts = parts(&area);
            for _ in 0..10 {
                let by = radius / 111_000.0 / radians(middle.latitude).cos();
                let longitude = middle.longitude + numbers.between((-by, by));
                let latitude = middle.latitude + numbers.between((-by, by));
                let score = score_of(Point { longitude, latitude: latitude.clamp(LATITUDES.0, LATITUDES.1) });
                if area.distance_inside(point_of(score)).is_some() {
                    let covered = parts.iter().any(|part| part.contains(&bits_of(score)));
                    assert!(covered, "{area:?} {longitude} {latitude}");
                }
            }
        }
    }

    #[test]
    fn a_polygon_around_a_pole_is_covered() {
        let corners = [(-180.0, 80.0), (0.0, 85.0), (180.0, 80.0)];
        let corners = corners.map(|(longitude, latitude)| Point { longitude, latitude });
        let area = Area::new(Shape::Polygon(corners.to_vec()), corners[0]);
        let parts = parts(&area);
        for longitude in -90..=90 {
            let score = score_of(Point { longitude: f64::from(longitude), latitude: 81.0 });
            assert!(area.distance_inside(point_of(score)).is_some());
            assert!(parts.iter().any(|part| part.contains(&bits_of(score))), "{longitude}");
        }
    }
}
