//! The directives whose value is a word: one Rust enum per directive.

/// A word and its number. Several words may share a number; the first of them is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The word.
    pub word: &'static str,
    /// Its number; a bit if words can be combined.
    pub number: i64,
}

/// An enum of a directive's values.
pub trait Choices: Copy + 'static {
    /// The words, with the numbers of the variants.
    const CHOICES: &'static [Choice];
    /// The variants, by number.
    const ALL: &'static [Self];
}

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $first:literal $(| $other:literal)*,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $(#[doc = concat!("`", $first, "`")] $variant,)+
        }

        impl $name {
            // An inherent constant in addition to the trait's, because the tables are constants without the trait in
            // scope.
            pub(crate) const CHOICES: &'static [Choice] = &[$(
                Choice { word: $first, number: $name::$variant as i64 },
                $(Choice { word: $other, number: $name::$variant as i64 },)*
            )+];
        }

        impl Choices for $name {
            const CHOICES: &'static [Choice] = $name::CHOICES;
            const ALL: &'static [$name] = &[$($name::$variant,)+];
        }
    )+};
}

choices! {
    /// The lowest severity that is logged.
    LogLevel {
        Debug = "debug",
        Verbose = "verbose",
        Notice = "notice",
        Warning = "warning",
        Nothing = "nothing",
    }

    /// The service manager that receives notifications.
    Supervised {
        Upstart = "upstart",
        Systemd = "systemd",
        Auto = "auto",
        No = "no",
    }

    /// The facility of syslog messages.
    SyslogFacility {
        User = "user",
        Local0 = "local0",
        Local1 = "local1",
        Local2 = "local2",
        Local3 = "local3",
        Local4 = "local4",
        Local5 = "local5",
        Local6 = "local6",
        Local7 = "local7",
    }

    /// Which keys are evicted when memory is short.
    MaxmemoryPolicy {
        VolatileLru = "volatile-lru",
        VolatileLfu = "volatile-lfu",
        VolatileRandom = "volatile-random",
        VolatileTtl = "volatile-ttl",
        VolatileLrm = "volatile-lrm",
        AllKeysLru = "allkeys-lru",
        AllKeysLfu = "allkeys-lfu",
        AllKeysRandom = "allkeys-random",
        AllKeysLrm = "allkeys-lrm",
        NoEviction = "noeviction",
    }

    /// When the append-only file is flushed to the disk.
    AppendFsync {
        EverySecond = "everysec",
        Always = "always",
        No = "no",
    }

    /// Whether a replica may load its primary's snapshot directly from the socket.
    ReplDisklessLoad {
        Disabled = "disabled",
        OnEmptyDb = "on-empty-db",
        SwapDb = "swapdb",
    }

    /// Whether TLS clients must present a certificate.
    TlsAuthClients {
        No = "no",
        Yes = "yes",
        Optional = "optional",
    }

    /// The field of a client's certificate that names its user.
    TlsAuthClientsUser {
        CommonName = "CN",
        Uri = "URI",
        Off = "off",
    }

    /// How the kernel's out-of-memory score is set.
    OomScoreAdj {
        No = "no",
        Relative = "yes" | "relative",
        Absolute = "absolute",
    }

    /// The channels of a new user.
    AclPubsubDefault {
        AllChannels = "allchannels",
        ResetChannels = "resetchannels",
    }

    /// Whose payloads are checked deeply.
    SanitizeDumpPayload {
        No = "no",
        Yes = "yes",
        Clients = "clients",
    }

    /// The clients for which a guarded action is allowed.
    ProtectedAction {
        No = "no",
        Yes = "yes",
        Local = "local",
    }

    /// The endpoint that cluster redirections name.
    EndpointType {
        Ip = "ip",
        Hostname = "hostname",
        UnknownEndpoint = "unknown-endpoint",
    }

    /// The reaction to an error in a replicated command.
    PropagationErrorBehavior {
        Ignore = "ignore",
        Panic = "panic",
        PanicOnReplicas = "panic-on-replicas",
    }

    /// The reaction when the cluster's own file cannot be written.
    ClusterConfigSave {
        Sync = "sync",
        BestEffort = "best-effort",
    }

    /// The layout of log lines.
    LogFormat {
        Legacy = "legacy",
        Logfmt = "logfmt",
        Json = "json",
    }

    /// The layout of the time in log lines.
    LogTimestampFormat {
        Legacy = "legacy",
        Iso8601 = "iso8601",
        Milliseconds = "milliseconds",
    }

    /// Whether to try snapshots of unknown later versions.
    RdbVersionCheck {
        Strict = "strict",
        Relaxed = "relaxed",
    }

    /// The kernel interface for sockets.
    IoBackend {
        Auto = "auto",
        Uring = "uring",
        Epoll = "epoll",
    }
}

