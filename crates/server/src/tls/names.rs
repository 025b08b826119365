//! Users named by certificates (`tls-auth-clients-user`).

use redstart::config::choices::TlsAuthClientsUser;
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// The users that a verified certificate names, in its order.
pub(crate) fn names(certificate: &[u8], field: TlsAuthClientsUser) -> Vec<Vec<u8>> {
    if field == TlsAuthClientsUser::Off {
        return Vec::new();
    }
    let Ok(certificate) = Certificate::from_der(certificate) else { return Vec::new() };
    match field {
        TlsAuthClientsUser::CommonName => common_name(&certificate).into_iter().collect(),
        _ => uris(&certificate),
    }
}

/// The first common name of the subject, as raw bytes: a zero byte is an ordinary byte and does not end the name.
fn common_name(certificate: &Certificate) -> Option<Vec<u8>> {
    let mut attributes = certificate.tbs_certificate.subject.0.iter().flat_map(|name| name.0.iter());
    let name = attributes.find(|attribute| attribute.oid == COMMON_NAME)?.value.value();
    (!name.is_empty()).then(|| name.to_vec())
}

/// The URIs among the subject's alternative names.
fn uris(certificate: &Certificate) -> Vec<Vec<u8>> {
    let Ok(Some((_, names))) = certificate.tbs_certificate.get::<SubjectAltName>() else { return Vec::new() };
    let uri = |name: GeneralName| match name {
        GeneralName::UniformResourceIdentifier(uri) => Some(uri.as_bytes().to_vec()),
        _ => None,
    };
    names.0.into_iter().filter_map(uri).filter(|uri| !uri.is_empty() && !uri.contains(&0)).collect()
}
