//! The commands of replication and failover, and MIGRATE, on a server that has no replicas, follows no primary and sends no
//! keys to others. What such a server answers, they answer as in Redis; what would need the other side is refused.

use crate::parse::{int, int_between, is};
use redstart_command::spec::{Begin, Find};
use redstart_command::{Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply};

/// The family.
pub(crate) const COMMANDS: &[Command] =
    Command::checked(&[FAILOVER, MIGRATE, PSYNC, REPLCONF, REPLICAOF, ROLE, SLAVEOF, SYNC]);

const NO_REPLICAS: Error = Error::text("ERR Redstart has no replication yet: it cannot serve replicas");

const fn docs(summary: &'static str, since: &'static str) -> Docs {
    Docs { summary, since, group: Group::Server, complexity: "O(1)", ..Docs::NONE }
}

const ROLE: Command = Command {
    name: "role",
    handler: role,
    arity: Arity::Exactly(1),
    flags: Flags::NO_SCRIPT.with(Flags::LOADING).with(Flags::STALE).with(Flags::FAST),
    acl: Acl::ADMIN.with(Acl::DANGEROUS),
    docs: docs("Returns the role of the server in replication: a primary without replicas.", "2.8.12"),
    ..Command::BASE
};

fn role(_: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.array(3);
    reply.bulk(b"master");
    reply.int(0);
    reply.array(0);
    Ok(())
}

const REPLICAOF: Command = Command {
    name: "replicaof",
    handler: replicaof,
    arity: Arity::Exactly(3),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::STALE).with(Flags::NO_ASYNC_LOADING),
    docs: Docs {
        args: &[Arg::one_of(
            "args",
            &[
                Arg::block("host-port", &[Arg::string("host"), Arg::int("port")]),
                Arg::block("no-one", &[Arg::flag("no", "NO"), Arg::flag("one", "ONE")]),
            ],
        )],
        ..docs("Has the server follow another one, or with NO ONE none.", "5.0.0")
    },
    ..Command::BASE
};

const SLAVEOF: Command = Command {
    name: "slaveof",
    docs: Docs { since: "1.0.0", deprecated: Some(("5.0.0", "`REPLICAOF`")), ..REPLICAOF.docs },
    ..REPLICAOF
};

fn replicaof(_: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if !(is(&args[1], "no") && is(&args[2], "one")) {
        int_between(&args[2], 0, 65_535).map_err(|_| Error::text("ERR Invalid master port"))?;
        return Err(Error::text("ERR Redstart has no replication yet: it cannot follow another server"));
    }
    reply.ok();
    Ok(())
}

const FAILOVER: Command = Command {
    name: "failover",
    handler: failover,
    arity: Arity::AtLeast(1),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::STALE),
    docs: Docs {
        args: &[
            Arg::block("target", &[Arg::string("host"), Arg::int("port"), Arg::flag("force", "FORCE").optional()])
                .token("TO")
                .optional(),
            Arg::flag("abort", "ABORT").optional(),
            Arg::int("milliseconds").token("TIMEOUT").optional(),
        ],
        ..docs("Hands the role of the primary over to a replica.", "6.2.0")
    },
    ..Command::BASE
};

fn failover(_: &mut Context<'_>, args: &mut Args<'_>, _: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() == 2 && is(&args[1], "abort") {
        return Err(Error::text("ERR No failover in progress."));
    }
    let (mut at, mut timeout, mut target, mut force) = (1, false, false, false);
    while at < args.len() {
        let (word, more) = (&args[at], args.len() - at - 1);
        if is(word, "timeout") && more >= 1 && !timeout {
            if int(&args[at + 1])? <= 0 {
                return Err(Error::text("ERR FAILOVER timeout must be greater than 0"));
            }
            (timeout, at) = (true, at + 2);
        } else if is(word, "to") && more >= 2 && !target {
            int(&args[at + 2])?;
            (target, at) = (true, at + 3);
        } else if is(word, "force") && !force {
            (force, at) = (true, at + 1);
        } else {
            return Err(Error::Syntax);
        }
    }
    Err(Error::text("ERR FAILOVER requires connected replicas."))
}

const SYNC: Command = Command {
    name: "sync",
    handler: sync,
    arity: Arity::Exactly(1),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::NO_ASYNC_LOADING).with(Flags::NO_MULTI),
    docs: Docs { complexity: "", ..docs("Is how old replicas ask for all data.", "1.0.0") },
    ..Command::BASE
};

const PSYNC: Command = Command {
    name: "psync",
    arity: Arity::AtLeast(3),
    docs: Docs {
        args: &[Arg::string("replicationid"), Arg::int("offset")],
        complexity: "",
        ..docs("Is how replicas ask for data.", "2.8.0")
    },
    ..SYNC
};

