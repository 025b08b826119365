//! A large list.

/// A large list.
#[derive(Debug, Default)]
pub struct QuickList {}

impl QuickList {
    /// A copy of all of it.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self {}
    }

    /// How many elements it has.
    #[must_use]
    pub fn len(&self) -> usize {
        0
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that it takes on the heap.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        0
    }
}
