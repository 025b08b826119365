//! XREAD and XREADGROUP: what comes after an id, from several streams, waiting for it if there is nothing yet.
//!
//! The ids are settled first (`$` is the last id of now, `>` what the group has not been given), with all refusals. Then
//! each stream that has something is shown, within what COUNT allows for each and MAXCOUNT and MAXSIZE for all. If none
//! has, the command waits, and runs again with the `$` it had.
//!
//! With CLAIM a group's reader first takes over what others have had for too long, or what was handed back; then each
//! entry is shown with how long it had been waiting and how often it had been delivered before: nothing and never for
//! new ones.

use super::claim::{consumer_change, seen_consumer};
use super::replay::{self, Delivered};
use super::request::{Request, streams_at};
use super::{ids, refusal, shown, stream_mut, stream_of};
use crate::parse::until_nul;
use redstart_command::{
    Access, Acl, Arg, Args, Arity, Begin, Block, Command, Context, Docs, Error, Find, Flags, Group, KeySpec, Reply,
    TimeoutReply, Wanted,
};
use redstart_encoding::Stream;
use redstart_encoding::stream::{self, ConsumerId, Log, StreamEntry, StreamId};
use smallvec::SmallVec;

/// XREAD.
pub(super) const XREAD: Command = Command {
    name: "xread",
    handler: xread,
    arity: Arity::AtLeast(4),
    keys: &[keys_from(1)],
    locate: Some(streams_at),
    flags: Flags::BLOCKING.with(Flags::READONLY),
    acl: Acl::STREAM,
    docs: Docs {
        summary: "Returns what comes after an id in each of several streams, and waits for it with BLOCK.",
        since: "5.0.0",
        group: Group::Stream,
        args: &[
            Arg::int("count").token("COUNT").optional(),
            MAXCOUNT_ARG,
            MAXSIZE_ARG,
            Arg::int("milliseconds").token("BLOCK").optional(),
            STREAMS_ARG,
        ],
        history: &[("8.10.0", "`MAXCOUNT` and `MAXSIZE`.")],
        ..Docs::NONE
    },
    ..Command::BASE
};

const MAXCOUNT_ARG: Arg = Arg::int("maxcount").token("MAXCOUNT").optional().since("8.10.0");
const MAXSIZE_ARG: Arg = Arg::int("maxsize").token("MAXSIZE").optional().since("8.10.0");
const STREAMS_ARG: Arg =
    Arg::block("streams", &[Arg::key("key").multiple(), Arg::string("id").multiple()]).token("STREAMS");

const fn keys_from(from: i64) -> KeySpec {
    KeySpec {
        access: Access::RO.with(Access::ACCESS),
        begin: Begin::Keyword { keyword: "STREAMS", from },
        find: Find::Range { last: -1, step: 1, limit: 2 },
        notes: None,
    }
}

fn xread(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    read(context, args, reply, false)
}

/// XREADGROUP.
pub(super) const XREADGROUP: Command = Command {
    name: "xreadgroup",
    handler: xreadgroup,
    arity: Arity::AtLeast(7),
    keys: &[keys_from(4)],
    flags: Flags::BLOCKING.with(Flags::WRITE),
    docs: Docs {
        summary: "Returns what a group has not been given yet, or what a consumer has pending.",
        complexity: "For each stream mentioned: O(M) with M being the number of elements returned. If M is constant \
                     (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1). On the other \
                     side when XREADGROUP blocks, XADD will pay the O(N) time in order to serve the N clients blocked \
                     on the stream getting new data.",
        args: &[
            Arg::block("group-block", &[Arg::string("group"), Arg::string("consumer")]).token("GROUP"),
            Arg::int("count").token("COUNT").optional(),
            MAXCOUNT_ARG,
            MAXSIZE_ARG,
            Arg::int("milliseconds").token("BLOCK").optional(),
            Arg::int("min-idle-time").token("CLAIM").optional().since("8.4.0"),
            Arg::flag("noack", "NOACK").optional(),
            STREAMS_ARG,
        ],
        history: &[("8.4.0", "`CLAIM`."), ("8.10.0", "`MAXCOUNT` and `MAXSIZE`.")],
        ..XREAD.docs
    },
    ..XREAD
};

fn xreadgroup(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    read(context, args, reply, true)
}

/// Stands for `>`: there is nothing behind it, so nobody asks for what is.
const NEW: StreamId = StreamId::MAX;