fn sync(_: &mut Context<'_>, _: &mut Args<'_>, _: &mut Reply<'_>) -> Result<(), Error> {
    Err(NO_REPLICAS)
}

const REPLCONF: Command = Command {
    name: "replconf",
    handler: replconf,
    arity: Arity::AtLeast(1),
    flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::LOADING).with(Flags::STALE).with(Flags::ALLOW_BUSY),
    docs: Docs { system: true, ..docs("Is how replicas say what they are and how far they have come.", "3.0.0") },
    ..Command::BASE
};

/// What a replica says of itself is taken as Redis takes it; PSYNC is what is refused then.
fn replconf(_: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len().is_multiple_of(2) {
        return Err(Error::Syntax);
    }
    for at in (1..args.len()).step_by(2) {
        let (option, value) = (&args[at], &args[at + 1]);
        match option.to_ascii_lowercase().as_slice() {
            b"listening-port" => drop(int(value)?),
            b"ip-address" | b"capa" | b"rdb-filter-only" => {}
            b"rdb-only" => drop(int_between(value, 0, 1)?),
            // These are not answered: they belong to the stream of a replica, which this client is not.
            b"ack" | b"getack" => return Ok(()),
            _ => return Err(Error::Bytes([b"ERR Unrecognized REPLCONF option: ", option].concat())),
        }
    }
    reply.ok();
    Ok(())
}

const MIGRATED: Access = Access::RW.with(Access::ACCESS).with(Access::DELETE);

const MIGRATE: Command = Command {
    name: "migrate",
    handler: migrate,
    arity: Arity::AtLeast(6),
    keys: &[
        KeySpec::at(3, MIGRATED),
        KeySpec {
            access: MIGRATED.with(Access::INCOMPLETE),
            begin: Begin::Keyword { keyword: "KEYS", from: -2 },
            find: Find::Range { last: -1, step: 1, limit: 0 },
            notes: None,
        },
    ],
    secret: Some(is_secret),
    flags: Flags::WRITE.with(Flags::MOVABLE_KEYS),
    acl: Acl::KEYSPACE.with(Acl::DANGEROUS),
    docs: Docs {
        summary: "Moves keys to another server.",
        since: "2.6.0",
        group: Group::Generic,
        complexity: "As DUMP and DEL here, RESTORE there, and O(N) for the transfer of the data.",
        args: &[
            Arg::string("host"),
            Arg::int("port"),
            Arg::one_of("key-selector", &[Arg::key("key"), Arg::flag("empty-string", "")]),
            Arg::int("destination-db"),
            Arg::int("timeout"),
            Arg::flag("copy", "COPY").optional().since("3.0.0"),
            Arg::flag("replace", "REPLACE").optional().since("3.0.0"),
            Arg::one_of(
                "authentication",
                &[
                    Arg::string("auth").token("AUTH").display("password").since("4.0.7"),
                    Arg::block("auth2", &[Arg::string("username"), Arg::string("password")])
                        .token("AUTH2")
                        .since("6.0.0"),
                ],
            )
            .optional(),
            Arg::key_of("keys", 1).token("KEYS").display("key").optional().multiple().since("3.0.6"),
        ],
        history: &[
            ("3.0.0", "`COPY` and `REPLACE`."),
            ("3.0.6", "`KEYS`."),
            ("4.0.7", "`AUTH`."),
            ("6.0.0", "`AUTH2`."),
        ],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

/// Where the options of MIGRATE begin.
const OPTIONS: usize = 6;

/// The places of the password, and of the user's name before it.
fn is_secret(args: &Args<'_>, at: usize) -> bool {
    let word = |back: usize, word: &str| at >= OPTIONS + back && is(&args[at - back], word);
    word(1, "auth") || word(1, "auth2") || word(2, "auth2")
}

fn migrate(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let mut keys = 3..4;
    let mut at = OPTIONS;
    while at < args.len() {
        let (word, more) = (&args[at], args.len() - at - 1);
        at += match word.to_ascii_lowercase().as_slice() {
            b"copy" | b"replace" => 1,
            b"auth" if more >= 1 => 2,
            b"auth2" if more >= 2 => 3,
            b"keys" if !args[3].is_empty() => {
                return Err(Error::text(
                    "ERR When using MIGRATE KEYS option, the key argument must be set to the empty string",
                ));
            }
            b"keys" => {
                keys = at + 1..args.len();
                break;
            }
            _ => return Err(Error::Syntax),
        };
    }
    int(&args[5])?;
    int(&args[4])?;
    for at in keys {
        let key = context.key(&args[at]);
        if context.find(key).is_some() {
            return Err(Error::text("ERR MIGRATE is not there yet: Redstart sends no keys to other servers"));
        }
    }
    reply.simple("NOKEY");
    Ok(())
}
