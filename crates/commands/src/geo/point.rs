//! Points, distances between them, and how both are read and written.

use super::grid::{LATITUDES, LONGITUDES};
use redstart_command::{Error, Reply};
use redstart_encoding::float::parse_f64;

/// The earth's radius in metres, as Redis has it.
pub(super) const EARTH: f64 = 6_372_797.560856;

/// A longitude and a latitude in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) longitude: f64,
    pub(super) latitude: f64,
}

/// Degrees as radians, with the rounding of Redis.
#[inline]
pub(super) fn radians(degrees: f64) -> f64 {
    degrees * (std::f64::consts::PI / 180.0)
}

/// Radians as degrees, likewise.
#[inline]
pub(super) fn degrees(radians: f64) -> f64 {
    radians / (std::f64::consts::PI / 180.0)
}

/// Metres between two latitudes.
#[inline]
pub(super) fn latitude_distance(one: f64, other: f64) -> f64 {
    EARTH * (radians(one) - radians(other)).abs()
}

/// A point that distances are measured from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    point: Point,
    longitude: f64,
    latitude: f64,
    cosine: f64,
}

impl Origin {
    pub(super) fn new(point: Point) -> Self {
        let (longitude, latitude) = (radians(point.longitude), radians(point.latitude));
        Self { point, longitude, latitude, cosine: latitude.cos() }
    }

    /// Metres to another point along the great circle (the haversine formula). Each operation is the one that Redis
    /// does, so that the last bit is the same; but two points that face each other across the globe are never further
    /// apart than that.
    pub(super) fn distance(&self, to: Point) -> f64 {
        let across = ((radians(to.longitude) - self.longitude) / 2.0).sin();
        if across == 0.0 {
            return latitude_distance(to.latitude, self.point.latitude);
        }
        let latitude = radians(to.latitude);
        let up = ((latitude - self.latitude) / 2.0).sin();
        let square = up * up + self.cosine * latitude.cos() * across * across;
        2.0 * EARTH * square.min(1.0).sqrt().asin()
    }
}

/// The point of two arguments.
pub(super) fn parse_point(longitude: &[u8], latitude: &[u8]) -> Result<Point, Error> {
    let number = |argument| parse_f64(argument).ok_or(Error::NotFloat);
    let (longitude, latitude) = (number(longitude)?, number(latitude)?);
    let within = |value: f64, (from, to): (f64, f64)| (from..=to).contains(&value);
    if within(longitude, LONGITUDES) && within(latitude, LATITUDES) {
        return Ok(Point { longitude, latitude });
    }
    Err(Error::Text(format!("ERR invalid longitude,latitude pair {longitude:.6},{latitude:.6}").into()))
}

/// The metres of a unit.
pub(super) fn parse_unit(argument: &[u8]) -> Result<f64, Error> {
    let units = [("m", 1.0), ("km", 1000.0), ("ft", 0.3048), ("mi", 1609.34)];
    let unit = units.iter().find(|(name, _)| argument.eq_ignore_ascii_case(name.as_bytes()));
    unit.map(|(_, metres)| *metres).ok_or(Error::text("ERR unsupported unit provided. please use M, KM, FT, MI"))
}

/// Writes a distance with four digits behind the point.
#[inline]
pub(super) fn write_distance(distance: f64, reply: &mut Reply<'_>) {
    let scaled = (distance * 10_000.0).round_ties_even() as u64;
    let mut text = [0; 24];
    let mut at = text.len();
    let mut rest = scaled;
    for digits in 1.. {
        at -= 1;
        text[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if digits == 4 {
            at -= 1;
            text[at] = b'.';
        }
        if digits > 4 && rest == 0 {
            break;
        }
    }
    reply.bulk(&text[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(distance: f64) -> String {
        let mut out = Vec::new();
        write_distance(distance, &mut Reply::new(&mut out, 2));
        let text = String::from_utf8(out).unwrap();
        text.split("\r\n").nth(1).unwrap().to_owned()
    }

    #[test]
    fn distances_have_four_digits() {
        let cases =
            [(0.0, "0.0000"), (0.00004, "0.0000"), (0.00006, "0.0001"), (0.7750, "0.7750"), (9.99996, "10.0000")];
        for (distance, text) in cases {
            assert_eq!(written(distance), text);
        }
        assert_eq!(written(166_274.25), "166274.2500");
        assert_eq!(written(20_020_741.0), "20020741.0000");
    }

    #[test]
    fn no_point_is_further_away_than_the_other_side() {
        let half = EARTH * std::f64::consts::PI;
        for step in 0..=1000_i32 {
            let here = Point { longitude: f64::from(step) * 0.18, latitude: f64::from(step - 500) * 0.17 };
            let there = Point { longitude: here.longitude - 180.0, latitude: -here.latitude };
            let distance = Origin::new(here).distance(there);
            assert!((half - 1.0..=half + 1e-6).contains(&distance), "{here:?} {distance}");
        }
    }
}
