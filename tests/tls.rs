//! TLS as clients meet it: who comes in, what comes through, and what changes while the server runs.
//!
//! The certificates are made here: an authority, a server, and clients that it knows and does not know.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, SanType};
use redstart_tests::process::free_address;
use redstart_tests::server::{Server, binary, root};
use redstart_tests::value::Value;
use redstart_tests::wire::{Client, Stream};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion};

const BOTH: &[&SupportedProtocolVersion] = &[&TLS12, &TLS13];

/// An authority.
struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate that an authority signed, and its key.
struct Signed {
    certificate: Certificate,
    key: KeyPair,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    fn sign(&self, name: &str, uri: Option<&str>) -> Signed {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        if let Some(uri) = uri {
            params.subject_alt_names.push(SanType::URI(uri.try_into().expect("a name in ASCII")));
        }
        let key = KeyPair::generate().expect("a key");
        Signed { certificate: params.signed_by(&key, &self.issuer).expect("a certificate"), key }
    }
}

impl Signed {
    /// Writes both into a folder, as `name.crt` and `name.key`.
    fn write(&self, folder: &Path, name: &str) {
        std::fs::write(folder.join(format!("{name}.crt")), self.certificate.pem()).expect("a file");
        std::fs::write(folder.join(format!("{name}.key")), self.key.serialize_pem()).expect("a file");
    }
}

#[derive(Debug)]
struct Tls(StreamOwned<ClientConnection, TcpStream>);

impl Read for Tls {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Tls {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Stream for Tls {
    fn limit_reading(&self, time: Duration) -> io::Result<()> {
        self.0.sock.set_read_timeout(Some(time))
    }
}

/// A server with TLS beside its plain port, and the authority that it and its clients trust.
struct World {
    server: Server,
    authority: Authority,
    known: Signed,
    address: SocketAddr,
    /// Where the certificates are.
    _folder: tempfile::TempDir,
}

impl World {
    fn new(more: &[&str]) -> Self {
        let (authority, folder) = (Authority::new("Authority"), tempfile::tempdir().expect("a folder"));
        let path = |name: &str| folder.path().join(name).display().to_string();
        authority.sign("server", None).write(folder.path(), "server");
        std::fs::write(folder.path().join("ca.crt"), authority.certificate.pem()).expect("a file");
        let address = free_address();
        let mut arguments: Vec<String> = Vec::new();
        for (name, value) in [
            ("--tls-port", address.port().to_string()),
            ("--tls-cert-file", path("server.crt")),
            ("--tls-key-file", path("server.key")),
            ("--tls-ca-cert-file", path("ca.crt")),
            ("--threads", "2".to_owned()),
        ] {
            arguments.extend([name.to_owned(), value]);
        }
        arguments.extend(more.iter().map(|word| (*word).to_owned()));
        let server = Server::start(binary(), &arguments).expect("the server starts");
        let known = authority.sign("known", Some("urn:known"));
        Self { server, authority, known, address, _folder: folder }
    }

