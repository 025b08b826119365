//! COMMAND: what commands there are, as client libraries and proxies ask for it. All of it comes from the registry.

mod docs;
mod info;
mod keys;

use crate::help;
use crate::parse::is;
use redstart_command::{
    Acl, Arg, ArgKind, Args, Arity, Command, Context, Docs, Error, Flags, Group, Registered, Reply,
};
use redstart_encoding::glob;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[COMMAND]);

const COMMAND: Command = Command {
    name: "command",
    handler: command,
    arity: Arity::AtLeast(1),
    flags: Flags::LOADING.with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Describes all commands.",
        since: "2.8.13",
        group: Group::Server,
        complexity: "O(N) with N commands",
        ..Docs::NONE
    },
    tips: &["nondeterministic_output_order"],
    subcommands: &[COUNT, DOCS, GETKEYS, GETKEYSANDFLAGS, HELP, INFO, LIST],
    ..Command::BASE
};

fn command(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let registry = &context.shared.registry;
    reply.array(registry.commands().count());
    for command in registry.commands() {
        info::write(registry, command, reply);
    }
    Ok(())
}

const COUNT: Command = Command {
    name: "count",
    handler: count,
    arity: Arity::Exactly(2),
    flags: Flags::LOADING.with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Counts the commands.",
        since: "2.8.13",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    ..Command::BASE
};

fn count(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.count(context.shared.registry.commands().count());
    Ok(())
}

const INFO: Command = Command {
    name: "info",
    handler: info,
    arity: Arity::AtLeast(2),
    flags: Flags::LOADING.with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Describes some commands, or all.",
        since: "2.8.13",
        group: Group::Server,
        complexity: "O(N) with N commands to describe",
        args: &[Arg::string("command-name").optional().multiple()],
        history: &[("7.0.0", "Describes all commands where none is named.")],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output_order"],
    ..Command::BASE
};

fn info(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() == 2 {
        return command(context, args, reply);
    }
    let registry = &context.shared.registry;
    reply.array(args.len() - 2);
    for name in args.iter_from(2) {
        match registry.find_full(name) {
            Some(command) => info::write(registry, command, reply),
            None => reply.null(),
        }
    }
    Ok(())
}

const DOCS: Command = Command {
    name: "docs",
    handler: docs,
    arity: Arity::AtLeast(2),
    flags: Flags::LOADING.with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Documents some commands, or all.",
        since: "7.0.0",
        group: Group::Server,
        complexity: "O(N) with N commands to document",
        args: &[Arg::string("command-name").optional().multiple()],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output_order"],
    ..Command::BASE
};

fn docs(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let registry = &context.shared.registry;
    let wanted: Vec<&Registered> = match args.len() {
        2 => registry.commands().collect(),
        _ => args.iter_from(2).filter_map(|name| registry.find_full(name)).collect(),
    };
    reply.map(wanted.len());
    for command in wanted {
        docs::write_named(registry, command, reply);
    }
    Ok(())
}

const LIST: Command = Command {
    name: "list",
    handler: list,
    arity: Arity::AtLeast(2),
    flags: Flags::LOADING.with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Names the commands, all or some.",
        since: "7.0.0",
        group: Group::Server,
        complexity: "O(N) with N commands",
        args: &[Arg::one_of(
            "filterby",
            &[
                Arg::string("module-name").token("MODULE"),
                Arg::string("category").token("ACLCAT"),
                Arg::new("pattern", ArgKind::Pattern).token("PATTERN"),
            ],
        )
        .token("FILTERBY")
        .optional()],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output_order"],
    ..Command::BASE
};

/// What FILTERBY asks for.
enum Filter<'a> {
    All,
    Module,
    Category(Option<Acl>),
    Pattern(&'a [u8]),
}

impl Filter<'_> {
    fn lets_through(&self, command: &Registered) -> bool {
        match self {
            Self::All => true,
            // Every command is the server's own.
            Self::Module => false,
            Self::Category(category) => category.is_some_and(|category| command.acl.has(category)),
            Self::Pattern(pattern) => glob::matches_ignore_case(pattern, command.full_name.as_bytes()),
        }
    }
}

fn list(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let filter = filter(args)?;
    let callable = |command: &&Registered| command.parent.is_some() || !command.name.is_empty();
    let shown: Vec<&Registered> =
        context.shared.registry.all().iter().filter(callable).filter(|command| filter.lets_through(command)).collect();
    reply.array(shown.len());
    for command in shown {
        reply.bulk(command.full_name.as_bytes());
    }
    Ok(())
}

fn filter<'a>(args: &'a Args<'_>) -> Result<Filter<'a>, Error> {
    match args.len() {
        2 => Ok(Filter::All),
        5 if is(&args[2], "filterby") => {
            let value = &args[4];
            match args[3].to_ascii_lowercase().as_slice() {
                b"module" => Ok(Filter::Module),
                b"aclcat" => Ok(Filter::Category(category(value))),
                b"pattern" => Ok(Filter::Pattern(value)),
                _ => Err(Error::Syntax),
            }
        }
        _ => Err(Error::Syntax),
    }
}

fn category(name: &[u8]) -> Option<Acl> {
    Acl::each().find(|(_, shown)| is(name, shown)).map(|(category, _)| category)
}

const GETKEYS: Command = Command {
    name: "getkeys",
    handler: get_keys,
    arity: Arity::AtLeast(3),
    flags: Flags::LOADING.with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Names the keys among the arguments of a command.",
        since: "2.8.13",
        group: Group::Server,
        complexity: "O(N) with N arguments",
        args: &[Arg::string("command"), Arg::string("arg").optional().multiple()],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn get_keys(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let found = keys::of_call(context, args)?;
    reply.array(found.len());
    for key in found {
        reply.bulk(&args[key.index]);
    }
    Ok(())
}

const GETKEYSANDFLAGS: Command = Command {
    name: "getkeysandflags",
    handler: get_keys_and_flags,
    arity: Arity::AtLeast(3),
    flags: Flags::LOADING.with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Names the keys among the arguments of a command, and what it does with each.",
        since: "7.0.0",
        group: Group::Server,
        complexity: "O(N) with N arguments",
        args: &[Arg::string("command"), Arg::string("arg").optional().multiple()],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn get_keys_and_flags(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let found = keys::of_call(context, args)?;
    reply.array(found.len());
    for key in found {
        reply.array(2);
        reply.bulk(&args[key.index]);
        info::write_names(key.access.names(), reply);
    }
    Ok(())
}

const HELP: Command = Command { acl: Acl::CONNECTION, ..help::command(show_help, "5.0.0", Group::Server) };

fn show_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    help::write(
        context,
        reply,
        &[
            ("(no subcommand)", "All commands: arity, flags, keys, categories."),
            ("COUNT", "How many commands there are."),
            ("LIST [FILTERBY (MODULE <name>|ACLCAT <category>|PATTERN <pattern>)]", "The names of the commands."),
            ("INFO [<command-name> ...]", "Arity, flags, keys and categories of the named commands, or of all."),
            ("DOCS [<command-name> ...]", "The documentation of the named commands, or of all."),
            ("GETKEYS <full-command>", "The keys among the arguments of a command."),
            ("GETKEYSANDFLAGS <full-command>", "The same, with what the command does with each."),
        ],
    );
    Ok(())
}
