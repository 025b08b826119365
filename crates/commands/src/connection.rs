//! The connection itself: who is there, is anybody there, and in which language to talk.

use crate::client::name_is_valid;
use crate::parse::is;
use crate::version::REDIS_VERSION;
use redstart_command::acl::DEFAULT;
use redstart_command::{Acl, Arg, Args, Arity, Command, Context, Databases, Docs, Error, Flags, Group, Reply};
use redstart_config::ids;
use redstart_encoding::int::parse_i64;
use std::sync::atomic::Ordering;

/// The family.
pub(crate) const COMMANDS: &[Command] = Command::checked(&[AUTH, ECHO, HELLO, PING, QUIT, RESET, SELECT]);

const PING: Command = Command {
    name: "ping",
    handler: ping,
    arity: Arity::AtLeast(1),
    flags: Flags::FAST.with(Flags::WHILE_SUBSCRIBED).with(Flags::PROBES_WRITES),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Answers that the server is there, or gives the message back.",
        since: "1.0.0",
        group: Group::Connection,
        complexity: "O(1)",
        args: &[Arg::string("message").optional()],
        ..Docs::NONE
    },
    tips: &["request_policy:all_shards", "response_policy:all_succeeded"],
    ..Command::BASE
};

fn ping(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.len() > 2 {
        return Err(Error::WrongArity("ping".into()));
    }
    match args.get(1) {
        // Between messages an answer has to look like one.
        message if reply.version() == 2 && context.session.subscriptions.is_some() => {
            reply.array(2);
            reply.bulk(b"pong");
            reply.bulk(message.unwrap_or_default());
        }
        None => reply.simple("PONG"),
        Some(message) => reply.bulk(message),
    }
    Ok(())
}

