//! The logs of recent slow or large commands: SLOWLOG and COMMANDLOG.
//!
//! An entry is clipped as in Redis, so that the length of a log bounds its memory. Arguments that a command declares
//! secret are not kept.

use crate::clients::ClientInfo;
use redstart_resp::Args;
use redstart_spec::CommandSpec;
use std::collections::VecDeque;

/// Why a command is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It was slow; the value is in microseconds.
    Slow,
    /// Its request was large.
    LargeRequest,
    /// Its reply was large.
    LargeReply,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Slow, Self::LargeRequest, Self::LargeReply];
}

/// The most arguments of an entry; the last one then gives the number of omitted arguments.
const ARGUMENTS_MAX: usize = 32;
/// The bytes that are kept of an argument; the number of omitted bytes follows them.
const ARGUMENT_MAX: usize = 128;
/// Replaces a secret argument.
pub const REDACTED: &[u8] = b"(redacted)";

/// A command in a log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The entry's number in this log.
    pub id: u64,
    /// When the command ran, in unix seconds.
    pub time_s: i64,
    /// Microseconds, or bytes.
    pub value: u64,
    /// The arguments, clipped.
    pub args: Vec<Vec<u8>>,
    /// The client's address.
    pub addr: String,
    /// The client's name.
    pub name: Vec<u8>,
}

/// One log, newest entry first.
#[derive(Debug, Default)]
pub struct CommandLog {
    entries: VecDeque<Entry>,
    next_id: u64,
}

impl CommandLog {
    /// Adds an entry, and drops the oldest ones beyond `most`.
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

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Deletes all entries. Numbering continues.
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
