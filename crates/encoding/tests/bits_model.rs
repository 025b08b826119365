//! Bit operations against loops over single bits.

use redstart_encoding::bits::{self, Combine};

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// A string that has long runs of equal bytes as well as noise.
    fn bytes(&mut self, most: u64) -> Vec<u8> {
        let length = self.below(most + 1);
        let mode = self.below(4);
        (0..length)
            .map(|_| match mode {
                0 => 0,
                1 => 0xFF,
                2 => self.next() as u8,
                _ => [0, 0xFF, 0, 0, 0x10][self.below(5) as usize],
            })
            .collect()
    }
}

fn bit(bytes: &[u8], at: u64) -> bool {
    bytes.get((at / 8) as usize).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1)
}

const ROUNDS: u64 = if cfg!(miri) { 30 } else { 3_000 };

#[test]
fn counting_and_finding() {
    let mut random = Random(1);
    for round in 0..ROUNDS {
        let bytes = random.bytes(if round % 20 == 0 { 3_000 } else { 300 });
        let total = bytes.len() as u64 * 8;
        let start = random.below(total + 1);
        let end = start + random.below(total - start + 1);
        let ones = (start..end).filter(|&at| bit(&bytes, at)).count() as u64;
        assert_eq!(bits::count_range(&bytes, start..end), ones, "round {round}");
        assert_eq!(bits::count(&bytes), (0..total).filter(|&at| bit(&bytes, at)).count() as u64);
        for set in [false, true] {
            let first = (start..end).find(|&at| bit(&bytes, at) == set);
            assert_eq!(bits::find(&bytes, set, start..end), first, "round {round}, {set}, {start}..{end}");
        }
    }
}

#[test]
fn combining() {
    let mut random = Random(2);
    let ways = [
        Combine::And,
        Combine::Or,
        Combine::Xor,
        Combine::Diff,
        Combine::Diff1,
        Combine::AndOr,
        Combine::One,
        Combine::Not,
    ];
    for round in 0..ROUNDS / 10 {
        let how = ways[random.below(8) as usize];
        let most = if round % 20 == 0 { 9_000 } else { 200 };
        let count = if how == Combine::Not { 1 } else { 2 + random.below(4) };
        let sources: Vec<Vec<u8>> = (0..count).map(|_| random.bytes(most)).collect();
        let slices: Vec<&[u8]> = sources.iter().map(Vec::as_slice).collect();
        let result = bits::combine(how, &slices);
        assert_eq!(result.len(), slices.iter().map(|source| source.len()).max().unwrap());
        for at in 0..result.len() as u64 * 8 {
            let set: Vec<bool> = slices.iter().map(|source| bit(source, at)).collect();
            let others = set[1..].iter().any(|&set| set);
            let expected = match how {
                Combine::And => set.iter().all(|&set| set),
                Combine::Or => set.iter().any(|&set| set),
                Combine::Xor => set.iter().filter(|&&set| set).count() % 2 == 1,
                Combine::Not => !set[0],
                Combine::Diff => set[0] && !others,
                Combine::Diff1 => !set[0] && others,
                Combine::AndOr => set[0] && others,
                Combine::One => set.iter().filter(|&&set| set).count() == 1,
            };
            assert_eq!(bit(&result, at), expected, "round {round}, {how:?}, bit {at}");
        }
    }
}

#[test]
fn fields_of_any_width_at_any_place() {
    let mut random = Random(3);
    let mut bytes = vec![0_u8; 40];
    for _ in 0..ROUNDS {
        let width = 1 + random.below(64) as u32;
        let offset = random.below(40 * 8 - u64::from(width) + 1);
        let value = random.next() & (u64::MAX >> (64 - width));
        let before = bytes.clone();
        bits::set(&mut bytes, offset, width, value);
        assert_eq!(bits::get(&bytes, offset, width), value);
        let outside = (0..320).filter(|at| !(offset..offset + u64::from(width)).contains(at));
        outside.for_each(|at| assert_eq!(bit(&bytes, at), bit(&before, at)));
        // What reaches beyond the end reads as zero.
        let short = &bytes[..20];
        let expected = (0..u64::from(width)).fold(0, |sum, at| sum << 1 | u64::from(bit(short, offset + at)));
        assert_eq!(bits::get(short, offset, width), expected);
    }
    assert_eq!(bits::get(b"", 1 << 60, 64), 0);
}
