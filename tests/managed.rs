//! How the server starts and ends: service managers that wait for its notification, supervisors that restart it at
//! once, and configurations that ask for a replica, a cluster node or a sentinel.

use redstart_tests::process::{PATIENCE, Process, Start, free_address};
use redstart_tests::server::binary;
use redstart_tests::wire::Client;
use std::net::SocketAddr;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn arguments(address: SocketAddr, more: &str) -> Vec<String> {
    words(&format!("--port {} --bind 127.0.0.1 --save 60 1000 {more}", address.port()))
}

/// A service manager's socket, and the folder it is in.
fn manager() -> (UnixDatagram, TempDir, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket in a temporary folder");
    socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let path = path.display().to_string();
    (socket, folder, path)
}

/// What the manager is told next.
fn told(socket: &UnixDatagram) -> String {
    let mut bytes = [0; 512];
    let length = socket.recv(&mut bytes).expect("a word from the server");
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}

/// Waits until the manager is told this, and gives all that came before.
fn told_until(socket: &UnixDatagram, line: &str) -> String {
    let mut all = String::new();
    while !all.lines().any(|one| one == line) {
        all.push_str(&told(socket));
    }
    all
}

#[test]
fn systemd_is_told_when_it_is_ready_and_when_it_ends() {
    for supervised in ["systemd", "auto"] {
        let (socket, _folder, path) = manager();
        let address = free_address();
        // What a manager watches must not go to the background.
        let arguments = arguments(address, &format!("--supervised {supervised} --daemonize yes"));
        let environment = [("NOTIFY_SOCKET", path.as_str())];
        let start = Start { arguments: &arguments, environment: &environment, ..Start::default() };
        let mut server = Process::start(binary(), &start);
        let before = told_until(&socket, "READY=1");
        assert!(before.starts_with("STATUS=Redstart is loading...\n"), "{before}");
        assert!(before.contains("STATUS=Ready to accept connections\n"), "{before}");
        let mut client = Client::connect(address).expect("it is ready");
        let info = client.command(&["INFO", "server"]).expect("an answer").text_lossy();
        assert!(info.contains("\r\nprocess_supervised:systemd\r\n"), "{info}");
        client.command(&["SET", "k", "v"]).expect("an answer");
        server.signal("TERM");
        let end = told_until(&socket, "STOPPING=1");
        assert!(end.contains("STATUS=Saving the final RDB snapshot\n"), "{end}");
        assert!(server.expect_end().success());
    }
}

#[test]
fn a_manager_that_is_not_there_keeps_nothing_from_starting() {
    let no_one = [("NOTIFY_SOCKET", ""), ("UPSTART_JOB", "")];
    let nowhere = [("NOTIFY_SOCKET", "/nonexistent/notify"), ("UPSTART_JOB", "")];
    for (supervised, environment, said) in [
        ("systemd", &no_one, "systemd supervision error: NOTIFY_SOCKET not found!"),
        ("systemd", &nowhere, "systemd supervision error: sd_notify: "),
        ("upstart", &no_one, "upstart supervision requested, but UPSTART_JOB not found!"),
        ("auto", &no_one, "Ready to accept connections"),
        ("no", &nowhere, "Ready to accept connections"),
    ] {
        let address = free_address();
        let arguments = arguments(address, &format!("--supervised {supervised}"));
        let start = Start { arguments: &arguments, environment, ..Start::default() };
        let server = Process::start(binary(), &start);
        server.expect_log("Ready to accept connections");
        assert!(server.log().contains(said), "{supervised}: {}", server.log());
        let mut client = Client::connect(address).expect("it is ready");
        let info = client.command(&["INFO", "server"]).expect("an answer").text_lossy();
        assert!(info.contains("\r\nprocess_supervised:no\r\n"), "{info}");
    }
}