/// The bits of `shutdown-on-sigint` and `shutdown-on-sigterm`.
pub const SHUTDOWN_SAVE: i64 = 1;
/// Do not save.
pub const SHUTDOWN_NOSAVE: i64 = 2;
/// Do not wait for replicas.
pub const SHUTDOWN_NOW: i64 = 4;
/// Ignore errors of saving.
pub const SHUTDOWN_FORCE: i64 = 8;

pub(crate) const SHUTDOWN_CHOICES: &[Choice] = &[
    Choice { word: "default", number: 0 },
    Choice { word: "save", number: SHUTDOWN_SAVE },
    Choice { word: "nosave", number: SHUTDOWN_NOSAVE },
    Choice { word: "now", number: SHUTDOWN_NOW },
    Choice { word: "force", number: SHUTDOWN_FORCE },
];

/// Classes of keyspace events, and the channels to which they are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct NotifyEvents(pub u32);

impl NotifyEvents {
    /// `K`: to `__keyspace@<db>__:<key>`.
    pub const KEYSPACE: u32 = 1 << 0;
    /// `E`: to `__keyevent@<db>__:<event>`.
    pub const KEYEVENT: u32 = 1 << 1;
    /// `g`: DEL, EXPIRE, RENAME and other commands for all types.
    pub const GENERIC: u32 = 1 << 2;
    /// `$`: strings.
    pub const STRING: u32 = 1 << 3;
    /// `l`: lists.
    pub const LIST: u32 = 1 << 4;
    /// `s`: sets.
    pub const SET: u32 = 1 << 5;
    /// `h`: hashes.
    pub const HASH: u32 = 1 << 6;
    /// `z`: sorted sets.
    pub const ZSET: u32 = 1 << 7;
    /// `x`: keys that expired.
    pub const EXPIRED: u32 = 1 << 8;
    /// `e`: evicted keys.
    pub const EVICTED: u32 = 1 << 9;
    /// `t`: streams.
    pub const STREAM: u32 = 1 << 10;
    /// `m`: reads of missing keys; not part of `A`.
    pub const KEY_MISS: u32 = 1 << 11;
    /// `d`: types of modules.
    pub const MODULE: u32 = 1 << 13;
    /// `n`: new keys; not part of `A`.
    pub const NEW: u32 = 1 << 14;
    /// `A`: `g$lshzxetd`.
    pub const ALL: u32 = NotifyEvents::GENERIC
        | NotifyEvents::STRING
        | NotifyEvents::LIST
        | NotifyEvents::SET
        | NotifyEvents::HASH
        | NotifyEvents::ZSET
        | NotifyEvents::EXPIRED
        | NotifyEvents::EVICTED
        | NotifyEvents::STREAM
        | NotifyEvents::MODULE;

    /// In the order in which they are shown; those before `n` are part of `A`.
    const LETTERS: [(u8, u32); 14] = [
        (b'g', NotifyEvents::GENERIC),
        (b'$', NotifyEvents::STRING),
        (b'l', NotifyEvents::LIST),
        (b's', NotifyEvents::SET),
        (b'h', NotifyEvents::HASH),
        (b'z', NotifyEvents::ZSET),
        (b'x', NotifyEvents::EXPIRED),
        (b'e', NotifyEvents::EVICTED),
        (b't', NotifyEvents::STREAM),
        (b'd', NotifyEvents::MODULE),
        (b'n', NotifyEvents::NEW),
        (b'K', NotifyEvents::KEYSPACE),
        (b'E', NotifyEvents::KEYEVENT),
        (b'm', NotifyEvents::KEY_MISS),
    ];

    /// Whether the set contains all of `class`.
    pub const fn has(self, class: u32) -> bool {
        self.0 & class == class
    }

    pub(crate) fn parse(letters: &[u8]) -> Option<NotifyEvents> {
        letters.iter().try_fold(NotifyEvents(0), |set, letter| {
            let class = match letter {
                b'A' => NotifyEvents::ALL,
                _ => NotifyEvents::LETTERS.iter().find(|(own, _)| own == letter)?.1,
            };
            Some(NotifyEvents(set.0 | class))
        })
    }

    pub(crate) fn to_letters(self) -> String {
        let all = self.has(NotifyEvents::ALL);
        let mut text = if all { "A".to_string() } else { String::new() };
        for (letter, class) in NotifyEvents::LETTERS {
            // Redis shows 'n' only if 'A' does not represent the rest.
            let hidden = all && (class & NotifyEvents::ALL != 0 || class == NotifyEvents::NEW);
            if self.has(class) && !hidden {
                text.push(char::from(letter));
            }
        }
        text
    }
}
