//! What WAITAOF acknowledged is there after kill -9, whatever an operator did meanwhile: `appendonly` off and on,
//! `appendfsync`, rewrites, snapshots, a disk without room.
//!
//!   `REDSTART_DURABILITY_ROUNDS=5000`   more ends than the usual few
//!   `REDSTART_DURABILITY_SEED=7`        other choices
//!
//! One folder goes through all rounds. Each client counts its own key up and asks with WAITAOF; what it was told is a
//! lower bound for what the next start loads, as is what a start has loaded.

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
use std::time::{Duration, Instant};

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

/// Starts with what no test here wants otherwise.
fn start(more: &[&str]) -> Server {
    let arguments: Vec<String> = arguments(more);
    Server::start(binary(), &arguments).expect("it starts")
}

fn arguments(more: &[&str]) -> Vec<String> {
    let usual = ["--enable-debug-command", "yes", "--enable-protected-configs", "yes", "--save", ""];
    usual.iter().chain(more).map(|&word| word.to_owned()).collect()
}

/// Kills it and starts it again with `appendonly yes`.
fn after_kill(server: Server, more: &[&str]) -> Server {
    server.restart(binary(), &arguments(&[&["--appendonly", "yes"], more].concat())).expect("it starts again")
}

fn connect(server: &Server) -> Client {
    let mut client = Client::connect(server.address()).expect("it accepts");
    client.set_timeout(PATIENCE);
    client
}

fn ask(client: &mut Client, line: &str) -> String {
    client.command(&line.split(' ').collect::<Vec<_>>()).expect("it answers").text_lossy()
}

/// Sends all of it before any answer is read.
fn pipeline(client: &mut Client, lines: &[&str]) -> Vec<Value> {
    let commands: Vec<Vec<Vec<u8>>> =
        lines.iter().map(|line| line.split(' ').map(|word| word.as_bytes().to_vec()).collect()).collect();
    client.pipeline(&commands).expect("it answers")
}

fn pair(local: i64) -> Value {
    Value::Array(vec![Value::Integer(local), Value::Integer(0)])
}

/// A figure of INFO.
fn figure(client: &mut Client, section: &str, name: &str) -> i64 {
    let info = ask(client, &format!("INFO {section}"));
    let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::to_owned));
    line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in {info}"))
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn nothing_is_acknowledged_before_the_first_base_is_there() {
    for (fsync, threads) in [("everysec", "1"), ("always", "1"), ("always", "2"), ("no", "2")] {
        let server = start(&["--appendfsync", fsync, "--threads", threads]);
        let mut client = connect(&server);
        ask(&mut client, "DEBUG POPULATE 100000");
        let answers =
            pipeline(&mut client, &["SET before 1", "CONFIG SET appendonly yes", "WAITAOF 0 0 0", "WAITAOF 1 0 0"]);
        assert_eq!(answers[2..], [pair(0), pair(1)], "{fsync}");
        let server = after_kill(server, &[]);
        assert_eq!(ask(&mut connect(&server), "GET before"), "1", "{fsync}, {threads} threads");
    }
}

#[test]
fn a_change_while_the_first_base_is_written_is_acknowledged_with_it() {
    for fsync in ["everysec", "always"] {
        let server = start(&["--appendfsync", fsync, "--threads", "2"]);
        let mut client = connect(&server);
        ask(&mut client, "DEBUG POPULATE 100000");
        ask(&mut client, "CONFIG SET appendonly yes");
        wait_until("changes are kept", || figure(&mut client, "persistence", "aof_current_size") == 0);
        let answers = pipeline(&mut client, &["INCR n", "WAITAOF 1 0 0"]);
        assert_eq!(answers, [Value::Integer(1), pair(1)]);
        let server = after_kill(server, &[]);
        assert_eq!(ask(&mut connect(&server), "GET n"), "1", "{fsync}");
    }
}

#[test]
fn a_transaction_or_a_script_is_not_told_that_its_own_changes_are_safe() {
    let server = start(&["--appendonly", "yes", "--appendfsync", "always"]);
    let mut client = connect(&server);
    let answers = pipeline(&mut client, &["MULTI", "SET k 1", "WAITAOF 1 0 0", "EXEC", "WAITAOF 1 0 0"]);
    assert!(matches!(&answers[3], Value::Array(parts) if parts[1] == pair(0)), "{}", answers[3]);
    assert_eq!(answers[4], pair(1));
    let script = "redis.call('set', 'k', 2); return redis.call('waitaof', 1, 0, 0)";
    assert_eq!(client.command(&["EVAL", script, "0"]).expect("it answers"), pair(0));
    let script = "return redis.call('waitaof', 1, 0, 0)";
    assert_eq!(client.command(&["EVAL", script, "0"]).expect("it answers"), pair(1), "it changes nothing itself");
}

