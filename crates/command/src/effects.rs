//! What was changed, as commands that bring it about again: what goes to the append-only file.
//!
//! By default that is the command as it was received. A handler says otherwise where running it again could come to
//! something else: where time or chance has a part in it, where it waits, where it reads what only its session knows.
//! Commands are gathered here encoded, each with its database, while the slots that they changed are held; the unit
//! they make (one command, a transaction, a script) goes to the journal before those slots are let go.

use crate::context::Context;
use crate::keys;
use crate::spec::Flags;
use redstart_resp::Args;
use std::cell::{Cell, RefCell};
use std::sync::atomic::Ordering;

/// A buffer that grew beyond this for one large command is given back.
const KEEP: usize = 64 * 1024;

/// A command among the effects.
#[derive(Clone, Copy, Debug)]
struct Part {
    database: usize,
    /// Where it ends; it begins where the one before ends.
    end: usize,
}

/// The effects of one unit. The commands that bring about again what one unit changed.
#[derive(Debug, Default)]
pub struct Effects {
    bytes: Vec<u8>,
    parts: Vec<Part>,
    /// The request that runs, encoded before its handler may take over its large arguments.
    kept: Vec<u8>,
    /// The handler said what is to stand in the request's place.
    replaced: bool,
    /// Each command is a unit of its own, though several were caused by one.
    separate: bool,
}

thread_local! {
    /// The buffer of this thread's last unit, for the next.
    static SPARE: Cell<Option<Box<Effects>>> = const { Cell::new(None) };
    /// Parts that a look-up removed because their time was up, where the command's context was lent to somebody.
    static GONE: RefCell<Vec<GonePart>> = const { RefCell::new(Vec::new()) };
}

/// A field of a hash that went because its time was up.
struct GonePart {
    database: usize,
    key: Vec<u8>,
    name: Vec<u8>,
}

/// Keeps that a field of a hash went because its time was up, by the command that runs on this thread. To be called only
/// where changes are kept.
pub fn field_gone(database: usize, key: &[u8], name: &[u8]) {
    let part = GonePart { database, key: key.to_vec(), name: name.to_vec() };
    GONE.with_borrow_mut(|gone| gone.push(part));
}

/// Writes a command as RESP.
pub fn encode<'a>(out: &mut Vec<u8>, words: impl Iterator<Item = &'a [u8]> + Clone) {
    head(out, b'*', words.clone().count());
    for word in words {
        head(out, b'$', word.len());
        out.extend_from_slice(word);
        out.extend_from_slice(b"\r\n");
    }
}

/// The line before a command or a word. Most numbers have one digit or two.
fn head(out: &mut Vec<u8>, mark: u8, number: usize) {
    match number {
        0..10 => out.extend_from_slice(&[mark, b'0' + number as u8, b'\r', b'\n']),
        10..100 => {
            let (tens, ones) = (number as u8 / 10, number as u8 % 10);
            out.extend_from_slice(&[mark, b'0' + tens, b'0' + ones, b'\r', b'\n']);
        }
        _ => {
            out.push(mark);
            out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
            out.extend_from_slice(b"\r\n");
        }
    }
}

impl Effects {
    /// An empty buffer.
    #[must_use]
    pub fn begin() -> Box<Self> {
        SPARE.take().unwrap_or_default()
    }

    /// Gives the buffer back.
    pub fn end(mut self: Box<Self>) {
        self.bytes.clear();
        self.bytes.shrink_to(KEEP);
        self.kept.clear();
        self.kept.shrink_to(KEEP);
        self.parts.clear();
        (self.replaced, self.separate) = (false, false);
        SPARE.set(Some(self));
    }

    /// Whether nothing was changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether it takes a transaction to keep the commands together.
    #[must_use]
    pub fn is_transaction(&self) -> bool {
        self.parts.len() > 1 && !self.separate
    }

    /// How many commands it takes to bring them about, MULTI and EXEC counted.
    #[must_use]
    pub fn count(&self) -> usize {
        self.parts.len() + if self.is_transaction() { 2 } else { 0 }
    }

    /// The commands in their order, each with its database.
    pub fn commands(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let mut start = 0;
        self.parts
            .iter()
            .map(move |part| (part.database, &self.bytes[std::mem::replace(&mut start, part.end)..part.end]))
    }

    /// Has each command be a unit of its own.
    pub fn set_separate(&mut self) {
        self.separate = true;
    }

    /// Adds a command.
    pub fn push<'a>(&mut self, database: usize, words: impl Iterator<Item = &'a [u8]> + Clone) {
        encode(&mut self.bytes, words);
        self.parts.push(Part { database, end: self.bytes.len() });
    }

    /// Adds what look-ups removed: it went before what the command did.
    fn push_gone(&mut self) {
        let gone = GONE.with_borrow_mut(std::mem::take);
        for part in gone {
            self.push(part.database, [b"HDEL".as_slice(), &part.key, &part.name].into_iter());
        }
    }

    /// Adds the request that ran, if it is to stand for what it did.
    fn push_request(&mut self, database: usize, args: &Args<'_>) {
        if self.kept.is_empty() {
            return self.push(database, args.iter_from(0));
        }
        self.bytes.extend_from_slice(&self.kept);
        self.parts.push(Part { database, end: self.bytes.len() });
    }
}

