//! Users: made, changed, shown, removed, loaded and saved.

use super::{OPERATORS, file};
use redstart_command::acl::{Changed, DEFAULT, Selector, User, name_is_valid};
use redstart_command::{Arg, Args, Arity, Command, Context, Docs, Error, Group, Reply};
use redstart_config::{ids, os_error_text};
use std::collections::HashSet;

const TO_ALL_NODES: &[&str] = &["request_policy:all_nodes", "response_policy:all_succeeded"];

/// Who there is and what passwords they have is not for logs.
fn names_users(_: &Args<'_>, index: usize) -> bool {
    index > 1
}

pub(super) const SETUSER: Command = Command {
    name: "setuser",
    handler: set_user,
    secret: Some(names_users),
    arity: Arity::AtLeast(3),
    flags: OPERATORS,
    docs: Docs {
        summary: "Makes a user, or changes what one may do.",
        since: "6.0.0",
        group: Group::Server,
        complexity: "O(N). Where N is the number of rules provided.",
        args: &[Arg::string("username"), Arg::string("rule").optional().multiple()],
        history: &[("6.2.0", "Rules on channels."), ("7.0.0", "Selectors, and what may be done with keys.")],
        ..Docs::NONE
    },
    tips: TO_ALL_NODES,
    ..Command::BASE
};

fn set_user(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let shared = context.shared;
    if !name_is_valid(&args[2]) {
        return Err(Error::text("ERR Usernames can't contain spaces or null characters"));
    }
    let rules: Vec<&[u8]> = args.iter_from(3).collect();
    let changed = shared.acl.set(&args[2], &rules, &shared.acl_rules());
    let changed = changed.map_err(|error| Error::Bytes([b"ERR ", error.to_bytes().as_slice()].concat()))?;
    settle(context, &[changed]);
    reply.ok();
    Ok(())
}

pub(super) const DELUSER: Command = Command {
    name: "deluser",
    handler: delete_users,
    secret: Some(names_users),
    arity: Arity::AtLeast(3),
    flags: OPERATORS,
    docs: Docs {
        summary: "Removes users and closes their connections.",
        since: "6.0.0",
        group: Group::Server,
        complexity: "O(1) amortized time considering the typical user.",
        args: &[Arg::string("username").multiple()],
        ..Docs::NONE
    },
    tips: TO_ALL_NODES,
    ..Command::BASE
};

fn delete_users(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    if args.iter_from(2).any(|name| name == DEFAULT) {
        return Err(Error::text("ERR The 'default' user cannot be removed"));
    }
    let removed = args.iter_from(2).filter_map(|name| context.shared.acl.remove(name));
    let changed: Vec<_> = removed.map(|user| Changed { before: Some(user), after: None }).collect();
    settle(context, &changed);
    reply.count(changed.len());
    Ok(())
}

/// Ends the connections of users that are no more, and of those that listen to what they may not hear any more. Who
/// asks is answered first.
fn settle(context: &mut Context<'_>, changed: &[Changed]) {
    let shared = context.shared;
    let (mut gone, mut losing) = (HashSet::new(), Vec::new());
    for Changed { before, after } in changed {
        match (before, after) {
            (Some(before), None) => drop(gone.insert(before.name.as_slice())),
            (Some(before), Some(after)) => losing.extend(after.channels_left(before).map(|left| (&before.name, left))),
            (None, _) => {}
        }
    }
    let clients = if gone.is_empty() { Vec::new() } else { shared.clients.list() };
    let mut ended: Vec<_> =
        clients.into_iter().filter(|client| gone.contains(client.names.lock().user.as_slice())).collect();
    if shared.pubsub.any() {
        for (name, left) in losing {
            let listeners = shared.pubsub.listeners_beyond(|name, is_pattern| left.allow(name, is_pattern));
            ended.extend(listeners.into_iter().filter(|client| client.names.lock().user == *name));
        }
    }
    for client in ended {
        if client.id == context.session.info.id {
            context.session.close = true;
        } else {
            client.kill();
        }
    }
}

