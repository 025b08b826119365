//! Which keys go when memory is short: the same trace of requests is played against Redis and the binary under test as
//! against a cache (GET, and SET where that finds nothing), and what is counted is how often a key was there.
//!
//! Each server gets so much memory as it takes for a part of the keys, so that how densely it holds data makes no
//! difference, but only which keys it keeps: while the cache fills, the limit follows the number of keys.
//!
//!   `REDSTART_TRACE_SEED=7`       another trace
//!   `REDSTART_TRACE_SECONDS=60`   plays longer: access clocks are exact to a second, so short plays show little

use redstart_tests::differential::random::Random;
use redstart_tests::number;
use redstart_tests::peers::peer;
use redstart_tests::server::{Flavour, Server, binary};
use redstart_tests::value::Value;
use redstart_tests::wire::Client;
use std::path::Path;
use std::time::{Duration, Instant};

/// Keys that are asked for.
const KEYS: u64 = 100_000;
/// Requests in one pipeline.
const PIPELINE: usize = 64;
/// Pipelines in a play; they are spread evenly over its time.
const PIPELINES: u32 = 8_000;
/// Of this many keys, one fits, each time.
const PARTS: [u64; 2] = [10, 4];
const POLICIES: [&str; 3] = ["allkeys-lru", "allkeys-lfu", "allkeys-random"];
/// So many points of hit rate are chance: clocks have seconds, and between two runs of one server lie up to 0.3 points.
const NOISE: f64 = 0.7;

