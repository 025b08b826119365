//! The directives against a running Redis 8.0.6 (`REDSTART_PEER_REDIS` names its `redis-server`) and the file it is
//! shipped with (`REDSTART_PEER_REDIS_CONF`).

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use redstart_config::{Config, DIRECTIVES, Flags, Host, NoFiles, SetContext, load_text};

/// Ends the process however the test ends.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Best effort: the process may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Peer {
    _process: Process,
    stream: BufReader<TcpStream>,
}

impl Peer {
    fn start() -> Option<Peer> {
        Peer::start_with(None)
    }

    /// A fresh server on a free port, or `None` (said aloud) where there is no peer.
    fn start_with(file: Option<&Path>) -> Option<Peer> {
        let Some(path) = std::env::var_os("REDSTART_PEER_REDIS") else {
            eprintln!("skipped: REDSTART_PEER_REDIS names no redis-server to compare with");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let arguments = ["--port", &port.to_string(), "--bind", "127.0.0.1", "--daemonize", "no"];
        let mut command = Command::new(path);
        command.args(file).args(arguments).current_dir(std::env::temp_dir()).stdout(Stdio::null());
        let process = Process(command.spawn().expect("the peer starts"));
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) {
                return Some(Peer { _process: process, stream: BufReader::new(stream) });
            }
            assert!(Instant::now() < deadline, "the peer does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The reply's texts: one for a simple reply, all of an array.
    fn call(&mut self, arguments: &[&str]) -> Vec<String> {
        let words = arguments.iter().map(|word| format!("${}\r\n{word}\r\n", word.len()));
        let request = format!("*{}\r\n{}", arguments.len(), words.collect::<String>());
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        let first = self.line();
        match first.strip_prefix('*') {
            Some(count) => (0..count.parse().unwrap()).map(|_| self.bulk()).collect(),
            None => vec![first[1..].to_string()],
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        line.trim_end().to_string()
    }

    fn bulk(&mut self) -> String {
        let len: usize = self.line()[1..].parse().unwrap();
        let mut bytes = vec![0; len + 2];
        self.stream.read_exact(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..len]).into_owned()
    }

    fn configuration(&mut self, pattern: &str) -> BTreeMap<String, String> {
        let words = self.call(&["CONFIG", "GET", pattern]);
        words.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
    }
}

fn ours(config: &Config, pattern: &str) -> BTreeMap<String, String> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let found = config.get_matching(&[pattern.as_bytes()]);
    found.into_iter().map(|(name, value)| (text(name), text(value))).collect()
}

/// Names that only this program has: its own, and those of Valkey.
const ONLY_OURS: &[&str] = &[
    "active-defrag-cycle-us",
    "availability-zone",
    "cluster-announce-client-ipv4",
    "cluster-announce-client-ipv6",
    "cluster-announce-client-port",
    "cluster-announce-client-tls-port",
    "cluster-blacklist-ttl",
    "cluster-config-save-behavior",
    "cluster-databases",
    "cluster-manual-failover-timeout",
    "cluster-slot-migration-log-max-len",
    "cluster-slot-stats-enabled",
    "commandlog-execution-slower-than",
    "commandlog-large-reply-max-len",
    "commandlog-large-request-max-len",
    "commandlog-reply-larger-than",
    "commandlog-request-larger-than",
    "commandlog-slow-execution-max-len",
    "dual-channel-replication-enabled",
    "extended-redis-compatibility",
    "hash-seed",
    "import-mode",
    "io-backend",
    "lua-memory-limit",
    "log-format",
    "log-timestamp-format",
    "mptcp",
    "prefetch-batch-max-size",
    "primaryauth",
    "primaryuser",
    "rdb-version-check",
    "repl-mptcp",
    "threads",
    "tls-auth-clients-user",
    "tls-auto-reload-interval",
    "unixsocketgroup",
];

/// Values that differ because the peer was started with them or elsewhere.
const STARTED_WITH: &[&str] = &["bind", "dir", "port"];

#[test]
fn names_and_defaults_are_those_of_redis() {
    let Some(mut peer) = Peer::start() else { return };
    let config = Config::new(&Host { cores: 1, directory: "/".into() });
    let mut theirs = peer.configuration("*");
    for directive in DIRECTIVES.iter().filter(|directive| directive.is(Flags::HIDDEN)) {
        theirs.extend(peer.configuration(directive.name));
    }
    let mut ours_all = ours(&config, "*");
    for directive in DIRECTIVES.iter().filter(|directive| directive.is(Flags::HIDDEN)) {
        ours_all.extend(ours(&config, directive.name));
    }
    let only_ours: Vec<_> = ours_all.keys().filter(|name| !theirs.contains_key(*name)).collect();
    assert_eq!(only_ours, ONLY_OURS);
    for (name, value) in &theirs {
        let own = ours_all.get(name).unwrap_or_else(|| panic!("no directive {name}"));
        assert!(own == value || STARTED_WITH.contains(&name.as_str()), "{name}: '{own}', of Redis '{value}'");
    }
}

#[test]
fn recorded_replies_are_those_of_the_peer() {
    let Some(mut peer) = Peer::start() else { return };
    let (mut reply, mut first_name) = (Vec::new(), "");
    for line in include_str!("config_set.txt").lines() {
        let rest = line.get(2..).unwrap_or_default();
        match line.as_bytes().first() {
            Some(b'>') => {
                let words: Vec<&str> = rest.split('|').collect();
                first_name = words[0];
                reply = peer.call(&[&["CONFIG", "SET"], words.as_slice()].concat());
            }
            Some(b'<') => assert_eq!(reply, [rest], "set {first_name}"),
            Some(b'=') => {
                let shown = peer.configuration(first_name);
                assert_eq!(shown.get(first_name).map_or("", String::as_str), rest, "get {first_name}");
            }
            _ => {}
        }
    }
}

#[test]
fn the_shipped_file_is_read() {
    let Some(path) = std::env::var_os("REDSTART_PEER_REDIS_CONF") else {
        eprintln!("skipped: REDSTART_PEER_REDIS_CONF names no redis.conf");
        return;
    };
    let text = std::fs::read(path).unwrap();
    let loaded = load_text(&Host { cores: 1, directory: "/".into() }, &text, &NoFiles).unwrap();
    assert!(loaded.config.get(redstart_config::ids::DATABASES) > 0);
    // With every commented directive switched on, none may be unknown either.
    let text = String::from_utf8_lossy(&text);
    let names = text.lines().filter_map(|line| line.strip_prefix("# ")?.split_whitespace().next());
    let known = names.filter(|name| DIRECTIVES.iter().any(|directive| directive.is_called(name.as_bytes()))).count();
    assert!(known > 60, "{known} of the commented directives are known");
}

const FILE: &str = "# a comment\nMaxMemory 100mb\n\n\n\ninclude /nowhere/*.conf\nsave 900 1\nsave 300 10\nslave-priority 7\nhz 20\nrequirepass \"\"\nloglevel warning\nlua-time-limit 77\n# end\n";

const SETS: &[&[&str]] = &[
    &["save", "1 2"],
    &["maxmemory", "1500"],
    &["client-output-buffer-limit", "normal 1kb 2mb 3 replica 4 5 6"],
    &["notify-keyspace-events", "KEA"],
    &["maxmemory-clients", "5%"],
    &["shutdown-on-sigterm", "nosave now"],
    &["oom-score-adj-values", "1 2 3"],
    &["latency-tracking-info-percentiles", "50 99.99"],
    &["masterauth", "\\x\n 'q' \"z\" \u{1}"],
    &["maxmemory-policy", "allkeys-lfu"],
    &["replica-announce-ip", "10.0.0.1"],
    &["requirepass", ""],
    &["appendfsync", "always"],
    &["lazyfree-lazy-expire", "yes"],
];

/// Redis appends new lines in random order, so they are compared as a set; lines that were in the file are compared in
/// order.
#[test]
fn a_rewritten_file_has_the_lines_of_the_peer() {
    let directory = std::env::temp_dir().join(format!("redstart-peer-rewrite-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("redis.conf");
    std::fs::write(&path, FILE).unwrap();
    let Some(mut peer) = Peer::start_with(Some(&path)) else { return };
    let config = load_text(&Host { cores: 1, directory: "/".into() }, &std::fs::read(&path).unwrap(), &NoFiles);
    let config = config.unwrap().config;
    let before = std::fs::read(&path).unwrap();
    for set in SETS {
        assert_eq!(peer.call(&[&["CONFIG", "SET"], *set].concat()), ["OK"], "{set:?}");
        let pair = (set[0].as_bytes(), set[1].as_bytes());
        config.set(&[pair], SetContext::default(), |_, _| Ok(())).unwrap();
    }
    assert_eq!(peer.call(&["CONFIG", "REWRITE"]), ["OK"]);
    let theirs = std::fs::read_to_string(&path).unwrap();
    let ours = String::from_utf8(config.rewritten(&before, None)).unwrap();
    std::fs::remove_dir_all(&directory).unwrap();
    let (their_start, their_end) = theirs.split_once("# Generated").unwrap();
    let (our_start, our_end) = ours.split_once("# Generated").unwrap();
    assert_eq!(our_start, their_start);
    // Given to the peer on its command line, or of its users, or where it runs.
    let is_elsewhere = |line: &&str| ["port ", "bind ", "dir ", "user "].iter().any(|name| line.starts_with(name));
    let sorted = |end: &str| {
        let mut lines: Vec<String> = end.lines().filter(|line| !is_elsewhere(line)).map(String::from).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(our_end), sorted(their_end));
}
