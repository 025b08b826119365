//! A long life of one table of entries against a `HashMap`: growth and shrinking in one go and step by step, expiries
//! that come and go, sweeps, scans and random picks between, the counts true at every moment.

use redstart_encoding::hash::hash;
use redstart_encoding::{Entry, Table, Value, ValueRef};
use std::collections::{BTreeSet, HashMap};

/// A generator of numbers (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 32) % end
    }
}

/// Key numbers in the model, with value and expiry.
struct Life {
    random: Random,
    table: Table<Entry>,
    model: HashMap<u64, (i64, Option<i64>)>,
    volatile: usize,
    next: u64,
    /// The most buckets seen.
    buckets: usize,
}

fn name(number: u64) -> Vec<u8> {
    format!("key:{number}").into_bytes()
}

fn number_of(entry: &Entry) -> u64 {
    let digits = std::str::from_utf8(&entry.key()[4..]).expect("digits");
    digits.parse().expect("a number")
}

fn int(entry: &Entry) -> i64 {
    let ValueRef::Int(number) = entry.value() else { panic!("{entry:?} is no number") };
    number
}

impl Life {
    fn new(seed: u64) -> Self {
        let random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        Self { random, table: Table::new(), model: HashMap::new(), volatile: 0, next: 0, buckets: 0 }
    }

    fn some_expiry(&mut self) -> Option<i64> {
        (self.random.below(3) == 0).then(|| self.random.below(1000) as i64)
    }

    /// A key that is probably there.
    fn some_key(&mut self) -> u64 {
        self.random.below(self.next + self.next / 50 + 2)
    }

    fn remember(&mut self, key: u64, value: Option<(i64, Option<i64>)>) {
        let volatile = value.is_some_and(|(_, expiry)| expiry.is_some());
        let was = match value {
            Some(value) => self.model.insert(key, value),
            None => self.model.remove(&key),
        };
        self.volatile -= usize::from(was.is_some_and(|(_, expiry)| expiry.is_some()));
        self.volatile += usize::from(volatile);
    }

    fn add(&mut self) {
        let (key, value, expiry) = (self.next, self.random.next() as i64, self.some_expiry());
        self.next += 1;
        let name = name(key);
        self.table.insert(hash(&name), Entry::new(&name, Value::Int(value), expiry));
        self.remember(key, Some((value, expiry)));
    }

    fn upsert(&mut self) {
        let (key, value, expiry) = (self.some_key(), self.random.next() as i64, self.some_expiry());
        self.next = self.next.max(key + 1);
        let name = name(key);
        let old = self.table.upsert(hash(&name), Entry::new(&name, Value::Int(value), expiry));
        let shown = old.map(|entry| (int(&entry), entry.expire_ms()));
        assert_eq!(shown, self.model.get(&key).copied());
        self.remember(key, Some((value, expiry)));
    }

    fn remove(&mut self) {
        let key = self.some_key();
        let name = name(key);
        let removed = self.table.remove(hash(&name), &name).map(|entry| (int(&entry), entry.expire_ms()));
        assert_eq!(removed, self.model.get(&key).copied());
        self.remember(key, None);
    }

    fn look(&mut self) {
        let key = self.some_key();
        let name = name(key);
        let found = self.table.get(hash(&name), &name).map(|entry| (int(&entry), entry.expire_ms()));
        assert_eq!(found, self.model.get(&key).copied());
    }

    /// Another expiry, another value, in place: the block may move under the table's word.
    fn change(&mut self) {
        let (key, value, expiry) = (self.some_key(), self.random.next() as i64, self.some_expiry());
        let name = name(key);
        let Some(mut entry) = self.table.get_mut(hash(&name), &name) else { return };
        entry.set_expire_ms(expiry);
        *entry.int_mut().expect("an integer") = value;
        drop(entry);
        self.remember(key, Some((value, expiry)));
    }

    fn pick(&mut self) {
        let random = &mut self.random;
        let picked = self.table.random(|| random.next()).map(|entry| (number_of(&entry), int(&entry)));
        assert_eq!(picked.is_none(), self.model.is_empty());
        if let Some((key, value)) = picked {
            assert_eq!(self.model[&key].0, value);
        }
    }

