//! GEODIST, GEOHASH and GEOPOS: about members that are named.

use super::docs::UNITS;
use super::grid::{encode, point_of};
use super::point::{Origin, parse_unit, write_distance};
use crate::sorted_set::Members;
use crate::sorted_set::members::write_score;
use redstart_command::{Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply};

/// GEODIST.
pub(super) const GEODIST: Command = Command {
    name: "geodist",
    handler: geodist,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::GEO,
    docs: Docs {
        summary: "Returns how far two members are from each other.",
        since: "3.2.0",
        group: Group::Geo,
        complexity: "O(1)",
        args: &[Arg::key("key"), Arg::string("member1"), Arg::string("member2"), Arg::one_of("unit", UNITS).optional()],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn geodist(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() > 5 {
        return Err(Error::Syntax);
    }
    let unit = args.get(4).map_or(Ok(1.0), parse_unit)?;
    let key = context.key(&args[1]);
    let points = match context.find(key) {
        Some(found) => {
            let members = Members::of(found.value())?;
            members.score(&args[2]).zip(members.score(&args[3]))
        }
        None => None,
    };
    match points {
        Some((one, other)) => write_distance(Origin::new(point_of(one)).distance(point_of(other)) / unit, reply),
        None => reply.null(),
    }
    Ok(())
}

/// GEOHASH.
pub(super) const GEOHASH: Command = Command {
    name: "geohash",
    handler: geohash,
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Returns the geohashes of members, as strings.",
        complexity: "O(1) for each member requested.",
        args: &[Arg::key("key"), Arg::string("member").multiple().optional()],
        ..GEODIST.docs
    },
    ..GEODIST
};

fn geohash(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    each_member(context, args, reply, |score, reply| match score {
        Some(score) => reply.bulk(&text_of(score)),
        None => reply.null(),
    })
}

/// A score as a geohash of eleven characters. Those cover all latitudes, other than the grid does; the last character
/// would need more bits than there are, and is a zero.
fn text_of(score: f64) -> [u8; 11] {
    const CHARACTERS: &[u8; 32] = b"0123456789bcdefghjkmnpqrstuvwxyz";
    let bits = encode(point_of(score), (-90.0, 90.0), super::grid::STEPS);
    std::array::from_fn(|at| if at == 10 { b'0' } else { CHARACTERS[(bits >> (47 - 5 * at)) as usize & 31] })
}

/// GEOPOS.
pub(super) const GEOPOS: Command = Command {
    name: "geopos",
    handler: geopos,
    docs: Docs { summary: "Returns where members are: longitude and latitude.", ..GEOHASH.docs },
    ..GEOHASH
};

fn geopos(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    each_member(context, args, reply, |score, reply| match score.map(point_of) {
        Some(point) => {
            reply.array(2);
            write_score(point.longitude, reply);
            write_score(point.latitude, reply);
        }
        None => reply.null_array(),
    })
}

/// Answers with an array of what `show` writes for the score of each member.
fn each_member(
    context: &mut Context<'_>,
    args: &Args<'_>,
    reply: &mut Reply<'_>,
    show: impl Fn(Option<f64>, &mut Reply<'_>),
) -> Result<(), Error> {
    let key = context.key(&args[1]);
    let found = context.find(key);
    let members = found.as_ref().map(|found| Members::of(found.value())).transpose()?;
    reply.array(args.len() - 2);
    for member in args.iter_from(2) {
        show(members.and_then(|members| members.score(member)), reply);
    }
    Ok(())
}
