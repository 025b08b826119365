//! Commands that wait: a handler that finds nothing asks to be run again when something comes.
//!
//! ```text
//!   handler ── Context::block ──> engine: a ticket in the queue of each key, under the slots' locks
//!   another command fills a key ──> its worker runs the waiting command in its owner's place ──> answer
//!   timeout, CLIENT UNBLOCK, disconnect ──> the owner's worker ends the waiting
//! ```
//! Invariant: whoever changes the state from waiting holds its lock, and enters the keyspace before it takes that lock.
//! So a waiting command is answered once, and nobody waits for one who waits for him.

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

/// What a handler asks for that has to wait (`Context::block`).
#[derive(Clone, Debug)]
pub struct Block {
    /// What it needs.
    pub wanted: Wanted,
    /// Where it may come; each key is one of the command's own.
    pub keys: Vec<Vec<u8>>,
    /// When to give up, in unix milliseconds; `None` to wait for ever.
    pub deadline_ms: Option<i64>,
    /// The reply then.
    pub on_timeout: TimeoutReply,
    /// Arguments that mean something else when the command runs again (`$` of XREAD).
    pub replace: Vec<(usize, Vec<u8>)>,
}

/// The reply on timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeoutReply {
    /// A null.
    Null,
    /// A null array.
    NullArray,
    /// `OK`: the client waits for the end of something.
    Ok,
    /// None of whatever is counted.
    Zero,
    /// Whether its changes are on the disk here, and that no replica has them.
    OnDisk(bool),
}

impl TimeoutReply {
    /// Writes it.
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

/// A command that waits.
#[derive(Debug)]
pub struct Blocked {
    /// Whose command it is.
    pub info: Arc<ClientInfo>,
    /// Its id in the registry.
    pub command: u32,
    /// The database that was selected.
    pub database: usize,
    version: u8,
    no_touch: bool,
    tracks: bool,
    caching: bool,
    identity: Identity,
    /// The answer is not wanted (CLIENT REPLY).
    pub silent: bool,
    args: OwnedArgs,
    block: Block,
    /// When to run again in any case, in unix milliseconds; `i64::MAX` for never.
    again_ms: AtomicI64,
    /// Ticks spent on running it so far, not on waiting.
    ticks: AtomicU64,
    /// What the client changed is on the disk, as far as it asked for that (WAITAOF).
    on_disk: AtomicBool,
    state: Mutex<State>,
    answered: Condvar,
}

/// How a command that waited ended, as it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran.
    Done,
    /// It ran, or gave up, with an error.
    Failed,
    /// It did not run again, because its user may not do it any more.
    Rejected,
}

/// How far the waiting is.
#[derive(Debug)]
pub enum State {
    /// It goes on.
    Waiting,
    /// The answer is there, and is to be taken by the owner.
    Answered(Vec<u8>, Outcome),
    /// The owner took the answer, or went away.
    Over,
}

impl Blocked {
    /// A command to wait, with its arguments.
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

    /// When to give up, in unix milliseconds.
    #[must_use]
    pub fn give_up_ms(&self) -> Option<i64> {
        self.block.deadline_ms
    }

    /// When the owner has something to do about it, in unix milliseconds: to give up, or to run it again.
    #[must_use]
    pub fn deadline_ms(&self) -> Option<i64> {
        let again_ms = Some(self.again_ms.load(Ordering::Relaxed)).filter(|&at_ms| at_ms != i64::MAX);
        match (self.block.deadline_ms, again_ms) {
            (Some(give_up), Some(again)) => Some(give_up.min(again)),
            (give_up, again) => give_up.or(again),
        }
    }

    /// Sets when to run it again in any case.
    pub fn set_again_ms(&self, again_ms: Option<i64>) {
        self.again_ms.store(again_ms.unwrap_or(i64::MAX), Ordering::Relaxed);
    }

