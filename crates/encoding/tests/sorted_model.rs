//! A long life of one sorted set against std's collections: a `BTreeSet` of (score, member) for the order, a `HashMap`
//! for the scores. Sizes at which leaves, inner nodes and the index split and join; names short, long and equal in
//! their beginnings; scores unique, tied and all the same.

use redstart_encoding::SortedSet;
use redstart_encoding::sorted::Edge;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

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

/// A score with an order.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Score(f64);

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.partial_cmp(&other.0).expect("scores are numbers")
    }
}

/// How scores are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Scores {
    Unique,
    Tied,
    Same,
    Rising,
    Falling,
}

struct Life {
    random: Random,
    set: SortedSet,
    order: BTreeSet<(Score, Vec<u8>)>,
    scores: HashMap<Vec<u8>, f64>,
    kind: Scores,
    clock: f64,
    names: u64,
}

impl Life {
    fn new(seed: u64, kind: Scores, names: u64) -> Self {
        let random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let (order, scores) = (BTreeSet::new(), HashMap::new());
        Self { random, set: SortedSet::new(), order, scores, kind, clock: 0.0, names }
    }

    fn name(&mut self) -> Vec<u8> {
        let number = self.random.below(self.names);
        let mut name = number.to_string().into_bytes();
        match number % 32 {
            0 => name.resize(127 + (number % 3) as usize, b'x'),
            1 => name.resize(900, 0),
            2..6 => name.splice(0..0, *b"the same beginning ").for_each(drop),
            _ => {}
        }
        if number == 7 {
            name.clear();
        }
        name
    }

    fn score(&mut self) -> f64 {
        self.clock += 1.0;
        match (self.kind, self.random.below(50)) {
            (Scores::Same, _) => 1.5,
            (Scores::Rising, _) => self.clock,
            (Scores::Falling, _) => -self.clock,
            (_, 0) => f64::INFINITY,
            (_, 1) => f64::NEG_INFINITY,
            (_, 2) => -0.0,
            (Scores::Tied, _) => self.random.below(20) as f64,
            (Scores::Unique, _) => self.random.next() as f64 / 1e9,
        }
    }

    fn insert(&mut self) {
        let (name, score) = (self.name(), self.score());
        let old = self.set.insert(&name, score);
        assert_eq!(old, self.scores.insert(name.clone(), score));
        if let Some(old) = old {
            assert!(self.order.remove(&(Score(old), name.clone())));
        }
        self.order.insert((Score(score), name));
    }

    fn forget(&mut self, name: &[u8]) -> Option<f64> {
        let score = self.scores.remove(name)?;
        assert!(self.order.remove(&(Score(score), name.to_vec())));
        Some(score)
    }

    fn remove(&mut self) {
        let name = self.name();
        let removed = self.set.remove(&name);
        assert_eq!(removed, self.forget(&name));
    }

    /// Removes a run of ranks: at the start, at the end, or between.
    fn remove_ranks(&mut self, most: u64) {
        let len = self.set.len() as u64;
        let count = self.random.below(most + 1);
        let start = match self.random.below(3) {
            0 => 0,
            1 => len.saturating_sub(count),
            _ => self.random.below(len + 1),
        } as usize;
        let end = start + count as usize;
        let due: Vec<_> = self.order.iter().take(end).skip(start).cloned().collect();
        let mut shown = Vec::new();
        self.set.remove_ranks(start..end, |member, score| shown.push((Score(score), member.to_vec())));
        assert_eq!(shown, due);
        for (_, name) in due {
            self.forget(&name);
        }
    }

    fn look(&mut self) {
        let name = self.name();
        let score = self.set.score(&name);
        assert_eq!(score.map(f64::to_bits), self.scores.get(&name).copied().map(f64::to_bits));
        if let (Some(score), 0) = (score, self.random.below(20)) {
            let rank = self.order.range(..(Score(score), name.clone())).count();
            assert_eq!(self.set.rank(&name), Some(rank));
            let place = self.set.at_rank(rank).expect("a rank below the length");
            assert_eq!((self.set.member_at(place), self.set.score_at(place)), (&name[..], score));
        }
    }

