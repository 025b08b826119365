//! Bytes to commands: pipelines of GET and SET with 16-byte keys and 64-byte values.

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use redstart_benches::{key, push_command};
use redstart_resp::{Batch, Decoder, Limits};

const LIMITS: Limits = Limits { bulk: 512 << 20, trusted: true };
const PIPELINES: [usize; 3] = [1, 32, 1000];

fn main() {
    divan::main();
}

fn parse(bencher: Bencher<'_, '_>, input: &[u8], commands: usize) {
    let (mut decoder, mut batch) = (Decoder::default(), Batch::default());
    bencher.counter(ItemsCount::new(commands)).counter(BytesCount::new(input.len())).bench_local(|| {
        let (mut at, mut words) = (0, 0);
        while at < input.len() {
            let (used, outcome) = decoder.parse(&input[at..], &mut batch, 32, LIMITS);
            outcome.expect("the protocol");
            for index in 0..batch.len() {
                words += decoder.args(&batch, index, &input[at..]).len();
            }
            at += used;
        }
        words
    });
}

#[divan::bench(args = PIPELINES)]
fn get(bencher: Bencher<'_, '_>, commands: usize) {
    let mut input = Vec::new();
    (0..commands).for_each(|number| push_command(&mut input, &[b"GET", &key(number)]));
    parse(bencher, &input, commands);
}

#[divan::bench(args = PIPELINES)]
fn set(bencher: Bencher<'_, '_>, commands: usize) {
    let mut input = Vec::new();
    (0..commands).for_each(|number| push_command(&mut input, &[b"SET", &key(number), &[b'v'; 64]]));
    parse(bencher, &input, commands);
}
