//! BGSAVE beside writers: the file is the state of the moment at which it began, whatever happens meanwhile.

use redstart_tests::peers::peer;
use redstart_tests::server::{Flavour, Server, binary};
use redstart_tests::wire::Client;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const KEYS: usize = 6000;
/// What happens beside the save, in rounds of so many commands.
const ROUND: usize = 200;
/// No save takes longer.
const LONGEST: Duration = Duration::from_secs(60);

/// Random numbers that are the same in each run (xorshift, G. Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

fn words(line: &str) -> Vec<Vec<u8>> {
    line.split(' ').map(|word| word.as_bytes().to_vec()).collect()
}

fn several(name: &str, key: usize, count: usize, each: impl Fn(usize) -> String) -> String {
    let parts: Vec<String> = (0..count).map(each).collect();
    format!("{name} key:{key} {}", parts.join(" "))
}

/// The command that makes a key, of one of eight types and sizes.
fn make(key: usize) -> String {
    let large = if key.is_multiple_of(3) { 300 } else { 4 };
    match key % 8 {
        0 => format!("SET key:{key} {}", "v".repeat(1 + key % 200)),
        1 => several("HSET", key, large, |part| format!("f{part} {part}")),
        2 => several("RPUSH", key, large, |part| part.to_string()),
        3 => several("SADD", key, large, |part| part.to_string()),
        4 => several("ZADD", key, large, |part| format!("{part} m{part}")),
        5 => format!("XADD key:{key} 1-1 a b"),
        6 => format!("SET key:{key} {key} EX {}", 1000 + key),
        _ => several("SADD", key, 5, |part| format!("x{part}")),
    }
}

/// A command that changes, removes, renames or moves some key.
fn change(random: &mut Random) -> String {
    let key = random.below(KEYS);
    let other = random.below(2 * KEYS);
    match random.below(20) {
        0..4 => format!("DEL key:{key}"),
        4 | 5 => format!("RENAME key:{key} key:{other}"),
        6 | 7 => format!("COPY key:{key} copy:{}", other % 1000),
        8 => format!("PEXPIRE key:{key} {}", random.below(400)),
        9 => format!("MOVE key:{key} 1"),
        10 => format!("EVAL return#redis.call('UNLINK',KEYS[1]) 1 key:{key}").replace('#', "\t"),
        _ => match key % 8 {
            0 => format!("APPEND key:{key} xx"),
            1 => format!("HSET key:{key} f1 {other}"),
            2 => format!("LPUSH key:{key} {other}"),
            3 => format!("SADD key:{key} {other}"),
            4 => format!("ZADD key:{key} {other} m1"),
            5 => format!("XADD key:{key} * c d"),
            6 => format!("INCR key:{key}"),
            _ => format!("SREM key:{key} x1"),
        },
    }
}

fn start(binary: &Path, more: &[&str]) -> Server {
    let usual = ["--enable-debug-command", "yes"];
    let arguments: Vec<String> = usual.iter().chain(more).map(ToString::to_string).collect();
    Server::start(binary, &arguments).expect("the server starts")
}

fn connect(server: &Server) -> Client {
    Client::connect(server.address()).expect("it accepts")
}

fn ask(client: &mut Client, line: &str) -> String {
    client.command(&words(line)).expect("it answers").text_lossy()
}

fn saves(client: &mut Client) -> bool {
    ask(client, "INFO persistence").contains("rdb_bgsave_in_progress:1")
}

/// What is saved, and what happens to it meanwhile.
struct Play {
    made: Vec<String>,
    change: fn(&mut Random) -> String,
    /// How long a key takes, or a step of a large one, in microseconds.
    delay: &'static str,
    /// Redis can read it too.
    for_redis: bool,
}

/// Keys of all types and sizes.
fn all_sizes() -> Play {
    Play { made: (0..KEYS).map(make).collect(), change, delay: "60", for_redis: true }
}

