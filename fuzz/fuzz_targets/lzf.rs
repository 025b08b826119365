//! Foreign bytes offered as LZF: refused, or exactly as long as was said; and what is compressed comes back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_encoding::lzf::{compress, decompress};

fuzz_target!(|data: &[u8]| {
    let [low, high, rest @ ..] = data else { return };
    let length = usize::from(u16::from_le_bytes([*low, *high]));
    if let Ok(output) = decompress(rest, length) {
        assert_eq!(output.len(), length);
    }
    let compressed = compress(data, usize::MAX).expect("there is room for everything");
    assert_eq!(decompress(&compressed, data.len()).as_deref(), Ok(data));
    if let Some(smaller) = compress(data, length) {
        assert!(smaller.len() <= length);
    }
});