    fn config(&self, certificate: Option<&Signed>, versions: &[&'static SupportedProtocolVersion]) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.certificate.der().clone()).expect("a root");
        let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(versions)
            .expect("versions")
            .with_root_certificates(roots);
        match certificate {
            None => builder.with_no_client_auth(),
            Some(signed) => {
                let chain: Vec<CertificateDer<'static>> = vec![signed.certificate.der().clone()];
                let key = PrivateKeyDer::try_from(signed.key.serialize_der()).expect("a key");
                builder.with_client_auth_cert(chain, key).expect("a certificate with its key")
            }
        }
    }

    fn connect_with(&self, config: ClientConfig) -> Client {
        let name = ServerName::try_from("localhost").expect("a name");
        let connection = ClientConnection::new(Arc::new(config), name).expect("a connection");
        let socket = Client::socket(self.address).expect("the server listens");
        Client::over(Tls(StreamOwned::new(connection, socket)))
    }

    /// A client with the known certificate.
    fn connect(&self) -> Client {
        self.connect_with(self.config(Some(&self.known), BOTH))
    }

    /// Whether such a client is let in.
    fn lets_in(&self, certificate: Option<&Signed>, versions: &[&'static SupportedProtocolVersion]) -> bool {
        let answer = self.connect_with(self.config(certificate, versions)).command(&["PING"]);
        answer.is_ok_and(|answer| answer.text_lossy() == "PONG")
    }

    fn plain(&self) -> Client {
        Client::connect(self.server.address()).expect("the plain port")
    }

    fn set(&self, words: &[&str]) -> String {
        let command: Vec<&str> = ["CONFIG", "SET"].iter().chain(words).copied().collect();
        self.plain().command(&command).expect("an answer").to_string()
    }

    fn path(&self, name: &str) -> String {
        self.server.folder().join(name).display().to_string()
    }

    fn expect_log(&self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !self.server.log().contains(text) {
            assert!(Instant::now() < deadline, "`{text}` is not in the log:\n{}", self.server.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn text(client: &mut Client, command: &[&str]) -> String {
    client.command(command).expect("an answer").text_lossy()
}

fn words(command: &[&str]) -> Vec<Vec<u8>> {
    command.iter().map(|word| word.as_bytes().to_vec()).collect()
}

fn expect_nobody(address: SocketAddr) {
    assert!(TcpStream::connect(address).is_err(), "somebody listens at {address}");
}

/// What goes through: short commands, pipelines, 10 MB each way, pushes, scripts.
fn converse(world: &World, versions: &[&'static SupportedProtocolVersion]) {
    let mut client = world.connect_with(world.config(Some(&world.known), versions));
    assert_eq!(text(&mut client, &["SET", "key", "value"]), "OK");
    assert_eq!(text(&mut client, &["GET", "key"]), "value");
    let pipeline: Vec<_> = (0..5000).map(|number| words(&["ECHO", &number.to_string()])).collect();
    let answers = client.pipeline(&pipeline).expect("answers");
    assert!(answers.iter().enumerate().all(|(number, answer)| answer.text_lossy() == number.to_string()));
    let large: Vec<u8> = (0..10_000_000u32).map(|number| (number / 7) as u8).collect();
    assert_eq!(client.command(&[b"SET".as_slice(), b"large", &large]).expect("an answer").text_lossy(), "OK");
    assert_eq!(client.command(&["GET", "large"]).expect("an answer"), Value::Bulk(large));
    let script = "#!lua flags=no-writes\nreturn redis.call('GET', KEYS[1])";
    assert_eq!(text(&mut client, &["EVAL", script, "1", "key"]), "value");
    let mut listener = world.connect_with(world.config(Some(&world.known), versions));
    listener.command(&["SUBSCRIBE", "channel"]).expect("an answer");
    assert_eq!(text(&mut client, &["PUBLISH", "channel", "hello"]), "1");
    assert!(listener.receive().expect("a message").to_string().contains("hello"));
    assert_eq!(text(&mut client, &["QUIT"]), "OK");
    assert!(client.is_closed());
}

#[test]
fn everything_comes_through() {
    for backend in ["uring", "epoll"] {
        let world = World::new(&["--io-backend", backend]);
        converse(&world, &[&TLS12]);
        converse(&world, &[&TLS13]);
        let mut plain = world.plain();
        let info = text(&mut plain, &["INFO", "server"]);
        assert!(info.contains(&format!("name=tls,bind=127.0.0.1,port={}", world.address.port())), "{info}");
        assert!(world.server.log().contains("Ready to accept connections tls"));
    }
}

#[test]
fn many_answers_that_nobody_takes_are_counted() {
    let world = World::new(&["--client-output-buffer-limit", "normal 20mb 0 0"]);
    let mut client = world.connect();
    let value = vec![b'x'; 1_000_000];
    client.command(&[b"SET".as_slice(), b"large", &value]).expect("an answer");
    let pipeline: Vec<_> = (0..100).map(|_| words(&["GET", "large"])).collect();
    for command in &pipeline {
        // The server may have closed the connection already.
        let _ = client.send(command);
    }
    world.expect_log("overcoming of output buffer limits");
}

#[test]
fn certificates_of_clients_are_asked_for() {
    let world = World::new(&[]);
    let stranger = Authority::new("Somebody else").sign("stranger", None);
    assert!(world.lets_in(Some(&world.known), BOTH));
    assert!(!world.lets_in(None, BOTH));
    assert!(!world.lets_in(Some(&stranger), BOTH));
    world.expect_log("Error accepting a client connection: ");
    assert_eq!(world.set(&["tls-auth-clients", "optional"]), "+OK");
    assert!(world.lets_in(Some(&world.known), BOTH) && world.lets_in(None, BOTH));
    assert!(!world.lets_in(Some(&stranger), BOTH));
    assert_eq!(world.set(&["tls-auth-clients", "no"]), "+OK");
    assert!(world.lets_in(None, BOTH) && world.lets_in(Some(&stranger), BOTH));
    assert_eq!(world.set(&["tls-auth-clients", "yes"]), "+OK");
    assert!(!world.lets_in(None, BOTH));
}

#[test]
fn certificates_name_users() {
    let world = World::new(&["--tls-auth-clients-user", "CN"]);
    let mut plain = world.plain();
    for user in ["known", "urn:known"] {
        assert_eq!(text(&mut plain, &["ACL", "SETUSER", user, "on", ">secret", "+@all", "~*"]), "OK");
    }
    assert_eq!(text(&mut world.connect(), &["ACL", "WHOAMI"]), "known");
    let list = text(&mut world.connect(), &["CLIENT", "LIST"]);
    assert!(list.contains("user=known"), "{list}");
    assert_eq!(world.set(&["tls-auth-clients-user", "URI"]), "+OK");
    assert_eq!(text(&mut world.connect(), &["ACL", "WHOAMI"]), "urn:known");
    assert_eq!(text(&mut plain, &["ACL", "SETUSER", "urn:known", "off"]), "OK");
    assert_eq!(text(&mut world.connect(), &["ACL", "WHOAMI"]), "default");
    let log = plain.command(&["ACL", "LOG"]).expect("an answer").to_string();
    assert!(log.contains("tls-cert") && log.contains("urn:known"), "{log}");
    assert!(text(&mut plain, &["INFO", "stats"]).contains("acl_access_denied_tls_cert:1\r\n"));
}

#[test]
fn versions_and_ciphers_are_chosen() {
    let world = World::new(&[]);
    let known = Some(&world.known);
    assert_eq!(world.set(&["tls-protocols", "TLSv1.3"]), "+OK");
    assert!(world.lets_in(known, &[&TLS13]) && !world.lets_in(known, &[&TLS12]));
    assert_eq!(world.set(&["tls-protocols", "TLSv1.2"]), "+OK");
    assert!(world.lets_in(known, &[&TLS12]) && !world.lets_in(known, &[&TLS13]));
    for (name, wrong) in [
        ("tls-protocols", "TLSv1.1 TLSv1.2"),
        ("tls-protocols", "SSLv3"),
        ("tls-ciphers", "AES128-SHA256"),
        ("tls-ciphersuites", "NO_SUCH_SUITE"),
    ] {
        let answer = world.set(&[name, wrong]);
        assert!(answer.contains(name) && answer.contains("Unable to update TLS configuration"), "{answer}");
    }
    assert!(world.lets_in(known, &[&TLS12]), "what was refused changed nothing");
    assert_eq!(world.set(&["tls-ciphers", "ECDHE-RSA-AES128-GCM-SHA256"]), "+OK");
    assert!(!world.lets_in(known, &[&TLS12]), "the server's key is not of that kind");
    assert_eq!(world.set(&["tls-ciphers", "ECDHE+AESGCM", "tls-protocols", ""]), "+OK");
    assert!(world.lets_in(known, &[&TLS12]) && world.lets_in(known, &[&TLS13]));
}

#[test]
fn certificates_are_replaced_while_the_server_runs() {
    let world = World::new(&[]);
    let mut before = world.connect();
    assert_eq!(text(&mut before, &["PING"]), "PONG");
    let folder = world.server.folder();
    let other = Authority::new("Another");
    other.sign("server", None).write(folder, "other");
    std::fs::write(folder.join("garbage"), "garbage").expect("a file");
    let (certificate, key) = (world.path("other.crt"), world.path("other.key"));
    for wrong in [
        vec!["tls-cert-file", "/nowhere"],
        vec!["tls-key-file", &key],
        vec!["tls-cert-file", &certificate],
        vec!["tls-ca-cert-file", "/nowhere"],
        vec!["tls-cert-file", ""],
    ] {
        let answer = world.set(&wrong);
        assert!(answer.contains("Unable to update TLS configuration. Check server logs."), "{wrong:?}: {answer}");
        assert!(world.lets_in(Some(&world.known), BOTH), "{wrong:?}");
    }
    let garbage = world.path("garbage");
    assert!(world.set(&["tls-cert-file", &garbage]).contains("Unable"));
    world.expect_log("Failed to load certificate: ");
    world.expect_log("key values mismatch");
    assert_eq!(world.set(&["tls-cert-file", &certificate, "tls-key-file", &key]), "+OK");
    assert!(!world.lets_in(Some(&world.known), BOTH), "the client does not know the new authority");
    assert_eq!(text(&mut before, &["PING"]), "PONG", "who is in stays in");
}

#[test]
fn certificates_that_change_are_found() {
    let world = World::new(&["--tls-auto-reload-interval", "1"]);
    let folder = world.server.folder();
    world.authority.sign("server", None).write(folder, "own");
    let (certificate, key) = (world.path("own.crt"), world.path("own.key"));
    assert_eq!(world.set(&["tls-cert-file", &certificate, "tls-key-file", &key]), "+OK");
    assert!(world.lets_in(Some(&world.known), BOTH));
    std::fs::write(folder.join("own.crt"), "half of it").expect("a file");
    world.expect_log("Background TLS reload failed: ");
    assert!(world.lets_in(Some(&world.known), BOTH), "what was in force stays");
    Authority::new("Another").sign("server", None).write(folder, "own");
    world.expect_log("TLS materials reloaded successfully");
    assert!(!world.lets_in(Some(&world.known), BOTH), "the client does not know the new authority");
}

#[test]
fn the_port_moves() {
    let mut world = World::new(&[]);
    let mut before = world.connect();
    let elsewhere = free_address();
    assert_eq!(world.set(&["tls-port", &elsewhere.port().to_string()]), "+OK");
    let old = std::mem::replace(&mut world.address, elsewhere);
    assert!(world.lets_in(Some(&world.known), BOTH));
    assert_eq!(text(&mut before, &["PING"]), "PONG");
    expect_nobody(old);
    // TLS alone; then none.
    let plain = world.server.address();
    assert_eq!(text(&mut before, &["CONFIG", "SET", "port", "0"]), "OK");
    let info = text(&mut before, &["INFO", "server"]);
    assert!(info.contains(&format!("tcp_port:{}\r\n", elsewhere.port())), "{info}");
    expect_nobody(plain);
    assert_eq!(text(&mut before, &["CONFIG", "SET", "tls-port", "0"]), "OK");
    expect_nobody(elsewhere);
    // The same port for one and the other.
    assert_eq!(text(&mut before, &["CONFIG", "SET", "port", &elsewhere.port().to_string()]), "OK");
    assert_eq!(text(&mut Client::connect(elsewhere).expect("the plain port"), &["PING"]), "PONG");
}

#[test]
fn a_server_without_tls_begins_with_it() {
    let server = Server::start(binary(), &[]).expect("the server starts");
    let mut plain = Client::connect(server.address()).expect("the plain port");
    let port = free_address().port().to_string();
    let answer = plain.command(&["CONFIG", "SET", "tls-port", &port]).expect("an answer").to_string();
    assert!(answer.contains("Unable to update TLS configuration"), "{answer}");
    let authority = Authority::new("Authority");
    authority.sign("server", None).write(server.folder(), "server");
    for (name, value) in [("tls-cert-file", "server.crt"), ("tls-key-file", "server.key"), ("tls-auth-clients", "no")] {
        assert_eq!(text(&mut plain, &["CONFIG", "SET", name, value]), "OK", "{name}");
    }
    assert_eq!(text(&mut plain, &["CONFIG", "SET", "tls-port", &port]), "OK");
}

#[test]
fn bad_peers_harm_nobody() {
    let world = World::new(&[]);
    let mut good = world.connect();
    for garbage in [b"PING\r\n".to_vec(), vec![0; 100_000], vec![22, 3, 1, 255, 255, 1, 0, 0, 0], vec![0x17; 70_000]] {
        let mut client = Client::over(Client::socket(world.address).expect("a socket"));
        // It may be closed before all is written.
        let _ = client.send_raw(&garbage);
        drop(client);
        assert_eq!(text(&mut good, &["PING"]), "PONG");
    }
    world.expect_log("Error accepting a client connection: ");
    // A handshake that breaks off, a connection that breaks off within a record, and one within its answers.
    drop(Client::socket(world.address).expect("a socket"));
    let mut client = world.connect();
    assert_eq!(text(&mut client, &["PING"]), "PONG");
    client.send_raw(b"*2\r\n$4\r\nECHO\r\n$1000\r\nxx").expect("it is sent");
    drop(client);
    let mut client = world.connect();
    let value = "x".repeat(5_000_000);
    client.send(&["SET", "large", &value]).expect("it is sent");
    client.send(&["GET", "large"]).expect("it is sent");
    drop(client);
    let deadline = Instant::now() + Duration::from_secs(10);
    while text(&mut good, &["CLIENT", "LIST"]).lines().count() > 1 {
        assert!(Instant::now() < deadline, "clients are left behind");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_handshake_that_does_not_end_is_given_up() {
    let world = World::new(&[]);
    let mut silent = Client::over(Client::socket(world.address).expect("a socket"));
    silent.set_timeout(Duration::from_secs(30));
    // The head of a record, and no more.
    silent.send_raw(&[22, 3, 1, 2, 0, 1]).expect("it is sent");
    assert!(silent.is_closed());
    world.expect_log("the TLS handshake takes too long");
}

#[test]
fn sessions_are_resumed() {
    for (caching, resumed) in [("yes", true), ("no", false)] {
        let world = World::new(&["--tls-session-caching", caching]);
        for version in BOTH {
            let config = Arc::new(world.config(Some(&world.known), &[version]));
            let mut kinds = Vec::new();
            for _ in 0..2 {
                let name = ServerName::try_from("localhost").expect("a name");
                let connection = ClientConnection::new(Arc::clone(&config), name).expect("a connection");
                let socket = Client::socket(world.address).expect("the server listens");
                let mut stream = StreamOwned::new(connection, socket);
                stream.write_all(b"PING\r\n").expect("it is sent");
                let mut answer = [0; 7];
                stream.read_exact(&mut answer).expect("an answer");
                kinds.push(stream.conn.handshake_kind());
            }
            let again = kinds[1] == Some(rustls::HandshakeKind::Resumed);
            assert_eq!(again, resumed, "{caching} {version:?}: {kinds:?}");
        }
    }
}

#[test]
fn redis_py_speaks_tls() {
    let python = root().join(".venv/bin/python");
    assert!(python.exists(), "no redis-py: run scripts/install-test-deps (make test does)");
    let world = World::new(&[]);
    world.known.write(world.server.folder(), "known");
    std::fs::write(world.server.folder().join("ca.crt"), world.authority.certificate.pem()).expect("a file");
    let output = std::process::Command::new(&python)
        .arg(root().join("tests/clients/tls.py"))
        .args([&world.address.port().to_string(), &world.server.folder().display().to_string()])
        .output()
        .expect("python runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    print!("{said}");
}
