//! Who may do what.

use crate::choices::{AclPubsubDefault, ProtectedAction};
use crate::directive::{Directive, LONG_MAX};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::boolean("protected-mode", true).honoured(),
    Directive::boolean("hide-user-data-from-log", false).honoured(),
    Directive::boolean("lua-enable-deprecated-api", false)
        .aliases(&["lua-enable-insecure-api"])
        .immutable()
        .hidden()
        .honoured(),
    Directive::text("aclfile", "").immutable().honoured(),
    Directive::optional("requirepass").sensitive().honoured(),
    Directive::choice("acl-pubsub-default", AclPubsubDefault::CHOICES, AclPubsubDefault::ResetChannels as i64)
        .honoured(),
    Directive::choice("enable-protected-configs", ProtectedAction::CHOICES, ProtectedAction::No as i64)
        .immutable()
        .honoured(),
    Directive::choice("enable-debug-command", ProtectedAction::CHOICES, ProtectedAction::No as i64)
        .immutable()
        .honoured(),
    Directive::choice("enable-module-command", ProtectedAction::CHOICES, ProtectedAction::No as i64)
        .immutable()
        .honoured(),
    Directive::int("acllog-max-len", 0, LONG_MAX, 128).honoured(),
    // Valkey has these, Redis 8.0 does not.
    Directive::boolean("extended-redis-compatibility", false),
];
