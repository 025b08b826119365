//! The log against a model that keeps everything, with readers that come and go.

use super::*;
use crate::effects::encode;
use redstart_services::stats::{RANDOM_STEP, random_bits};

const PING: &[u8] = b"*1\r\n$4\r\nPING\r\n";
const MULTI: &[u8] = b"*1\r\n$5\r\nMULTI\r\n";
const EXEC: &[u8] = b"*1\r\n$4\r\nEXEC\r\n";

struct Random(u64);

impl Random {
    /// `REDSTART_LOG_SEED`, or the time.
    fn new() -> Self {
        let given = std::env::var("REDSTART_LOG_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| redstart_sys::clock::unix_ms().unsigned_abs());
        println!("REDSTART_LOG_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(RANDOM_STEP);
        random_bits(self.0) % bound
    }

    fn one_in(&mut self, odds: u64) -> bool {
        self.below(odds) == 0
    }
}

fn select(database: usize) -> Vec<u8> {
    let mut out = Vec::new();
    encode(&mut out, [b"SELECT".as_slice(), database.to_string().as_bytes()].into_iter());
    out
}

fn command(number: usize, bytes: usize) -> Vec<u8> {
    let mut out = Vec::new();
    encode(&mut out, [b"SET".as_slice(), number.to_string().as_bytes(), &vec![b'v'; bytes]].into_iter());
    out
}

/// The first command's length, or a time mark's; `None` where it is not whole.
fn length(bytes: &[u8]) -> Option<usize> {
    let line = |from: usize| Some(from + bytes.get(from..)?.windows(2).position(|two| two == b"\r\n")? + 2);
    let number = |from: usize, to: usize| std::str::from_utf8(&bytes[from + 1..to - 2]).ok()?.parse::<usize>().ok();
    let mut at = line(0)?;
    if bytes[0] == b'#' {
        return Some(at);
    }
    for _ in 0..number(0, at)? {
        let end = line(at)?;
        at = end + number(at, end)? + 2;
    }
    (at <= bytes.len()).then_some(at)
}

/// All that was appended: commands and MULTI and EXEC, which are for no database.
#[derive(Default)]
struct Model {
    commands: Vec<(Option<usize>, Vec<u8>)>,
    /// Behind which commands units end.
    unit_ends: Vec<usize>,
}

/// Something that follows the log: a file, a replica, or one that takes units and makes its own SELECTs.
struct Follower {
    reader: Reader,
    audience: Audience,
    /// The command that comes next.
    next: usize,
    /// The database that it selected last.
    database: Option<usize>,
    /// What came and is no whole command.
    rest: Vec<u8>,
}

impl Follower {
    fn new(log: &Arc<Log>, audience: Audience, next: usize) -> Self {
        Self { reader: log.register(audience), audience, next, database: None, rest: Vec::new() }
    }

    fn fork(&self) -> Self {
        Self { reader: self.reader.fork(), rest: self.rest.clone(), ..*self }
    }

    /// Takes what comes next, up to so many bytes, and compares it. A file may take a part of it only.
    fn read(&mut self, model: &Model, most: u64, part: Option<usize>) {
        let batch = self.reader.read(most);
        let total: usize = batch.parts.iter().map(|part| part.bytes.len()).sum();
        let mut left = part.map_or(usize::MAX, |part| part % (total + 1));
        let upto = batch.position_after(left);
        let (length, before) = (upto - self.reader.position(), self.next);
        for part in &batch.parts {
            let bytes = &part.bytes[..part.bytes.len().min(left)];
            left -= bytes.len();
            // A part for no database comes before the first command.
            let other = part.database.filter(|_| self.audience == Audience::UNITS && part.database != self.database);
            if let Some(database) = other {
                self.check(model, &select(database));
            }
            self.check(model, bytes);
        }
        drop(batch);
        self.reader.advance(upto);
        if part.is_none() {
            assert!(self.rest.is_empty(), "a unit is not whole");
            let units = |upto| model.unit_ends.partition_point(|&end| end <= upto);
            let is_boundary = self.next == 0 || model.unit_ends.binary_search(&self.next).is_ok();
            assert!(is_boundary && (length <= most || units(self.next) - units(before) <= 1), "it is cut elsewhere");
        }
    }

    fn check(&mut self, model: &Model, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        let mut at = 0;
        while let Some(length) = length(&self.rest[at..]).filter(|_| at < self.rest.len()) {
            let command = &self.rest[at..at + length];
            at += length;
            if command.starts_with(b"#TS:") {
                assert!(self.audience == Audience::FILE);
            } else if command == PING {
                assert!(self.audience == Audience::REPLICAS);
            } else if let Some(database) = (0..4).find(|&database| command == select(database)) {
                self.database = Some(database);
            } else {
                let (database, expected) = &model.commands[self.next];
                assert!(command == expected && (database.is_none() || *database == self.database));
                self.next += 1;
            }
        }
        self.rest.drain(..at);
    }
}

fn append(log: &Log, model: &mut Model, random: &mut Random) {
    let mut unit = log.begin_unit();
    let mut commands = Vec::new();
    if random.one_in(8) {
        unit.note_time(model.commands.len() as i64 / 100 + 1);
    }
    if random.one_in(8) {
        unit.aside(Audience::REPLICAS, PING);
    }
    let count = if random.one_in(4) { random.below(4) + 1 } else { 1 };
    if count > 1 {
        unit.frame(MULTI);
        commands.push((None, MULTI.to_vec()));
    }
    for _ in 0..count {
        let database = if random.one_in(8) { random.below(4) as usize } else { 0 };
        let bytes = if random.one_in(64) { random.below(4 * SEGMENT_BYTES as u64) } else { random.below(300) };
        let bytes = command(model.commands.len() + commands.len(), bytes as usize);
        unit.command(database, &bytes);
        commands.push((Some(database), bytes));
    }
    if count > 1 {
        unit.frame(EXEC);
        commands.push((None, EXEC.to_vec()));
    }
    if random.one_in(16) {
        // The thread panics.
        return drop(unit);
    }
    assert_eq!(unit.finish(), log.end());
    model.commands.append(&mut commands);
    model.unit_ends.push(model.commands.len());
}

#[test]
fn every_reader_gets_every_unit_once_and_whole() {
    let mut random = Random::new();
    let (log, mut model) = (Arc::new(Log::default()), Model::default());
    let mut followers: Vec<Follower> = Vec::new();
    for _ in 0..20_000 {
        let chosen = random.below(followers.len().max(1) as u64) as usize;
        match random.below(16) {
            _ if followers.is_empty() => {
                let audience = [Audience::UNITS, Audience::FILE, Audience::REPLICAS][random.below(3) as usize];
                followers.push(Follower::new(&log, audience, model.commands.len()));
            }
            0 if followers.len() < 8 => {
                let audience = [Audience::UNITS, Audience::FILE, Audience::REPLICAS][random.below(3) as usize];
                if audience == Audience::REPLICAS {
                    // As at a full synchronisation: it knows of no database.
                    log.restart(audience);
                }
                // The file has one writer.
                if audience != Audience::FILE || followers.iter().all(|other| other.audience != audience) {
                    followers.push(Follower::new(&log, audience, model.commands.len()));
                }
            }
            1 if followers.len() < 8 && followers[chosen].audience != Audience::FILE => {
                followers.push(followers[chosen].fork());
            }
            2 if random.one_in(2) => drop(followers.swap_remove(chosen)),
            3..6 => {
                let part = random.one_in(2).then(|| random.below(1 << 20) as usize);
                let follower = &mut followers[chosen];
                let part = part.filter(|_| follower.audience == Audience::FILE);
                let most = if random.one_in(2) { u64::MAX } else { random.below(100_000) };
                follower.read(&model, most, part);
            }
            _ => append(&log, &mut model, &mut random),
        }
    }
    for mut follower in followers {
        follower.read(&model, u64::MAX, None);
        assert!(follower.next == model.commands.len() && follower.reader.behind() == 0);
    }
    assert_eq!(log.room(), 0, "without readers nothing is kept");
}

#[test]
fn memory_is_kept_for_the_slowest_reader_and_freed_behind_it() {
    let log = Arc::new(Log::default());
    let (mut fast, mut slow) = (log.register(Audience::FILE), log.register(Audience::UNITS));
    let append = |count: usize| {
        for number in 0..count {
            let mut unit = log.begin_unit();
            unit.command(0, &command(number, 1000));
            unit.finish();
        }
    };
    append(1000);
    let end = log.end();
    fast.advance(end);
    assert!(log.room() > 1_000_000, "{}", log.room());
    slow.advance(end);
    let spare = (SPARE_SEGMENTS + 1) * SEGMENT_BYTES;
    assert!(log.room() < spare * 2, "{}", log.room());
    // The same memory serves from here on.
    for _ in 0..100 {
        append(10);
        fast.advance(log.end());
        slow.advance(log.end());
    }
    assert!(log.room() < spare * 2, "{}", log.room());
}

#[test]
fn the_offset_of_replicas_counts_what_they_get() {
    let log = Arc::new(Log::default());
    let mut readers = [Audience::FILE, Audience::REPLICAS, Audience::UNITS].map(|audience| log.register(audience));
    let append = |database: usize| {
        let mut unit = log.begin_unit();
        unit.note_time(7);
        unit.command(database, PING);
        unit.finish();
    };
    append(0);
    append(0);
    // A new file; replicas know their database.
    log.restart(Audience::FILE);
    append(0);
    append(2);
    let [file, replicas, units] = readers.each_mut().map(|reader| bytes(&reader.read(u64::MAX)));
    let expected = [&*select(0), &PING.repeat(3), &select(2), PING].concat();
    assert_eq!((log.offset(Audience::REPLICAS), replicas), (expected.len() as u64, expected));
    let time = b"#TS:7\r\n".as_slice();
    let expected = [time, &select(0), &PING.repeat(2), time, &select(0), PING, &select(2), PING].concat();
    assert_eq!((log.offset(Audience::FILE), file), (expected.len() as u64, expected));
    assert_eq!((log.commands(), units), (4, PING.repeat(4)));
}

fn bytes(batch: &Batch) -> Vec<u8> {
    batch.parts.iter().flat_map(|part| part.bytes.to_vec()).collect()
}

/// Units that each of two threads appends.
const UNITS: usize = 2_000;
/// Commands of each.
const COMMANDS: usize = 3;

#[test]
fn no_reader_sees_a_part_of_a_unit_that_another_thread_appends() {
    let (log, mut random) = (Arc::new(Log::default()), Random::new());
    let writers = [0, 1].map(|writer| (writer * UNITS, random.below(500) as usize));
    let readers = [1, 5_000, u64::MAX].map(|most| (log.register(Audience::UNITS), most));
    std::thread::scope(|scope| {
        for (first, length) in writers {
            let log = &log;
            scope.spawn(move || {
                for number in first..first + UNITS {
                    let mut unit = log.begin_unit();
                    (0..COMMANDS).for_each(|_| unit.command(first, &command(number, length)));
                    unit.finish();
                }
            });
        }
        for (reader, most) in readers {
            scope.spawn(move || read_units(reader, most, writers));
        }
    });
}

/// Reads until it has all units of both threads, whole and in their order.
fn read_units(mut reader: Reader, most: u64, writers: [(usize, usize); 2]) {
    let mut next = writers.map(|(first, _)| first);
    while next != writers.map(|(first, _)| first + UNITS) {
        let batch = reader.read(most);
        let (bytes, upto) = (bytes(&batch), batch.upto);
        drop(batch);
        reader.advance(upto);
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let units = [0, 1].map(|writer| command(next[writer], writers[writer].1).repeat(COMMANDS));
            let writer = units.iter().position(|unit| rest.starts_with(unit)).expect("a whole unit comes next");
            rest = &rest[units[writer].len()..];
            next[writer] += 1;
        }
    }
}