    fn edges(&mut self) {
        let (name, score) = (self.name(), self.score());
        let first = |before: &dyn Fn(f64, &[u8]) -> bool| {
            self.order.iter().position(|(there, name)| !before(there.0, name)).unwrap_or(self.order.len())
        };
        let rank = |edge| self.set.rank_of(&edge);
        assert_eq!(rank(Edge::Start), 0);
        assert_eq!(rank(Edge::End), self.order.len());
        assert_eq!(rank(Edge::BeforeScore(score)), first(&|there, _| there < score));
        assert_eq!(rank(Edge::AfterScore(score)), first(&|there, _| there <= score));
        let member = first(&|there, other| (Score(there), other) < (Score(score), &name[..]));
        assert_eq!(rank(Edge::Member(score, &name)), member);
        if self.kind == Scores::Same {
            assert_eq!(rank(Edge::BeforeName(&name)), first(&|_, other| other < &name[..]));
            assert_eq!(rank(Edge::AfterName(&name)), first(&|_, other| other <= &name[..]));
        }
    }

    fn walk(&mut self) {
        let (start, count) = (self.random.below(self.set.len() as u64 + 2) as usize, 150);
        let pairs = |iter: &mut dyn Iterator<Item = (&[u8], f64)>| -> Vec<_> {
            iter.take(count).map(|(member, score)| (Score(score), member.to_vec())).collect()
        };
        let upwards = pairs(&mut self.set.iter_from(start));
        assert_eq!(upwards, self.order.iter().skip(start).take(count).cloned().collect::<Vec<_>>());
        let downwards = pairs(&mut self.set.iter_back_from(start));
        let mut due: Vec<_> = self.order.iter().take(start + 1).cloned().collect();
        if start >= self.order.len() {
            due.clear();
        }
        assert_eq!(downwards, due.into_iter().rev().take(count).collect::<Vec<_>>());
        self.walk_scores(count);
    }

