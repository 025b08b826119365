//! The append-only file: what was there when the server was killed is there when it starts again.
//!
//!   `REDSTART_AOF_SEED=7`          one stream of that seed
//!   `REDSTART_AOF_COMMANDS=20000`  longer streams

use redstart_tests::differential::families::FAMILIES;
use redstart_tests::differential::{Family, Generated, Rule, exact, stream};
use redstart_tests::number;
use redstart_tests::peers::peer;
use redstart_tests::server::{Flavour, Server, binary};
use redstart_tests::value::{Value, quote_command};
use redstart_tests::wire::Client;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

const SEEDS: [u64; 4] = [1, 2, 3, 4];
const COMMANDS: usize = 6000;

/// What time or chance has a part in, beside what the other families have.
const FLEETING: Family = Family { name: "fleeting", rules: RULES };

const RULES: &[Rule] = &[
    exact(10, "SET @key @value PX ( 1 | 5 | 20 | 90 | 900000 ) [ NX | XX ] [ GET ]"),
    exact(4, "SET @key @value EX 1000"),
    exact(3, "SETEX @skey 100 @value"),
    exact(3, "PSETEX @skey ( 1 | 20 | 900000 ) @value"),
    exact(4, "PEXPIRE @key ( 1 | 5 | 50 | 900000 )"),
    exact(4, "GETEX @skey ( PX 20 | PX 900000 | EXAT 1 | PERSIST )"),
    exact(3, "GETDEL @skey"),
    exact(3, "GETSET @skey @value"),
    exact(4, "INCREX @skey ( BYINT 3 | BYFLOAT 1.5 ) ( EX 1000 | PX 20 | PERSIST )"),
    exact(3, "MSETEX 2 @skey @value @skey @value ( PX 20 | EX 1000 | KEEPTTL )"),
    exact(3, "CL.THROTTLE throttled 5 10 60"),
    exact(6, "HPEXPIRE @hkey ( 1 | 5 | 50 | 900000 ) [ NX | XX | GT | LT ] FIELDS 2 @field @field"),
    exact(6, "HSETEX @hkey [ FNX | FXX ] ( PX 5 | PX 900000 | EXAT 1 | KEEPTTL ) FIELDS 2 @field @value @field @value"),
    exact(4, "HGETEX @hkey ( PX 5 | PX 900000 | PXAT 1 | PERSIST ) FIELDS 2 @field @field"),
    exact(3, "HGETDEL @hkey FIELDS 2 @field @field"),
    exact(3, "HPERSIST @hkey FIELDS 2 @field @field"),
    exact(6, "SPOP @setkey [ @count ]"),
    exact(6, "SPEXPIRE @setkey ( 1 | 5 | 50 | 900000 ) MEMBERS 2 @member @member"),
    exact(3, "SPERSIST @setkey MEMBERS 2 @member @member"),
    exact(4, "SUNIONSTORE @setkey @setkey @setkey"),
    exact(3, "SORT @setkey BY nosort STORE @lkey"),
    exact(3, "BLPOP @lkey @lkey 0.001"),
    exact(3, "BRPOP @lkey 0.001"),
    exact(3, "BLMOVE @lkey @lkey LEFT RIGHT 0.001"),
    exact(2, "BRPOPLPUSH @lkey @lkey 0.001"),
    exact(3, "BLMPOP 0.001 2 @lkey @lkey LEFT COUNT 2"),
    exact(3, "BZPOPMIN @zkey 0.001"),
    exact(3, "BZMPOP 0.001 2 @zkey @zkey MAX COUNT 2"),
    exact(8, "XADD @xkey ( MAXLEN ~ 3 | MAXLEN 5 | MINID ~ 1 ) * @field @value"),
    exact(4, "XADD @xkey IDMP producer @field * @field @value"),
    exact(4, "XTRIM @xkey MAXLEN ~ 2 [ LIMIT 3 ]"),
    exact(2, "HIMPORT PREPARE two a b"),
    exact(3, "HIMPORT SET @hkey two @value @value"),
    exact(2, "FUNCTION DELETE lib"),
];

fn words(line: &str) -> Vec<Vec<u8>> {
    line.split('|').map(|word| word.as_bytes().to_vec()).collect()
}

/// Commands that no grammar makes: scripts, transactions, functions.
fn special(number: usize) -> Vec<Vec<Vec<u8>>> {
    let script = "EVAL|redis.call('SET', KEYS[1], ARGV[1], 'PX', 40) redis.call('SPOP', 'set1') return redis.call('INCR', 'n1')|1|s1|x";
    let function = "FUNCTION|LOAD|REPLACE|#!lua name=lib\nredis.register_function('f', function(keys) return redis.call('RPUSH', keys[1], 'x') end)";
    match number % 5 {
        0 => vec![words(script)],
        1 => vec![words(function), words("FCALL|f|1|l1")],
        2 => ["MULTI", "SET|s2|v|PX|30", "SPOP|set1", "SELECT|1", "INCR|n2", "SELECT|0", "EXEC"].map(words).to_vec(),
        3 => vec![words("MULTI"), words("GET|s1"), words("EXEC")],
        _ => vec![words("SET|large|".to_owned().as_str()).into_iter().take(2).chain([vec![b'x'; 100_000]]).collect()],
    }
}

