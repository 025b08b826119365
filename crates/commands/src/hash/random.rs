//! HRANDFIELD.

use super::edit::{FieldExpiry, refresh_all};
use super::fields::{Fields, passed, time_behind, value_after};
use crate::element::write;
use crate::sample::{Count, Selection, below, present};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply, WorkerStats,
};
use redstart_encoding::FieldTable;
use redstart_encoding::listpack::{Element, Pack};
use std::collections::HashSet;

/// HRANDFIELD.
pub(super) const HRANDFIELD: Command = Command {
    name: "hrandfield",
    handler: hrandfield,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::HASH,
    docs: Docs {
        summary: "Returns random fields: so many different ones, or with a negative count so many that may repeat.",
        since: "6.2.0",
        group: Group::Hash,
        complexity: "O(N) where N is the number of fields returned",
        args: &[
            Arg::key("key"),
            Arg::block("options", &[Arg::int("count"), Arg::flag("withvalues", "WITHVALUES").optional()]).optional(),
        ],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn hrandfield(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let wanted = Wanted::parse(args)?;
    let (stats, key, now) = (context.stats, context.key(&args[1]), FieldExpiry::of(context));
    let (now_ms, most_reply) = (context.now_ms, context.most_reply());
    let found = context.find(key).and_then(|found| refresh_all(found, now));
    let fields = match &found {
        Some(found) => Some(Fields::of(found.value(), now_ms)?).filter(|fields| fields.present() > 0),
        None => None,
    };
    match (wanted, fields) {
        (None, Some(fields)) => fields_at(fields).random(stats, |name, _| write(name, reply)),
        (None, None) => reply.null(),
        (Some(wanted), Some(fields)) if wanted.picks.count != 0 => {
            several(&wanted, fields, (stats, most_reply), reply)?;
        }
        (Some(_), _) => reply.array(0),
    }
    Ok(())
}

/// What a call with a count asks for.
struct Wanted {
    picks: Count,
    values: bool,
}

impl Wanted {
    fn parse(args: &Args<'_>) -> Result<Option<Self>, Error> {
        let wanted = Count::with_option(args, "withvalues")?;
        Ok(wanted.map(|(picks, values)| Self { picks, values }))
    }

    /// Writes the head of the answer: in version 3 a field with its value is an array of its own.
    fn head(&self, count: usize, reply: &mut Reply<'_>) {
        let flat = self.values && reply.version() == 2;
        reply.array(if flat { count * 2 } else { count });
    }

    fn pair(&self, name: Element<'_>, value: Element<'_>, reply: &mut Reply<'_>) {
        if self.values && reply.version() > 2 {
            reply.array(2);
        }
        write(name, reply);
        if self.values {
            write(value, reply);
        }
    }
}

fn several(
    wanted: &Wanted,
    fields: Fields<'_>,
    (stats, most_reply): (&WorkerStats, usize),
    reply: &mut Reply<'_>,
) -> Result<(), Error> {
    wanted.picks.check(most_reply)?;
    let Count { count, repeats } = wanted.picks;
    let size = fields.present();
    if repeats || count == 1 {
        wanted.head(count as usize, reply);
        let picks = fields_at(fields);
        for _ in 0..count {
            if reply.position() >= most_reply {
                break;
            }
            picks.random(stats, |name, value| wanted.pair(name, value, reply));
        }
        return Ok(());
    }
    if count >= size as u64 {
        wanted.head(size, reply);
        fields.each(|name, value| wanted.pair(name, value, reply));
        return Ok(());
    }
    let count = count as usize;
    wanted.head(count, reply);
    match fields {
        // Picking few of many at random seldom meets one twice.
        Fields::Table(table, now_ms) if count * 3 <= size => {
            distinct((table, now_ms), count, stats, |name, value| wanted.pair(name, value, reply));
        }
        _ => {
            let mut selection = Selection::new(size, count);
            fields.each(|name, value| {
                if selection.next(stats) {
                    wanted.pair(name, value, reply);
                }
            });
        }
    }
    Ok(())
}

/// Shows `count` different fields of a table that has far more.
fn distinct(
    (table, now_ms): (&FieldTable, i64),
    count: usize,
    stats: &WorkerStats,
    mut show: impl FnMut(Element<'_>, Element<'_>),
) {
    let mut taken = HashSet::with_capacity(count);
    while taken.len() < count {
        let Some(field) = present(table, now_ms, stats) else { return };
        if taken.insert(field.name().as_ptr()) {
            show(Element::Bytes(field.name()), Element::Bytes(field.value()));
        }
    }
}

/// A hash ready for random picks: the small encodings have to be walked once to know where their fields are.
enum Picks<'a> {
    Pack(&'a Pack, Vec<usize>),
    Table(&'a FieldTable, i64),
}

fn fields_at(fields: Fields<'_>) -> Picks<'_> {
    match fields {
        Fields::Pack(pack) => Picks::Pack(pack, pack.iter().step_by(2).map(|(at, _)| at).collect()),
        Fields::Timed(pack, now_ms) => {
            let names = pack.iter().step_by(3).map(|(at, _)| at);
            let there = names.filter(|&at| !passed(time_behind(pack, value_after(pack, at)), now_ms));
            Picks::Pack(pack, there.collect())
        }
        Fields::Table(table, now_ms) => Picks::Table(table, now_ms),
    }
}

impl Picks<'_> {
    fn random(&self, stats: &WorkerStats, show: impl FnOnce(Element<'_>, Element<'_>)) {
        match self {
            Self::Pack(pack, places) => {
                let at = places[below(stats, places.len())];
                show(pack.get(at), pack.get(value_after(pack, at)));
            }
            Self::Table(table, now_ms) => {
                if let Some(field) = present(table, *now_ms, stats) {
                    show(Element::Bytes(field.name()), Element::Bytes(field.value()));
                }
            }
        }
    }
}