    /// All that expired before `now`, or whatever has an odd value, is removed in one walk.
    fn sweep(&mut self) {
        let (now, volatile) = (self.random.below(100) as i64, self.random.below(2) == 0);
        let condemned = |value: i64, expiry: Option<i64>| match volatile {
            true => expiry.is_some_and(|at| at < now),
            false => value % 64 == now % 64,
        };
        let (mut cursor, mut gone) = (0, BTreeSet::new());
        loop {
            cursor = self.table.sweep(
                cursor,
                volatile,
                |entry| condemned(int(entry), entry.expire_ms()),
                |entry| assert!(gone.insert(number_of(&entry)), "an item is removed once"),
            );
            if cursor == 0 {
                break;
            }
        }
        let expected = self.model.iter().filter(|(_, (value, expiry))| condemned(*value, *expiry));
        assert_eq!(gone, expected.map(|(key, _)| *key).collect());
        for key in gone {
            self.remember(key, None);
        }
    }

    /// A walk with changes between its steps shows all that was there from the first step to the last.
    fn scan(&mut self) {
        let mut due: BTreeSet<u64> = self.model.keys().copied().collect();
        let (mut cursor, flagged) = (0, self.random.below(2) == 0);
        if flagged {
            due.retain(|key| self.model[key].1.is_some());
        }
        loop {
            let show = |entry: &Entry| {
                due.remove(&number_of(entry));
            };
            cursor = if flagged { self.table.scan_flagged(cursor, show) } else { self.table.scan(cursor, show) };
            if cursor == 0 {
                break;
            }
            if self.random.below(4) == 0 {
                self.add();
                self.remove();
            }
        }
        due.retain(|key| self.model.contains_key(key));
        assert!(due.is_empty(), "not shown: {due:?}");
    }

    fn step(&mut self, growing: bool) {
        match self.random.below(16) {
            0..6 if growing => self.add(),
            0..6 => self.remove(),
            6..8 => self.upsert(),
            8 => self.remove(),
            9..11 => self.look(),
            11..14 => self.change(),
            _ => self.pick(),
        }
        assert_eq!(self.table.len(), self.model.len());
        assert_eq!(self.table.expiring(), self.volatile);
        self.buckets = self.buckets.max(self.table.buckets());
    }

    fn check(&self) {
        self.table.check_with(Entry::check).unwrap_or_else(|broken| panic!("{broken}"));
    }
}

/// `REDSTART_SEED=n` runs another life.
fn seed() -> u64 {
    std::env::var("REDSTART_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

#[test]
fn a_long_life_agrees_with_a_hash_map() {
    let seed = seed();
    println!("seed {seed}");
    redstart_encoding::hash::set_seed(seed);
    let mut life = Life::new(seed);
    let (rounds, steps) = if cfg!(miri) { (2, 200) } else { (6, 50_000) };
    for round in 0..rounds {
        for step in 0..steps {
            // Deep shrinking at the end of every other round: the keys that are left are few.
            life.step(round % 2 == 0 || step < steps / 8);
            if step % (steps / 16) == 0 || life.table.len() < 20 {
                life.check();
            }
            if step % (steps / 3) == 1 {
                life.sweep();
                life.check();
                life.scan();
                life.check();
            }
        }
        if round % 2 == 1 {
            life.next = life.next.min(life.model.keys().max().map_or(0, |key| key + 1));
        }
    }
    assert!(cfg!(miri) || life.buckets > 3000, "{} buckets: no resize went step by step", life.buckets);
    let shown: BTreeSet<u64> = life.table.iter().map(|entry| number_of(&entry)).collect();
    assert_eq!(shown, life.model.keys().copied().collect());
}

/// The life of a table that is filled and emptied entirely, again and again.
#[test]
fn filled_and_emptied() {
    let mut table: Table<Entry> = Table::new();
    for total in if cfg!(miri) { [1, 9, 90, 0] } else { [9, 700, 40_000, 1] } {
        for number in 0..total {
            let name = name(number);
            table.insert(hash(&name), Entry::new(&name, Value::Int(7), (number % 2 == 0).then_some(1)));
        }
        assert_eq!((table.len(), table.expiring()), (total as usize, total.div_ceil(2) as usize));
        table.check_with(Entry::check).unwrap();
        let (mut cursor, mut removed) = (0, 0);
        loop {
            cursor = table.sweep(cursor, false, |_| true, |_| removed += 1);
            if table.len() < 100 || removed % 1024 == 0 {
                table.check().unwrap();
            }
            if cursor == 0 {
                break;
            }
        }
        assert_eq!(removed, total);
        assert_eq!((table.len(), table.expiring()), (0, 0));
        assert!(table.scan(0, |entry| panic!("{entry:?} is gone")) == 0 && table.random(|| 1).is_none());
    }
    assert!(table.buckets() < 2000, "an empty table keeps {} buckets", table.buckets());
}