/// Fills a server, saves it while `beside` is done in each round, and compares what a server finds in the file.
fn check(name: &str, threads: &str, seed: u64, play: &Play, beside: impl Fn(&mut Client, usize)) {
    println!("{name}: seed {seed}, {threads} threads");
    let server = start(binary(), &["--threads", threads, "--rdb-key-save-delay", play.delay]);
    let mut client = connect(&server);
    let made: Vec<_> = play.made.iter().map(|line| words(line)).collect();
    client.pipeline(&made).expect("it answers");
    ask(&mut client, "SELECT 1");
    client
        .pipeline(&(0..300).map(|key| words(&format!("SET other:{key} {key}"))).collect::<Vec<_>>())
        .expect("it answers");
    ask(&mut client, "SELECT 0");
    let before = ask(&mut client, "DEBUG DIGEST");
    assert_eq!(ask(&mut client, "BGSAVE"), "Background saving started");
    let (mut random, mut rounds, began) = (Random(seed), 0, Instant::now());
    while saves(&mut client) {
        assert!(began.elapsed() < LONGEST, "{name}: it does not end");
        let changes: Vec<_> = (0..ROUND).map(|_| words(&(play.change)(&mut random))).collect();
        client.pipeline(&changes).expect("it answers");
        beside(&mut client, rounds);
        rounds += 1;
    }
    assert!(rounds > 2, "{name}: nothing happened beside it");
    assert!(ask(&mut client, "INFO persistence").contains("rdb_last_bgsave_status:ok"), "{name}");
    let file = server.folder().join("dump.rdb");
    let redis = peer(Flavour::Redis).filter(|_| play.for_redis);
    let peers = [Some(binary().to_owned()), redis.map(|redis| redis.binary.clone())];
    for reader in peers.into_iter().flatten() {
        let reads = start(&reader, &["--dir", &file.parent().expect("it is in a folder").to_string_lossy()]);
        assert_eq!(
            ask(&mut connect(&reads), "DEBUG DIGEST"),
            before,
            "{name}: {} after {rounds} rounds",
            reader.display()
        );
    }
}

#[test]
fn writers_change_nothing_of_it() {
    check("writers", "2", 11, &all_sizes(), |_, _| ());
    check("writers alone", "1", 12, &all_sizes(), |_, _| ());
}

#[test]
fn databases_are_exchanged_and_emptied_meanwhile() {
    check("exchanged", "2", 21, &all_sizes(), |client, round| {
        if round % 5 == 2 {
            ask(client, "SWAPDB 0 1");
        }
    });
    check("emptied", "2", 22, &all_sizes(), |client, round| {
        if round == 1 {
            ask(client, "FLUSHDB");
        }
    });
}

