//! The id of a stream's entry: milliseconds of unix time, and a number within the millisecond.

/// The id of an entry. Ordered by time, then by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    /// Milliseconds of unix time.
    pub ms: u64,
    /// The number within the millisecond.
    pub seq: u64,
}

impl StreamId {
    /// `0-0`, which no entry has.
    pub const MIN: Self = Self { ms: 0, seq: 0 };
    /// The last there is.
    pub const MAX: Self = Self { ms: u64::MAX, seq: u64::MAX };

    /// An id of its parts.
    #[must_use]
    pub const fn new(ms: u64, seq: u64) -> Self {
        Self { ms, seq }
    }

    /// The id that follows.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        match self.seq.checked_add(1) {
            Some(seq) => Some(Self { seq, ..self }),
            None => Some(Self { ms: self.ms.checked_add(1)?, seq: 0 }),
        }
    }

    /// The id before.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        match self.seq.checked_sub(1) {
            Some(seq) => Some(Self { seq, ..self }),
            None => Some(Self { ms: self.ms.checked_sub(1)?, seq: u64::MAX }),
        }
    }

    /// The sixteen bytes, high ones first, by which Redis orders and stores ids.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 16] {
        (u128::from(self.ms) << 64 | u128::from(self.seq)).to_be_bytes()
    }

    /// The way back from [`StreamId::to_bytes`].
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let both = u128::from_be_bytes(bytes);
        Self { ms: (both >> 64) as u64, seq: both as u64 }
    }

    /// `ms-seq`.
    #[must_use]
    pub fn text(self) -> IdText {
        IdText::new(self)
    }
}

impl std::fmt::Display for StreamId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.ms, self.seq)
    }
}

/// Twice the digits of a `u64`, and the line between.
const MAX_TEXT: usize = 41;

/// An id as text, without a heap allocation.
#[derive(Clone, Copy)]
pub struct IdText {
    bytes: [u8; MAX_TEXT],
    len: u8,
}

impl IdText {
    #[inline]
    fn new(id: StreamId) -> Self {
        let mut text = Self { bytes: [0; MAX_TEXT], len: 0 };
        let mut digits = itoa::Buffer::new();
        text.push(digits.format(id.ms).as_bytes());
        text.push(b"-");
        text.push(digits.format(id.seq).as_bytes());
        text
    }

    #[inline]
    fn push(&mut self, part: &[u8]) {
        let at = usize::from(self.len);
        self.bytes[at..at + part.len()].copy_from_slice(part);
        self.len += part.len() as u8;
    }

    /// The text.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }
}

impl std::fmt::Debug for IdText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_at_the_edges() {
        let id = StreamId::new;
        assert_eq!(id(1, u64::MAX).next(), Some(id(2, 0)));
        assert_eq!(id(2, 0).previous(), Some(id(1, u64::MAX)));
        assert_eq!(StreamId::MAX.next(), None);
        assert_eq!(StreamId::MIN.previous(), None);
        assert_eq!(id(7, 8).next().and_then(StreamId::previous), Some(id(7, 8)));
    }

    #[test]
    fn text_and_bytes_keep_the_id() {
        for id in [StreamId::MIN, StreamId::MAX, StreamId::new(1_526_919_030_474, 55), StreamId::new(1, u64::MAX)] {
            assert_eq!(id.text().as_bytes(), id.to_string().as_bytes());
            assert_eq!(StreamId::from_bytes(id.to_bytes()), id);
        }
        assert!(StreamId::new(1, u64::MAX).to_bytes() < StreamId::new(2, 0).to_bytes());
    }
}
