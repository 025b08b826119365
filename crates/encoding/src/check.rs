//! What the `check` of each container returns: the invariant that does not hold, and where.
//!
//! A `check` walks over the whole container: it costs O(n) or O(n log n). No command calls it; model tests and fuzz targets
//! do, after the operations that they make. It compares a length or an offset before it relies on it. Where it uses the
//! container's own readers, those may still panic on a container that is broken badly enough.

use std::fmt;

/// The containers that have a `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Container {
    /// The slots of all databases.
    Keyspace,
    /// [`crate::Table`].
    Table,
    /// [`crate::Entry`].
    Entry,
    /// [`crate::Field`].
    Field,
    /// [`crate::listpack::Pack`].
    Listpack,
    /// [`crate::IntSet`].
    IntSet,
    /// [`crate::QuickList`].
    QuickList,
    /// [`crate::SortedSet`].
    SortedSet,
    /// [`crate::Stream`].
    Stream,
    /// [`crate::Array`].
    Array,
    /// [`crate::hyperloglog`].
    HyperLogLog,
}

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Broken {
    /// The container that has the invariant.
    pub container: Container,
    /// The invariant, as it should be.
    pub invariant: &'static str,
    /// What the container says and what was counted, where the invariant is an equality of numbers.
    pub numbers: Option<(u64, u64)>,
    /// Where it does not hold: parts and their numbers, the outermost first.
    pub path: Vec<(&'static str, u64)>,
    /// The key, where the container is the value of one.
    pub key: Option<Box<[u8]>>,
}

impl Broken {
    /// An invariant of a container that does not hold.
    #[must_use]
    pub fn new(container: Container, invariant: &'static str) -> Self {
        Self { container, invariant, numbers: None, path: Vec::new(), key: None }
    }

    /// Says whose value it is, where that is not said yet.
    #[must_use]
    pub fn of_key(mut self, key: &[u8]) -> Self {
        self.key.get_or_insert_with(|| key.into());
        self
    }

    /// Adds the part around what the path names so far.
    #[must_use]
    pub fn within(mut self, part: &'static str, number: impl TryInto<u64>) -> Self {
        self.path.insert(0, (part, number.try_into().unwrap_or(u64::MAX)));
        self
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: not so: {}", self.container, self.invariant)?;
        if let Some((stated, counted)) = self.numbers {
            write!(f, " ({stated}, but {counted} were counted)")?;
        }
        for (part, number) in &self.path {
            write!(f, ", {part} {number}")?;
        }
        match &self.key {
            Some(key) => write!(f, ", key '{}'", key.escape_ascii()),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Broken {}

/// Adds to a result where it was found.
pub trait Within: Sized {
    /// As [`Broken::within`], where there is an error.
    ///
    /// # Errors
    /// The same as before.
    fn within(self, part: &'static str, number: impl TryInto<u64>) -> Self;
}

impl<T> Within for Result<T, Broken> {
    fn within(self, part: &'static str, number: impl TryInto<u64>) -> Self {
        self.map_err(|broken| broken.within(part, number))
    }
}

/// The invariants of one container, stated one by one.
#[derive(Clone, Copy, Debug)]
pub struct Rules(pub Container);

impl Rules {
    /// States an invariant.
    ///
    /// # Errors
    /// It does not hold.
    pub fn hold(self, invariant: &'static str, holds: bool) -> Result<(), Broken> {
        if holds { Ok(()) } else { Err(Broken::new(self.0, invariant)) }
    }

    /// States that a number that is kept is the one that is counted.
    ///
    /// # Errors
    /// It is another.
    pub fn count<N: TryInto<u64>>(self, invariant: &'static str, stated: N, counted: N) -> Result<(), Broken> {
        let numbers = [stated, counted].map(|number| number.try_into().unwrap_or(u64::MAX));
        if numbers[0] == numbers[1] {
            return Ok(());
        }
        Err(Broken { numbers: Some(numbers.into()), ..Broken::new(self.0, invariant) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_invariant_and_the_place() {
        let rules = Rules(Container::QuickList);
        assert_eq!(rules.hold("it holds", true).within("node", 3_u64), Ok(()));
        let broken = rules.count("a count is true", 3_usize, 2).within("node", 3_usize).within("chunk", 1_u32);
        let mut broken = broken.unwrap_err();
        broken.key = Some(b"a\n".as_slice().into());
        let text = "QuickList: not so: a count is true (3, but 2 were counted), chunk 1, node 3, key 'a\\n'";
        assert_eq!(broken.to_string(), text);
    }
}
