//! Reading one element costs the same however large its collection is.
//!
//! Counted are instructions, not time: this program starts itself once more as a child, which fills small and large
//! collections and runs each command between two stops; in between the parent steps it, one instruction at a time. A
//! command that looks at each element, or at each byte of a string, takes ten times as many on the large one.

use nix::sys::ptrace;
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use redis::Cmd;
use redstart::{EmbeddedConnection, Engine};
use std::io::{Read, Write};
use std::process::{ChildStdin, Command, Stdio};

/// Says to this program that it is the child.
const CHILD: &str = "REDSTART_COST_CHILD";
/// What the child ends with where it may not be stepped.
const REFUSED: i32 = 77;
/// Elements; the smaller count is beyond what is kept in a listpack.
const SIZES: [usize; 2] = [1_000, 10_000];
/// How often one that looks slow is counted: the least counts, since now and then one waits for another thread.
const TIMES: usize = 3;
/// What the child is told when it has done a command with each size.
const AGAIN: [u8; 1] = *b"+";
const ENOUGH: [u8; 1] = *b".";
/// Nobody counts further than this.
const MOST: u64 = 100_000;
/// What does look at each element, so that the measure is known to show it.
const WALK: &str = "LPOS list nothing";

/// Reads of one thing; `%` is the collection's size less one.
const READS: &[&str] = &[
    "GETRANGE string -2 -1",
    "GETBIT string %",
    "STRLEN string",
    "HGET hash field:%",
    "HEXISTS hash nothing",
    "HLEN hash",
    "HGET timed field:%",
    "HPEXPIRETIME timed FIELDS 1 field:%",
    "LINDEX list -1",
    "LINDEX list 500",
    "LINDEX list %",
    "LLEN list",
    "SISMEMBER set member:%",
    "SISMEMBER ints %",
    "SISMEMBER passing member:%",
    "SPEXPIRETIME passing MEMBERS 1 member:%",
    "SCARD set",
    "SRANDMEMBER set",
    "ZSCORE sorted member:%",
    "ZRANK sorted member:%",
    "ZRANGEBYSCORE sorted % %",
    "ZCOUNT sorted 10 %",
    "GEOPOS sorted member:%",
    "XRANGE stream % %",
    "XREVRANGE stream + - COUNT 1",
    "XREAD COUNT 1 STREAMS stream 500",
    "XLEN stream",
    "ARGET array %",
    WALK,
];

fn command(text: &str, size: usize) -> Vec<u8> {
    let last = (size - 1).to_string();
    let mut command = Cmd::new();
    for word in text.split(' ') {
        command.arg(word.replace('%', &last));
    }
    command.get_packed_command()
}

fn run(connection: &mut EmbeddedConnection, text: &str, size: usize) {
    let reply = connection.run(&command(text, size)).expect("the connection lives");
    assert!(!reply.starts_with(b"-"), "{text}: {}", String::from_utf8_lossy(&reply));
}

fn fill(connection: &mut EmbeddedConnection, size: usize) {
    run(connection, &format!("SETRANGE string {} x", 100 * size), size);
    for index in 0..size {
        let (id, time_ms) = (index + 1, 4_000_000_000_000 + index);
        for text in [
            format!("HSET hash field:{index} value"),
            format!("HSET timed field:{index} value"),
            format!("HPEXPIREAT timed {time_ms} FIELDS 1 field:{index}"),
            format!("RPUSH list element:{index}"),
            format!("SADD set member:{index}"),
            format!("SADD ints {index}"),
            format!("SADD passing member:{index}"),
            format!("SPEXPIREAT passing {time_ms} MEMBERS 1 member:{index}"),
            format!("ZADD sorted {index} member:{index}"),
            format!("XADD stream {id} field value"),
            format!("ARSET array {index} value:{index}"),
        ] {
            run(connection, &text, size);
        }
    }
}

fn stop() {
    raise(Signal::SIGSTOP).expect("a signal to itself");
}

