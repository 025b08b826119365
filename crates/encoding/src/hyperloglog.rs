//! HyperLogLog: an estimate of how many different elements were added, in at most 12 KiB, with a standard error of
//! 0.81 %. The bytes are those of Redis's strings, so that either server can go on with the other's.
//!
//! ```text
//!   0      4           5        8                      16
//!   HYLL   [encoding]  [0 0 0]  [cached count u64 LE]  registers
//! ```
//! Dense (0): 16,384 registers of six bits, the low bits of a byte first. Sparse (1): runs of equal registers,
//! `00LLLLLL` a run of zeros, `01LLLLLL LLLLLLLL` a long one, `1VVVVVLL` up to four of a value up to 32 (lengths and
//! values are one more than what is written). The highest bit of the count says that it is out of date.
//!
//! Sources: P. Flajolet et al., HyperLogLog, 2007; O. Ertl, New cardinality estimation algorithms for HyperLogLog
//! sketches, 2017 (the estimator); A. Appleby, MurmurHash64A (the hash).

mod check;

use crate::bits::by_processor;
pub use check::check_registers;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

/// The number of registers.
pub const REGISTERS: usize = 1 << INDEX_BITS;
const INDEX_BITS: u32 = 14;
const HEADER: usize = 16;
const DENSE_BYTES: usize = HEADER + REGISTERS * 6 / 8;
const MAGIC: &[u8; 4] = b"HYLL";
const DENSE: u8 = 0;
const SPARSE: u8 = 1;
/// Registers hold at most this: 50 zero bits and the one behind them.
const MOST: u8 = 51;
const LONGEST_ZEROS: usize = 64;
const LONGEST_VALUES: usize = 4;
const LARGEST_SPARSE: u8 = 32;

/// A string that is no HyperLogLog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// It does not begin like one.
    NotOne,
    /// Its runs do not make up the registers.
    Corrupt,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotOne => "no HyperLogLog",
            Self::Corrupt => "a damaged HyperLogLog",
        })
    }
}

impl std::error::Error for Error {}

/// An empty one.
#[must_use]
pub fn new() -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + 2);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&[SPARSE, 0, 0, 0]);
    bytes.extend_from_slice(&[0; 8]);
    push_zeros(&mut bytes, REGISTERS);
    bytes
}

/// Whether a string begins like one, and is as long as a dense one must be.
///
/// # Errors
/// It does not.
pub fn check(bytes: &[u8]) -> Result<(), Error> {
    let right = bytes.len() >= HEADER
        && bytes.starts_with(MAGIC)
        && (bytes[4] == SPARSE || bytes[4] == DENSE && bytes.len() == DENSE_BYTES);
    if right { Ok(()) } else { Err(Error::NotOne) }
}

/// Whether the registers are kept one by one; of a string that was checked.
#[must_use]
pub fn is_dense(bytes: &[u8]) -> bool {
    bytes[4] == DENSE
}

/// The count that was computed before, if nothing changed since.
#[must_use]
pub fn cached(bytes: &[u8]) -> Option<u64> {
    let mut count = [0; 8];
    count.copy_from_slice(&bytes[8..HEADER]);
    (count[7] & 0x80 == 0).then(|| u64::from_le_bytes(count))
}

/// Keeps a count.
pub fn set_cached(bytes: &mut [u8], count: u64) {
    bytes[8..HEADER].copy_from_slice(&count.to_le_bytes());
}

/// Says that the count is out of date.
pub fn forget_cached(bytes: &mut [u8]) {
    bytes[HEADER - 1] |= 0x80;
}

/// Keeps the count of another string, out of date: as Redis has it after a merge.
pub fn copy_cached(bytes: &mut [u8], other: &[u8]) {
    bytes[8..HEADER].copy_from_slice(&other[8..HEADER]);
    forget_cached(bytes);
}

