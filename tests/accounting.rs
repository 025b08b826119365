//! How often a key is used, and whether it was there: each command runs on keys that are there and on one that is
//! missing, in Redis and here. INFO's hits and misses must grow by as much, and each key's counter of accesses (OBJECT
//! FREQ) must change in the same way: what replaces a value keeps the counter of its key, a copy and a key under a new
//! name begin anew.
//!
//! With `lfu-log-factor 0` every access raises the counter by one, so that it counts them.

use redstart_tests::peers::peer;
use redstart_tests::server::{Flavour, Server, binary};
use redstart_tests::value::Value;
use redstart_tests::wire::Client;
use std::fmt::Write;
use std::path::Path;

/// What there is before each command.
const SETUP: &str = "
    SET s hello | SET n 10 | SET s2 world | HSET h a 1 b 2 | RPUSH l 1 2 3 | RPUSH l2 x | SADD st 1 2 3 | SADD st2 2 3
    SADD stt a b | ZADD z 1 a 2 b | ZADD z2 3 a | XADD x 1-1 a b | XGROUP CREATE x g 0 | PFADD p a b | PFADD p2 c
    SETBIT bm 7 1 | GEOADD geo 13.3 38.1 P 15.0 37.5 Q | SET e v EX 1000";

const KEYS: &[&str] =
    &["s", "n", "s2", "h", "l", "l2", "st", "st2", "stt", "z", "z2", "x", "p", "p2", "bm", "geo", "e", "miss", "dst"];

