//! EVAL and related commands: scripts that come with the call, or are named by their SHA-1.

use crate::compiled::{Compiled, Machine, NO_MEMORY, machine, sha, sha_of};
use crate::run::{Job, run};
use crate::shebang;
use redstart_command::scripts::{Kind, ScriptFlags};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply, Shared,
};
use redstart_encoding::int::parse_i64;
use std::ops::Range;
use std::sync::atomic::Ordering;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[EVAL, EVAL_RO, EVALSHA, EVALSHA_RO]);

/// The flags of all commands that run scripts.
pub(crate) const CALLS: Flags = Flags::NO_SCRIPT
    .with(Flags::SKIP_MONITOR)
    .with(Flags::NO_MANDATORY_KEYS)
    .with(Flags::STALE)
    .with(Flags::LOCKS_ITSELF);
/// The key specs of commands that may write.
pub(crate) const WRITTEN: &[KeySpec] = &[KeySpec::counted(2, 1, Access::RW.with(Access::ACCESS).with(Access::UPDATE))
    .note("We cannot tell how the keys will be used so we assume the worst, RW and UPDATE")];
/// The key specs of read-only commands.
pub(crate) const READ: &[KeySpec] = &[KeySpec::counted(2, 1, Access::RO.with(Access::ACCESS))
    .note("We cannot tell how the keys will be used so we assume the worst, RO and ACCESS")];