const ECHO: Command = Command {
    name: "echo",
    handler: echo,
    arity: Arity::Exactly(2),
    flags: Flags::LOADING.with(Flags::STALE).with(Flags::FAST),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Gives the message back.",
        since: "1.0.0",
        group: Group::Connection,
        complexity: "O(1)",
        args: &[Arg::string("message")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn echo(_: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.bulk(&args[1]);
    Ok(())
}

const SELECT: Command = Command {
    name: "select",
    handler: select,
    arity: Arity::Exactly(2),
    databases: Databases::Named(|_| vec![1]),
    flags: Flags::LOADING.with(Flags::STALE).with(Flags::FAST).with(Flags::SELECTS_DATABASE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Selects the database that this connection works on.",
        since: "1.0.0",
        group: Group::Connection,
        complexity: "O(1)",
        args: &[Arg::int("index")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn select(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let database = context.database_index(&args[1])?;
    context.session.select(database);
    reply.ok();
    Ok(())
}

const QUIT: Command = Command {
    name: "quit",
    handler: quit,
    arity: Arity::AtLeast(1),
    flags: Flags::ALLOW_BUSY
        .with(Flags::NO_SCRIPT)
        .with(Flags::LOADING)
        .with(Flags::STALE)
        .with(Flags::FAST)
        .with(Flags::NO_AUTH)
        .with(Flags::NOT_QUEUED)
        .with(Flags::WHILE_SUBSCRIBED),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Answers and closes the connection.",
        since: "1.0.0",
        group: Group::Connection,
        complexity: "O(1)",
        deprecated: Some(("7.2.0", "closing the connection")),
        ..Docs::NONE
    },
    ..Command::BASE
};

fn quit(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.ok();
    context.session.close = true;
    context.session.info.closing.store(true, Ordering::Relaxed);
    Ok(())
}

const RESET: Command = Command {
    name: "reset",
    handler: reset,
    arity: Arity::Exactly(1),
    flags: Flags::NO_SCRIPT
        .with(Flags::ENDS_WATCH)
        .with(Flags::LOADING)
        .with(Flags::STALE)
        .with(Flags::FAST)
        .with(Flags::NO_AUTH)
        .with(Flags::ALLOW_BUSY)
        .with(Flags::NOT_QUEUED)
        .with(Flags::WHILE_SUBSCRIBED),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Takes the connection back to how it was when it was opened.",
        since: "6.2.0",
        group: Group::Connection,
        complexity: "O(1)",
        ..Docs::NONE
    },
    ..Command::BASE
};

fn reset(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    context.unwatch();
    context.shared.pubsub.forget(context.session);
    context.shared.monitors.leave(context.session);
    context.shared.tracking.end(context.session);
    context.session.reset(&context.shared.acl);
    reply.simple("RESET");
    Ok(())
}

const AUTH: Command = Command {
    name: "auth",
    handler: auth,
    arity: Arity::AtLeast(2),
    flags: Flags::NO_SCRIPT
        .with(Flags::LOADING)
        .with(Flags::STALE)
        .with(Flags::FAST)
        .with(Flags::NO_AUTH)
        .with(Flags::ALLOW_BUSY),
    acl: Acl::CONNECTION,
    secret: Some(|_, index| index > 0),
    docs: Docs {
        summary: "Says who is there, by a password or a user's name and password.",
        since: "1.0.0",
        group: Group::Connection,
        complexity: "O(N) with N passwords of the user",
        args: &[Arg::string("username").optional().since("6.0.0"), Arg::string("password")],
        history: &[("6.0.0", "A user's name may stand before the password.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn auth(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (user, password): (&[u8], &[u8]) = match args.len() {
        2 if context.shared.acl.default_user().any_password() => {
            return Err(Error::text(
                "ERR AUTH <password> called without any password configured for the default user. \
                 Are you sure your configuration is correct?",
            ));
        }
        2 => (DEFAULT, &args[1]),
        3 => (&args[1], &args[2]),
        _ => return Err(Error::Syntax),
    };
    authenticate(context, user, password, args)?;
    reply.ok();
    Ok(())
}

/// Makes the session that of `user`, if the password is right.
fn authenticate(context: &mut Context<'_>, user: &[u8], password: &[u8], args: &Args<'_>) -> Result<(), Error> {
    match context.authenticate(user, password, args) {
        true => Ok(()),
        false => Err(Error::text("WRONGPASS invalid username-password pair or user is disabled.")),
    }
}

const HELLO: Command = Command {
    name: "hello",
    handler: hello,
    arity: Arity::AtLeast(1),
    flags: Flags::NO_SCRIPT
        .with(Flags::LOADING)
        .with(Flags::STALE)
        .with(Flags::FAST)
        .with(Flags::NO_AUTH)
        .with(Flags::ALLOW_BUSY),
    acl: Acl::CONNECTION,
    secret: Some(is_credential),
    docs: Docs {
        summary: "Agrees on the protocol version, and may authenticate and name the connection.",
        since: "6.0.0",
        group: Group::Connection,
        complexity: "O(1)",
        args: &[Arg::block(
            "arguments",
            &[
                Arg::int("protover"),
                Arg::block("auth", &[Arg::string("username"), Arg::string("password")]).token("AUTH").optional(),
                Arg::string("clientname").token("SETNAME").optional(),
            ],
        )
        .optional()],
        history: &[("6.2.0", "The version may be left out; the answer then describes the connection as it is.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// Whether an argument of HELLO is a user's name or password.
fn is_credential(args: &Args<'_>, index: usize) -> bool {
    let after_auth = |back: usize| index.checked_sub(back).is_some_and(|at| at >= 2 && is(&args[at], "auth"));
    after_auth(1) || (after_auth(2) && !after_auth(1))
}

/// The options of HELLO.
#[derive(Default)]
struct Greeting<'a> {
    version: Option<u8>,
    credentials: Option<(&'a [u8], &'a [u8])>,
    name: Option<&'a [u8]>,
}

fn hello(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let greeting = greeting(args)?;
    if let Some((user, password)) = greeting.credentials {
        authenticate(context, user, password, args)?;
    }
    if !context.session.identity.authenticated() {
        return Err(Error::text(
            "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH \
             <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the \
             same time",
        ));
    }
    if let Some(name) = greeting.name {
        context.session.info.names.lock().name = name.to_vec();
    }
    if let Some(version) = greeting.version {
        context.session.set_version(version);
        reply.set_version(version);
    }
    describe(context, reply);
    Ok(())
}

fn greeting<'a>(args: &'a Args<'_>) -> Result<Greeting<'a>, Error> {
    let mut greeting = Greeting::default();
    if let Some(version) = args.get(1) {
        let version =
            parse_i64(version).ok_or(Error::text("ERR Protocol version is not an integer or out of range"))?;
        let version = u8::try_from(version).ok().filter(|version| (2..=3).contains(version));
        greeting.version = Some(version.ok_or(Error::text("NOPROTO unsupported protocol version"))?);
    }
    let mut at = 2;
    while at < args.len() {
        let option = &args[at];
        match (args.get(at + 1), args.get(at + 2)) {
            (Some(user), Some(password)) if is(option, "auth") => {
                greeting.credentials = Some((user, password));
                at += 3;
            }
            (Some(name), _) if is(option, "setname") => {
                if !name_is_valid(name) {
                    return Err(crate::client::bad_name());
                }
                greeting.name = Some(name);
                at += 2;
            }
            _ => return Err(Error::Bytes([b"ERR Syntax error in HELLO option '", option, b"'"].concat())),
        }
    }
    Ok(greeting)
}

fn describe(context: &Context<'_>, reply: &mut Reply<'_>) {
    let cluster = context.shared.config.get(ids::CLUSTER_ENABLED);
    reply.map(7);
    for (name, value) in [("server", "redis"), ("version", REDIS_VERSION)] {
        reply.bulk(name.as_bytes());
        reply.bulk(value.as_bytes());
    }
    reply.bulk(b"proto");
    reply.int(i64::from(context.session.version));
    reply.bulk(b"id");
    reply.int(context.session.info.id.cast_signed());
    for (name, value) in [("mode", if cluster { "cluster" } else { "standalone" }), ("role", "master")] {
        reply.bulk(name.as_bytes());
        reply.bulk(value.as_bytes());
    }
    reply.bulk(b"modules");
    reply.array(0);
}
