//! What the log's lock guards: segments, side lists, and where the readers are.

use super::{Audience, Part, SEGMENT_BYTES, SPARE_SEGMENTS};
use crate::effects::encode;
use redstart_sys::segment::Segment;
use smallvec::SmallVec;
use std::collections::VecDeque;
use std::ops::Range;

/// Segments that were freed; to be dropped when the lock is released.
pub(super) type Freed = SmallVec<[Piece; 1]>;
/// What a reader gets at once: most often it lies in one segment or two.
pub(super) type Parts = SmallVec<[Part; 2]>;

/// A segment and its position.
#[derive(Debug)]
pub(super) struct Piece {
    segment: Segment,
    begins: u64,
    /// Ends of units in this segment, counted from its beginning.
    unit_ends: Vec<u32>,
    /// Bytes of memory that are counted for it.
    counted: usize,
}

/// Bytes that only some readers get.
#[derive(Clone, Copy, Debug)]
struct Aside {
    begins: u64,
    length: u32,
    audience: Audience,
}

/// What an audience knows.
#[derive(Debug, Default)]
struct Voice {
    readers: usize,
    /// The database that its last SELECT names; `None` where the next command needs one.
    selected: Option<usize>,
    /// Bytes of asides that it does not get.
    left_out: u64,
}

/// A reader, as the log sees it. The reader may be further already.
#[derive(Clone, Copy, Debug)]
struct Place {
    position: u64,
    audience: Audience,
}

/// Segments, side lists and readers. Outside of a unit all bytes are published.
#[derive(Debug)]
pub(super) struct Tail {
    /// Segments without room, the oldest first.
    full: VecDeque<Piece>,
    /// Where bytes are appended.
    last: Piece,
    spare: Vec<Piece>,
    asides: VecDeque<Aside>,
    /// From each position on, commands are for this database, up to the next.
    databases: VecDeque<(u64, usize)>,
    /// The database of the last command, where each audience with readers has its SELECT. Else `None`.
    selected: Option<usize>,
    voices: [Voice; Audience::COUNT],
    /// The second that the last time mark names.
    time_s: i64,
    readers: Vec<Option<Place>>,
    /// Bytes of memory of all segments.
    counted: usize,
    /// A segment was added since the last unit was published.
    pub(super) has_grown: bool,
}

impl Default for Tail {
    fn default() -> Self {
        Self {
            full: VecDeque::new(),
            last: Piece::new(0, 0),
            spare: Vec::new(),
            asides: VecDeque::new(),
            databases: VecDeque::new(),
            selected: None,
            voices: Default::default(),
            time_s: 0,
            readers: Vec::new(),
            counted: 0,
            has_grown: false,
        }
    }
}

impl Piece {
    fn new(begins: u64, capacity: usize) -> Self {
        Self { segment: Segment::new(capacity), begins, unit_ends: Vec::new(), counted: 0 }
    }

    #[inline]
    fn end(&self) -> u64 {
        self.begins + self.segment.filled() as u64
    }

    /// Bytes that it has.
    fn part(&self, range: Range<u64>, database: Option<usize>) -> Part {
        let within = (range.start - self.begins) as usize..(range.end - self.begins) as usize;
        Part { position: range.start, bytes: self.segment.slice(within), database }
    }

    /// Empties it, if no slice is left.
    fn clear(&mut self) -> bool {
        let cleared = self.segment.clear();
        if cleared {
            self.unit_ends.clear();
        }
        cleared
    }

    /// The last unit that ends here, up to this position.
    fn last_unit_end(&self, limit: u64) -> Option<u64> {
        let count = self.unit_ends.partition_point(|&end| self.begins + u64::from(end) <= limit);
        Some(self.begins + u64::from(self.unit_ends[count.checked_sub(1)?]))
    }

    /// The first unit that ends here, behind this position.
    fn next_unit_end(&self, position: u64) -> Option<u64> {
        let count = self.unit_ends.partition_point(|&end| self.begins + u64::from(end) <= position);
        Some(self.begins + u64::from(*self.unit_ends.get(count)?))
    }
}

impl Aside {
    fn end(&self) -> u64 {
        self.begins + u64::from(self.length)
    }
}

/// Appending.
impl Tail {
    /// Behind the last byte, published or not.
    #[inline]
    pub(super) fn end(&self) -> u64 {
        self.last.end()
    }

    #[inline]
    pub(super) fn push(&mut self, bytes: &[u8]) {
        let taken = self.last.segment.append(bytes);
        if taken < bytes.len() {
            self.push_rest(&bytes[taken..]);
        }
    }

