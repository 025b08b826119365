//! What does not change anything: categories, trials, passwords to choose, who this is.

use super::{EVERYBODYS, OPERATORS};
use crate::help;
use crate::parse::{int, is, until_nul};
use redstart_command::{Acl, Arg, Args, Arity, Command, Context, Docs, Error, Group, Reply};

pub(super) const CAT: Command = Command {
    name: "cat",
    handler: cat,
    arity: Arity::AtLeast(2),
    flags: EVERYBODYS,
    docs: Docs {
        summary: "Lists the categories of commands, or the commands of one.",
        since: "6.0.0",
        group: Group::Server,
        complexity: "O(1) since the categories and commands are a fixed set.",
        args: &[Arg::string("category").optional()],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn cat(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let Some(name) = args.get(2) else {
        reply.array(Acl::each().count());
        Acl::each().for_each(|(_, name)| reply.bulk(name.as_bytes()));
        return Ok(());
    };
    if args.len() > 3 {
        return Err(help::wrong_use(context, &args[1]));
    }
    let category = Acl::each().find(|(_, shown)| is(name, shown)).map(|(category, _)| category);
    let category = category.ok_or_else(|| {
        let name = until_nul(name);
        Error::Bytes([b"ERR Unknown category '", &name[..name.len().min(128)], b"'"].concat())
    })?;
    let of_it: Vec<_> = context.shared.registry.all().iter().filter(|one| one.acl.has(category)).collect();
    reply.array(of_it.len());
    of_it.iter().for_each(|command| reply.bulk(command.full_name.as_bytes()));
    Ok(())
}

pub(super) const DRYRUN: Command = Command {
    name: "dryrun",
    handler: dry_run,
    arity: Arity::AtLeast(4),
    flags: OPERATORS,
    docs: Docs {
        summary: "Says whether a user may make a call, which is not made.",
        since: "7.0.0",
        group: Group::Server,
        complexity: "O(1).",
        args: &[Arg::string("username"), Arg::string("command"), Arg::string("arg").optional().multiple()],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// Where the call begins: `ACL DRYRUN <username> <command> ...`.
const CALL: usize = 3;

fn dry_run(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let named = |what: &str, name: &[u8]| {
        Error::Bytes([b"ERR ", what.as_bytes(), b" '", until_nul(name), b"' not found"].concat())
    };
    let registry = &context.shared.registry;
    let user = context.shared.acl.get(&args[2]).ok_or_else(|| named("User", &args[2]))?;
    let unknown = || named("Command", &args[CALL]);
    let mut command = registry.find(&args[CALL]).ok_or_else(unknown)?;
    if let Some(subcommand) = args.get(CALL + 1).filter(|_| !command.subcommands.is_empty()) {
        command = registry.subcommand(command, subcommand).ok_or_else(unknown)?;
    }
    if !command.arity.allows(args.len() - CALL) {
        return Err(Error::WrongArity(command.full_name.clone().into()));
    }
    let call_args = args.skip(CALL);
    let call = context.session.call(context.shared.gate(), command, &call_args);
    match user.check(&call) {
        Ok(()) => reply.ok(),
        Err(denied) => reply.bulk(&call.explain(denied, &user, true)),
    }
    Ok(())
}

pub(super) const GENPASS: Command = Command {
    name: "genpass",
    handler: genpass,
    arity: Arity::AtLeast(2),
    flags: EVERYBODYS,
    docs: Docs {
        summary: "Returns a random password that nobody can guess.",
        since: "6.0.0",
        group: Group::Server,
        complexity: "O(1)",
        args: &[Arg::int("bits").optional()],
        ..Docs::NONE
    },
    ..Command::BASE
};

const MOST_BITS: usize = 4096;

fn genpass(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() > 3 {
        return Err(help::wrong_use(context, &args[1]));
    }
    let bits = args.get(2).map_or(Ok(256), int)?;
    let bits = usize::try_from(bits).ok().filter(|bits| (1..=MOST_BITS).contains(bits)).ok_or(Error::text(
        "ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096",
    ))?;
    let mut bytes = [0; MOST_BITS / 8];
    getrandom::fill(&mut bytes).map_err(|_| Error::text("ERR The operating system gives no random bytes"))?;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    reply.bulk(&digits.as_bytes()[..bits.div_ceil(4)]);
    Ok(())
}

pub(super) const WHOAMI: Command = Command {
    name: "whoami",
    handler: who_am_i,
    arity: Arity::Exactly(2),
    flags: EVERYBODYS,
    docs: Docs {
        summary: "Returns the name of the user that this connection is.",
        since: "6.0.0",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    ..Command::BASE
};

fn who_am_i(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    match context.session.identity.user() {
        Some(user) => reply.bulk(&user.name),
        None => reply.null(),
    }
    Ok(())
}
