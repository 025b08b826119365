//! Many clients at once, on several threads: commands of all families, an operator who looks at everything and changes
//! settings, snapshots and rewrites meanwhile. Nobody knows what the answers should be, but the server stays up, and
//! the append-only file brings the same data about again.
//!
//!   `REDSTART_CROWD_SEED=7`          other commands
//!   `REDSTART_CROWD_COMMANDS=50000`  more of them, for each client

use redstart_tests::differential::compare::same;
use redstart_tests::differential::families::FAMILIES;
use redstart_tests::differential::random::Random;
use redstart_tests::differential::state::{self, State};
use redstart_tests::differential::stream;
use redstart_tests::number;
use redstart_tests::server::{Server, binary};
use redstart_tests::value::Value;
use redstart_tests::wire::{Client, Protocol, encode};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const CLIENTS: u64 = 6;
const COMMANDS: u64 = 10_000;
/// Who gets no answer for so long waits for a key that may never come, and begins anew.
const PATIENCE: Duration = Duration::from_millis(50);
const LAST_PATIENCE: Duration = Duration::from_secs(60);

/// What an operator does, again and again.
const OPERATIONS: &[&str] = &[
    "INFO everything",
    "INFO commandstats errorstats latencystats",
    "CLIENT LIST",
    "CLIENT KILL TYPE pubsub",
    "CLIENT NO-EVICT ON",
    "CLIENT PAUSE 5 WRITE",
    "MEMORY STATS",
    "MEMORY DOCTOR",
    "MEMORY PURGE",
    "SLOWLOG GET 20",
    "SLOWLOG RESET",
    "LATENCY HISTOGRAM",
    "LATENCY DOCTOR",
    "CONFIG RESETSTAT",
    "CONFIG SET slowlog-log-slower-than 100 latency-monitor-threshold 1",
    "CONFIG SET maxmemory-clients 2mb",
    "CONFIG SET maxmemory-clients 0",
    "CONFIG SET maxmemory-policy allkeys-lru maxmemory 1",
    "CONFIG SET maxmemory 0",
    "CONFIG SET notify-keyspace-events KEA",
    "CONFIG SET notify-keyspace-events \"\"",
    "CONFIG SET appendfsync always",
    "CONFIG SET appendfsync everysec",
    "CONFIG SET hash-max-listpack-entries 4 zset-max-listpack-entries 4 set-max-listpack-entries 4",
    "CONFIG SET hash-max-listpack-entries 512 zset-max-listpack-entries 128 set-max-listpack-entries 128",
    "BGSAVE",
    "BGREWRITEAOF",
    "SWAPDB 0 1",
    "SCRIPT FLUSH",
    "PUBSUB CHANNELS",
    "ACL LOG",
    "DBSIZE",
    "RANDOMKEY",
    "HOTKEYS GET",
    "COMMAND COUNT",
    "INFO keysizes",
    "DEBUG RELOAD",
    "DEBUG DIGEST",
    "DEBUG HTSTATS 0",
    "CLIENT LIST TYPE normal",
    "CONFIG SET appendonly no",
    "CONFIG SET appendonly yes",
    "CONFIG SET save \"\"",
    "CONFIG GET *",
    "CONFIG SET activedefrag yes",
    "CONFIG SET hash-max-listpack-value 8 list-max-listpack-size 2 set-max-intset-entries 3",
    "CONFIG SET list-compress-depth 1",
    "CONFIG SET client-query-buffer-limit 1mb",
    "FUNCTION FLUSH",
    "FUNCTION STATS",
    "MONITOR",
    "LOLWUT",
];

fn connect(address: SocketAddr, random: &mut Random) -> Option<Client> {
    let mut client = Client::connect_as(address, *random.pick(&Protocol::BOTH)).ok()?;
    client.set_timeout(PATIENCE);
    Some(client)
}

/// Sends the commands of a seed in pipelines of some length, and takes what is answered.
fn play(address: SocketAddr, seed: u64, commands: u64, flushes: bool) -> usize {
    let mut answers = 0;
    let mut random = Random::new(seed);
    let mut all = stream(FAMILIES, seed, usize::try_from(commands).expect("it fits"));
    all.retain(|command| !depends_on_encoding(&command.arguments));
    if !flushes {
        all.retain(|command| !command.arguments[0].to_ascii_uppercase().starts_with(b"FLUSH"));
    }
    let mut client = None;
    let mut rest = all.as_slice();
    while !rest.is_empty() {
        let (now, later) = rest.split_at(rest.len().min(1 + random.below(20) as usize));
        rest = later;
        let Some(mut one) = client.take().or_else(|| connect(address, &mut random)) else { continue };
        let bytes: Vec<u8> = now.iter().flat_map(|command| encode(&command.arguments)).collect();
        // Who subscribed gets other answers, who was ended gets none: both begin anew.
        let answered = one.send_raw(&bytes).is_ok()
            && now.iter().all(|_| {
                let answer = one.receive();
                answers += usize::from(answer.is_ok());
                answer.is_ok()
            });
        client = answered.then_some(one);
    }
    answers
}