fn read(context: &mut Context<'_>, args: &Args<'_>, reply: &mut Reply<'_>, grouped: bool) -> Result<(), Error> {
    let request = Request::parse(context, args, grouped)?;
    let mut after: SmallVec<[StreamId; 8]> = SmallVec::new();
    for number in 0..request.streams {
        after.push(settle(context, args, &request, number)?);
    }
    let start = reply.position();
    let mut served = 0;
    let mut budget = Budget::new(&request, start);
    let serve = |reply: &mut Reply<'_>| {
        for (number, &after) in after.iter().enumerate() {
            let before = reply.position();
            if serve(context, args, &request, (number, after), &mut budget, reply) {
                served += 1;
            } else {
                reply.truncate(before);
            }
        }
        served
    };
    if reply.version() == 2 {
        reply.array_of(1, serve);
    } else {
        reply.map_of(1, serve);
    }
    if served > 0 {
        return Ok(());
    }
    reply.truncate(start);
    match request.block {
        Some(deadline_ms) => {
            if let Some(idle_ms) = request.claim_ms {
                let at_ms = claimable_at_ms(context, args, &request, idle_ms);
                context.look_again(at_ms.max(context.now_ms + SOONEST_MS));
            }
            context.block(reply, waiting(args, &request, &after, deadline_ms));
        }
        None => reply.null_array(),
    }
    Ok(())
}

/// How long one who waits to take something over lets pass at least before it looks again.
const SOONEST_MS: i64 = 20;

/// When one of the streams may have something to be taken over.
#[cold]
fn claimable_at_ms(context: &mut Context<'_>, args: &Args<'_>, request: &Request, idle_ms: i64) -> i64 {
    let (now_ms, mut earliest_ms) = (context.now_ms, context.now_ms.saturating_add(idle_ms));
    for at in request.first_key..request.first_key + request.streams {
        let key = context.key(&args[at]);
        if let (Some(found), Some(reader)) = (context.peek(key), request.reader)
            && let Ok(stream) = stream_of(&found)
            && let Some(group) = stream.groups.get(&args[reader.group_at])
        {
            earliest_ms = earliest_ms.min(group.claimable_at_ms(idle_ms, now_ms));
        }
    }
    earliest_ms
}

/// The id that a stream is to be read after.
#[inline]
fn settle(context: &mut Context<'_>, args: &Args<'_>, request: &Request, number: usize) -> Result<StreamId, Error> {
    let name = &args[request.first_key + number];
    let argument = &args[request.first_key + request.streams + number];
    let key = context.key(name);
    let found = context.find(key);
    let stream = found.as_ref().map(stream_of).transpose()?;
    if let Some(reader) = request.reader {
        let group = &args[reader.group_at];
        if stream.and_then(|stream| stream.groups.get(group)).is_none() {
            let parts: [&[u8]; 5] =
                [b"NOGROUP No such key '", name, b"' or consumer group '", group, b"' in XREADGROUP with GROUP option"];
            return Err(refusal(&parts));
        }
    }
    let log = stream.map(|stream| &stream.log);
    match (until_nul(argument), request.reader) {
        (b"$", None) => Ok(log.map_or(StreamId::MIN, Log::last_id)),
        (b"+", None) => Ok(log.and_then(|log| log.top_id().previous()).unwrap_or(StreamId::MIN)),
        (b">", Some(_)) => Ok(NEW),
        (b">", None) => Err(Error::text(
            "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.",
        )),
        (sign @ (b"$" | b"+"), Some(_)) => {
            let sign = if sign == b"$" { "$" } else { "+" };
            Err(Error::Text(
                format!(
                    "ERR The {sign} ID is meaningless in the context of XREADGROUP: you want to read the history of \
                     this consumer by specifying a proper ID, or use the > ID to get new messages. The {sign} ID \
                     would just return an empty result set."
                )
                .into(),
            ))
        }
        _ => ids::strict_id(argument),
    }
}

/// How much may still be shown.
struct Budget {
    entries: usize,
    size: usize,
    start: usize,
    used: bool,
}

impl Budget {
    fn new(request: &Request, start: usize) -> Self {
        let most = |limit: Option<usize>| limit.unwrap_or(usize::MAX);
        Self { entries: most(request.max_count), size: most(request.max_size), start, used: false }
    }

