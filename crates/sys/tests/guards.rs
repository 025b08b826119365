//! Every guard is forgotten once: what it had locked stays locked. Under Miri (`make miri`) this shows that safe code
//! cannot get two references to one value that way.

#![allow(clippy::mem_forget, reason = "a test of forgotten guards")]

use redstart_sys::lend::Lent;
use redstart_sys::slots::Slots;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn a_forgotten_slot_stays_locked() {
    for solo in [false, true] {
        let slots = Slots::new(4, 1, solo, || vec![0_u8; 3]);
        let share = slots.share();
        let pass = slots.enter(share);
        let mut guard = pass.lock(1);
        guard.push(7);
        std::mem::forget(guard);
        assert!(pass.try_lock(1).is_none());
        pass.lock(2).push(1);
        drop(pass);
        // A pass that is alone does not wait for the lock: a second guard would be a second reference, so it panics.
        let pass = slots.enter_exclusive();
        assert!(catch_unwind(AssertUnwindSafe(|| pass.lock(1).len())).is_err());
        assert_eq!(pass.lock(2).len(), 4);
        drop(pass);
        drop(slots);
    }
}

#[test]
fn a_forgotten_pass_keeps_its_place() {
    for solo in [false, true] {
        let slots = Slots::new(2, 2, solo, || String::from("x"));
        std::mem::forget(slots.enter(slots.share()));
        // A thread that enters exclusively waits for it, and may give up.
        assert!(slots.enter_exclusive_unless(|| true).is_none());
        assert_eq!(solo, slots.enter_unless(slots.share(), || true).is_none());
    }
    let slots = Slots::new(2, 2, false, || 1);
    std::mem::forget(slots.enter_exclusive());
    assert!(slots.enter_unless(slots.share(), || true).is_none());
}

thread_local! {
    static LENT: Lent<u32> = const { Lent::new() };
}

/// What is lent cannot be kept: the loan ends with the call, whatever was forgotten inside.
#[test]
fn a_loan_ends_with_its_call() {
    let sum = RefCell::new(0);
    let mut closure = |number: &mut u32| {
        std::mem::forget(sum.borrow());
        *number += 1;
    };
    let mut number = 4;
    LENT.with(|lent| lent.lend(&mut closure, || LENT.with(|lent| assert!(lent.ask(&mut number)))));
    assert!(LENT.with(|lent| !lent.ask(&mut number)));
    assert_eq!(number, 5);
}
