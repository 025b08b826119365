//! How much a node may hold, as `list-max-listpack-size` says it.

/// Where nodes are limited by their number of elements, one of several elements has at most so many bytes.
const SAFE_BYTES: usize = 8192;
/// What an element takes beyond its own bytes, estimated.
const OVERHEAD: usize = 8;
/// The size classes of the negative settings, -1 first.
const SIZES: [usize; 5] = [4096, 8192, 16_384, 32_768, 65_536];

/// `list-max-listpack-size`: a positive number of elements, or a negative size class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill(i16);

impl Default for Fill {
    fn default() -> Self {
        Self(-2)
    }
}

impl Fill {
    /// As configured; what is beyond what can be told apart counts as the nearest that can.
    #[must_use]
    pub fn new(setting: i64) -> Self {
        Self(setting.clamp(-(SIZES.len() as i64), i64::from(i16::MAX)) as i16)
    }

    /// The setting, as it is kept.
    #[must_use]
    pub fn setting(self) -> i64 {
        i64::from(self.0)
    }

    /// The most bytes, and the most elements.
    fn most(self) -> (usize, usize) {
        match usize::try_from(self.0) {
            Ok(count) => (usize::MAX, count.max(1)),
            Err(_) => (SIZES[usize::from(self.0.unsigned_abs()) - 1], usize::MAX),
        }
    }

    /// Whether a listpack of so many bytes and elements is too large.
    #[inline]
    #[must_use]
    pub fn exceeded(self, bytes: usize, count: usize) -> bool {
        let (most_bytes, most_count) = self.most();
        bytes > most_bytes || (most_bytes == usize::MAX && bytes > SAFE_BYTES) || count > most_count
    }

    /// Whether a listpack of so many bytes and elements is at most half as large as it might be: a large list becomes
    /// small again only then, so that it does not go back and forth.
    #[must_use]
    pub fn is_half(self, bytes: usize, count: usize) -> bool {
        let (most_bytes, most_count) = self.most();
        bytes <= most_bytes / 2 && count <= most_count / 2
    }

    /// An element longer than this has a node of its own.
    fn largest(self) -> usize {
        if self.0 < 0 { self.most().0 } else { SAFE_BYTES }
    }
}

/// How the nodes of one list are limited.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Limits {
    pub(super) fill: Fill,
    /// Elements of so many bytes or more have a node of their own, whatever `fill` says; 0 for what it says.
    pub(super) large: u32,
}

impl Limits {
    /// Whether an element of so many bytes has a node of its own.
    #[inline]
    pub(super) fn is_large(self, length: usize) -> bool {
        if self.large != 0 { length >= self.large as usize } else { length > self.fill.largest() }
    }

    /// Whether an element of `length` bytes may be added to a listpack of `bytes` and `count`.
    #[inline]
    pub(super) fn allow_insert(self, bytes: usize, count: usize, length: usize) -> bool {
        !self.fill.exceeded(bytes + length + OVERHEAD, count + 1)
    }
}
