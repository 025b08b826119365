//! `<COMMAND> HELP`: one shape for all, as clients print it.

use redstart_command::spec::Handler;
use redstart_command::{Arity, Command, Context, Docs, Error, Flags, Group, Reply};

/// The subcommand of that name.
#[must_use]
pub const fn command(handler: Handler, since: &'static str, group: Group) -> Command {
    Command {
        name: "help",
        handler,
        arity: Arity::Exactly(2),
        flags: Flags::LOADING.with(Flags::STALE),
        docs: Docs {
            summary: "Lists the subcommands, with a line on each.",
            since,
            group,
            complexity: "O(1)",
            ..Docs::NONE
        },
        ..Command::BASE
    }
}

/// Writes the subcommands of the running command's parent, each with what it does, in one or more lines.
pub fn write(context: &Context<'_>, reply: &mut Reply<'_>, subcommands: &[(&str, &str)]) {
    let parent = parent_name(context);
    let lines: usize = subcommands.iter().map(|(_, meaning)| 1 + meaning.lines().count()).sum();
    reply.array(lines + 3);
    reply.simple(&format!("{parent} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"));
    for (syntax, meaning) in subcommands.iter().chain([&("HELP", "This list.")]) {
        reply.simple(syntax);
        for line in meaning.lines() {
            reply.simple(&format!("    {line}"));
        }
    }
}

/// The refusal of a subcommand that is unknown, or has arguments that are.
pub fn wrong_use(context: &Context<'_>, subcommand: &[u8]) -> Error {
    let parent = parent_name(context);
    let shown = &subcommand[..subcommand.len().min(128)];
    let mut text = b"ERR unknown subcommand or wrong number of arguments for '".to_vec();
    text.extend_from_slice(shown);
    text.extend_from_slice(format!("'. Try {parent} HELP.").as_bytes());
    Error::Bytes(text)
}

/// What clients call the parent of the running command by, or the command itself, in capitals.
fn parent_name(context: &Context<'_>) -> String {
    let registry = &context.shared.registry;
    let parent = context.command.parent.and_then(|id| registry.get(id)).unwrap_or(context.command);
    parent.name.to_uppercase()
}
