//! The arguments of one command, in place in the parser's buffers.

use std::ops::Index;

/// Marks a span whose bytes are in a separate buffer.
const LARGE: u32 = u32::MAX;

/// The position of one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    start: u32,
    len: u32,
}

impl Span {
    /// A span of a buffer.
    ///
    /// # Panics
    /// If the buffer is 4 GiB or more: the query buffer's steps limit buffers to far less.
    #[inline]
    #[must_use]
    pub fn new(start: usize, len: usize) -> Self {
        debug_assert!(start + len < LARGE as usize);
        Self { start: start as u32, len: len as u32 }
    }

    /// The `index`-th large argument of a command.
    #[must_use]
    pub(crate) fn large(index: usize) -> Self {
        Self { start: LARGE, len: index as u32 }
    }

    /// The range in the buffer; `None` for a large argument.
    pub(crate) fn range(self) -> Option<std::ops::Range<usize>> {
        (self.start != LARGE).then(|| self.start as usize..self.start as usize + self.len as usize)
    }
}

/// The arguments of one command, the command's name first.
#[derive(Debug)]
pub struct Args<'a> {
    buffer: &'a [u8],
    spans: &'a [Span],
    large: &'a mut [Vec<u8>],
}

impl<'a> Args<'a> {
    /// Arguments in `buffer`, with those that have a separate buffer in `large`.
    #[inline]
    #[must_use]
    pub fn new(buffer: &'a [u8], spans: &'a [Span], large: &'a mut [Vec<u8>]) -> Self {
        Self { buffer, spans, large }
    }

    /// The number of arguments, including the name.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Never true for a parsed command.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The argument at `index`, if it exists.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&[u8]> {
        (index < self.len()).then(|| &self[index])
    }

    /// All arguments from `from` on.
    pub fn iter_from(&self, from: usize) -> impl ExactSizeIterator<Item = &[u8]> + Clone + '_ {
        (from.min(self.len())..self.len()).map(move |index| &self[index])
    }

    /// Takes ownership of the buffer of a large argument, leaving it empty. `None` for ordinary small arguments, which
    /// must be copied.
    pub fn take_large(&mut self, index: usize) -> Option<Vec<u8>> {
        let span = *self.spans.get(index)?;
        (span.start == LARGE).then(|| std::mem::take(&mut self.large[span.len as usize]))
    }

    /// Whether any argument has a separate buffer, so that a handler could take ownership of it.
    #[inline]
    #[must_use]
    pub fn any_large(&self) -> bool {
        !self.large.is_empty()
    }

    /// Whether the command takes at least this many bytes on the wire, as RESP. Counts exactly only if that is
    /// possible.
    #[inline]
    #[must_use]
    pub fn wire_reaches(&self, bytes: usize) -> bool {
        /// The most bytes around an argument.
        const AROUND: usize = 32;
        let most = self.buffer.len() + (self.len() + 1) * AROUND;
        (most >= bytes || !self.large.is_empty()) && self.wire_len() >= bytes
    }

    /// The bytes of the command on the wire, as RESP.
    #[must_use]
    pub fn wire_len(&self) -> usize {
        let digits = |number: usize| number.checked_ilog10().unwrap_or(0) as usize + 1;
        // A mark, the number, and a line end; for arguments also the bytes and another line end.
        let arguments = self.iter_from(0).map(|argument| digits(argument.len()) + argument.len() + 5);
        digits(self.len()) + 3 + arguments.sum::<usize>()
    }

    /// The arguments from `count` on, as a command of their own.
    ///
    /// # Panics
    /// If there are fewer arguments.
    #[must_use]
    pub fn skip(&mut self, count: usize) -> Args<'_> {
        Args { buffer: self.buffer, spans: &self.spans[count..], large: self.large }
    }

    /// The arguments as vectors, to be kept.
    #[must_use]
    pub fn to_vecs(&self) -> Vec<Vec<u8>> {
        self.iter_from(0).map(<[u8]>::to_vec).collect()
    }
}

/// Arguments that are kept, in one buffer.
#[derive(Clone, Debug, Default)]
pub struct OwnedArgs {
    buffer: Vec<u8>,
    spans: Vec<Span>,
}

impl OwnedArgs {
    /// Copies arguments.
    ///
    /// # Panics
    /// If their total is 4 GiB or more.
    pub fn new<'a>(arguments: impl Iterator<Item = &'a [u8]> + Clone) -> Self {
        let (count, bytes) = arguments.clone().fold((0, 0), |(count, bytes), one| (count + 1, bytes + one.len()));
        let mut owned = Self { buffer: Vec::with_capacity(bytes), spans: Vec::with_capacity(count) };
        for argument in arguments {
            owned.spans.push(Span::new(owned.buffer.len(), argument.len()));
            owned.buffer.extend_from_slice(argument);
        }
        owned
    }

    /// Removes all arguments, keeping the memory unless it exceeds `most` bytes.
    pub fn clear(&mut self, most: usize) {
        self.buffer.clear();
        self.buffer.shrink_to(most);
        self.spans.clear();
    }

    /// Appends an argument; returns false if the total would be 4 GiB or more.
    #[must_use]
    pub fn try_push(&mut self, argument: &[u8]) -> bool {
        if self.buffer.len() + argument.len() >= LARGE as usize {
            return false;
        }
        self.spans.push(Span::new(self.buffer.len(), argument.len()));
        self.buffer.extend_from_slice(argument);
        true
    }

    /// The number of arguments.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are no arguments.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// A range of the arguments, as a command: several commands may be kept one after the other.
    ///
    /// # Panics
    /// If the range is out of bounds.
    #[must_use]
    pub fn part(&self, part: std::ops::Range<usize>) -> Args<'_> {
        Args::new(&self.buffer, &self.spans[part], &mut [])
    }

    /// Bytes of the arguments.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.buffer.len()
    }

    /// The arguments, to run the command.
    #[must_use]
    pub fn args(&self) -> Args<'_> {
        Args::new(&self.buffer, &self.spans, &mut [])
    }

    /// The memory that they take, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.buffer.capacity() + self.spans.capacity() * size_of::<Span>()
    }
}

impl Index<usize> for Args<'_> {
    type Output = [u8];

    #[inline]
    fn index(&self, index: usize) -> &[u8] {
        let span = self.spans[index];
        if span.start == LARGE {
            return &self.large[span.len as usize];
        }
        &self.buffer[span.start as usize..span.start as usize + span.len as usize]
    }
}
