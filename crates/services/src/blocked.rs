//! Blocked commands: a handler that finds nothing asks to run again when data arrives.
//!
//! ```text
//!   handler ── Context::block ──> engine: a ticket in the queue of each key, under the slots' locks
//!   another command fills a key ──> its worker runs the blocked command on the owner's behalf ──> reply
//!   timeout, CLIENT UNBLOCK, disconnect ──> the owner's worker ends the wait
//! ```
//! Invariant: a thread that changes the state from `Waiting` holds the state's lock, and entered the keyspace before it
//! took that lock. A blocked command is therefore answered once, and this lock order excludes deadlocks.

use crate::acl::Identity;
use crate::clients::ClientInfo;
use crate::session::Session;
use parking_lot::{Condvar, Mutex, MutexGuard};
use redstart_keyspace::waiting::{Ticket, Wanted};
use redstart_keyspace::{Access, Key, Keyspace, Pass};
use redstart_resp::{Args, OwnedArgs, Reply};
use redstart_sys::net::socket;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What a handler requests that has to wait (`Context::block`).
#[derive(Clone, Debug)]
pub struct Block {
    /// What the command needs.
    pub wanted: Wanted,
    /// The keys that may receive it; each one is a key of the command.
    pub keys: Vec<Vec<u8>>,
    /// The timeout as a time, in unix milliseconds; `None` to wait forever.
    pub deadline_ms: Option<i64>,
    /// The reply on timeout.
    pub on_timeout: TimeoutReply,
    /// Arguments that change when the command runs again (`$` of XREAD).
    pub replace: Vec<(usize, Vec<u8>)>,
}

/// The reply on timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeoutReply {
    /// A null.
    Null,
    /// A null array.
    NullArray,
    /// `OK`: the client waits for the end of an operation.
    Ok,
    /// The integer 0.
    Zero,
    /// WAITAOF: whether the changes are on the local disk, and that no replica has them.
    OnDisk(bool),
}

impl TimeoutReply {
    /// Writes the reply.
    pub fn write(self, reply: &mut Reply<'_>) {
        match self {
            Self::Null => reply.null(),
            Self::NullArray => reply.null_array(),
            Self::Ok => reply.ok(),
            Self::Zero => reply.int(0),
            Self::OnDisk(there) => {
                reply.array(2);
                reply.int(i64::from(there));
                reply.int(0);
            }
        }
    }
}

/// A blocked command.
#[derive(Debug)]
pub struct Blocked {
    /// The client that owns the command.
    pub info: Arc<ClientInfo>,
    /// The command's id in the registry.
    pub command: u32,
    /// The selected database.
    pub database: usize,
    version: u8,
    no_touch: bool,
    tracks: bool,
    caching: bool,
    identity: Identity,
    /// The client does not want the reply (CLIENT REPLY).
    pub silent: bool,
    args: OwnedArgs,
    block: Block,
    /// When to run again in any case, in unix milliseconds; `i64::MAX` for never.
    again_ms: AtomicI64,
    /// Ticks spent on running the command so far, without waiting.
    ticks: AtomicU64,
    /// The client's changes are on the disk, up to the offset that WAITAOF waits for.
    on_disk: AtomicBool,
    state: Mutex<State>,
    answered: Condvar,
}

/// How a blocked command ended, for the statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran.
    Done,
    /// It returned an error, from running or from being unblocked.
    Failed,
    /// It did not run again, because its user lost the permission.
    Rejected,
}

/// The progress of a blocked command.
#[derive(Debug)]
pub enum State {
    /// No reply yet.
    Waiting,
    /// The reply is ready, and the owner has not taken it.
    Answered(Vec<u8>, Outcome),
    /// The owner took the reply or disconnected.
    Over,
}

impl Blocked {
    /// A command that is about to block, with its arguments.
    #[must_use]
    pub fn new(session: &Session, command: u32, args: &Args<'_>, block: Block, silent: bool) -> Self {
        let args = OwnedArgs::new(args.iter_from(0).enumerate().map(|(index, argument)| {
            let replaced = block.replace.iter().find(|(at, _)| *at == index);
            replaced.map_or(argument, |(_, other)| other.as_slice())
        }));
        Self {
            info: Arc::clone(&session.info),
            command,
            database: session.database,
            version: session.version,
            no_touch: session.no_touch,
            tracks: session.tracks,
            caching: session.caching,
            identity: session.identity.clone(),
            silent,
            args,
            on_disk: AtomicBool::new(block.on_timeout == TimeoutReply::OnDisk(true)),
            block,
            again_ms: AtomicI64::new(i64::MAX),
            ticks: AtomicU64::new(0),
            state: Mutex::new(State::Waiting),
            answered: Condvar::new(),
        }
    }

    /// The timeout as a time, in unix milliseconds.
    #[must_use]
    pub fn give_up_ms(&self) -> Option<i64> {
        self.block.deadline_ms
    }

    /// When the owner must act, in unix milliseconds: to reply on timeout, or to run the command again.
    #[must_use]
    pub fn deadline_ms(&self) -> Option<i64> {
        let again_ms = Some(self.again_ms.load(Ordering::Relaxed)).filter(|&at_ms| at_ms != i64::MAX);
        match (self.block.deadline_ms, again_ms) {
            (Some(give_up), Some(again)) => Some(give_up.min(again)),
            (give_up, again) => give_up.or(again),
        }
    }

