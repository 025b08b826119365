//! Users named by certificates (`tls-auth-clients-user`).

use redstart::command::acl::{Store, User};
use redstart::config::choices::TlsAuthClientsUser;
use std::sync::Arc;
use x509_cert::Certificate;
use x509_cert::der::asn1::{Ia5StringRef, PrintableStringRef, TeletexStringRef, Utf8StringRef};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Any, Decode, Tag, Tagged};
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// The user that a verified certificate names, if there is such a user and it is on.
pub(crate) fn named_user(certificate: &[u8], field: TlsAuthClientsUser, users: &Store) -> Option<Arc<User>> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let names = match field {
        TlsAuthClientsUser::Off => return None,
        TlsAuthClientsUser::CommonName => common_name(&certificate).into_iter().collect(),
        TlsAuthClientsUser::Uri => uris(&certificate),
    };
    names.iter().filter_map(|name| users.get(name.as_bytes())).find(|user| user.enabled())
}

/// The first common name of the subject.
fn common_name(certificate: &Certificate) -> Option<String> {
    let mut attributes = certificate.tbs_certificate.subject.0.iter().flat_map(|name| name.0.iter());
    text(&attributes.find(|attribute| attribute.oid == COMMON_NAME)?.value)
}

fn text(value: &Any) -> Option<String> {
    match value.tag() {
        Tag::Utf8String => value.decode_as::<Utf8StringRef<'_>>().ok().map(|text| text.as_str().to_owned()),
        Tag::PrintableString => value.decode_as::<PrintableStringRef<'_>>().ok().map(|text| text.as_str().to_owned()),
        Tag::Ia5String => value.decode_as::<Ia5StringRef<'_>>().ok().map(|text| text.as_str().to_owned()),
        Tag::TeletexString => value.decode_as::<TeletexStringRef<'_>>().ok().map(|text| text.as_str().to_owned()),
        _ => None,
    }
}

/// The URIs among the subject's alternative names.
fn uris(certificate: &Certificate) -> Vec<String> {
    let Ok(Some((_, names))) = certificate.tbs_certificate.get::<SubjectAltName>() else { return Vec::new() };
    let uri = |name: GeneralName| match name {
        GeneralName::UniformResourceIdentifier(uri) => Some(uri.as_str().to_owned()),
        _ => None,
    };
    names.0.into_iter().filter_map(uri).collect()
}
