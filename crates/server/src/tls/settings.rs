//! Builds rustls settings from the directives.

use super::ciphers;
use super::keys::{authorities, identity};
use super::sessions::Sessions;
use crate::listen::os_words;
use redstart::config::choices::TlsAuthClients;
use redstart::config::{Config, Id, Text, ids};
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::default_provider;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::SingleCertAndKey;
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use std::sync::Arc;
use std::time::Duration;

/// The settings that the directives describe.
///
/// # Errors
/// The reason, in one line for the log.
pub(super) fn build(config: &Config) -> Result<ServerConfig, String> {
    let certificate = config.path(ids::TLS_CERT_FILE).ok_or("No tls-cert-file configured!")?;
    let key = config.path(ids::TLS_KEY_FILE).ok_or("No tls-key-file configured!")?;
    let roots = roots(config)?;
    let versions = versions(&words(config, ids::TLS_PROTOCOLS))?;
    let provider = Arc::new(provider(config)?);
    let identity = identity(&provider, &certificate, &key, &config.text(ids::TLS_KEY_FILE_PASS))?;
    check_files_for_later(config, &provider)?;
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&versions)
        .map_err(|error| format!("Failed to configure ciphers: {error}"))?;
    let builder = match verifier(config, roots, provider)? {
        Some(verifier) => builder.with_client_cert_verifier(verifier),
        None => builder.with_no_client_auth(),
    };
    let mut settings = builder.with_cert_resolver(Arc::new(SingleCertAndKey::from(identity)));
    settings.ignore_client_order = config.get(ids::TLS_PREFER_SERVER_CIPHERS);
    if config.get(ids::TLS_SESSION_CACHING) {
        let size = usize::try_from(config.get(ids::TLS_SESSION_CACHE_SIZE)).unwrap_or(usize::MAX);
        let lifetime = Duration::from_secs(config.get(ids::TLS_SESSION_CACHE_TIMEOUT));
        settings.session_storage = Arc::new(Sessions::new(size, lifetime));
    } else {
        settings.session_storage = Arc::new(NoServerSessionStorage {});
        settings.send_tls13_tickets = 0;
    }
    Ok(settings)
}

fn words(config: &Config, id: Id<Text>) -> String {
    String::from_utf8_lossy(&config.text(id)).into_owned()
}

fn roots(config: &Config) -> Result<RootCertStore, String> {
    let (file, directory) = (config.path(ids::TLS_CA_CERT_FILE), config.path(ids::TLS_CA_CERT_DIR));
    let needed = config.get(ids::TLS_AUTH_CLIENTS) != TlsAuthClients::No
        || config.get(ids::TLS_CLUSTER)
        || config.get(ids::TLS_REPLICATION);
    if needed && file.is_none() && directory.is_none() {
        return Err("Either tls-ca-cert-file or tls-ca-cert-dir must be specified when tls-cluster, tls-replication \
                    or tls-auth-clients are enabled!"
            .to_owned());
    }
    authorities(file.as_deref(), directory.as_deref())
}

fn versions(text: &str) -> Result<Vec<&'static SupportedProtocolVersion>, String> {
    if text.is_empty() {
        return Ok(vec![&TLS12, &TLS13]);
    }
    let mut versions = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match word.to_ascii_lowercase().as_str() {
            "tlsv1.2" => versions.push(&TLS12),
            "tlsv1.3" => versions.push(&TLS13),
            "tlsv1" | "tlsv1.1" => {
                return Err(format!(
                    "tls-protocols: {word} is not secure and not supported: use 'TLSv1.2' and 'TLSv1.3'."
                ));
            }
            _ => {
                return Err("Invalid tls-protocols specified. Use a combination of 'TLSv1.2' and 'TLSv1.3'.".to_owned());
            }
        }
    }
    if versions.is_empty() { Err("Invalid tls-protocols configuration string".to_owned()) } else { Ok(versions) }
}

fn provider(config: &Config) -> Result<CryptoProvider, String> {
    let (old, new) = (words(config, ids::TLS_CIPHERS), words(config, ids::TLS_CIPHERSUITES));
    let old = ciphers::old(&old).ok_or_else(|| format!("Failed to configure ciphers: {old}"))?;
    let new = ciphers::new(&new).ok_or_else(|| format!("Failed to configure ciphersuites: {new}"))?;
    Ok(CryptoProvider { cipher_suites: new.into_iter().chain(old).collect(), ..default_provider() })
}

/// The verifier of client certificates, if certificates are requested.
fn verifier(
    config: &Config,
    roots: RootCertStore,
    provider: Arc<CryptoProvider>,
) -> Result<Option<Arc<dyn ClientCertVerifier>>, String> {
    let demand = config.get(ids::TLS_AUTH_CLIENTS);
    if demand == TlsAuthClients::No {
        return Ok(None);
    }
    let builder = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    let builder = if demand == TlsAuthClients::Optional { builder.allow_unauthenticated() } else { builder };
    let verifier =
        builder.build().map_err(|error| format!("Failed to configure CA certificate(s) file/directory: {error}"))?;
    Ok(Some(verifier))
}

/// Checks the files that are used only for outgoing connections, or not at all: as in Redis, an unreadable file is an
/// error.
fn check_files_for_later(config: &Config, provider: &CryptoProvider) -> Result<(), String> {
    if let (Some(certificate), Some(key)) =
        (config.path(ids::TLS_CLIENT_CERT_FILE), config.path(ids::TLS_CLIENT_KEY_FILE))
    {
        identity(provider, &certificate, &key, &config.text(ids::TLS_CLIENT_KEY_FILE_PASS))?;
    }
    // Key agreement uses elliptic curves only, so the parameters are not used.
    if let Some(parameters) = config.path(ids::TLS_DH_PARAMS_FILE) {
        std::fs::read(&parameters)
            .map_err(|error| format!("Failed to load {}: {}", parameters.display(), os_words(&error)))?;
    }
    Ok(())
}
