//! HyperLogLog: the same elements into a sparse one and a dense one, which must agree; and any bytes as one from a
//! file: refused, or the same registers whichever way they are read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_encoding::hyperloglog::{self as hll, REGISTERS, Raised, Registers};

fn registers(bytes: &[u8]) -> Result<Box<Registers>, hll::Error> {
    let mut registers = Box::new([0; REGISTERS]);
    hll::merge(&mut registers, bytes)?;
    Ok(registers)
}

/// Raises a register of one that may be sparse or become dense, as PFADD does.
fn raise(bytes: &mut Vec<u8>, index: usize, value: u8, most: usize) -> Result<bool, hll::Error> {
    if !hll::is_dense(bytes) {
        match hll::raise_sparse(bytes, index, value, most)? {
            Raised::No => return Ok(false),
            Raised::Yes => return Ok(true),
            Raised::TooMuch => *bytes = hll::to_dense(bytes)?,
        }
    }
    Ok(hll::raise_dense(bytes, index, value))
}

/// A sparse one whose body is `runs`, raised at places the input names.
fn hostile(runs: &[u8], steps: &[u8]) {
    let mut bytes = hll::new();
    bytes.truncate(16);
    bytes.extend_from_slice(runs);
    let read = registers(&bytes);
    assert_eq!(hll::count(&bytes).is_ok(), read.is_ok());
    assert_eq!(hll::to_dense(&bytes).is_ok(), read.is_ok());
    assert_eq!(hll::each_run(&bytes, |run| assert!(run.length() > 0)).is_ok(), read.is_ok());
    if let Ok(read) = &read {
        let dense = hll::to_dense(&bytes).expect("it was read");
        assert_eq!(registers(&dense).as_ref(), Ok(read));
        assert_eq!(hll::count(&dense), hll::count(&bytes));
    }
    // Also what is damaged is raised until the damage is met: that must end, and not grow beyond what is allowed.
    let mut expected = read.ok();
    for step in steps.chunks_exact(3) {
        let index = usize::from(u16::from_le_bytes([step[0], step[1]])) % REGISTERS;
        let value = step[2] % 51 + 1;
        let Ok(raised) = raise(&mut bytes, index, value, 300) else {
            assert!(expected.is_none(), "what was whole is damaged");
            return;
        };
        if let Some(expected) = &mut expected {
            assert_eq!(raised, expected[index] < value);
            expected[index] = expected[index].max(value);
        }
    }
    if let Some(expected) = expected {
        assert_eq!(registers(&bytes), Ok(expected));
    }
}

/// The same elements, two bytes of the input each, into both forms.
fn both_forms(data: &[u8]) {
    let empty: Registers = [0; REGISTERS];
    let (mut sparse, mut dense) = (hll::new(), hll::from_registers(&empty));
    for element in data.chunks(2) {
        let (index, value) = hll::place_of(element);
        let raised = raise(&mut sparse, index, value, 3000).expect("it is whole");
        assert_eq!(raised, hll::raise_dense(&mut dense, index, value));
    }
    let (one, other) = (registers(&sparse).expect("it is whole"), registers(&dense).expect("it is whole"));
    assert_eq!(one, other);
    for bytes in [&mut sparse, &mut dense] {
        // Who changes registers says that the count is out of date.
        hll::forget_cached(bytes);
        hll::check_registers(bytes).unwrap_or_else(|broken| panic!("{broken}"));
    }
    let count = hll::count(&sparse);
    assert_eq!((count, Ok(hll::count_registers(&one))), (hll::count(&dense), count));
    if !hll::is_dense(&sparse) {
        let mut turned = hll::to_dense(&sparse).expect("it is whole");
        hll::forget_cached(&mut turned);
        assert_eq!(turned, dense);
    }
    assert_eq!(hll::from_registers(&one), dense);
}

fuzz_target!(|data: &[u8]| {
    if hll::check(data).is_ok() {
        let read = registers(data).map(|registers| hll::count_registers(&registers));
        assert_eq!(hll::count(data), read);
        let _ = hll::cached(data);
    }
    let (runs, steps) = data.split_at(data.len() / 2);
    hostile(runs, steps);
    // Few runs make up all registers by chance, so here the rest is given.
    let mut whole: Vec<u8> = Vec::new();
    let mut left = REGISTERS;
    for &byte in runs {
        let length = match byte >> 6 {
            0 => usize::from(byte & 63) + 1,
            1 => continue,
            _ => usize::from(byte & 3) + 1,
        };
        if length > left {
            break;
        }
        left -= length;
        whole.push(byte);
    }
    whole.extend((left > 0).then(|| [(left - 1 >> 8) as u8 | 0x40, (left - 1) as u8]).into_iter().flatten());
    hostile(&whole, steps);
    both_forms(data);
});
