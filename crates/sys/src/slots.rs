//! An array of values, each behind its own lock, all behind one gate.
//!
//! ```text
//!   Slots ── gate ── enter ──> Pass (shared)    ── lock(i) ──> Guard: compare-and-swap on slot i
//!                └── enter_exclusive ──> Pass (alone) ── lock(i) ──> Guard: a plain store on slot i
//! ```
//! Invariant: a `&mut T` to slot `i` exists only inside a [`Guard`], and the slot's lock word is set for as long as it
//! lives, even if the pass is exclusive: a second guard for the same slot then panics instead of aliasing.

use crate::gate::{Exclusive, Gate, Share};
use crate::lock::SlotLock;
use crate::sync::{MutexGuard, unlock_fair};
use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// A slot fills whole cache lines of its own, to avoid false sharing.
#[repr(align(64))]
struct Slot<T> {
    lock: SlotLock,
    value: UnsafeCell<T>,
}

/// Values behind small locks, entered through a gate.
pub struct Slots<T> {
    gate: Gate,
    solo: bool,
    slots: Box<[Slot<T>]>,
}

// SAFETY: the values are reached only through `Guard`s, one at a time per slot (the lock word), so sharing the array
// between threads moves exclusive access to each `T` from thread to thread, which `T: Send` allows.
unsafe impl<T: Send> Sync for Slots<T> {}

impl<T> std::fmt::Debug for Slots<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slots").field("len", &self.slots.len()).field("solo", &self.solo).finish_non_exhaustive()
    }
}

impl<T> Slots<T> {
    /// `count` slots (a power of two) with values from `value`, for about `shares` threads. With `solo` every pass is
    /// exclusive: the right choice if one thread does nearly all the work, since slots then need no atomic operation.
    ///
    /// # Panics
    /// If `count` is not a power of two.
    pub fn new(count: usize, shares: usize, solo: bool, mut value: impl FnMut() -> T) -> Self {
        assert!(count.is_power_of_two(), "slots are addressed by the low bits of a hash");
        let slots = (0..count).map(|_| Slot { lock: SlotLock::new(), value: UnsafeCell::new(value()) }).collect();
        Self { gate: Gate::new(shares), solo, slots }
    }

    /// The number of slots.
    #[must_use]
    pub fn count(&self) -> usize {
        self.slots.len()
    }

    /// Assigns a share to a thread that enters often.
    pub fn share(&self) -> Share {
        self.gate.share()
    }

    /// Enters together with other threads (exclusively if created with `solo`).
    #[inline]
    pub fn enter(&self, share: Share) -> Pass<'_, T> {
        if self.solo {
            return Pass { slots: self, kind: Kind::Solo { _guard: self.gate.enter_solo() } };
        }
        self.gate.enter(share);
        Pass { slots: self, kind: Kind::Shared(share) }
    }

    /// Like [`Slots::enter`], but calls `give_up` now and then while an exclusive pass blocks it.
    #[inline]
    pub fn enter_unless(&self, share: Share, give_up: impl Fn() -> bool) -> Option<Pass<'_, T>> {
        let kind = if self.solo {
            Kind::Solo { _guard: self.gate.enter_solo_unless(give_up)? }
        } else if self.gate.enter_unless(share, give_up) {
            Kind::Shared(share)
        } else {
            return None;
        };
        Some(Pass { slots: self, kind })
    }

    /// Like [`Slots::enter_exclusive`], but calls `give_up` now and then.
    pub fn enter_exclusive_unless(&self, give_up: impl Fn() -> bool) -> Option<Pass<'_, T>> {
        let kind = if self.solo {
            Kind::Solo { _guard: self.gate.enter_solo_unless(give_up)? }
        } else {
            Kind::Exclusive { _guard: self.gate.enter_exclusive_unless(give_up)? }
        };
        Some(Pass { slots: self, kind })
    }

    /// A pass that grants no access, for callers that need one and touch no slot. Never waits.
    pub fn outside(&self) -> Pass<'_, T> {
        Pass { slots: self, kind: Kind::Outside }
    }

    /// Enters exclusively: no other pass exists until this one is dropped.
    pub fn enter_exclusive(&self) -> Pass<'_, T> {
        if self.solo {
            return Pass { slots: self, kind: Kind::Solo { _guard: self.gate.enter_solo() } };
        }
        Pass { slots: self, kind: Kind::Exclusive { _guard: self.gate.enter_exclusive() } }
    }

    /// Exclusive access, proved by the borrow checker.
    pub fn get_mut(&mut self, index: usize) -> &mut T {
        self.slots[index].value.get_mut()
    }
}

enum Kind<'a> {
    Shared(Share),
    Exclusive {
        _guard: Exclusive<'a>,
    },
    Solo {
        _guard: MutexGuard<'a>,
    },
    /// Not inside.
    Outside,
}

/// The right to lock slots.
pub struct Pass<'a, T> {
    slots: &'a Slots<T>,
    kind: Kind<'a>,
}

impl<T> std::fmt::Debug for Pass<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pass").field("alone", &self.alone()).finish_non_exhaustive()
    }
}

impl<T> Drop for Pass<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if let Kind::Shared(share) = self.kind {
            self.slots.gate.leave(share);
        }
    }
}

impl<'a, T> Pass<'a, T> {
    /// Whether no other pass exists.
    #[inline]
    #[must_use]
    pub fn alone(&self) -> bool {
        !matches!(self.kind, Kind::Shared(_) | Kind::Outside)
    }

    /// The number of slots.
    #[must_use]
    pub fn count(&self) -> usize {
        self.slots.slots.len()
    }

