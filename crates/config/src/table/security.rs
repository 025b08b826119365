//! Access control.

use crate::choices::{AclPubsubDefault, ProtectedAction};
use crate::directive::{Directive, LONG_MAX};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::boolean("protected-mode", true).honoured(
        "Refuse connections from other machines while the default user has no password. See \
             [security.md](security.md).",
    ),
    Directive::boolean("hide-user-data-from-log", false).honoured("Leave the list of clients out of crash reports."),
    Directive::boolean("lua-enable-deprecated-api", false)
        .aliases(&["lua-enable-insecure-api"])
        .immutable()
        .hidden()
        .honoured("Give scripts the deprecated functions of the Lua sandbox."),
    Directive::text("aclfile", "").immutable().honoured("File of ACL users. Not together with `user` lines."),
    Directive::optional("requirepass").sensitive().honoured("Password of the default user."),
    Directive::choice("acl-pubsub-default", AclPubsubDefault::CHOICES, AclPubsubDefault::ResetChannels as i64)
        .honoured("Channels of a new ACL user: all or none."),
    Directive::choice("enable-protected-configs", ProtectedAction::CHOICES, ProtectedAction::No as i64)
        .immutable()
        .honoured("Let CONFIG SET change directives marked as protected. `local`: from this machine alone."),
    Directive::choice("enable-debug-command", ProtectedAction::CHOICES, ProtectedAction::No as i64)
        .immutable()
        .honoured("Allow DEBUG. `local`: from this machine alone."),
    Directive::choice("enable-module-command", ProtectedAction::CHOICES, ProtectedAction::No as i64)
        .immutable()
        .honoured("Allow MODULE. `local`: from this machine alone. No module can be loaded."),
    Directive::int("acllog-max-len", 0, LONG_MAX, 128).honoured("Entries that ACL LOG keeps."),
    // Only in Valkey, not in Redis 8.0.
    Directive::boolean("extended-redis-compatibility", false),
];
