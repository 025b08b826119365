//! The searches: GEOSEARCH and GEOSEARCHSTORE, and the older GEORADIUS and its like.

use super::docs::{
    BY, COUNT, FROM, LATITUDE, LONGITUDE, OLD_COUNT, ORDER, RADIUS, STORE, UNIT, WITHCOORD, WITHDIST, WITHHASH,
};
use super::point::write_distance;
use super::query::{Form, Query};
use super::search::{Hit, Hits, search, sort};
use super::shape::Area;
use crate::element::write;
use crate::sorted_set::Members;
use crate::sorted_set::edit::{Limits, from_sorted};
use crate::sorted_set::members::write_score;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Begin, Change, Command, Context, Docs, Error, Event, Expire, Find, Flags, Group,
    KeySpec, Reply,
};

/// GEOSEARCH.
pub(super) const GEOSEARCH: Command = Command {
    name: "geosearch",
    handler: |context, args, reply| run(Form::Search, context, args, reply),
    arity: Arity::AtLeast(7),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::GEO,
    docs: Docs {
        summary: "Returns the members inside of a circle, a box or a polygon.",
        since: "6.2.0",
        group: Group::Geo,
        complexity: "O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape",
        args: &[Arg::key("key"), FROM, BY, ORDER, COUNT, WITHCOORD, WITHDIST, WITHHASH],
        history: &[("7.0.0", "Units in upper case.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// GEOSEARCHSTORE.
pub(super) const GEOSEARCHSTORE: Command = Command {
    name: "geosearchstore",
    handler: |context, args, reply| run(Form::SearchStore, context, args, reply),
    arity: Arity::AtLeast(8),
    keys: &[KeySpec::at(1, STORES), KeySpec::at(2, Access::RO.with(Access::ACCESS))],
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    docs: Docs {
        summary: "Stores the members inside of a circle, a box or a polygon under another key.",
        args: &[
            Arg::key("destination"),
            Arg::key_of("source", 1),
            FROM,
            BY,
            ORDER,
            COUNT,
            Arg::flag("storedist", "STOREDIST").optional(),
        ],
        ..GEOSEARCH.docs
    },
    ..GEOSEARCH
};

const STORES: Access = Access::OW.with(Access::UPDATE);

/// The key behind a word.
const fn key_behind(keyword: &'static str, from: i64) -> KeySpec {
    KeySpec {
        access: STORES,
        begin: Begin::Keyword { keyword, from },
        find: Find::Range { last: 0, step: 1, limit: 0 },
        notes: None,
    }
}

const RADIUS_HISTORY: &[(&str, &str)] = &[("6.2.0", "`ANY` for `COUNT`."), ("7.0.0", "Units in upper case.")];

/// GEORADIUS.
pub(super) const GEORADIUS: Command = Command {
    name: "georadius",
    handler: |context, args, reply| run(Form::Radius { stores: true }, context, args, reply),
    arity: Arity::AtLeast(6),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS)), key_behind("STORE", 6), key_behind("STOREDIST", 6)],
    locate: Some(|args| Form::Radius { stores: true }.store_key(args)),
    flags: Flags::WRITE.with(Flags::DENY_OOM).with(Flags::MOVABLE_KEYS),
    docs: Docs {
        summary: "Returns the members inside of a circle around coordinates, or stores them.",
        since: "3.2.0",
        complexity: "O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.",
        args: &[
            Arg::key("key"),
            LONGITUDE,
            LATITUDE,
            RADIUS,
            UNIT,
            WITHCOORD,
            WITHDIST,
            WITHHASH,
            OLD_COUNT,
            ORDER,
            STORE,
        ],
        history: RADIUS_HISTORY,
        deprecated: Some(("6.2.0", "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument")),
        ..GEOSEARCH.docs
    },
    ..GEOSEARCH
};

/// GEORADIUS_RO.
pub(super) const GEORADIUS_RO: Command = Command {
    name: "georadius_ro",
    handler: |context, args, reply| run(Form::Radius { stores: false }, context, args, reply),
    keys: GEOSEARCH.keys,
    locate: None,
    flags: Flags::READONLY,
    docs: Docs {
        summary: "Returns the members inside of a circle around coordinates.",
        since: "3.2.10",
        args: &[Arg::key("key"), LONGITUDE, LATITUDE, RADIUS, UNIT, WITHCOORD, WITHDIST, WITHHASH, OLD_COUNT, ORDER],
        deprecated: Some(("6.2.0", "`GEOSEARCH` with the `BYRADIUS` argument")),
        ..GEORADIUS.docs
    },
    ..GEORADIUS
};

/// GEORADIUSBYMEMBER.
pub(super) const GEORADIUSBYMEMBER: Command = Command {
    name: "georadiusbymember",
    handler: |context, args, reply| run(Form::RadiusByMember { stores: true }, context, args, reply),
    arity: Arity::AtLeast(5),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS)), key_behind("STORE", 5), key_behind("STOREDIST", 5)],
    locate: Some(|args| Form::RadiusByMember { stores: true }.store_key(args)),
    docs: Docs {
        summary: "Returns the members inside of a circle around another member, or stores them.",
        args: &[
            Arg::key("key"),
            Arg::string("member"),
            RADIUS,
            UNIT,
            WITHCOORD,
            WITHDIST,
            WITHHASH,
            COUNT,
            ORDER,
            STORE,
        ],
        deprecated: Some(("6.2.0", "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments")),
        ..GEORADIUS.docs
    },
    ..GEORADIUS
};

