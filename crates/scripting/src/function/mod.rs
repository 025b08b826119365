//! FUNCTION and FCALL: persistent libraries of functions, and calls of them.

mod dump;
mod list;
pub(crate) mod load;
mod manage;
pub(crate) mod register;

use crate::compiled::{NO_MEMORY, machine};
use crate::eval::{CALLS, READ, WRITTEN, keys, takes_memory, writes};
use crate::run::{Job, run};
use crate::vm::raise;
use redstart_command::scripts::{Kind, Libraries, Library};
use redstart_command::{Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply, Shared};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[FCALL, FCALL_RO, FUNCTION]);

const FUNCTION: Command = Command {
    name: "function",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Groups what there is about libraries of functions.",
        since: "7.0.0",
        group: Group::Scripting,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[
        manage::DELETE,
        dump::DUMP,
        manage::FLUSH,
        manage::HELP,
        manage::KILL,
        list::LIST,
        load::LOAD,
        dump::RESTORE,
        list::STATS,
    ],
    ..Command::BASE
};

/// Reads a library's source in this thread's interpreter.
pub(crate) fn read(shared: &Shared, libraries: &Libraries, source: &[u8]) -> Result<Arc<Library>, Error> {
    load::read(shared, libraries, source, false)
}

/// The common part of the subcommands.
const BASE: Command = Command {
    acl: Acl::SCRIPTING,
    flags: Flags::NO_SCRIPT,
    docs: Docs { since: "7.0.0", group: Group::Scripting, complexity: "O(1)", ..Docs::NONE },
    ..Command::BASE
};

/// Libraries belong to no slot, so a command that changes them runs alone if the journal needs the order of changes.
fn journalled(shared: &Shared, _: &Args<'_>) -> bool {
    shared.journal.is_on()
}

const FCALL: Command = Command {
    name: "fcall",
    handler: fcall,
    arity: Arity::AtLeast(3),
    keys: WRITTEN,
    alone: Some(alone),
    may_write: Some(may_write),
    may_take_memory: Some(may_take_memory),
    flags: CALLS.with(Flags::MAY_REPLICATE),
    acl: Acl::SCRIPTING,
    docs: Docs {
        summary: "Calls a function.",
        since: "7.0.0",
        group: Group::Scripting,
        complexity: "Depends on the function that is executed.",
        args: &[
            Arg::string("function"),
            Arg::int("numkeys"),
            Arg::key("key").optional().multiple(),
            Arg::string("arg").optional().multiple(),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

const FCALL_RO: Command = Command {
    name: "fcall_ro",
    handler: fcall_ro,
    keys: READ,
    may_write: None,
    flags: CALLS.with(Flags::READONLY),
    docs: Docs { summary: "Calls a function that does not change data.", ..FCALL.docs },
    ..FCALL
};

fn fcall(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    call(context, args, reply, false)
}

fn fcall_ro(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    call(context, args, reply, true)
}

fn alone(shared: &Shared, args: &Args<'_>) -> bool {
    let libraries = shared.scripts.libraries();
    let found = libraries.function(&args[1]);
    found.is_some_and(|(library, at)| library.functions[at].alone.load(Ordering::Relaxed))
}

fn may_take_memory(shared: &Shared, args: &Args<'_>) -> bool {
    let libraries = shared.scripts.libraries();
    let found = libraries.function(&args[1]);
    found.is_some_and(|(library, at)| takes_memory(Some(library.functions[at].flags)))
}

fn may_write(shared: &Shared, args: &Args<'_>) -> bool {
    let libraries = shared.scripts.libraries();
    let found = libraries.function(&args[1]);
    found.is_none_or(|(library, at)| writes(Some(library.functions[at].flags)))
}

fn call(context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>, reading: bool) -> Result<(), Error> {
    const UNKNOWN: Error = Error::text("ERR Function not found");
    let libraries = context.shared.scripts.libraries();
    let (library, at) = libraries.function(&args[1]).ok_or(UNKNOWN)?;
    let keys = keys(args, Error::text("ERR Bad number of keys provided"))?;
    let machine = machine(Kind::Function, context.shared)?;
    load::follow(&machine, context.shared);
    let callback = load::callback(&machine, library, at).ok_or(UNKNOWN)?;
    let (vm, function, end) = (&machine.vm, &library.functions[at], keys.end);
    let job = Job {
        name: &function.name,
        kind: Kind::Function,
        flags: Some(function.flags),
        reading,
        alone: &function.alone,
        command: &|| args.to_vecs(),
    };
    let prepare = || -> mlua::Result<()> {
        let (keys, rest) = (vm.list(keys.map(|at| &args[at]))?, vm.list(args.iter_from(end))?);
        vm.prepare(&callback, keys, rest)
    };
    prepare().map_err(|_| NO_MEMORY)?;
    run(context, reply, vm, &job, || vm.run_prepared())
}
