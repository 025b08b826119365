//! What a search is asked for: its area, what is shown, in which order, how many, and where the result goes.

use super::grid::point_of;
use super::point::{Point, parse_point, parse_unit};
use super::search::Order;
use super::shape::{Area, Shape};
use crate::parse::{int, is, until_nul};
use crate::sorted_set::Members;
use redstart_command::{Args, Error};
use redstart_encoding::float::parse_f64;
use redstart_encoding::int::parse_i64;

/// Which command asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// GEORADIUS: coordinates, radius and unit stand first.
    Radius { stores: bool },
    /// GEORADIUSBYMEMBER: member, radius and unit stand first.
    RadiusByMember { stores: bool },
    /// GEOSEARCH.
    Search,
    /// GEOSEARCHSTORE.
    SearchStore,
}

impl Form {
    /// Where the key stands that is searched.
    pub(super) fn source(self) -> usize {
        if self == Self::SearchStore { 2 } else { 1 }
    }

    /// Where the options begin.
    const fn options(self) -> usize {
        match self {
            Self::Radius { .. } => 6,
            Self::RadiusByMember { .. } => 5,
            Self::Search => 2,
            Self::SearchStore => 3,
        }
    }

    pub(super) fn is_search(self) -> bool {
        matches!(self, Self::Search | Self::SearchStore)
    }

    /// Whether STORE and STOREDIST with a key are among the options.
    fn names_store(self) -> bool {
        matches!(self, Self::Radius { stores: true } | Self::RadiusByMember { stores: true })
    }

    /// Where the key behind STORE or STOREDIST stands; the last one counts.
    pub(super) fn store_key(self, args: &Args<'_>) -> Option<usize> {
        let (mut at, mut found) = (self.options(), None);
        while at < args.len() {
            if is(&args[at], "count") {
                at += 1;
            } else if (is(&args[at], "store") || is(&args[at], "storedist")) && at + 1 < args.len() {
                at += 1;
                found = Some(at);
            }
            at += 1;
        }
        found
    }
}

/// What the middle of the area was given by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Member,
    Coordinates,
}

/// What is asked for.
#[derive(Debug)]
pub(super) struct Query<'a> {
    form: Form,
    from: Option<From>,
    middle: Point,
    shape: Option<Shape>,
    /// Metres of the unit that distances are shown in.
    pub(super) unit: f64,
    pub(super) coordinates: bool,
    pub(super) distances: bool,
    pub(super) hashes: bool,
    pub(super) order: Option<Order>,
    pub(super) count: Option<usize>,
    /// The first that come along will do.
    pub(super) any: bool,
    pub(super) store: Option<&'a [u8]>,
    /// Distances are stored, and not scores.
    pub(super) store_distances: bool,
}

impl<'a> Query<'a> {
    /// Reads the arguments. `source` is the sorted set that is searched, if it is there: members are looked up in it as
    /// they come.
    pub(super) fn parse(args: &'a Args<'_>, form: Form, source: Option<Members<'_>>) -> Result<Self, Error> {
        let mut query = Self {
            form,
            from: None,
            middle: Point { longitude: 0.0, latitude: 0.0 },
            shape: None,
            unit: 1.0,
            coordinates: false,
            distances: false,
            hashes: false,
            order: None,
            count: None,
            any: false,
            store: (form == Form::SearchStore).then(|| &args[1]),
            store_distances: false,
        };
        query.fixed(args, source)?;
        let mut at = form.options();
        while at < args.len() {
            at += match query.option(args, at)? {
                Some(taken) => taken,
                None if form.is_search() => query.area_option(args, at, source)?,
                None => return Err(Error::Syntax),
            };
        }
        query.check(&args[0])?;
        Ok(query)
    }

    /// What stands before the options.
    fn fixed(&mut self, args: &Args<'_>, source: Option<Members<'_>>) -> Result<(), Error> {
        match (self.form, source) {
            (Form::Radius { .. }, _) => {
                self.middle = parse_point(&args[2], &args[3])?;
                self.circle(&args[4], &args[5])
            }
            (Form::RadiusByMember { .. }, Some(source)) => {
                self.middle = point_of_member(source, &args[2])?;
                self.circle(&args[3], &args[4])
            }
            // Where the key is missing, Redis does not look at the radius.
            _ => Ok(()),
        }
    }

    /// An option that all forms have; how many arguments it takes.
    fn option(&mut self, args: &'a Args<'_>, at: usize) -> Result<Option<usize>, Error> {
        let (word, value) = (&args[at], args.get(at + 1));
        match value {
            _ if is(word, "withdist") => self.distances = true,
            _ if is(word, "withhash") => self.hashes = true,
            _ if is(word, "withcoord") => self.coordinates = true,
            _ if is(word, "any") => self.any = true,
            _ if is(word, "asc") => self.order = Some(Order::NearestFirst),
            _ if is(word, "desc") => self.order = Some(Order::FurthestFirst),
            Some(count) if is(word, "count") => {
                let count = usize::try_from(int(count)?).ok().filter(|&count| count > 0);
                self.count = Some(count.ok_or(Error::text("ERR COUNT must be > 0"))?);
                return Ok(Some(2));
            }
            Some(key) if self.form.names_store() && (is(word, "store") || is(word, "storedist")) => {
                (self.store, self.store_distances) = (Some(key), is(word, "storedist"));
                return Ok(Some(2));
            }
            _ if self.form == Form::SearchStore && is(word, "storedist") => self.store_distances = true,
            _ => return Ok(None),
        }
        Ok(Some(1))
    }

