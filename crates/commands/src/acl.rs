//! ACL: users and what they may do.

pub(crate) mod file;
mod log;
mod look;
mod users;

use crate::help;
use log::LOG;
use look::{CAT, DRYRUN, GENPASS, WHOAMI};
use redstart_command::{Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};
use users::{DELUSER, GETUSER, LIST, LOAD, SAVE, SETUSER, USERS};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[ACL]);

const ACL: Command = Command {
    name: "acl",
    arity: Arity::AtLeast(2),
    docs: Docs {
        summary: "Holds the commands about users and what they may do.",
        since: "6.0.0",
        group: Group::Server,
        complexity: "Depends on subcommand.",
        ..Docs::NONE
    },
    subcommands: &[CAT, DELUSER, DRYRUN, GENPASS, GETUSER, HELP, LIST, LOAD, LOG, SAVE, SETUSER, USERS, WHOAMI],
    ..Command::BASE
};

/// What the subcommands of operators have in common.
const OPERATORS: Flags = EVERYBODYS.with(Flags::ADMIN);
/// What the others have.
const EVERYBODYS: Flags = Flags::NO_SCRIPT.with(Flags::LOADING).with(Flags::STALE);

const HELP: Command = help::command(show_help, "6.0.0", Group::Server);

fn show_help(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    help::write(
        context,
        reply,
        &[
            ("CAT [<category>]", "The categories of commands, or the commands of one."),
            ("DELUSER <username> [<username> ...]", "Removes users and closes their connections."),
            ("DRYRUN <username> <command> [<arg> ...]", "Whether a user may make a call, which is not made."),
            ("GENPASS [<bits>]", "A random password, of 256 bits unless said otherwise."),
            ("GETUSER <username>", "What a user may do, in parts."),
            ("LIST", "All users, in lines of an ACL file."),
            ("LOAD", "Takes the users from the ACL file."),
            ("LOG [<count>|RESET]", "What was refused lately; RESET forgets it."),
            ("SAVE", "Writes the users to the ACL file."),
            ("SETUSER <username> <rule> [<rule> ...]", "Makes a user, or changes what one may do."),
            ("USERS", "The names of all users."),
            ("WHOAMI", "The user that this connection is."),
        ],
    );
    Ok(())
}
