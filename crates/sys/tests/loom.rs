//! Models of the slot locks and the gate: every interleaving of a few threads, by loom.
//!
//! Run with `RUSTFLAGS="--cfg loom" cargo test -p redstart-sys --test loom --release`.
#![cfg(loom)]

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;
use redstart_sys::{Gate, SlotLock};

/// A value that loom watches: reading or writing it while another thread writes fails the model.
struct Watched(UnsafeCell<usize>);

// SAFETY: loom's cell reports every unsynchronised access, which is what the models look for.
unsafe impl Sync for Watched {}
// SAFETY: as above.
unsafe impl Send for Watched {}

impl Watched {
    fn new() -> Self {
        Self(UnsafeCell::new(0))
    }

    fn add(&self) {
        // SAFETY: loom checks that no other access is under way.
        self.0.with_mut(|value| unsafe { *value += 1 });
    }

    fn get(&self) -> usize {
        // SAFETY: as above.
        self.0.with(|value| unsafe { *value })
    }
}

#[test]
fn a_slot_lock_lets_one_thread_in() {
    loom::model(|| {
        let shared = Arc::new((SlotLock::new(), Watched::new()));
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    shared.0.lock();
                    shared.1.add();
                    shared.0.unlock();
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        shared.0.lock();
        assert_eq!(shared.1.get(), 2);
        shared.0.unlock();
    });
}

#[test]
fn try_lock_never_enters_a_held_lock() {
    loom::model(|| {
        let shared = Arc::new((SlotLock::new(), Watched::new()));
        let other = {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                if shared.0.try_lock() {
                    shared.1.add();
                    shared.0.unlock();
                }
            })
        };
        shared.0.lock();
        shared.1.add();
        shared.0.unlock();
        other.join().unwrap();
    });
}

#[test]
fn the_exclusive_side_of_the_gate_is_alone() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let shared = Arc::new((Gate::new(2), Watched::new(), AtomicUsize::new(0)));
        let reader = {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let share = shared.0.share();
                shared.0.enter(share);
                // Readers only read: an overlap with the exclusive writer fails the model.
                let _ = shared.1.get();
                shared.2.fetch_add(1, Ordering::Relaxed);
                shared.0.leave(share);
            })
        };
        let exclusive = shared.0.enter_exclusive();
        shared.1.add();
        drop(exclusive);
        reader.join().unwrap();
        assert_eq!(shared.2.load(Ordering::Relaxed), 1);
    });
}

#[test]
fn slot_locks_under_the_gate_and_an_exclusive_command() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| {
        let shared = Arc::new((Gate::new(2), [SlotLock::new(), SlotLock::new()], [Watched::new(), Watched::new()]));
        let worker = {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let share = shared.0.share();
                shared.0.enter(share);
                // A command with two keys takes its slots in ascending order.
                shared.1[0].lock();
                shared.1[1].lock();
                shared.2[0].add();
                shared.2[1].add();
                shared.1[1].unlock();
                shared.1[0].unlock();
                shared.0.leave(share);
            })
        };
        let exclusive = shared.0.enter_exclusive();
        // Alone, no lock is needed, and both slots agree: no command is seen half done.
        assert_eq!(shared.2[0].get(), shared.2[1].get());
        drop(exclusive);
        worker.join().unwrap();
    });
}