    #[cold]
    fn push_rest(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            self.add_piece();
            bytes = &bytes[self.last.segment.append(bytes)..];
        }
    }

    fn add_piece(&mut self) {
        let begins = self.end();
        let mut next = self.spare.pop().unwrap_or_else(|| Piece::new(begins, SEGMENT_BYTES));
        next.begins = begins;
        self.count(&mut next);
        let mut before = std::mem::replace(&mut self.last, next);
        self.count(&mut before);
        // The first one of all has room for nothing.
        if before.segment.filled() > 0 {
            self.full.push_back(before);
        }
        self.has_grown = true;
    }

    /// Counts the memory of a piece as it is now.
    fn count(&mut self, piece: &mut Piece) {
        let bytes = piece.segment.capacity() + piece.unit_ends.capacity() * size_of::<u32>();
        self.counted = self.counted + bytes - piece.counted;
        piece.counted = bytes;
    }

    /// Whether the next command needs no SELECT and no note of its database.
    #[inline]
    pub(super) fn is_selected(&self, database: usize) -> bool {
        self.selected == Some(database)
    }

    /// Appends SELECT for all audiences that need it before a command for this database.
    #[cold]
    pub(super) fn select(&mut self, database: usize) {
        let mut audience = Audience::UNITS;
        for (number, voice) in self.voices.iter_mut().enumerate() {
            if voice.readers > 0 && voice.selected != Some(database) {
                voice.selected = Some(database);
                audience = audience.and(Audience::numbered(number));
            }
        }
        if audience != Audience::UNITS {
            let mut select = Vec::new();
            encode(&mut select, [b"SELECT".as_slice(), database.to_string().as_bytes()].into_iter());
            self.aside(audience, &select);
        }
        if self.databases.back().is_none_or(|&(_, before)| before != database) {
            self.databases.push_back((self.end(), database));
        }
        self.selected = Some(database);
    }

    /// Appends the time for the file, once a second.
    pub(super) fn note_time(&mut self, second: i64) {
        if self.time_s < second && self.voices[Audience::FILE.number()].readers > 0 {
            self.time_s = second;
            self.aside(Audience::FILE, format!("#TS:{second}\r\n").as_bytes());
        }
    }

    /// Appends bytes that only some get.
    pub(super) fn aside(&mut self, audience: Audience, bytes: &[u8]) {
        let length = u32::try_from(bytes.len()).expect("an aside is a short command");
        self.asides.push_back(Aside { begins: self.end(), length, audience });
        self.leave_out(audience, |left_out| left_out + u64::from(length));
        self.push(bytes);
    }

    fn leave_out(&mut self, audience: Audience, change: impl Fn(u64) -> u64) {
        for (number, voice) in self.voices.iter_mut().enumerate() {
            if !audience.has(Audience::numbered(number)) {
                voice.left_out = change(voice.left_out);
            }
        }
    }

    /// A unit ends here: readers may have it.
    #[inline]
    pub(super) fn publish(&mut self) {
        self.last.segment.publish();
        // A segment has far fewer than 2^32 bytes.
        let end = self.last.segment.filled() as u32;
        self.last.unit_ends.push(end);
    }

    /// Publishes what has come without a unit.
    pub(super) fn publish_asides(&mut self) {
        self.last.segment.publish();
    }

    /// Publishes full segments, where the unit lies in several.
    #[cold]
    pub(super) fn publish_full(&mut self) {
        self.has_grown = false;
        for piece in self.full.iter_mut().rev() {
            if piece.segment.published() == piece.segment.filled() {
                break;
            }
            piece.segment.publish();
        }
    }

    /// Takes back everything behind `end`, up to which all is published.
    #[cold]
    pub(super) fn discard(&mut self, end: u64) {
        while self.last.begins > end {
            let Some(before) = self.full.pop_back() else { break };
            let mut piece = std::mem::replace(&mut self.last, before);
            // Nothing of it was published, so there is no slice.
            piece.segment.discard();
            self.spare.push(piece);
        }
        self.last.segment.discard();
        while let Some(aside) = self.asides.pop_back_if(|aside| aside.begins >= end) {
            self.leave_out(aside.audience, |left_out| left_out - u64::from(aside.length));
        }
        while self.databases.pop_back_if(|(position, _)| *position >= end).is_some() {}
        // Their SELECTs may be in what is taken back.
        self.selected = None;
        self.voices.iter_mut().for_each(|voice| voice.selected = None);
        self.time_s = 0;
        self.has_grown = false;
    }

    pub(super) fn restart(&mut self, audience: Audience) {
        self.selected = None;
        if let Some(voice) = self.voices.get_mut(audience.number()) {
            voice.selected = None;
        }
        if audience == Audience::FILE {
            self.time_s = 0;
        }
    }

    pub(super) fn offset(&self, audience: Audience) -> u64 {
        self.voices.get(audience.number()).map_or(0, |voice| self.end() - voice.left_out)
    }
}

/// Reading. No unit is under way.
impl Tail {
    pub(super) fn register(&mut self, position: u64, audience: Audience) -> usize {
        if let Some(voice) = self.voices.get_mut(audience.number()) {
            voice.readers += 1;
            if voice.readers == 1 {
                self.restart(audience);
            }
        }
        let place = Some(Place { position, audience });
        match self.readers.iter().position(Option::is_none) {
            Some(number) => {
                self.readers[number] = place;
                number
            }
            None => {
                self.readers.push(place);
                self.readers.len() - 1
            }
        }
    }