const COMMANDS: &str = "
    GET s | GET miss | GET h | SET s v | SET s v KEEPTTL | SET s v NX | SET s v XX | SET miss v XX | SET miss v
    SET s v GET | SET miss v GET | SET h v | SET s v EX 100 | SETEX s 100 v | PSETEX s 1000 v | SETNX s v | SETNX miss v
    GETSET s v | GETSET miss v | GETDEL s | GETDEL miss | GETEX s | GETEX s EX 100 | GETEX miss EX 100 | GETEX e PERSIST
    MGET s miss h n | MGET s s | MSET s a n 1 | MSET s a s b | MSETNX miss a dst b | MSETNX miss a s b | APPEND s x
    APPEND miss x | STRLEN s | STRLEN miss | SETRANGE s 1 a | SETRANGE miss 1 a | GETRANGE s 0 1 | GETRANGE miss 0 1
    SUBSTR s 0 1 | INCR n | INCR miss | DECR n | INCRBY n 2 | DECRBY n 2 | INCRBYFLOAT n 1.5 | INCRBYFLOAT miss 1.5
    LCS s s2 | LCS s miss | LCS s miss LEN | SETBIT bm 1 1 | SETBIT miss 1 1 | GETBIT bm 1 | GETBIT miss 1 | BITCOUNT bm
    BITCOUNT miss | BITPOS bm 1 | BITPOS miss 1 | BITOP AND dst s bm | BITOP OR s s bm | BITOP NOT dst miss
    BITOP NOT s miss | BITOP OR dst s miss | BITFIELD bm GET u8 0 | BITFIELD miss GET u8 0 | BITFIELD bm SET u8 0 5
    BITFIELD miss SET u8 0 5 | BITFIELD_RO bm GET u8 0 | BITFIELD_RO miss GET u8 0 | EXISTS s | EXISTS miss
    EXISTS s s miss | TYPE s | TYPE miss | TTL e | TTL s | TTL miss | PTTL e | EXPIRETIME e | PEXPIRETIME miss
    EXPIRE s 100 | EXPIRE miss 100 | EXPIRE s 100 NX | EXPIRE e 1 GT | PEXPIRE s 100000 | EXPIREAT s 99999999999
    EXPIRE s -1 | PERSIST e | PERSIST s | PERSIST miss | TOUCH s | TOUCH miss | TOUCH s miss n | DUMP s | DUMP miss
    OBJECT ENCODING s | OBJECT ENCODING miss | OBJECT FREQ s | OBJECT FREQ miss | OBJECT REFCOUNT s
    OBJECT REFCOUNT miss | OBJECT IDLETIME s | OBJECT IDLETIME miss | OBJECT HELP | MEMORY USAGE s | MEMORY USAGE miss
    DEBUG OBJECT s | DEBUG OBJECT miss | DEL s | DEL miss | UNLINK s | UNLINK miss s | RENAME s dst | RENAME s n
    RENAME miss dst | RENAME s s | RENAME miss miss | RENAMENX s dst | RENAMENX s n | RENAMENX miss n | RENAMENX s s
    COPY s dst | COPY s n | COPY s n REPLACE | COPY miss dst | COPY miss n REPLACE | COPY s s2 DB 1 | MOVE s 1
    MOVE miss 1 | RANDOMKEY | KEYS * | SCAN 0 COUNT 1000 | DBSIZE | SCAN 0 COUNT 1000 TYPE string | WATCH s | WATCH miss
    HSET h a 1 | HSET h c 1 | HSET miss a 1 | HMSET h a 1 | HSETNX h a 1 | HSETNX h c 1 | HGET h a | HGET h zz
    HGET miss a | HMGET h a b | HMGET miss a | HGETALL h | HGETALL miss | HKEYS h | HKEYS miss | HVALS h | HLEN h
    HLEN miss | HSTRLEN h a | HSTRLEN miss a | HEXISTS h a | HEXISTS miss a | HDEL h a | HDEL h zz | HDEL miss a
    HINCRBY h a 1 | HINCRBY miss a 1 | HINCRBYFLOAT h a 1 | HRANDFIELD h | HRANDFIELD h 2 | HRANDFIELD miss | HSCAN h 0
    HSCAN miss 0 | HEXPIRE h 100 FIELDS 1 a | HEXPIRE miss 100 FIELDS 1 a | HTTL h FIELDS 1 a | HTTL miss FIELDS 1 a
    HPERSIST h FIELDS 1 a | HPERSIST miss FIELDS 1 a | HEXPIRETIME h FIELDS 1 a | HPTTL h FIELDS 1 a
    HGETDEL h FIELDS 1 a | HGETDEL miss FIELDS 1 a | HGETEX h FIELDS 1 a | HGETEX h EX 100 FIELDS 1 a
    HGETEX miss FIELDS 1 a | HSETEX h FIELDS 1 a 1 | HSETEX miss FIELDS 1 a 1 | HSETEX h FXX FIELDS 1 zz 1 | LPUSH l a
    LPUSH miss a | RPUSH l a | LPUSHX l a | LPUSHX miss a | RPUSHX miss a | LPOP l | LPOP l 2 | LPOP miss | LPOP miss 2
    RPOP l | LLEN l | LLEN miss | LRANGE l 0 -1 | LRANGE miss 0 -1 | LINDEX l 0 | LINDEX l 9 | LINDEX miss 0
    LSET l 0 a | LSET l 9 a | LSET miss 0 a | LINSERT l BEFORE 2 a | LINSERT l BEFORE zz a | LINSERT miss BEFORE 2 a
    LREM l 0 1 | LREM l 0 zz | LREM miss 0 1 | LTRIM l 0 0 | LTRIM miss 0 0 | LTRIM l 5 6 | LPOS l 2 | LPOS l zz
    LPOS miss 2 | LPOS miss 2 COUNT 0 | RPOPLPUSH l l2 | RPOPLPUSH l dst | RPOPLPUSH miss l2 | RPOPLPUSH l l
    LMOVE l l2 LEFT RIGHT | LMOVE miss l2 LEFT RIGHT | LMPOP 1 l LEFT | LMPOP 2 miss l LEFT | LMPOP 1 miss LEFT
    BLPOP l 1 | BLPOP miss l 1 | BLPOP miss 0.01 | BRPOP l 1 | BLMOVE l l2 LEFT RIGHT 1 | BLMOVE miss l2 LEFT RIGHT 0.01
    BRPOPLPUSH l l2 1 | BLMPOP 1 1 l LEFT | BLMPOP 0.01 1 miss LEFT | BLMPOP 1 2 miss l LEFT | SADD st 1 | SADD st 9
    SADD miss 9 | SREM st 1 | SREM st zz | SREM miss 1 | SISMEMBER st 1 | SISMEMBER miss 1 | SMISMEMBER st 1 9
    SMISMEMBER miss 1 | SCARD st | SCARD miss | SMEMBERS st | SMEMBERS miss | SRANDMEMBER st | SRANDMEMBER st 2
    SRANDMEMBER st -2 | SRANDMEMBER miss | SRANDMEMBER miss 2 | SPOP st | SPOP st 2 | SPOP miss | SPOP miss 2
    SMOVE st st2 1 | SMOVE st st2 zz | SMOVE miss st2 1 | SMOVE st dst 1 | SMOVE st st 1 | SINTER st st2
    SINTER st miss | SINTER miss st | SINTER st | SUNION st miss | SUNION st st2 | SDIFF st st2 | SDIFF miss st
    SDIFF st miss | SINTERCARD 2 st st2 | SINTERCARD 2 st miss | SINTERSTORE dst st st2 | SINTERSTORE st st st2
    SINTERSTORE stt st st2 | SINTERSTORE stt st miss | SUNIONSTORE dst st st2 | SUNIONSTORE stt st st2
    SUNIONSTORE st st st2 | SUNIONSTORE s st st2 | SDIFFSTORE stt st st2 | SDIFFSTORE stt miss | SSCAN st 0
    SSCAN miss 0 | ZADD z 1 a | ZADD z 5 a | ZADD z 1 c | ZADD miss 1 a | ZADD z XX 1 zz | ZADD miss XX 1 zz
    ZINCRBY z 1 a | ZINCRBY miss 1 a | ZREM z a | ZREM z zz | ZREM miss a | ZSCORE z a | ZSCORE z zz | ZSCORE miss a
    ZMSCORE z a zz | ZMSCORE miss a | ZCARD z | ZCARD miss | ZCOUNT z 0 9 | ZCOUNT miss 0 9 | ZLEXCOUNT z - +
    ZLEXCOUNT miss - + | ZRANK z a | ZRANK miss a | ZREVRANK z a | ZRANGE z 0 -1 | ZRANGE miss 0 -1 | ZREVRANGE z 0 -1
    ZRANGEBYSCORE z 0 9 | ZRANGEBYSCORE miss 0 9 | ZREVRANGEBYSCORE z 9 0 | ZRANGEBYLEX z - + | ZREVRANGEBYLEX z + -
    ZRANDMEMBER z | ZRANDMEMBER z 2 | ZRANDMEMBER miss | ZRANDMEMBER z -2 | ZSCAN z 0 | ZSCAN miss 0 | ZPOPMIN z
    ZPOPMIN z 5 | ZPOPMIN miss | ZPOPMAX z | ZPOPMAX miss 2 | ZMPOP 1 z MIN | ZMPOP 2 miss z MIN | ZMPOP 1 miss MIN
    BZPOPMIN z 1 | BZPOPMIN miss 0.01 | BZPOPMAX z 1 | BZMPOP 1 1 z MIN | BZMPOP 0.01 1 miss MIN | ZREMRANGEBYRANK z 0 0
    ZREMRANGEBYRANK z 5 6 | ZREMRANGEBYRANK miss 0 0 | ZREMRANGEBYSCORE z 0 9 | ZREMRANGEBYLEX z - + | ZUNION 2 z z2
    ZUNION 2 z miss | ZINTER 2 z z2 | ZINTER 2 z miss | ZINTER 2 miss z | ZDIFF 2 z z2 | ZDIFF 2 miss z | ZDIFF 2 z miss
    ZINTERCARD 2 z z2 | ZINTERCARD 2 z miss | ZUNIONSTORE dst 2 z z2 | ZUNIONSTORE z2 2 z z2 | ZUNIONSTORE z2 2 z miss
    ZUNIONSTORE z2 1 miss | ZINTERSTORE dst 2 z z2 | ZINTERSTORE z2 2 z z2 | ZDIFFSTORE dst 2 z z2
    ZDIFFSTORE z2 2 z z2 | ZUNIONSTORE s 2 z z2 | ZRANGESTORE dst z 0 -1 | ZRANGESTORE z2 z 0 -1
    ZRANGESTORE z2 miss 0 -1 | ZRANGESTORE z z 0 -1 | ZRANGESTORE s z 0 -1 | ZUNION 2 z st | ZUNION 2 st st2
    XADD x * a b | XADD miss * a b | XADD miss NOMKSTREAM * a b | XLEN x | XLEN miss | XRANGE x - + | XRANGE miss - +
    XREVRANGE x + - | XREAD STREAMS x 0 | XREAD STREAMS miss 0 | XREAD STREAMS x $ | XREAD BLOCK 10 STREAMS x $
    XREAD BLOCK 10 STREAMS miss 0 | XREAD STREAMS x miss 0 0 | XREADGROUP GROUP g c STREAMS x >
    XREADGROUP GROUP g c BLOCK 10 STREAMS x > | XREADGROUP GROUP g c STREAMS x 0 | XREADGROUP GROUP g c STREAMS miss >
    XACK x g 1-1 | XACK miss g 1-1 | XPENDING x g | XPENDING x g - + 10 | XPENDING miss g | XCLAIM x g c 0 1-1
    XCLAIM miss g c 0 1-1 | XAUTOCLAIM x g c 0 0 | XAUTOCLAIM miss g c 0 0 | XDEL x 1-1 | XDEL miss 1-1
    XTRIM x MAXLEN 0 | XTRIM miss MAXLEN 0 | XINFO STREAM x | XINFO STREAM miss | XINFO GROUPS x | XINFO GROUPS miss
    XINFO CONSUMERS x g | XGROUP CREATE x g2 0 | XGROUP CREATE miss g2 0 MKSTREAM | XGROUP CREATE miss g2 0
    XGROUP SETID x g 0 | XGROUP DESTROY x g | XGROUP CREATECONSUMER x g c | XGROUP DELCONSUMER x g c | XSETID x 9-9
    XSETID miss 9-9 | PFADD p a | PFADD p zz | PFADD miss a | PFADD miss | PFCOUNT p | PFCOUNT miss | PFCOUNT p p2
    PFCOUNT p miss | PFMERGE dst p p2 | PFMERGE p p2 | PFMERGE p miss | PFMERGE dst miss | PFMERGE dst
    GEOADD geo 13 38 P | GEOADD miss 13 38 P | GEOPOS geo P | GEOPOS miss P | GEODIST geo P Q | GEODIST miss P Q
    GEOHASH geo P | GEOHASH miss P | GEOSEARCH geo FROMMEMBER P BYRADIUS 10 km
    GEOSEARCH miss FROMMEMBER P BYRADIUS 10 km | GEOSEARCHSTORE dst geo FROMMEMBER P BYRADIUS 10 km
    GEOSEARCHSTORE z geo FROMMEMBER P BYRADIUS 10 km | GEOSEARCHSTORE z miss FROMLONLAT 1 1 BYRADIUS 10 km
    GEORADIUS geo 13 38 10 km | GEORADIUS geo 13 38 100 km STORE z | GEORADIUSBYMEMBER geo P 10 km
    GEORADIUS_RO geo 13 38 10 km | GEORADIUSBYMEMBER miss P 10 km | SORT l | SORT miss | SORT_RO l | SORT_RO miss
    SORT l STORE dst | SORT l STORE l2 | SORT l STORE l | SORT miss STORE l2 | SORT l BY w_* GET # GET s
    SORT l BY nosort GET miss_* | SORT z BY nosort | SORT l STORE s
    RESTORE dst 0 PAYLOAD | RESTORE n 0 PAYLOAD | RESTORE n 0 PAYLOAD REPLACE | RESTORE n 0 PAYLOAD REPLACE FREQ 99";

