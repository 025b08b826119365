//! Acknowledged writes survive: one data folder through many ends of its server, by kill -9 in the midst of whatever
//! goes on, and by a disk that has no room, writes half of what it was given, or fails to sync.
//!
//!   `REDSTART_CRASH_ROUNDS=300`   more ends than the usual few
//!   `REDSTART_CRASH_SEED=7`       other choices
//!
//! The faults are the system's own: a limit on the size of files (what fits is written, the rest fails, as on a full
//! disk), and strace's injection into fdatasync where strace may be used.

use redstart_tests::differential::random::Random;
use redstart_tests::number;
use redstart_tests::server::{Server, binary};
use redstart_tests::value::Value;
use redstart_tests::wire::Client;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const ROUNDS: u64 = 24;
const CLIENTS: usize = 8;
/// A first answer may wait for a slow disk.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// The file takes a few bytes more, and then none.
    Room,
    /// The disk does not take what was written.
    Sync,
}

/// What a client was told.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    count: i64,
    /// Of the pair that only transactions change.
    pairs: i64,
    refused: usize,
}

/// Clients that count up, each its own keys, until their connections end.
struct Counters {
    begun: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<Told>>,
}

impl Counters {
    fn start(address: SocketAddr) -> Counters {
        let begun = Arc::new(AtomicUsize::new(0));
        let threads = (0..CLIENTS)
            .map(|number| {
                let begun = Arc::clone(&begun);
                std::thread::spawn(move || count_up(address, number, &begun))
            })
            .collect();
        Counters { begun, threads }
    }

