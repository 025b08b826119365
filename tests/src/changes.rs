//! Random changes of a few keys of all types, for checkers that look at what follows from a change.

use crate::differential::random::Random;

/// How a key is read, and so what is kept of it. Its name begins with the word.
pub const KINDS: [(&str, &[&str]); 6] = [
    ("string", &["GET", "KEY"]),
    ("hash", &["HGETALL", "KEY"]),
    ("set", &["SMEMBERS", "KEY"]),
    ("list", &["LRANGE", "KEY", "0", "-1"]),
    ("zset", &["ZRANGE", "KEY", "0", "-1", "WITHSCORES"]),
    ("stream", &["XRANGE", "KEY", "-", "+"]),
];

/// All keys, with the number of their kind. Those with `plain` in their names never expire, nor do parts of them.
#[must_use]
pub fn all_keys() -> Vec<(usize, String)> {
    let of_kind = |kind: usize| {
        let word = KINDS[kind].0;
        let plain = (0..3).map(move |n| (kind, format!("{word}:plain:{n}")));
        plain.chain((0..2).map(move |n| (kind, format!("{word}:timed:{n}"))))
    };
    (0..KINDS.len()).flat_map(of_kind).collect()
}

/// The command that reads a key.
#[must_use]
pub fn read_of(kind: usize, key: &str) -> Vec<String> {
    KINDS[kind].1.iter().map(|word| (if *word == "KEY" { key } else { word }).to_owned()).collect()
}

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

/// A random command, and the keys that it may change.
pub fn change(random: &mut Random) -> (Vec<String>, Vec<String>) {
    loop {
        let kind = random.below(KINDS.len() as u64) as usize;
        let templates = if random.chance(25) { ANY } else { CHANGES[kind] };
        let template = *random.pick(templates);
        if let Some(filled) = fill(template, kind, random) {
            return filled;
        }
    }
}
