//! TLS.

use crate::choices::{TlsAuthClients, TlsAuthClientsUser};
use crate::directive::{Directive, INT_MAX, KB};

pub(super) const DIRECTIVES: &[Directive] = &[
    Directive::int("max-new-tls-connections-per-cycle", 1, 1000, 1).unsigned(),
    Directive::int("tls-port", 0, 65_535, 0).honoured("TCP port for TLS connections. 0: none."),
    Directive::int("tls-session-cache-size", 0, INT_MAX, 20 * KB)
        .honoured("TLS sessions that are kept for resumption."),
    Directive::int("tls-session-cache-timeout", 0, INT_MAX, 300)
        .honoured("Seconds for which a TLS session can be resumed."),
    Directive::boolean("tls-cluster", false),
    Directive::boolean("tls-replication", false),
    Directive::choice("tls-auth-clients", TlsAuthClients::CHOICES, TlsAuthClients::Yes as i64)
        .honoured("Whether clients need a certificate."),
    Directive::boolean("tls-prefer-server-ciphers", false)
        .honoured("The server's order of cipher suites decides, not the client's."),
    Directive::boolean("tls-session-caching", true).honoured("Let clients resume TLS sessions."),
    Directive::optional("tls-cert-file").volatile().honoured("Certificate of the server, PEM."),
    Directive::optional("tls-key-file").volatile().honoured("Private key of the server, PEM."),
    Directive::optional("tls-key-file-pass").sensitive().honoured("Passphrase of an encrypted private key (PKCS #8)."),
    Directive::optional("tls-client-cert-file").volatile(),
    Directive::optional("tls-client-key-file").volatile(),
    Directive::optional("tls-client-key-file-pass").sensitive(),
    Directive::optional("tls-dh-params-file").volatile(),
    Directive::optional("tls-ca-cert-file")
        .volatile()
        .honoured("Certificates that client certificates are verified with, PEM."),
    Directive::optional("tls-ca-cert-dir")
        .volatile()
        .honoured("Directory of such certificates; every file in it counts."),
    Directive::optional("tls-protocols").honoured("`TLSv1.2`, `TLSv1.3` or both, separated by a space. Empty: both."),
    Directive::optional("tls-ciphers").honoured("Cipher suites for TLS 1.2, by OpenSSL's names."),
    Directive::optional("tls-ciphersuites").honoured("Cipher suites for TLS 1.3, by OpenSSL's names."),
    // Only in Valkey, not in Redis 8.0.
    Directive::int("tls-auto-reload-interval", 0, INT_MAX, 0)
        .honoured("Seconds between checks for changed certificate files. 0: no checks."),
    Directive::choice("tls-auth-clients-user", TlsAuthClientsUser::CHOICES, TlsAuthClientsUser::Off as i64)
        .honoured("Field of a client's certificate that names its ACL user."),
];
