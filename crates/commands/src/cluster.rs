//! CLUSTER and what belongs to it, on a server that is no node of a cluster: every call is told so. The names, arities and
//! permissions are those of a node, so that ACL rules and clients that ask for them find what they know.

use redstart_command::{Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply};

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[ASKING, CLUSTER, CLUSTERSCAN, READONLY, READWRITE]);

fn off(_: &mut Context<'_>, _: &mut Args<'_>, _: &mut Reply<'_>) -> Result<(), Error> {
    Err(Error::text("ERR This instance has cluster support disabled"))
}

const fn docs(summary: &'static str, since: &'static str, complexity: &'static str) -> Docs {
    Docs { summary, since, group: Group::Cluster, complexity, ..Docs::NONE }
}

const ASKING: Command = Command {
    name: "asking",
    handler: off,
    arity: Arity::Exactly(1),
    flags: Flags::FAST,
    acl: Acl::CONNECTION,
    docs: docs("Lets the next command through on a node that imports its slot.", "3.0.0", "O(1)"),
    ..Command::BASE
};

const READONLY: Command = Command {
    name: "readonly",
    flags: Flags::LOADING.with(Flags::STALE).with(Flags::FAST),
    docs: docs("Lets a connection read from a replica node of a cluster.", "3.0.0", "O(1)"),
    ..ASKING
};

const READWRITE: Command = Command {
    name: "readwrite",
    docs: docs("Has a replica node redirect the reads of a connection again.", "3.0.0", "O(1)"),
    ..READONLY
};

const CLUSTERSCAN: Command = Command {
    name: "clusterscan",
    handler: off,
    arity: Arity::AtLeast(2),
    keys: &[KeySpec::at(1, Access::NOT_KEY)],
    flags: Flags::READONLY,
    acl: Acl::KEYSPACE,
    docs: Docs {
        args: &[
            Arg::string("cursor"),
            Arg::string("pattern").token("MATCH").optional(),
            Arg::int("count").token("COUNT").optional(),
            Arg::string("type").token("TYPE").optional(),
            Arg::int("slot").token("SLOT").optional(),
        ],
        ..docs("Iterates over the keys of a whole cluster.", "9.1.0", "O(N) where N is the number of returned keys.")
    },
    tips: &["nondeterministic_output", "request_policy:special", "response_policy:special"],
    ..Command::BASE
};