/// The register of an element, and what it asks for there.
#[must_use]
pub fn place_of(element: &[u8]) -> (usize, u8) {
    let hash = murmur(element, 0xadc8_3b19);
    let index = (hash & (REGISTERS as u64 - 1)) as usize;
    // The bit that is set here bounds the count of zeros.
    let rest = (hash >> INDEX_BITS) | 1 << (64 - INDEX_BITS);
    (index, rest.trailing_zeros() as u8 + 1)
}

fn murmur(bytes: &[u8], seed: u64) -> u64 {
    const M: u64 = 0xc6a4_a793_5bd1_e995;
    let mut hash = seed ^ (bytes.len() as u64).wrapping_mul(M);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        let mut word = u64::from_le_bytes(*word).wrapping_mul(M);
        word ^= word >> 47;
        hash = (hash ^ word.wrapping_mul(M)).wrapping_mul(M);
    }
    if !rest.is_empty() {
        hash = (hash ^ tail_word(bytes, rest)).wrapping_mul(M);
    }
    hash ^= hash >> 47;
    hash = hash.wrapping_mul(M);
    hash ^ (hash >> 47)
}

/// The last bytes, fewer than eight, as a number. Where there are eight at all, they are loaded at once.
#[inline]
fn tail_word(bytes: &[u8], rest: &[u8]) -> u64 {
    match bytes.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last) >> (64 - 8 * rest.len()),
        None => rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

/// A register of a dense one.
#[inline]
fn dense_get(registers: &[u8], index: usize) -> u8 {
    let (at, shift) = (index * 6 / 8, index * 6 % 8);
    let next = registers.get(at + 1).copied().unwrap_or(0);
    (u16::from_le_bytes([registers[at], next]) >> shift) as u8 & 63
}

#[inline]
fn dense_set(registers: &mut [u8], index: usize, value: u8) {
    let (at, shift) = (index * 6 / 8, index * 6 % 8);
    let next = registers.get(at + 1).copied().unwrap_or(0);
    let word = u16::from_le_bytes([registers[at], next]) & !(63 << shift) | u16::from(value) << shift;
    let [low, high] = word.to_le_bytes();
    registers[at] = low;
    if let Some(next) = registers.get_mut(at + 1) {
        *next = high;
    }
}

/// Raises a register of a dense one; says whether it was lower.
pub fn raise_dense(bytes: &mut [u8], index: usize, value: u8) -> bool {
    let registers = &mut bytes[HEADER..];
    let lower = dense_get(registers, index) < value;
    if lower {
        dense_set(registers, index, value);
    }
    lower
}

/// A run of equal registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// Registers that are zero.
    Zeros(usize),
    /// The same, written in two bytes.
    FarZeros(usize),
    /// Registers of a value.
    Values(u8, usize),
}

impl Run {
    fn at(bytes: &[u8], at: usize) -> Option<Self> {
        let first = *bytes.get(at)?;
        Some(match first >> 6 {
            0 => Self::Zeros(usize::from(first & 63) + 1),
            1 => Self::FarZeros((usize::from(first & 63) << 8 | usize::from(*bytes.get(at + 1)?)) + 1),
            _ => Self::Values((first >> 2 & 31) + 1, usize::from(first & 3) + 1),
        })
    }

    /// How many registers it is.
    #[must_use]
    pub fn length(self) -> usize {
        match self {
            Self::Zeros(length) | Self::FarZeros(length) | Self::Values(_, length) => length,
        }
    }

    /// The value of its registers.
    #[must_use]
    pub fn value(self) -> u8 {
        if let Self::Values(value, _) = self { value } else { 0 }
    }

    fn bytes(self) -> usize {
        if matches!(self, Self::FarZeros(_)) { 2 } else { 1 }
    }
}

fn push_zeros(bytes: &mut Vec<u8>, length: usize) {
    if length > LONGEST_ZEROS {
        let written = (length - 1) as u16;
        bytes.extend_from_slice(&[(written >> 8) as u8 | 0x40, written as u8]);
    } else if length > 0 {
        bytes.push((length - 1) as u8);
    }
}

