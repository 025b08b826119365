//! A stream under operations taken from the input, and the input offered as a block from a file: refused, or readable,
//! changeable and written back as it was read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_encoding::stream::{BlockLimits, Log, StreamId, Trim, TrimTo};

const LIMITS: BlockLimits = BlockLimits { bytes: 200, entries: 20 };

/// Reads all in both directions, which must agree; gives the ids.
fn read(log: &Log) -> Vec<StreamId> {
    log.check().unwrap_or_else(|broken| panic!("{broken}"));
    let ids: Vec<StreamId> = log
        .range(StreamId::MIN, StreamId::MAX)
        .inspect(|entry| assert_eq!(entry.fields().count(), entry.field_count()))
        .map(|entry| entry.id())
        .collect();
    let back = log.range_back(StreamId::MIN, StreamId::MAX).map(|entry| entry.id());
    assert!(back.eq(ids.iter().rev().copied()));
    assert_eq!(ids.len() as u64, log.len());
    assert_eq!(log.first_id(), ids.first().copied().unwrap_or_default());
    ids
}

fn append(log: &mut Log, step: u64, value: &[u8]) {
    let last = log.last_id();
    let Some(id) = StreamId::new(last.ms.saturating_add(step >> 4), last.seq).next() else { return };
    let pairs = [(&b"field"[..], value), (value, &b"1"[..])];
    log.append(id, pairs[..1 + (step as usize & 1)].iter().copied(), LIMITS);
}

fuzz_target!(|data: &[u8]| {
    let mut log = Log::default();
    if log.append_block(StreamId::new(1, 1), data).is_ok() {
        let mut again = Log::default();
        for (first, bytes) in log.blocks() {
            again.append_block(first, bytes).expect("a block that was accepted is one");
        }
        assert!(again.blocks().eq(log.blocks()));
    }
    for step in data.chunks(3) {
        let number = u64::from(step[0]);
        match step[0] & 7 {
            0..4 => append(&mut log, number, step),
            4 => {
                let ids = read(&log);
                if let Some(id) = ids.get(usize::from(step[step.len() - 1])) {
                    assert!(log.delete(*id));
                    assert!(!log.contains(*id));
                }
            }
            5 => {
                let trim = Trim { to: TrimTo::Length(number), approximate: step.len() > 2, limit: 0 };
                log.trim(&trim);
            }
            6 => {
                let to = TrimTo::Id(StreamId::new(log.first_id().ms.saturating_add(1), number));
                log.trim(&Trim { to, approximate: step.len() < 2, limit: 0 });
            }
            _ => drop(read(&log)),
        }
    }
    read(&log);
});