const CLUSTER: Command = Command {
    name: "cluster",
    arity: Arity::AtLeast(2),
    docs: docs("Holds the commands about the cluster.", "3.0.0", "Depends on subcommand."),
    subcommands: &[
        changes("addslots", Arity::AtLeast(3), &[SLOT.multiple()], "3.0.0", "Assigns slots to this node."),
        changes(
            "addslotsrange",
            Arity::AtLeast(4),
            &[RANGE.multiple()],
            "7.0.0",
            "Assigns ranges of slots to this node.",
        ),
        told(changes("bumpepoch", Arity::Exactly(2), &[], "3.0.0", "Advances the epoch of the configuration.")),
        changes(
            "cancelslotmigrations",
            Arity::Exactly(2),
            &[],
            "9.0.0",
            "Ends all migrations of slots from this node.",
        ),
        told(asks(
            "count-failure-reports",
            Arity::Exactly(3),
            &[NODE],
            "3.0.0",
            "Counts the reports of other nodes that a node has failed.",
        )),
        open("countkeysinslot", Arity::Exactly(3), &[SLOT], "3.0.0", "Counts the keys of a slot."),
        changes("delslots", Arity::AtLeast(3), &[SLOT.multiple()], "3.0.0", "Takes slots away from this node."),
        changes(
            "delslotsrange",
            Arity::AtLeast(4),
            &[RANGE.multiple()],
            "7.0.0",
            "Takes ranges of slots away from this node.",
        ),
        changes(
            "failover",
            Arity::AtLeast(2),
            &[Arg::one_of("options", &[Arg::flag("force", "FORCE"), Arg::flag("takeover", "TAKEOVER")]).optional()],
            "3.0.0",
            "Has this replica take its primary's place.",
        ),
        Command {
            flags: Flags::WRITE.with(Flags::ADMIN).with(Flags::NO_ASYNC_LOADING),
            acl: Acl::KEYSPACE,
            ..changes(
                "flushslot",
                Arity::AtLeast(3),
                &[
                    SLOT,
                    Arg::one_of("flush-type", &[Arg::flag("async", "ASYNC"), Arg::flag("sync", "SYNC")]).optional(),
                ],
                "9.0.0",
                "Deletes all keys of a slot.",
            )
        },
        changes("flushslots", Arity::Exactly(2), &[], "3.0.0", "Takes all slots away from this node."),
        changes("forget", Arity::Exactly(3), &[NODE], "3.0.0", "Removes a node from the table of nodes."),
        told(open(
            "getkeysinslot",
            Arity::Exactly(4),
            &[SLOT, Arg::int("count")],
            "3.0.0",
            "Returns names of keys of a slot.",
        )),
        changes(
            "getslotmigrations",
            Arity::Exactly(2),
            &[],
            "9.0.0",
            "Returns the migrations of slots, running and past.",
        ),
        Command {
            flags: Flags::LOADING.with(Flags::STALE),
            ..open("help", Arity::Exactly(2), &[], "5.0.0", "Lists the subcommands, with a line on each.")
        },
        told(open("info", Arity::Exactly(2), &[], "3.0.0", "Returns the state of the cluster as this node sees it.")),
        open("keyslot", Arity::Exactly(3), &[Arg::string("key")], "3.0.0", "Returns the slot of a key."),
        told(open("links", Arity::Exactly(2), &[], "7.0.0", "Returns the connections to other nodes.")),
        changes(
            "meet",
            Arity::AtLeast(4),
            &[Arg::string("ip"), Arg::int("port"), Arg::int("cluster-bus-port").optional().since("4.0.0")],
            "3.0.0",
            "Has this node greet another one.",
        ),
        changes("migrateslots", Arity::AtLeast(4), MIGRATE_ARGS, "9.0.0", "Migrates slots from this node to others."),
        open("myid", Arity::Exactly(2), &[], "3.0.0", "Returns the id of this node."),
        told(open("myshardid", Arity::Exactly(2), &[], "7.2.0", "Returns the id of this node's shard.")),
        told(open("nodes", Arity::Exactly(2), &[], "3.0.0", "Returns the configuration of the cluster.")),
        told(asks("replicas", Arity::Exactly(3), &[NODE], "5.0.0", "Returns the replicas of a primary node.")),
        changes("replicate", Arity::Exactly(3), &[NODE], "3.0.0", "Makes this node a replica of another."),
        Command {
            flags: Flags::ADMIN.with(Flags::NO_SCRIPT).with(Flags::STALE),
            ..changes(
                "reset",
                Arity::AtLeast(2),
                &[Arg::one_of("reset-type", &[Arg::flag("hard", "HARD"), Arg::flag("soft", "SOFT")]).optional()],
                "3.0.0",
                "Has this node leave the cluster.",
            )
        },
        changes("saveconfig", Arity::Exactly(2), &[], "3.0.0", "Saves the configuration of the cluster to the disk."),
        changes(
            "set-config-epoch",
            Arity::Exactly(3),
            &[Arg::int("config-epoch")],
            "3.0.0",
            "Sets the epoch of the configuration of a new node.",
        ),
        changes("setslot", Arity::AtLeast(4), SETSLOT_ARGS, "3.0.0", "Binds a slot to a node."),
        told(Command {
            flags: Flags::LOADING.with(Flags::STALE),
            ..open("shards", Arity::Exactly(2), &[], "7.0.0", "Returns the shards, each with its slots and nodes.")
        }),
        replaced(
            "5.0.0",
            "`CLUSTER REPLICAS`",
            told(asks("slaves", Arity::Exactly(3), &[NODE], "3.0.0", "Returns the replicas of a primary node.")),
        ),
        Command {
            flags: Flags::LOADING.with(Flags::STALE),
            tips: &["nondeterministic_output", "request_policy:all_shards"],
            ..open("slot-stats", Arity::AtLeast(4), STATS_ARGS, "8.2.0", "Returns what each slot takes and is used.")
        },
        replaced(
            "7.0.0",
            "`CLUSTER SHARDS`",
            told(Command {
                flags: Flags::LOADING.with(Flags::STALE),
                ..open("slots", Arity::Exactly(2), &[], "3.0.0", "Returns which node has which slots.")
            }),
        ),
        changes("syncslots", Arity::AtLeast(3), &[], "9.0.0", "Is used between nodes that migrate slots."),
    ],
    ..Command::BASE
};

