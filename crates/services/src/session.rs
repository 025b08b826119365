//! What a connection remembers between commands.

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
    /// None is.
    Off,
    /// The command that said so and the next one are not.
    SkipNext,
    /// This command is not, the next one is.
    Skip,
}

/// The state of one connection that commands read and change.
#[derive(Debug)]
pub struct Session {
    /// What others see of it.
    pub info: Arc<ClientInfo>,
    /// The selected database.
    pub database: usize,
    /// The protocol version, 2 or 3.
    pub version: u8,
    /// Who it is, and so what it may do.
    pub identity: Identity,
    /// CLIENT REPLY.
    pub reply_mode: ReplyMode,
    /// Reads leave the access clock alone (CLIENT NO-TOUCH).
    pub no_touch: bool,
    /// The connection ends once the answers so far are sent.
    pub close: bool,
    /// The command that waits; until it is over no other runs.
    pub blocked: Option<Arc<Blocked>>,
    /// Its next command is held back by CLIENT PAUSE, as far as known until then (in unix milliseconds).
    pub postponed_ms: Option<i64>,
    /// It sees the commands that run.
    pub monitors: bool,
    /// What it reads is remembered.
    pub tracks: bool,
    /// CLIENT CACHING was said for the next command.
    pub caching: bool,
    /// What was parsed is to be run once the connection has taken its input over: there are scripts in it.
    pub put_off: bool,
    /// What MULTI began.
    pub transaction: Option<Box<Transaction>>,
    /// What WATCH named.
    pub watching: Watching,
    /// What it is subscribed to, if anything.
    pub subscriptions: Option<Box<Subscriptions>>,
    /// Commands that would wait answer at once that there is nothing.
    pub no_block: bool,
    /// A script runs, and calls commands.
    pub in_script: bool,
    /// When its command began, more memory was in use than may be, and there was nothing to give up.
    pub out_of_memory: bool,
    /// What HIMPORT PREPARE left.
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

    /// Ends the transaction, if there is one, and hands out what was queued.
    pub fn end(&mut self) -> Option<Box<Transaction>> {
        let transaction = self.transaction.take()?;
        self.info.queued.store(-1, Ordering::Relaxed);
        self.info.queued_bytes.store(0, Ordering::Relaxed);
        Some(transaction)
    }

    /// Watches nothing any more. The caller holds all slots of the watched keys, or none.
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

    /// Back to how it was when it connected (RESET), but for its names and statistics.
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
