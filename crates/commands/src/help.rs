//! The answer to `<COMMAND> HELP`: one shape for all, as clients print it.

use redstart_command::{Context, Reply};

/// Writes the subcommands of the running command's parent, each with what it does.
pub(crate) fn write(context: &Context<'_>, reply: &mut Reply<'_>, subcommands: &[(&str, &str)]) {
    let parent = context.command.full_name.split('|').next().unwrap_or_default().to_uppercase();
    reply.array(subcommands.len() * 2 + 3);
    reply.simple(&format!("{parent} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"));
    for (syntax, meaning) in subcommands.iter().chain([&("HELP", "Print this help.")]) {
        reply.simple(syntax);
        reply.simple(&format!("    {meaning}"));
    }
}
