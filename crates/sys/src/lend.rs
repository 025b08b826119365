//! Lends a closure to code further down the same thread's stack, past an interpreter that can only carry values without
//! lifetimes.
//!
//! ```text
//!   lend(closure) ── run() ──> interpreter ──> callback ── ask(request) ──> closure(request)
//! ```
//! Invariant: the pointer is in the cell only while [`Lent::lend`] is on the stack, which holds the closure's exclusive
//! borrow. [`Lent::ask`] takes it out while the closure runs, so the closure is never entered twice.

use std::cell::Cell;
use std::ptr::NonNull;

type Lender<A> = NonNull<dyn FnMut(&mut A)>;

/// Lends a reference to code without lifetimes, for the duration of a call. Kept in a thread-local.
pub struct Lent<A: 'static> {
    current: Cell<Option<Lender<A>>>,
}

impl<A: 'static> std::fmt::Debug for Lent<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lent").field("lent", &self.current.get().is_some()).finish()
    }
}

impl<A: 'static> Default for Lent<A> {
    fn default() -> Self {
        Self::new()
    }
}

/// Restores the content of the cell, even if the borrower panics.
struct Restore<'a, A: 'static> {
    lent: &'a Lent<A>,
    before: Option<Lender<A>>,
}

impl<A: 'static> Drop for Restore<'_, A> {
    fn drop(&mut self) {
        self.lent.current.set(self.before);
    }
}

impl<A: 'static> Lent<A> {
    /// Nothing is lent.
    #[must_use]
    pub const fn new() -> Self {
        Self { current: Cell::new(None) }
    }

    /// Lends `closure` to everything that `run` calls on this thread.
    pub fn lend<R>(&self, closure: &mut dyn FnMut(&mut A), run: impl FnOnce() -> R) -> R {
        let pointer: NonNull<dyn FnMut(&mut A) + '_> = NonNull::from(closure);
        // SAFETY: only the lifetime changes. The pointer leaves the cell before this function returns (`Restore`), so
        // it is not followed once the borrow that it represents has ended.
        let pointer = unsafe { std::mem::transmute::<NonNull<dyn FnMut(&mut A) + '_>, Lender<A>>(pointer) };
        let _restore = Restore { lent: self, before: self.current.replace(Some(pointer)) };
        run()
    }

    /// Runs the lent closure; returns false if there is none, or if it is already running.
    pub fn ask(&self, request: &mut A) -> bool {
        let Some(mut pointer) = self.current.take() else { return false };
        let _restore = Restore { lent: self, before: Some(pointer) };
        // SAFETY: `lend` is on this thread's stack and holds the closure's exclusive borrow; the pointer was taken out
        // of the cell, so this is its only use until `Restore` puts it back.
        (unsafe { pointer.as_mut() })(request);
        true
    }

    /// Whether a closure is lent and not running.
    #[must_use]
    pub fn is_lent(&self) -> bool {
        self.current.get().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    thread_local! {
        static LENT: Lent<u32> = const { Lent::new() };
    }

    fn ask(mut number: u32) -> Option<u32> {
        LENT.with(|lent| lent.ask(&mut number)).then_some(number)
    }

    #[test]
    fn a_closure_is_lent_for_the_run_alone_and_never_entered_twice() {
        let mut seen = Vec::new();
        let mut closure = |number: &mut u32| {
            seen.push(*number);
            assert_eq!(ask(9), None);
            *number += 1;
        };
        assert_eq!(ask(1), None);
        let inside = LENT.with(|lent| lent.lend(&mut closure, || (ask(2), ask(3))));
        assert_eq!(inside, (Some(3), Some(4)));
        assert_eq!((ask(4), seen), (None, vec![2, 3]));
    }

    #[test]
    fn a_panic_ends_the_loan() {
        let mut closure = |_: &mut u32| panic!("as the test wants");
        let run = std::panic::AssertUnwindSafe(|| LENT.with(|lent| lent.lend(&mut closure, || ask(1))));
        assert!(std::panic::catch_unwind(run).is_err());
        assert_eq!(ask(1), None);
    }
}
