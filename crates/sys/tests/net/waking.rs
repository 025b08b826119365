//! Wake-ups from other threads, and time-outs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use redstart_sys::net::{Backend, Driver, Event, Options, Waker};

use crate::harness::{LIMIT, driver, event, event_within, on_both_backends};

on_both_backends!(
    no_wake_up_is_lost,
    a_storm_of_wake_ups_is_seen_to_the_end,
    a_wake_up_before_the_wait_counts,
    time_outs_end_the_wait,
);

fn expect_woken(driver: &mut Driver) {
    assert!(matches!(event(driver), Event::Woken));
}

/// Strict alternation: a single lost wake-up would block it until the time limit.
fn no_wake_up_is_lost(backend: Backend) {
    const ROUNDS: u64 = 20_000;
    let Some(mut driver) = driver(backend, Options::default()) else { return };
    let (waker, word) = (driver.waker(), Arc::new(AtomicU64::new(0)));
    let (to_peer, from_driver) = mpsc::channel();
    let shared = Arc::clone(&word);
    let peer = thread::spawn(move || {
        for round in 1..=ROUNDS {
            shared.store(round, Ordering::Relaxed);
            waker.wake();
            assert_eq!(from_driver.recv_timeout(LIMIT), Ok(round));
        }
    });
    for round in 1..=ROUNDS {
        expect_woken(&mut driver);
        assert_eq!(word.load(Ordering::Relaxed), round, "the wake-up carries what was written before it");
        to_peer.send(round).unwrap();
    }
    peer.join().unwrap();
}

fn a_storm_of_wake_ups_is_seen_to_the_end(backend: Backend) {
    const THREADS: u64 = 4;
    const EACH: u64 = 50_000;
    let Some(mut driver) = driver(backend, Options::default()) else { return };
    let count = Arc::new(AtomicU64::new(0));
    let strike = |waker: Waker, count: Arc<AtomicU64>| {
        move || {
            for _ in 0..EACH {
                count.fetch_add(1, Ordering::Relaxed);
                waker.wake();
            }
        }
    };
    let strikers: Vec<_> = (0..THREADS).map(|_| thread::spawn(strike(driver.waker(), Arc::clone(&count)))).collect();
    let mut seen = 0;
    while seen < THREADS * EACH {
        expect_woken(&mut driver);
        seen = count.load(Ordering::Relaxed);
    }
    strikers.into_iter().for_each(|striker| striker.join().unwrap());
    while let Some(event) = event_within(&mut driver, Duration::from_millis(20)) {
        assert!(matches!(event, Event::Woken));
    }
}

fn a_wake_up_before_the_wait_counts(backend: Backend) {
    let Some(mut driver) = driver(backend, Options::default()) else { return };
    let waker = driver.waker();
    (0..100).for_each(|_| waker.wake());
    driver.wait(None).unwrap();
    assert!(matches!(driver.next_event(), Some(Event::Woken)));
    assert!(driver.next_event().is_none(), "repeated wake-ups are one");
    assert!(event_within(&mut driver, Duration::from_millis(20)).is_none());
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(20));
            waker.wake();
        });
        expect_woken(&mut driver);
    });
}

fn time_outs_end_the_wait(backend: Backend) {
    let Some(mut driver) = driver(backend, Options::default()) else { return };
    driver.wait(Some(Duration::ZERO)).unwrap();
    let start = Instant::now();
    assert!(event_within(&mut driver, Duration::from_millis(30)).is_none());
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(30) && took < LIMIT, "{took:?}");
}
