//! Many threads on few keys of one engine: every history must be one that a single thread could have given.
//!
//! `checker` decides that, `model` is the single thread, `run` makes histories. Here: what is run, what others got
//! wrong before, and that the checker does refuse what is wrong. A failure prints the seed and the history;
//! `REDSTART_SEED=n` begins with another seed.

mod checker;
mod model;
mod run;

use checker::{Call, linearizable, part};
use model::{Answer, Key, Keyspace, Operation};
use redis::Commands;
use redstart::Engine;
use run::{History, Random, Shape, history};

fn seed() -> u64 {
    std::env::var("REDSTART_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

fn open(threads: usize) -> Engine {
    let loaded = Engine::load(&format!("threads {threads}\nsave \"\"\n")).expect("a configuration");
    Engine::open(loaded).expect("an engine")
}

/// Runs rounds of random operations, each from an empty keyspace, and gives every history to `check`.
fn rounds(threads: usize, shape: Shape, operation: fn(&mut Random) -> Operation, check: impl Fn(&History) -> bool) {
    let (engine, seed) = (open(threads), seed());
    println!("seed {seed}");
    let mut overlapping = 0;
    for round in 0..shape.rounds {
        let seed = seed * 1_000_003 + round;
        let calls = history(&engine, shape, seed, operation);
        overlapping += calls.windows(2).filter(|pair| pair[0].ended > pair[1].began).count();
        assert!(check(&calls), "threads {threads}, seed {seed}: no single thread could have answered\n{calls:#?}");
        if round % 10 == 0 {
            let keyspace = &engine.shared().keyspace;
            keyspace.check(&keyspace.enter_exclusive()).unwrap_or_else(|broken| panic!("seed {seed}: {broken}"));
        }
    }
    assert!(overlapping as u64 > shape.rounds, "only {overlapping} calls met others: nothing was tested");
}

fn whole(calls: &History) -> bool {
    linearizable(&Keyspace::default(), calls)
}

/// Calls with one key each are checked key by key, so that histories may be longer.
fn by_key(calls: &History) -> bool {
    (0..SINGLE_KEYS).all(|key| whole(&part(calls, |operation| operation.keys() == [key])))
}

const SINGLE_KEYS: Key = 3;

fn on_one_key(random: &mut Random) -> Operation {
    let key = random.below(u64::from(SINGLE_KEYS)) as Key;
    match random.below(12) {
        0..3 => Operation::Get(key),
        3..5 => Operation::Set(key, random.fresh()),
        5..8 => Operation::Incr(key),
        8 => Operation::Del(vec![key]),
        9 => Operation::GetDel(key),
        10 => Operation::SetNx(key, random.fresh()),
        _ => Operation::Exists(vec![key]),
    }
}

fn two(random: &mut Random) -> (Key, Key) {
    let first = random.below(3) as Key;
    (first, (first + 1 + random.below(2) as Key) % 3)
}

fn on_several_keys(random: &mut Random) -> Operation {
    let (one, other) = two(random);
    match random.below(16) {
        0 => Operation::Get(one),
        1 => Operation::Set(one, random.fresh()),
        2 => Operation::Incr(one),
        3..6 => Operation::Rename(one, other),
        6 => Operation::Copy(one, other),
        7..9 => Operation::Del(vec![one, other]),
        9 => Operation::Exists(vec![one, other]),
        10..12 => Operation::MSet(vec![(one, random.fresh()), (other, random.fresh())]),
        12 => Operation::MSetNx(vec![(one, random.fresh()), (other, random.fresh())]),
        _ => Operation::MGet(vec![one, other]),
    }
}

fn with_exclusive(random: &mut Random) -> Operation {
    match random.below(14) {
        0 => Operation::FlushDb,
        1 => Operation::SwapDb,
        2..4 => Operation::Keys,
        4..6 => Operation::DbSize,
        _ => on_several_keys(random),
    }
}

const LONG: Shape = Shape { rounds: 200, threads: 4, operations: 24 };
const SMALL: Shape = Shape { rounds: 300, threads: 4, operations: 8 };
/// Commands over the whole keyspace visit thousands of slots, which takes milliseconds without optimisation.
const EXCLUSIVE: Shape = Shape { rounds: if cfg!(debug_assertions) { 60 } else { 300 }, ..SMALL };

#[test]
fn operations_on_one_key() {
    rounds(4, LONG, on_one_key, by_key);
}

#[test]
fn operations_on_one_key_with_one_thread() {
    rounds(1, LONG, on_one_key, by_key);
}

#[test]
fn operations_on_several_keys() {
    rounds(4, SMALL, on_several_keys, whole);
}

#[test]
fn operations_on_several_keys_with_one_thread() {
    rounds(1, SMALL, on_several_keys, whole);
}

#[test]
fn exclusive_commands_between() {
    rounds(4, EXCLUSIVE, with_exclusive, whole);
}

#[test]
fn exclusive_commands_between_with_one_thread() {
    rounds(1, EXCLUSIVE, with_exclusive, whole);
}

/// What each of `count` threads does at the same time, with a connection of its own.
fn together(engine: &Engine, count: usize, work: impl Fn(usize, &mut redstart::EmbeddedConnection) + Sync) {
    let barrier = std::sync::Barrier::new(count);
    std::thread::scope(|scope| {
        for index in 0..count {
            let (work, barrier) = (&work, &barrier);
            scope.spawn(move || {
                let mut connection = engine.connection();
                barrier.wait();
                work(index, &mut connection);
            });
        }
    });
}

/// Stores with several threads have lost increments; so did this one, when a refused lock gave back the holder's.
#[test]
fn no_increment_is_lost() {
    const EACH: i64 = if cfg!(debug_assertions) { 20_000 } else { 100_000 };
    for threads in [1, 4] {
        let engine = open(threads);
        together(&engine, 8, |_, connection| {
            let pipeline = b"*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n".repeat(8);
            for _ in 0..EACH / 16 {
                connection.run(&pipeline).expect("increments");
                for _ in 0..8 {
                    redis::cmd("INCR").arg("n").exec(connection).expect("an increment");
                }
            }
        });
        let total: i64 = engine.connection().get("n").expect("the sum");
        assert_eq!(total, 8 * EACH, "threads {threads}");
    }
}

/// A store whose keys have locks of their own must not show one half of an MSET.
#[test]
fn no_reader_sees_half_an_mset() {
    const EACH: i64 = if cfg!(debug_assertions) { 10_000 } else { 50_000 };
    for threads in [1, 4] {
        let engine = open(threads);
        together(&engine, 4, |index, connection| {
            for number in 0..EACH {
                if index % 2 == 0 {
                    let value = number * 2 + index as i64 / 2;
                    let pairs = [("left", value), ("right", value)];
                    redis::cmd("MSET").arg(&pairs).exec(connection).expect("written");
                } else {
                    let pair: (Option<i64>, Option<i64>) = connection.mget(&["left", "right"]).expect("read");
                    assert_eq!(pair.0, pair.1, "threads {threads}");
                }
            }
        });
    }
}

fn call(began: u64, ended: u64, operation: Operation, answer: Answer) -> Call<Keyspace> {
    Call { began, ended, after: None, operation, answer }
}

#[test]
fn the_checker_accepts_what_is_right() {
    use Operation::{Get, Incr, Rename, Set};
    let value = |value| Answer::Value(Some(value));
    // A read beside a write may see it or not; two increments give both numbers, in either order.
    for seen in [Answer::Value(None), value(7)] {
        assert!(whole(&[call(1, 4, Set(0, 7), Answer::Ok), call(2, 3, Get(0), seen)]));
    }
    assert!(whole(&[call(1, 4, Incr(0), Answer::Int(2)), call(2, 3, Incr(0), Answer::Int(1))]));
    assert!(whole(&[
        call(1, 2, Set(0, 7), Answer::Ok),
        call(3, 9, Rename(0, 1), Answer::Ok),
        call(4, 5, Get(0), value(7)),
        call(6, 7, Get(0), Answer::Value(None)),
        call(8, 10, Get(1), value(7)),
    ]));
}

#[test]
fn the_checker_refuses_what_is_wrong() {
    use Operation::{Exists, Get, Incr, Rename, Set};
    let value = |value| Answer::Value(Some(value));
    // A read after the write's end that does not see it.
    assert!(!whole(&[call(1, 2, Set(0, 7), Answer::Ok), call(3, 4, Get(0), Answer::Value(None))]));
    // A lost increment.
    assert!(!whole(&[call(1, 4, Incr(0), Answer::Int(1)), call(2, 3, Incr(0), Answer::Int(1))]));
    // One reader sees the new value, and a later one the old.
    assert!(!whole(&[
        call(1, 2, Set(0, 1), Answer::Ok),
        call(3, 9, Set(0, 2), Answer::Ok),
        call(4, 5, Get(0), value(2)),
        call(6, 7, Get(0), value(1)),
    ]));
    // A key seen under both names, or under none, while it is renamed.
    for seen in [0, 2] {
        assert!(!whole(&[
            call(1, 2, Set(0, 7), Answer::Ok),
            call(3, 6, Rename(0, 1), Answer::Ok),
            call(4, 5, Exists(vec![0, 1]), Answer::Int(seen)),
        ]));
    }
    // Two commands of one pipeline in the wrong order.
    let mut calls = vec![call(1, 3, Set(0, 7), Answer::Ok), call(1, 3, Get(0), Answer::Value(None))];
    assert!(whole(&calls));
    calls[1].after = Some(0);
    assert!(!whole(&calls) && !by_key(&calls));
}

/// One wrong answer put into a true history is found.
#[test]
fn the_checker_refuses_a_true_history_with_one_lie() {
    let engine = open(4);
    let mut refused = 0;
    for round in 0..20 {
        let mut calls = history(&engine, SMALL, seed() + round, on_one_key);
        let Some(read) = calls.iter_mut().find(|call| matches!(call.operation, Operation::Get(_))) else { continue };
        // Nobody ever wrote this.
        read.answer = Answer::Value(Some(-1));
        assert!(!whole(&calls) && !by_key(&calls));
        refused += 1;
    }
    assert!(refused > 10);
}
