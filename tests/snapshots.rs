//! BGSAVE beside writers: the file is the state of the moment at which it began, whatever happens meanwhile.

use redstart_tests::peers::peer;
use redstart_tests::server::{Flavour, Server, binary};
use redstart_tests::wire::Client;
use std::path::Path;
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

/// Fills a server, saves it while `beside` is done in each round, and compares what a server finds in the file.
fn check(name: &str, threads: &str, seed: u64, beside: impl Fn(&mut Client, usize)) {
    println!("{name}: seed {seed}, {threads} threads");
    let server = start(binary(), &["--threads", threads, "--rdb-key-save-delay", "60"]);
    let mut client = connect(&server);
    let made: Vec<_> = (0..KEYS).map(|key| words(&make(key))).collect();
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
        let changes: Vec<_> = (0..ROUND).map(|_| words(&change(&mut random))).collect();
        client.pipeline(&changes).expect("it answers");
        beside(&mut client, rounds);
        rounds += 1;
    }
    assert!(rounds > 2, "{name}: nothing happened beside it");
    assert!(ask(&mut client, "INFO persistence").contains("rdb_last_bgsave_status:ok"), "{name}");
    let file = server.folder().join("dump.rdb");
    let peers = [Some(binary().to_owned()), peer(Flavour::Redis).map(|redis| redis.binary.clone())];
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
    check("writers", "2", 11, |_, _| ());
    check("writers alone", "1", 12, |_, _| ());
}

#[test]
fn databases_are_exchanged_and_emptied_meanwhile() {
    check("exchanged", "2", 21, |client, round| {
        if round % 5 == 2 {
            ask(client, "SWAPDB 0 1");
        }
    });
    check("emptied", "2", 22, |client, round| {
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