/// The databases that streams use.
const DATABASES: usize = 16;

/// What each key holds: its type, a digest of its value, whether it expires.
fn state(server: &Server) -> BTreeMap<(usize, String), String> {
    let mut client = Client::connect(server.address()).expect("it accepts");
    let mut state = BTreeMap::new();
    for database in 0..DATABASES {
        client.command(&["SELECT", &database.to_string()]).expect("it answers");
        let Value::Array(keys) = client.command(&["KEYS", "*"]).expect("it answers") else {
            panic!("KEYS is an array")
        };
        for key in keys {
            let Value::Bulk(key) = key else { panic!("a key is a string") };
            let mut ask = |name: [&str; 2], key: &[u8]| {
                let words: Vec<&[u8]> =
                    name.iter().filter(|word| !word.is_empty()).map(|word| word.as_bytes()).chain([key]).collect();
                match client.command(&words).expect("it answers") {
                    Value::Array(values) => values.iter().map(Value::text_lossy).collect(),
                    value => value.text_lossy(),
                }
            };
            let digest = ask(["DEBUG", "DIGEST-VALUE"], &key);
            let (kind, expires) = (ask(["TYPE", ""], &key), ask(["PEXPIRETIME", ""], &key));
            state.insert((database, String::from_utf8_lossy(&key).into_owned()), format!("{kind} {digest} {expires}"));
        }
    }
    state
}

fn digest(server: &Server) -> String {
    let mut client = Client::connect(server.address()).expect("it accepts");
    client.command(&["DEBUG", "DIGEST"]).expect("it answers").text_lossy()
}

fn arguments(more: &[&str]) -> Vec<String> {
    let usual = ["--appendonly", "yes", "--enable-debug-command", "yes", "--auto-aof-rewrite-percentage", "0"];
    usual.iter().chain(more).map(ToString::to_string).collect()
}

/// Whether a command may wait for longer than a test should, by the timeout behind its name or at its end.
fn waits_long(command: &Generated) -> bool {
    let words = &command.arguments;
    let long = |word: Option<&Vec<u8>>| {
        let seconds = word.and_then(|word| std::str::from_utf8(word).ok()?.parse().ok());
        seconds.is_some_and(|seconds: f64| seconds == 0.0 || seconds > 0.1)
    };
    words[0].to_ascii_lowercase().starts_with(b"b") && (long(words.get(1)) || long(words.last()))
}

/// Sends a stream, with what no grammar makes in between, over several connections in turn.
fn play(server: &Server, seed: u64, count: usize) -> usize {
    let families: Vec<Family> =
        FAMILIES.iter().copied().filter(|family| family.name != "users").chain([FLEETING]).collect();
    let mut clients: Vec<Client> = (0..3).map(|_| Client::connect(server.address()).expect("it accepts")).collect();
    let mut failed = 0;
    // A server that starts again has its own settings, by which a HyperLogLog may be kept in other bytes.
    let lasting = |command: &&Generated| !command.arguments[0].eq_ignore_ascii_case(b"config");
    let commands = stream(&families, seed, count);
    for (number, command) in commands.iter().filter(lasting).filter(|command| !waits_long(command)).enumerate() {
        let client = &mut clients[number % 3];
        let mut all = vec![command.arguments.clone()];
        if number % 40 == 0 {
            all.extend(special(number / 40));
        }
        for command in all {
            let reply = client.command(&command).unwrap_or_else(|error| panic!("{}: {error}", quote_command(&command)));
            failed += usize::from(reply.is_error());
        }
    }
    failed
}

fn compare(before: &BTreeMap<(usize, String), String>, after: &BTreeMap<(usize, String), String>, what: &str) {
    let keys: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let differences: Vec<String> = keys
        .into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| format!("{key:?}: {:?} became {:?}", before.get(key), after.get(key)))
        .collect();
    assert!(differences.is_empty(), "{what}: {} keys differ:\n{}", differences.len(), differences.join("\n"));
}

/// Time for what expires soon to be gone.
fn let_expire() {
    std::thread::sleep(Duration::from_millis(1200));
}

