//! What is counted stays exact, however many threads come and end.

use redstart_sys::alloc::{Counting, size_class, used};
use std::alloc::System;
use std::cell::RefCell;
use std::sync::Mutex;
use std::thread;

#[global_allocator]
static ALLOCATOR: Counting<System> = Counting(System);

/// The tests count the same process.
static ALONE: Mutex<()> = Mutex::new(());

const THREADS: usize = 400;
/// Below what makes a thread add its count to the shared one.
const BLOCK: usize = 1000;

/// Runs `work` on threads that end, some at a time.
fn on_threads(work: impl Fn(usize) + Sync) {
    for first in (0..THREADS).step_by(8) {
        thread::scope(|scope| {
            let work = &work;
            let threads: Vec<_> = (first..first + 8).map(|number| scope.spawn(move || work(number))).collect();
            // The scope alone does not wait for the destructors of what is local to a thread.
            threads.into_iter().for_each(|thread| thread.join().expect("it ends"));
        });
    }
}

/// How much `work` leaves in use, beside what the harness does meanwhile: less than a block for each thread.
fn left_by(work: impl Fn()) -> isize {
    let before = used();
    work();
    used().cast_signed() - before.cast_signed()
}

const SLACK: isize = 16 * 1024;

#[test]
fn threads_that_end_leave_nothing() {
    let _alone = ALONE.lock().expect("no test failed before");
    on_threads(|_| drop(vec![0_u8; BLOCK]));
    let left = left_by(|| on_threads(|number| drop(vec![0_u8; BLOCK + number])));
    assert!(left.abs() < SLACK, "{left}");
}

#[test]
fn what_one_thread_took_and_another_gave_back_is_counted_once() {
    let _alone = ALONE.lock().expect("no test failed before");
    let kept = Mutex::new(Vec::with_capacity(THREADS));
    let left = left_by(|| on_threads(|_| kept.lock().expect("no thread failed").push(vec![0_u8; BLOCK])));
    let expected = (THREADS * size_class(BLOCK)).cast_signed();
    assert!((left - expected).abs() < SLACK, "{left} instead of {expected}");
    let left = left_by(|| on_threads(|_| drop(kept.lock().expect("no thread failed").pop())));
    assert!((left + expected).abs() < SLACK, "{left} instead of -{expected}");
}

/// Allocates once more when the thread's locals are destroyed.
struct Late(Vec<u8>);

impl Drop for Late {
    fn drop(&mut self) {
        self.0 = vec![0; 2 * BLOCK];
        drop(vec![0_u8; BLOCK]);
    }
}

thread_local! {
    static LATE: RefCell<Option<Late>> = const { RefCell::new(None) };
}

#[test]
fn what_destructors_of_a_thread_do_is_counted() {
    let _alone = ALONE.lock().expect("no test failed before");
    let work = |_| LATE.with(|late| *late.borrow_mut() = Some(Late(vec![0; BLOCK])));
    on_threads(work);
    let left = left_by(|| on_threads(work));
    assert!(left.abs() < SLACK, "{left}");
}

#[test]
fn detached_threads_leave_nothing() {
    let _alone = ALONE.lock().expect("no test failed before");
    // A detached thread's end is not waited for by a join: its count comes a moment later.
    let before = used();
    for _ in 0..THREADS {
        let thread = thread::spawn(|| drop(vec![0_u8; BLOCK]));
        while !thread.is_finished() {
            thread::yield_now();
        }
    }
    let settled = (0..500).any(|_| {
        thread::sleep(std::time::Duration::from_millis(10));
        (used().cast_signed() - before.cast_signed()).abs() < SLACK
    });
    assert!(settled, "{} more than {before}", used());
}