    /// Sets when to run the command again in any case.
    pub fn set_again_ms(&self, again_ms: Option<i64>) {
        self.again_ms.store(again_ms.unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// Adds ticks that running the command took.
    pub fn spend(&self, ticks: u64) {
        self.ticks.fetch_add(ticks, Ordering::Relaxed);
    }

    /// The total number of ticks that running the command took.
    #[must_use]
    pub fn ticks(&self) -> u64 {
        self.ticks.load(Ordering::Relaxed)
    }

    /// The command's arguments, to run it again.
    #[must_use]
    pub fn args(&self) -> Args<'_> {
        self.args.args()
    }

    /// Bytes of memory that this takes.
    #[must_use]
    pub fn size(&self) -> usize {
        let keys = self.block.keys.iter().map(|key| 2 * (key.len() + size_of::<Vec<u8>>()));
        size_of::<Self>() + self.args.size() + keys.sum::<usize>()
    }

    /// A session with the owner's settings, for another thread: the owner's thread holds the real one.
    #[must_use]
    pub fn stand_in(&self) -> Session {
        let mut session = Session::new(Arc::clone(&self.info), self.identity.clone());
        (session.database, session.version, session.no_touch) = (self.database, self.version, self.no_touch);
        (session.tracks, session.caching) = (self.tracks, self.caching);
        session
    }

    /// Whether the owner is about to be closed, so that it must not receive anything. The caller holds the state's
    /// lock, so the owner's socket number is still valid.
    #[must_use]
    pub fn owner_leaves(&self) -> bool {
        let info = &self.info;
        info.killed()
            || info.closing.load(Ordering::Relaxed)
            || info.outbox.overflowed()
            || (info.fd >= 0 && socket::hung_up(info.fd))
    }

    /// Locks the state. The caller is in the keyspace and holds no slot.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Stores the reply for the owner.
    pub fn answer(&self, mut state: MutexGuard<'_, State>, answer: Vec<u8>, outcome: Outcome) {
        self.info.outbox.mark();
        *state = State::Answered(answer, outcome);
        drop(state);
        self.answered.notify_all();
        self.info.wake();
    }

    /// Replies as on timeout, or with an error; returns false if the command was no longer blocked.
    pub fn unblock(&self, error: Option<&[u8]>) -> bool {
        match error {
            Some(text) => self.end_with(Outcome::Failed, |reply| reply.error(text)),
            None => match self.block.on_timeout {
                // The fsync may have completed while the client waited for other conditions.
                TimeoutReply::OnDisk(_) => self.unblock_as(TimeoutReply::OnDisk(self.on_disk.load(Ordering::Acquire))),
                nothing => self.unblock_as(nothing),
            },
        }
    }

    /// Records whether the client's changes are on the disk.
    pub fn set_on_disk(&self, there: bool) {
        self.on_disk.store(there, Ordering::Release);
    }

    /// Replies with this; returns false if the command was no longer blocked.
    pub fn unblock_as(&self, answer: TimeoutReply) -> bool {
        self.end_with(Outcome::Done, |reply| answer.write(reply))
    }

    fn end_with(&self, outcome: Outcome, write: impl FnOnce(&mut Reply<'_>)) -> bool {
        let state = self.state();
        if !matches!(*state, State::Waiting) {
            return false;
        }
        let mut answer = Vec::new();
        write(&mut Reply::new(&mut answer, self.version));
        self.answer(state, answer, outcome);
        true
    }

    /// Whether there is no reply yet.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        matches!(*self.state.lock(), State::Waiting)
    }

    /// Ends the wait for the owner, and returns the reply if there is one.
    pub fn finish(&self) -> Option<(Vec<u8>, Outcome)> {
        match std::mem::replace(&mut *self.state.lock(), State::Over) {
            State::Answered(answer, outcome) => Some((answer, outcome)),
            State::Waiting | State::Over => None,
        }
    }

    /// Whether a reply is ready.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        matches!(*self.state.lock(), State::Answered(..))
    }

    /// Blocks the calling thread until there is a reply, for at most `most`.
    pub fn wait(&self, most: Duration) {
        let until = Instant::now() + most;
        let mut state = self.state.lock();
        while matches!(*state, State::Waiting) && !self.answered.wait_until(&mut state, until).timed_out() {}
    }

    /// Enters the queue of each key. The caller holds their slots.
    pub fn join(self: &Arc<Self>, keyspace: &Keyspace, access: &mut Access<'_>) {
        for key in &self.block.keys {
            let ticket = Ticket { wanted: self.block.wanted, owner: Arc::clone(self) as _ };
            access.slot(keyspace.hash(key)).waiting_mut().join(self.database, key, ticket);
        }
    }

    /// Leaves all queues. The caller holds the slots.
    pub fn leave(self: &Arc<Self>, keyspace: &Keyspace, access: &mut Access<'_>) {
        for key in &self.block.keys {
            self.leave_key(keyspace.key(key), access);
        }
    }

    fn leave_key(self: &Arc<Self>, key: Key<'_>, access: &mut Access<'_>) {
        let slot = access.slot(key.hash());
        if slot.waiting().is_some() {
            slot.waiting_mut().leave(self.database, key.bytes(), &(Arc::clone(self) as _));
        }
    }

    /// Leaves all queues, and locks one slot at a time. The caller holds no slot.
    pub fn leave_each(self: &Arc<Self>, keyspace: &Keyspace, pass: &Pass<'_>) {
        for key in &self.block.keys {
            let key = keyspace.key(key);
            self.leave_key(key, &mut Access::one(pass, key.hash()));
        }
    }
}
