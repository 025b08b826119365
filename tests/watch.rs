//! WATCH against Redis: a client watches keys, it and another change random keys, time passes, and then EXEC runs or
//! does not, in both servers alike.
//!
//! Nothing expires by chance: what gets a time gets one millisecond, and the next command comes later than that. Active
//! expiry is off but where a step turns it on for a while.
//!
//!   `REDSTART_WATCH_SEED=7`        other sequences
//!   `REDSTART_WATCH_SECONDS=1800`  more of them

use redstart_tests::changes::{all_keys, change};
use redstart_tests::differential::random::Random;
use redstart_tests::number;
use redstart_tests::peers::peer;
use redstart_tests::server::{Flavour, Server, binary};
use redstart_tests::value::Value;
use redstart_tests::wire::{Client, encode};
use std::path::Path;
use std::time::{Duration, Instant};

const SEED: u64 = 1;
const SECONDS: u64 = 8;
/// Longer than what is given to expire.
const PASSES: Duration = Duration::from_millis(3);
/// Active expiry has come to all keys.
const ACTIVE: Duration = Duration::from_millis(250);
/// A difference that was chance does not come again so often.
const TRIES: usize = 3;

/// Steps that are about more than one key.
const ALL: &[&str] = &[
    "FLUSHDB",
    "FLUSHALL",
    "SWAPDB 0 1",
    "SWAPDB 1 0",
    "SWAPDB 0 2",
    "DEBUG RELOAD",
    "SELECT 1",
    "SELECT 0",
    "SELECT 1",
];
/// What depends on chance, or is in one of the servers only.
const LEFT_OUT: &[&str] = &["SPOP", "RANDOMKEY", "SPEXPIRE", "SPERSIST", "SCAN"];

/// One step, on the connection with this number.
#[derive(Clone, Debug)]
enum Step {
    Call(usize, Vec<String>),
    /// The third connection begins to wait.
    Wait(Vec<String>),
    /// Active expiry is on for a while.
    Expire,
}

/// A sequence: what there is, what is watched, what happens then.
#[derive(Clone, Debug)]
struct Plan {
    before: Vec<Step>,
    watched: Vec<String>,
    after: Vec<Step>,
}

/// Words behind which a time stands, and how far behind.
fn time_behind(word: &str) -> Option<usize> {
    match word {
        "PX" => Some(1),
        "PSETEX" | "PEXPIRE" | "HPEXPIRE" => Some(2),
        _ => None,
    }
}

/// A change, most often one that names one of these keys.
fn some_change(random: &mut Random, keys: &[String]) -> Vec<String> {
    let any = random.chance(10);
    loop {
        let (mut words, _) = change(random);
        if LEFT_OUT.contains(&words[0].as_str()) || !(any || words.iter().any(|word| keys.contains(word))) {
            continue;
        }
        // What expires does so before the next step.
        for at in 0..words.len() {
            if let Some(behind) = time_behind(&words[at])
                && words[at + behind] != "0"
            {
                let long = random.chance(30);
                words[at + behind] = if long { "100000" } else { "1" }.to_owned();
            }
        }
        return words;
    }
}

fn step(random: &mut Random, keys: &[String], active: bool) -> Step {
    let connection = random.below(2) as usize;
    match random.below(100) {
        0..8 => Step::Call(connection, random.pick(ALL).split(' ').map(str::to_owned).collect()),
        8..10 if active => Step::Expire,
        10..15 => {
            let lists = ["list:plain:0", "list:timed:0", "zset:plain:0", "stream:plain:0"];
            let key = random.pick(&lists).to_owned();
            let line = match key {
                _ if key.starts_with("list") => format!("BLPOP {key} 0"),
                _ if key.starts_with("zset") => format!("BZPOPMIN {key} 0"),
                _ => format!("XREAD BLOCK 0 STREAMS {key} $"),
            };
            Step::Wait(line.split(' ').map(str::to_owned).collect())
        }
        15..22 => {
            let words = some_change(random, keys);
            let script = "return redis.pcall(unpack(ARGV))";
            let head = ["EVAL", script, "0"].map(str::to_owned);
            Step::Call(connection, head.into_iter().chain(words).collect())
        }
        _ => Step::Call(connection, some_change(random, keys)),
    }
}

impl Plan {
    fn random(random: &mut Random) -> Plan {
        let keys = all_keys();
        let watched: Vec<String> = (0..1 + random.below(3)).map(|_| random.pick(&keys).1.clone()).collect();
        let before = (0..random.below(9)).map(|_| step(random, &watched, false)).collect();
        let active = random.chance(10);
        let after = (0..random.below(4)).map(|_| step(random, &watched, active)).collect();
        let (before, after) = without_revival(before, after);
        Plan { before, watched, after }
    }
}

