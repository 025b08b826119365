//! The state that a connection keeps between commands.

use crate::acl::{self, Identity};
use crate::blocked::Blocked;
use crate::clients::ClientInfo;
use crate::fieldsets::FieldSets;
use crate::listeners::Listeners;
use crate::pubsub::Subscriptions;
use crate::transaction::{Transaction, Watching};
use redstart_keyspace::Access;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// CLIENT REPLY.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReplyMode {
    /// Every command is answered.
    #[default]
    On,
    /// No command is answered.
    Off,
    /// The current command (CLIENT REPLY SKIP) and the next one are not answered.
    SkipNext,
    /// The current command is not answered, the next one is.
    Skip,
}

/// The state of one connection that commands read and change.
#[derive(Debug)]
pub struct Session {
    /// The part that other threads can read.
    pub info: Arc<ClientInfo>,
    /// The selected database.
    pub database: usize,
    /// The protocol version, 2 or 3.
    pub version: u8,
    /// The session's user, which determines its permissions.
    pub identity: Identity,
    /// CLIENT REPLY.
    pub reply_mode: ReplyMode,
    /// Reads leave the access clock alone (CLIENT NO-TOUCH).
    pub no_touch: bool,
    /// The connection is closed once the replies so far are sent.
    pub close: bool,
    /// The blocked command; no other command runs until it ends.
    pub blocked: Option<Arc<Blocked>>,
    /// The next command is held back by CLIENT PAUSE, until this time as far as known (in unix milliseconds).
    pub postponed_ms: Option<i64>,
    /// The client is in MONITOR mode.
    pub monitors: bool,
    /// The keys that the client reads are tracked.
    pub tracks: bool,
    /// CLIENT CACHING was called for the next command.
    pub caching: bool,
    /// The parsed commands include scripts, and run once the connection has taken over its input.
    pub put_off: bool,
    /// The transaction that MULTI began.
    pub transaction: Option<Box<Transaction>>,
    /// The keys that WATCH watches.
    pub watching: Watching,
    /// The subscriptions, if any.
    pub subscriptions: Option<Box<Subscriptions>>,
    /// Commands that would block reply at once as on timeout.
    pub no_block: bool,
    /// A script is running and calls commands.
    pub in_script: bool,
    /// When the command began, memory use exceeded `maxmemory`, and nothing could be evicted.
    pub out_of_memory: bool,
    /// The field sets of HIMPORT PREPARE.
    pub fieldsets: FieldSets,
}

impl Session {
    /// A new connection.
    #[must_use]
    pub fn new(info: Arc<ClientInfo>, identity: Identity) -> Self {
        Self {
            info,
            database: 0,
            version: 2,
            identity,
            reply_mode: ReplyMode::On,
            no_touch: false,
            close: false,
            blocked: None,
            postponed_ms: None,
            monitors: false,
            tracks: false,
            caching: false,
            put_off: false,
            transaction: None,
            watching: Watching::default(),
            subscriptions: None,
            no_block: false,
            in_script: false,
            out_of_memory: false,
            fieldsets: FieldSets::default(),
        }
    }

    /// Begins a transaction.
    pub fn begin(&mut self) {
        self.transaction = Some(Transaction::begin());
        self.info.queued.store(0, Ordering::Relaxed);
    }

    /// Ends the transaction, if there is one, and returns it.
    pub fn end(&mut self) -> Option<Box<Transaction>> {
        let transaction = self.transaction.take()?;
        self.info.queued.store(-1, Ordering::Relaxed);
        self.info.queued_bytes.store(0, Ordering::Relaxed);
        Some(transaction)
    }

    /// Stops watching all keys. The caller holds all slots of the watched keys, or none.
    pub fn unwatch(&mut self, access: &mut Access<'_>, listeners: &Listeners) {
        self.watching.forget(access, listeners, &self.info);
    }

    /// Selects a database, which must exist.
    pub fn select(&mut self, database: usize) {
        self.database = database;
        self.info.database.store(database as u32, Ordering::Relaxed);
    }

    /// Switches the protocol version.
    pub fn set_version(&mut self, version: u8) {
        self.version = version;
        self.info.version.store(u32::from(version), Ordering::Relaxed);
    }

    /// Resets the connection to its initial state (RESET), except for its names and statistics.
    pub fn reset(&mut self, users: &acl::Store) {
        self.end();
        self.select(0);
        self.set_version(2);
        self.identity.reset(users);
        self.reply_mode = ReplyMode::On;
        self.no_touch = false;
        self.fieldsets.discard_all();
        self.info.no_touch.store(false, Ordering::Relaxed);
        self.info.no_evict.store(false, Ordering::Relaxed);
        let mut names = self.info.names.lock();
        names.name.clear();
        names.user = self.identity.shown_name().to_vec();
    }
}
