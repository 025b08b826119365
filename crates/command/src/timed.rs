//! Collections that lost a part in a look-up because the part's time was up. The look-up borrows the context, so it
//! notes the key here; the command announces it when its handler returns, while the slots are still held.

use crate::shared::Shared;
use std::cell::{Cell, RefCell};

thread_local! {
    /// Whether there are any: looked at after each command.
    static ANY: Cell<bool> = const { Cell::new(false) };
    static CHANGED: RefCell<Vec<(usize, Vec<u8>)>> = const { RefCell::new(Vec::new()) };
}

/// Notes a collection that lost parts, for the clients that watch or track it.
pub fn note(shared: &Shared, database: usize, key: &[u8]) {
    if !shared.is_heard() {
        return;
    }
    ANY.set(true);
    CHANGED.with_borrow_mut(|changed| {
        if !changed.iter().any(|(other, bytes)| *other == database && bytes == key) {
            changed.push((database, key.to_vec()));
        }
    });
}

/// Whether the running command noted one.
#[inline]
pub(crate) fn any() -> bool {
    ANY.get()
}

/// Takes what the running command noted.
pub(crate) fn take() -> Vec<(usize, Vec<u8>)> {
    ANY.set(false);
    CHANGED.take()
}