/// Whether what a command brings about depends on how a value is encoded, which may be another way when it is loaded:
/// of HyperLogLogs, and of the elements that a negative offset leaves, as in Redis.
fn depends_on_encoding(words: &[Vec<u8>]) -> bool {
    let is = |word: &[u8], name: &str| word.eq_ignore_ascii_case(name.as_bytes());
    let offset = words.windows(2).find(|pair| is(&pair[0], "limit")).map(|pair| &pair[1]);
    let stores = is(&words[0], "zrangestore") && offset.is_some_and(|offset| offset.starts_with(b"-"));
    stores || words.iter().any(|word| is(word, "hll-sparse-max-bytes"))
}

fn operate(address: SocketAddr, seed: u64, over: &AtomicBool) {
    let mut random = Random::new(seed);
    let mut client = None;
    while !over.load(Ordering::Relaxed) {
        let Some(mut one) = client.take().or_else(|| connect(address, &mut random)) else { continue };
        let words: Vec<&str> = random.pick(OPERATIONS).split(' ').map(|word| word.trim_matches('"')).collect();
        client = one.command(&words).is_ok().then_some(one);
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Everybody at once; with an operator, or without one.
fn crowd(address: SocketAddr, seed: u64, commands: u64, operated: bool) {
    let over = AtomicBool::new(!operated);
    std::thread::scope(|scope| {
        let players: Vec<_> =
            (0..CLIENTS).map(|n| scope.spawn(move || play(address, seed * 1000 + n, commands, operated))).collect();
        let operator = scope.spawn(|| operate(address, seed, &over));
        let answers: usize = players.into_iter().map(|player| player.join().expect("no client fails")).sum();
        over.store(true, Ordering::Relaxed);
        operator.join().expect("nor does the operator");
        // The operator ends clients, too.
        assert!(answers as u64 > commands, "{answers} answers only");
    });
}

/// What the server answers in the end: clients may end each other.
fn insist(server: &Server, line: &str) -> Value {
    let ask = || -> std::io::Result<Value> {
        let mut client = Client::connect(server.address())?;
        client.set_timeout(LAST_PATIENCE);
        client.command(&line.split(' ').collect::<Vec<_>>())
    };
    let mut tries = std::iter::repeat_with(ask).take(100);
    tries.find_map(Result::ok).unwrap_or_else(|| panic!("no answer to {line}:\n{}", server.log()))
}

/// All data, with nothing left that could go by itself.
fn settled_state(server: &Server) -> State {
    let mut client = Client::connect(server.address()).expect("it accepts");
    client.set_timeout(LAST_PATIENCE);
    let mut say = |words: &[&[u8]]| client.command(words).expect("it answers");
    for database in 0..state::DATABASES {
        say(&[b"SELECT", database.to_string().as_bytes()]);
        let keys = say(&[b"KEYS", b"*"]).elements().unwrap_or_default();
        for key in keys.iter().filter_map(Value::text) {
            say(&[b"PERSIST", &key]);
            let fields = say(&[b"HKEYS", &key]).elements().unwrap_or_default();
            for field in fields.iter().filter_map(Value::text) {
                say(&[b"HPERSIST", &key, b"FIELDS", b"1", &field]);
            }
        }
    }
    // What had no time left when it was asked for is gone by now.
    std::thread::sleep(Duration::from_millis(20));
    let mut state = state::read(&mut client).expect("it answers");
    // A collection that shrank may be loaded as a smaller one.
    state.retain(|what, _| !what.ends_with(" encoding"));
    state
}

#[test]
fn a_crowd_does_no_harm() {
    let (seed, commands) =
        (number("REDSTART_CROWD_SEED").unwrap_or(1), number("REDSTART_CROWD_COMMANDS").unwrap_or(COMMANDS));
    println!("REDSTART_CROWD_SEED={seed}");
    let usual = "--threads 4 --appendonly yes --appendfsync everysec --enable-debug-command yes --maxclients 200";
    let arguments: Vec<String> = usual.split(' ').map(str::to_owned).collect();
    let mut server = Server::start(binary(), &arguments).expect("it starts");
    let address = server.address();
    crowd(address, seed, commands, true);
    assert!(server.is_running(), "{}", server.log());
    // What was sent by clients that are gone may still come.
    let alone = |server: &Server| insist(server, "CLIENT LIST").text_lossy().lines().count() == 1;
    while !alone(&server) {
        std::thread::sleep(Duration::from_millis(10));
    }
    // The operator, and who flushes, leave little data.
    let calm = "CONFIG SET appendonly yes maxmemory 0 maxmemory-clients 0";
    assert_eq!(insist(&server, calm).text_lossy(), "OK");
    crowd(address, seed + 1, commands / 4, false);
    while insist(&server, "INFO persistence").text_lossy().contains("aof_rewrite_in_progress:1") {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(server.is_running() && !server.log().contains("BUG REPORT"), "{}", server.log());
    let before = settled_state(&server);
    println!("{} answers about the data that is left", before.len());
    let mut client = Client::connect(address).expect("it accepts");
    client.set_timeout(LAST_PATIENCE);
    let _ended = client.command(&["SHUTDOWN", "NOSAVE"]);
    let server = server.restart(binary(), &arguments).expect("it starts again");
    let after = settled_state(&server);
    for (what, (value, how)) in &before {
        let loaded = after.get(what).map(|(value, _)| value);
        assert!(
            loaded.is_some_and(|loaded| same(*how, value, loaded)),
            "{what}: {value}, and after loading {loaded:?}"
        );
    }
    assert_eq!(before.len(), after.len(), "nothing comes that was not there");
}
