//! DUMP and RESTORE: values as bytes that another server takes.

use crate::parse::{int, is};
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Change, Command, Context, Docs, Entry, Error, Event, Flags, Group, KeySpec, Reply,
};
use redstart_config::choices::RdbVersionCheck;
use redstart_config::{Config, ids};
use redstart_encoding::quicklist::Fill;
use redstart_persistence::payload;
use redstart_persistence::rdb::{self, Limits, Loaded, WriteOptions};
use std::sync::atomic::Ordering;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[DUMP, RESTORE, RESTORE_ASKING]);

const DUMP: Command = Command {
    name: "dump",
    handler: dump,
    arity: Arity::Exactly(2),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::KEYSPACE,
    docs: Docs {
        summary: "Returns a value as bytes that RESTORE takes.",
        since: "2.6.0",
        group: Group::Generic,
        complexity: "O(1) to access the key and additional O(N*M) to serialize it, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1).",
        args: &[Arg::key("key")],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

/// How values are written, as configured.
pub(crate) fn options(config: &Config) -> WriteOptions {
    WriteOptions { compress: config.get(ids::RDBCOMPRESSION) }
}

/// When collections are small, as configured.
pub(crate) fn limits(config: &Config) -> Limits {
    Limits {
        list_fill: Fill::new(config.get(ids::LIST_MAX_LISTPACK_SIZE)),
        list_depth: config.get(ids::LIST_COMPRESS_DEPTH),
        hash_entries: config.get(ids::HASH_MAX_LISTPACK_ENTRIES),
        hash_value: config.get(ids::HASH_MAX_LISTPACK_VALUE),
        set_ints: config.get(ids::SET_MAX_INTSET_ENTRIES),
        set_entries: config.get(ids::SET_MAX_LISTPACK_ENTRIES),
        set_value: config.get(ids::SET_MAX_LISTPACK_VALUE),
        sorted_entries: config.get(ids::ZSET_MAX_LISTPACK_ENTRIES),
        sorted_value: config.get(ids::ZSET_MAX_LISTPACK_VALUE),
    }
}

fn dump(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, options) = (context.key(&args[1]), options(&context.shared.config));
    match context.find(key) {
        Some(found) => reply.bulk(&payload::dump(&found.value(), options)),
        None => reply.null(),
    }
    Ok(())
}

const RESTORE: Command = Command {
    name: "restore",
    handler: restore,
    arity: Arity::AtLeast(4),
    keys: &[KeySpec::at(1, Access::OW.with(Access::UPDATE))],
    // Unheard: the clock that is restored is not that of a change.
    flags: Flags::WRITE.with(Flags::DENY_OOM),
    acl: Acl::KEYSPACE.with(Acl::DANGEROUS),
    docs: Docs {
        summary: "Makes a key of what DUMP returned.",
        since: "2.6.0",
        group: Group::Generic,
        complexity: "O(1) to create the new key and additional O(N*M) to reconstruct the serialized value, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1). However for sorted set values the complexity is O(N*M*log(N)) because inserting values into sorted sets is O(log(N)).",
        args: &[
            Arg::key("key"),
            Arg::int("ttl"),
            Arg::string("serialized-value"),
            Arg::flag("replace", "REPLACE").optional().since("3.0.0"),
            Arg::flag("absttl", "ABSTTL").optional().since("5.0.0"),
            Arg::int("seconds").token("IDLETIME").optional().since("5.0.0"),
            Arg::int("frequency").token("FREQ").optional().since("5.0.0"),
        ],
        history: &[
            ("3.0.0", "Added the `REPLACE` modifier."),
            ("5.0.0", "Added the `ABSTTL` modifier."),
            ("5.0.0", "Added the `IDLETIME` and `FREQ` options."),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

const RESTORE_ASKING: Command = Command {
    name: "restore-asking",
    flags: RESTORE.flags.with(Flags::ASKING),
    docs: Docs {
        summary: "As RESTORE, of a key that moves to this node of a cluster.",
        since: "3.0.0",
        group: Group::Server,
        system: true,
        ..RESTORE.docs
    },
    ..RESTORE
};

#[derive(Clone, Copy, Debug, Default)]
struct Options {
    replace: bool,
    absolute: bool,
    idle_seconds: Option<u64>,
    frequency: Option<u8>,
}

impl Options {
    fn parse(args: &Args<'_>) -> Result<Self, Error> {
        let mut options = Self::default();
        let mut at = 4;
        while at < args.len() {
            match args.get(at + 1) {
                _ if is(&args[at], "replace") => options.replace = true,
                _ if is(&args[at], "absttl") => options.absolute = true,
                Some(number) if is(&args[at], "idletime") && options.frequency.is_none() => {
                    let seconds = u64::try_from(int(number)?);
                    let seconds = seconds.map_err(|_| Error::text("ERR Invalid IDLETIME value, must be >= 0"))?;
                    options.idle_seconds = Some(seconds);
                    at += 1;
                }
                Some(number) if is(&args[at], "freq") && options.idle_seconds.is_none() => {
                    let count = u8::try_from(int(number)?);
                    let text = "ERR Invalid FREQ value, must be >= 0 and <= 255";
                    options.frequency = Some(count.map_err(|_| Error::text(text))?);
                    at += 1;
                }
                _ => return Err(Error::Syntax),
            }
            at += 1;
        }
        Ok(options)
    }
}

/// Whether versions of the format are read that came after the known ones.
pub(crate) fn reads_newer(config: &Config) -> bool {
    config.get(ids::RDB_VERSION_CHECK) == RdbVersionCheck::Relaxed
}

/// The value of a payload.
fn load(context: &Context<'_>, bytes: &[u8]) -> Result<Loaded, Error> {
    let refused = Error::text("ERR DUMP payload version or checksum are wrong");
    let (value, version) = match payload::open(bytes, reads_newer(&context.shared.config)) {
        Ok(opened) => opened,
        Err(rdb::Error::Checksum) if context.shared.skip_checksum.load(Ordering::Relaxed) => {
            (&bytes[..bytes.len() - payload::FOOTER], rdb::NEWEST)
        }
        Err(_) => return Err(refused),
    };
    payload::load(value, version, &limits(&context.shared.config)).map_err(|error| {
        // In the words that tools look for.
        let what = rdb::container_name(value.first().copied().unwrap_or_default());
        context.shared.host().warn(&format!("RESTORE: {what} integrity check failed: {error}"));
        Error::text("ERR Bad data format")
    })
}

fn restore(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let options = Options::parse(args)?;
    let key = context.key(&args[1]);
    if !options.replace && context.find_mut(key).is_some() {
        return Err(Error::text("BUSYKEY Target key name already exists."));
    }
    let ttl = int(&args[2])?;
    if ttl < 0 {
        return Err(Error::text("ERR Invalid TTL value, must be >= 0"));
    }
    let loaded = load(context, &args[3])?;
    let now_ms = context.now_ms;
    let expire_ms = match ttl {
        0 => None,
        ttl if options.absolute => Some(ttl),
        ttl => Some(ttl.saturating_add(context.clock_ms())),
    };
    let deleted = options.replace && context.delete(key);
    if expire_ms.is_some_and(|at_ms| at_ms <= now_ms) {
        if deleted {
            if context.keeps_effects() {
                let lazily = context.shared.config.get(ids::LAZYFREE_LAZY_SERVER_DEL);
                context.replay_as(&[if lazily { b"UNLINK" } else { b"DEL" }, &args[1]]);
            }
            context.commit(key, Change::deleted());
        }
        reply.ok();
        return Ok(());
    }
    if let Some(repair) = loaded.repair {
        context.shared.host().warn(&format!("RESTORE of the key '{}': {repair}", key.bytes().escape_ascii()));
    }
    let mut entry = Entry::new(key.bytes(), loaded.value, expire_ms);
    entry.set_parts_expire_ms(loaded.parts_ms);
    entry.set_clock(context.shared.clock().restored(context.clock_ms(), options.idle_seconds, options.frequency));
    context.insert_entry(context.session.database, key, entry);
    if let Some(at_ms) = expire_ms
        && !options.absolute
        && context.keeps_effects()
    {
        let at_ms = at_ms.to_string();
        let words = args.iter_from(0).enumerate().map(|(at, word)| if at == 2 { at_ms.as_bytes() } else { word });
        context.replay(words.chain([b"ABSTTL".as_slice()]));
    }
    context.commit(key, Change::new(Event::GENERIC, "restore").keeps_clock());
    reply.ok();
    Ok(())
}
