//! The small sorted set: a listpack of member, score, member, score in the order of score, then member.
//!
//! A score that is an integer stands there as one, any other as the text that Redis writes; what others wrote is read
//! as well.

use redstart_encoding::float::{F64Text, as_plain_integer};
use redstart_encoding::listpack::{Element, Pack, PackEdit};
use redstart_encoding::sorted::Edge;

/// A member's place in the listpack, and its score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    /// The member's offset.
    pub(crate) at: usize,
    /// The score's offset.
    pub(super) score_at: usize,
    pub(crate) score: f64,
}

/// The score that an element is.
#[inline]
pub(super) fn score_of(element: Element<'_>) -> f64 {
    match element {
        Element::Int(number) => number as f64,
        Element::Bytes(text) => std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).unwrap_or(0.0),
    }
}

fn pair_at(pack: &Pack, at: usize) -> Pair {
    let score_at = pack.next(at).expect("in a sorted set every member is followed by its score");
    Pair { at, score_at, score: score_of(pack.get(score_at)) }
}

/// Where a member stands.
#[inline]
pub(super) fn find(pack: &Pack, member: &[u8]) -> Option<Pair> {
    pack.find(member, 1).map(|at| pair_at(pack, at))
}

/// The pairs from the one at an offset on.
pub(super) fn pairs_at(pack: &Pack, at: Option<usize>) -> impl Iterator<Item = Pair> {
    std::iter::successors(at, |&at| pack.next(pack.next(at)?)).map(|at| pair_at(pack, at))
}

/// All pairs in order.
pub(crate) fn pairs(pack: &Pack) -> impl Iterator<Item = Pair> {
    pairs_at(pack, pack.first())
}

/// The pairs from the one at `index` on.
pub(super) fn pairs_from(pack: &Pack, index: usize) -> impl Iterator<Item = Pair> {
    pairs_at(pack, pack.seek(2 * index as i64))
}

/// The pairs from the one at `index` on, in reverse order.
pub(super) fn pairs_back_from(pack: &Pack, index: usize) -> impl Iterator<Item = Pair> {
    let first = pack.seek(2 * index as i64);
    std::iter::successors(first, |&at| pack.prev(pack.prev(at)?)).map(|at| pair_at(pack, at))
}

/// Whether an edge is after a pair.
pub(super) fn is_before(pack: &Pack, pair: Pair, edge: &Edge<'_>) -> bool {
    match edge {
        // The name of an integer is text only for the time of a comparison.
        Edge::BeforeName(_) | Edge::AfterName(_) | Edge::Member(..) => {
            pack.get(pair.at).with_bytes(|name| edge.is_after(pair.score, || name))
        }
        _ => edge.is_after(pair.score, || b""),
    }
}

/// The element that a score becomes.
#[derive(Clone, Copy)]
enum ScoreText {
    Int(i64),
    Text(F64Text),
}

impl ScoreText {
    fn new(score: f64) -> Self {
        as_plain_integer(score).map_or_else(|| Self::Text(F64Text::new(score)), Self::Int)
    }

    fn element(&self) -> Element<'_> {
        match self {
            Self::Int(number) => Element::Int(*number),
            Self::Text(text) => Element::Bytes(text.as_bytes()),
        }
    }
}

/// Adds a member that is not there, at its place.
pub(super) fn insert(pack: &mut impl PackEdit, member: &[u8], score: f64) {
    let edge = Edge::Member(score, member);
    let after = pairs(pack).find(|&pair| !is_before(pack, pair, &edge)).map(|pair| pair.at);
    let text = ScoreText::new(score);
    let elements = [Element::from_bytes(member), text.element()];
    match after {
        Some(at) => pack.insert_all(at, &elements),
        None => pack.append(&elements),
    }
}

/// Adds a member that comes after all others.
pub(super) fn push_last(pack: &mut impl PackEdit, member: &[u8], score: f64) {
    let text = ScoreText::new(score);
    pack.append(&[Element::from_bytes(member), text.element()]);
}

/// Gives the member of a pair another score.
pub(super) fn set_score(pack: &mut impl PackEdit, pair: Pair, member: &[u8], score: f64) {
    let edge = Edge::Member(score, member);
    let stays = {
        let before = pack.prev(pair.at).and_then(|at| pack.prev(at)).map(|at| pair_at(pack, at));
        let after = pack.next(pair.score_at).map(|at| pair_at(pack, at));
        before.is_none_or(|before| is_before(pack, before, &edge))
            && after.is_none_or(|after| !is_before(pack, after, &edge))
    };
    if stays {
        return pack.replace_element(pair.score_at, ScoreText::new(score).element());
    }
    pack.remove(pair.at, 2);
    insert(pack, member, score);
}
