//! SCRIPT: the cache of scripts, and killing an overdue script.

use crate::compiled::{drop_machine, machine, sha, sha_of};
use redstart_command::scripts::Kind;
use redstart_command::{Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};
use redstart_commands::help;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[SCRIPT]);

const SCRIPT: Command = Command {
    name: "script",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Groups what there is about the cache of scripts.",
        since: "2.6.0",
        group: Group::Scripting,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[DEBUG, EXISTS, FLUSH, HELP, KILL, LOAD, SHOW],
    ..Command::BASE
};

const BASE: Command = Command {
    acl: Acl::SCRIPTING,
    flags: Flags::NO_SCRIPT,
    docs: Docs { since: "2.6.0", group: Group::Scripting, complexity: "O(1)", ..Docs::NONE },
    ..Command::BASE
};

const LOAD: Command = Command {
    name: "load",
    handler: load,
    arity: Arity::Exactly(3),
    flags: Flags::NO_SCRIPT.with(Flags::STALE),
    docs: Docs {
        summary: "Puts a script into the cache and returns its SHA-1.",
        complexity: "O(N) with N being the length in bytes of the script body.",
        args: &[Arg::string("script")],
        ..BASE.docs
    },
    tips: &["request_policy:all_nodes", "response_policy:all_succeeded"],
    ..BASE
};

fn load(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (shared, body) = (context.shared, &args[2]);
    let machine = machine(Kind::Eval, shared)?;
    let sha = sha_of(body);
    match shared.scripts.get(&sha) {
        Some(script) => drop(shared.scripts.add(sha, body, script.flags, true)),
        None => drop(machine.add(shared, sha, body, true)?),
    }
    reply.bulk(&sha);
    Ok(())
}

const EXISTS: Command = Command {
    name: "exists",
    handler: exists,
    arity: Arity::AtLeast(3),
    docs: Docs {
        summary: "Tells which scripts are in the cache.",
        complexity: "O(N) with N being the number of scripts to check (so checking a single script is an O(1) operation).",
        args: &[Arg::string("sha1").multiple()],
        ..BASE.docs
    },
    tips: &["request_policy:all_shards", "response_policy:agg_logical_and"],
    ..BASE
};

fn exists(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.array(args.len() - 2);
    for name in args.iter_from(2) {
        let there = sha(name).is_some_and(|sha| context.shared.scripts.get(&sha).is_some());
        reply.int(i64::from(there));
    }
    Ok(())
}

const FLUSH: Command = Command {
    name: "flush",
    handler: flush,
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Empties the cache of scripts.",
        complexity: "O(N) with N being the number of scripts in cache",
        args: &[Arg::one_of("flush-type", &[Arg::flag("async", "ASYNC"), Arg::flag("sync", "SYNC")])
            .optional()
            .since("6.2.0")],
        history: &[("6.2.0", "Takes `ASYNC` and `SYNC`.")],
        ..BASE.docs
    },
    tips: &["request_policy:all_nodes", "response_policy:all_succeeded"],
    ..BASE
};

fn flush(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let known = |word: &[u8]| word.eq_ignore_ascii_case(b"sync") || word.eq_ignore_ascii_case(b"async");
    if args.len() > 3 || args.get(2).is_some_and(|word| !known(word)) {
        return Err(Error::text("ERR SCRIPT FLUSH only support SYNC|ASYNC option"));
    }
    // Both take little time: each thread drops its interpreter when it runs its next script.
    context.shared.scripts.flush();
    drop_machine(Kind::Eval);
    reply.ok();
    Ok(())
}

const KILL: Command = Command {
    name: "kill",
    handler: kill,
    arity: Arity::Exactly(2),
    flags: Flags::NO_SCRIPT.with(Flags::ALLOW_BUSY),
    docs: Docs { summary: "Ends the script that runs for too long.", ..BASE.docs },
    tips: &["request_policy:all_shards", "response_policy:one_succeeded"],
    ..BASE
};

fn kill(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    context.shared.scripts.kill(Kind::Eval)?;
    reply.ok();
    Ok(())
}

const SHOW: Command = Command {
    name: "show",
    handler: show,
    arity: Arity::Exactly(3),
    flags: Flags::NO_SCRIPT.with(Flags::STALE),
    docs: Docs {
        summary: "Returns a script that is in the cache.",
        since: "8.0.0",
        complexity: "O(1).",
        args: &[Arg::string("sha1")],
        ..BASE.docs
    },
    ..BASE
};

fn show(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let script = sha(&args[2]).and_then(|sha| context.shared.scripts.get(&sha));
    let script = script.ok_or(Error::text("NOSCRIPT No matching script. Please use EVAL."))?;
    reply.bulk(&script.body);
    Ok(())
}

const DEBUG: Command = Command {
    name: "debug",
    handler: debug,
    arity: Arity::Exactly(3),
    docs: Docs {
        summary: "Would let a debugger into scripts; there is none.",
        since: "3.2.0",
        args: &[Arg::one_of("mode", &[Arg::flag("yes", "YES"), Arg::flag("sync", "SYNC"), Arg::flag("no", "NO")])],
        ..BASE.docs
    },
    ..BASE
};

fn debug(_: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    match args[2].to_ascii_lowercase().as_slice() {
        b"no" => {
            reply.ok();
            Ok(())
        }
        b"yes" | b"sync" => Err(Error::text("ERR There is no debugger for scripts in this server")),
        _ => Err(Error::text("ERR Use SCRIPT DEBUG YES/SYNC/NO")),
    }
}

const HELP: Command = Command { acl: Acl::SCRIPTING, ..help::command(help, "5.0.0", BASE.docs.group) };

fn help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let lines = [
        ("DEBUG (YES|SYNC|NO)", "Would let a debugger into scripts. There is none: only NO is taken."),
        ("EXISTS <sha1> [<sha1> ...]", "Tells for each whether the cache has it."),
        ("FLUSH [ASYNC|SYNC]", "Empties the cache."),
        ("KILL", "Ends the script that runs for too long, unless it has written."),
        ("LOAD <script>", "Puts a script into the cache and returns its SHA-1."),
        ("SHOW <sha1>", "Returns a script's source."),
    ];
    help::write(context, reply, &lines);
    Ok(())
}