fn values(value: u8, length: usize) -> u8 {
    (value - 1) << 2 | (length - 1) as u8 | 0x80
}

/// The runs of a sparse one.
///
/// # Errors
/// They are not just as many registers as there are; what was shown is to be forgotten.
pub fn each_run(bytes: &[u8], mut show: impl FnMut(Run)) -> Result<(), Error> {
    let (mut at, mut registers) = (HEADER, 0);
    while at < bytes.len() {
        let run = Run::at(bytes, at).ok_or(Error::Corrupt)?;
        registers += run.length();
        if registers > REGISTERS {
            return Err(Error::Corrupt);
        }
        show(run);
        at += run.bytes();
    }
    if registers == REGISTERS { Ok(()) } else { Err(Error::Corrupt) }
}

/// What became of raising a register of a sparse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// It was as high already.
    No,
    /// It was lower.
    Yes,
    /// It does not go into a sparse one, which is unchanged.
    TooMuch,
}

/// Raises a register of a sparse one, which may grow up to `most` bytes, header and all.
///
/// # Errors
/// It is damaged.
pub fn raise_sparse(bytes: &mut Vec<u8>, index: usize, value: u8, most: usize) -> Result<Raised, Error> {
    if value > LARGEST_SPARSE {
        return Ok(Raised::TooMuch);
    }
    let (mut at, mut before, mut first) = (HEADER, None, 0);
    let run = loop {
        let run = Run::at(bytes, at).ok_or(Error::Corrupt)?;
        if index < first + run.length() {
            break run;
        }
        first += run.length();
        before = Some(at);
        at += run.bytes();
    };
    if run.value() >= value {
        return Ok(Raised::No);
    }
    let behind = first + run.length() - 1 - index;
    let mut fresh = Vec::with_capacity(5);
    if let Run::Values(old, _) = run {
        if index > first {
            fresh.push(values(old, index - first));
        }
        fresh.push(values(value, 1));
        if behind > 0 {
            fresh.push(values(old, behind));
        }
    } else {
        push_zeros(&mut fresh, index - first);
        fresh.push(values(value, 1));
        push_zeros(&mut fresh, behind);
    }
    if fresh.len() > run.bytes() && bytes.len() + fresh.len() - run.bytes() > most {
        return Ok(Raised::TooMuch);
    }
    bytes.splice(at..at + run.bytes(), fresh);
    join_values(bytes, before.unwrap_or(HEADER));
    Ok(Raised::Yes)
}

/// Runs around a change that are looked at for being joined, as in Redis, whose bytes these are.
const JOINED: usize = 5;

fn join_values(bytes: &mut Vec<u8>, mut at: usize) {
    for _ in 0..JOINED {
        let (Some(run), next) = (Run::at(bytes, at), at + 1) else { return };
        if let (Run::Values(value, length), Some(Run::Values(other, more))) = (run, Run::at(bytes, next))
            && value == other
            && length + more <= LONGEST_VALUES
        {
            bytes[next] = values(value, length + more);
            bytes.remove(at);
            continue;
        }
        at += run.bytes();
    }
}

/// The dense form of a sparse one.
///
/// # Errors
/// It is damaged.
pub fn to_dense(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut dense = vec![0; DENSE_BYTES];
    dense[..HEADER].copy_from_slice(&bytes[..HEADER]);
    dense[4] = DENSE;
    let mut index = 0;
    each_run(bytes, |run| {
        if run.value() > 0 {
            (index..index + run.length()).for_each(|index| dense_set(&mut dense[HEADER..], index, run.value()));
        }
        index += run.length();
    })?;
    Ok(dense)
}

/// All registers, a byte each.
pub type Registers = [u8; REGISTERS];