/// Keys as they are asked for: the n-th most frequent with a frequency of one in n (Zipf), after a time another set of
/// keys than before has become the frequent one.
fn trace(seed: u64) -> Vec<u64> {
    let mut random = Random::new(seed);
    let mut sums = Vec::new();
    let mut sum = 0.0;
    for rank in 1..=KEYS {
        sum += 1.0 / rank as f64;
        sums.push(sum);
    }
    let count = PIPELINES as usize * PIPELINE;
    let key = |index: usize| {
        let place = (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64 * sum;
        let rank = sums.partition_point(|&sum| sum < place) as u64;
        // A quarter of the trace later the ranks belong to other keys, but for the most frequent ones.
        let shift = (index * 4 / count) as u64 * 1_000;
        if rank < 50 { rank } else { 50 + (rank - 50 + shift) % (KEYS - 50) }
    };
    (0..count).map(key).collect()
}

fn name(key: u64) -> Vec<u8> {
    format!("key:{key}").into_bytes()
}

fn value(key: u64) -> Vec<u8> {
    vec![b'x'; 50 + (key * 37 % 100) as usize]
}

fn set(key: u64) -> Vec<Vec<u8>> {
    vec![b"SET".to_vec(), name(key), value(key)]
}

fn ask(client: &mut Client, words: &str) -> String {
    let words: Vec<&str> = words.split(' ').collect();
    client.command(&words).unwrap_or_else(|error| panic!("{words:?}: {error}")).text_lossy()
}

fn used_memory(client: &mut Client) -> u64 {
    let info = ask(client, "INFO memory");
    let line = info.lines().find_map(|line| line.strip_prefix("used_memory:")).expect("INFO has it");
    line.trim().parse().expect("a number")
}

/// Sets the limit of memory so that a number of keys fits.
fn adjusted(client: &mut Client, limit: u64, wanted: u64) -> u64 {
    let there = ask(client, "DBSIZE").parse::<u64>().expect("a number");
    if used_memory(client) + 32 * 1024 < limit {
        return limit;
    }
    let each = 200;
    let limit = (limit + wanted * each).saturating_sub(there * each);
    ask(client, &format!("CONFIG SET maxmemory {limit}"));
    limit
}

/// Plays the trace; returns the hit rate in percent.
fn play(binary: &Path, policy: &str, part: u64, trace: &[u64], time: Duration) -> f64 {
    let server = Server::start(binary, &[]).expect("it starts");
    let mut client = Client::connect(server.address()).expect("it listens");
    // What the server takes for having run each command once is no data.
    client.pipeline(&[set(0), vec![b"GET".to_vec(), name(0)]]).expect("it answers");
    ask(&mut client, "CONFIG SET maxmemory-policy allkeys-random");
    for keys in (0..KEYS / part).collect::<Vec<_>>().chunks(PIPELINE) {
        client.pipeline(&keys.iter().map(|&key| set(key)).collect::<Vec<_>>()).expect("it answers");
    }
    let mut limit = used_memory(&mut client);
    ask(&mut client, "FLUSHALL SYNC");
    ask(&mut client, &format!("CONFIG SET maxmemory {limit} maxmemory-policy {policy}"));
    let (began, mut hits, mut asked) = (Instant::now(), 0_u64, 0_u64);
    for (index, keys) in trace.chunks(PIPELINE).enumerate() {
        let due = time * u32::try_from(index).expect("it fits") / PIPELINES;
        std::thread::sleep(due.saturating_sub(began.elapsed()));
        let gets: Vec<_> = keys.iter().map(|&key| vec![b"GET".to_vec(), name(key)]).collect();
        let found = client.pipeline(&gets).expect("it answers");
        let missed = keys.iter().zip(&found).filter(|(_, value)| **value == Value::NullBulk);
        let sets: Vec<_> = missed.map(|(&key, _)| set(key)).collect();
        if index < PIPELINES as usize / 5 {
            if index % 50 == 49 && index > PIPELINES as usize / 20 {
                limit = adjusted(&mut client, limit, KEYS / part);
            }
        } else {
            hits += (keys.len() - sets.len()) as u64;
            asked += keys.len() as u64;
        }
        for answer in client.pipeline(&sets).expect("it answers") {
            assert_eq!(answer, Value::Simple(b"OK".to_vec()), "{policy}");
        }
    }
    assert!(used_memory(&mut client) < limit + 256 * 1024, "{policy}: the limit is kept");
    println!("{policy}, 1/{part}: {} {}", binary.display(), ask(&mut client, "DBSIZE"));
    100.0 * hits as f64 / asked as f64
}

#[test]
fn what_is_asked_for_again_is_kept_as_well_as_by_redis() {
    let seed = number("REDSTART_TRACE_SEED").unwrap_or(1);
    let time = Duration::from_secs(number("REDSTART_TRACE_SECONDS").unwrap_or(10));
    let redis = peer(Flavour::Redis).expect("Redis is always there");
    println!("trace {seed}, {} requests, {KEYS} keys, {time:?}", trace(seed).len());
    let mut worse = Vec::new();
    for part in PARTS {
        // One play leaves most of its time unused.
        let trace = &trace(seed);
        let rates: Vec<(&str, f64, f64)> = std::thread::scope(|scope| {
            let plays = POLICIES.map(|policy| {
                let ours = scope.spawn(move || play(binary(), policy, part, trace, time));
                (policy, ours, scope.spawn(move || play(&redis.binary, policy, part, trace, time)))
            });
            let rate = |play: std::thread::ScopedJoinHandle<'_, f64>| play.join().expect("the play ends");
            plays.into_iter().map(|(policy, ours, theirs)| (policy, rate(ours), rate(theirs))).collect()
        });
        for (policy, ours, theirs) in rates {
            println!("1/{part} fits, {policy}: {ours:.2} % found, by Redis {} {theirs:.2} %", redis.version);
            if policy != "allkeys-random" && ours < theirs - NOISE {
                worse.push(format!("{policy} with 1/{part}: {ours:.2} % against {theirs:.2} %"));
            }
        }
    }
    assert!(worse.is_empty(), "fewer keys were found than by Redis: {worse:?}");
}

/// What is about to go by itself goes first.
#[test]
fn what_ends_soon_goes_first() {
    let server = Server::start(binary(), &[]).expect("it starts");
    let mut client = Client::connect(server.address()).expect("it listens");
    ask(&mut client, "CONFIG SET maxmemory-policy volatile-ttl");
    let count = 10_000;
    let keys: Vec<_> = (0..count).collect();
    for keys in keys.chunks(PIPELINE) {
        let command = |&key: &u64| {
            let seconds = 1_000 + key;
            [b"SET".to_vec(), name(key), value(0), b"EX".to_vec(), seconds.to_string().into_bytes()].to_vec()
        };
        client.pipeline(&keys.iter().map(command).collect::<Vec<_>>()).expect("it answers");
    }
    let _ = client.command(&["SET", "stays", "x"]).expect("it answers");
    let limit = used_memory(&mut client) - 300_000;
    ask(&mut client, &format!("CONFIG SET maxmemory {limit} maxmemory-eviction-tenacity 100"));
    let exists = |key: u64| client.command(&[b"EXISTS".to_vec(), name(key)]).expect("it answers") == Value::Integer(1);
    let there: Vec<bool> = keys.into_iter().map(exists).collect();
    let (first, last) = there.split_at(there.len() / 2);
    let gone = |keys: &[bool]| keys.iter().filter(|there| !**there).count();
    assert!(gone(&there) > 1_000, "{} went", gone(&there));
    assert!(gone(last) * 50 < gone(first), "{} of the later half went, {} of the sooner", gone(last), gone(first));
    assert_eq!(ask(&mut client, "EXISTS stays"), "1");
}
