//! The same seeded streams of commands to the binary under test and to each peer: same replies, same final state.
//!
//!   `REDSTART_DIFF_SEED=7`            one stream of that seed, in both protocols
//!   `REDSTART_DIFF_COMMANDS=200000`   longer streams
//!   `REDSTART_DIFF_FAMILIES=hashes`   only families whose name contains this

use redstart_tests::differential::exceptions::Exceptions;
use redstart_tests::differential::families::FAMILIES;
use redstart_tests::differential::metadata::differences;
use redstart_tests::differential::pair::Pair;
use redstart_tests::differential::shrink::{report, shrink};
use redstart_tests::differential::{Family, stream};
use redstart_tests::number;
use redstart_tests::peers::peer;
use redstart_tests::server::{Flavour, Server, binary};
use redstart_tests::value::quote_command;
use redstart_tests::wire::{Client, Protocol};

const SEEDS: [u64; 3] = [1, 2, 3];
const COMMANDS: usize = 20_000;

/// Small collections stay small and become large ones within a few commands only when the limit is low.
const SETTINGS: [&[&str]; 2] = [
    &[],
    &[
        "--stream-node-max-entries",
        "3",
        "--hash-max-listpack-entries",
        "3",
        "--hash-max-listpack-value",
        "10",
        "--zset-max-listpack-entries",
        "4",
        "--zset-max-listpack-value",
        "10",
    ],
];

fn families() -> Vec<Family> {
    let part = std::env::var("REDSTART_DIFF_FAMILIES").unwrap_or_default();
    let chosen: Vec<Family> = FAMILIES.iter().filter(|family| family.name.contains(&part)).copied().collect();
    assert!(!chosen.is_empty(), "no family is called {part}");
    chosen
}

fn check(flavour: Flavour) {
    let Some(peer) = peer(flavour) else {
        println!("NOT RUN: no {} on this machine (scripts/peers says why)", flavour.name());
        return;
    };
    let seeds = number("REDSTART_DIFF_SEED").map_or(SEEDS.to_vec(), |seed| vec![seed]);
    let count = number("REDSTART_DIFF_COMMANDS").map_or(COMMANDS, |count| usize::try_from(count).expect("it fits"));
    for (index, seed) in seeds.into_iter().enumerate() {
        for protocol in Protocol::BOTH {
            let settings = SETTINGS[(index + usize::from(protocol.number())) % SETTINGS.len()];
            let arguments: Vec<String> = settings.iter().map(ToString::to_string).collect();
            let mut pair = Pair::start(binary(), &peer.binary, &arguments, protocol).expect("both servers start");
            run(&mut pair, seed, count, protocol, &arguments);
        }
    }
}

fn run(pair: &mut Pair, seed: u64, count: usize, protocol: Protocol, arguments: &[String]) {
    let (commands, left_out) = pair.fitting(stream(&families(), seed, count));
    let what = format!("seed {seed}, {} commands, RESP{}, {}", commands.len(), protocol.number(), pair.names());
    println!("{what}; left out, unknown to one of them: {left_out:?}");
    assert!(commands.len() * 4 > count, "{what}: too little is left to compare; unknown: {left_out:?}");
    if let Some(first) = pair.play(&commands).expect("both servers start") {
        let at = commands.get(first.index).map(|command| quote_command(&command.arguments));
        println!("first, at {}: {at:?}\n{}", first.index, first.what);
        let (small, difference) = shrink(pair, &commands, first).expect("both servers start again");
        panic!("{what} {arguments:?} differ:\n{}", report(&small, &difference));
    }
}

/// Redis leads: what both know is described as Redis describes it.
#[test]
fn commands_are_described_as_redis_describes_them() {
    let redis = peer(Flavour::Redis).expect("scripts/peers finds Redis");
    let ours = Server::start(binary(), &[]).expect("the server starts");
    let theirs = Server::start(&redis.binary, &[]).expect("Redis starts");
    let flavours = [&ours, &theirs].map(|server| server.flavour().expect("INFO says what it is"));
    let [mut left, mut right] =
        [&ours, &theirs].map(|server| Client::connect_as(server.address(), Protocol::Resp3).expect("it accepts RESP3"));
    let exceptions = Exceptions::read().expect("the file is well-formed");
    let mut found = differences(&mut left, &mut right).expect("both answer");
    found.retain(|difference| !exceptions.excuses_metadata(flavours, difference));
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found.join("\n"));
}

#[test]
fn answers_as_redis() {
    check(Flavour::Redis);
}

#[test]
fn answers_as_valkey() {
    check(Flavour::Valkey);
}