pub(super) const GETUSER: Command = Command {
    name: "getuser",
    handler: get_user,
    secret: Some(names_users),
    arity: Arity::Exactly(3),
    flags: OPERATORS,
    docs: Docs {
        summary: "Shows what a user may do, in parts.",
        since: "6.0.0",
        group: Group::Server,
        complexity: "O(N). Where N is the number of password, command and pattern rules that the user has.",
        args: &[Arg::string("username")],
        history: &[
            ("6.2.0", "Shows the patterns of channels."),
            ("7.0.0", "Shows selectors, and patterns of keys and channels as rules instead of lists."),
        ],
        ..Docs::NONE
    },
    ..Command::BASE
};

fn get_user(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let Some(user) = context.shared.acl.get(&args[2]) else {
        reply.null();
        return Ok(());
    };
    // Redis knows no permissions on databases, so they are only shown to who uses them.
    let databases = user.selectors().iter().any(Selector::names_databases);
    reply.map(6 + usize::from(databases));
    reply.bulk(b"flags");
    reply.set(user.flags().count());
    user.flags().for_each(|flag| reply.bulk(flag.as_bytes()));
    reply.bulk(b"passwords");
    reply.array(user.password_hashes().len());
    user.password_hashes().for_each(|hash| reply.bulk(hash.as_bytes()));
    let (root, others) = user.selectors().split_at(1);
    root.iter().for_each(|root| write_selector(root, databases, reply));
    reply.bulk(b"selectors");
    reply.array(others.len());
    for selector in others {
        reply.map(3 + usize::from(databases));
        write_selector(selector, databases, reply);
    }
    Ok(())
}

fn write_selector(selector: &Selector, databases: bool, reply: &mut Reply<'_>) {
    let parts = [
        ("commands", selector.commands().describe()),
        ("keys", selector.describe_keys()),
        ("channels", selector.describe_channels()),
    ];
    let databases = databases.then(|| ("databases", selector.describe_databases().into_bytes()));
    for (name, text) in parts.into_iter().chain(databases) {
        reply.bulk(name.as_bytes());
        reply.bulk(&text);
    }
}

pub(super) const LIST: Command = Command {
    name: "list",
    handler: list,
    arity: Arity::Exactly(2),
    flags: OPERATORS,
    docs: Docs {
        summary: "Shows all users, in lines of an ACL file.",
        since: "6.0.0",
        group: Group::Server,
        complexity: "O(N). Where N is the number of configured users.",
        ..Docs::NONE
    },
    ..Command::BASE
};

fn list(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    each(context, reply, User::line);
    Ok(())
}

pub(super) const USERS: Command = Command {
    name: "users",
    handler: users,
    docs: Docs { summary: "Lists the names of all users.", ..LIST.docs },
    ..LIST
};

fn users(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    each(context, reply, |user| user.name.clone());
    Ok(())
}

fn each(context: &Context<'_>, reply: &mut Reply<'_>, text: impl Fn(&User) -> Vec<u8>) {
    let users = context.shared.acl.all();
    reply.array(users.len());
    users.iter().for_each(|user| reply.bulk(&text(user)));
}

pub(super) const LOAD: Command = Command {
    name: "load",
    handler: load,
    docs: Docs { summary: "Takes the users from the ACL file, in the place of all there are.", ..LIST.docs },
    ..LIST
};

fn load(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    has_file(context)?;
    let changed = file::load(context.shared).map_err(|why| Error::Bytes([b"ERR ", why.as_slice()].concat()))?;
    settle(context, &changed);
    reply.ok();
    Ok(())
}

pub(super) const SAVE: Command = Command {
    name: "save",
    handler: save,
    docs: Docs { summary: "Writes all users to the ACL file.", ..LIST.docs },
    tips: TO_ALL_NODES,
    ..LIST
};

fn save(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    has_file(context)?;
    if let Err(error) = file::save(context.shared) {
        context.shared.host().log(&format!("ACL SAVE failed: {}", os_error_text(&error)));
        return Err(Error::text(
            "ERR There was an error trying to save the ACLs. Please check the server logs for more information",
        ));
    }
    reply.ok();
    Ok(())
}

fn has_file(context: &Context<'_>) -> Result<(), Error> {
    if !context.shared.config.text(ids::ACLFILE).is_empty() {
        return Ok(());
    }
    Err(Error::text(
        "ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the ACL SETUSER \
         command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order to store \
         users in the Redis configuration.",
    ))
}
