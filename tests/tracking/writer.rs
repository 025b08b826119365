//! Random commands that change keys.

use crate::KINDS;
use redstart_tests::differential::random::Random;
use redstart_tests::wire::{Client, encode};
use std::time::Duration;

/// Commands on keys of one kind: `K` and `L` are keys of the same kind and class, `N` is a small number, `M` a member,
/// `T` a time in milliseconds; words in `<>` are only for keys that may expire.
const CHANGES: &[&[&str]] = &[
    &[
        "SET K M",
        "SET K M",
        "<SET K M PX T>",
        "<PSETEX K T M>",
        "APPEND K M",
        "SETRANGE K N M",
        "SETBIT K N 1",
        "GETSET K M",
        "GETDEL K",
        "<GETEX K PX T>",
        "MSET K M L M",
        "MSETNX K M L M",
        "BITOP XOR K K L",
        "BITOP NOT K L",
        "INCR K",
        "SET K N",
        "INCRBYFLOAT K 0.5",
        "SET K M NX",
        "SET K M XX",
        "SET K M KEEPTTL",
        "BITFIELD K INCRBY u8 0 1",
        "PFADD K M",
        "PFMERGE K L",
        "SETNX K M",
    ],
    &[
        "HSET K M N",
        "HSET K M N M N",
        "HDEL K M",
        "HSETNX K M N",
        "HINCRBY K M N",
        "HGETDEL K FIELDS 1 M",
        "<HPEXPIRE K T FIELDS 1 M>",
        "<HPEXPIRE K T FIELDS 2 M M>",
        "<HSETEX K PX T FIELDS 1 M N>",
        "<HGETEX K PX T FIELDS 1 M>",
        "HPEXPIRE K 0 FIELDS 1 M",
        "HPERSIST K FIELDS 1 M",
        "HINCRBYFLOAT K M 1",
        "HGET K M",
        "HMGET K M M",
        "HEXISTS K M",
    ],
    &[
        "SADD K M",
        "SADD K M M",
        "SREM K M",
        "SPOP K",
        "SMOVE K L M",
        "SUNIONSTORE K K L",
        "SINTERSTORE K K L",
        "SDIFFSTORE K L K",
        "SUNIONSTORE K L",
        "SPOP K 2",
        "<SPEXPIRE K T MEMBERS 1 M>",
        "<SPEXPIRE K T MEMBERS 2 M M>",
        "SPEXPIRE K 0 MEMBERS 1 M",
        "SPERSIST K MEMBERS 1 M",
    ],
    &[
        "RPUSH K M",
        "LPUSH K M M",
        "LPOP K",
        "RPOP K 2",
        "LMOVE K L LEFT RIGHT",
        "RPOPLPUSH K K",
        "LTRIM K 0 3",
        "LSET K 0 M",
        "LINSERT K BEFORE M M",
        "LREM K 1 M",
        "LPUSHX K M",
        "LMPOP 2 K L LEFT",
        "BLPOP K L 0.01",
        "BLMOVE K L LEFT LEFT 0.01",
        "SORT K ALPHA STORE L",
        "BLMPOP 0.01 2 K L RIGHT",
    ],
    &[
        "ZADD K N M",
        "ZADD K N M N M",
        "ZREM K M",
        "ZINCRBY K N M",
        "ZPOPMIN K",
        "ZMPOP 2 K L MAX",
        "BZPOPMIN K L 0.01",
        "ZRANGESTORE K L 0 2",
        "ZUNIONSTORE K 2 K L",
        "ZINTERSTORE K 2 K L",
        "ZDIFFSTORE L 2 K L",
        "ZREMRANGEBYRANK K 0 0",
        "ZREMRANGEBYSCORE K N N",
        "GEOADD K 1 N M",
        "GEOSEARCHSTORE K L FROMLONLAT 1 1 BYRADIUS 900 km",
    ],
    &[
        "XADD K * a M",
        "XADD K * a M",
        "XADD K * a M",
        "XADD K MAXLEN 3 * a M",
        "XTRIM K MAXLEN 2",
        "DEL K",
        "XTRIM K MAXLEN 0",
        "XGROUP CREATE K g 0 MKSTREAM",
        "XREADGROUP GROUP g c STREAMS K >",
        "XADD K NOMKSTREAM * a M",
    ],
];

/// Commands on keys of any kind.
const ANY: &[&str] = &[
    "DEL K",
    "UNLINK K L",
    "RENAME K L",
    "RENAMENX K L",
    "COPY K L REPLACE",
    "COPY K L",
    "MOVE K 1",
    "<PEXPIRE K T>",
    "PEXPIRE K 0",
    "PERSIST K",
    "EXISTS K",
    "TYPE K",
    "TTL K",
    "SET K M",
    "TOUCH K",
    "OBJECT ENCODING K",
    "SCAN 0 COUNT 100",
    "RANDOMKEY",
    "DUMP K",
];

