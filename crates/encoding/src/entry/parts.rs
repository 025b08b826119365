//! Parts of collections that expire: fields of hashes, members of sets.

use super::{Entry, ObjectMut, ValueRef};
use crate::field::Field;
use crate::listpack::{Element, Pack, PackEdit};
use crate::object::FieldTable;
use crate::table::Cursor;

/// The time of a field in a small hash, 0 for none, as `None`.
#[inline]
#[must_use]
pub fn time_of(element: Element<'_>) -> Option<i64> {
    match element {
        Element::Int(0) | Element::Bytes(_) => None,
        Element::Int(at_ms) => Some(at_ms),
    }
}

/// How far the removal of a collection's expired parts is: to be handed in again until it is [`Progress::done`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    cursor: Cursor,
    /// The earliest time among the parts that were looked at and stay.
    earliest: Option<i64>,
    started: bool,
    finished: bool,
}

impl Progress {
    /// Whether all parts were looked at.
    #[must_use]
    pub fn done(&self) -> bool {
        self.finished
    }

    fn keep(&mut self, at_ms: i64) {
        self.earliest = Some(self.earliest.map_or(at_ms, |earliest| earliest.min(at_ms)));
    }
}

/// The entry's time while parts are looked at: below all times, so that it holds whatever becomes of the walk, and one
/// that is broken off is begun anew. It keeps the earliest time that a part got meanwhile.
fn looked_at(earliest_ms: Option<i64>) -> i64 {
    -1 - earliest_ms.unwrap_or(i64::MAX)
}

/// The way back from [`looked_at`]; a time that was set since is itself.
fn set_meanwhile(at_ms: i64) -> Option<i64> {
    if at_ms < 0 { Some(-1 - at_ms).filter(|&earliest_ms| earliest_ms != i64::MAX) } else { Some(at_ms) }
}

impl Entry {
    /// Removes parts that expired before `now_ms`, looking at about `most` parts that may, and showing each by name.
    /// The collection may be empty afterwards: then the caller removes its key.
    pub fn expire_parts(&mut self, now_ms: i64, most: usize, progress: &mut Progress, mut removed: impl FnMut(&[u8])) {
        if !progress.started {
            progress.started = true;
            // Where another walk is under way or was broken off, what it was told stays.
            let told_ms = self.parts_expire_ms().filter(|&at_ms| at_ms < 0).and_then(set_meanwhile);
            self.set_parts_expire_ms(Some(looked_at(told_ms)));
        }
        match self.object_mut() {
            Some(ObjectMut::HashPackTimed(mut pack)) => {
                expire_in_pack(&mut pack, now_ms, progress, &mut removed);
                progress.finished = true;
            }
            Some(ObjectMut::HashTable(table) | ObjectMut::SetTable(table)) => {
                expire_in_table(table, now_ms, most, progress, &mut removed);
            }
            _ => progress.finished = true,
        }
        if progress.finished {
            let set_meanwhile = self.parts_expire_ms().and_then(set_meanwhile);
            let earliest = [set_meanwhile, progress.earliest].into_iter().flatten().min();
            self.set_parts_expire_ms(earliest);
        }
    }

    /// Tells that a part expires at this time, which is not negative.
    pub fn note_part_expires(&mut self, at_ms: i64) {
        let earliest = match self.parts_expire_ms() {
            Some(kept_ms @ ..0) => looked_at(Some(set_meanwhile(kept_ms).map_or(at_ms, |set_ms| set_ms.min(at_ms)))),
            Some(earliest_ms) => earliest_ms.min(at_ms),
            None => at_ms,
        };
        self.set_parts_expire_ms(Some(earliest));
    }

    /// The number of parts of a collection that can expire; 0 for all other values.
    #[must_use]
    pub fn parts(&self) -> usize {
        match self.value() {
            ValueRef::HashPackTimed(pack) => pack.len() / 3,
            ValueRef::HashTable(table) | ValueRef::SetTable(table) => table.len(),
            _ => 0,
        }
    }
}

fn expire_in_pack(
    pack: &mut super::PackMut<'_>,
    now_ms: i64,
    progress: &mut Progress,
    removed: &mut impl FnMut(&[u8]),
) {
    let mut next = pack.first();
    while let Some(at) = next {
        let (time, after) = time_behind(pack, at);
        match time {
            Some(at_ms) if at_ms < now_ms => {
                pack.get(at).with_bytes(&mut *removed);
                next = pack.remove(at, 3);
            }
            Some(at_ms) => {
                progress.keep(at_ms);
                next = after;
            }
            None => next = after,
        }
    }
}

/// The time of the field at `at`, and the place of the next field.
fn time_behind(pack: &Pack, at: usize) -> (Option<i64>, Option<usize>) {
    let time = pack.next(at).and_then(|value| pack.next(value)).expect("a field is followed by its value and its time");
    (time_of(pack.get(time)), pack.next(time))
}

fn expire_in_table(
    table: &mut FieldTable,
    now_ms: i64,
    most: usize,
    progress: &mut Progress,
    removed: &mut impl FnMut(&[u8]),
) {
    let mut seen = 0;
    while seen < most && table.any_flagged() {
        let mut gone: Vec<Field> = Vec::new();
        progress.cursor = table.sweep(
            progress.cursor,
            true,
            |field| {
                seen += 1;
                match field.expire_ms() {
                    Some(at_ms) if at_ms < now_ms => return true,
                    Some(at_ms) => progress.keep(at_ms),
                    None => {}
                }
                false
            },
            |field| gone.push(field),
        );
        gone.iter().for_each(|field| removed(field.name()));
        // An empty stretch costs something too.
        seen += 1;
        if progress.cursor == 0 {
            progress.finished = true;
            return;
        }
    }
    if !table.any_flagged() {
        progress.finished = true;
    }
}