    /// Shows an entry if there is room for it; the first finds room in any case.
    #[inline]
    fn show(&mut self, reply: &mut Reply<'_>, show: impl FnOnce(&mut Reply<'_>)) -> bool {
        if self.entries == 0 {
            return false;
        }
        let before = reply.position();
        show(reply);
        if self.used && reply.position() - self.start > self.size {
            reply.truncate(before);
            self.entries = 0;
            return false;
        }
        self.used = true;
        self.entries -= 1;
        true
    }
}

/// Shows what a stream has after an id, with its name; says whether it had anything.
fn serve(
    context: &mut Context<'_>,
    args: &Args<'_>,
    request: &Request,
    (number, after): (usize, StreamId),
    budget: &mut Budget,
    reply: &mut Reply<'_>,
) -> bool {
    let (name, now_ms) = (&args[request.first_key + number], context.clock_ms());
    let key = context.key(name);
    if budget.entries == 0 {
        return false;
    }
    let most = if request.count == 0 { usize::MAX } else { request.count };
    let Some(reader) = request.reader else {
        let Some(found) = context.find(key) else { return false };
        let Ok(stream) = stream_of(&found) else { return false };
        let Some(entries) = entries_after(&stream.log, after) else { return false };
        head(name, reply);
        return show_all(entries.take(most), (most, &stream.log), budget, reply) > 0;
    };
    let Some(mut found) = context.find_counted(key) else { return false };
    let (mut changes, mut created, mut served) = (0, false, false);
    let mut did = Delivered::default();
    if let Ok(Stream { log, groups, .. }) = stream_mut(&mut found)
        && let Some(group) = groups.get_mut(&args[reader.group_at])
    {
        let consumer;
        (consumer, created) = seen_consumer(group, &args[reader.consumer_at], now_ms);
        changes += usize::from(created);
        let turn = Turn { log, consumer, now_ms, most, no_ack: request.no_ack, claim_ms: request.claim_ms };
        served = if after == NEW {
            let delivered = turn.serve_new((group, &mut did), name, budget, reply);
            changes += usize::from(delivered);
            delivered
        } else {
            head(name, reply);
            turn.history(group, after, budget, reply);
            true
        };
    }
    drop(found);
    changes += did.gone.len();
    if changes > 0 && context.keeps_effects() {
        did.created = created;
        replay::say(context, name, (&args[reader.group_at], &args[reader.consumer_at]), &did);
    }
    context.commit(key, consumer_change(created, changes));
    served
}

/// Shows entries as an array; gives how many there was room for.
#[inline]
fn show_all<'a>(
    entries: impl Iterator<Item = StreamEntry<'a>>,
    (most, log): (usize, &Log),
    budget: &mut Budget,
    reply: &mut Reply<'_>,
) -> usize {
    let mut shown = 0;
    reply.array_of(most.min(log.len() as usize).min(budget.entries), |reply| {
        for entry in entries {
            if !budget.show(reply, |reply| shown::entry(&entry, reply)) {
                break;
            }
            shown += 1;
        }
        shown
    });
    shown
}

/// The entries after an id, if there are any.
#[inline]
fn entries_after(log: &Log, after: StreamId) -> Option<impl Iterator<Item = StreamEntry<'_>>> {
    if after >= log.last_id() {
        return None;
    }
    let mut entries = log.range(after.next()?, StreamId::MAX).peekable();
    entries.peek()?;
    Some(entries)
}

/// Begins what is shown of a stream.
fn head(name: &[u8], reply: &mut Reply<'_>) {
    if reply.version() == 2 {
        reply.array(2);
    }
    reply.bulk(name);
}

/// One consumer's turn at one stream.
struct Turn<'a> {
    log: &'a Log,
    consumer: ConsumerId,
    now_ms: i64,
    most: usize,
    no_ack: bool,
    claim_ms: Option<i64>,
}

