//! Bytes of a client, whole and in random pieces: the same commands and the same fault, and never more memory held than
//! what was sent accounts for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_resp::{Batch, Decoder, Limits, ProtocolError};

/// Arguments come with a span of 8 bytes each; the shortest, of an inline command, takes two bytes on the wire.
const HELD_PER_BYTE: usize = 5;
/// A line longer than this may be refused before its end has come, so how far it came makes a difference.
const LONGEST: usize = 60_000;

type Outcome = (Vec<Vec<Vec<u8>>>, Option<ProtocolError>);

/// Feeds pieces whose sizes `cut` gives, as a connection does.
fn feed(data: &[u8], limits: Limits, most: usize, mut cut: impl FnMut() -> usize) -> Outcome {
    let (mut decoder, mut batch) = (Decoder::default(), Batch::default());
    let (mut input, mut commands, mut sent) = (Vec::new(), Vec::new(), 0);
    while sent < data.len() {
        let piece = cut().clamp(1, data.len() - sent);
        input.extend_from_slice(&data[sent..sent + piece]);
        sent += piece;
        loop {
            let (used, outcome) = decoder.parse(&input, &mut batch, most, limits);
            for index in 0..batch.len() {
                assert!(batch.end(index) <= used);
                commands.push(decoder.args(&batch, index, &input).to_vecs());
            }
            input.drain(..used);
            assert!(decoder.held() <= HELD_PER_BYTE * sent, "{} bytes held of {sent}", decoder.held());
            if let Err(error) = outcome {
                return (commands, Some(error));
            }
            if batch.is_empty() {
                break;
            }
        }
    }
    (commands, None)
}

fuzz_target!(|data: &[u8]| {
    let Some((seed, data)) = data.split_first_chunk::<4>() else { return };
    if data.len() > LONGEST {
        return;
    }
    let limits = Limits { bulk: 512 << 20, trusted: seed[0] & 1 == 0 };
    let whole = feed(data, limits, 32, || data.len());
    let mut state = u64::from(u32::from_le_bytes(*seed));
    let largest = 1 + usize::from(seed[3]);
    let pieces = feed(data, limits, 1 + usize::from(seed[2] % 40), || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        1 + (state >> 33) as usize % largest
    });
    assert_eq!(whole, pieces);
});
