//! CLIENT TRACKING, CACHING, GETREDIR, TRACKINGINFO: help for clients that keep what they read.

use crate::parse::{int, is};
use redstart_command::tracking::Options;
use redstart_command::{Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, Reply};

pub(super) const TRACKING: Command = Command {
    name: "tracking",
    handler: tracking,
    arity: Arity::AtLeast(3),
    flags: Flags::NO_SCRIPT.with(Flags::LOADING).with(Flags::STALE),
    acl: Acl::CONNECTION,
    docs: Docs {
        summary: "Has the server tell this connection of changes to what it read.",
        since: "6.0.0",
        group: Group::Connection,
        complexity: "O(1), and O(N) with N prefixes",
        args: &[
            Arg::one_of("status", &[Arg::flag("on", "ON"), Arg::flag("off", "OFF")]),
            Arg::int("client-id").token("REDIRECT").optional(),
            Arg::string("prefix").token("PREFIX").optional().multiple().multiple_token(),
            Arg::flag("bcast", "BCAST").optional(),
            Arg::flag("optin", "OPTIN").optional(),
            Arg::flag("optout", "OPTOUT").optional(),
            Arg::flag("noloop", "NOLOOP").optional(),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

/// What TRACKING is asked for.
#[derive(Default)]
struct Wanted<'a> {
    options: u32,
    redirect: u64,
    prefixes: Vec<&'a [u8]>,
}

impl<'a> Wanted<'a> {
    fn parse(args: &'a Args<'_>, context: &Context<'_>) -> Result<Self, Error> {
        let mut wanted = Self::default();
        let mut at = 3;
        while at < args.len() {
            let (word, value) = (&args[at], args.get(at + 1));
            if let Some(value) = value.filter(|_| is(word, "redirect")) {
                wanted.redirect = redirect(context, wanted.redirect, value)?;
                at += 1;
            } else if let Some(prefix) = value.filter(|_| is(word, "prefix")) {
                wanted.prefixes.push(prefix);
                at += 1;
            } else {
                wanted.options |= match word {
                    _ if is(word, "bcast") => Options::BROADCAST,
                    _ if is(word, "optin") => Options::OPT_IN,
                    _ if is(word, "optout") => Options::OPT_OUT,
                    _ if is(word, "noloop") => Options::NO_LOOP,
                    _ => return Err(Error::Syntax),
                };
            }
            at += 1;
        }
        Ok(wanted)
    }

    /// Whether the options go together, and with what the client tracks already.
    fn check(&self, context: &Context<'_>) -> Result<(), Error> {
        let (new, old) = (Options(self.options), context.session.info.tracking.options());
        let broadcast = new.has(Options::BROADCAST);
        let (opt_in, opt_out) = (new.has(Options::OPT_IN), new.has(Options::OPT_OUT));
        let refuse = |text: &'static str| Err(Error::text(text));
        if !broadcast && !self.prefixes.is_empty() {
            return refuse("ERR PREFIX option requires BCAST mode to be enabled");
        }
        if old.has(Options::ON) && old.has(Options::BROADCAST) != broadcast {
            return refuse(
                "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then \
                 re-enabling it with a different mode.",
            );
        }
        if broadcast && (opt_in || opt_out) {
            return refuse("ERR OPTIN and OPTOUT are not compatible with BCAST");
        }
        if opt_in && opt_out {
            return refuse("ERR You can't specify both OPTIN mode and OPTOUT mode");
        }
        if (opt_in && old.has(Options::OPT_OUT)) || (opt_out && old.has(Options::OPT_IN)) {
            return refuse(
                "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then \
                 re-enabling it with a different mode.",
            );
        }
        match context.shared.tracking.overlap(context.session.info.id, &self.prefixes) {
            Some(text) => Err(Error::Bytes(text)),
            None => Ok(()),
        }
    }
}

fn redirect(context: &Context<'_>, before: u64, value: &[u8]) -> Result<u64, Error> {
    if before != 0 {
        return Err(Error::text("ERR A client can only redirect to a single other client"));
    }
    let number = u64::try_from(int(value)?).ok().filter(|&number| context.shared.clients.get(number).is_some());
    number.ok_or(Error::text("ERR The client ID you want redirect to does not exist"))
}

fn tracking(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let wanted = Wanted::parse(args, context)?;
    let shared = context.shared;
    if is(&args[2], "on") {
        wanted.check(context)?;
        shared.tracking.begin(context.session, Options(wanted.options), wanted.redirect, &wanted.prefixes);
    } else if is(&args[2], "off") {
        shared.tracking.end(context.session);
    } else {
        return Err(Error::Syntax);
    }
    reply.ok();
    Ok(())
}

pub(super) const CACHING: Command = Command {
    name: "caching",
    handler: caching,
    arity: Arity::Exactly(3),
    docs: Docs {
        summary: "Says whether what the next command reads is to be tracked.",
        complexity: "O(1)",
        args: &[Arg::one_of("mode", &[Arg::flag("yes", "YES"), Arg::flag("no", "NO")])],
        ..TRACKING.docs
    },
    ..TRACKING
};

fn caching(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let options = context.session.info.tracking.options();
    if !options.has(Options::ON) {
        return Err(Error::text(
            "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode \
             enabled",
        ));
    }
    let (mode, refusal) = if is(&args[2], "yes") {
        (Options::OPT_IN, "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.")
    } else if is(&args[2], "no") {
        (Options::OPT_OUT, "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.")
    } else {
        return Err(Error::Syntax);
    };
    if !options.has(mode) {
        return Err(Error::text(refusal));
    }
    context.session.caching = true;
    reply.ok();
    Ok(())
}

pub(super) const GETREDIR: Command = Command {
    name: "getredir",
    handler: getredir,
    arity: Arity::Exactly(2),
    docs: Docs {
        summary: "Tells which connection hears of changes instead of this one: 0 for none, -1 without tracking.",
        complexity: "O(1)",
        args: &[],
        ..TRACKING.docs
    },
    ..TRACKING
};

fn getredir(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.int(redirection(context));
    Ok(())
}

fn redirection(context: &Context<'_>) -> i64 {
    let mode = &context.session.info.tracking;
    if mode.options().has(Options::ON) { mode.redirect().cast_signed() } else { -1 }
}

pub(super) const TRACKINGINFO: Command = Command {
    name: "trackinginfo",
    handler: trackinginfo,
    arity: Arity::Exactly(2),
    docs: Docs { summary: "Describes the tracking of this connection.", since: "6.2.0", ..GETREDIR.docs },
    ..GETREDIR
};

fn trackinginfo(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let options = context.session.info.tracking.options();
    let caching = context.session.caching;
    let mut flags = vec![if options.has(Options::ON) { "on" } else { "off" }];
    let mut add = |set: bool, word: &'static str| flags.extend(set.then_some(word));
    add(options.has(Options::BROADCAST), "bcast");
    add(options.has(Options::OPT_IN), "optin");
    add(options.has(Options::OPT_IN) && caching, "caching-yes");
    add(options.has(Options::OPT_OUT), "optout");
    add(options.has(Options::OPT_OUT) && caching, "caching-no");
    add(options.has(Options::NO_LOOP), "noloop");
    add(options.has(Options::BROKEN), "broken_redirect");
    reply.map(3);
    reply.bulk(b"flags");
    reply.set(flags.len());
    flags.iter().for_each(|flag| reply.bulk(flag.as_bytes()));
    reply.bulk(b"redirect");
    reply.int(redirection(context));
    reply.bulk(b"prefixes");
    let prefixes = context.shared.tracking.prefixes(context.session.info.id);
    reply.array(prefixes.len());
    prefixes.iter().for_each(|prefix| reply.bulk(prefix));
    Ok(())
}
