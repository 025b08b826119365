//! The properties of commands, and their ACL categories.

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

            /// Whether this set contains all of `other`.
            #[inline]
            #[must_use]
            pub const fn has(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// All members with a name, in Redis's order.
            pub fn each() -> impl Iterator<Item = (Self, &'static str)> {
                [$((Self::$bit, $shown)),*].into_iter().filter(|(_, name)| !name.is_empty())
            }

            /// The names of the members, in Redis's order.
            pub fn names(self) -> impl Iterator<Item = &'static str> {
                Self::each().filter(move |(bit, _)| self.has(*bit)).map(|(_, name)| name)
            }
        }
    };
}

pub(crate) use bit_set;

bit_set! {
    /// The properties of a command.
    Flags: u64 {
        /// Writes data.
        WRITE = 0, "write";
        /// Reads data.
        READONLY = 1, "readonly";
        /// May need memory, and is refused when the server is out of memory.
        DENY_OOM = 2, "denyoom";
        /// For administrators.
        ADMIN = 3, "admin";
        /// Concerns pub/sub.
        PUBSUB = 4, "pubsub";
        /// Not allowed in scripts.
        NO_SCRIPT = 5, "noscript";
        /// May block.
        BLOCKING = 6, "blocking";
        /// Runs while data is loaded.
        LOADING = 7, "loading";
        /// Runs on a replica with stale data.
        STALE = 8, "stale";
        /// Not shown by MONITOR.
        SKIP_MONITOR = 9, "skip_monitor";
        /// Not shown by SLOWLOG.
        SKIP_SLOWLOG = 10, "skip_slowlog";
        /// Accepted while a slot is being imported.
        ASKING = 11, "asking";
        /// Takes constant or logarithmic time.
        FAST = 12, "fast";
        /// Needs no authentication.
        NO_AUTH = 13, "no_auth";
        /// May cause writes although it is not a write command.
        MAY_REPLICATE = 14, "";
        /// May be called without keys.
        NO_MANDATORY_KEYS = 19, "no_mandatory_keys";
        /// Not allowed while data is loaded asynchronously.
        NO_ASYNC_LOADING = 15, "no_async_loading";
        /// Not allowed in a transaction.
        NO_MULTI = 16, "no_multi";
        /// The positions of the keys depend on the arguments.
        MOVABLE_KEYS = 17, "movablekeys";
        /// Runs while a script is overdue.
        ALLOW_BUSY = 18, "allow_busy";
        /// Runs with exclusive access to all slots.
        EXCLUSIVE = 20, "";
        /// May access keys that its arguments do not name.
        TOUCHES_ARBITRARY_KEYS = 21, "";
        /// Runs at once even in a transaction.
        NOT_QUEUED = 22, "";
        /// Runs on a subscribed connection with version 2.
        WHILE_SUBSCRIBED = 24, "";
        /// Replies with pushes, which CLIENT REPLY does not suppress.
        ANSWERS_BY_PUSH = 25, "";
        /// Runs other commands, and locks their slots itself unless it runs alone.
        LOCKS_ITSELF = 26, "";
        /// In a large value it changes at most the members named by its arguments, and properties of the whole (its
        /// expiry). It may delete the value. A snapshot need not keep the other members first.
        CHANGES_NAMED = 27, "";
        /// Runs the queue of MULTI, under the locks of all its commands; the gates check the queue as well.
        RUNS_QUEUE = 28, "";
        /// Selects a database for the following commands.
        SELECTS_DATABASE = 29, "";
        /// Keeps the choice of CLIENT CACHING for the next command.
        KEEPS_CACHING = 30, "";
        /// Ends WATCH, so it needs the slots of the watched keys.
        ENDS_WATCH = 31, "";
        /// Refused whenever write commands are: health checks then see what applications see.
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
        /// Writes data.
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
        /// Pub/sub.
        PUBSUB = 12, "pubsub";
        /// For administrators.
        ADMIN = 13, "admin";
        /// Fast.
        FAST = 14, "fast";
        /// Not fast.
        SLOW = 15, "slow";
        /// May block.
        BLOCKING = 16, "blocking";
        /// Dangerous if misused.
        DANGEROUS = 17, "dangerous";
        /// Connections.
        CONNECTION = 18, "connection";
        /// Transactions.
        TRANSACTION = 19, "transaction";
        /// Scripts.
        SCRIPTING = 20, "scripting";
    }
}

impl Acl {
    /// The categories of a command: its own, and those implied by its flags.
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
