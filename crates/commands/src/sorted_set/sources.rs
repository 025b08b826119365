//! What sorted sets are combined from: sorted sets, and sets, whose members all have the score 1.

use super::members::Members;
use crate::set::members as set;
use redstart_command::{Context, Error, Key, ValueRef};
use redstart_encoding::Entry;
use redstart_encoding::table::Ref;

/// One input.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    /// A key that is not there.
    Nothing,
    Sorted(Members<'a>),
    Set(set::Members<'a>),
}

impl<'a> Source<'a> {
    fn of(value: ValueRef<'a>, now_ms: i64) -> Result<Self, Error> {
        match value {
            ValueRef::SortedPack(_) | ValueRef::SortedSet(_) => Members::of(value).map(Self::Sorted),
            value => set::Members::of(value, now_ms).map(Self::Set),
        }
    }

    pub(super) fn len(self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Sorted(members) => members.len(),
            Self::Set(members) => members.present(),
        }
    }

    /// The score of a member.
    pub(super) fn score(self, member: &[u8]) -> Option<f64> {
        match self {
            Self::Nothing => None,
            Self::Sorted(members) => members.score(member),
            Self::Set(members) => members.contains(member).then_some(1.0),
        }
    }

    /// Shows all members with their scores.
    pub(super) fn each(self, mut show: impl FnMut(&[u8], f64)) {
        match self {
            Self::Nothing => {}
            Self::Sorted(members) => members.each(|member, score| member.with_bytes(|member| show(member, score))),
            Self::Set(members) => members.each(|member| member.with_bytes(|member| show(member, 1.0))),
        }
    }
}

/// The entries of all inputs, seen at the same time.
pub(super) struct Entries<'a>(Vec<Option<Ref<'a, Entry>>>, i64);

impl<'a> Entries<'a> {
    /// Looks all keys up, refusing other types, and then sees them together.
    pub(super) fn find(context: &'a mut Context<'_>, keys: &[Key<'_>]) -> Result<Self, Error> {
        let now_ms = context.now_ms;
        context.prefetch(keys);
        let entries = context.find_all(keys.iter().copied(), |value| Source::of(value, now_ms).map(|_| ()))?;
        Ok(Self(entries, now_ms))
    }

    pub(super) fn sources(&self) -> Vec<Source<'_>> {
        self.0.iter().map(|entry| entry.as_ref().map_or(Source::Nothing, |entry| source(entry, self.1))).collect()
    }
}

fn source(entry: &Entry, now_ms: i64) -> Source<'_> {
    Source::of(entry.value(), now_ms).expect("the types were looked at before")
}