    pub(super) fn unregister(&mut self, number: usize) -> Freed {
        let place = self.readers[number].take();
        if let Some(voice) = place.and_then(|place| self.voices.get_mut(place.audience.number())) {
            voice.readers -= 1;
        }
        if self.readers.iter().any(Option::is_some) { self.trim() } else { self.free_all() }
    }

    /// A reader has everything up to this position. What no reader needs any more is freed.
    pub(super) fn advance(&mut self, number: usize, position: u64) -> Freed {
        debug_assert!(position <= self.end(), "there is nothing behind the end");
        if let Some(place) = &mut self.readers[number] {
            debug_assert!(place.position <= position, "what is before a reader may be freed");
            place.position = position;
        }
        self.trim()
    }

    #[inline]
    fn trim(&mut self) -> Freed {
        if self.full.is_empty() && self.asides.is_empty() && self.databases.len() <= 1 {
            Freed::new()
        } else {
            self.trim_all()
        }
    }

    fn trim_all(&mut self) -> Freed {
        let mut freed = Freed::new();
        let places = self.readers.iter().flatten().map(|place| place.position);
        let least = places.min().unwrap_or(self.end());
        while self.full.front().is_some_and(|piece| piece.end() <= least)
            && let Some(mut piece) = self.full.pop_front()
        {
            if self.spare.len() < SPARE_SEGMENTS && piece.clear() {
                self.spare.push(piece);
            } else {
                self.counted -= piece.counted;
                freed.push(piece);
            }
        }
        while self.asides.front().is_some_and(|aside| aside.end() <= least) {
            self.asides.pop_front();
        }
        while self.databases.get(1).is_some_and(|&(position, _)| position <= least) {
            self.databases.pop_front();
        }
        freed
    }

    fn free_all(&mut self) -> Freed {
        let end = self.end();
        let mut freed: Freed = self.full.drain(..).chain(self.spare.drain(..)).collect();
        freed.push(std::mem::replace(&mut self.last, Piece::new(end, 0)));
        (self.asides, self.databases, self.selected, self.counted) = (VecDeque::new(), VecDeque::new(), None, 0);
        freed
    }

    /// Bytes of memory that the log takes.
    pub(super) fn room(&self) -> usize {
        let (asides, databases) = (self.asides.capacity(), self.databases.capacity());
        self.counted + asides * size_of::<Aside>() + databases * size_of::<(u64, usize)>()
    }

    /// Where whole units end that come to at most `most` bytes; where the first is longer, where it ends.
    pub(super) fn limit(&self, from: u64, most: u64) -> u64 {
        let end = self.end();
        if end - from <= most {
            return end;
        }
        let limit = from.saturating_add(most);
        let before = self.full.partition_point(|piece| piece.begins <= limit);
        let mut before = self.full.range(..before).chain(std::iter::once(&self.last)).rev();
        let within = before.find_map(|piece| piece.last_unit_end(limit)).filter(|&upto| upto > from);
        let after = self.full.partition_point(|piece| piece.end() <= from);
        let mut after = self.full.range(after..).chain(std::iter::once(&self.last));
        within.or_else(|| after.find_map(|piece| piece.next_unit_end(from))).unwrap_or(end)
    }

    /// What this audience gets of these positions.
    pub(super) fn parts(&self, range: Range<u64>, audience: Audience) -> Parts {
        let mut parts = Parts::new();
        let mut at = range.start;
        if self.asides.is_empty() {
            self.add_parts(&mut parts, range, audience);
            return parts;
        }
        let first = self.asides.partition_point(|aside| aside.end() <= at);
        for aside in self.asides.range(first..).take_while(|aside| aside.begins < range.end) {
            if !aside.audience.has(audience) {
                self.add_parts(&mut parts, at..aside.begins, audience);
                at = aside.end();
            }
        }
        self.add_parts(&mut parts, at..range.end, audience);
        parts
    }

    /// A stretch that is not interrupted by asides for others.
    fn add_parts(&self, parts: &mut Parts, range: Range<u64>, audience: Audience) {
        if audience != Audience::UNITS || range.is_empty() {
            return self.add_slices(parts, range, None);
        }
        let next = self.databases.partition_point(|&(position, _)| position <= range.start);
        let mut database = next.checked_sub(1).map(|before| self.databases[before].1);
        let mut at = range.start;
        for &(position, other) in self.databases.range(next..).take_while(|(position, _)| *position < range.end) {
            self.add_slices(parts, at..position, database);
            (at, database) = (position, Some(other));
        }
        self.add_slices(parts, at..range.end, database);
    }

    fn add_slices(&self, parts: &mut Parts, range: Range<u64>, database: Option<usize>) {
        if range.is_empty() {
            return;
        }
        if range.start >= self.last.begins {
            return parts.push(self.last.part(range, database));
        }
        let first = self.full.partition_point(|piece| piece.end() <= range.start);
        for piece in self.full.range(first..).chain(std::iter::once(&self.last)) {
            let (start, end) = (range.start.max(piece.begins), range.end.min(piece.end()));
            if start < end {
                parts.push(piece.part(start..end, database));
            }
        }
    }
}
