//! MEMORY STATS: what takes how much, under Redis's names.

use super::TIPS;
use super::figures::{Figures, difference, ratio};
use redstart_command::{Args, Arity, Command, Context, Docs, Error, Group, Reply};

pub(super) const STATS: Command = Command {
    name: "stats",
    handler: stats,
    arity: Arity::Exactly(2),
    docs: Docs {
        summary: "Shows what takes how much memory.",
        since: "4.0.0",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: TIPS,
    ..Command::BASE
};

/// A value of the answer.
enum Field {
    Bytes(usize),
    Difference(i64),
    Ratio(f64),
}

fn stats(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let figures = Figures::new(context);
    let (head, tail) = (head(&figures), tail(&figures));
    reply.map(head.len() + figures.databases.len() + tail.len());
    write(&head, reply);
    for (number, table_bytes) in &figures.databases {
        reply.bulk(format!("db.{number}").as_bytes());
        reply.map(2);
        // An expiry stands in its entry, so that there is no second table.
        write(
            &[("overhead.hashtable.main", Field::Bytes(*table_bytes)), ("overhead.hashtable.expires", Field::Bytes(0))],
            reply,
        );
    }
    write(&tail, reply);
    Ok(())
}

fn write(fields: &[(&str, Field)], reply: &mut Reply<'_>) {
    for (name, value) in fields {
        reply.bulk(name.as_bytes());
        match value {
            Field::Bytes(bytes) => reply.count(*bytes),
            Field::Difference(bytes) => reply.int(*bytes),
            Field::Ratio(ratio) => reply.double(ratio.to_string().as_bytes()),
        }
    }
}

/// What stands before the databases. There are no replicas and no cluster to take anything.
fn head(figures: &Figures) -> Vec<(&'static str, Field)> {
    const NOTHING: [&str; 3] = ["replication.backlog", "replica.fullsync.buffer", "clients.slaves"];
    let nothing = |name| (name, Field::Bytes(0));
    let mut fields = vec![
        ("peak.allocated", Field::Bytes(figures.peak)),
        ("total.allocated", Field::Bytes(figures.used)),
        ("startup.allocated", Field::Bytes(figures.startup)),
    ];
    fields.extend(NOTHING.map(nothing));
    fields.push(("clients.normal", Field::Bytes(figures.clients)));
    fields.extend([
        nothing("cluster.links"),
        ("aof.buffer", Field::Bytes(figures.aof_buffer)),
        ("lua.caches", Field::Bytes(figures.script_caches)),
        ("functions.caches", Field::Bytes(figures.function_caches)),
        ("script.VMs", Field::Bytes(figures.interpreters)),
    ]);
    fields
}

fn tail(figures: &Figures) -> Vec<(&'static str, Field)> {
    let Figures { used, peak, resident, allocator, .. } = *figures;
    let data = used.saturating_sub(figures.startup);
    vec![
        ("overhead.db.hashtable.lut", Field::Bytes(figures.tables())),
        ("overhead.db.hashtable.rehashing", Field::Bytes(0)),
        ("overhead.total", Field::Bytes(figures.overhead())),
        ("db.dict.rehashing.count", Field::Bytes(0)),
        ("keys.count", Field::Bytes(figures.keys)),
        ("keys.bytes-per-key", Field::Bytes(data.checked_div(figures.keys).unwrap_or(0))),
        ("dataset.bytes", Field::Bytes(figures.dataset())),
        ("dataset.percentage", Field::Ratio(figures.dataset_percent())),
        ("peak.percentage", Field::Ratio(100.0 * ratio(used, peak))),
        ("allocator.allocated", Field::Bytes(allocator.allocated)),
        ("allocator.active", Field::Bytes(allocator.active)),
        ("allocator.resident", Field::Bytes(allocator.resident)),
        ("allocator.muzzy", Field::Bytes(0)),
        ("allocator-fragmentation.ratio", Field::Ratio(ratio(allocator.active, allocator.allocated))),
        ("allocator-fragmentation.bytes", Field::Difference(difference(allocator.active, allocator.allocated))),
        ("allocator-rss.ratio", Field::Ratio(ratio(allocator.resident, allocator.active))),
        ("allocator-rss.bytes", Field::Difference(difference(allocator.resident, allocator.active))),
        ("rss-overhead.ratio", Field::Ratio(ratio(resident, allocator.resident))),
        ("rss-overhead.bytes", Field::Difference(difference(resident, allocator.resident))),
        ("fragmentation", Field::Ratio(ratio(resident, used))),
        ("fragmentation.bytes", Field::Difference(difference(resident, used))),
    ]
}