/// Raises `registers` to those of a string that was checked.
///
/// # Errors
/// It is damaged; the registers are then to be forgotten.
pub fn merge(registers: &mut Registers, bytes: &[u8]) -> Result<(), Error> {
    if is_dense(bytes) {
        if WIDE.load(Ordering::Relaxed) {
            raise_all(registers, &bytes[HEADER..]);
        } else {
            raise_all_in(registers, &bytes[HEADER..]);
        }
        return Ok(());
    }
    let mut index = 0;
    each_run(bytes, |run| {
        if run.value() > 0 {
            let part = &mut registers[index..index + run.length()];
            part.iter_mut().for_each(|register| *register = run.value().max(*register));
        }
        index += run.length();
    })
}

/// Whether the widest instructions of the processor are used.
static WIDE: AtomicBool = AtomicBool::new(true);

/// Has the widest instructions used, or not (PFDEBUG SIMD).
pub fn use_wide(on: bool) {
    WIDE.store(on, Ordering::Relaxed);
}

by_processor! { fn raise_all(registers: &mut Registers, dense: &[u8]) = raise_all_in }

#[inline(always)]
fn raise_all_in(registers: &mut Registers, dense: &[u8]) {
    let (fours, _) = registers.as_chunks_mut::<4>();
    let (threes, _) = dense.as_chunks::<3>();
    for (four, &[a, b, c]) in fours.iter_mut().zip(threes) {
        let word = u32::from_le_bytes([a, b, c, 0]);
        let unpacked = [word as u8 & 63, (word >> 6) as u8 & 63, (word >> 12) as u8 & 63, (word >> 18) as u8 & 63];
        for (register, other) in four.iter_mut().zip(unpacked) {
            *register = (*register).max(other);
        }
    }
}

/// The dense form of registers, with a count that is out of date.
#[must_use]
pub fn from_registers(registers: &Registers) -> Vec<u8> {
    let mut dense = new();
    dense.truncate(HEADER);
    dense[4] = DENSE;
    forget_cached(&mut dense);
    let (fours, _) = registers.as_chunks::<4>();
    for four in fours {
        let word = four.iter().rev().fold(0_u32, |word, &register| word << 6 | u32::from(register & 63));
        dense.extend_from_slice(&word.to_le_bytes()[..3]);
    }
    dense
}

/// How many registers there are of each value.
type Histogram = [u32; 64];

/// The estimate of a string that was checked.
///
/// # Errors
/// It is damaged.
pub fn count(bytes: &[u8]) -> Result<u64, Error> {
    let mut histogram: Histogram = [0; 64];
    if is_dense(bytes) {
        let (threes, _) = bytes[HEADER..].as_chunks::<3>();
        for &[a, b, c] in threes {
            let word = u32::from_le_bytes([a, b, c, 0]);
            for shift in [0, 6, 12, 18] {
                histogram[(word >> shift & 63) as usize] += 1;
            }
        }
    } else {
        each_run(bytes, |run| histogram[usize::from(run.value())] += run.length() as u32)?;
    }
    Ok(estimate(&histogram))
}

/// The estimate of registers.
#[must_use]
pub fn count_registers(registers: &Registers) -> u64 {
    let mut histogram: Histogram = [0; 64];
    registers.iter().for_each(|&register| histogram[usize::from(register & 63)] += 1);
    estimate(&histogram)
}

fn estimate(histogram: &Histogram) -> u64 {
    const ALPHA: f64 = 0.721_347_520_444_481_7;
    let m = REGISTERS as f64;
    let mut z = m * tau((m - f64::from(histogram[usize::from(MOST)])) / m);
    for &count in histogram[1..usize::from(MOST)].iter().rev() {
        z = (z + f64::from(count)) * 0.5;
    }
    z += m * sigma(f64::from(histogram[0]) / m);
    (ALPHA * m * m / z).round() as u64
}

fn sigma(mut x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut y, mut z) = (1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if before >= z {
            return z;
        }
    }
}

fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut y, mut z) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x).powi(2) * y;
        if before <= z {
            return z / 3.0;
        }
    }
}
