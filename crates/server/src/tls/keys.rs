//! Certificates and private keys from PEM files.

use crate::listen::os_words;
use pkcs8::SecretDocument;
use redstart::config::{Config, ids};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys, RootCertStore};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// A certificate with its chain and its key.
///
/// # Errors
/// The reason, for the log.
pub(super) fn identity(
    provider: &CryptoProvider,
    certificate: &Path,
    key: &Path,
    password: &[u8],
) -> Result<CertifiedKey, String> {
    let no_certificate = |why: &str| format!("Failed to load certificate: {}: {why}", certificate.display());
    let no_key = |why: &str| format!("Failed to load private key: {}: {why}", key.display());
    let bytes = std::fs::read(certificate).map_err(|error| no_certificate(&os_words(&error)))?;
    let chain = certificates(&bytes).map_err(|why| no_certificate(&why))?;
    let bytes = std::fs::read(key).map_err(|error| no_key(&os_words(&error)))?;
    let key = private_key(&bytes, password).map_err(|why| no_key(&why))?;
    let key = provider.key_provider.load_private_key(key).map_err(|error| no_key(&error.to_string()))?;
    let identity = CertifiedKey::new(chain, key);
    match identity.keys_match() {
        Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => Err(no_key("key values mismatch")),
        // The check is impossible for certificates of version 1, which clients accept nevertheless.
        _ => Ok(identity),
    }
}

fn certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
    match all {
        Ok(all) if all.is_empty() => Err("there is no certificate in it".to_owned()),
        other => other.map_err(|error| error.to_string()),
    }
}

fn private_key(bytes: &[u8], password: &[u8]) -> Result<PrivateKeyDer<'static>, String> {
    let text = String::from_utf8_lossy(bytes);
    if let Some(at) = text.find("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
        return decrypt(&text[at..], password);
    }
    if text.contains("Proc-Type: 4,ENCRYPTED") {
        return Err("it is encrypted in OpenSSL's own format, which is not supported; `openssl pkcs8 -topk8` makes a \
                    file that is"
            .to_owned());
    }
    PrivateKeyDer::from_pem_slice(bytes).map_err(|error| error.to_string())
}

fn decrypt(text: &str, password: &[u8]) -> Result<PrivateKeyDer<'static>, String> {
    if password.is_empty() {
        return Err("it is encrypted, and tls-key-file-pass is not set".to_owned());
    }
    let (_, document) = SecretDocument::from_pem(text).map_err(|error| error.to_string())?;
    let encrypted = pkcs8::EncryptedPrivateKeyInfo::try_from(document.as_bytes()).map_err(|error| error.to_string())?;
    let key = encrypted.decrypt(password).map_err(|_| {
        "it cannot be decrypted: the password is wrong, or the way of encrypting is not supported (PBES2 with AES is)"
            .to_owned()
    })?;
    Ok(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()).into())
}

/// The accepted certificate authorities: those of a file, and of all files in a directory.
///
/// # Errors
/// The reason, for the log. A file in the directory without a certificate is skipped.
pub(super) fn authorities(file: Option<&Path>, directory: Option<&Path>) -> Result<RootCertStore, String> {
    let wrong = |why: String| format!("Failed to configure CA certificate(s) file/directory: {why}");
    let mut roots = RootCertStore::empty();
    if let Some(file) = file {
        let bytes = std::fs::read(file).map_err(|error| wrong(format!("{}: {}", file.display(), os_words(&error))))?;
        for certificate in certificates(&bytes).map_err(|why| wrong(format!("{}: {why}", file.display())))? {
            roots.add(certificate).map_err(|error| wrong(format!("{}: {error}", file.display())))?;
        }
    }
    if let Some(directory) = directory {
        let absent = |error: std::io::Error| wrong(format!("{}: {}", directory.display(), os_words(&error)));
        for entry in std::fs::read_dir(directory).map_err(absent)?.filter_map(Result::ok) {
            let bytes = std::fs::read(entry.path()).unwrap_or_default();
            roots.add_parsable_certificates(certificates(&bytes).unwrap_or_default());
        }
    }
    Ok(roots)
}

/// A number that changes if the contents of a configured file or the files in the directory of authorities change.
pub(super) fn fingerprint(config: &Config) -> u64 {
    let mut hasher = DefaultHasher::new();
    let files = [
        ids::TLS_CERT_FILE,
        ids::TLS_KEY_FILE,
        ids::TLS_CA_CERT_FILE,
        ids::TLS_CLIENT_CERT_FILE,
        ids::TLS_CLIENT_KEY_FILE,
    ];
    let contents = |path: &Path| std::fs::read(path).unwrap_or_default();
    for path in files.into_iter().map(|id| config.path(id)) {
        path.as_deref().map(contents).hash(&mut hasher);
    }
    if let Some(Ok(directory)) = config.path(ids::TLS_CA_CERT_DIR).map(std::fs::read_dir) {
        let mut paths: Vec<_> = directory.filter_map(Result::ok).map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            contents(&path).hash(&mut hasher);
            path.hash(&mut hasher);
        }
    }
    hasher.finish()
}
