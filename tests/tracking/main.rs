//! Client-side caching under random load: clients keep what they read and drop what they are told to; writers change,
//! rename, expire and flush meanwhile. After each round, when a PING has come back, no kept value may differ from the
//! server's.
//!
//! ```text
//!   a round ─ all caches and writers at once, each on its thread
//!           ─ a reader takes all values; looking removes what is past its time
//!           ─ each cache: PING, invalidations that came before the answer, comparison
//! ```
//! Keys with `plain` in their names never expire, so a difference there is an error at once. Where fields or keys
//! expire, a value differs from the moment its time is up until the server notices; so the comparison is repeated for a
//! while.
//!
//!   `REDSTART_TRACKING_SEED=7`       other commands
//!   `REDSTART_TRACKING_SECONDS=1800` plays longer, for each set of servers' options in turn

mod cache;
mod writer;

use cache::{Cache, Mode, canonical};
use redstart_tests::changes::{all_keys, read_of};
use redstart_tests::differential::random::Random;
use redstart_tests::number;
use redstart_tests::server::{Flavour, Server, binary};
use redstart_tests::wire::{Client, encode};
use std::collections::HashMap;
use std::time::{Duration, Instant};

const SEED: u64 = 1;
const SECONDS: u64 = 6;
/// A server is used for so many rounds, then one with other options.
const ROUNDS: u64 = 150;
/// Commands of each client in a round.
const COMMANDS: u64 = 25;
const WRITERS: u64 = 2;
/// Until then the server has noticed that something is past its time.
const NOTICED: Duration = Duration::from_secs(5);

/// What servers are started with, one after the other.
const OPTIONS: [&[&str]; 6] = [
    &["--threads", "1"],
    &["--threads", "4", "--tracking-table-max-keys", "7"],
    &["--threads", "2", "--appendonly", "yes", "--appendfsync", "no"],
    &["--threads", "4"],
    &["--threads", "1", "--appendonly", "yes", "--tracking-table-max-keys", "5"],
    &["--threads", "2", "--notify-keyspace-events", "KEA"],
];

/// One server and everything that talks to it.
struct Play {
    server: Server,
    reader: Client,
    caches: Vec<Cache>,
    writers: Vec<(Client, Random)>,
    redstart: bool,
}

impl Play {
    fn start(options: &[&str], random: &mut Random) -> Play {
        let program = binary();
        let probe = Server::start(program, &[]).expect("the server starts");
        let redstart = probe.flavour() == Ok(Flavour::Redstart);
        drop(probe);
        let given = options.chunks(2).filter(|pair| redstart || pair[0] != "--threads").flatten();
        let debug = ["--enable-debug-command", "yes"];
        let arguments: Vec<String> = given.chain(debug.iter()).map(|word| (*word).to_owned()).collect();
        let server = Server::start(program, &arguments).expect("the server starts");
        let address = server.address();
        let modes = Mode::ALL.iter().chain([&Mode::NO_LOOP, &Mode::PLAIN]);
        let caches = modes.map(|mode| Cache::connect(address, *mode, random.next_u64())).collect();
        let writer = |_| (Client::connect(address).expect("it listens"), Random::new(random.next_u64()));
        let writers = (0..WRITERS).map(writer).collect();
        let reader = Client::connect_as(address, redstart_tests::wire::Protocol::Resp3).expect("it listens");
        Play { server, reader, caches, writers, redstart }
    }

    fn round(&mut self) -> Result<(), String> {
        let redstart = self.redstart;
        let failed = std::thread::scope(|scope| {
            let caches = self.caches.iter_mut().map(|cache| scope.spawn(|| (0..COMMANDS).for_each(|_| cache.step())));
            let mut all: Vec<_> = caches.collect();
            all.extend(
                self.writers
                    .iter_mut()
                    .map(|(client, random)| scope.spawn(move || writer::write(client, random, COMMANDS, redstart))),
            );
            all.into_iter().filter_map(|thread| thread.join().err()).count()
        });
        if failed > 0 {
            return Err(format!("{failed} clients failed, see above"));
        }
        let began = Instant::now();
        loop {
            let values = self.values();
            let differences: Vec<(String, String)> =
                self.caches.iter_mut().filter_map(|cache| cache.difference(&values)).collect();
            let Some((key, story)) = differences.first() else { return Ok(()) };
            if key.contains("plain") || began.elapsed() > NOTICED {
                return Err(story.clone());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the server holds.
    fn values(&mut self) -> HashMap<String, String> {
        let keys = all_keys();
        let bytes: Vec<u8> = keys.iter().flat_map(|(kind, key)| encode(&read_of(*kind, key))).collect();
        self.reader.send_raw(&bytes).expect("the server reads");
        let mut value = |(kind, key)| {
            let reply = self.reader.receive().expect("the server answers");
            (key, canonical(kind, &reply))
        };
        keys.into_iter().map(&mut value).collect()
    }
}

#[test]
fn no_kept_value_differs_from_the_servers() {
    let seed = number("REDSTART_TRACKING_SEED").unwrap_or(SEED);
    let time = Duration::from_secs(number("REDSTART_TRACKING_SECONDS").unwrap_or(SECONDS));
    println!("REDSTART_TRACKING_SEED={seed}");
    let (mut random, began) = (Random::new(seed), Instant::now());
    let (mut rounds, mut used) = (0_u64, 0);
    while began.elapsed() < time || used < OPTIONS.len() {
        let options = OPTIONS[used % OPTIONS.len()];
        let mut play = Play::start(options, &mut random);
        let until = began + time * u32::try_from(used % OPTIONS.len() + 1).expect("few") / OPTIONS.len() as u32;
        for round in 0..ROUNDS {
            if let Err(story) = play.round() {
                panic!("seed {seed}, options {options:?} round {round}:\n{story}\n{}", play.server.log());
            }
            rounds += 1;
            if round > 10 && Instant::now() > until {
                break;
            }
        }
        used += 1;
    }
    println!("{rounds} rounds on {used} servers");
}