/// Drops steps that give a time to a field, behind others that let one expire: Redis 8.0 brings a field past its time
/// back that way, where it is missing here.
fn without_revival(before: Vec<Step>, after: Vec<Step>) -> (Vec<Step>, Vec<Step>) {
    let mut expires = false;
    let mut stays = |step: &Step| {
        let Step::Call(_, words) = step else { return true };
        let has = |word: &str| words.iter().any(|other| other == word);
        let drops = expires && has("HPEXPIRE");
        expires |= has("1") && ["HPEXPIRE", "HSETEX", "HGETEX"].into_iter().any(has);
        !drops
    };
    let before = before.into_iter().filter(|step| stays(step)).collect();
    (before, after.into_iter().filter(|step| stays(step)).collect())
}

struct Subject {
    _server: Server,
    /// The one that watches, another, and one that waits.
    clients: Vec<Client>,
    waiter: String,
    waits: bool,
}

impl Subject {
    fn start(program: &Path) -> Subject {
        let options = ["--enable-debug-command", "yes"].map(str::to_owned);
        let server = Server::start(program, &options).expect("it starts");
        let mut clients: Vec<Client> = (0..3).map(|_| Client::connect(server.address()).expect("it listens")).collect();
        let waiter = clients[2].command(&["CLIENT", "ID"]).expect("it answers").text_lossy();
        Subject { _server: server, clients, waiter, waits: false }
    }

    fn call(&mut self, connection: usize, words: &[&str]) -> Value {
        self.clients[connection].command(words).unwrap_or_else(|error| panic!("{words:?}: {error}"))
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Call(connection, words) => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                self.call(*connection, &words);
                if words.iter().any(|word| time_behind(word).is_some()) {
                    std::thread::sleep(PASSES);
                }
            }
            Step::Wait(_) if self.waits => {}
            Step::Wait(words) => {
                self.clients[2].send_raw(&encode(words)).expect("the server reads");
                self.waits = true;
                // The next step comes when the server knows that it waits, or that it need not.
                while !self.call(1, &["INFO", "clients"]).text_lossy().contains("blocked_clients:1\r")
                    && self.clients[2].is_silent_for(PASSES)
                {}
            }
            Step::Expire => {
                self.call(1, &["DEBUG", "SET-ACTIVE-EXPIRE", "1"]);
                std::thread::sleep(ACTIVE);
                self.call(1, &["DEBUG", "SET-ACTIVE-EXPIRE", "0"]);
            }
        }
    }

    /// Whether EXEC runs at the end of a plan.
    fn runs(&mut self, plan: &Plan) -> bool {
        for connection in [0, 1] {
            self.call(connection, &["SELECT", "0"]);
        }
        self.call(1, &["FLUSHALL"]);
        self.call(1, &["DEBUG", "SET-ACTIVE-EXPIRE", "0"]);
        plan.before.iter().for_each(|step| self.step(step));
        let words: Vec<&str> = ["WATCH"].into_iter().chain(plan.watched.iter().map(String::as_str)).collect();
        self.call(0, &words);
        plan.after.iter().for_each(|step| self.step(step));
        self.call(0, &["MULTI"]);
        self.call(0, &["PING"]);
        let runs = self.call(0, &["EXEC"]) != Value::NullArray;
        if std::mem::take(&mut self.waits) {
            let waiter = self.waiter.clone();
            self.call(1, &["CLIENT", "UNBLOCK", &waiter]);
            self.clients[2].receive().expect("the server answers");
        }
        runs
    }
}

#[test]
fn exec_runs_where_it_runs_in_redis() {
    let seed = number("REDSTART_WATCH_SEED").unwrap_or(SEED);
    let time = Duration::from_secs(number("REDSTART_WATCH_SECONDS").unwrap_or(SECONDS));
    println!("REDSTART_WATCH_SEED={seed}");
    let redis = peer(Flavour::Redis).expect("Redis is always there");
    let (mut theirs, mut ours) = (Subject::start(&redis.binary), Subject::start(binary()));
    let (mut random, began) = (Random::new(seed), Instant::now());
    let (mut plans, mut aborted) = (0_u64, 0_u64);
    while began.elapsed() < time {
        let plan = Plan::random(&mut random);
        let (mut expected, mut found) = (theirs.runs(&plan), ours.runs(&plan));
        for _ in 1..TRIES {
            if expected != found {
                (expected, found) = (theirs.runs(&plan), ours.runs(&plan));
            }
        }
        let word = |runs| if runs { "runs" } else { "aborts" };
        assert!(
            expected == found,
            "seed {seed}, plan {plans}: EXEC {} in Redis, and {} here\n{plan:#?}",
            word(expected),
            word(found)
        );
        plans += 1;
        aborted += u64::from(!found);
    }
    println!("{plans} sequences, of which {aborted} end without EXEC");
    assert!(aborted * 10 > plans && aborted < plans, "both ends are there");
}