const EVAL: Command = Command {
    name: "eval",
    handler: eval,
    arity: Arity::AtLeast(3),
    keys: WRITTEN,
    alone: Some(eval_alone),
    may_write: Some(eval_writes),
    may_take_memory: Some(eval_takes_memory),
    flags: CALLS.with(Flags::MAY_REPLICATE),
    acl: Acl::SCRIPTING,
    docs: Docs {
        summary: "Runs a Lua script.",
        since: "2.6.0",
        group: Group::Scripting,
        complexity: "Depends on the script that is executed.",
        args: &[
            Arg::string("script"),
            Arg::int("numkeys"),
            Arg::key("key").optional().multiple(),
            Arg::string("arg").optional().multiple(),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

const EVAL_RO: Command = Command {
    name: "eval_ro",
    handler: eval_ro,
    keys: READ,
    may_write: None,
    flags: CALLS.with(Flags::READONLY),
    docs: Docs { summary: "Runs a Lua script that does not change data.", since: "7.0.0", ..EVAL.docs },
    ..EVAL
};

fn eval(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    eval_body(context, args, reply, false)
}

fn eval_ro(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    eval_body(context, args, reply, true)
}

const EVALSHA: Command = Command {
    name: "evalsha",
    handler: evalsha,
    keys: &[KeySpec::counted(2, 1, Access::RW.with(Access::ACCESS).with(Access::UPDATE))],
    alone: Some(evalsha_alone),
    may_write: Some(evalsha_writes),
    may_take_memory: Some(evalsha_takes_memory),
    docs: Docs {
        summary: "Runs a Lua script that is in the cache, by its SHA-1.",
        args: &[
            Arg::string("sha1"),
            Arg::int("numkeys"),
            Arg::key("key").optional().multiple(),
            Arg::string("arg").optional().multiple(),
        ],
        ..EVAL.docs
    },
    ..EVAL
};

const EVALSHA_RO: Command = Command {
    name: "evalsha_ro",
    handler: evalsha_ro,
    keys: &[KeySpec::counted(2, 1, Access::RO.with(Access::ACCESS))],
    may_write: None,
    flags: EVAL_RO.flags,
    docs: Docs {
        summary: "Runs a Lua script that is in the cache and does not change data, by its SHA-1.",
        since: "7.0.0",
        ..EVALSHA.docs
    },
    ..EVALSHA
};

fn evalsha(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    eval_sha(context, args, reply, false)
}

fn evalsha_ro(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    eval_sha(context, args, reply, true)
}

/// A script without a shebang may access anything; any other runs alone if it declares that, or was found to need it.
fn eval_alone(shared: &Shared, args: &Args<'_>) -> bool {
    let body = &args[1];
    if !body.starts_with(b"#!") {
        return true;
    }
    match shared.scripts.get(&sha_of(body)) {
        Some(script) => script.alone.load(Ordering::Relaxed),
        None => shebang::script(body)
            .is_ok_and(|(flags, _)| flags.is_none_or(|flags| flags.has(ScriptFlags::ALLOW_CROSS_SLOT_KEYS))),
    }
}

fn evalsha_alone(shared: &Shared, args: &Args<'_>) -> bool {
    let script = sha(&args[1]).and_then(|sha| shared.scripts.get(&sha));
    script.is_some_and(|script| script.alone.load(Ordering::Relaxed))
}

/// A script may write unless it declares `no-writes`.
fn eval_writes(_: &Shared, args: &Args<'_>) -> bool {
    shebang::script(&args[1]).is_ok_and(|(flags, _)| writes(flags))
}

fn evalsha_writes(shared: &Shared, args: &Args<'_>) -> bool {
    let script = sha(&args[1]).and_then(|sha| shared.scripts.get(&sha));
    script.is_none_or(|script| writes(script.flags))
}

fn eval_takes_memory(_: &Shared, args: &Args<'_>) -> bool {
    shebang::script(&args[1]).is_ok_and(|(flags, _)| takes_memory(flags))
}

fn evalsha_takes_memory(shared: &Shared, args: &Args<'_>) -> bool {
    let script = sha(&args[1]).and_then(|sha| shared.scripts.get(&sha));
    script.is_some_and(|script| takes_memory(script.flags))
}

/// Whether a script with these flags is refused when the server is out of memory. Without flags, its commands are
/// checked instead.
pub(crate) fn takes_memory(flags: Option<ScriptFlags>) -> bool {
    flags.is_some_and(|flags| !flags.has(ScriptFlags::NO_WRITES) && !flags.has(ScriptFlags::ALLOW_OOM))
}

/// Whether a script with these flags may write.
pub(crate) fn writes(flags: Option<ScriptFlags>) -> bool {
    flags.is_none_or(|flags| !flags.has(ScriptFlags::NO_WRITES))
}

/// The range of the keys among the arguments.
pub(crate) fn keys(args: &Args<'_>, refusal: Error) -> Result<Range<usize>, Error> {
    let count = parse_i64(&args[2]).ok_or(refusal)?;
    if count > (args.len() - 3) as i64 {
        return Err(Error::text("ERR Number of keys can't be greater than number of args"));
    }
    let count = usize::try_from(count).map_err(|_| Error::text("ERR Number of keys can't be negative"))?;
    Ok(3..3 + count)
}

fn eval_body(context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>, reading: bool) -> Result<(), Error> {
    let keys = keys(args, Error::NotInteger)?;
    let machine = machine(Kind::Eval, context.shared)?;
    let compiled = machine.by_body(context.shared, &args[1])?;
    start(context, args, reply, &machine, &compiled, keys, reading)
}

fn eval_sha(context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>, reading: bool) -> Result<(), Error> {
    const NO_SCRIPT: Error = Error::text("NOSCRIPT No matching script. Please use EVAL.");
    let sha = sha(&args[1]).ok_or(NO_SCRIPT)?;
    let keys = keys(args, Error::NotInteger)?;
    let machine = machine(Kind::Eval, context.shared)?;
    let compiled = machine.by_sha(context.shared, &sha)?.ok_or(NO_SCRIPT)?;
    start(context, args, reply, &machine, &compiled, keys, reading)
}

fn start(
    context: &mut Context<'_>,
    args: &Args<'_>,
    reply: &mut Reply<'_>,
    machine: &Machine,
    compiled: &Compiled,
    keys: Range<usize>,
    reading: bool,
) -> Result<(), Error> {
    let (vm, script) = (&machine.vm, &compiled.script);
    script.touch();
    let job = Job {
        name: &script.sha,
        kind: Kind::Eval,
        flags: script.flags,
        reading,
        alone: &script.alone,
        command: &|| args.to_vecs(),
    };
    let end = keys.end;
    vm.set_arguments(keys.map(|at| &args[at]), args.iter_from(end)).map_err(|_| NO_MEMORY)?;
    let function = vm.kept(&compiled.function).map_err(|_| NO_MEMORY)?;
    run(context, reply, vm, &job, || vm.run(&function))
}
