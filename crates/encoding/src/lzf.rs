//! LZF: the compression of quicklist nodes, and of strings in RDB files and DUMP payloads. Source: the format's
//! description in liblzf; what is written here, any LZF reader understands, and the other way round.
//!
//! ```text
//!   000LLLLL  L+1 bytes                    L+1 literal bytes, 1 to 32
//!   LLLooooo  oooooooo                     L+2 bytes (L from 1 to 6) from o+1 bytes back, up to 8,192
//!   111ooooo  LLLLLLLL  oooooooo           L+9 bytes from o+1 bytes back
//! ```
//! Must not know what the bytes are.

/// A run of literals holds up to this many bytes.
const MOST_LITERALS: usize = 32;
/// A reference reaches up to this many bytes back,
const FARTHEST: usize = 1 << 13;
/// and copies at least and at most so many bytes.
const SHORTEST: usize = 3;
const LONGEST: usize = 264;
/// A reference of so many bytes has a byte of its own for its length.
const LONG: usize = 9;
/// Three bytes give at most `LONGEST`: no input becomes more than so many times longer.
const MOST_GROWTH: usize = LONGEST / 3;

/// Why bytes cannot be decompressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The input ends within a run or a reference.
    Truncated,
    /// A reference reaches back before the beginning.
    Reference,
    /// The output is not as long as was said.
    Length,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Truncated => "compressed data ends too early",
            Self::Reference => "compressed data refers to what is before its beginning",
            Self::Length => "compressed data has another length than was said",
        })
    }
}

impl std::error::Error for Error {}

/// Decompresses what must become exactly `length` bytes. Memory is taken only where the input can fill it.
///
/// # Errors
/// The input is no LZF, or does not become `length` bytes.
pub fn decompress(input: &[u8], length: usize) -> Result<Vec<u8>, Error> {
    if length > input.len().saturating_mul(MOST_GROWTH) {
        return Err(Error::Length);
    }
    let mut output = vec![0; length];
    decompress_into(input, &mut output)?;
    Ok(output)
}

/// Decompresses over all of `output`.
///
/// # Errors
/// The input is no LZF, or does not become as many bytes.
pub fn decompress_into(input: &[u8], output: &mut [u8]) -> Result<(), Error> {
    let (mut rest, mut at) = (input, 0);
    while let [control, tail @ ..] = rest {
        let control = usize::from(*control);
        if control < MOST_LITERALS {
            let (run, tail) = tail.split_at_checked(control + 1).ok_or(Error::Truncated)?;
            output.get_mut(at..at + run.len()).ok_or(Error::Length)?.copy_from_slice(run);
            at += run.len();
            rest = tail;
            continue;
        }
        let (length, low, tail) = match (control >> 5, tail) {
            (7, [more, low, tail @ ..]) => (usize::from(*more) + LONG, *low, tail),
            (short @ 1..7, [low, tail @ ..]) => (short + 2, *low, tail),
            _ => return Err(Error::Truncated),
        };
        let back = ((control & 31) << 8 | usize::from(low)) + 1;
        let from = at.checked_sub(back).ok_or(Error::Reference)?;
        repeat(output.get_mut(from..at + length).ok_or(Error::Length)?, back);
        at += length;
        rest = tail;
    }
    if at == output.len() { Ok(()) } else { Err(Error::Length) }
}

/// Fills `bytes` with repetitions of their first `period`.
fn repeat(bytes: &mut [u8], period: usize) {
    let mut known = period;
    while known < bytes.len() {
        let step = known.min(bytes.len() - known);
        bytes.copy_within(..step, known);
        known += step;
    }
}

/// Compresses; `None` where that takes more than `most` bytes.
#[must_use]
pub fn compress(input: &[u8], most: usize) -> Option<Vec<u8>> {
    // Most values are small, and then getting memory for the places would cost as much as looking.
    if input.len() < 1 << FEWEST_BITS {
        return compress_with(Seen::new(&mut [0; 1 << FEWEST_BITS]), input, most);
    }
    let bits = (usize::BITS - input.len().leading_zeros()).clamp(FEWEST_BITS, 16);
    compress_with(Seen::new(&mut vec![0; 1 << bits]), input, most)
}

fn compress_with(mut seen: Seen<'_>, input: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut writer = Writer { output: Vec::with_capacity(most.min(input.len())), most };
    let (mut at, mut literal_from) = (0, 0);
    while at + SHORTEST <= input.len() {
        let Some(from) = seen.swap(input, at) else {
            at += 1;
            continue;
        };
        let length = common(input, from, at);
        if length < SHORTEST || at - from > FARTHEST {
            at += 1;
            continue;
        }
        writer.literals(&input[literal_from..at])?;
        writer.reference(at - from, length)?;
        // The last places of what was copied are remembered too; all of them would cost more than they find.
        at += length;
        for place in at - 2..at {
            if place + SHORTEST <= input.len() {
                seen.swap(input, place);
            }
        }
        literal_from = at;
    }
    writer.literals(&input[literal_from..])?;
    Some(writer.output)
}

/// How many bytes from `at` on are as those from the earlier `from` on, up to the longest reference.
fn common(input: &[u8], from: usize, at: usize) -> usize {
    let (earlier, later) = (&input[from..], &input[at..]);
    earlier.iter().zip(later).take(LONGEST).take_while(|(one, other)| one == other).count()
}

/// Inputs are at least taken for so long: 2 to the power of this.
const FEWEST_BITS: u32 = 8;

/// Where each three bytes were last seen, by their hash. Places are kept plus one, so that 0 is nowhere.
struct Seen<'p> {
    places: &'p mut [u32],
    shift: u32,
}

impl<'p> Seen<'p> {
    /// With room for a power of two of places, all of them nowhere.
    fn new(places: &'p mut [u32]) -> Self {
        let shift = u32::BITS - places.len().trailing_zeros();
        Self { places, shift }
    }

    /// Remembers the three bytes at `at`, and gives the place where bytes of the same hash were before.
    fn swap(&mut self, input: &[u8], at: usize) -> Option<usize> {
        let bytes = u32::from_be_bytes([0, input[at], input[at + 1], input[at + 2]]);
        let slot = bytes.wrapping_mul(0x9E37_79B1) >> self.shift;
        // A place beyond 4 GiB is forgotten: it then merely is not found again.
        let place = u32::try_from(at + 1).unwrap_or(0);
        let before = std::mem::replace(&mut self.places[slot as usize], place);
        before.checked_sub(1).map(|place| place as usize)
    }
}

struct Writer {
    output: Vec<u8>,
    most: usize,
}

impl Writer {
    fn room(&self, bytes: usize) -> Option<()> {
        (self.output.len() + bytes <= self.most).then_some(())
    }

    fn literals(&mut self, bytes: &[u8]) -> Option<()> {
        for run in bytes.chunks(MOST_LITERALS) {
            self.room(1 + run.len())?;
            self.output.push((run.len() - 1) as u8);
            self.output.extend_from_slice(run);
        }
        Some(())
    }

    fn reference(&mut self, back: usize, length: usize) -> Option<()> {
        debug_assert!((1..=FARTHEST).contains(&back) && (SHORTEST..=LONGEST).contains(&length));
        self.room(if length < LONG { 2 } else { 3 })?;
        let [.., high, low] = (back - 1).to_be_bytes();
        if length < LONG {
            self.output.extend([((length - 2) << 5) as u8 | high, low]);
        } else {
            self.output.extend([7 << 5 | high, (length - LONG) as u8, low]);
        }
        Some(())
    }
}