    /// An option of GEOSEARCH that says where to search; how many arguments it takes.
    fn area_option(&mut self, args: &Args<'_>, at: usize, source: Option<Members<'_>>) -> Result<usize, Error> {
        let (word, rest) = (&args[at], args.len() - at - 1);
        let polygon = matches!(self.shape, Some(Shape::Polygon(_)));
        let (circle, rectangle) =
            (matches!(self.shape, Some(Shape::Circle { .. })), matches!(self.shape, Some(Shape::Box { .. })));
        if is(word, "frommember") && rest >= 1 && self.from != Some(From::Coordinates) && !polygon {
            if let Some(source) = source {
                self.middle = point_of_member(source, &args[at + 1])?;
            }
            self.from = Some(From::Member);
            return Ok(2);
        }
        if is(word, "fromlonlat") && rest >= 2 && self.from != Some(From::Member) && !polygon {
            self.middle = parse_point(&args[at + 1], &args[at + 2])?;
            self.from = Some(From::Coordinates);
            return Ok(3);
        }
        if is(word, "byradius") && rest >= 2 && !rectangle && !polygon {
            self.circle(&args[at + 1], &args[at + 2])?;
            return Ok(3);
        }
        if is(word, "bybox") && rest >= 3 && !circle && !polygon {
            self.rectangle(&args[at + 1], &args[at + 2], &args[at + 3])?;
            return Ok(4);
        }
        if is(word, "bypolygon") && rest >= 2 && !circle && !rectangle && self.from.is_none() {
            return self.polygon(args, at + 1);
        }
        Err(Error::Syntax)
    }

    fn circle(&mut self, radius: &[u8], unit: &[u8]) -> Result<(), Error> {
        let radius = parse_f64(radius).ok_or(Error::text("ERR need numeric radius"))?;
        if radius < 0.0 {
            return Err(Error::text("ERR radius cannot be negative"));
        }
        self.unit = parse_unit(unit)?;
        self.shape = Some(Shape::Circle { radius: radius * self.unit });
        Ok(())
    }

    fn rectangle(&mut self, width: &[u8], height: &[u8], unit: &[u8]) -> Result<(), Error> {
        let width = parse_f64(width).ok_or(Error::text("ERR need numeric width"))?;
        let height = parse_f64(height).ok_or(Error::text("ERR need numeric height"))?;
        if width < 0.0 || height < 0.0 {
            return Err(Error::text("ERR height or width cannot be negative"));
        }
        self.unit = parse_unit(unit)?;
        let (across, up) = (width / 2.0, height / 2.0);
        let diagonal = (across * across + up * up).sqrt() * self.unit;
        self.shape = Some(Shape::Box { width: width * self.unit, height: height * self.unit, diagonal });
        Ok(())
    }

    /// A number of corners at `at`, and the corners; how many arguments the option takes.
    fn polygon(&mut self, args: &Args<'_>, at: usize) -> Result<usize, Error> {
        let count = parse_i64(&args[at]).and_then(|count| i32::try_from(count).ok());
        let count = count.ok_or(Error::text("ERR invalid number of vertices"))?;
        let there = (args.len() - at - 1) / 2;
        let count = usize::try_from(count).ok().filter(|&count| (3..=there).contains(&count));
        let count = count.ok_or(Error::text("ERR GEOSEARCH BYPOLYGON must have at least 3 vertices"))?;
        let corner = |index: usize| parse_point(&args[at + 1 + 2 * index], &args[at + 2 + 2 * index]);
        self.unit = 1.0;
        self.shape = Some(Shape::Polygon((0..count).map(corner).collect::<Result<_, _>>()?));
        Ok(2 + 2 * count)
    }

    /// What goes together, in the order that Redis looks at it.
    fn check(&self, name: &[u8]) -> Result<(), Error> {
        if self.store.is_some() && (self.distances || self.hashes || self.coordinates) {
            let what = if self.form == Form::SearchStore { "GEOSEARCHSTORE" } else { "STORE option in GEORADIUS" };
            let text = format!("ERR {what} is not compatible with WITHDIST, WITHHASH and WITHCOORD options");
            return Err(Error::Text(text.into()));
        }
        let polygon = matches!(self.shape, Some(Shape::Polygon(_)));
        let exactly_one = |what: &str| {
            let text = format!("ERR exactly one of {what} can be specified for ");
            Err(Error::Bytes([text.as_bytes(), until_nul(name)].concat()))
        };
        if self.form.is_search() && self.from.is_none() && !polygon {
            return exactly_one("FROMMEMBER or FROMLONLAT");
        }
        if self.form.is_search() && self.shape.is_none() {
            return exactly_one("BYRADIUS and BYBOX");
        }
        if self.any && self.count.is_none() {
            return Err(Error::text("ERR the ANY argument requires COUNT argument"));
        }
        Ok(())
    }

    /// The area; none where the key that is searched is missing and nothing was looked at.
    pub(super) fn area(&mut self) -> Option<Area> {
        Some(Area::new(self.shape.take()?, self.middle))
    }

    /// The order of the answer: some of all are the nearest, unless any will do.
    pub(super) fn order(&self) -> Option<Order> {
        self.order.or((self.count.is_some() && !self.any).then_some(Order::NearestFirst))
    }
}

fn point_of_member(source: Members<'_>, member: &[u8]) -> Result<Point, Error> {
    let score = source.score(member);
    score.map(point_of).ok_or(Error::text("ERR could not decode requested zset member"))
}