/// GEORADIUSBYMEMBER_RO.
pub(super) const GEORADIUSBYMEMBER_RO: Command = Command {
    name: "georadiusbymember_ro",
    handler: |context, args, reply| run(Form::RadiusByMember { stores: false }, context, args, reply),
    arity: Arity::AtLeast(5),
    docs: Docs {
        summary: "Returns the members inside of a circle around another member.",
        args: &[Arg::key("key"), Arg::string("member"), RADIUS, UNIT, WITHCOORD, WITHDIST, WITHHASH, COUNT, ORDER],
        deprecated: Some(("6.2.0", "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments")),
        ..GEORADIUS_RO.docs
    },
    ..GEORADIUS_RO
};

fn run(form: Form, context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[form.source()]);
    let (destination, stored) = {
        let found = context.find(key);
        let members = found.as_ref().map(|found| Members::of(found.value())).transpose()?;
        let mut query = Query::parse(args, form, members)?;
        let hits = members.zip(query.area()).map_or_else(Hits::new, |(members, area)| find(members, &area, &query));
        let Some(destination) = query.store else {
            answer(&hits, &query, reply);
            return Ok(());
        };
        reply.count(hits.len());
        (destination, pairs(&hits, &query))
    };
    let event = if form.is_search() { "geosearchstore" } else { "georadiusstore" };
    store(context, destination, &stored, event);
    Ok(())
}

/// The members that the answer shows, in its order.
fn find<'a>(members: Members<'a>, area: &Area, query: &Query<'_>) -> Hits<'a> {
    let mut hits = search(members, area, query.count.filter(|_| query.any));
    let count = query.count.unwrap_or(usize::MAX).min(hits.len());
    if let Some(order) = query.order() {
        sort(&mut hits, order, count);
    }
    hits.truncate(count);
    hits
}

/// Stores pairs that are in order as a sorted set, or removes the key where there are none.
fn store(context: &mut Context<'_>, destination: &[u8], pairs: &[(Vec<u8>, f64)], event: &'static str) {
    let destination = context.key(destination);
    if pairs.is_empty() {
        if context.delete(destination) {
            context.commit(destination, Change::deleted());
        }
        return;
    }
    let object = from_sorted(|| pairs.iter().map(|(member, score)| (&member[..], *score)), Limits::of(context));
    context.set(destination, object.into(), Expire::Never);
    context.commit(destination, Change::new(Event::ZSET, event).count(pairs.len()));
}

fn answer(hits: &[Hit<'_>], query: &Query<'_>, reply: &mut Reply<'_>) {
    let options = usize::from(query.distances) + usize::from(query.hashes) + usize::from(query.coordinates);
    reply.array(hits.len());
    for hit in hits {
        if options > 0 {
            reply.array(options + 1);
        }
        write(hit.member, reply);
        if query.distances {
            write_distance(hit.distance / query.unit, reply);
        }
        if query.hashes {
            reply.int(hit.score as i64);
        }
        if query.coordinates {
            reply.array(2);
            write_score(hit.point.longitude, reply);
            write_score(hit.point.latitude, reply);
        }
    }
}

/// What is stored, in the order of a sorted set, each member once.
fn pairs(hits: &[Hit<'_>], query: &Query<'_>) -> Vec<(Vec<u8>, f64)> {
    let score = |hit: &Hit<'_>| if query.store_distances { hit.distance / query.unit } else { hit.score };
    let mut pairs: Vec<_> = hits.iter().map(|hit| (hit.member.to_vec(), score(hit))).collect();
    pairs.sort_by(|one, other| one.1.total_cmp(&other.1).then_with(|| one.0.cmp(&other.0)));
    pairs.dedup();
    pairs
}