#[test]
fn clients_that_wait_when_it_is_turned_off_are_told() {
    let server = start(&["--appendonly", "yes", "--appendfsync", "no", "--threads", "2"]);
    let (mut waiting, mut for_replicas, mut operator) = (connect(&server), connect(&server), connect(&server));
    waiting.send(&["SET", "k", "1"]).expect("it reads");
    waiting.send(&["WAITAOF", "1", "0", "0"]).expect("it reads");
    waiting.receive().expect("it answers");
    for_replicas.send(&["WAITAOF", "0", "1", "400"]).expect("it reads");
    wait_until("both wait", || figure(&mut operator, "clients", "blocked_clients") == 2);
    assert_eq!(ask(&mut operator, "CONFIG SET appendonly no"), "OK");
    let told = waiting.receive().expect("it answers").text_lossy();
    assert_eq!(told, "-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.");
    assert_eq!(for_replicas.receive().expect("it answers"), pair(0));
}

#[test]
fn a_timeout_tells_what_is_on_the_disk_then() {
    let server = start(&["--appendonly", "yes", "--appendfsync", "everysec"]);
    let mut client = connect(&server);
    let answers = pipeline(&mut client, &["SET k 1", "WAITAOF 1 1 2500"]);
    assert_eq!(answers[1], pair(1));
}

#[test]
fn a_folder_that_cannot_be_written_to_is_an_error_of_config_set() {
    let server = start(&[]);
    std::fs::write(server.folder().join("appendonlydir"), "in the way").expect("a file");
    let mut client = connect(&server);
    let refused = ask(&mut client, "CONFIG SET appendonly yes");
    let words = "-ERR CONFIG SET failed (possibly related to argument 'appendonly') - Unable to turn on AOF. Check server logs.";
    assert_eq!(refused, words);
    assert!(ask(&mut client, "WAITAOF 1 0 0").ends_with("appendonly is disabled."));
    std::fs::remove_file(server.folder().join("appendonlydir")).expect("it goes");
    assert_eq!(ask(&mut client, "CONFIG SET appendonly yes"), "OK");
    assert_eq!(client.command(&["WAITAOF", "1", "0", "0"]).expect("it answers"), pair(1));
}

/// What is counted between two attempts stands in the file of the first one, and in the base of the second: once.
#[test]
fn a_first_base_that_finds_no_room_is_tried_again() {
    let server = start(&["--appendfsync", "everysec"]);
    let mut client = connect(&server);
    ask(&mut client, "DEBUG POPULATE 2000 key 100");
    limit_files(server.pid(), "20000");
    ask(&mut client, "CONFIG SET appendonly yes");
    let failed = |client: &mut Client| figure(client, "persistence", "aof_rewrites_consecutive_failures");
    for number in 1..=200 {
        assert_eq!(client.command(&["INCR", "n"]).expect("it answers"), Value::Integer(number));
        if number % 50 == 0 {
            let before = failed(&mut client);
            wait_until("it fails again", || failed(&mut client) > before);
        }
    }
    assert_eq!(client.command(&["WAITAOF", "1", "0", "1500"]).expect("it answers"), pair(0));
    limit_files(server.pid(), "unlimited");
    assert_eq!(client.command(&["WAITAOF", "1", "0", "0"]).expect("it answers"), pair(1));
    let server = after_kill(server, &[]);
    assert_eq!(ask(&mut connect(&server), "GET n"), "200");
}

