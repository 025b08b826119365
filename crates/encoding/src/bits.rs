//! Bits of strings: counted, looked for, combined. The first bit is the highest of the first byte, as in Redis.
//!
//! Long strings are worked on with the widest instructions that the processor has, which is looked up at run time.

use std::ops::Range;

/// How bitmaps are combined: what the result's bit is, given the bits at the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combine {
    /// Set in all.
    And,
    /// Set in any.
    Or,
    /// Set in an odd number of them.
    Xor,
    /// Not set in the only one.
    Not,
    /// Set in the first, and in none of the others.
    Diff,
    /// Set in any of the others, and not in the first.
    Diff1,
    /// Set in the first, and in any of the others.
    AndOr,
    /// Set in just one.
    One,
}

/// Defines a function that is compiled twice, once for processors with more instructions, and picks at run time.
macro_rules! by_processor {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),*) $(-> $ret:ty)? = $body:ident) => {
        $(#[$doc])*
        $vis fn $name($($arg: $type),*) $(-> $ret)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,popcnt,bmi1,lzcnt")]
                fn wide($($arg: $type),*) $(-> $ret)? {
                    $body($($arg),*)
                }
                if cfg!(not(miri))
                    && std::is_x86_feature_detected!("avx2")
                    && std::is_x86_feature_detected!("popcnt")
                    && std::is_x86_feature_detected!("bmi1")
                    && std::is_x86_feature_detected!("lzcnt")
                {
                    // SAFETY: the processor has all that the function is compiled for, as was just asked.
                    return unsafe { wide($($arg),*) };
                }
            }
            $body($($arg),*)
        }
    };
}

pub(crate) use by_processor;

/// How many bits are set.
#[must_use]
pub fn count(bytes: &[u8]) -> u64 {
    #[cfg(target_arch = "x86_64")]
    if cfg!(not(miri)) && bytes.len() >= WORTH_WIDE && std::is_x86_feature_detected!("popcnt") {
        if std::is_x86_feature_detected!("avx512f") && std::is_x86_feature_detected!("avx512vpopcntdq") {
            // SAFETY: the processor has what the function is compiled for, as was just asked.
            return unsafe { count_widest(bytes) };
        }
        if std::is_x86_feature_detected!("avx2") {
            // SAFETY: as above.
            return unsafe { count_wide(bytes) };
        }
    }
    count_words(bytes)
}

by_processor! { fn count_words(bytes: &[u8]) -> u64 = count_in }

/// From so many bytes on, 32 at a time are faster than eight.
#[cfg(target_arch = "x86_64")]
const WORTH_WIDE: usize = 256;

/// Counts 64 bytes at a time, where the processor counts the bits of words side by side: one step a cycle.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vpopcntdq,popcnt")]
fn count_widest(bytes: &[u8]) -> u64 {
    use std::arch::x86_64::{
        _mm512_add_epi64, _mm512_loadu_si512, _mm512_popcnt_epi64, _mm512_reduce_add_epi64, _mm512_setzero_si512,
    };
    let (blocks, rest) = bytes.as_chunks::<64>();
    let (pairs, odd) = blocks.as_chunks::<2>();
    let ones = |block: &[u8; 64]| {
        // SAFETY: the block is 64 bytes, and the load asks for no alignment.
        _mm512_popcnt_epi64(unsafe { _mm512_loadu_si512(block.as_ptr().cast()) })
    };
    let mut totals = [_mm512_setzero_si512(); 2];
    for [first, second] in pairs {
        totals = [_mm512_add_epi64(totals[0], ones(first)), _mm512_add_epi64(totals[1], ones(second))];
    }
    for block in odd {
        totals[0] = _mm512_add_epi64(totals[0], ones(block));
    }
    _mm512_reduce_add_epi64(_mm512_add_epi64(totals[0], totals[1])).cast_unsigned() + count_in(rest)
}