/// One that is called off leaves the old file, and another may begin and is whole.
#[test]
fn one_that_is_called_off_leaves_the_old_file() {
    let server = start(binary(), &["--threads", "2"]);
    let mut client = connect(&server);
    client.pipeline(&(0..KEYS).map(|key| words(&make(key))).collect::<Vec<_>>()).expect("it answers");
    client.pipeline(&make_large(false).iter().map(|line| words(line)).collect::<Vec<_>>()).expect("it answers");
    assert_eq!(ask(&mut client, "SAVE"), "OK");
    let file = server.folder().join("dump.rdb");
    let old = std::fs::read(&file).expect("the file is there");
    let end = |client: &mut Client| {
        let began = Instant::now();
        while saves(client) {
            assert!(began.elapsed() < LONGEST, "it does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    for how in ["BGSAVE CANCEL", "FLUSHALL"] {
        ask(&mut client, "CONFIG SET rdb-key-save-delay 10000");
        assert_eq!(ask(&mut client, "BGSAVE"), "Background saving started");
        ask(&mut client, "SET key:0 changed");
        ask(&mut client, "HSET key:10 f1 changed");
        ask(&mut client, how);
        end(&mut client);
        assert!(std::fs::read(&file).expect("the file is there") == old, "{how}: the old file stays");
        ask(&mut client, "CONFIG SET rdb-key-save-delay 0");
    }
    client.pipeline(&(0..KEYS).map(|key| words(&make(key))).collect::<Vec<_>>()).expect("it answers");
    let before = ask(&mut client, "DEBUG DIGEST");
    assert_eq!(ask(&mut client, "BGSAVE"), "Background saving started");
    end(&mut client);
    let reads = start(binary(), &["--dir", &server.folder().to_string_lossy()]);
    assert_eq!(ask(&mut connect(&reads), "DEBUG DIGEST"), before);
}

/// Members of each large collection.
const MANY: usize = 9000;
/// Large collections, by number: two hashes, two sets, two sorted sets, of which one each has parts that expire, a
/// list, a stream, a long string; and all of that again.
const LARGE: usize = 20;

/// The commands that make large collections.
fn make_large(timed_sets: bool) -> Vec<String> {
    let mut made = Vec::new();
    for key in 0..LARGE {
        for from in (0..MANY).step_by(500) {
            let several = |name: &str, each: &dyn Fn(usize) -> String| {
                let parts: Vec<String> = (from..from + 500).map(each).collect();
                format!("{name} {}", parts.join(" "))
            };
            let line = match key % 10 {
                0 | 1 => several(&format!("HSET key:{key}"), &|part| format!("f{part} {part}")),
                2 | 3 => several(&format!("SADD key:{key}"), &|part| format!("m{part}")),
                4 | 5 => several(&format!("ZADD key:{key}"), &|part| format!("{} m{part}", part * 7919 % 3000)),
                6 => several(&format!("RPUSH key:{key}"), &|part| format!("{}-{part}", "element".repeat(12))),
                7 => {
                    let entry = |part| format!("XADD key:{key} {}-1 field {}", from + part, "value".repeat(100));
                    made.extend((1..40).map(entry));
                    entry(40)
                }
                8 => format!("SETRANGE key:{key} {} {}", 40 * from, "0123456789".repeat(2000)),
                _ => several(&format!("HSET key:{key}"), &|part| format!("f{part} {}", "v".repeat(part % 90))),
            };
            made.push(line);
            let names = |mark: &str| (from..from + 100).map(|part| format!(" {mark}{part}")).collect::<String>();
            match key % 10 {
                1 => made.push(format!("HPEXPIRE key:{key} {} FIELDS 100{}", 600_000 + from, names("f"))),
                3 if timed_sets => {
                    made.push(format!("SPEXPIRE key:{key} {} MEMBERS 100{}", 600_000 + from, names("m")));
                }
                _ => {}
            }
        }
        if key % 7 == 0 {
            made.push(format!("EXPIRE key:{key} 1000"));
        }
    }
    made
}

/// A command that changes, seldom removes, a large collection.
fn change_large(random: &mut Random) -> String {
    let (key, part, other) = (random.below(LARGE), random.below(MANY * 5 / 4), random.below(4000));
    let second = random.below(MANY);
    match random.below(20_000) {
        0 => return format!("DEL key:{key}"),
        1 => return format!("RENAME key:{key} moved:{key}"),
        2 => return format!("SET key:{key} small"),
        3 => return format!("PEXPIRE key:{key} 1"),
        4 => return format!("COPY key:{key} copy:{key} REPLACE"),
        5 => return format!("EXPIRE key:{key} -1"),
        6 => return format!("UNLINK key:{key} key:{}", other % LARGE),
        7..20 => return format!("EXPIRE key:{key} {}", 1000 + other),
        20..30 => return format!("PERSIST key:{key}"),
        30..40 => {
            return format!("EVAL return#redis.call('HSET',KEYS[1],'f{part}','{other}') 1 key:0").replace('#', "\t");
        }
        _ => {}
    }
    match (key % 10, random.below(10)) {
        (0 | 1 | 9, 0..3) => format!("HSET key:{key} f{part} {other} f{second} {part}"),
        (0 | 1 | 9, 3..5) => format!("HINCRBY key:{key} f{part} {other}"),
        (0 | 1 | 9, 5 | 6) => format!("HDEL key:{key} f{part} f{second}"),
        (0 | 1 | 9, 7) => format!("HEXPIRE key:{key} {} FIELDS 1 f{part}", 500 + other),
        (0 | 1 | 9, 8) => format!("HPERSIST key:{key} FIELDS 1 f{part}"),
        (0 | 1 | 9, _) => format!("HGETDEL key:{key} FIELDS 1 f{part}"),
        (2 | 3, 0..4) => format!("SADD key:{key} n{other} m{part}"),
        (2 | 3, 4..8) => format!("SREM key:{key} m{part} m{second}"),
        (2 | 3, 8) => format!("SMOVE key:{key} key:{} m{part}", (key + 10) % LARGE),
        (2 | 3, _) if second < 40 => format!("SPOP key:{key}"),
        (4 | 5, 0..4) => format!("ZADD key:{key} {other} m{part}"),
        (4 | 5, 4..6) => format!("ZINCRBY key:{key} {other} m{part}"),
        (4 | 5, 6 | 7) => format!("ZREM key:{key} m{part} m{second}"),
        (4 | 5, 8) if second < 40 => format!("ZREMRANGEBYRANK key:{key} 0 10"),
        (4 | 5, _) => format!("ZADD key:{key} {other} n{part}"),
        (6, 0..5) => format!("RPUSH key:{key} {other}"),
        (6, _) => format!("LPOP key:{key}"),
        (7, _) => format!("XADD key:{key} * c {other}"),
        (8, _) => format!("SETRANGE key:{key} {part} {other}"),
        _ => format!("TYPE key:{key}"),
    }
}

fn large(for_redis: bool) -> Play {
    Play { made: make_large(!for_redis), change: change_large, delay: "2000", for_redis }
}

/// Large collections are written in many steps, between which members change.
#[test]
fn large_collections_are_written_as_they_were() {
    for seed in 31..33 {
        check("large", "2", seed, &large(true), |_, _| ());
        check("large with members that expire", "2", seed, &large(false), |_, _| ());
    }
    check("large alone", "1", 34, &large(true), |_, _| ());
    check("large, exchanged", "2", 35, &large(true), |client, round| {
        if round % 3 == 1 {
            ask(client, "SWAPDB 0 1");
        }
    });
    let gone =
        ["EXPIRE key:10 -1", "PEXPIREAT key:11 1", "UNLINK key:12 key:6", "GETDEL key:8", "DEL key:7", "SET key:14 x"];
    check("large, gone", "2", 37, &large(true), |client, round| {
        if round == 0 {
            gone.iter().for_each(|line| _ = ask(client, line));
        }
    });
    check("large, emptied", "2", 36, &large(true), |client, round| {
        if round == 3 {
            ask(client, "FLUSHDB");
        }
    });
}

/// Who writes beside a rewrite.
const WRITERS: u64 = 3;

/// Changes large collections until told to stop; says how often.
fn write_on(server: &Server, seed: u64, stop: &AtomicBool) -> usize {
    let (mut client, mut random, mut rounds) = (connect(server), Random(seed), 0);
    while !stop.load(Ordering::Relaxed) {
        let changes: Vec<_> = (0..ROUND / 4).map(|_| words(&change_large(&mut random))).collect();
        client.pipeline(&changes).expect("it answers");
        rounds += 1;
    }
    rounds
}

/// The base of an append-only file, in both forms, and what several clients have appended meanwhile make up the data.
#[test]
fn large_collections_are_the_base_of_an_append_only_file() {
    for (preamble, threads, seed) in [("yes", "4", 41), ("no", "2", 42), ("yes", "1", 43), ("no", "4", 44)] {
        println!("preamble {preamble}, {threads} threads: seed {seed}");
        let kept = ["--appendonly", "yes", "--threads", threads, "--aof-use-rdb-preamble", preamble];
        let server = start(binary(), &[kept.as_slice(), &["--rdb-key-save-delay", "500"]].concat());
        let (mut client, stop) = (connect(&server), AtomicBool::new(false));
        client.pipeline(&make_large(true).iter().map(|line| words(line)).collect::<Vec<_>>()).expect("it answers");
        let rounds: usize = std::thread::scope(|scope| {
            let (server, stop) = (&server, &stop);
            let writers: Vec<_> =
                (1..=WRITERS).map(|writer| scope.spawn(move || write_on(server, 100 * seed + writer, stop))).collect();
            let began = Instant::now();
            for _ in 0..4 {
                assert_eq!(ask(&mut client, "BGREWRITEAOF"), "Background append only file rewriting started");
                while ask(&mut client, "INFO persistence").contains("aof_rewrite_in_progress:1") {
                    assert!(began.elapsed() < LONGEST, "it does not end");
                    std::thread::sleep(Duration::from_millis(5));
                }
                let info = ask(&mut client, "INFO persistence");
                assert!(info.contains("aof_last_bgrewrite_status:ok"), "{info}");
            }
            stop.store(true, Ordering::Relaxed);
            writers.into_iter().map(|writer| writer.join().expect("it ends")).sum()
        });
        assert!(rounds > 10, "nothing happened beside it");
        // Time for what expired to be gone: until then it is part of the digest.
        std::thread::sleep(Duration::from_millis(1200));
        let before = ask(&mut client, "DEBUG DIGEST");
        assert_eq!(ask(&mut client, "DEBUG LOADAOF"), "OK");
        assert_eq!(ask(&mut client, "DEBUG DIGEST"), before, "after {rounds} rounds");
    }
}
