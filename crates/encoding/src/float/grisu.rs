//! Decimal digits of a double by Grisu2 (F. Loitsch, "Printing floating-point numbers quickly and accurately with
//! integers", PLDI 2010): scale the double and its rounding interval by a cached power of ten into 64-bit integers
//! and generate digits until the rest is within the interval.
//!
//! The result always reads back as the same double; in about one of a thousand cases it is not the shortest or
//! closest such text. Redis prints these digits, so the power chosen and each rounding here are part of the
//! observable behaviour.

use std::sync::LazyLock;

use super::big::Big;

const MANTISSA_BITS: u32 = 52;
const HIDDEN_BIT: u64 = 1 << MANTISSA_BITS;
const EXPONENT_BIAS: i32 = 1023 + MANTISSA_BITS as i32;

/// The cached powers are 10^-348, 10^-340, ..., 10^340.
const FIRST_POWER: i32 = -348;
const POWER_STEP: i32 = 8;
const POWERS: usize = 87;

/// `fraction * 2^exponent`.
#[derive(Clone, Copy)]
struct Scaled {
    fraction: u64,
    exponent: i32,
}

static CACHED_POWERS: LazyLock<[Scaled; POWERS]> = LazyLock::new(|| {
    std::array::from_fn(|index| {
        let (fraction, exponent) = Big::power_of_ten_64(FIRST_POWER + index as i32 * POWER_STEP);
        Scaled { fraction, exponent }
    })
});

/// Digits without leading zeros, and the power of ten of the last one.
pub(super) struct Decimal {
    buffer: [u8; 20],
    len: usize,
    pub(super) exponent: i32,
}

impl Decimal {
    pub(super) fn digits(&self) -> &[u8] {
        &self.buffer[..self.len]
    }

    fn push(&mut self, digit: u64) {
        if digit != 0 || self.len != 0 {
            self.buffer[self.len] = b'0' + digit as u8;
            self.len += 1;
        }
    }

    /// Lowers the last digit while that brings the number nearer to the true value: `rest` is what the digits
    /// leave below the upper limit, `unit` the last digit's weight, `target` the true value's place.
    fn approach(&mut self, limit: u64, mut rest: u64, unit: u64, target: u64) {
        while rest < target && limit - rest >= unit && (rest + unit < target || target - rest > rest + unit - target) {
            self.buffer[self.len - 1] -= 1;
            rest += unit;
        }
    }
}

/// The digits of a positive finite double.
pub(super) fn shortest(value: f64) -> Decimal {
    let value = split(value);
    let (lower, upper) = boundaries(value);
    let (power, power_exponent) = cached_power(upper.exponent);
    let scaled = multiply(normalize(value), power);
    let mut lower = multiply(lower, power);
    let mut upper = multiply(upper, power);
    // One unit inside, because each product may be half a unit off.
    lower.fraction += 1;
    upper.fraction -= 1;
    generate(scaled, lower, upper, -power_exponent)
}

fn split(value: f64) -> Scaled {
    let bits = value.to_bits();
    let fraction = bits & (HIDDEN_BIT - 1);
    match (bits >> MANTISSA_BITS) as i32 & 0x7FF {
        0 => Scaled { fraction, exponent: 1 - EXPONENT_BIAS },
        exponent => Scaled { fraction: fraction | HIDDEN_BIT, exponent: exponent - EXPONENT_BIAS },
    }
}

fn normalize(value: Scaled) -> Scaled {
    let shift = value.fraction.leading_zeros();
    Scaled { fraction: value.fraction << shift, exponent: value.exponent - shift as i32 }
}

/// Halfway to the neighbours below and above, both with the upper one's exponent.
fn boundaries(value: Scaled) -> (Scaled, Scaled) {
    let upper = normalize(Scaled { fraction: (value.fraction << 1) + 1, exponent: value.exponent - 1 });
    // Below a power of two the neighbour is only half as far away.
    let shift = if value.fraction == HIDDEN_BIT { 2 } else { 1 };
    let lower_exponent = value.exponent - shift;
    let fraction = ((value.fraction << shift) - 1) << (lower_exponent - upper.exponent);
    (Scaled { fraction, exponent: upper.exponent }, upper)
}

/// A power of ten that brings a 64-bit fraction with `exponent` to one between -60 and -32; of two that would do,
/// the one that the search meets first.
fn cached_power(exponent: i32) -> (Scaled, i32) {
    let estimate = (-f64::from(exponent + POWERS as i32) * std::f64::consts::LOG10_2) as i32;
    let mut index = (estimate - FIRST_POWER) / POWER_STEP;
    loop {
        let power = CACHED_POWERS[index as usize];
        match exponent + power.exponent + 64 {
            ..-60 => index += 1,
            -31.. => index -= 1,
            _ => return (power, FIRST_POWER + index * POWER_STEP),
        }
    }
}

/// The upper 64 bits of the product, rounded.
fn multiply(a: Scaled, b: Scaled) -> Scaled {
    let product = u128::from(a.fraction) * u128::from(b.fraction) + (1 << 63);
    Scaled { fraction: (product >> 64) as u64, exponent: a.exponent + b.exponent + 64 }
}

fn generate(value: Scaled, lower: Scaled, upper: Scaled, exponent: i32) -> Decimal {
    let mut target = upper.fraction - value.fraction;
    let mut limit = upper.fraction - lower.fraction;
    let shift = -upper.exponent;
    let one = 1u64 << shift;
    let mut whole = upper.fraction >> shift;
    let mut part = upper.fraction & (one - 1);
    let mut decimal = Decimal { buffer: [0; 20], len: 0, exponent };

    let mut unit = 1_000_000_000;
    for place in (0..10).rev() {
        decimal.push(whole / unit);
        whole %= unit;
        let rest = (whole << shift) + part;
        if rest <= limit {
            decimal.exponent += place;
            decimal.approach(limit, rest, unit << shift, target);
            return decimal;
        }
        unit /= 10;
    }
    loop {
        part *= 10;
        limit *= 10;
        target = target.wrapping_mul(10);
        decimal.exponent -= 1;
        decimal.push(part >> shift);
        part &= one - 1;
        if part < limit {
            decimal.approach(limit, part, one, target);
            return decimal;
        }
    }
}