const SLOT: Arg = Arg::int("slot");
const NODE: Arg = Arg::string("node-id");
const RANGE: Arg = Arg::block("range", &[Arg::int("start-slot"), Arg::int("end-slot")]);
const SETSLOT_ARGS: &[Arg] = &[
    SLOT,
    Arg::one_of(
        "subcommand",
        &[
            Arg::string("importing").token("IMPORTING"),
            Arg::string("migrating").token("MIGRATING"),
            Arg::string("node").token("NODE"),
            Arg::flag("stable", "STABLE"),
        ],
    ),
    Arg::int("timeout").token("TIMEOUT").optional(),
];
const MIGRATE_ARGS: &[Arg] = &[Arg::block(
    "migration-group",
    &[Arg::flag("slotsrange-token", "SLOTSRANGE"), RANGE.multiple(), Arg::flag("node-token", "NODE"), NODE],
)
.multiple()];
const STATS_ARGS: &[Arg] = &[Arg::one_of(
    "filter",
    &[
        Arg::block("slotsrange", &[Arg::int("start-slot"), Arg::int("end-slot")]).token("SLOTSRANGE"),
        Arg::block(
            "orderby",
            &[
                Arg::string("metric"),
                Arg::int("limit").token("LIMIT").optional(),
                Arg::one_of("order", &[Arg::flag("asc", "ASC"), Arg::flag("desc", "DESC")]).optional(),
            ],
        )
        .token("ORDERBY"),
    ],
)];

/// A subcommand that everybody may call.
const fn open(
    name: &'static str,
    arity: Arity,
    args: &'static [Arg],
    since: &'static str,
    summary: &'static str,
) -> Command {
    Command {
        name,
        handler: off,
        arity,
        flags: Flags::STALE,
        docs: Docs { args, ..docs(summary, since, "O(1)") },
        ..Command::BASE
    }
}

/// A subcommand that asks for what only the operator should know.
const fn asks(
    name: &'static str,
    arity: Arity,
    args: &'static [Arg],
    since: &'static str,
    summary: &'static str,
) -> Command {
    Command { flags: Flags::ADMIN.with(Flags::STALE), ..open(name, arity, args, since, summary) }
}

/// A subcommand that changes the cluster.
const fn changes(
    name: &'static str,
    arity: Arity,
    args: &'static [Arg],
    since: &'static str,
    summary: &'static str,
) -> Command {
    let flags = Flags::ADMIN.with(Flags::STALE).with(Flags::NO_ASYNC_LOADING);
    Command { flags, ..open(name, arity, args, since, summary) }
}

/// A subcommand whose answer depends on when it is asked.
const fn told(command: Command) -> Command {
    Command { tips: &["nondeterministic_output"], ..command }
}

/// A subcommand that has been replaced by another one.
const fn replaced(since: &'static str, by: &'static str, command: Command) -> Command {
    Command { docs: Docs { deprecated: Some((since, by)), ..command.docs }, ..command }
}
