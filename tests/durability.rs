//! What WAITAOF acknowledged is there after kill -9, whatever an operator did meanwhile: `appendonly` off and on,
//! `appendfsync`, rewrites, snapshots, a disk without room.
//!
//!   `REDSTART_DURABILITY_ROUNDS=5000`   more ends than the usual few
//!   `REDSTART_DURABILITY_SEED=7`        other choices
//!
//! One folder goes through all rounds. Each client counts its own key up and asks with WAITAOF; what it was told is a lower
//! bound for what the next start loads, as is what a start has loaded.

use redstart_tests::differential::random::Random;
use redstart_tests::number;
use redstart_tests::server::{Server, binary};
use redstart_tests::value::Value;
use redstart_tests::wire::Client;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

const ROUNDS: u64 = 16;
const CLIENTS: usize = 6;
/// Other keys, so that a rewrite takes some time.
const KEYS: &str = "20000";
const PATIENCE: Duration = Duration::from_secs(60);

/// What one client knows.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// Acknowledged by WAITAOF, or loaded at the last start.
    safe: i64,
    /// How often WAITAOF acknowledged.
    acknowledged: usize,
}

/// Counts up until the connection ends.
fn count_up(address: SocketAddr, number: usize, mut known: Known, mut random: Random) -> Known {
    let Ok(mut client) = Client::connect(address) else { return known };
    client.set_timeout(PATIENCE);
    let key = format!("count:{number}");
    let waits: [&[&str]; 4] = [
        &["WAITAOF", "1", "0", "0"],
        &["WAITAOF", "1", "0", "20"],
        &["WAITAOF", "0", "0", "0"],
        &["WAITAOF", "1", "1", "15"],
    ];
    loop {
        let commands: Vec<Vec<&str>> = match random.below(4) {
            0 => vec![vec!["MULTI"], vec!["INCR", &key], vec!["WAITAOF", "1", "0", "0"], vec!["EXEC"]],
            1 => vec![vec![
                "EVAL",
                "local n = redis.call('incr', KEYS[1]); return {n, redis.call('waitaof', 1, 0, 0)}",
                "1",
                &key,
            ]],
            _ => vec![vec!["INCR", &key]],
        };
        let wait = random.pick(&waits);
        let Ok(written) = run(&mut client, &commands, wait) else { return known };
        let (Some(answer), told) = written else { continue };
        let (count, at_once) = counted(&answer);
        if at_once || is_one(&told) {
            known.safe = known.safe.max(count);
            known.acknowledged += 1;
        }
    }
}

/// The last answer to the commands, unless it is an error, and what WAITAOF answers behind them.
fn run(client: &mut Client, commands: &[Vec<&str>], wait: &[&str]) -> std::io::Result<(Option<Value>, Value)> {
    commands.iter().try_for_each(|command| client.send(command))?;
    client.send(wait)?;
    let mut last = Value::Null;
    for _ in commands {
        last = client.receive()?;
    }
    let told = client.receive()?;
    Ok((Some(last).filter(|last| matches!(last, Value::Integer(_) | Value::Array(_))), told))
}

/// What was counted, and whether the transaction or script was told that it is safe.
fn counted(answer: &Value) -> (i64, bool) {
    match answer {
        Value::Integer(count) => (*count, false),
        Value::Array(parts) => match parts.as_slice() {
            [Value::Integer(count), told] => (*count, is_one(told)),
            _ => panic!("not a count: {answer}"),
        },
        _ => panic!("not a count: {answer}"),
    }
}

fn is_one(told: &Value) -> bool {
    matches!(told, Value::Array(parts) if parts.first() == Some(&Value::Integer(1)))
}

/// Changes settings until it is to end, or the server has ended.
fn operate(address: SocketAddr, pid: u32, mut random: Random, end: &AtomicBool) {
    let Ok(mut client) = Client::connect(address) else { return };
    client.set_timeout(PATIENCE);
    let choices: [&[&str]; 8] = [
        &["CONFIG SET appendonly yes"],
        &["CONFIG SET appendonly yes"],
        &["CONFIG SET appendonly no"],
        &["CONFIG SET appendonly no", "CONFIG SET appendonly yes"],
        &["MULTI", "CONFIG SET appendonly no", "INCR count:0", "CONFIG SET appendonly yes", "EXEC"],
        &["CONFIG SET appendfsync always", "BGREWRITEAOF"],
        &["CONFIG SET appendfsync everysec", "BGREWRITEAOF"],
        &["CONFIG SET appendfsync no", "BGSAVE"],
    ];
    while !end.load(Ordering::Relaxed) {
        if random.chance(4) {
            limit_files(pid, &format!("{}", random.below(200_000)));
            std::thread::sleep(Duration::from_millis(random.below(60)));
            limit_files(pid, "unlimited");
        }
        for line in *random.pick(&choices) {
            let words: Vec<&str> = line.split(' ').collect();
            if client.command(&words).is_err() {
                return;
            }
        }
        std::thread::sleep(Duration::from_micros(random.below(60_000)));
    }
}

