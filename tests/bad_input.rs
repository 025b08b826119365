//! Hostile and broken clients: a clear error or a closed connection, bounded memory, every other client served.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use redstart_tests::process::resident_bytes;
use redstart_tests::server::{Server, binary};
use redstart_tests::value::Value;
use redstart_tests::wire::{Client, encode};

const MEGABYTE: u64 = 1 << 20;

fn start(arguments: &str) -> Server {
    let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
    Server::start(binary(), &arguments).expect("the server starts")
}

fn connect(server: &Server) -> Client {
    Client::connect(server.address()).expect("it accepts")
}

fn assert_serves(server: &Server) {
    let reply = connect(server).command(&["PING"]).expect("others are served");
    assert_eq!(reply, Value::Simple(b"PONG".to_vec()));
}

/// Every way to cut a stream in two gives the same replies.
#[test]
fn a_stream_may_be_cut_at_every_byte() {
    let server = start("");
    let stream = [
        encode(&["SET", "key", "value\r\n$5"]),
        b"PING\r\n".to_vec(),
        encode(&["GET", "key"]),
        b"*0\r\nSET inline \"a \\x41\"\r\n".to_vec(),
        encode(&["GET", "inline"]),
    ]
    .concat();
    let expected = b"+OK\r\n+PONG\r\n$9\r\nvalue\r\n$5\r\n+OK\r\n$3\r\na A\r\n";
    for cut in 0..=stream.len() {
        let mut socket = TcpStream::connect(server.address()).expect("it accepts");
        socket.set_nodelay(true).expect("a socket option");
        socket.set_read_timeout(Some(Duration::from_secs(10))).expect("a socket option");
        socket.write_all(&stream[..cut]).expect("it reads");
        // Long enough for the server to see the first part alone, most times.
        std::thread::sleep(Duration::from_micros(300));
        socket.write_all(&stream[cut..]).expect("it reads");
        let mut got = vec![0; expected.len()];
        socket.read_exact(&mut got).unwrap_or_else(|error| panic!("cut at {cut}: {error}"));
        assert_eq!(String::from_utf8_lossy(&got), String::from_utf8_lossy(expected), "cut at {cut}");
    }
}

