//! The shape of COMMAND DOCS: a map for a command, nested for its arguments and subcommands.

use super::info::write_names;
use redstart_command::{Arg, ArgKind, Registered, Registry, Reply};

/// Writes a command's name and its documentation.
pub(super) fn write_named(registry: &Registry, command: &Registered, reply: &mut Reply<'_>) {
    reply.bulk(command.full_name.as_bytes());
    write(registry, command, reply);
}

fn write(registry: &Registry, command: &Registered, reply: &mut Reply<'_>) {
    let docs = &command.command.docs;
    let flags: Vec<&str> = [("deprecated", docs.deprecated.is_some()), ("syscmd", docs.system)]
        .into_iter()
        .filter_map(|(name, set)| set.then_some(name))
        .collect();
    let text = [
        ("summary", docs.summary),
        ("since", docs.since),
        ("group", docs.group.name()),
        ("complexity", docs.complexity),
    ];
    let text: Vec<_> = text.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let lists = [!flags.is_empty(), !docs.history.is_empty(), !docs.args.is_empty(), !command.subcommands.is_empty()];
    let lists = lists.into_iter().filter(|&shown| shown).count();
    reply.map(text.len() + lists + 2 * usize::from(docs.deprecated.is_some()));
    for (name, value) in text {
        write_text(name, value, reply);
    }
    if !flags.is_empty() {
        reply.bulk(b"doc_flags");
        write_names(flags.into_iter(), reply);
    }
    if let Some((since, instead)) = docs.deprecated {
        write_text("deprecated_since", since, reply);
        write_text("replaced_by", instead, reply);
    }
    if !docs.history.is_empty() {
        write_history(docs.history, reply);
    }
    if !docs.args.is_empty() {
        reply.bulk(b"arguments");
        write_args(docs.args, reply);
    }
    if !command.subcommands.is_empty() {
        reply.bulk(b"subcommands");
        reply.map(command.subcommands.len());
        for subcommand in command.subcommands.iter().filter_map(|&id| registry.get(id)) {
            write_named(registry, subcommand, reply);
        }
    }
}

fn write_text(name: &str, value: &str, reply: &mut Reply<'_>) {
    reply.bulk(name.as_bytes());
    reply.bulk(value.as_bytes());
}

fn write_history(history: &[(&str, &str)], reply: &mut Reply<'_>) {
    reply.bulk(b"history");
    reply.set(history.len());
    for (since, change) in history {
        reply.array(2);
        reply.bulk(since.as_bytes());
        reply.bulk(change.as_bytes());
    }
}

fn write_args(args: &[Arg], reply: &mut Reply<'_>) {
    reply.array(args.len());
    for arg in args {
        write_arg(arg, reply);
    }
}

fn write_arg(arg: &Arg, reply: &mut Reply<'_>) {
    let nested = matches!(arg.kind, ArgKind::OneOf | ArgKind::Block);
    let flags = [("optional", arg.optional), ("multiple", arg.multiple), ("multiple_token", arg.multiple_token)];
    let flags: Vec<&str> = flags.into_iter().filter_map(|(name, set)| set.then_some(name)).collect();
    let optional = [("token", arg.token), ("since", arg.since), ("deprecated_since", arg.deprecated)];
    let optional: Vec<(&str, &str)> = optional.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    // Name, type, and either a text to display or the arguments inside.
    reply.map(3 + optional.len() + usize::from(arg.key_spec.is_some()) + usize::from(!flags.is_empty()));
    write_text("name", arg.name, reply);
    write_text("type", arg.kind.name(), reply);
    if !nested {
        write_text("display_text", arg.display.unwrap_or(arg.name), reply);
    }
    if let Some(index) = arg.key_spec {
        reply.bulk(b"key_spec_index");
        reply.count(index);
    }
    for (name, value) in optional {
        write_text(name, value, reply);
    }
    if !flags.is_empty() {
        reply.bulk(b"flags");
        write_names(flags.into_iter(), reply);
    }
    if nested {
        reply.bulk(b"arguments");
        write_args(arg.args, reply);
    }
}
