//! CONFIG: the directives in force, shown, changed, and written back to their file.

use crate::{guard, help};
use redstart_command::acl::User;
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply, Shared};
use redstart_config::{
    ApplyError, Change, Config, DIRECTIVES, Flags as DirectiveFlags, SetContext, SetError, ids, os_error_text, quoted,
};
use std::sync::Arc;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[CONFIG]);

const CONFIG: Command = Command {
    name: "config",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Holds the commands about the configuration.",
        since: "2.0.0",
        group: Group::Server,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[GET, HELP, RESETSTAT, REWRITE, SET],
    ..Command::BASE
};

const GET: Command = Command {
    name: "get",
    handler: get,
    arity: Arity::AtLeast(3),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::LOADING).with(Flags::STALE),
    docs: Docs {
        summary: "Shows the values of the directives that match any of the patterns.",
        since: "2.0.0",
        group: Group::Server,
        complexity: "O(N) with N directives",
        args: &[Arg::string("parameter").multiple()],
        history: &[("7.0.0", "Takes several patterns.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn get(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let patterns: Vec<&[u8]> = args.iter_from(2).collect();
    let found = context.shared.config.get_matching(&patterns);
    reply.map(found.len());
    for (name, value) in found {
        reply.bulk(&name);
        reply.bulk(&value);
    }
    Ok(())
}

const SET: Command = Command {
    name: "set",
    handler: set,
    arity: Arity::AtLeast(4),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::LOADING).with(Flags::STALE),
    secret: Some(is_secret),
    docs: Docs {
        summary: "Changes directives, all or none of those given.",
        since: "2.0.0",
        group: Group::Server,
        complexity: "O(N) with N directives",
        args: &[Arg::block("data", &[Arg::string("parameter"), Arg::string("value")]).multiple()],
        history: &[("7.0.0", "Takes several directives.")],
        ..Docs::NONE
    },
    tips: &["request_policy:all_nodes", "response_policy:all_succeeded"],
    ..Command::BASE
};

/// Whether an argument is the value of a directive that must not be shown.
fn is_secret(args: &Args<'_>, index: usize) -> bool {
    let is_value = index >= 3 && index % 2 == 1;
    let directive = |name: &[u8]| DIRECTIVES.iter().find(|directive| directive.is_called(name));
    is_value && directive(&args[index - 1]).is_some_and(|directive| directive.is(DirectiveFlags::SENSITIVE))
}

fn set(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() % 2 == 1 {
        return Err(Error::Syntax);
    }
    let pairs: Vec<(&[u8], &[u8])> = (2..args.len()).step_by(2).map(|at| (&args[at], &args[at + 1])).collect();
    let shared = context.shared;
    let protected_allowed = guard::protected_configs(context);
    let rules = SetContext { loading: context.shared.loading.is_on(), protected_allowed };
    let outcome = shared.config.set(&pairs, rules, |config, changes| apply(shared, config, changes));
    match outcome {
        Ok(_) => {
            shared.observer.refresh(&shared.config);
            shared.evict_clients();
            if pairs.iter().any(|(name, _)| name.eq_ignore_ascii_case(b"maxmemory")) {
                limited(shared);
            }
            shared.tracking.trim(shared.recipients());
            reply.ok();
        }
        Err(error @ SetError::Loading) => return Err(Error::Text(error.to_string().into())),
        Err(error) => return Err(Error::Text(format!("ERR {error}").into())),
    }
    Ok(())
}

/// The limit of memory was set: keys begin to go at once, where there is more in use.
fn limited(shared: &Shared) {
    if shared.is_over() {
        shared.host().log(&format!(
            "Maxmemory is now {} bytes, and {} are in use: what maxmemory-policy names will go, or writes are refused.",
            shared.config.get(ids::MAXMEMORY),
            redstart_sys::alloc::in_use()
        ));
        shared.eviction.run();
    }
}

/// Puts changes into effect: here what concerns the engine, in the host the rest.
fn apply(shared: &Shared, config: &Config, changes: &[Change]) -> Result<(), ApplyError> {
    if changes.iter().any(|change| change.directive.name == "requirepass") {
        shared.acl.set_default_password(&config.text(ids::REQUIREPASS));
    }
    shared.host().apply(config, changes)?;
    if let Some(change) = changes.iter().find(|change| change.directive.name == "dir")
        && let Some(Err(error)) = config.path(ids::DIR).map(std::fs::read_dir)
    {
        return Err(ApplyError { directive: change.directive.name, message: os_error_text(&error) });
    }
    let Some(aof) = shared.aof.get() else { return Ok(()) };
    if changes.iter().any(|change| change.directive.name == "aof-disable-auto-gc") {
        aof.collect();
    }
    if changes.iter().any(|change| change.directive.name == "appendonly")
        && Arc::clone(aof).switch(config.get(ids::APPENDONLY)).is_err()
    {
        let message = "Unable to turn on AOF. Check server logs.".to_owned();
        return Err(ApplyError { directive: "appendonly", message });
    }
    Ok(())
}

const REWRITE: Command = Command {
    name: "rewrite",
    handler: rewrite,
    arity: Arity::Exactly(2),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::LOADING).with(Flags::STALE),
    docs: Docs {
        summary: "Writes the values in force to the configuration file.",
        since: "2.8.0",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: &["request_policy:all_nodes", "response_policy:all_succeeded"],
    ..Command::BASE
};

fn rewrite(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let shared = context.shared;
    if shared.config.file().is_none() {
        return Err(Error::text("ERR The server is running without a config file"));
    }
    // An ACL file holds the users where there is one.
    let users = shared.config.text(ids::ACLFILE).is_empty().then(|| user_lines(shared));
    if let Err(error) = shared.config.rewrite(users.as_deref()) {
        let why = os_error_text(&error);
        shared.host().log(&format!("CONFIG REWRITE failed: {why}"));
        return Err(Error::Text(format!("ERR Rewriting config file: {why}").into()));
    }
    shared.host().log("CONFIG REWRITE executed with success.");
    reply.ok();
    Ok(())
}

/// Each user's name and rules, in words that a configuration's line splits into again.
fn user_lines(shared: &Shared) -> Vec<Vec<u8>> {
    let quoted_if_needed = |word: &[u8]| {
        let needed = word.iter().any(|byte| matches!(byte, b'"' | b'\''));
        if needed { quoted(word) } else { word.to_vec() }
    };
    let line = |user: Arc<User>| {
        let text = [user.name.as_slice(), b" ", &user.describe()].concat();
        text.split(|&byte| byte == b' ').map(quoted_if_needed).collect::<Vec<_>>().join(b" ".as_slice())
    };
    shared.acl.all().into_iter().map(line).collect()
}

const RESETSTAT: Command = Command {
    name: "resetstat",
    handler: reset_stat,
    arity: Arity::Exactly(2),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::LOADING).with(Flags::STALE),
    docs: Docs {
        summary: "Sets the statistics of INFO back to zero.",
        since: "2.0.0",
        group: Group::Server,
        complexity: "O(1)",
        ..Docs::NONE
    },
    tips: &["request_policy:all_nodes", "response_policy:all_succeeded"],
    ..Command::BASE
};

fn reset_stat(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    context.shared.reset_stats();
    reply.ok();
    Ok(())
}

const HELP: Command = help::command(show_help, "5.0.0", Group::Server);

fn show_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    help::write(
        context,
        reply,
        &[
            ("GET <pattern> [<pattern> ...]", "The directives that match, with their values."),
            ("SET <directive> <value> [<directive> <value> ...]", "Changes directives, all of them or none."),
            ("RESETSTAT", "Sets the counters of INFO back to zero."),
            ("REWRITE", "Writes the values in force to the configuration file."),
        ],
    );
    Ok(())
}