    /// Says that running it took so many ticks more.
    pub fn spend(&self, ticks: u64) {
        self.ticks.fetch_add(ticks, Ordering::Relaxed);
    }

    /// The ticks that running it took in all.
    #[must_use]
    pub fn ticks(&self) -> u64 {
        self.ticks.load(Ordering::Relaxed)
    }

    /// The command's arguments, to run it again.
    #[must_use]
    pub fn args(&self) -> Args<'_> {
        self.args.args()
    }

    /// Bytes that it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        let keys = self.block.keys.iter().map(|key| 2 * (key.len() + size_of::<Vec<u8>>()));
        size_of::<Self>() + self.args.size() + keys.sum::<usize>()
    }

    /// A session that stands for the owner's, which its own thread holds.
    #[must_use]
    pub fn stand_in(&self) -> Session {
        let mut session = Session::new(Arc::clone(&self.info), self.identity.clone());
        (session.database, session.version, session.no_touch) = (self.database, self.version, self.no_touch);
        (session.tracks, session.caching) = (self.tracks, self.caching);
        session
    }

    /// Whether the owner is about to be closed: nothing is given to it any more. The caller holds the state, so the
    /// owner's socket is still its own.
    #[must_use]
    pub fn owner_leaves(&self) -> bool {
        let info = &self.info;
        info.killed()
            || info.closing.load(Ordering::Relaxed)
            || info.outbox.overflowed()
            || (info.fd >= 0 && socket::hung_up(info.fd))
    }

    /// The state, held. The caller is in the keyspace and holds no slot.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Puts the answer in place, for the owner to take.
    pub fn answer(&self, mut state: MutexGuard<'_, State>, answer: Vec<u8>, outcome: Outcome) {
        self.info.outbox.mark();
        *state = State::Answered(answer, outcome);
        drop(state);
        self.answered.notify_all();
        self.info.wake();
    }

    /// Answers as if nothing came in time, or with an error; false where the waiting was over.
    pub fn unblock(&self, error: Option<&[u8]>) -> bool {
        match error {
            Some(text) => self.end_with(Outcome::Failed, |reply| reply.error(text)),
            None => match self.block.on_timeout {
                // It may have come there while the client waited for something else.
                TimeoutReply::OnDisk(_) => self.unblock_as(TimeoutReply::OnDisk(self.on_disk.load(Ordering::Acquire))),
                nothing => self.unblock_as(nothing),
            },
        }
    }

    /// Notes whether what the client changed is on the disk.
    pub fn set_on_disk(&self, there: bool) {
        self.on_disk.store(there, Ordering::Release);
    }

    /// Answers with this; false where the waiting was over.
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

    /// Whether nobody answered yet.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        matches!(*self.state.lock(), State::Waiting)
    }

    /// Ends the waiting for the owner: the answer, if there is one.
    pub fn finish(&self) -> Option<(Vec<u8>, Outcome)> {
        match std::mem::replace(&mut *self.state.lock(), State::Over) {
            State::Answered(answer, outcome) => Some((answer, outcome)),
            State::Waiting | State::Over => None,
        }
    }

    /// Whether there is an answer to be taken.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        matches!(*self.state.lock(), State::Answered(..))
    }

    /// Waits on the calling thread until there is an answer, or for as long as `most`.
    pub fn wait(&self, most: Duration) {
        let until = Instant::now() + most;
        let mut state = self.state.lock();
        while matches!(*state, State::Waiting) && !self.answered.wait_until(&mut state, until).timed_out() {}
    }

    /// Queues up under each key. The caller holds their slots.
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

    /// Leaves all queues, locking one slot at a time. No slot is held.
    pub fn leave_each(self: &Arc<Self>, keyspace: &Keyspace, pass: &Pass<'_>) {
        for key in &self.block.keys {
            let key = keyspace.key(key);
            self.leave_key(key, &mut Access::one(pass, key.hash()));
        }
    }
}
