//! Transactions among threads: nobody sees half of one, and WATCH loses no change.

use redis::Commands;
use redstart::{EmbeddedConnection, Engine};
use std::sync::atomic::{AtomicBool, Ordering};

const THREADS: usize = 4;
const ROUNDS: usize = if cfg!(debug_assertions) { 2_000 } else { 20_000 };

fn open() -> Engine {
    let loaded = Engine::load("threads 4\nsave \"\"\n").expect("a configuration");
    Engine::open(loaded).expect("an engine")
}

/// Runs `write` on some threads and `read` on another until the writers are through.
fn beside(
    engine: &Engine,
    write: impl Fn(&mut EmbeddedConnection, usize) + Sync,
    read: impl Fn(&mut EmbeddedConnection) + Sync,
) {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (1..THREADS)
            .map(|thread| {
                let write = &write;
                scope.spawn(move || {
                    let mut connection = engine.connection();
                    (0..ROUNDS).for_each(|round| write(&mut connection, round * THREADS + thread));
                })
            })
            .collect();
        scope.spawn(|| {
            let mut connection = engine.connection();
            while !done.load(Ordering::Relaxed) {
                read(&mut connection);
            }
        });
        let ended: Vec<_> = writers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        done.store(true, Ordering::Relaxed);
        assert!(ended.iter().all(Result::is_ok), "a writer failed");
    });
}

#[test]
fn pairs_are_never_torn() {
    let engine = open();
    beside(
        &engine,
        |connection, number| {
            redis::pipe().atomic().set("left", number).set("right", number).exec(connection).expect("it runs");
        },
        |connection| {
            let (left, right): (Option<usize>, Option<usize>) = connection.mget(&["left", "right"]).expect("both");
            assert_eq!(left, right);
            let mut both = redis::pipe();
            both.atomic().get("right").get("left");
            let (right, left): (Option<usize>, Option<usize>) = both.query(connection).expect("both");
            assert_eq!(left, right);
        },
    );
}

#[test]
fn one_that_needs_the_whole_keyspace_is_not_torn_either() {
    let engine = open();
    beside(
        &engine,
        |connection, number| {
            if number % 64 < THREADS {
                let mut all = redis::pipe();
                all.atomic().cmd("FLUSHALL").ignore().set("left", number).ignore().cmd("DBSIZE");
                all.set("right", number).ignore();
                let (size,): (usize,) = all.query(connection).expect("it runs");
                assert_eq!(size, 1);
            } else {
                redis::pipe().atomic().set("left", number).set("right", number).exec(connection).expect("it runs");
            }
        },
        |connection| {
            let (left, right): (Option<usize>, Option<usize>) = connection.mget(&["left", "right"]).expect("both");
            assert_eq!(left, right);
        },
    );
}

#[test]
fn watched_changes_are_not_lost() {
    let engine = open();
    let failures = AtomicBool::new(false);
    beside(
        &engine,
        |connection, _| {
            let mut tries = 0;
            let _: (i64,) = redis::transaction(connection, &["count"], |connection, pipeline| {
                tries += 1;
                let count: i64 = connection.get::<_, Option<i64>>("count")?.unwrap_or(0);
                if tries == 1 && count % 7 == 0 {
                    std::thread::yield_now();
                }
                pipeline.set("count", count + 1).ignore().incr("runs", 1).query(connection)
            })
            .expect("it runs in the end");
            failures.fetch_or(tries > 1, Ordering::Relaxed);
        },
        |connection| {
            let _: Option<i64> = connection.get("count").expect("a number");
        },
    );
    let mut connection = engine.connection();
    let (count, runs): (usize, usize) = connection.mget(&["count", "runs"]).expect("both");
    assert_eq!((count, runs), ((THREADS - 1) * ROUNDS, (THREADS - 1) * ROUNDS));
    assert!(failures.load(Ordering::Relaxed), "no transaction met another: nothing was tested");
    let clients: String = redis::cmd("INFO").arg("clients").query(&mut connection).expect("text");
    assert!(clients.contains("watching_clients:0") && clients.contains("total_watched_keys:0"), "{clients}");
}