#[test]
fn a_claim_is_not_memory() {
    let server = start("");
    let before = resident_bytes(server.pid());
    let claims: Vec<Client> = (0..8)
        .map(|_| {
            let mut client = connect(&server);
            client.send_raw(b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\nonly these bytes come").expect("it reads");
            client
        })
        .collect();
    let mut many = connect(&server);
    many.send_raw(b"*1048576\r\n$1\r\nx\r\n").expect("it reads");
    assert_serves(&server);
    let grown = resident_bytes(server.pid()).saturating_sub(before);
    assert!(grown < 64 * MEGABYTE, "{} claims of 512 MB made it {} MB larger", claims.len(), grown / MEGABYTE);
}

#[test]
fn a_million_empty_commands_pass() {
    let server = start("");
    for empty in ["*0\r\n", "\r\n", "*-1\r\n"] {
        let mut client = connect(&server);
        let bytes = [empty.repeat(1_000_000).into_bytes(), b"PING\r\n".to_vec()].concat();
        client.send_raw(&bytes).expect("it reads");
        assert_eq!(client.receive().expect("it answers"), Value::Simple(b"PONG".to_vec()), "{empty:?}");
    }
}

#[test]
fn who_never_reads_is_cut_off() {
    let server = start("--client-output-buffer-limit normal 20mb 10mb 5");
    let value = vec![b'x'; MEGABYTE as usize];
    connect(&server).command(&[b"SET".as_slice(), b"big", &value]).expect("SET answers");
    let before = resident_bytes(server.pid());
    let mut deaf = connect(&server);
    let requests = encode(&["GET", "big"]).repeat(2000);
    // The server may cut the line while it is still written to, which is right.
    let _cut = deaf.send_raw(&requests);
    std::thread::sleep(Duration::from_millis(300));
    assert_serves(&server);
    let grown = resident_bytes(server.pid()).saturating_sub(before);
    assert!(grown < 200 * MEGABYTE, "2 GB of replies nobody reads take {} MB", grown / MEGABYTE);
    let mut read = 0;
    while deaf.receive().is_ok() {
        read += 1;
    }
    assert!(read < 2000, "it was never cut off");
}

#[test]
fn a_request_beyond_the_query_buffer_limit_ends_the_connection() {
    let server = start("--client-query-buffer-limit 1mb");
    let before = resident_bytes(server.pid());
    for head in [b"*2\r\n$4\r\nECHO\r\n$20000000\r\n".as_slice(), b"GET "] {
        let mut client = connect(&server);
        let bytes = [head, &vec![b'x'; 20_000_000]].concat();
        let _cut = client.send_raw(&bytes);
        // An error may be said first; then the line is closed.
        assert!(client.receive().map_or(true, |reply| reply.is_error()));
        assert_serves(&server);
    }
    let grown = resident_bytes(server.pid()).saturating_sub(before);
    assert!(grown < 64 * MEGABYTE, "grown by {} MB", grown / MEGABYTE);
}

/// Random bytes: any answer but a crash or a hanging server will do.
#[test]
fn noise_does_no_harm() {
    let mut server = start("");
    let mut random = redstart_tests::differential::random::Random::new(7);
    let alphabet = b"*$\r\n0123456789-+:SETGsetg \"'\\x\x00\xff";
    for _ in 0..300 {
        let noise: Vec<u8> = (0..random.below(400)).map(|_| *random.pick(alphabet)).collect();
        let mut client = connect(&server);
        client.set_timeout(Duration::from_millis(2));
        let _cut = client.send_raw(&noise);
        let _any = client.receive();
    }
    assert_serves(&server);
    assert!(server.is_running(), "{}", server.log());
}

/// How many files this process may open, raised as far as it may be.
fn open_files() -> usize {
    let pid = std::process::id().to_string();
    // Without the right to raise it, the limit that stands decides.
    let _raised = Command::new("prlimit").args(["--pid", &pid, "--nofile=12000:"]).status();
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap_or_default();
    line.split_whitespace().nth(3).and_then(|word| word.parse().ok()).unwrap_or(1024)
}

#[test]
fn ten_thousand_connections_are_served() {
    let count = (open_files() - 200).min(10_000);
    let server = start("--maxclients 10100");
    let mut clients: Vec<Client> = (0..count).map(|_| connect(&server)).collect();
    for client in &mut clients {
        client.send(&["INCR", "n"]).expect("it reads");
    }
    let sum: i64 = clients
        .iter_mut()
        .map(|client| match client.receive().expect("it answers") {
            Value::Integer(number) => number,
            other => panic!("{other}"),
        })
        .sum();
    let count_i64 = i64::try_from(count).expect("a count of connections fits");
    assert_eq!(sum, count_i64 * (count_i64 + 1) / 2, "each INCR counted once");
    println!("{count} connections served");
}

/// What one client holds is told and taken back by the thread that serves it, while others look at it.
#[test]
fn a_large_client_that_goes_takes_nobody_with_it() {
    const LIMIT: usize = 3_000_000;
    let server = start(&format!("--threads 2 --maxmemory-clients {LIMIT}"));
    let spared = || {
        let mut client = connect(&server);
        assert_eq!(client.command(&["CLIENT", "NO-EVICT", "ON"]).expect("it answers"), Value::Simple("OK".into()));
        client
    };
    let mut looking = spared();
    let wanted = format!("qbuf={}", LIMIT + 1);
    for _ in 0..60 {
        let mut large = spared();
        large.send_raw(format!("*1\r\n${}\r\n{}", LIMIT + 1, "v".repeat(LIMIT + 1)).as_bytes()).expect("it reads");
        let filled = || looking.command(&["CLIENT", "LIST"]).expect("it lists").text_lossy().contains(&wanted);
        assert!(std::iter::repeat_with(filled).take(100_000).any(|filled| filled), "{}", server.log());
        drop(large);
        let mut next = connect(&server);
        for _ in 0..3 {
            assert_eq!(next.command(&["PING"]).expect("it is not ended"), Value::Simple("PONG".into()));
        }
    }
}
