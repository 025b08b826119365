//! How commands are treated, and the ACL categories that they belong to.

macro_rules! bit_set {
    ($(#[$doc:meta])* $name:ident: $int:ty { $($(#[$bit_doc:meta])* $bit:ident = $shift:literal, $shown:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name($int);

        impl $name {
            /// The empty set.
            pub const NONE: Self = Self(0);
            $($(#[$bit_doc])* pub const $bit: Self = Self(1 << $shift);)*

            /// Both sets together.
            #[must_use]
            pub const fn with(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// Whether all of `other` is in this set.
            #[inline]
            #[must_use]
            pub const fn has(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// Every member that is shown, with its name, in the order that Redis shows them.
            pub fn each() -> impl Iterator<Item = (Self, &'static str)> {
                [$((Self::$bit, $shown)),*].into_iter().filter(|(_, name)| !name.is_empty())
            }

            /// The names of what is in the set, in the order that Redis shows them.
            pub fn names(self) -> impl Iterator<Item = &'static str> {
                Self::each().filter(move |(bit, _)| self.has(*bit)).map(|(_, name)| name)
            }
        }
    };
}

pub(crate) use bit_set;

bit_set! {
    /// How a command is to be treated.
    Flags: u64 {
        /// Changes data.
        WRITE = 0, "write";
        /// Reads data.
        READONLY = 1, "readonly";
        /// May need memory, and is refused where there is none left.
        DENY_OOM = 2, "denyoom";
        /// Is the operator's.
        ADMIN = 3, "admin";
        /// Is about publishing and subscribing.
        PUBSUB = 4, "pubsub";
        /// Not from scripts.
        NO_SCRIPT = 5, "noscript";
        /// May block.
        BLOCKING = 6, "blocking";
        /// Runs while data is loaded.
        LOADING = 7, "loading";
        /// Runs on a replica with old data.
        STALE = 8, "stale";
        /// Not shown by MONITOR.
        SKIP_MONITOR = 9, "skip_monitor";
        /// Not shown by SLOWLOG.
        SKIP_SLOWLOG = 10, "skip_slowlog";
        /// Accepted while a slot is imported.
        ASKING = 11, "asking";
        /// Takes constant or logarithmic time.
        FAST = 12, "fast";
        /// Needs no authentication.
        NO_AUTH = 13, "no_auth";
        /// May cause writes though it is not one.
        MAY_REPLICATE = 14, "";
        /// May be called without keys.
        NO_MANDATORY_KEYS = 19, "no_mandatory_keys";
        /// Not while data is loaded asynchronously.
        NO_ASYNC_LOADING = 15, "no_async_loading";
        /// Not inside a transaction.
        NO_MULTI = 16, "no_multi";
        /// The keys' places depend on the arguments.
        MOVABLE_KEYS = 17, "movablekeys";
        /// Runs while a script is overdue.
        ALLOW_BUSY = 18, "allow_busy";
        /// Runs alone, with all slots its own.
        EXCLUSIVE = 20, "";
        /// May touch keys it does not name.
        TOUCHES_ARBITRARY_KEYS = 21, "";
        /// Runs at once inside a transaction too.
        NOT_QUEUED = 22, "";
        /// Runs on a connection that is subscribed and speaks version 2.
        WHILE_SUBSCRIBED = 24, "";
        /// Its answers are pushes, which CLIENT REPLY does not hold back.
        ANSWERS_BY_PUSH = 25, "";
        /// Takes the slots that it needs by itself where it runs alone: it runs other commands.
        LOCKS_ITSELF = 26, "";
        /// Of a large value it changes no more than the members that stand among its arguments, and what is known of
        /// the whole (when it expires). It may remove it. A snapshot need not have all the others first.
        CHANGES_NAMED = 27, "";
        /// Runs what MULTI queued, under the locks of all of it; the gates look at the queue as well.
        RUNS_QUEUE = 28, "";
        /// Selects a database for the commands behind it.
        SELECTS_DATABASE = 29, "";
        /// Leaves the choice of CLIENT CACHING for the next command.
        KEEPS_CACHING = 30, "";
        /// Ends WATCH, so it needs the slots of the watched keys.
        ENDS_WATCH = 31, "";
        /// Is refused where commands that write are: health checks see what applications see.
        PROBES_WRITES = 32, "";
    }
}

bit_set! {
    /// ACL categories.
    Acl: u32 {
        /// Keys of any type.
        KEYSPACE = 0, "keyspace";
        /// Reads data.
        READ = 1, "read";
        /// Changes data.
        WRITE = 2, "write";
        /// Sets.
        SET = 3, "set";
        /// Sorted sets.
        SORTED_SET = 4, "sortedset";
        /// Lists.
        LIST = 5, "list";
        /// Hashes.
        HASH = 6, "hash";
        /// Strings.
        STRING = 7, "string";
        /// Bitmaps.
        BITMAP = 8, "bitmap";
        /// HyperLogLogs.
        HYPERLOGLOG = 9, "hyperloglog";
        /// Geospatial indexes.
        GEO = 10, "geo";
        /// Streams.
        STREAM = 11, "stream";
        /// Arrays.
        ARRAY = 21, "array";
        /// Publishing and subscribing.
        PUBSUB = 12, "pubsub";
        /// The operator's.
        ADMIN = 13, "admin";
        /// Fast.
        FAST = 14, "fast";
        /// Not fast.
        SLOW = 15, "slow";
        /// May block.
        BLOCKING = 16, "blocking";
        /// Dangerous in the wrong hands.
        DANGEROUS = 17, "dangerous";
        /// About the connection.
        CONNECTION = 18, "connection";
        /// Transactions.
        TRANSACTION = 19, "transaction";
        /// Scripts.
        SCRIPTING = 20, "scripting";
    }
}

impl Acl {
    /// The categories of a command: its own, and those that its flags imply.
    #[must_use]
    pub const fn implied(own: Self, flags: Flags) -> Self {
        let mut acl = own;
        if flags.has(Flags::WRITE) {
            acl = acl.with(Self::WRITE);
        }
        if flags.has(Flags::READONLY) && !acl.has(Self::SCRIPTING) {
            acl = acl.with(Self::READ);
        }
        if flags.has(Flags::ADMIN) {
            acl = acl.with(Self::ADMIN).with(Self::DANGEROUS);
        }
        if flags.has(Flags::PUBSUB) {
            acl = acl.with(Self::PUBSUB);
        }
        if flags.has(Flags::BLOCKING) {
            acl = acl.with(Self::BLOCKING);
        }
        acl.with(if flags.has(Flags::FAST) { Self::FAST } else { Self::SLOW })
    }
}