/// Counts 32 bytes at a time: each half of a byte is looked up in a table of sixteen.
///
/// Source: W. Mula, N. Kurz, D. Lemire, Faster population counts using AVX2 instructions, 2016.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt")]
fn count_wide(bytes: &[u8]) -> u64 {
    use std::arch::x86_64::{
        _mm_setr_epi8, _mm256_add_epi8, _mm256_add_epi64, _mm256_and_si256, _mm256_broadcastsi128_si256,
        _mm256_extract_epi64, _mm256_loadu_si256, _mm256_sad_epu8, _mm256_set1_epi8, _mm256_setzero_si256,
        _mm256_shuffle_epi8, _mm256_srli_epi16,
    };
    // So many sums of two halves, up to eight each, fit a byte.
    const ROUNDS: usize = 31;
    let ones = _mm256_broadcastsi128_si256(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    let (low, zero) = (_mm256_set1_epi8(15), _mm256_setzero_si256());
    let (blocks, rest) = bytes.as_chunks::<32>();
    let mut total = zero;
    for some in blocks.chunks(ROUNDS) {
        let mut sums = zero;
        for block in some {
            // SAFETY: the block is 32 bytes, and the load asks for no alignment.
            let block = unsafe { _mm256_loadu_si256(block.as_ptr().cast()) };
            let (right, left) = (_mm256_and_si256(block, low), _mm256_and_si256(_mm256_srli_epi16(block, 4), low));
            let both = _mm256_add_epi8(_mm256_shuffle_epi8(ones, right), _mm256_shuffle_epi8(ones, left));
            sums = _mm256_add_epi8(sums, both);
        }
        total = _mm256_add_epi64(total, _mm256_sad_epu8(sums, zero));
    }
    let lanes = [
        _mm256_extract_epi64::<0>(total),
        _mm256_extract_epi64::<1>(total),
        _mm256_extract_epi64::<2>(total),
        _mm256_extract_epi64::<3>(total),
    ];
    lanes.iter().map(|lane| lane.cast_unsigned()).sum::<u64>() + count_in(rest)
}

#[inline(always)]
fn count_in(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let ones = words.iter().map(|word| u64::from(u64::from_ne_bytes(*word).count_ones())).sum::<u64>();
    ones + rest.iter().map(|byte| u64::from(byte.count_ones())).sum::<u64>()
}

/// How many bits are set among those numbered by `bits`.
///
/// # Panics
/// If the range is not within the string.
#[must_use]
pub fn count_range(bytes: &[u8], bits: Range<u64>) -> u64 {
    if bits.is_empty() {
        return 0;
    }
    let (first, last) = ((bits.start / 8) as usize, ((bits.end - 1) / 8) as usize);
    // What the bytes at the edges have outside is taken off again.
    let before = u8::try_from(0xFF00_u32 >> (bits.start % 8) & 0xFF).unwrap_or(0) & bytes[first];
    let after = (0xFF_u32 >> ((bits.end - 1) % 8 + 1)) as u8 & bytes[last];
    count(&bytes[first..=last]) - u64::from(before.count_ones()) - u64::from(after.count_ones())
}

/// The number of the first bit that is `set` among those numbered by `bits`.
///
/// # Panics
/// If the range is not within the string.
#[must_use]
pub fn find(bytes: &[u8], set: bool, bits: Range<u64>) -> Option<u64> {
    if bits.is_empty() {
        return None;
    }
    let (first, last) = ((bits.start / 8) as usize, ((bits.end - 1) / 8) as usize);
    let flip = if set { 0 } else { 0xFF };
    let head = (bytes[first] ^ flip) & (0xFF >> (bits.start % 8));
    let found = if head != 0 {
        Some((first, head))
    } else {
        skip(&bytes[first + 1..=last], flip).map(|at| (first + 1 + at, bytes[first + 1 + at] ^ flip))
    };
    let (at, byte) = found?;
    let bit = at as u64 * 8 + u64::from(byte.leading_zeros());
    (bit < bits.end).then_some(bit)
}

/// The place of the first byte that is not `other`.
fn skip(bytes: &[u8], other: u8) -> Option<usize> {
    let whole = u64::from_ne_bytes([other; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    // Blocks of words, whose loop has no way out within and so takes wide instructions.
    let mut at = 0;
    for block in words.chunks(8) {
        if block.iter().fold(0, |different, word| different | (u64::from_ne_bytes(*word) ^ whole)) != 0 {
            break;
        }
        at += block.len();
    }
    let start = at * 8;
    let tail = if at < words.len() { &bytes[start..] } else { rest };
    tail.iter().position(|&byte| byte != other).map(|within| start + within)
}

/// Combines strings into one as long as the longest; shorter ones count as if zero bytes followed.
#[must_use]
pub fn combine(how: Combine, sources: &[&[u8]]) -> Vec<u8> {
    let longest = sources.iter().map(|source| source.len()).max().unwrap_or(0);
    let mut result = vec![0; longest];
    // In pieces that stay in the nearest cache, whatever the number of sources.
    for (index, piece) in result.chunks_mut(PIECE).enumerate() {
        let start = index * PIECE;
        let parts: Vec<&[u8]> = sources
            .iter()
            .map(|source| &source[start.min(source.len())..(start + piece.len()).min(source.len())])
            .collect();
        combine_piece(how, piece, &parts);
    }
    result
}

const PIECE: usize = 4096;

fn combine_piece(how: Combine, result: &mut [u8], parts: &[&[u8]]) {
    let Some((first, others)) = parts.split_first() else { return };
    match how {
        Combine::And => {
            copy(result, first);
            for other in others {
                and(&mut result[..other.len()], other);
                result[other.len()..].fill(0);
            }
        }
        Combine::Or => parts.iter().for_each(|part| or(result, part)),
        Combine::Xor => parts.iter().for_each(|part| xor(result, part)),
        Combine::Not => {
            copy(result, first);
            not(result);
        }
        Combine::Diff | Combine::Diff1 | Combine::AndOr => {
            let mut any = vec![0; result.len()];
            others.iter().for_each(|other| or(&mut any, other));
            match how {
                Combine::Diff1 => {
                    copy(result, &any);
                    and_not(result, first);
                }
                Combine::Diff => {
                    copy(result, first);
                    and_not(result, &any);
                }
                _ => {
                    copy(result, first);
                    and(result, &any);
                }
            }
        }
        Combine::One => {
            // Bits seen in two of them or more.
            let mut more = vec![0; result.len()];
            for part in parts {
                one_step(result, &mut more, part);
            }
            and_not(result, &more);
        }
    }
}

fn copy(result: &mut [u8], part: &[u8]) {
    result[..part.len()].copy_from_slice(part);
}

by_processor! { fn and(result: &mut [u8], part: &[u8]) = and_in }
by_processor! { fn or(result: &mut [u8], part: &[u8]) = or_in }
by_processor! { fn xor(result: &mut [u8], part: &[u8]) = xor_in }
by_processor! { fn and_not(result: &mut [u8], part: &[u8]) = and_not_in }
by_processor! { fn not(result: &mut [u8]) = not_in }
by_processor! { fn one_step(once: &mut [u8], more: &mut [u8], part: &[u8]) = one_step_in }

#[inline(always)]
fn and_in(result: &mut [u8], part: &[u8]) {
    result.iter_mut().zip(part).for_each(|(byte, other)| *byte &= other);
}

#[inline(always)]
fn or_in(result: &mut [u8], part: &[u8]) {
    result.iter_mut().zip(part).for_each(|(byte, other)| *byte |= other);
}

#[inline(always)]
fn xor_in(result: &mut [u8], part: &[u8]) {
    result.iter_mut().zip(part).for_each(|(byte, other)| *byte ^= other);
}

#[inline(always)]
fn and_not_in(result: &mut [u8], part: &[u8]) {
    result.iter_mut().zip(part).for_each(|(byte, other)| *byte &= !other);
}

#[inline(always)]
fn not_in(result: &mut [u8]) {
    result.iter_mut().for_each(|byte| *byte = !*byte);
}

#[inline(always)]
fn one_step_in(once: &mut [u8], more: &mut [u8], part: &[u8]) {
    for ((once, more), byte) in once.iter_mut().zip(more).zip(part) {
        *more |= *once & byte;
        *once |= byte;
    }
}

/// The `width` bits (1 to 64) from bit `offset` on, as an unsigned integer; bits beyond the end are zero.
#[must_use]
pub fn get(bytes: &[u8], offset: u64, width: u32) -> u64 {
    let at = usize::try_from(offset / 8).unwrap_or(usize::MAX).min(bytes.len());
    let mut window = [0; 16];
    let there = &bytes[at..(at + 9).min(bytes.len())];
    window[..there.len()].copy_from_slice(there);
    let shifted = u128::from_be_bytes(window) << (offset % 8);
    (shifted >> (128 - width)) as u64
}

/// Sets the `width` bits (1 to 64) from bit `offset` on to the low bits of `value`.
///
/// # Panics
/// If they are not all within the string.
pub fn set(bytes: &mut [u8], offset: u64, width: u32, value: u64) {
    let at = (offset / 8) as usize;
    let end = (offset + u64::from(width)).div_ceil(8) as usize;
    let mut window = [0; 16];
    window[..end - at].copy_from_slice(&bytes[at..end]);
    let shift = 128 - width - (offset % 8) as u32;
    let mask = (u128::MAX >> (128 - width)) << shift;
    let word = (u128::from_be_bytes(window) & !mask) | ((u128::from(value) << shift) & mask);
    bytes[at..end].copy_from_slice(&word.to_be_bytes()[..end - at]);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [`count`] takes the widest way that this processor has; the others are to count the same.
    #[test]
    fn every_width_counts_the_same() {
        let bytes: Vec<u8> = (0..5000_usize).map(|at| (at * at / 7 % 251) as u8).collect();
        for length in [0, 1, 31, 32, 33, 63, 64, 65, 127, 128, 256, 4096, 5000] {
            let bytes = &bytes[..length];
            assert_eq!(count(bytes), count_in(bytes), "{length}");
            #[cfg(target_arch = "x86_64")]
            if cfg!(not(miri)) && std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("popcnt") {
                // SAFETY: the processor has what the function is compiled for, as was just asked.
                assert_eq!(unsafe { count_wide(bytes) }, count_in(bytes), "{length}");
            }
        }
    }
}