#[test]
fn upstart_sees_it_stop_itself() {
    let address = free_address();
    let arguments = arguments(address, "--supervised upstart");
    let environment = [("UPSTART_JOB", "redstart")];
    let server =
        Process::start(binary(), &Start { arguments: &arguments, environment: &environment, ..Start::default() });
    let deadline = Instant::now() + PATIENCE;
    let state = || {
        let line = std::fs::read_to_string(format!("/proc/{}/stat", server.pid())).expect("the process is there");
        line.rsplit(')').next().unwrap_or_default().trim_start().chars().next()
    };
    while state() != Some('T') {
        assert!(Instant::now() < deadline, "it does not stop:\n{}", server.log());
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(server.log().contains("supervised by upstart, will stop to signal readiness."), "{}", server.log());
    server.signal("CONT");
    server.expect_log("Ready to accept connections");
}

#[test]
fn it_goes_to_the_background_where_that_is_wanted() {
    let address = free_address();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pid_file = folder.path().join("pid");
    let more = format!("--daemonize yes --pidfile {} --dir {}", pid_file.display(), folder.path().display());
    let arguments = arguments(address, &more);
    let mut first = Process::start(binary(), &Start { arguments: &arguments, ..Start::default() });
    assert!(first.expect_end().success(), "{}", first.log());
    let deadline = Instant::now() + PATIENCE;
    let mut client = loop {
        match Client::connect(address) {
            Ok(client) => break client,
            Err(error) => assert!(Instant::now() < deadline, "nobody listens in the background: {error}"),
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let info = client.command(&["INFO", "server"]).expect("an answer").text_lossy();
    let pid = std::fs::read_to_string(&pid_file).expect("a pid file");
    assert!(info.contains(&format!("\r\nprocess_id:{}\r\n", pid.trim())), "{info}");
    client.send(&["SHUTDOWN", "NOSAVE"]).expect("it is sent");
    while Client::connect(address).is_ok() {
        assert!(Instant::now() < deadline, "it does not end");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Whether another server could listen there now.
fn is_free(address: SocketAddr) -> bool {
    // As servers do it: the port's old connections do not matter.
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    socket.set_reuse_address(true).expect("an option");
    socket.bind(&address.into()).and_then(|()| socket.listen(1)).is_ok()
}

/// The port is free when the process has ended, however it did: a listener that stood in the io_uring was there for 8
/// to 100 milliseconds more.
#[test]
fn a_port_is_free_as_soon_as_its_server_has_ended() {
    for backend in ["auto", "epoll"] {
        for signal in ["KILL", "TERM", "KILL", "SEGV", "KILL"] {
            let address = free_address();
            let arguments = arguments(address, &format!("--io-backend {backend} --threads 2"));
            let mut server = Process::start(binary(), &Start { arguments: &arguments, ..Start::default() });
            server.expect_log("Ready to accept connections");
            let clients: Vec<Client> = (0..5).map(|_| Client::connect(address).expect("it listens")).collect();
            server.signal(signal);
            server.expect_end();
            assert!(is_free(address), "SIG{signal} with {backend}");
            drop(clients);
        }
    }
}

#[test]
fn a_load_that_fails_leaves_the_port_free() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("dump.rdb"), b"GARBAGE AND MORE").expect("a file");
    let address = free_address();
    let arguments = arguments(address, &format!("--dir {}", folder.path().display()));
    let mut server = Process::start(binary(), &Start { arguments: &arguments, ..Start::default() });
    assert_eq!(server.expect_end().code(), Some(1));
    assert!(is_free(address));
}

/// None of these asks for a server of its own: it would take writes that belong to another one.
#[test]
fn what_asks_for_a_replica_a_node_or_a_sentinel_does_not_start() {
    let none: &[(&str, &str)] = &[];
    let replica: &[(&str, &str)] = &[("REDIS_REPLICAOF", "127.0.0.1 6379")];
    for (input, more, environment, said) in [
        (None, "--replicaof 127.0.0.1 6379", none, "replicaof: Redstart has no replication yet"),
        (None, "--slaveof 127.0.0.1 6379", none, "replicaof: Redstart has no replication yet"),
        (Some("replicaof 127.0.0.1 6379\n"), "", none, "replicaof: Redstart has no replication yet"),
        (None, "", replica, "replicaof: Redstart has no replication yet"),
        (None, "--cluster-enabled yes", none, "cluster-enabled yes: Redstart has no cluster mode yet"),
        (Some("cluster-enabled yes\n"), "", none, "cluster-enabled yes: Redstart has no cluster mode yet"),
        (None, "--sentinel", none, "--sentinel: Redstart has no sentinel mode"),
    ] {
        let address = free_address();
        let mut arguments = arguments(address, more);
        if input.is_some() {
            arguments.insert(0, "-".to_owned());
        }
        let mut server = Process::start(binary(), &Start { arguments: &arguments, input, environment });
        assert_eq!(server.expect_end().code(), Some(1), "{more}");
        assert!(server.log().contains(said), "{more}: {}", server.log());
        assert!(Client::connect(address).is_err());
    }
    // As long as nothing is followed, the same lines are harmless.
    let address = free_address();
    let arguments = arguments(address, "--replicaof no one --cluster-enabled no");
    let server = Process::start(binary(), &Start { arguments: &arguments, ..Start::default() });
    server.expect_log("Ready to accept connections");
}

#[test]
fn under_the_name_of_another_tool_it_does_not_start() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in ["redis-sentinel", "valkey-sentinel", "redis-cli", "redis-benchmark", "redis-sentinel-8"] {
        let link = folder.path().join(name);
        std::os::unix::fs::symlink(binary(), &link).expect("a link in a temporary folder");
        let arguments = arguments(free_address(), "");
        let mut process = Process::start(Path::new(&link), &Start { arguments: &arguments, ..Start::default() });
        assert_eq!(process.expect_end().code(), Some(1), "{name}");
        assert!(process.log().starts_with(&format!("{name}: Redstart has no ")), "{}", process.log());
    }
}
