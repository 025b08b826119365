//! The keys of a command that stands among the arguments of another (COMMAND GETKEYS).

use redstart_command::keys::{self, KeyAt};
use redstart_command::{Access, Args, Context, Error, Flags};

/// Where the call begins: `COMMAND GETKEYS <command> ...`.
const CALL: usize = 2;

/// The keys of the call, by their places among all arguments.
pub(super) fn of_call(context: &Context<'_>, args: &mut Args<'_>) -> Result<Vec<KeyAt>, Error> {
    let registry = &context.shared.registry;
    let invalid = Error::text("ERR Invalid command specified");
    let mut found = registry.find(&args[CALL]).ok_or(invalid.clone())?;
    if !found.subcommands.is_empty() && args.len() > CALL + 1 {
        found = registry.subcommand(found, &args[CALL + 1]).ok_or(invalid)?;
    }
    let command = found;
    if command.keys.iter().all(|spec| spec.access.has(Access::NOT_KEY)) {
        return Err(Error::text("ERR The command has no key arguments"));
    }
    if !command.arity.allows(args.len() - CALL) {
        return Err(Error::text("ERR Invalid number of arguments specified for command"));
    }
    let call = args.skip(CALL);
    let mut places = Vec::new();
    let outcome = keys::find(command, &call, |key| {
        if !key.access.has(Access::NOT_KEY) {
            places.push(KeyAt { index: key.index + CALL, ..key });
        }
    });
    match outcome {
        Ok(()) if !places.is_empty() => Ok(places),
        _ if command.flags.has(Flags::NO_MANDATORY_KEYS) => Ok(Vec::new()),
        _ => Err(Error::text("ERR Invalid arguments specified for command")),
    }
}
