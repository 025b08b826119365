//! Just enough of big natural numbers to convert between decimal and binary exactly. Sizes are bounded by the
//! callers (a number's text is at most 5 KiB, exponents are clamped), so the simple quadratic methods do.

use std::cmp::Ordering;

/// A natural number: little-endian limbs, the last one not zero.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Big {
    limbs: Vec<u32>,
}

impl Big {
    pub(super) fn new(value: u64) -> Big {
        let mut big = Big { limbs: vec![value as u32, (value >> 32) as u32] };
        big.trim();
        big
    }

    /// The number written in ASCII `digits`.
    pub(super) fn from_digits<'a>(digits: impl Iterator<Item = &'a u8>) -> Big {
        let mut big = Big::new(0);
        for digit in digits {
            big.multiply_add(10, u32::from(digit - b'0'));
        }
        big
    }

    fn trim(&mut self) {
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
    }

    pub(super) fn multiply_add(&mut self, factor: u32, addend: u32) {
        let mut carry = u64::from(addend);
        for limb in &mut self.limbs {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.limbs.push(carry as u32);
        }
    }

    pub(super) fn multiply_by_power_of_ten(&mut self, power: u32) {
        for _ in 0..power / 9 {
            self.multiply_add(1_000_000_000, 0);
        }
        self.multiply_add(10u32.pow(power % 9), 0);
    }

    pub(super) fn multiply_by_power_of_five(&mut self, power: u32) {
        for _ in 0..power / 13 {
            self.multiply_add(5u32.pow(13), 0);
        }
        self.multiply_add(5u32.pow(power % 13), 0);
    }

    pub(super) fn bit_len(&self) -> u32 {
        match self.limbs.last() {
            Some(last) => self.limbs.len() as u32 * 32 - last.leading_zeros(),
            None => 0,
        }
    }

    pub(super) fn shift_left(&mut self, bits: u32) {
        self.multiply_add(1 << (bits % 32), 0);
        self.limbs.splice(0..0, std::iter::repeat_n(0, bits as usize / 32));
        self.trim();
    }

    fn halve(&mut self) {
        let mut carry = 0;
        for limb in self.limbs.iter_mut().rev() {
            let low = *limb & 1;
            *limb = *limb >> 1 | carry << 31;
            carry = low;
        }
        self.trim();
    }

    fn compare(&self, other: &Big) -> Ordering {
        let by_len = self.limbs.len().cmp(&other.limbs.len());
        by_len.then_with(|| self.limbs.iter().rev().cmp(other.limbs.iter().rev()))
    }

    /// Subtracts a number that is not greater.
    fn subtract(&mut self, other: &Big) {
        let mut borrow = false;
        for (index, limb) in self.limbs.iter_mut().enumerate() {
            let subtrahend = other.limbs.get(index).copied().unwrap_or(0);
            let (difference, first) = limb.overflowing_sub(subtrahend);
            let (difference, second) = difference.overflowing_sub(u32::from(borrow));
            *limb = difference;
            borrow = first || second;
        }
        debug_assert!(!borrow, "the subtrahend is not greater");
        self.trim();
    }

    /// `self / divisor` as `(mantissa, exponent, inexact)`: the mantissa has 100 or 101 bits, and `inexact` says
    /// that something is left below it. Neither number is zero.
    pub(super) fn ratio(mut self, mut divisor: Big) -> (u128, i32, bool) {
        const BITS: i32 = 100;
        let shift = BITS + divisor.bit_len() as i32 - self.bit_len() as i32;
        if shift >= 0 {
            self.shift_left(shift.unsigned_abs());
        } else {
            divisor.shift_left(shift.unsigned_abs());
        }
        divisor.shift_left(BITS as u32);
        let mut mantissa = 0u128;
        for _ in 0..=BITS {
            mantissa <<= 1;
            if self.compare(&divisor) != Ordering::Less {
                self.subtract(&divisor);
                mantissa |= 1;
            }
            divisor.halve();
        }
        (mantissa, -shift, !self.limbs.is_empty())
    }

    /// 10^`power` to 64 bits, rounded to nearest: `(fraction, exponent)` with the fraction's top bit set.
    pub(super) fn power_of_ten_64(power: i32) -> (u64, i32) {
        let mut ten = Big::new(1);
        ten.multiply_by_power_of_ten(power.unsigned_abs());
        let one = Big::new(1);
        let (mantissa, exponent, _) = if power < 0 { one.ratio(ten) } else { ten.ratio(one) };
        let excess = 128 - mantissa.leading_zeros() - 64;
        let rounded = (mantissa + (1 << (excess - 1))) >> excess;
        (u64::try_from(rounded).expect("no cached power rounds up to a power of two"), exponent + excess as i32)
    }

    /// The decimal digits.
    pub(super) fn to_digits(&self) -> Vec<u8> {
        const CHUNK: u64 = 1_000_000_000;
        let mut rest = self.clone();
        let mut digits = Vec::new();
        while !rest.limbs.is_empty() {
            let mut remainder = 0;
            for limb in rest.limbs.iter_mut().rev() {
                let value = remainder << 32 | u64::from(*limb);
                *limb = (value / CHUNK) as u32;
                remainder = value % CHUNK;
            }
            rest.trim();
            for _ in 0..9 {
                digits.push(b'0' + (remainder % 10) as u8);
                remainder /= 10;
            }
        }
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        digits.reverse();
        digits
    }
}