    fn wait_until_all_have_begun(&self, what: &str) {
        let until = Instant::now() + PATIENCE;
        while self.begun.load(Ordering::Relaxed) < CLIENTS {
            assert!(Instant::now() < until, "{what}: not every client was answered");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn told(self) -> Vec<Told> {
        self.threads.into_iter().map(|thread| thread.join().expect("it ends with its connection")).collect()
    }
}

fn count_up(address: SocketAddr, number: usize, begun: &AtomicUsize) -> Told {
    let (mut told, mut first) = (Told::default(), true);
    let Ok(mut client) = Client::connect(address) else { return told };
    client.set_timeout(PATIENCE);
    let [counter, left, right] = ["counter", "left", "right"].map(|name| format!("{name}:{number}"));
    loop {
        match client.command(&["INCR", &counter]) {
            Ok(Value::Integer(count)) => told.count = count,
            Ok(Value::Error(_)) => {
                told.refused += 1;
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(other) => panic!("INCR answers {other}"),
            Err(_) => return told,
        }
        if std::mem::take(&mut first) {
            begun.fetch_add(1, Ordering::Relaxed);
        }
        let transaction: [&[&str]; 4] = [&["MULTI"], &["INCR", &left], &["INCR", &right], &["EXEC"]];
        let Ok(answers) = transaction.iter().map(|words| client.command(words)).collect::<Result<Vec<_>, _>>() else {
            return told;
        };
        if let Some(Value::Array(counts)) = answers.last()
            && let Some(Value::Integer(count)) = counts.last()
        {
            told.pairs = *count;
        }
    }
}

/// The file that is appended to.
fn last_file(server: &Server) -> Option<PathBuf> {
    let files = std::fs::read_dir(server.folder().join("appendonlydir")).ok()?;
    let files = files.filter_map(|file| Some(file.ok()?.path()));
    let serial = |path: &PathBuf| path.to_str()?.rsplit('.').nth(2)?.parse::<u64>().ok();
    files.filter(|path| path.to_str().is_some_and(|path| path.ends_with(".incr.aof"))).max_by_key(serial)
}

fn limit_files(pid: u32, bytes: &str) {
    let limit = Command::new("prlimit").args(["--pid", &pid.to_string(), &format!("--fsize={bytes}:")]).status();
    assert!(limit.is_ok_and(|status| status.success()), "prlimit limits the size of files");
}

/// Has every sync fail until it is dropped; `None` where that cannot be done here.
fn fail_syncs(server: &mut Server) -> Option<Tracer> {
    disturb_syncs(server, "error=EIO")
}

/// Does something to every sync until it is dropped; `None` where that cannot be done here.
fn disturb_syncs(server: &mut Server, how: &str) -> Option<Tracer> {
    let (pid, inject) = (server.pid(), format!("inject=fdatasync:{how}"));
    let mut strace = Command::new("strace");
    strace.args(["-f", "-q", "-e", "trace=fdatasync", "-e", &inject, "-p", &pid.to_string()]);
    let mut child = strace.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    std::thread::sleep(Duration::from_millis(150));
    // It ends with the server, which may be the first consequence.
    (child.try_wait().ok()?.is_none() || !server.is_running()).then_some(Tracer(child))
}

struct Tracer(Child);

impl Drop for Tracer {
    fn drop(&mut self) {
        // It lets go of the server when it is asked to end, and not where it is killed.
        let _ = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

/// Lets a fault come and go. With `always` the server may end by it, since it cannot keep its promise.
fn suffer(fault: Fault, server: &mut Server, always: bool, random: &mut Random) {
    let pid = server.pid();
    let pause = Duration::from_millis(60 + random.below(200));
    match fault {
        Fault::None => return std::thread::sleep(pause),
        Fault::Room => {
            let size = last_file(server).and_then(|path| path.metadata().ok()).map_or(0, |data| data.len());
            limit_files(pid, &(size + random.below(3000)).to_string());
            std::thread::sleep(pause);
            if server.is_running() {
                limit_files(pid, "unlimited");
            }
        }
        Fault::Sync => {
            let Some(tracer) = fail_syncs(server) else { return println!("NOT RUN: strace may not trace here") };
            // It is noticed by the next sync, within a second where that is every second.
            std::thread::sleep(if always { pause } else { Duration::from_millis(1200) });
            drop(tracer);
        }
    }
    if always {
        return;
    }
    let until = Instant::now() + PATIENCE;
    let mut client = Client::connect(server.address()).expect("it goes on");
    while client.command(&["SET", "recovered", "yes"]).expect("it answers").text_lossy() != "OK" {
        assert!(Instant::now() < until, "{fault:?}: writes are taken again when it is over:\n{}", server.log());
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn integer(client: &mut Client, key: &str) -> i64 {
    client.command(&["GET", key]).expect("it answers").text_lossy().parse().unwrap_or(0)
}

#[test]
fn what_was_acknowledged_survives() {
    let (seed, rounds) =
        (number("REDSTART_CRASH_SEED").unwrap_or(1), number("REDSTART_CRASH_ROUNDS").unwrap_or(ROUNDS));
    println!("REDSTART_CRASH_SEED={seed}");
    let mut random = Random::new(seed);
    let mut settled = [Told::default(); CLIENTS];
    let mut server: Option<Server> = None;
    for round in 0..rounds {
        let fsync = *random.pick(&["always", "everysec", "no"]);
        let fault = if fsync == "no" { Fault::None } else { *random.pick(&[Fault::None, Fault::Room, Fault::Sync]) };
        let threads = (1 + random.below(2)).to_string();
        let what = format!("seed {seed}, round {round}, {fsync}, {fault:?}, {threads} threads");
        let usual = ["--appendonly", "yes", "--auto-aof-rewrite-percentage", "0", "--appendfsync", fsync];
        let arguments: Vec<String> = usual.into_iter().chain(["--threads", &threads]).map(str::to_owned).collect();
        let next = match server.take() {
            Some(last) => last.restart(binary(), &arguments),
            None => Server::start(binary(), &arguments),
        };
        let mut one = next.unwrap_or_else(|why| panic!("{what}: {why}"));
        settled = compare(&one, &settled, &what);
        let counters = Counters::start(one.address());
        counters.wait_until_all_have_begun(&what);
        if random.chance(40) {
            let mut client = Client::connect(one.address()).expect("it accepts");
            client.command(&["BGREWRITEAOF"]).expect("it answers");
        }
        suffer(fault, &mut one, fsync == "always", &mut random);
        // Ended by `restart`, with its clients at work; their threads end with their connections.
        let ender = std::thread::spawn({
            let pid = one.pid();
            move || Command::new("kill").args(["-KILL", &pid.to_string()]).status()
        });
        let told = counters.told();
        let _ = ender.join();
        for (settled, told) in settled.iter_mut().zip(told) {
            settled.count = settled.count.max(told.count);
            settled.pairs = settled.pairs.max(told.pairs);
        }
        server = Some(one);
    }
    let last = server.take().expect("there was a round");
    let arguments = ["--appendonly", "yes"].map(str::to_owned);
    let server = last.restart(binary(), &arguments).expect("it starts after the last end");
    compare(&server, &settled, "the end");
}

/// What is there is what was acknowledged, and at most the one command more that was under way. Returns what is there.
fn compare(server: &Server, told: &[Told; CLIENTS], what: &str) -> [Told; CLIENTS] {
    let mut client = Client::connect(server.address()).expect("it accepts");
    std::array::from_fn(|number| {
        let [count, left, right] =
            ["counter", "left", "right"].map(|name| integer(&mut client, &format!("{name}:{number}")));
        let acknowledged = told[number];
        let fits = |there: i64, acknowledged: i64| (acknowledged..=acknowledged + 1).contains(&there);
        assert!(fits(count, acknowledged.count), "before {what}: {acknowledged:?}, {count} are there");
        assert!(left == right, "before {what}: a transaction is there by half: {left} and {right}");
        assert!(fits(left, acknowledged.pairs), "before {what}: {acknowledged:?}, {left} pairs are there");
        Told { count, pairs: left, refused: 0 }
    })
}

/// With `always` a client that does not wait for answers gets each when the disk has what it shows, and others are
/// served meanwhile.
#[test]
fn answers_go_as_far_as_the_disk_is() {
    const WRITES: i64 = 200;
    let arguments = ["--appendonly", "yes", "--appendfsync", "always", "--threads", "2"].map(str::to_owned);
    let mut server = Server::start(binary(), &arguments).expect("it starts");
    let connect = || Client::connect(server.address()).expect("it accepts");
    let (mut eager, mut other, mut third) = (connect(), connect(), connect());
    for client in [&mut eager, &mut other, &mut third] {
        client.set_timeout(PATIENCE);
    }
    let Some(tracer) = disturb_syncs(&mut server, "delay_enter=20000") else {
        return println!("NOT RUN: strace may not trace here");
    };
    for _ in 0..WRITES / 4 {
        for _ in 0..4 {
            eager.send(&["INCR", "n"]).expect("it reads");
            std::thread::sleep(Duration::from_millis(1));
        }
        other.send(&["INCR", "other"]).expect("it reads");
        third.send(&["GET", "n"]).expect("it reads");
    }
    let (mut seen, mut by_third) = (0, 0);
    while seen < WRITES {
        seen += 1;
        assert_eq!(eager.receive().expect("it answers"), Value::Integer(seen));
    }
    for round in 1..=WRITES / 4 {
        assert_eq!(other.receive().expect("it answers"), Value::Integer(round));
        let now = third.receive().expect("it answers").text_lossy().parse().expect("a number");
        assert!(by_third <= now && now <= WRITES, "{now} after {by_third}");
        by_third = now;
    }
    drop(tracer);
    let Some(_tracer) = disturb_syncs(&mut server, "delay_enter=100000:error=EIO") else { return };
    for _ in 0..3 {
        let _cut = eager.send(&["INCR", "n"]);
        let _cut = third.send(&["GET", "n"]);
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(eager.receive().is_err(), "what is not on the disk is not acknowledged");
    assert!(third.receive().is_err(), "and is shown to nobody");
    let server = server.restart(binary(), &arguments).expect("it starts again");
    let mut client = Client::connect(server.address()).expect("it accepts");
    assert!(integer(&mut client, "n") >= WRITES, "nothing that was acknowledged is missing");
}
