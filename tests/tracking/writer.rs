//! Random commands that change keys.

use redstart_tests::changes::change;
use redstart_tests::differential::random::Random;
use redstart_tests::wire::{Client, encode};
use std::time::Duration;

/// What concerns all keys.
const ALL: &[&str] = &["FLUSHDB", "FLUSHALL ASYNC", "SWAPDB 0 1", "DEBUG RELOAD", "EVICT"];

/// Writes that script and transaction make; two keys of one kind.
const SCRIPT: &str = "for _, key in ipairs(KEYS) do redis.pcall(ARGV[1], key, unpack(ARGV, 2)) end return 1";

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
    // Redis sends no invalidation for SWAPDB.
    let line = if line.starts_with("SWAPDB") && !redstart { "FLUSHDB" } else { line };
    client.send(&line.split(' ').collect::<Vec<_>>()).expect("the server reads");
    1
}
