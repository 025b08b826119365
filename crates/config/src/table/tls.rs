//! TLS.

use crate::choices::{TlsAuthClients, TlsAuthClientsUser};
use crate::directive::{Directive, INT_MAX, KB};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::int("max-new-tls-connections-per-cycle", 1, 1000, 1).unsigned(),
    Directive::int("tls-port", 0, 65_535, 0).honoured(),
    Directive::int("tls-session-cache-size", 0, INT_MAX, 20 * KB).honoured(),
    Directive::int("tls-session-cache-timeout", 0, INT_MAX, 300).honoured(),
    Directive::boolean("tls-cluster", false),
    Directive::boolean("tls-replication", false),
    Directive::choice("tls-auth-clients", TlsAuthClients::CHOICES, TlsAuthClients::Yes as i64).honoured(),
    Directive::boolean("tls-prefer-server-ciphers", false).honoured(),
    Directive::boolean("tls-session-caching", true).honoured(),
    Directive::optional("tls-cert-file").volatile().honoured(),
    Directive::optional("tls-key-file").volatile().honoured(),
    Directive::optional("tls-key-file-pass").sensitive().honoured(),
    Directive::optional("tls-client-cert-file").volatile(),
    Directive::optional("tls-client-key-file").volatile(),
    Directive::optional("tls-client-key-file-pass").sensitive(),
    Directive::optional("tls-dh-params-file").volatile(),
    Directive::optional("tls-ca-cert-file").volatile().honoured(),
    Directive::optional("tls-ca-cert-dir").volatile().honoured(),
    Directive::optional("tls-protocols").honoured(),
    Directive::optional("tls-ciphers").honoured(),
    Directive::optional("tls-ciphersuites").honoured(),
    // Valkey has these, Redis 8.0 does not.
    Directive::int("tls-auto-reload-interval", 0, INT_MAX, 0).honoured(),
    Directive::choice("tls-auth-clients-user", TlsAuthClientsUser::CHOICES, TlsAuthClientsUser::Off as i64).honoured(),
];
