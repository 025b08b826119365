//! The stream against ordered maps: its log, its groups, and its blocks as foreign bytes.

use proptest::prelude::*;
use redstart_encoding::stream::{BlockLimits, Group, Log, Stream, StreamId, Trim, TrimTo};
use std::collections::{BTreeMap, BTreeSet};

type Pairs = Vec<(Vec<u8>, Vec<u8>)>;
type Entries = BTreeMap<StreamId, Pairs>;

const CASES: u32 = if cfg!(miri) { 6 } else { 300 };
const STEPS: usize = if cfg!(miri) { 40 } else { 400 };

fn append(log: &mut Log, id: StreamId, pairs: &Pairs, limits: BlockLimits) {
    log.append(id, pairs.iter().map(|(field, value)| (field.as_slice(), value.as_slice())), limits);
}

fn read(log: &Log, start: StreamId, end: StreamId) -> Vec<(StreamId, Pairs)> {
    let show = |entry: redstart_encoding::stream::StreamEntry<'_>| {
        let fields = entry.fields().map(|(field, value)| (field.to_vec(), value.to_vec())).collect();
        (entry.id(), fields)
    };
    let forward: Vec<_> = log.range(start, end).map(show).collect();
    let mut backward: Vec<_> = log.range_back(start, end).map(show).collect();
    backward.reverse();
    assert_eq!(forward, backward);
    forward
}

/// A log of the same blocks, read as foreign bytes.
fn reread(log: &Log) -> Log {
    let mut copy = Log::default();
    for (first, bytes) in log.blocks() {
        copy.append_block(first, bytes).expect("a block of its own making is one");
    }
    copy.set_counters(log.counters());
    copy
}

#[derive(Clone, Debug)]
enum Step {
    /// Milliseconds and numbers further than the last id, and what to add.
    Append(u64, u64, Pairs),
    /// Removes the entry at this place.
    Delete(usize),
    /// Removes ids that mostly are not there.
    DeleteId(u64, u64),
    TrimLength(u64, bool, u64),
    TrimId(u64, bool, u64),
    /// Trims to a length or an id, but for entries whose number within the millisecond has a divisor.
    TrimEach(bool, u64, u64),
    Range(u64, u64),
    Reread,
}

fn pairs() -> impl Strategy<Value = Pairs> {
    let value = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..20),
        any::<i64>().prop_map(|number| number.to_string().into_bytes()),
        (0i64..300).prop_map(|number| number.to_string().into_bytes()),
    ];
    let same = value.clone().prop_map(|value| vec![(b"field".to_vec(), value.clone()), (b"7".to_vec(), value)]);
    let other = prop::collection::vec((prop::sample::select(vec!["a", "b", "12"]), value), 1..4)
        .prop_map(|pairs| pairs.into_iter().map(|(field, value)| (field.as_bytes().to_vec(), value)).collect());
    prop_oneof![4 => same, 1 => other]
}

fn step() -> impl Strategy<Value = Step> {
    let far = prop::sample::select(vec![0, 1, 1, 2, 300, 70_000]);
    prop_oneof![
        12 => (far.clone(), far, pairs()).prop_map(|(ms, seq, pairs)| Step::Append(ms, seq, pairs)),
        3 => any::<usize>().prop_map(Step::Delete),
        1 => (0u64..50, 0u64..5).prop_map(|(ms, seq)| Step::DeleteId(ms, seq)),
        1 => (0u64..300, any::<bool>(), 0u64..100).prop_map(|(n, about, limit)| Step::TrimLength(n, about, limit)),
        1 => (0u64..100_000, any::<bool>(), 0u64..100).prop_map(|(n, about, limit)| Step::TrimId(n, about, limit)),
        1 => (any::<bool>(), 0u64..300, 2u64..4).prop_map(|(by_id, n, divisor)| Step::TrimEach(by_id, n, divisor)),
        2 => (0u64..100_000, 0u64..1_000_000).prop_map(|(start, end)| Step::Range(start, end)),
        1 => Just(Step::Reread),
    ]
}

