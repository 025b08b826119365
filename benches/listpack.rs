//! Listpacks as small hashes use them: pairs of a 10-byte field and a 10-byte value.

use divan::{Bencher, black_box};
use redstart_encoding::listpack::Listpack;

const ELEMENTS: [usize; 4] = [5, 16, 64, 128];

fn main() {
    divan::main();
}

fn field(number: usize) -> Vec<u8> {
    format!("field:{number:04}").into_bytes()
}

fn pack(elements: usize) -> Listpack {
    let mut pack = Listpack::new();
    for number in 0..elements {
        pack.push_back(&field(number));
        pack.push_back(b"value:0000");
    }
    pack
}

#[divan::bench(args = ELEMENTS)]
fn find_last(bencher: Bencher<'_, '_>, elements: usize) {
    let (pack, wanted) = (pack(elements), field(elements - 1));
    bencher.bench_local(|| pack.find(black_box(&wanted), 1));
}

#[divan::bench(args = ELEMENTS)]
fn find_absent(bencher: Bencher<'_, '_>, elements: usize) {
    let pack = pack(elements);
    bencher.bench_local(|| pack.find(black_box(b"field:none"), 1));
}

#[divan::bench(args = ELEMENTS)]
fn replace_middle(bencher: Bencher<'_, '_>, elements: usize) {
    let mut pack = pack(elements);
    let offset = pack.seek(elements as i64 / 2 * 2 + 1).expect("a value in the middle");
    bencher.bench_local(|| pack.replace(black_box(offset), b"value:1111"));
}

/// The bytes behind move each time.
#[divan::bench(args = ELEMENTS)]
fn replace_middle_by_another_length(bencher: Bencher<'_, '_>, elements: usize) {
    let mut pack = pack(elements);
    let offset = pack.seek(elements as i64 / 2 * 2 + 1).expect("a value in the middle");
    let mut long = false;
    bencher.bench_local(|| {
        long = !long;
        pack.replace(black_box(offset), if long { b"value:11111111" } else { b"value:1" });
    });
}

#[divan::bench(args = ELEMENTS)]
fn append_and_remove(bencher: Bencher<'_, '_>, elements: usize) {
    let mut pack = pack(elements);
    bencher.bench_local(|| {
        pack.push_back(black_box(b"one more"));
        let last = pack.last().expect("just added");
        pack.remove(last, 1)
    });
}
