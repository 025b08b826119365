//! LZF: what was compressed comes back, and hostile input is refused.

use proptest::prelude::*;
use redstart_encoding::lzf::{Error, compress, decompress};

/// Bytes with repetitions of all lengths and distances.
fn input() -> impl Strategy<Value = Vec<u8>> {
    let most = if cfg!(miri) { 40 } else { 400 };
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..most),
        (any::<u8>(), 0..most).prop_map(|(byte, times)| vec![byte; times]),
        (prop::collection::vec(any::<u8>(), 1..9), 0..most / 4).prop_map(|(bytes, times)| bytes.repeat(times)),
        prop::collection::vec(prop::sample::select(b"abc".to_vec()), 0..most),
    ];
    prop::collection::vec(piece, 0..if cfg!(miri) { 4 } else { 40 }).prop_map(|pieces| {
        // The whole twice: references over far distances.
        pieces.concat().repeat(2)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 8 } else { 256 }, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn comes_back(input in input()) {
        let compressed = compress(&input, usize::MAX).expect("there is room for everything");
        let again = decompress(&compressed, input.len());
        prop_assert_eq!(again.as_ref(), Ok(&input));
        prop_assert!(compressed.len() <= input.len() + input.len().div_ceil(32));
        let exact = compress(&input, compressed.len());
        prop_assert_eq!(exact.as_ref(), Some(&compressed));
        if !compressed.is_empty() {
            prop_assert_eq!(compress(&input, compressed.len() - 1), None);
        }
    }

    #[test]
    fn hostile_input_is_refused_or_fills_the_output(input in prop::collection::vec(any::<u8>(), 0..300), length in 0usize..5000) {
        if let Ok(output) = decompress(&input, length) {
            prop_assert_eq!(output.len(), length);
        }
    }
}

#[test]
fn the_format_by_hand() {
    assert_eq!(decompress(&[2, b'a', b'b', b'c'], 3).unwrap(), b"abc");
    assert_eq!(decompress(&[0, b'a', 1 << 5, 0], 4).unwrap(), b"aaaa");
    assert_eq!(decompress(&[1, b'a', b'b', 7 << 5, 1, 1], 12).unwrap(), b"abababababab");
    let far = [[31; 33].as_slice(), &[7 << 5, 0, 31]].concat();
    assert_eq!(decompress(&far, 41).unwrap(), vec![31; 41]);
    assert_eq!(compress(&[b'a'; 100], 100).unwrap(), [0, b'a', 7 << 5, 90, 0]);
    assert_eq!(compress(b"", 0).unwrap(), b"");
}

#[test]
fn each_damage_is_named() {
    for input in [&[3, b'a'][..], &[0, b'a', 1 << 5], &[0, b'a', 7 << 5], &[0, b'a', 7 << 5, 9]] {
        assert_eq!(decompress(input, 8), Err(Error::Truncated), "{input:?}");
    }
    assert_eq!(decompress(&[0, b'a', 1 << 5, 1], 4), Err(Error::Reference));
    assert_eq!(decompress(&[2, b'a', b'b', b'c'], 2), Err(Error::Length));
    assert_eq!(decompress(&[2, b'a', b'b', b'c'], 4), Err(Error::Length));
    assert_eq!(decompress(&[0, b'a', 7 << 5, 255, 0], 4), Err(Error::Length));
    assert_eq!(decompress(&[0, b'a'], usize::MAX), Err(Error::Length), "memory is not taken for a mere claim");
}
