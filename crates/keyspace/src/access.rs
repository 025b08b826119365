//! The slots of one command, locked together.

use crate::database::Pass;
use crate::key::slot_of;
use crate::slot::Slot;
use redstart_sys::slots::Guard;
use smallvec::SmallVec;

/// The slots that a command holds. A constructor locks all of them, in ascending order. A command without keys (SCAN,
/// RANDOMKEY) locks one at a time through [`Access::visit`].
#[derive(Debug)]
pub struct Access<'p> {
    pass: &'p Pass<'p>,
    held: Held<'p>,
}

#[derive(Debug)]
enum Held<'p> {
    One(usize, Guard<'p, Slot>),
    /// On the heap, so that the common command with one key moves few bytes.
    Many(Vec<(usize, Guard<'p, Slot>)>),
}

impl<'p> Access<'p> {
    /// Holds no slot.
    #[must_use]
    pub fn none(pass: &'p Pass<'p>) -> Self {
        Self { pass, held: Held::Many(Vec::new()) }
    }

    /// Holds the slot of one hash.
    #[inline]
    #[must_use]
    pub fn one(pass: &'p Pass<'p>, hash: u64) -> Self {
        let slot = slot_of(hash, pass.count());
        Self { pass, held: Held::One(slot, pass.lock(slot)) }
    }

    /// Holds the slots of several hashes.
    #[must_use]
    pub fn many(pass: &'p Pass<'p>, hashes: impl Iterator<Item = u64>) -> Self {
        let mut slots: SmallVec<[usize; 16]> = hashes.map(|hash| slot_of(hash, pass.count())).collect();
        slots.sort_unstable();
        slots.dedup();
        Self { pass, held: Held::Many(slots.into_iter().map(|slot| (slot, pass.lock(slot))).collect()) }
    }

    /// Whether the pass is exclusive.
    #[must_use]
    pub fn alone(&self) -> bool {
        self.pass.alone()
    }

    /// The pass that the slots are held under.
    #[must_use]
    pub fn pass(&self) -> &'p Pass<'p> {
        self.pass
    }

    /// The number of slots in the keyspace.
    #[must_use]
    pub fn slot_count(&self) -> usize {
        self.pass.count()
    }

    /// The held slot of a hash.
    ///
    /// # Panics
    /// If the slot is not held and the pass is not exclusive: the command's key specs do not name this key.
    #[inline]
    pub fn slot(&mut self, hash: u64) -> &mut Slot {
        let wanted = slot_of(hash, self.pass.count());
        if !matches!(&self.held, Held::One(slot, _) if *slot == wanted) {
            return self.slot_of_many(wanted);
        }
        let Held::One(_, guard) = &mut self.held else { unreachable!("matched just above") };
        guard
    }

    /// The held slot of a hash, for reading while other slots are in use.
    ///
    /// # Panics
    /// If the slot is not held: [`Access::slot`] was not called for it, and the key specs do not name this key.
    #[must_use]
    pub fn held(&self, hash: u64) -> &Slot {
        let wanted = slot_of(hash, self.pass.count());
        match &self.held {
            Held::One(slot, guard) if *slot == wanted => guard,
            Held::Many(held) => {
                let at = held.binary_search_by_key(&wanted, |(slot, _)| *slot);
                &held[at.expect("the slots of all keys are taken before the handler runs")].1
            }
            Held::One(..) => panic!("slot {wanted} is not held"),
        }
    }

    #[inline(never)]
    fn slot_of_many(&mut self, wanted: usize) -> &mut Slot {
        if let Held::One(..) = self.held {
            let Held::One(slot, guard) = std::mem::replace(&mut self.held, Held::Many(Vec::new())) else {
                unreachable!("matched just above")
            };
            self.held = Held::Many(vec![(slot, guard)]);
        }
        let Held::Many(held) = &mut self.held else { unreachable!("made so just above") };
        let at = match held.binary_search_by_key(&wanted, |(slot, _)| *slot) {
            Ok(at) => at,
            Err(at) => {
                assert!(self.pass.alone(), "slot {wanted} is not held: a key that the command's key specs do not name");
                held.insert(at, (wanted, self.pass.lock(wanted)));
                at
            }
        };
        &mut held[at].1
    }

    /// Whether the slot of a hash is held, or needs no lock because the pass is exclusive.
    #[inline]
    #[must_use]
    pub fn reaches(&self, hash: u64) -> bool {
        self.pass.alone() || self.holds(slot_of(hash, self.pass.count()))
    }

    fn holds(&self, wanted: usize) -> bool {
        match &self.held {
            Held::One(slot, _) => *slot == wanted,
            Held::Many(held) => held.binary_search_by_key(&wanted, |(slot, _)| *slot).is_ok(),
        }
    }

    /// Locks the slot of a hash in addition to the held ones, if it is free. This ignores the lock order, so a caller
    /// that fails must not wait for the slot without a limit.
    pub fn try_take(&mut self, hash: u64) -> bool {
        let wanted = slot_of(hash, self.pass.count());
        if self.holds(wanted) {
            return true;
        }
        let Some(guard) = self.pass.try_lock(wanted) else { return false };
        let mut held = match std::mem::replace(&mut self.held, Held::Many(Vec::new())) {
            Held::One(slot, guard) => vec![(slot, guard)],
            Held::Many(held) => held,
        };
        let at = held.partition_point(|(slot, _)| *slot < wanted);
        held.insert(at, (wanted, guard));
        self.held = Held::Many(held);
        true
    }

    /// Visits the slot with this number: directly if it is held, otherwise locked for the duration of the visit.
    ///
    /// # Panics
    /// If other slots are held and the pass is not exclusive: that could deadlock.
    pub fn visit<R>(&mut self, slot: usize, look: impl FnOnce(&mut Slot) -> R) -> R {
        match &mut self.held {
            Held::One(held, guard) if *held == slot => return look(guard),
            Held::Many(held) => {
                if let Ok(at) = held.binary_search_by_key(&slot, |(number, _)| *number) {
                    return look(&mut held[at].1);
                }
                assert!(held.is_empty() || self.pass.alone(), "a slot is taken while another is held");
            }
            Held::One(..) => assert!(self.pass.alone(), "a slot is taken while another is held"),
        }
        look(&mut self.pass.lock(slot))
    }
}