/// The child: stops before and after every command.
fn be_stepped() {
    if ptrace::traceme().is_err() {
        std::process::exit(REFUSED);
    }
    let engine = Engine::open(Engine::load("hz 1").expect("the configuration is right")).expect("an engine");
    let mut connection = engine.connection();
    for (database, size) in SIZES.into_iter().enumerate() {
        run(&mut connection, &format!("SELECT {database}"), size);
        fill(&mut connection, size);
    }
    let mut again = [0];
    for text in READS {
        // The first time may set up what later ones find.
        for (database, size) in SIZES.into_iter().enumerate() {
            run(&mut connection, &format!("SELECT {database}"), size);
            run(&mut connection, text, size);
        }
        loop {
            for (database, size) in SIZES.into_iter().enumerate() {
                run(&mut connection, &format!("SELECT {database}"), size);
                let bytes = command(text, size);
                stop();
                let reply = connection.run(&bytes);
                stop();
                drop(reply);
            }
            std::io::stdin().read_exact(&mut again).expect("the parent says whether to do it again");
            if again != AGAIN {
                break;
            }
        }
    }
    std::process::exit(0);
}

/// Waits until a thread of the child stops at its own wish; gives the child's exit code where it ends instead.
fn next_stop(child: Pid) -> Result<Pid, i32> {
    loop {
        // A thread that is stepped ends by itself, which has to be waited for as well.
        match waitpid(None, Some(WaitPidFlag::__WALL)).expect("there is a child") {
            WaitStatus::Stopped(thread, Signal::SIGSTOP) => return Ok(thread),
            WaitStatus::Stopped(thread, signal) => ptrace::cont(thread, signal).expect("it is stopped"),
            WaitStatus::Exited(ended, code) if ended == child => return Err(code),
            WaitStatus::Signaled(ended, signal, _) if ended == child => panic!("the child died of {signal}"),
            _ => {}
        }
    }
}

/// The instructions from one stop to the next.
fn steps(child: Pid, thread: Pid) -> u64 {
    for step in 0..MOST {
        ptrace::step(thread, None).expect("it is stopped");
        match waitpid(thread, Some(WaitPidFlag::__WALL)).expect("there is a child") {
            WaitStatus::Stopped(_, Signal::SIGTRAP) => {}
            WaitStatus::Stopped(_, Signal::SIGSTOP) => return step,
            other => panic!("the child does not go on: {other:?}"),
        }
    }
    ptrace::cont(thread, None).expect("it is stopped");
    next_stop(child).expect("it stops again");
    MOST
}

/// Whether a command takes more with more elements.
fn is_slow([small, large]: [u64; 2]) -> bool {
    large > 2 * small
}

/// What each command took with each size; or how the child ended instead.
fn count(child: Pid, mut stdin: ChildStdin) -> Result<Vec<[u64; 2]>, i32> {
    let mut counts = Vec::new();
    for text in READS {
        let mut least = [MOST; 2];
        for time in 1.. {
            for least in &mut least {
                let thread = next_stop(child)?;
                *least = (*least).min(steps(child, thread));
                ptrace::cont(thread, None).expect("it is stopped");
            }
            // Each step takes some microseconds: what is right is not counted again.
            let again = time < TIMES && *text != WALK && is_slow(least);
            stdin.write_all(if again { &AGAIN } else { &ENOUGH }).expect("the child reads");
            if !again {
                break;
            }
        }
        counts.push(least);
    }
    assert_eq!(next_stop(child), Err(0), "the child has nothing more to do");
    Ok(counts)
}

#[test]
#[expect(clippy::zombie_processes, reason = "it is waited for by its id, as are its threads")]
fn reading_one_element_does_not_depend_on_how_many_there_are() {
    if std::env::var_os(CHILD).is_some() {
        be_stepped();
    }
    let program = std::env::current_exe().expect("this program");
    let own_name = "reading_one_element_does_not_depend_on_how_many_there_are";
    let arguments = ["--exact", own_name, "--test-threads=1", "--nocapture"];
    let mut child =
        Command::new(program).args(arguments).env(CHILD, "1").stdin(Stdio::piped()).spawn().expect("it starts again");
    let stdin = child.stdin.take().expect("it is piped");
    let counts = match count(Pid::from_raw(child.id().cast_signed()), stdin) {
        Err(REFUSED) => return eprintln!("not run: this system lets no program step another"),
        counts => counts.expect("the child runs all commands"),
    };
    let mut slow = Vec::new();
    for (text, count) in READS.iter().zip(counts) {
        let [small, large] = count;
        println!("{text}: {small} instructions, {large} where there are more");
        if *text == WALK {
            assert_eq!(large, MOST, "{text} is counted wrongly");
        } else if is_slow(count) {
            slow.push(format!("{text}: {small} instructions, but {large} with {} elements", SIZES[1]));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}
