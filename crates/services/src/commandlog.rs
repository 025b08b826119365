//! The last commands that were slow, or large: what SLOWLOG and COMMANDLOG show.
//!
//! An entry is clipped as Redis clips it, so that what a log takes is bounded by its length alone. Arguments that a
//! command names as secrets are not kept.

use crate::clients::ClientInfo;
use redstart_resp::Args;
use redstart_spec::CommandSpec;
use std::collections::VecDeque;

/// What makes a command worth an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It took long; entries give microseconds.
    Slow,
    /// It came in many bytes.
    LargeRequest,
    /// Its answer has many bytes.
    LargeReply,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Slow, Self::LargeRequest, Self::LargeReply];
}

/// Arguments that an entry has at most; the last one then says how many there were more.
const ARGUMENTS_MAX: usize = 32;
/// Bytes of an argument that are kept; behind them stands how many there were more.
const ARGUMENT_MAX: usize = 128;
/// What stands in the place of a secret.
pub const REDACTED: &[u8] = b"(redacted)";

/// A command in a log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number in this log.
    pub id: u64,
    /// When it ran, in seconds since 1970.
    pub time_s: i64,
    /// Microseconds, or bytes.
    pub value: u64,
    /// Its arguments, clipped.
    pub args: Vec<Vec<u8>>,
    /// The client's address.
    pub addr: String,
    /// The client's name.
    pub name: Vec<u8>,
}

/// One log, the newest entry first.
#[derive(Debug, Default)]
pub struct CommandLog {
    entries: VecDeque<Entry>,
    next_id: u64,
}

impl CommandLog {
    /// Adds an entry, and drops the oldest beyond `most`.
    pub fn push(&mut self, value: u64, args: Vec<Vec<u8>>, client: &ClientInfo, now_ms: i64, most: usize) {
        let (addr, name) = (client.addr.clone(), client.names.lock().name.clone());
        self.entries.push_front(Entry { id: self.next_id, time_s: now_ms / 1000, value, args, addr, name });
        self.next_id += 1;
        self.entries.truncate(most);
    }

    /// The newest entries, at most `most`.
    #[must_use]
    pub fn newest(&self, most: usize) -> Vec<Entry> {
        self.entries.iter().take(most).cloned().collect()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Forgets all entries. Numbers go on.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

/// The arguments of a command as a log keeps them.
#[must_use]
pub fn clipped(command: &CommandSpec, args: &Args<'_>) -> Vec<Vec<u8>> {
    let secret = command.secret;
    let clip = |(index, argument): (usize, &[u8])| {
        if secret.is_some_and(|secret| secret(args, index)) {
            return REDACTED.to_vec();
        }
        match argument.get(..ARGUMENT_MAX) {
            Some(head) if argument.len() > ARGUMENT_MAX => {
                let more = format!("... ({} more bytes)", argument.len() - ARGUMENT_MAX);
                [head, more.as_bytes()].concat()
            }
            _ => argument.to_vec(),
        }
    };
    if args.len() <= ARGUMENTS_MAX {
        return args.iter_from(0).enumerate().map(clip).collect();
    }
    let mut kept: Vec<Vec<u8>> = args.iter_from(0).enumerate().take(ARGUMENTS_MAX - 1).map(clip).collect();
    kept.push(format!("... ({} more arguments)", args.len() - kept.len()).into_bytes());
    kept
}