    fn walk_scores(&mut self, count: usize) {
        let from = self.score();
        let mut seen = Vec::new();
        let whole = self.set.walk_scores(&Edge::BeforeScore(from), |score, place| {
            seen.push((Score(score), self.set.member_at(place).to_vec()));
            if seen.len() == count { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let due: Vec<_> = self.order.iter().filter(|(score, _)| score.0 >= from).take(count).cloned().collect();
        assert_eq!((whole.is_break(), seen), (due.len() == count, due));
    }

    /// A scan with changes between its steps shows all that was there from the first step to the last.
    fn scan(&mut self) {
        let mut due: BTreeSet<Vec<u8>> = self.scores.keys().cloned().collect();
        let mut cursor = 0;
        loop {
            let scores = &self.scores;
            cursor = self.set.scan(cursor, |member, score| {
                assert_eq!(scores.get(member), Some(&score));
                due.remove(member);
            });
            if cursor == 0 {
                break;
            }
            if self.random.below(4) == 0 {
                self.remove();
                due.retain(|name| self.scores.contains_key(name));
                self.insert();
            }
        }
        assert!(due.is_empty(), "{} not shown", due.len());
    }

    fn step(&mut self, growing: bool) {
        match self.random.below(20) {
            0..12 if growing => self.insert(),
            0..12 => self.remove(),
            12..14 => self.insert(),
            14..16 => self.remove(),
            16..18 => self.look(),
            _ if self.random.below(20) > 0 => self.look(),
            _ => match self.random.below(4) {
                0 => self.remove_ranks(if growing { 3 } else { 300 }),
                1 => self.edges(),
                2 => self.walk(),
                _ if self.random.below(10) == 0 => self.scan(),
                _ => self.walk(),
            },
        }
        assert_eq!(self.set.len(), self.scores.len());
    }

    fn check(&self) {
        self.set.check().unwrap_or_else(|broken| panic!("{broken}"));
    }

    fn agree(&self) {
        let all: Vec<_> = self.set.iter_from(0).map(|(member, score)| (Score(score), member.to_vec())).collect();
        assert_eq!(all, self.order.iter().cloned().collect::<Vec<_>>());
        let copy = self.set.copy();
        copy.check().expect("it is sound");
        for (member, score) in &self.scores {
            assert_eq!(copy.score(member), Some(*score));
        }
        let sorted = SortedSet::from_sorted(all.iter().map(|(score, member)| (&member[..], score.0)));
        assert_eq!(sorted.len(), all.len());
        sorted.check().expect("it is sound");
        for (rank, (score, member)) in all.iter().enumerate() {
            assert_eq!((sorted.score(member), sorted.rank(member)), (Some(score.0), Some(rank)));
        }
    }
}

/// `REDSTART_SEED=n` runs another life.
fn seed() -> u64 {
    std::env::var("REDSTART_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

fn live(kind: Scores) {
    let seed = seed();
    println!("seed {seed}");
    redstart_encoding::hash::set_seed(seed);
    let names = if cfg!(miri) { 150 } else { 6_000 };
    let mut life = Life::new(seed, kind, names);
    let steps = if cfg!(miri) { 200 } else { 8_000 };
    for growing in [true, false, true, false] {
        for step in 0..steps {
            life.step(growing);
            if step % (steps / 40) == 0 || life.set.len() < 100 && step % 4 == 0 {
                life.check();
            }
        }
        life.scan();
        life.agree();
    }
    let len = life.set.len();
    life.remove_ranks(0);
    let mut count = 0;
    life.set.remove_ranks(0..len, |_, _| count += 1);
    assert_eq!((count, life.set.len(), life.set.iter_from(0).count()), (len, 0, 0));
    life.check();
    assert_eq!(life.set.insert(b"again", 1.0), None);
    assert_eq!(life.set.rank(b"again"), Some(0));
}

#[test]
fn unique_scores() {
    live(Scores::Unique);
}

#[test]
fn tied_scores() {
    live(Scores::Tied);
}

#[test]
fn one_score() {
    live(Scores::Same);
}

#[test]
fn rising_scores() {
    live(Scores::Rising);
}

#[test]
fn falling_scores() {
    live(Scores::Falling);
}

/// Large enough for three levels of inner nodes and a deep index; then emptied from the lower end and from both.
#[test]
fn many_members() {
    redstart_encoding::hash::set_seed(seed());
    let total = if cfg!(miri) { 500 } else { 200_000_u64 };
    let mut set = SortedSet::new();
    let mut random = Random(seed() | 1);
    let mut scores = Vec::new();
    for number in 0..total {
        let score = random.below(1 << 30) as f64;
        assert_eq!(set.insert(format!("member:{number}").as_bytes(), score), None);
        scores.push((Score(score), format!("member:{number}").into_bytes()));
    }
    set.check().unwrap();
    let mut sorted = scores.clone();
    sorted.sort();
    for (rank, (score, member)) in sorted.iter().enumerate().step_by(97) {
        assert_eq!((set.score(member), set.rank(member)), (Some(score.0), Some(rank)));
    }
    for number in (0..total).step_by(2) {
        let (score, member) = &scores[number as usize];
        assert_eq!(set.remove(member), Some(score.0));
    }
    sorted.retain(|(_, member)| {
        let digits = std::str::from_utf8(&member[7..]).expect("digits");
        digits.parse::<u64>().expect("a number") % 2 == 1
    });
    assert!(
        set.iter_from(0).map(|(member, score)| (Score(score), member)).eq(sorted.iter().map(|(s, m)| (*s, &m[..])))
    );
    let mut low = 0;
    set.check().unwrap();
    while set.len() > 10 {
        let take = (set.len() / 3).min(1 + low / 2);
        let mut shown = Vec::new();
        set.remove_ranks(0..take, |member, score| shown.push((Score(score), member.to_vec())));
        assert_eq!(shown, sorted[low..low + take]);
        low += take;
        let last = set.len() - 1;
        set.remove_ranks(last..last + 1, |_, _| {});
        sorted.pop();
    }
    set.check().unwrap();
    assert!(set.iter_from(0).map(|(member, _)| member).eq(sorted[low..].iter().map(|(_, member)| &member[..])));
}
