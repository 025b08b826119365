//! MODULE: the modules that are loaded, which are none. A module is C code that works on Redis's own memory, so none can be
//! loaded here; clients that ask what there is, and fall back on what there is without, are answered.

use crate::{guard, help};
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[MODULE]);

const MODULE: Command = Command {
    name: "module",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Holds the commands about modules.",
        since: "4.0.0",
        group: Group::Server,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[HELP, LIST, LOAD, LOADEX, UNLOAD],
    ..Command::BASE
};

const HELP: Command = help::command(show_help, "5.0.0", Group::Server);

fn show_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    help::write(
        context,
        reply,
        &[
            ("LIST", "List the modules that are loaded."),
            ("LOAD <path> [<arg> ...]", "Load a module from a file, with these arguments."),
            (
                "LOADEX <path> [[CONFIG NAME VALUE] [CONFIG NAME VALUE]] [ARGS ...]",
                "Load a module from a file, with these settings and arguments.",
            ),
            ("UNLOAD <name>", "Unload a module."),
        ],
    );
    Ok(())
}

const LIST: Command = Command {
    name: "list",
    handler: list,
    arity: Arity::Exactly(2),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT),
    docs: Docs {
        summary: "Lists the modules that are loaded.",
        since: "4.0.0",
        group: Group::Server,
        complexity: "O(N) where N is the number of loaded modules.",
        ..Docs::NONE
    },
    tips: &["nondeterministic_output_order"],
    ..Command::BASE
};

fn list(_: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.array(0);
    Ok(())
}

const CHANGES: Flags = Flags::NO_ASYNC_LOADING.with(Flags::ADMIN).with(Flags::NO_SCRIPT);

const LOAD: Command = Command {
    name: "load",
    handler: load,
    arity: Arity::AtLeast(3),
    flags: CHANGES,
    docs: Docs {
        summary: "Loads a module.",
        since: "4.0.0",
        group: Group::Server,
        complexity: "O(1)",
        args: &[Arg::string("path"), Arg::string("arg").optional().multiple()],
        ..Docs::NONE
    },
    ..Command::BASE
};

const LOADEX: Command = Command {
    name: "loadex",
    docs: Docs {
        summary: "Loads a module, with settings of it.",
        since: "7.0.0",
        args: &[
            Arg::string("path"),
            Arg::block("configs", &[Arg::string("name"), Arg::string("value")])
                .token("CONFIG")
                .multiple()
                .multiple_token()
                .optional(),
            Arg::string("args").token("ARGS").multiple().optional(),
        ],
        ..LOAD.docs
    },
    ..LOAD
};

fn load(context: &mut Context<'_>, args: &mut Args<'_>, _: &mut Reply<'_>) -> Result<(), Error> {
    allow(context)?;
    let path = String::from_utf8_lossy(&args[2]);
    context.shared.host().warn(&format!("Module {path} failed to load: there is no way to run modules here"));
    Err(Error::text("ERR Error loading the extension. Please check the server logs."))
}

const UNLOAD: Command = Command {
    name: "unload",
    handler: unload,
    arity: Arity::Exactly(3),
    flags: CHANGES,
    docs: Docs {
        summary: "Unloads a module.",
        since: "4.0.0",
        group: Group::Server,
        complexity: "O(1)",
        args: &[Arg::string("name")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn unload(context: &mut Context<'_>, args: &mut Args<'_>, _: &mut Reply<'_>) -> Result<(), Error> {
    allow(context)?;
    let name = String::from_utf8_lossy(&args[2]);
    context.shared.host().warn(&format!("Error unloading module {name}: no such module with that name"));
    Err(Error::text("ERR Error unloading module: no such module with that name"))
}

fn allow(context: &Context<'_>) -> Result<(), Error> {
    if guard::modules(context) {
        return Ok(());
    }
    Err(Error::text(
        "ERR MODULE command not allowed. If the enable-module-command option is set to \"local\", you can run it from a \
         local connection, otherwise you need to set this option in the configuration file, and then restart the server.",
    ))
}
