//! Geospatial indexes: sorted sets whose scores are places on a grid.
//!
//! ```text
//!   area.rs    the searches          add.rs, read.rs   GEOADD; GEODIST, GEOHASH, GEOPOS
//!     query.rs   their arguments
//!     search.rs  a sorted set, cell by cell
//!   shape.rs   circles, boxes, polygons, and the cells that cover them
//!   grid.rs    coordinates to bits and back          point.rs   distances
//! ```
//! Coordinates and distances are computed as Redis does, operation by operation: the last digits of answers follow from
//! it. What is faster here only leaves out members that are surely not in an area.

mod add;
mod area;
mod docs;
mod grid;
mod point;
mod query;
mod read;
mod search;
mod shape;

use redstart_command::Command;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[
    add::GEOADD,
    read::GEODIST,
    read::GEOHASH,
    read::GEOPOS,
    area::GEOSEARCH,
    area::GEOSEARCHSTORE,
    area::GEORADIUS,
    area::GEORADIUS_RO,
    area::GEORADIUSBYMEMBER,
    area::GEORADIUSBYMEMBER_RO,
]);
