//! A consumer group under operations taken from the input, against a map: its index of pending ids, and each
//! consumer's.
#![no_main]

use libfuzzer_sys::fuzz_target;
use redstart_encoding::stream::{Group, Groups, StreamId};
use std::collections::BTreeMap;

/// Who has an entry, nobody after it was handed back; and how often it was delivered.
type Model = BTreeMap<StreamId, (Option<u8>, u64)>;

/// Ids in runs, so that chunks fill, and some at the ends of the range.
fn id(one: u8, other: u8) -> StreamId {
    match one {
        255 => StreamId::MAX,
        254 => StreamId::MIN,
        _ => StreamId::new(u64::from(one / 32), u64::from(other)),
    }
}

fn consumer(group: &mut Group, who: u8) -> redstart_encoding::stream::ConsumerId {
    group.create_consumer(&[who], 0).unwrap_or_else(|there| there)
}

fn check(group: &Group, model: &Model) {
    group.check().unwrap_or_else(|broken| panic!("{broken}"));
    let seen: Vec<_> = group
        .pending_from(StreamId::MIN)
        .map(|(id, one)| (id, (one.owner().map(|who| group.consumer(who).name()[0]), one.deliveries)))
        .collect();
    assert!(seen.iter().copied().eq(model.iter().map(|(id, one)| (*id, *one))));
    assert_eq!(group.pending_count(), model.len());
    assert_eq!(group.unowned_count(), model.values().filter(|(owner, _)| owner.is_none()).count());
    let edges = model.keys().next().copied().zip(model.keys().next_back().copied());
    assert_eq!(group.pending_edges(), edges);
    for (who, consumer) in group.consumers() {
        let own = model.iter().filter(|(_, (owner, _))| *owner == Some(consumer.name()[0])).map(|(id, _)| *id);
        assert!(group.pending_of(who, StreamId::MIN).map(|(id, _)| id).eq(own));
    }
}

fuzz_target!(|data: &[u8]| {
    let mut groups = Groups::default();
    let group = groups.create(b"group", StreamId::MIN, None).expect("there is no group yet");
    let mut model = Model::new();
    for (number, step) in data.chunks_exact(4).enumerate() {
        if number % 16 == 0 {
            group.check().unwrap_or_else(|broken| panic!("{broken}"));
        }
        let (who, id) = (step[1] % 4, id(step[2], step[3]));
        match step[0] % 16 {
            0..3 => {
                // Most ids come in order, many at a time.
                let owner = consumer(group, who);
                let last = model.keys().next_back().copied().unwrap_or_default();
                let mut next = StreamId::new(last.ms, last.seq.saturating_add(1));
                for _ in 0..step[3] {
                    group.deliver(next, owner, 1);
                    model.insert(next, (Some(who), 1));
                    next = StreamId::new(next.ms, next.seq.saturating_add(1));
                }
            }
            3..7 => {
                let owner = consumer(group, who);
                group.deliver(id, owner, 1);
                model.insert(id, (Some(who), 1));
            }
            7 | 8 => {
                let owner = consumer(group, who);
                group.assign(id, owner, 1, u64::from(step[1]));
                model.insert(id, (Some(who), u64::from(step[1])));
            }
            9 | 10 => {
                group.release(id, u64::from(step[1]));
                model.insert(id, (None, u64::from(step[1])));
            }
            11 | 12 => assert_eq!(group.acknowledge(id), model.remove(&id).is_some()),
            13 => {
                let before = model.len();
                model.retain(|_, (owner, _)| *owner != Some(who));
                assert_eq!(group.delete_consumer(&[who]).unwrap_or(0), before - model.len());
            }
            14 => {
                assert_eq!(group.next_pending(id), model.range(id..).next().map(|(id, _)| *id));
                assert!(group.pending_from(id).map(|(id, _)| id).eq(model.range(id..).map(|(id, _)| *id)));
                assert_eq!(group.pending(id).map(|one| one.deliveries), model.get(&id).map(|(_, count)| *count));
            }
            _ => {
                let unowned = group.unowned_count();
                let claimable = group.claimable(0, 256, usize::MAX);
                assert_eq!(claimable.len(), model.len());
                assert!(claimable[..unowned].iter().all(|id| model[id].0.is_none()));
                group.redeliver(id, i64::from(step[1]));
                model.entry(id).and_modify(|(_, count)| *count += 1);
            }
        }
    }
    check(group, &model);
});