/// What fits into files of so many bytes is written; the rest fails as on a full disk.
fn limit_files(pid: u32, bytes: &str) {
    // The server may have ended.
    let _ = Command::new("prlimit").args(["--pid", &pid.to_string(), &format!("--fsize={bytes}:")]).output();
}

struct Round {
    clients: Vec<JoinHandle<Known>>,
    operators: Vec<JoinHandle<()>>,
    end: Arc<AtomicBool>,
}

impl Round {
    fn start(server: &Server, known: &[Known; CLIENTS], random: &mut Random) -> Round {
        let (address, pid, end) = (server.address(), server.pid(), Arc::new(AtomicBool::new(false)));
        let mut seed = || Random::new(random.next_u64());
        let clients = (0..CLIENTS).map(|number| {
            let (known, random) = (known[number], seed());
            std::thread::spawn(move || count_up(address, number, known, random))
        });
        let clients = clients.collect();
        let operators = (0..2).map(|_| {
            let (random, end) = (seed(), Arc::clone(&end));
            std::thread::spawn(move || operate(address, pid, random, &end))
        });
        let operators = operators.collect();
        Round { clients, operators, end }
    }

    /// After the server was killed.
    fn known(self) -> Vec<Known> {
        self.end.store(true, Ordering::Relaxed);
        self.operators.into_iter().for_each(|thread| thread.join().expect("it ends with its connection"));
        self.clients.into_iter().map(|thread| thread.join().expect("it ends with its connection")).collect()
    }
}

/// What is there is at least what was acknowledged.
fn compare(server: &Server, known: &mut [Known; CLIENTS], what: &str) {
    let mut client = Client::connect(server.address()).expect("it accepts");
    client.set_timeout(PATIENCE);
    for (number, known) in known.iter_mut().enumerate() {
        let answer = client.command(&["GET", &format!("count:{number}")]).expect("it answers").text_lossy();
        let there: i64 = answer.parse().unwrap_or(0);
        assert!(
            there >= known.safe,
            "before {what}: {there} of client {number}, {known:?}\n{}",
            files(server.folder())
        );
        known.safe = there;
    }
}

fn files(folder: &Path) -> String {
    let show = "ls -la . appendonlydir; cat appendonlydir/*.manifest; tail -n 60 log";
    let shown = Command::new("sh").args(["-c", show]).current_dir(folder).output();
    shown.map_or_else(|error| error.to_string(), |shown| String::from_utf8_lossy(&shown.stdout).into_owned())
}

#[test]
fn what_waitaof_acknowledged_survives_whatever_is_set_meanwhile() {
    let seed = number("REDSTART_DURABILITY_SEED").unwrap_or(1);
    let rounds = number("REDSTART_DURABILITY_ROUNDS").unwrap_or(ROUNDS);
    println!("REDSTART_DURABILITY_SEED={seed}");
    let mut random = Random::new(seed);
    let mut known = [Known::default(); CLIENTS];
    let mut server: Option<Server> = None;
    for round in 0..rounds {
        let (fsync, threads) = (*random.pick(&["always", "everysec", "no"]), *random.pick(&["1", "2", "4"]));
        let what = format!("seed {seed}, round {round}, {fsync}, {threads} threads");
        // The first start has nothing to load, and begins with what CONFIG SET begins.
        let appendonly = if round == 0 { "no" } else { "yes" };
        let arguments = format!(
            "--appendonly {appendonly} --appendfsync {fsync} --threads {threads} \
             --enable-debug-command yes --auto-aof-rewrite-percentage 50 --auto-aof-rewrite-min-size 2mb"
        );
        let mut arguments: Vec<String> = arguments.split(' ').map(str::to_owned).collect();
        arguments.extend(["--save", ""].map(str::to_owned));
        let next = match server.take() {
            Some(last) => last.restart(binary(), &arguments),
            None => Server::start(binary(), &arguments),
        };
        let one = next.unwrap_or_else(|why| panic!("{what}: {why}"));
        compare(&one, &mut known, &what);
        if round == 0 {
            let mut client = Client::connect(one.address()).expect("it accepts");
            client.command(&["DEBUG", "POPULATE", KEYS, "key", "100"]).expect("it answers");
        }
        let under_way = Round::start(&one, &known, &mut random);
        std::thread::sleep(Duration::from_millis(20 + random.below(700)));
        let killed = Command::new("kill").args(["-KILL", &one.pid().to_string()]).output();
        assert!(killed.is_ok());
        let told = under_way.known();
        known = std::array::from_fn(|number| told[number]);
        server = Some(one);
        let acknowledged: usize = known.iter().map(|known| known.acknowledged).sum();
        println!("{what}: acknowledged so far: {acknowledged}");
    }
    let acknowledged = known.iter().map(|known| known.acknowledged).sum::<usize>();
    let last = server.take().expect("there was a round");
    let server =
        last.restart(binary(), &["--appendonly", "yes"].map(str::to_owned)).expect("it starts after the last end");
    compare(&server, &mut known, "the end");
    assert!(acknowledged > 0, "nothing was acknowledged");
}