/// Redis looks a key up a second time where a command may wait: an access more, of which nothing depends.
const TWICE: &[&str] = &["BLMOVE l l2", "BRPOPLPUSH", "BZPOPMIN z", "BZPOPMAX z", "BZMPOP 1 1 z"];

/// Accesses to each key before the command.
const BEFORE: usize = 7;

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().flat_map(|line| line.split('|')).map(str::trim).filter(|line| !line.is_empty())
}

fn words(line: &str) -> Vec<Vec<u8>> {
    line.split(' ').map(|word| word.as_bytes().to_vec()).collect()
}

struct Subject {
    _server: Server,
    client: Client,
    /// What DUMP says of a string.
    payload: Vec<u8>,
}

impl Subject {
    fn start(program: &Path) -> Subject {
        let options = ["--maxmemory", "10gb", "--maxmemory-policy", "allkeys-lfu", "--lfu-log-factor", "0"];
        let more = ["--lfu-decay-time", "0", "--enable-debug-command", "yes"];
        let arguments: Vec<String> = options.iter().chain(&more).map(|word| (*word).to_owned()).collect();
        let server = Server::start(program, &arguments).expect("it starts");
        let mut client = Client::connect(server.address()).expect("it listens");
        client.command(&["SET", "string", "value"]).expect("it answers");
        let payload = client.command(&["DUMP", "string"]).expect("it answers").text().expect("a payload");
        Subject { _server: server, client, payload }
    }

