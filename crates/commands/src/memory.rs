//! MEMORY: what a key takes, what all takes, and what may be wrong.

mod doctor;
pub(crate) mod figures;
mod stats;

use crate::help;
use crate::parse::{int, is};
use redstart_command::{
    Access, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply, ValueRef,
};
use redstart_encoding::Entry;
use redstart_encoding::object::FieldTable;
use redstart_sys::alloc::size_class;
use stats::STATS;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[MEMORY]);

const MEMORY: Command = Command {
    name: "memory",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Holds the commands about memory.",
        since: "4.0.0",
        group: Group::Server,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[DOCTOR, HELP, MALLOC_STATS, PURGE, STATS, USAGE],
    ..Command::BASE
};

const USAGE: Command = Command {
    name: "usage",
    handler: usage,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(2, Access::RO)],
    flags: Flags::READONLY,
    docs: Docs {
        summary: "Tells about how many bytes a key and its value take.",
        since: "4.0.0",
        group: Group::Server,
        complexity: "O(N) with N samples",
        args: &[Arg::key("key"), Arg::int("count").token("SAMPLES").optional()],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// Elements of a collection that are measured where SAMPLES does not say how many.
const SAMPLES: usize = 5;

fn usage(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut samples = SAMPLES;
    let mut at = 3;
    while at < args.len() {
        let number = args.get(at + 1).filter(|_| is(&args[at], "samples")).ok_or(Error::Syntax)?;
        samples = match usize::try_from(int(number)?) {
            Ok(0) => usize::MAX,
            Ok(number) => number,
            Err(_) => return Err(Error::Syntax),
        };
        at += 2;
    }
    let (key, database) = (context.key(&args[2]), context.session.database);
    let Some(own) = context.peek(key).map(|found| bytes_of(&found, samples)) else {
        reply.null();
        return Ok(());
    };
    let table = context.access.slot(key.hash()).table(database);
    let share = table.map_or(0, |table| table.table_size() / table.len().max(1));
    reply.count(own + share);
    Ok(())
}

/// Bytes of an entry: its block, and what its value has outside.
fn bytes_of(entry: &Entry, samples: usize) -> usize {
    let outside = match entry.value() {
        ValueRef::HashPack(_)
        | ValueRef::HashPackTimed(_)
        | ValueRef::ListPack(_)
        | ValueRef::SetPack(_)
        | ValueRef::SortedPack(_) => entry.pack_size(),
        ValueRef::HashTable(table) | ValueRef::SetTable(table) => {
            size_of::<FieldTable>() + table.table_size() + fields(table, samples)
        }
        ValueRef::IntSet(set) => size_class(set.byte_len()),
        ValueRef::QuickList(list) => size_of_val(list) + list.heap_bytes(samples),
        ValueRef::SortedSet(set) => size_of_val(set) + set.heap_bytes(),
        ValueRef::Stream(stream) => size_of_val(stream) + stream.heap_bytes(),
        ValueRef::Array(array) => size_of_val(array) + array.heap_bytes(),
        // A value that does not stand right behind its key has a buffer of its own.
        ValueRef::Bytes { bytes, .. } if bytes.as_ptr() != entry.key().as_ptr_range().end => {
            size_class(bytes.len()) + size_of::<Vec<u8>>()
        }
        ValueRef::Int(_) | ValueRef::Bytes { .. } => 0,
    };
    size_class(entry.block_size()) + outside
}

/// Bytes of all fields, from the mean of some.
fn fields(table: &FieldTable, samples: usize) -> usize {
    let mut measured = 0;
    let mut sum = 0;
    for field in table.iter().take(samples) {
        measured += 1;
        sum += size_class(field.block_size());
    }
    (sum * table.len()).checked_div(measured).unwrap_or(0)
}

const TIPS: &[&str] = &["nondeterministic_output", "request_policy:all_shards", "response_policy:special"];

const DOCTOR: Command = Command {
    name: "doctor",
    handler: doctor,
    arity: Arity::Exactly(2),
    docs: Docs {
        summary: "Says in words what is unusual about the memory in use.",
        since: "4.0.0",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: TIPS,
    ..Command::BASE
};

fn doctor(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let figures = figures::Figures::new(context);
    let clients = context.shared.clients.len();
    reply.verbatim("txt", doctor::advice(&figures, clients).as_bytes());
    Ok(())
}

const MALLOC_STATS: Command = Command {
    name: "malloc-stats",
    handler: malloc_stats,
    arity: Arity::Exactly(2),
    docs: Docs {
        summary: "Shows all that the allocator counts.",
        since: "4.0.0",
        group: Group::Server,
        complexity: "Depends on how much memory is allocated, could be slow",
        ..Docs::NONE
    },
    tips: TIPS,
    ..Command::BASE
};

fn malloc_stats(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let report = context.shared.host().allocator_report();
    let report = report.unwrap_or_else(|| "The allocator of this process has nothing to say".to_owned());
    reply.verbatim("txt", report.as_bytes());
    Ok(())
}

const PURGE: Command = Command {
    name: "purge",
    handler: purge,
    arity: Arity::Exactly(2),
    docs: Docs {
        summary: "Has the allocator give memory back that nobody uses.",
        since: "4.0.0",
        group: Group::Server,
        complexity: "Depends on how much memory is allocated, could be slow",
        ..Docs::NONE
    },
    tips: &["request_policy:all_shards", "response_policy:all_succeeded"],
    ..Command::BASE
};

fn purge(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    context.shared.host().purge_memory();
    reply.ok();
    Ok(())
}

const HELP: Command = help::command(show_help, "4.0.0", Group::Server);

fn show_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    help::write(
        context,
        reply,
        &[
            ("DOCTOR", "What is unusual about the memory in use, in words."),
            ("MALLOC-STATS", "All that the allocator counts."),
            ("PURGE", "Has the allocator give memory back that nobody uses."),
            ("STATS", "What takes how much memory."),
            (
                "USAGE <key> [SAMPLES <count>]",
                "About how many bytes a key and its value take. Of a collection, so many\n\
                 elements are measured (5 by default; 0 means all).",
            ),
        ],
    );
    Ok(())
}