impl Context<'_> {
    /// Whether anybody wants to know what commands change: handlers ask before they build anything for it.
    #[inline]
    #[must_use]
    pub fn keeps_effects(&self) -> bool {
        self.effects.is_some()
    }

    /// Whether the unit that runs has changed something so far that goes to the journal when it is over.
    #[must_use]
    pub fn has_effects(&self) -> bool {
        self.effects.as_ref().is_some_and(|effects| !effects.is_empty())
    }

    /// Says what is to be run again in this command's place, in the selected database. Several go together.
    #[cold]
    pub fn replay<'w>(&mut self, words: impl Iterator<Item = &'w [u8]> + Clone) {
        let database = self.session.database;
        if let Some(effects) = &mut self.effects {
            effects.push_gone();
            effects.push(database, words);
            effects.replaced = true;
        }
    }

    /// As [`Context::replay`], of a command whose words are at hand.
    #[cold]
    pub fn replay_as(&mut self, words: &[&[u8]]) {
        self.replay(words.iter().copied());
    }

    /// Says that nothing is to be run again in this command's place but what [`Context::replay`] named.
    #[inline]
    pub fn replay_nothing(&mut self) {
        if let Some(effects) = &mut self.effects {
            effects.replaced = true;
        }
    }

    /// Keeps that a key went because its time was up.
    pub fn gone_by_itself(&mut self, database: usize, key: &[u8]) {
        let word = self.shared.word_for_expiry();
        if let Some(effects) = &mut self.effects {
            effects.push(database, [word, key].into_iter());
        }
    }

    /// Before a request runs: keeps it, if its handler could take over a part of it.
    #[inline]
    pub fn keep_request(&mut self, args: &Args<'_>) {
        if let Some(effects) = &mut self.effects {
            effects.kept.clear();
            if args.any_large() && self.command.flags.has(Flags::WRITE) {
                encode(&mut effects.kept, args.iter_from(0));
            }
        }
        self.spares_large = false;
        if self.command.flags.has(Flags::CHANGES_NAMED) && self.shared.keyspace.snapshots.is_on() {
            self.keep_named(args);
        }
    }

    /// Has a running snapshot keep those members of large collections that the request may change.
    #[cold]
    fn keep_named(&mut self, args: &Args<'_>) {
        let Self { access, shared, session, command, .. } = self;
        let _ = keys::find(command, args, |at| {
            let key = shared.keyspace.key(&args[at.index]);
            let found = access.slot(key.hash()).table_mut(session.database).get_mut(key.hash(), key.bytes());
            if let Some(found) = found {
                // To keep what is no member, or does not change, is no harm.
                shared.keyspace.snapshots.before_change_of(session.database, &found, args.iter_from(2));
            }
        });
        self.spares_large = true;
    }

    /// Notes the effects of the request that ran.
    #[cold]
    pub(crate) fn note_request(&mut self, args: &Args<'_>, changes: u64) {
        let database = self.session.database;
        let Some(effects) = &mut self.effects else { return };
        effects.push_gone();
        if changes > 0 && !effects.replaced {
            effects.push_request(database, args);
        }
        effects.replaced = false;
        effects.kept.clear();
    }

    /// Hands the unit's effects to the journal. To be called while the slots are held.
    #[inline]
    pub fn journal(&mut self) {
        if self.effects.is_some() {
            self.hand_over();
        }
    }

    #[cold]
    fn hand_over(&mut self) {
        let Some(mut effects) = self.effects.take() else { return };
        // Those that a command did not name are each a unit of their own, as where they went by themselves.
        effects.separate |= self.command.flags.has(Flags::TOUCHES_ARBITRARY_KEYS);
        if !effects.is_empty() {
            let position = self.shared.journal.append(&self.shared.config, &effects);
            self.session.info.journalled.store(position, Ordering::Release);
        }
        effects.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_any_number_of_digits_are_written() {
        for number in [0, 1, 9, 10, 42, 99, 100, 101, 12_345] {
            let (mut out, word) = (Vec::new(), vec![b'w'; number]);
            encode(&mut out, std::iter::once(word.as_slice()));
            let expected = format!("*1\r\n${number}\r\n{}\r\n", "w".repeat(number));
            assert_eq!(String::from_utf8_lossy(&out), expected);
        }
    }

    #[test]
    fn commands_come_out_as_they_went_in() {
        let mut effects = Effects::begin();
        assert!(effects.is_empty());
        effects.push(0, [b"DEL".as_slice(), b"key"].into_iter());
        assert!(!effects.is_transaction(), "one command needs none");
        effects.push(3, [b"SET".as_slice(), b"k", b""].into_iter());
        assert!(effects.is_transaction());
        let commands: Vec<_> = effects.commands().collect();
        let expected: [(usize, &[u8]); 2] =
            [(0, b"*2\r\n$3\r\nDEL\r\n$3\r\nkey\r\n"), (3, b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$0\r\n\r\n")];
        assert_eq!(commands, expected);
        effects.end();
        assert!(Effects::begin().is_empty(), "the buffer comes back empty");
    }
}
