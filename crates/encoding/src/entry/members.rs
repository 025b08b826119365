//! Large collections, member by member: found by name, and walked over in steps between which others may change them.
//!
//! A walk remembers a place that means the same however the collection changes: on the number line of hashes, or in the
//! order of scores. What stays as it is from the first step to the last is shown once; whoever changes a member between
//! steps can tell whether it was shown ([`Walk::passed`]).

use super::{Entry, ValueRef};
use crate::field::Field;
use crate::hash::hash;
use crate::object::FieldTable;
use crate::sorted::{Edge, SortedSet};
use crate::table::{Cursor, place_of};

/// Collections of more members than this are large: to go through them takes longer than a command should.
pub const LARGE: usize = 2048;
/// The same for strings, in bytes ...
const LARGE_TEXT: usize = 256 * 1024;
/// ... and for lists and streams, in nodes and blocks: some hundred kilobytes.
const LARGE_ROW: usize = 64;
/// Members of a sorted set that one step shows.
const SOME: usize = 64;

/// A member of a collection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member<'a> {
    /// The member, or the field's name.
    pub name: &'a [u8],
    /// The field's value; empty in sets.
    pub value: &'a [u8],
    /// The score; 0 where there are none.
    pub score: f64,
    /// When it expires, in unix milliseconds.
    pub expire_ms: Option<i64>,
}

impl<'a> Member<'a> {
    fn of_field(field: &'a Field) -> Self {
        Self { name: field.name(), value: field.value(), score: 0.0, expire_ms: field.expire_ms() }
    }

    fn scored(name: &'a [u8], score: f64) -> Self {
        Self { name, value: &[], score, expire_ms: None }
    }
}

/// The members of a collection in one of the encodings for large ones.
#[derive(Clone, Copy, Debug)]
pub enum Members<'a> {
    /// A hash, or a set.
    Table(&'a FieldTable),
    /// A sorted set.
    Sorted(&'a SortedSet),
}

impl Entry {
    /// Whether the value is one that takes long to go through, and that can be gone through in steps: a collection member
    /// by member, what else is long in pieces.
    #[must_use]
    pub fn is_large(&self) -> bool {
        match self.value() {
            ValueRef::Bytes { bytes, .. } => bytes.len() > LARGE_TEXT,
            ValueRef::QuickList(list) => list.node_count() > LARGE_ROW,
            ValueRef::Stream(stream) => stream.log.block_count() > LARGE_ROW,
            value => value.members().is_some_and(|members| members.len() > LARGE),
        }
    }
}

impl<'a> ValueRef<'a> {
    /// The members, if they can be walked over one by one.
    #[must_use]
    pub fn members(&self) -> Option<Members<'a>> {
        match *self {
            ValueRef::HashTable(table) | ValueRef::SetTable(table) => Some(Members::Table(table)),
            ValueRef::SortedSet(set) => Some(Members::Sorted(set)),
            _ => None,
        }
    }
}

impl Members<'_> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Table(table) => table.len(),
            Self::Sorted(set) => set.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Shows all, those of a sorted set from the last one on.
    pub fn each(&self, mut show: impl FnMut(Member<'_>)) {
        match self {
            Self::Table(table) => table.iter().for_each(|field| show(Member::of_field(&field))),
            Self::Sorted(set) => {
                let back = set.len().checked_sub(1).into_iter().flat_map(|last| set.iter_back_from(last));
                back.for_each(|(name, score)| show(Member::scored(name, score)));
            }
        }
    }

    /// Shows the member of this name, if there is one.
    pub fn with<R>(&self, name: &[u8], show: impl FnOnce(Member<'_>) -> R) -> Option<R> {
        match self {
            Self::Table(table) => table.get(hash(name), name).map(|field| show(Member::of_field(&field))),
            Self::Sorted(set) => set.score(name).map(|score| show(Member::scored(name, score))),
        }
    }
}

/// A walk over a collection, which goes on after others changed it.
#[derive(Debug)]
pub struct Walk {
    place: Place,
    done: bool,
}

#[derive(Debug)]
enum Place {
    /// Members below this place on the number line were shown.
    Line(Cursor),
    /// Members from this one on were shown, the last one first; none yet.
    Order(Option<(f64, Vec<u8>)>),
}

impl Walk {
    /// A walk that is at its beginning.
    #[must_use]
    pub fn over(members: Members<'_>) -> Self {
        let place = match members {
            Members::Table(_) => Place::Line(0),
            Members::Sorted(_) => Place::Order(None),
        };
        Self { place, done: false }
    }

    /// Whether all were shown.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Whether a member that is as it was at the beginning was shown.
    #[must_use]
    pub fn passed(&self, member: &Member<'_>) -> bool {
        self.done
            || match &self.place {
                Place::Line(cursor) => place_of(member.name) < *cursor,
                Place::Order(None) => false,
                Place::Order(Some((score, name))) => !Edge::Member(*score, name).is_after(member.score, || member.name),
            }
    }

    /// Whether a member that changes stays on the side where it was, shown or to come. New scores move members.
    #[must_use]
    pub fn keeps_places(&self) -> bool {
        matches!(self.place, Place::Line(_))
    }

    /// Shows the next few members. The collection is the one of the beginning, changed or not.
    pub fn step(&mut self, members: Members<'_>, mut show: impl FnMut(Member<'_>)) {
        match (&mut self.place, members) {
            (Place::Line(cursor), Members::Table(table)) => {
                *cursor = table.scan_once(*cursor, |field| show(Member::of_field(field)));
                self.done = *cursor == 0;
            }
            (Place::Order(last), Members::Sorted(set)) => {
                let rank = last.as_ref().map_or(set.len(), |(score, name)| set.rank_of(&Edge::Member(*score, name)));
                let mut at = None;
                if let Some(first) = rank.checked_sub(1) {
                    for (name, score) in set.iter_back_from(first).take(SOME) {
                        show(Member::scored(name, score));
                        at = Some((score, name));
                    }
                }
                self.done = rank <= SOME;
                if let Some((score, name)) = at {
                    *last = Some((score, name.to_vec()));
                }
            }
            _ => self.done = true,
        }
    }
}