    fn hits_and_misses(&mut self) -> [u64; 2] {
        let info = self.client.command(&["INFO", "stats"]).expect("it answers").text_lossy();
        ["keyspace_hits:", "keyspace_misses:"].map(|name| {
            let line = info.lines().find_map(|line| line.strip_prefix(name)).expect("INFO has it");
            line.trim().parse().expect("a number")
        })
    }

    fn frequencies(&mut self) -> Vec<Value> {
        let asks: Vec<_> = KEYS.iter().map(|key| words(&format!("OBJECT FREQ {key}"))).collect();
        self.client.pipeline(&asks).expect("it answers")
    }

    /// What a command does to the figures, in words.
    fn outcome(&mut self, command: &[Vec<u8>]) -> String {
        let touches = (0..BEFORE).map(|_| words(&format!("TOUCH {}", KEYS.join(" "))));
        let head = ["UNWATCH", "FLUSHALL"].into_iter();
        let all: Vec<_> = head.chain(lines(SETUP)).map(words).chain(touches).collect();
        self.client.pipeline(&all).expect("it answers");
        let (before, figures) = (self.frequencies(), self.hits_and_misses());
        let refused = self.client.command(command).expect("it answers").is_error();
        let grown = self.hits_and_misses();
        let after = self.frequencies();
        let mut text = format!("hits {}, misses {}", grown[0] - figures[0], grown[1] - figures[1]);
        for (key, (before, after)) in
            KEYS.iter().zip(before.iter().zip(&after)).filter(|(_, (one, other))| one != other)
        {
            write!(text, ", {key} from {before} to {after}").expect("a string grows");
        }
        if refused {
            text.push_str(", an error");
        }
        text
    }
}

#[test]
fn hits_misses_and_accesses_are_counted_as_in_redis() {
    let redis = peer(Flavour::Redis).expect("Redis is always there");
    let (mut theirs, mut ours) = (Subject::start(&redis.binary), Subject::start(binary()));
    let mut wrong = String::new();
    for line in lines(COMMANDS).filter(|line| !TWICE.iter().any(|twice| line.starts_with(twice))) {
        // Each restores what it dumped itself.
        let command = |subject: &Subject| {
            let fill = |word: Vec<u8>| if word == b"PAYLOAD" { subject.payload.clone() } else { word };
            words(line).into_iter().map(fill).collect::<Vec<_>>()
        };
        let (one, other) = (command(&theirs), command(&ours));
        let (expected, found) = (theirs.outcome(&one), ours.outcome(&other));
        if expected != found {
            write!(wrong, "\n{line}\n  Redis: {expected}\n  here:  {found}").expect("a string grows");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