#[test]
fn another_folder_is_begun_by_the_next_rewrite() {
    let server = start(&["--appendonly", "yes", "--appendfsync", "always"]);
    let other = server.folder().join("other");
    std::fs::create_dir(&other).expect("a folder");
    let mut client = connect(&server);
    ask(&mut client, "SET first 1");
    ask(&mut client, "DEBUG POPULATE 100000");
    assert_eq!(ask(&mut client, &format!("CONFIG SET dir {}", other.display())), "OK");
    assert_eq!(pipeline(&mut client, &["SET second 1", "WAITAOF 1 0 0"])[1], pair(1));
    assert!(!other.join("appendonlydir").exists(), "it stays where it is");
    // As it was configured at its start, where everything is so far.
    let server = after_kill(server, &["--appendfsync", "always"]);
    let mut client = connect(&server);
    assert_eq!((ask(&mut client, "GET first"), ask(&mut client, "GET second")), ("1".to_owned(), "1".to_owned()));
    ask(&mut client, &format!("CONFIG SET dir {}", other.display()));
    ask(&mut client, "BGREWRITEAOF");
    let files = || std::fs::read_dir(other.join("appendonlydir")).map_or(0, Iterator::count);
    wait_until("it begins there", || files() > 0);
    assert_eq!(pipeline(&mut client, &["SET third 1", "WAITAOF 1 0 0"])[1], pair(1));
    // The rewrite may not have come to the point yet at which changes go there.
    let moved = other.join("appendonlydir/appendonly.aof.manifest").exists();
    let dir = other.to_str().expect("a path").to_owned();
    let place = if moved { vec!["--dir", &dir] } else { Vec::new() };
    let server = after_kill(server, &place);
    assert_eq!(ask(&mut connect(&server), "EXISTS first second third"), "3");
}

#[test]
fn what_waits_to_be_written_shows() {
    let server = start(&["--appendonly", "yes"]);
    let mut client = connect(&server);
    let set = format!("SET k {}", "x".repeat(5000));
    let answers = pipeline(&mut client, &[&set, "INFO memory", "INFO persistence", "MEMORY STATS"]);
    let of = |answer: &Value, name: &str| -> i64 {
        let text = answer.text_lossy();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::to_owned));
        line.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name} in {text}"))
    };
    assert!(of(&answers[1], "mem_aof_buffer") >= 5000);
    assert!(of(&answers[1], "mem_not_counted_for_evict") >= 5000);
    assert!(of(&answers[2], "aof_buffer_length") >= 5000);
    let Value::Array(stats) = &answers[3] else { panic!("{}", answers[3]) };
    let at = stats.iter().position(|name| name.text_lossy() == "aof.buffer").expect("it is there");
    assert!(matches!(stats[at + 1], Value::Integer(bytes) if bytes >= 5000), "{}", stats[at + 1]);
}

#[test]
fn used_memory_does_not_grow_with_snapshots_and_rewrites() {
    let server = start(&["--appendonly", "yes"]);
    let mut client = connect(&server);
    ask(&mut client, "DEBUG POPULATE 100");
    let rounds = |client: &mut Client, count: usize| {
        for (command, running) in [("BGSAVE", "rdb_bgsave_in_progress"), ("BGREWRITEAOF", "aof_rewrite_in_progress")] {
            for _ in 0..count {
                ask(client, command);
                wait_until("it ends", || figure(client, "persistence", running) == 0);
            }
        }
        figure(client, "memory", "used_memory")
    };
    rounds(&mut client, 5);
    let before = rounds(&mut client, 1);
    let after = rounds(&mut client, 200);
    // Three thousand bytes for each pair were lost before.
    assert!((after - before).abs() < 100_000, "{before} before and {after} after");
}

/// A process was killed when the manifest was written that names old files as history, and before they were removed.
#[test]
fn a_new_file_never_has_the_name_of_one_that_is_to_be_removed() {
    let server = start(&["--appendonly", "yes"]);
    ask(&mut connect(&server), "SET first 1");
    let path = server.folder().join("appendonlydir/appendonly.aof.manifest");
    let with_history = |text: &str| {
        let (base, changes) = text.split_once('\n').expect("two lines");
        format!("{base}\nfile appendonly.aof.2.incr.aof seq 2 type h\n{changes}")
    };
    let text = std::fs::read_to_string(&path).expect("a manifest");
    std::fs::write(&path, with_history(&text)).expect("it is written");
    let server = after_kill(server, &[]);
    let mut client = connect(&server);
    assert_eq!(ask(&mut client, "GET first"), "1");
    ask(&mut client, "BGREWRITEAOF");
    wait_until("it is rewritten", || figure(&mut client, "persistence", "aof_rewrites") == 1);
    wait_until("it is rewritten", || figure(&mut client, "persistence", "aof_rewrite_in_progress") == 0);
    assert_eq!(pipeline(&mut client, &["SET second 1", "WAITAOF 1 0 0"])[1], pair(1));
    assert_eq!(ask(&mut connect(&after_kill(server, &[])), "EXISTS first second"), "2");
}
