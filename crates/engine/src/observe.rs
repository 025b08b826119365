//! The look at a command that was slow or large: what it was before it ran, and what it took.

use crate::execute::Runner;
use redstart_command::observe::{Call, Request};
use redstart_command::{Args, ClientInfo, Registered};
use redstart_resp::LARGE_BULK;
use redstart_sys::clock::unix_ms;

/// Notes a request that is large, or has an argument that the command may take over.
#[cold]
pub(crate) fn request(runner: Runner<'_>, command: Option<&Registered>, args: &Args<'_>) -> Option<Request> {
    let bytes = args.wire_len();
    let noted = bytes >= LARGE_BULK || runner.shared.observer.wants_request(bytes);
    command.filter(|_| noted).map(|command| Request::new(command, args))
}

/// Has the observer look at a command that took so many ticks and bytes of answer.
#[cold]
pub(crate) fn look(
    Runner { shared, .. }: Runner<'_>,
    (command, client, args): (Option<&Registered>, &ClientInfo, &Args<'_>),
    (ticks, reply_bytes): (u64, u64),
    request: Option<&Request>,
) {
    if let Some(command) = command {
        let call = Call { command, client, ticks, reply_bytes, now_ms: unix_ms() };
        shared.observer.look(&shared.config, &call, args, request);
    }
}