struct Both {
    log: Log,
    model: Entries,
    limits: BlockLimits,
}

impl Both {
    fn apply(&mut self, step: Step) {
        let (log, model) = (&mut self.log, &mut self.model);
        match step {
            Step::Append(ms, seq, pairs) => {
                let last = log.last_id();
                let seq = if ms == 0 { last.seq + seq.max(1) } else { seq };
                let id = StreamId::new(last.ms + ms, seq);
                append(log, id, &pairs, self.limits);
                model.insert(id, pairs);
                assert_eq!(log.last_id(), id);
            }
            Step::Delete(place) => {
                let Some(id) = model.keys().nth(place % model.len().max(1)).copied() else { return };
                assert!(log.delete(id) && model.remove(&id).is_some());
                assert!(!log.delete(id), "gone is gone");
            }
            Step::DeleteId(ms, seq) => {
                let id = StreamId::new(ms, seq);
                assert_eq!(log.delete(id), model.remove(&id).is_some());
            }
            Step::TrimLength(length, approximate, limit) => {
                let limit = if approximate { limit } else { 0 };
                let removed = log.trim(&Trim { to: TrimTo::Length(length), approximate, limit });
                let wanted = (model.len() as u64).saturating_sub(length);
                if !approximate {
                    assert_eq!(removed, wanted);
                }
                assert!(removed <= wanted && (limit == 0 || removed <= limit));
                (0..removed).for_each(|_| drop(model.pop_first()));
            }
            Step::TrimId(ms, approximate, limit) => {
                let (id, limit) = (StreamId::new(ms, 0), if approximate { limit } else { 0 });
                let removed = log.trim(&Trim { to: TrimTo::Id(id), approximate, limit });
                let wanted = model.range(..id).count() as u64;
                if !approximate {
                    assert_eq!(removed, wanted);
                }
                assert!(removed <= wanted && (limit == 0 || removed <= limit));
                (0..removed).for_each(|_| drop(model.pop_first()));
            }
            Step::TrimEach(by_id, number, divisor) => {
                let keeps = |id: &StreamId| id.seq.is_multiple_of(divisor);
                let oldest = StreamId::new(number * 300, 0);
                let to = if by_id { TrimTo::Id(oldest) } else { TrimTo::Length(number) };
                let removed = log.trim_each(&Trim { to, approximate: false, limit: 0 }, |id| keeps(&id));
                let before = model.len();
                let most = if by_id { usize::MAX } else { before.saturating_sub(number as usize) };
                let gone = model.keys().filter(|id| !(keeps(id) || by_id && **id >= oldest)).take(most);
                for id in gone.copied().collect::<Vec<_>>() {
                    model.remove(&id);
                }
                assert_eq!(removed as usize, before - model.len());
            }
            Step::Range(start, end) => {
                let (start, end) = (StreamId::new(start, 3), StreamId::new(end, 1));
                let expected: Vec<_> = if start <= end {
                    model.range(start..=end).map(|(id, pairs)| (*id, pairs.clone())).collect()
                } else {
                    Vec::new()
                };
                assert_eq!(read(log, start, end), expected);
            }
            Step::Reread => *log = reread(log),
        }
    }

    fn check(&self) {
        let (log, model) = (&self.log, &self.model);
        assert_eq!(log.len(), model.len() as u64);
        assert_eq!(log.first_id(), model.keys().next().copied().unwrap_or_default());
        assert_eq!(log.top_id(), model.keys().next_back().copied().unwrap_or_default());
    }

