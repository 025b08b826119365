//! Who may use what an operator guards: `enable-debug-command`, `enable-module-command`, `enable-protected-configs`.

use redstart_command::{ClientInfo, Context};
use redstart_config::choices::ProtectedAction;
use redstart_config::{Id, ids};

/// Whether `guard` lets this client through.
fn allowed(context: &Context<'_>, guard: Id<ProtectedAction>) -> bool {
    match context.shared.config.get(guard) {
        ProtectedAction::No => false,
        ProtectedAction::Yes => true,
        ProtectedAction::Local => is_local(&context.session.info),
    }
}

/// Whether CONFIG SET may change guarded directives.
pub(crate) fn protected_configs(context: &Context<'_>) -> bool {
    allowed(context, ids::ENABLE_PROTECTED_CONFIGS)
}

/// Whether DEBUG may be used.
pub(crate) fn debug(context: &Context<'_>) -> bool {
    allowed(context, ids::ENABLE_DEBUG_COMMAND)
}

/// Whether modules may be loaded and unloaded.
pub(crate) fn modules(context: &Context<'_>) -> bool {
    allowed(context, ids::ENABLE_MODULE_COMMAND)
}

/// Whether a client is on this machine, or in this process.
fn is_local(client: &ClientInfo) -> bool {
    let address = client.addr.parse::<std::net::SocketAddr>();
    client.unix || client.fd < 0 || address.is_ok_and(|address| address.ip().to_canonical().is_loopback())
}