impl Turn<'_> {
    /// Delivers what may be taken over and what the group has not been given yet; says whether there was anything.
    fn serve_new(
        &self,
        (group, did): (&mut stream::Group, &mut Delivered),
        name: &[u8],
        budget: &mut Budget,
        reply: &mut Reply<'_>,
    ) -> bool {
        let claimable = self.claim_ms.map(|idle_ms| group.claimable(idle_ms, self.now_ms, self.most));
        let claimable = claimable.unwrap_or_default();
        let new = entries_after(self.log, group.last_id);
        if claimable.is_empty() && new.is_none() {
            return false;
        }
        head(name, reply);
        let expected = self.most.min(self.log.len() as usize).min(budget.entries);
        let mut shown = 0;
        reply.array_of(expected, |reply| {
            shown = self.claim((group, did), &claimable, budget, reply);
            let new = new.into_iter().flatten().take(self.most - shown);
            shown += self.deliver((group, did), new, budget, reply);
            shown
        });
        shown > 0
    }

    /// Takes over pending entries; gives how many. Those whose entries are gone are pending no more.
    fn claim(
        &self,
        (group, did): (&mut stream::Group, &mut Delivered),
        ids: &[StreamId],
        budget: &mut Budget,
        reply: &mut Reply<'_>,
    ) -> usize {
        let mut claimed = 0;
        for &id in ids {
            let Some(pending) = group.pending(id) else { continue };
            let Some(entry) = self.log.get(id) else {
                group.acknowledge(id);
                did.gone.push(id);
                continue;
            };
            let waited = (pending.idle_ms(self.now_ms).max(0), pending.deliveries as i64);
            if !budget.show(reply, |reply| with_delivery(&entry, waited, reply)) {
                break;
            }
            group.assign(id, self.consumer, self.now_ms, pending.once_more());
            did.ids.push(id);
            claimed += 1;
        }
        if claimed > 0 {
            group.consumer_mut(self.consumer).active_ms = Some(self.now_ms);
        }
        claimed
    }

    /// Delivers entries for the first time; gives how many.
    #[inline]
    fn deliver<'a>(
        &self,
        (group, did): (&mut stream::Group, &mut Delivered),
        entries: impl Iterator<Item = StreamEntry<'a>>,
        budget: &mut Budget,
        reply: &mut Reply<'_>,
    ) -> usize {
        let mut delivered = 0;
        for entry in entries {
            let fits = budget.show(reply, |reply| match self.claim_ms {
                Some(_) => with_delivery(&entry, (0, 0), reply),
                None => shown::entry(&entry, reply),
            });
            if !fits {
                break;
            }
            group.advance(self.log, entry.id());
            did.moved = true;
            if !self.no_ack {
                did.ids.push(entry.id());
                group.deliver(entry.id(), self.consumer, self.now_ms);
            }
            delivered += 1;
        }
        if delivered > 0 && !self.no_ack {
            group.consumer_mut(self.consumer).active_ms = Some(self.now_ms);
        }
        delivered
    }

    /// Shows what the consumer has pending after an id, as delivered once more.
    fn history(&self, group: &mut stream::Group, after: StreamId, budget: &mut Budget, reply: &mut Reply<'_>) {
        let pending = after.next().map(|start| group.pending_of(self.consumer, start));
        let ids: Vec<StreamId> = pending.into_iter().flatten().take(self.most).map(|(id, _)| id).collect();
        reply.array_of(ids.len().min(budget.entries), |reply| {
            let mut shown = 0;
            for id in ids {
                let entry = self.log.get(id);
                let fits = budget.show(reply, |reply| match &entry {
                    Some(entry) => shown::entry(entry, reply),
                    None => shown::gone(id, reply),
                });
                if !fits {
                    break;
                }
                if entry.is_some() {
                    group.redeliver(id, self.now_ms);
                }
                shown += 1;
            }
            shown
        });
    }
}

/// Shows an entry with how long it had been waiting, and how often it had been delivered.
fn with_delivery(entry: &StreamEntry<'_>, (idle_ms, deliveries): (i64, i64), reply: &mut Reply<'_>) {
    reply.array(4);
    shown::parts(entry, reply);
    reply.int(idle_ms);
    reply.int(deliveries);
}

/// How to wait for what is not there yet.
#[cold]
fn waiting(args: &Args<'_>, request: &Request, after: &[StreamId], deadline_ms: Option<i64>) -> Block {
    let first_id = request.first_key + request.streams;
    let settled = |(number, after): (usize, &StreamId)| {
        let at = first_id + number;
        (until_nul(&args[at]) == b"$").then(|| (at, after.text().as_bytes().to_vec()))
    };
    Block {
        wanted: if request.reader.is_some() { Wanted::StreamGroup } else { Wanted::Stream },
        keys: (request.first_key..first_id).map(|at| args[at].to_vec()).collect(),
        deadline_ms,
        on_timeout: TimeoutReply::NullArray,
        replace: after.iter().enumerate().filter_map(settled).collect(),
    }
}
