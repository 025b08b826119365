//! XCLAIM and XAUTOCLAIM: pending entries get another owner.

use super::replay::{self, Delivered};
use super::{ids, no_group, refusal, shown, stream_mut};
use crate::parse::{int, is};
use redstart_command::{
    Access, Acl, Arg, ArgKind, Args, Arity, Change, Command, Context, Docs, Error, Event, Flags, Group, KeySpec, Reply,
};
use redstart_encoding::Stream;
use redstart_encoding::int::parse_i64;
use redstart_encoding::stream::{self, ConsumerId, Log, StreamId};

/// XCLAIM.
pub(super) const XCLAIM: Command = Command {
    name: "xclaim",
    handler: xclaim,
    arity: Arity::AtLeast(6),
    keys: &[KeySpec::at(1, Access::RW.with(Access::UPDATE))],
    flags: Flags::WRITE.with(Flags::FAST),
    acl: Acl::STREAM,
    docs: Docs {
        summary: "Makes a consumer the owner of pending entries, as if they were delivered to it.",
        since: "5.0.0",
        group: Group::Stream,
        complexity: "O(log N) with N being the number of messages in the PEL of the consumer group.",
        args: &[
            Arg::key("key"),
            Arg::string("group"),
            Arg::string("consumer"),
            Arg::string("min-idle-time"),
            Arg::string("id").multiple(),
            Arg::int("ms").token("IDLE").optional(),
            Arg::new("unix-time-milliseconds", ArgKind::UnixTime).token("TIME").optional(),
            Arg::int("count").token("RETRYCOUNT").optional(),
            Arg::flag("force", "FORCE").optional(),
            Arg::flag("justid", "JUSTID").optional(),
            Arg::string("lastid").token("LASTID").optional(),
        ],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn xclaim(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let (key, now_ms) = (context.key(&args[1]), context.clock_ms());
    let missing = || no_group(&args[1], &args[2]);
    let mut found = context.find_counted(key).ok_or_else(missing)?;
    let Stream { log, groups, .. } = stream_mut(&mut found)?;
    let group = groups.get_mut(&args[2]).ok_or_else(missing)?;
    let claim = Claim::parse(args, now_ms)?;
    let (mut changes, mut did) = (0, Delivered::default());
    if claim.last_id > group.last_id {
        group.last_id = claim.last_id;
        did.moved = true;
        changes += 1;
    }
    let (owner, created) = seen_consumer(group, &args[3], now_ms);
    changes += usize::from(created);
    reply.array_of(claim.ids.len(), |reply| {
        let mut claimed = 0;
        for &id in &claim.ids {
            match claim.take(log, group, owner, id) {
                Outcome::Taken => {
                    claimed += 1;
                    did.ids.push(id);
                }
                Outcome::Dropped => {
                    changes += 1;
                    did.gone.push(id);
                    continue;
                }
                Outcome::Left => continue,
            }
            claim.how.show(log, id, reply);
        }
        if claimed > 0 {
            group.consumer_mut(owner).active_ms = Some(now_ms);
            changes += claimed;
        }
        claimed
    });
    drop(found);
    if changes > 0 && context.keeps_effects() {
        did.created = created;
        replay::say(context, &args[1], (&args[2], &args[3]), &did);
    }
    context.commit(key, consumer_change(created, changes));
    Ok(())
}

/// The change of a group by one of its consumers, which is new if `created`.
pub(super) fn consumer_change(created: bool, changes: usize) -> Change {
    let change = if created { Change::new(Event::STREAM, "xgroup-createconsumer") } else { Change::silent() };
    change.count(changes).beside()
}

/// The consumer of this name, made if there is none, which is noted to have tried something; says whether it
/// was made.
pub(super) fn seen_consumer(group: &mut stream::Group, name: &[u8], now_ms: i64) -> (ConsumerId, bool) {
    let created = match group.find_consumer(name) {
        Some(there) => Err(there),
        None => group.create_consumer(name, now_ms),
    };
    let (Ok(consumer) | Err(consumer)) = created;
    group.consumer_mut(consumer).seen_ms = now_ms;
    (consumer, created.is_ok())
}

/// What became of a pending entry that was to be claimed.
enum Outcome {
    /// It has its new owner.
    Taken,
    /// Its entry is gone from the stream, so it is pending no more.
    Dropped,
    /// It stays as it was.
    Left,
}

/// How claimed entries are noted and shown.
#[derive(Clone, Copy)]
struct How {
    now_ms: i64,
    min_idle_ms: i64,
    /// When they count as delivered.
    delivered_ms: i64,
    /// How often they count as delivered; `None` for once more, or as often as before with `just_id`.
    deliveries: Option<u64>,
    just_id: bool,
}

impl How {
    /// Makes `owner` the owner of an entry that is pending.
    fn take(&self, log: &Log, group: &mut stream::Group, owner: ConsumerId, id: StreamId) -> Outcome {
        let Some(pending) = group.pending(id) else { return Outcome::Left };
        if !log.contains(id) {
            group.acknowledge(id);
            return Outcome::Dropped;
        }
        if self.min_idle_ms > 0 && pending.idle_ms(self.now_ms) < self.min_idle_ms {
            return Outcome::Left;
        }
        let more = if self.just_id { pending.deliveries } else { pending.once_more() };
        group.assign(id, owner, self.delivered_ms, self.deliveries.unwrap_or(more));
        Outcome::Taken
    }

    fn show(&self, log: &Log, id: StreamId, reply: &mut Reply<'_>) {
        match log.get(id) {
            Some(entry) if !self.just_id => shown::entry(&entry, reply),
            _ => shown::id(id, reply),
        }
    }
}

/// What XCLAIM is to do.
struct Claim {
    ids: Vec<StreamId>,
    how: How,
    force: bool,
    last_id: StreamId,
}

impl Claim {
    fn parse(args: &Args<'_>, now_ms: i64) -> Result<Self, Error> {
        let min_idle_ms = min_idle(&args[4], Error::text("ERR Invalid min-idle-time argument for XCLAIM"))?;
        // The ids go as far as arguments are ids.
        let ids: Vec<StreamId> = args.iter_from(5).map_while(|argument| ids::strict_id(argument).ok()).collect();
        let how = How { now_ms, min_idle_ms, delivered_ms: now_ms, deliveries: None, just_id: false };
        let mut claim = Self { ids, how, force: false, last_id: StreamId::MIN };
        let mut at = 5 + claim.ids.len();
        while at < args.len() {
            at = claim.option(args, at)?;
        }
        Ok(claim)
    }

    /// Takes the option at `args[at]`; gives where the next is.
    fn option(&mut self, args: &Args<'_>, at: usize) -> Result<usize, Error> {
        let word = &args[at];
        if is(word, "force") {
            self.force = true;
            return Ok(at + 1);
        }
        if is(word, "justid") {
            self.how.just_id = true;
            return Ok(at + 1);
        }
        let unknown = || refusal(&[b"ERR Unrecognized XCLAIM option '", word, b"'"]);
        let value = args.get(at + 1).ok_or_else(unknown)?;
        let now_ms = self.how.now_ms;
        // A time that cannot be is taken for now: clients reckon with their own clocks.
        let sane = |at: i64| if at < 0 || at > now_ms { now_ms } else { at };
        if is(word, "idle") {
            let idle = parse_i64(value).ok_or(Error::text("ERR Invalid IDLE option argument for XCLAIM"))?;
            self.how.delivered_ms = sane(now_ms.wrapping_sub(idle));
        } else if is(word, "time") {
            let time = parse_i64(value).ok_or(Error::text("ERR Invalid TIME option argument for XCLAIM"))?;
            self.how.delivered_ms = sane(time);
        } else if is(word, "retrycount") {
            let count = parse_i64(value).ok_or(Error::text("ERR Invalid RETRYCOUNT option argument for XCLAIM"))?;
            self.how.deliveries = u64::try_from(count).ok();
        } else if is(word, "lastid") {
            self.last_id = ids::strict_id(value)?;
        } else {
            return Err(unknown());
        }
        Ok(at + 2)
    }

    fn take(&self, log: &Log, group: &mut stream::Group, owner: ConsumerId, id: StreamId) -> Outcome {
        if self.force && group.pending(id).is_none() {
            if !log.contains(id) {
                return Outcome::Left;
            }
            // What is made pending by force has been delivered once, whether that is shown or not.
            let deliveries = self.how.deliveries.unwrap_or(1 + u64::from(!self.how.just_id));
            group.assign(id, owner, self.how.delivered_ms, deliveries);
            return Outcome::Taken;
        }
        self.how.take(log, group, owner, id)
    }
}

/// A shortest idle time; less than nothing is nothing.
fn min_idle(argument: &[u8], invalid: Error) -> Result<i64, Error> {
    Ok(parse_i64(argument).ok_or(invalid)?.max(0))
}

/// XAUTOCLAIM.
pub(super) const XAUTOCLAIM: Command = Command {
    name: "xautoclaim",
    handler: xautoclaim,
    keys: &[KeySpec::at(1, Access::RW.with(Access::DELETE))],
    docs: Docs {
        summary: "Makes a consumer the owner of pending entries that nobody has taken for some time.",
        since: "6.2.0",
        complexity: "O(1) if COUNT is small.",
        args: &[
            Arg::key("key"),
            Arg::string("group"),
            Arg::string("consumer"),
            Arg::string("min-idle-time"),
            Arg::string("start"),
            Arg::int("count").token("COUNT").optional(),
            Arg::flag("justid", "JUSTID").optional(),
        ],
        history: &[("7.0.0", "The answer also tells which entries are pending no more, as they are gone.")],
        ..XCLAIM.docs
    },
    ..XCLAIM
};

/// Entries looked at for each that may be claimed.
const ATTEMPTS: u64 = 10;

fn xautoclaim(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let sweep = Sweep::parse(args, context.clock_ms())?;
    let (key, now_ms) = (context.key(&args[1]), context.clock_ms());
    let missing = || no_group(&args[1], &args[2]);
    let mut found = context.find_counted(key).ok_or_else(missing)?;
    let Stream { log, groups, .. } = stream_mut(&mut found)?;
    let group = groups.get_mut(&args[2]).ok_or_else(missing)?;
    if sweep.count > TOO_MANY {
        return Err(Error::text("ERR Insufficient memory, failed allocating transient memory, COUNT too high."));
    }
    let (owner, created) = seen_consumer(group, &args[3], now_ms);
    let swept = sweep.run(log, group, owner);
    if !swept.taken.is_empty() {
        group.consumer_mut(owner).active_ms = Some(now_ms);
    }
    reply.array(3);
    shown::id(swept.next, reply);
    reply.array(swept.taken.len());
    swept.taken.iter().for_each(|&id| sweep.how.show(log, id, reply));
    reply.array(swept.dropped.len());
    swept.dropped.iter().for_each(|&id| shown::id(id, reply));
    drop(found);
    let changes = usize::from(created) + swept.taken.len() + swept.dropped.len();
    if changes > 0 && context.keeps_effects() {
        let did = Delivered { ids: swept.taken, gone: swept.dropped, created, moved: false };
        replay::say(context, &args[1], (&args[2], &args[3]), &did);
    }
    context.commit(key, consumer_change(created, changes));
    Ok(())
}

/// What XAUTOCLAIM is to do.
struct Sweep {
    start: StreamId,
    count: u64,
    how: How,
}

/// COUNT above which Redis takes the argument for a mistake.
const MOST: i64 = i64::MAX / 16;
/// COUNT above which no machine has room for the answer.
const TOO_MANY: u64 = 1 << 40;

/// What XAUTOCLAIM did.
struct Swept {
    taken: Vec<StreamId>,
    dropped: Vec<StreamId>,
    /// Where to go on, 0-0 where all is done.
    next: StreamId,
}

impl Sweep {
    fn parse(args: &Args<'_>, now_ms: i64) -> Result<Self, Error> {
        let min_idle_ms = min_idle(&args[4], Error::text("ERR Invalid min-idle-time argument for XAUTOCLAIM"))?;
        let how = How { now_ms, min_idle_ms, delivered_ms: now_ms, deliveries: None, just_id: false };
        let mut sweep = Self { start: ids::start(&args[5])?, count: 100, how };
        let mut at = 6;
        while at < args.len() {
            if is(&args[at], "count") && at + 1 < args.len() {
                let count = int(&args[at + 1]).ok().filter(|count| (1..=MOST).contains(count));
                sweep.count = count.ok_or(Error::text("ERR COUNT must be > 0"))? as u64;
                at += 2;
            } else if is(&args[at], "justid") {
                sweep.how.just_id = true;
                at += 1;
            } else {
                return Err(Error::Syntax);
            }
        }
        Ok(sweep)
    }

    fn run(&self, log: &Log, group: &mut stream::Group, owner: ConsumerId) -> Swept {
        let mut swept = Swept { taken: Vec::new(), dropped: Vec::new(), next: StreamId::MIN };
        let (mut left, mut attempts) = (self.count, self.count.saturating_mul(ATTEMPTS));
        let mut from = Some(self.start);
        while let Some(id) = from.and_then(|start| group.next_pending(start)) {
            if left == 0 || attempts == 0 {
                swept.next = id;
                break;
            }
            attempts -= 1;
            from = id.next();
            match self.how.take(log, group, owner, id) {
                Outcome::Taken => swept.taken.push(id),
                Outcome::Dropped => swept.dropped.push(id),
                Outcome::Left => continue,
            }
            left -= 1;
        }
        swept
    }
}