    fn check_all(&self) {
        self.check();
        self.log.check().unwrap_or_else(|broken| panic!("{broken}"));
        let all = read(&self.log, StreamId::MIN, StreamId::MAX);
        assert!(all.iter().map(|(id, pairs)| (id, pairs)).eq(&self.model));
        for (id, pairs) in &self.model {
            let found = read(&self.log, *id, *id);
            assert_eq!(found, vec![(*id, pairs.clone())]);
        }
        let again = reread(&self.log);
        again.check().expect("it is sound");
        assert_eq!((again.len(), again.first_id()), (self.log.len(), self.log.first_id()));
        assert!(again.blocks().eq(self.log.blocks()), "what was written is what is read");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn log_is_an_ordered_map(
        steps in prop::collection::vec(step(), 0..STEPS),
        entries in prop::sample::select(vec![0, 1, 5, 100, 200]),
        bytes in prop::sample::select(vec![0, 60, 4096]),
    ) {
        let limits = BlockLimits { bytes, entries };
        let mut both = Both { log: Log::default(), model: Entries::new(), limits };
        for (number, step) in steps.into_iter().enumerate() {
            both.apply(step);
            both.check();
            if number % 8 == 0 || both.model.len() < 8 {
                both.log.check().unwrap_or_else(|broken| panic!("{broken}"));
            }
        }
        both.check_all();
    }

    #[test]
    fn damaged_blocks_are_refused_or_read(
        entries in prop::collection::vec(pairs(), 1..30),
        deleted in prop::collection::vec(any::<usize>(), 0..5),
        damage in prop::collection::vec((any::<usize>(), any::<u8>()), 1..4),
    ) {
        let mut log = Log::default();
        let limits = BlockLimits { bytes: 0, entries: 0 };
        for (number, pairs) in entries.iter().enumerate() {
            append(&mut log, StreamId::new(10, number as u64 + 1), pairs, limits);
        }
        for place in deleted {
            log.delete(StreamId::new(10, (place % entries.len()) as u64 + 1));
        }
        let blocks: Vec<(StreamId, Vec<u8>)> = log.blocks().map(|(first, bytes)| (first, bytes.to_vec())).collect();
        for (first, mut bytes) in blocks {
            for (at, byte) in &damage {
                let at = at % bytes.len();
                bytes[at] = *byte;
            }
            let mut other = Log::default();
            if other.append_block(first, &bytes).is_ok() {
                other.check().unwrap();
                let all = read(&other, StreamId::MIN, StreamId::MAX);
                prop_assert_eq!(all.len() as u64, other.len());
                for (id, _) in all {
                    prop_assert!(other.delete(id));
                }
                append(&mut other, StreamId::MAX, &entries[0], limits);
                other.check().unwrap();
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Claim {
    Deliver(u64, u8),
    Assign(u64, Option<u8>, u64),
    Acknowledge(u64),
    DeleteConsumer(u8),
}

fn claim() -> impl Strategy<Value = Claim> {
    let ids = if cfg!(miri) { 60u64 } else { 2000 };
    prop_oneof![
        6 => (0..ids, 0u8..4).prop_map(|(id, who)| Claim::Deliver(id, who)),
        2 => (0..ids, prop::option::of(0u8..4), 0u64..9).prop_map(|(id, who, count)| Claim::Assign(id, who, count)),
        5 => (0..ids).prop_map(Claim::Acknowledge),
        1 => (0u8..4).prop_map(Claim::DeleteConsumer),
    ]
}

/// Who has an entry, and how often it was delivered.
type Owners = BTreeMap<u64, (Option<u8>, u64)>;

fn check_group(group: &Group, model: &Owners) {
    let owner = |name: &[u8]| name[0] - b'0';
    let pending: Vec<_> = group.pending_from(StreamId::MIN).collect();
    assert_eq!(pending.len(), group.pending_count());
    let shown = pending
        .iter()
        .map(|(id, one)| (id.seq, (one.owner().map(|who| owner(group.consumer(who).name())), one.deliveries)));
    assert!(shown.eq(model.iter().map(|(id, one)| (*id, *one))));
    assert_eq!(
        group.pending_edges().map(|(first, last)| (first.seq, last.seq)),
        model.keys().next().copied().zip(model.keys().next_back().copied())
    );
    for (who, consumer) in group.consumers() {
        let own: BTreeSet<u64> = group.pending_of(who, StreamId::MIN).map(|(id, _)| id.seq).collect();
        let expected = model.iter().filter(|(_, one)| one.0 == Some(owner(consumer.name()))).map(|(id, _)| *id);
        assert!(own.iter().copied().eq(expected));
        assert_eq!(consumer.pending_count(), own.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_sides_of_pending_entries_agree(claims in prop::collection::vec(claim(), 0..STEPS * 5)) {
        let mut stream = Stream::new();
        let group = stream.groups.create(b"group", StreamId::MIN, None).unwrap();
        let mut model = Owners::new();
        let mut released: Vec<u64> = Vec::new();
        for (number, claim) in claims.into_iter().enumerate() {
            if number % 64 == 0 {
                group.check().unwrap_or_else(|broken| panic!("{broken}"));
            }
            let consumer = |group: &mut Group, who: u8| {
                group.create_consumer(&[b'0' + who], 0).unwrap_or_else(|there| there)
            };
            match claim {
                Claim::Deliver(id, who) => {
                    let number = consumer(group, who);
                    group.deliver(StreamId::new(0, id), number, 1);
                    model.insert(id, (Some(who), 1));
                }
                Claim::Assign(id, who, count) => {
                    match who {
                        Some(who) => {
                            let number = consumer(group, who);
                            group.assign(StreamId::new(0, id), number, 1, count);
                        }
                        None => group.release(StreamId::new(0, id), count),
                    }
                    released.retain(|&other| other != id);
                    if who.is_none() {
                        released.push(id);
                    }
                    model.insert(id, (who, count));
                }
                Claim::Acknowledge(id) => {
                    assert_eq!(group.acknowledge(StreamId::new(0, id)), model.remove(&id).is_some());
                }
                Claim::DeleteConsumer(who) => {
                    let before = model.len();
                    model.retain(|_, one| one.0 != Some(who));
                    assert_eq!(group.delete_consumer(&[b'0' + who]).unwrap_or(0), before - model.len());
                }
            }
        }
        check_group(group, &model);
        released.retain(|id| model.get(id).is_some_and(|one| one.0.is_none()));
        prop_assert_eq!(group.unowned_count(), released.len());
        // All that is owned was delivered at the same time, so it comes in the order of ids.
        let owned = model.iter().filter(|(_, one)| one.0.is_some()).map(|(id, _)| *id);
        let expected: Vec<u64> = released.iter().copied().chain(owned).collect();
        for (now_ms, expected) in [(10, released.clone()), (11, expected)] {
            let claimable = group.claimable(10, now_ms, usize::MAX);
            prop_assert_eq!(claimable.iter().map(|id| id.seq).collect::<Vec<_>>(), expected);
            group.check().unwrap();
        }
        let copy = stream.copy();
        copy.check().unwrap();
        check_group(copy.groups.get(b"group").unwrap(), &model);
    }
}

#[test]
fn many_pending_in_order_and_out_of_order() {
    let count = if cfg!(miri) { 100 } else { 10_000u64 };
    let mut stream = Stream::new();
    let group = stream.groups.create(b"group", StreamId::MIN, None).unwrap();
    let who = group.create_consumer(b"one", 0).unwrap();
    (0..count).for_each(|number| group.deliver(StreamId::new(number, 0), who, 1));
    // A step that has no divisor in common with the count meets every id once.
    for number in 0..count {
        assert!(group.acknowledge(StreamId::new(number * 7919 % count, 0)));
        assert_eq!(group.pending_count() as u64, count - number - 1);
        if number % 256 == 0 {
            group.check().unwrap();
        }
    }
    assert_eq!(group.consumer(who).pending_count(), 0);
}

/// The clock may go back. What is delivered again then once could not be claimed before the clock was where it had been.
#[test]
fn what_is_delivered_by_a_clock_that_went_back_can_be_claimed() {
    let mut stream = Stream::new();
    let group = stream.groups.create(b"group", StreamId::MIN, None).unwrap();
    let who = group.create_consumer(b"one", 0).unwrap();
    let id = StreamId::new(1, 0);
    group.deliver(id, who, 10_000);
    group.redeliver(id, 100);
    assert_eq!(group.claimable_at_ms(50, 120), 150);
    assert_eq!(group.claimable(50, 200, 9), [id]);
}
