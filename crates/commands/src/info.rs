//! INFO: what the server knows of itself, in sections of `field:value` lines: Redis's sections and fields, in its order.
//!
//! A field is there with its true value, or, where it is about something that this server does not have (yet), with the
//! value that says so.

mod engine;
mod keyspace;
mod memory;
mod stats;
mod text;

pub(crate) use keyspace::survey;

use crate::parse::is;
use redstart_command::{Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};
use std::fmt::{Display, Write};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[INFO]);

const INFO: Command = Command {
    name: "info",
    handler: info,
    arity: Arity::AtLeast(1),
    flags: Flags::LOADING.with(Flags::STALE),
    acl: Acl::DANGEROUS,
    docs: Docs {
        summary: "Tells what the server knows of itself: versions, memory, load, keys.",
        since: "1.0.0",
        group: Group::Server,
        complexity: "O(1)",
        args: &[Arg::string("section").optional().multiple()],
        history: &[("7.0.0", "Takes several sections.")],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
    ..Command::BASE
};

/// A section: how it is asked for, how it is headed, and what writes it.
struct Section {
    name: &'static str,
    title: &'static str,
    /// Shown where no section is asked for.
    default: bool,
    /// Shown for `all`. What takes a walk over all keys is not.
    all: bool,
    write: fn(&mut Context<'_>, &mut Fields<'_>),
}

const fn section(name: &'static str, title: &'static str, write: fn(&mut Context<'_>, &mut Fields<'_>)) -> Section {
    Section { name, title, default: true, all: true, write }
}

const fn on_request(section: Section) -> Section {
    Section { default: false, ..section }
}

/// All sections, in the order in which they are shown.
const SECTIONS: &[Section] = &[
    section("server", "Server", engine::server),
    section("clients", "Clients", engine::clients),
    section("memory", "Memory", memory::memory),
    section("persistence", "Persistence", engine::persistence),
    section("threads", "Threads", engine::threads),
    section("stats", "Stats", stats::stats),
    section("replication", "Replication", engine::replication),
    section("cpu", "CPU", engine::cpu),
    section("modules", "Modules", |_, _| {}),
    on_request(section("commandstats", "Commandstats", stats::commands)),
    section("errorstats", "Errorstats", stats::errors),
    on_request(section("latencystats", "Latencystats", stats::latencies)),
    section("cluster", "Cluster", engine::cluster),
    section("keyspace", "Keyspace", keyspace::keyspace),
    Section { all: false, ..on_request(section("keysizes", "Keysizes", keyspace::sizes)) },
    Section { all: false, ..on_request(section("debug", "Debug", stats::debug)) },
];

fn info(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let asked = |word: &str| args.iter_from(1).any(|argument| is(argument, word));
    let default = args.len() == 1 || asked("default");
    let all = asked("all") || asked("everything");
    let mut text = String::new();
    for section in SECTIONS {
        let named = asked(section.name) || (section.name == "modules" && asked("module_list"));
        if named || (default && section.default) || (all && section.all) {
            if !text.is_empty() {
                text.push_str("\r\n");
            }
            // Writing to a string cannot fail.
            let _ = write!(text, "# {}\r\n", section.title);
            (section.write)(context, &mut Fields(&mut text));
        }
    }
    reply.verbatim("txt", text.as_bytes());
    Ok(())
}

/// Takes the fields of a section.
struct Fields<'a>(&'a mut String);

impl Fields<'_> {
    fn add(&mut self, name: &str, value: impl Display) -> &mut Self {
        let _ = write!(self.0, "{name}:{value}\r\n");
        self
    }

    /// A number of bytes, and again for humans.
    fn bytes(&mut self, name: &str, bytes: usize) -> &mut Self {
        self.add(name, bytes).add(&format!("{name}_human"), text::human(bytes))
    }

    /// Fields about what there is none of.
    fn zeros(&mut self, names: &[&str]) -> &mut Self {
        for name in names {
            self.add(name, 0);
        }
        self
    }
}