    /// Locks slot `index`, waiting for its holder.
    ///
    /// # Panics
    /// If `index` is out of range, the pass is exclusive and this thread already holds a guard of the slot, or the pass
    /// is one of [`Slots::outside`].
    #[inline]
    pub fn lock(&self, index: usize) -> Guard<'_, T> {
        let slot = &self.slots.slots[index];
        let alone = self.alone();
        if alone {
            assert!(slot.lock.lock_alone(), "slot {index} is locked twice by one thread");
        } else {
            assert!(!matches!(self.kind, Kind::Outside), "slot {index} is locked from outside");
            slot.lock.lock();
        }
        Guard { slot, alone, _not_send: PhantomData }
    }

    /// Locks slot `index` if it is free.
    ///
    /// # Panics
    /// If `index` is out of range.
    #[inline]
    pub fn try_lock(&self, index: usize) -> Option<Guard<'_, T>> {
        let slot = &self.slots.slots[index];
        let alone = self.alone();
        let taken = match self.kind {
            Kind::Outside => false,
            Kind::Shared(_) => slot.lock.try_lock(),
            Kind::Exclusive { .. } | Kind::Solo { .. } => slot.lock.lock_alone(),
        };
        // Created only if the lock was taken: dropping a guard releases the lock.
        taken.then(|| Guard { slot, alone, _not_send: PhantomData })
    }

    /// Makes several threads, including this one, process the values of all slots, each its own part.
    ///
    /// # Panics
    /// If this pass is not exclusive, or a guard of it exists; and if `look` panics.
    pub fn in_parts(&self, parts: usize, look: impl Fn(Part<'_, T>) + Sync)
    where
        T: Send,
    {
        assert!(self.alone(), "others could be at the same slots");
        // The lock words protect the slots meanwhile.
        let guards: Vec<Guard<'_, T>> = (0..self.count()).map(|index| self.lock(index)).collect();
        let slots = &self.slots.slots;
        let part =
            |index: usize| Part { slots: &slots[slots.len() * index / parts..slots.len() * (index + 1) / parts] };
        std::thread::scope(|scope| {
            let look = &look;
            for part in (1..parts).map(part) {
                let thread = std::thread::Builder::new().name("part".to_owned());
                // If no thread can be started, this thread processes that part too; it is the same memory.
                let again = Part { slots: part.slots };
                if thread.spawn_scoped(scope, move || look(part)).is_err() {
                    look(again);
                }
            }
            look(part(0));
        });
        drop(guards);
    }

    /// Leaves, for a caller that will enter again at once: a thread that waits for an exclusive pass gets it first.
    pub fn leave_fairly(mut self) {
        match std::mem::replace(&mut self.kind, Kind::Outside) {
            Kind::Shared(share) => self.slots.gate.leave(share),
            Kind::Solo { _guard: guard } => unlock_fair(guard),
            Kind::Exclusive { .. } | Kind::Outside => {}
        }
    }

    /// Prefetches the header of slot `index`.
    #[inline]
    pub fn prefetch(&self, index: usize) {
        crate::prefetch::read(std::ptr::from_ref(&self.slots.slots[index]));
    }
}

/// Exclusive access to a range of slots, for one of several threads.
pub struct Part<'p, T> {
    slots: &'p [Slot<T>],
}

// SAFETY: while it lives, a part is the only access to its slots (`Pass::in_parts` holds their lock words, and its
// parts are disjoint), so sending it sends exclusive access to each `T`, which `T: Send` allows.
unsafe impl<T: Send> Send for Part<'_, T> {}

impl<T> std::fmt::Debug for Part<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part").field("len", &self.slots.len()).finish()
    }
}

impl<T> Part<'_, T> {
    /// The values of the slots.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        // SAFETY: no other access to these slots exists (see above), and `&mut self` makes each the only reference of
        // the part.
        self.slots.iter().map(|slot| unsafe { &mut *slot.value.get() })
    }
}

/// Exclusive access to one slot; releases the lock when dropped.
pub struct Guard<'p, T> {
    slot: &'p Slot<T>,
    alone: bool,
    /// A guard must be dropped by the thread that took it.
    _not_send: PhantomData<*mut T>,
}

impl<T> Guard<'_, T> {
    /// Whether threads wait for the slot. A caller that will lock it again at once should give them time after this
    /// guard: a sleeping thread takes some tens of microseconds to wake up.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        !self.alone && self.slot.lock.is_contended()
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for Guard<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: this guard holds the slot's lock word (or set it under an exclusive pass), so no other reference to
        // the value exists.
        unsafe { &*self.slot.value.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`, and `&mut self` makes this the only reference handed out by the guard.
        unsafe { &mut *self.slot.value.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if self.alone {
            self.slot.lock.unlock_alone();
        } else {
            self.slot.lock.unlock();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_all_slots_once() {
        for (solo, parts) in [(false, 3), (true, 1), (false, 8)] {
            let slots = Slots::new(8, 2, solo, || 0);
            let pass = slots.enter_exclusive();
            pass.in_parts(parts, |mut part| part.iter_mut().for_each(|value| *value += 1));
            assert!((0..8).all(|index| *pass.lock(index) == 1), "{parts} parts");
        }
    }

    /// A refused `try_lock` once released the lock of the guard that blocked it.
    #[test]
    fn a_refused_lock_leaves_the_holder_alone() {
        for solo in [false, true] {
            let slots = Slots::new(2, 1, solo, || 0);
            let pass = slots.enter(slots.share());
            let mut held = pass.lock(1);
            assert!(pass.try_lock(1).is_none() && pass.try_lock(1).is_none());
            *held = 7;
            drop(held);
            assert_eq!(pass.try_lock(1).map(|guard| *guard), Some(7));
        }
    }
}
