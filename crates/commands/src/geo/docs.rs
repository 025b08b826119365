//! Arguments that several commands have, as COMMAND DOCS shows them.

use redstart_command::{Arg, ArgKind};

/// The units of lengths.
pub(super) const UNITS: &[Arg] =
    &[Arg::flag("m", "M"), Arg::flag("km", "KM"), Arg::flag("ft", "FT"), Arg::flag("mi", "MI")];
/// A unit.
pub(super) const UNIT: Arg = Arg::one_of("unit", UNITS);
/// A pair of coordinates.
pub(super) const COORDINATES: &[Arg] = &[LONGITUDE, LATITUDE];
pub(super) const LONGITUDE: Arg = Arg::new("longitude", ArgKind::Double);
pub(super) const LATITUDE: Arg = Arg::new("latitude", ArgKind::Double);
pub(super) const RADIUS: Arg = Arg::new("radius", ArgKind::Double);
pub(super) const ORDER: Arg = Arg::one_of("order", &[Arg::flag("asc", "ASC"), Arg::flag("desc", "DESC")]).optional();
pub(super) const WITHCOORD: Arg = Arg::flag("withcoord", "WITHCOORD").optional();
pub(super) const WITHDIST: Arg = Arg::flag("withdist", "WITHDIST").optional();
pub(super) const WITHHASH: Arg = Arg::flag("withhash", "WITHHASH").optional();
/// How many; `ANY` came with GEOSEARCH.
pub(super) const COUNT: Arg =
    Arg::block("count-block", &[Arg::int("count").token("COUNT"), Arg::flag("any", "ANY").optional()]).optional();
/// As [`COUNT`], of a command that is older than `ANY`.
pub(super) const OLD_COUNT: Arg =
    Arg::block("count-block", &[Arg::int("count").token("COUNT"), Arg::flag("any", "ANY").optional().since("6.2.0")])
        .optional();
/// What is searched around.
pub(super) const FROM: Arg = Arg::one_of(
    "from",
    &[Arg::string("member").token("FROMMEMBER"), Arg::block("fromlonlat", COORDINATES).token("FROMLONLAT")],
);
/// What is searched.
pub(super) const BY: Arg = Arg::one_of(
    "by",
    &[
        Arg::block("circle", &[RADIUS.token("BYRADIUS"), UNIT]),
        Arg::block(
            "box",
            &[Arg::new("width", ArgKind::Double).token("BYBOX"), Arg::new("height", ArgKind::Double), UNIT],
        ),
        Arg::block(
            "polygon",
            &[Arg::int("num-vertices").token("BYPOLYGON"), Arg::block("vertices", COORDINATES).multiple()],
        )
        .since("9.0.0"),
    ],
);
/// Under which key the result is stored.
pub(super) const STORE: Arg = Arg::one_of(
    "store",
    &[
        Arg::key_of("storekey", 1).token("STORE").display("key"),
        Arg::key_of("storedistkey", 2).token("STOREDIST").display("key"),
    ],
)
.optional();