#[test]
fn what_was_there_at_a_kill_is_there_again() {
    let seeds = number("REDSTART_AOF_SEED").map_or(SEEDS.to_vec(), |seed| vec![seed]);
    let count = number("REDSTART_AOF_COMMANDS").map_or(COMMANDS, |count| usize::try_from(count).expect("it fits"));
    for seed in seeds {
        let fsync = ["everysec", "always", "no"][seed as usize % 3];
        let (threads, timestamps) = (["1", "2"][seed as usize % 2], ["yes", "no"][seed as usize / 2 % 2]);
        let more = [
            "--appendfsync",
            fsync,
            "--threads",
            threads,
            "--aof-timestamp-enabled",
            timestamps,
            "--hash-max-listpack-entries",
            "3",
        ];
        let arguments = arguments(&more);
        let server = Server::start(binary(), &arguments).expect("the server starts");
        let failed = play(&server, seed, count);
        assert!(failed * 2 < count, "{failed} of {count} commands were refused");
        let_expire();
        let (before, whole) = (state(&server), digest(&server));
        let server = server.restart(binary(), &arguments).expect("the server starts again");
        let what = format!("seed {seed}, {more:?}, {}", server.folder().display());
        compare(&before, &state(&server), &what);
        assert_eq!(whole, digest(&server), "{what}");
        // A rewrite comes to the same, and what follows it as well.
        let mut client = Client::connect(server.address()).expect("it accepts");
        client.command(&["BGREWRITEAOF"]).expect("it answers");
        play(&server, seed + 100, count / 10);
        wait_for(&mut client, "aof_rewrite_in_progress:0");
        let_expire();
        let before = state(&server);
        let server = server.restart(binary(), &arguments).expect("the server starts again");
        compare(&before, &state(&server), &what);
    }
}

fn wait_for(client: &mut Client, text: &str) {
    for _ in 0..500 {
        let info = client.command(&["INFO", "persistence"]).expect("it answers").text_lossy();
        if info.contains(text) {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("INFO never told {text}");
}

/// Families that Redis 8.0 knows whole.
const SHARED: [&str; 9] =
    ["bitmaps", "hashes", "keys", "lists", "sets", "sorted sets", "strings", "geo", "hyperloglogs"];

/// Plays what Redis does not refuse.
fn play_shared(server: &Server, redis: &Path, seed: u64) {
    let families: Vec<Family> = FAMILIES.iter().copied().filter(|family| SHARED.contains(&family.name)).collect();
    let judge = Server::start(redis, &[]).expect("Redis starts");
    let [mut client, mut judge] = [server, &judge].map(|server| Client::connect(server.address()).expect("it accepts"));
    for Generated { arguments, .. } in stream(&families, seed, 3000) {
        let refused = judge.command(&arguments).expect("Redis answers").is_error();
        // Redis does not keep that BITFIELD made a key where every write overflows.
        let left_out = [b"config".as_slice(), b"bitfield"].iter().any(|name| arguments[0].eq_ignore_ascii_case(name));
        if !refused && !left_out {
            client.command(&arguments).expect("it answers");
        }
    }
    client.command(&["SET", "fleeting", "x", "PX", "1"]).expect("it answers");
    let_expire();
}

/// The folder of one server, loaded by another: the same data.
fn passes_on(from: &Path, to: &Path, redis: &Path, more: &[&str]) {
    for seed in [11, 12] {
        let arguments = arguments(more);
        let server = Server::start(from, &arguments).expect("the first starts");
        play_shared(&server, redis, seed);
        let mut client = Client::connect(server.address()).expect("it accepts");
        if seed == 12 {
            client.command(&["BGREWRITEAOF"]).expect("it answers");
            wait_for(&mut client, "aof_rewrite_in_progress:0");
            client.command(&["SET", "after", "the rewrite"]).expect("it answers");
        }
        let (before, held) = (digest(&server), state(&server));
        let server = server.restart(to, &arguments).expect("the other starts");
        compare(&held, &state(&server), &format!("seed {seed}"));
        assert_eq!(before, digest(&server), "seed {seed}");
    }
}

#[test]
fn redis_loads_what_was_written_here() {
    let Some(redis) = peer(Flavour::Redis) else { return println!("NOT RUN: no Redis on this machine") };
    for preamble in ["no", "yes"] {
        passes_on(binary(), &redis.binary, &redis.binary, &["--aof-use-rdb-preamble", preamble]);
    }
}

#[test]
fn what_redis_wrote_is_loaded() {
    let Some(redis) = peer(Flavour::Redis) else { return println!("NOT RUN: no Redis on this machine") };
    for preamble in ["no", "yes"] {
        passes_on(&redis.binary, binary(), &redis.binary, &["--aof-use-rdb-preamble", preamble]);
    }
}

/// Valkey's RDB files have a signature of their own, in the base too.
#[test]
fn what_valkey_wrote_is_loaded() {
    let Some(valkey) = peer(Flavour::Valkey) else { return println!("NOT RUN: no Valkey on this machine") };
    let arguments = arguments(&["--aof-use-rdb-preamble", "yes"]);
    let server = Server::start(&valkey.binary, &arguments).expect("Valkey starts");
    let mut client = Client::connect(server.address()).expect("it accepts");
    client.command(&["SET", "before", "the rewrite"]).expect("it answers");
    client.command(&["BGREWRITEAOF"]).expect("it answers");
    wait_for(&mut client, "aof_rewrite_in_progress:0");
    client.command(&["SET", "after", "the rewrite"]).expect("it answers");
    let held = state(&server);
    let server = server.restart(binary(), &arguments).expect("the server starts");
    compare(&held, &state(&server), "Valkey's append-only file");
}
