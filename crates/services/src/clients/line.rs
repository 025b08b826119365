//! The line that describes a client in CLIENT LIST, CLIENT INFO and ACL LOG, with Redis's fields in Redis's order.

use super::{ClientInfo, REPLY_BUFFER, queued};
use crate::pubsub::Topic;
use crate::tracking::Options;
use redstart_resp::Args;
use redstart_spec::{Catalogue, CommandSpec};
use std::sync::atomic::Ordering;

/// The client that runs the current command, whose size is not in its [`ClientInfo`] yet.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// The client's id.
    pub id: u64,
    /// The command to show for the client; `None` for the last one received.
    pub command: Option<&'a CommandSpec>,
    /// The command's arguments, if available.
    pub args: Option<&'a Args<'a>>,
    /// The time, in unix milliseconds.
    pub now_ms: i64,
}

/// The server's data that the line shows.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// All commands, by id.
    pub commands: &'a dyn Catalogue,
    /// The number of threads that run commands.
    pub threads: u64,
}

/// One letter per special state of a client, `N` for none.
#[must_use]
pub fn flags(client: &ClientInfo) -> String {
    let flags = [
        ('P', client.subscribed()),
        ('O', client.monitors.load(Ordering::Relaxed)),
        ('x', client.queued.load(Ordering::Relaxed) >= 0),
        ('b', client.blocked.lock().is_some() || client.postponed.load(Ordering::Relaxed)),
        ('c', client.closing.load(Ordering::Relaxed)),
        ('A', client.killed()),
        ('t', client.tracking.options().has(Options::ON)),
        ('R', client.tracking.options().has(Options::BROKEN)),
        ('B', client.tracking.options().has(Options::BROADCAST)),
        ('d', client.broken.load(Ordering::Relaxed)),
        ('U', client.unix),
        ('e', client.no_evict.load(Ordering::Relaxed)),
        ('T', client.no_touch.load(Ordering::Relaxed)),
        ('I', client.import_source.load(Ordering::Relaxed)),
    ];
    let text: String = flags.iter().filter(|(_, set)| *set).map(|(letter, _)| letter).collect();
    if text.is_empty() { "N".to_owned() } else { text }
}

/// Appends the line of `client`, without a line end.
pub fn line(client: &ClientInfo, known: Known<'_>, asker: &Asker<'_>, text: &mut Vec<u8>) {
    let load = |number: &std::sync::atomic::AtomicUsize| number.load(Ordering::Relaxed);
    let now_ms = asker.now_ms;
    let me = client.id == asker.id;
    let args = asker.args.filter(|_| me);
    let names = client.names.lock().clone();
    let (query, query_free) = match args {
        Some(args) if known.threads == 1 => (args.wire_len(), load(&client.query_buffer_free)),
        // With several threads, the buffer from which commands are parsed belongs to the thread.
        _ => (load(&client.query_buffer), load(&client.query_buffer_free)),
    };
    let arguments: usize = args.map_or(0, |args| args.iter_from(0).map(<[u8]>::len).sum());
    let (unsent, room) = (load(&client.output), load(&client.output_capacity));
    let beyond = queued(unsent);
    let total = client.memory_with(query) + arguments;
    let command = match asker.command.filter(|_| me) {
        Some(command) => command.full_name.as_str(),
        None => {
            let id = client.last_command.load(Ordering::Relaxed);
            known.commands.spec(id).map_or("NULL", |command| command.full_name.as_str())
        }
    };
    let idle_since_ms = if me { now_ms } else { client.last_ms.load(Ordering::Relaxed) };
    let mut add = |field: &str, value: &[u8]| {
        text.extend_from_slice(field.as_bytes());
        text.extend_from_slice(value);
    };
    let number = |number: i64| number.to_string().into_bytes();
    let count = |number: usize| number.to_string().into_bytes();
    add("id=", &count(client.id as usize));
    add(" addr=", client.addr.as_bytes());
    add(" laddr=", client.laddr.as_bytes());
    add(" fd=", &number(i64::from(client.fd)));
    add(" name=", &names.name);
    add(" age=", &number(now_ms / 1000 - client.created_ms / 1000));
    add(" idle=", &number((now_ms / 1000 - idle_since_ms / 1000).max(0)));
    add(" flags=", flags(client).as_bytes());
    add(" db=", &count(client.database.load(Ordering::Relaxed) as usize));
    add(" sub=", &count(load(client.subscriptions(Topic::Channel))));
    add(" psub=", &count(load(client.subscriptions(Topic::Pattern))));
    add(" ssub=", &count(load(client.subscriptions(Topic::Shard))));
    add(" multi=", &number(client.queued.load(Ordering::Relaxed)));
    add(" watch=", &count(load(&client.watched)));
    add(" qbuf=", &count(query));
    add(" qbuf-free=", &count(query_free));
    add(" argv-mem=", &count(arguments + load(&client.argument_bytes)));
    add(" multi-mem=", &count(load(&client.queued_bytes)));
    add(" rbs=", &count(room));
    add(" rbp=", &count(room.min(REPLY_BUFFER)));
    add(" obl=", &count(unsent - beyond));
    add(" oll=", &count(usize::from(beyond > 0)));
    add(" omem=", &count(beyond));
    add(" tot-mem=", &count(total));
    add(" events=", if unsent > 0 { b"rw" } else { b"r" });
    add(" cmd=", command.as_bytes());
    add(" user=", &names.user);
    let mode = &client.tracking;
    let redirect = if mode.options().has(Options::ON) { mode.redirect().cast_signed() } else { -1 };
    add(" redir=", &number(redirect));
    add(" resp=", &count(client.version.load(Ordering::Relaxed) as usize));
    add(" lib-name=", &names.lib_name);
    add(" lib-ver=", &names.lib_version);
    add(" io-thread=", &count(client.worker));
    // Valkey's additional fields.
    let total = |number: &std::sync::atomic::AtomicU64| number.load(Ordering::Relaxed).to_string().into_bytes();
    add(" capa=", if client.redirects.load(Ordering::Relaxed) { b"r" } else { b"" });
    add(" tot-net-in=", &total(&client.bytes_in));
    add(" tot-net-out=", &total(&client.bytes_out));
    add(" tot-cmds=", &total(&client.commands));
}