/// What concerns all keys.
const ALL: &[&str] = &["FLUSHDB", "FLUSHALL ASYNC", "SWAPDB 0 1", "DEBUG RELOAD", "EVICT"];

/// Writes that script and transaction make; two keys of one kind.
const SCRIPT: &str = "for _, key in ipairs(KEYS) do redis.pcall(ARGV[1], key, unpack(ARGV, 2)) end return 1";

/// A command of `kind` with all its placeholders filled, and the keys that it may change.
fn fill(template: &str, kind: usize, random: &mut Random) -> Option<(Vec<String>, Vec<String>)> {
    let timed = random.chance(40);
    let bare = template.trim_matches(|mark| mark == '<' || mark == '>');
    if bare.len() < template.len() && !timed {
        return None;
    }
    let mut key = || {
        let (class, count) = if timed { ("timed", 2) } else { ("plain", 3) };
        format!("{}:{class}:{}", KINDS[kind].0, random.below(count))
    };
    let keys = vec![key(), key()];
    let mut word = |word: &str| match word {
        "K" => keys[0].clone(),
        "L" => keys[1].clone(),
        "N" => random.below(5).to_string(),
        "M" => format!("m{}", random.below(6)),
        "T" => (1 + random.below(40)).to_string(),
        other => other.to_owned(),
    };
    Some((bare.split(' ').map(&mut word).collect(), keys))
}

fn change(random: &mut Random) -> (Vec<String>, Vec<String>) {
    loop {
        let kind = random.below(KINDS.len() as u64) as usize;
        let templates = if random.chance(25) { ANY } else { CHANGES[kind] };
        let template = *random.pick(templates);
        if let Some(filled) = fill(template, kind, random) {
            return filled;
        }
    }
}

/// A change by a client that keeps what it reads, with the keys that it may change.
pub(crate) fn own_change(random: &mut Random) -> (Vec<String>, Vec<String>) {
    change(random)
}

/// Sends so many commands, some in transactions and scripts, and takes their answers.
pub(crate) fn write(client: &mut Client, random: &mut Random, commands: u64, redstart: bool) {
    let mut wanted = 0;
    for _ in 0..commands {
        wanted += send(client, random, redstart);
        if random.chance(40) {
            take(client, &mut wanted);
        }
        if random.chance(5) {
            std::thread::sleep(Duration::from_millis(random.below(8)));
        }
    }
    take(client, &mut wanted);
}

fn take(client: &mut Client, wanted: &mut usize) {
    for _ in 0..std::mem::take(wanted) {
        client.receive().expect("the server answers");
    }
}

/// Sends one change; returns how many answers come.
fn send(client: &mut Client, random: &mut Random, redstart: bool) -> usize {
    let (bytes, answers) = match random.below(100) {
        0..2 => return send_all(client, random, redstart),
        2..15 => transaction(random),
        15..25 => (script(random), 1),
        _ => (encode(&change(random).0), 1),
    };
    client.send_raw(&bytes).expect("the server reads");
    answers
}

fn transaction(random: &mut Random) -> (Vec<u8>, usize) {
    let count = 1 + random.below(3) as usize;
    let mut bytes = encode(&["MULTI"]);
    (0..count).for_each(|_| bytes.extend(encode(&change(random).0)));
    bytes.extend(encode(&["EXEC"]));
    (bytes, count + 2)
}

/// A script that does the same to two keys; some declare them, and some need the whole keyspace.
fn script(random: &mut Random) -> Vec<u8> {
    let (words, _) = change(random);
    if words.len() < 2 || !words[1].contains(':') {
        return encode(&words);
    }
    let rest = words[2..].iter().map(String::as_str);
    let head = ["EVAL", SCRIPT, "1", &words[1], &words[0]].into_iter();
    encode(&head.chain(rest).collect::<Vec<_>>())
}

fn send_all(client: &mut Client, random: &mut Random, redstart: bool) -> usize {
    let line = *random.pick(ALL);
    if line == "EVICT" {
        let lines = [
            "CONFIG SET maxmemory-policy allkeys-random maxmemory-eviction-tenacity 100",
            "CONFIG SET maxmemory 1",
            "SET string:plain:0 evicts",
            "CONFIG SET maxmemory 0",
        ];
        let bytes: Vec<u8> = lines.iter().flat_map(|line| encode(&line.split(' ').collect::<Vec<_>>())).collect();
        client.send_raw(&bytes).expect("the server reads");
        return lines.len();
    }
    // Redis tells nobody that SWAPDB changed what its clients keep.
    let line = if line.starts_with("SWAPDB") && !redstart { "FLUSHDB" } else { line };
    client.send(&line.split(' ').collect::<Vec<_>>()).expect("the server reads");
    1
}
