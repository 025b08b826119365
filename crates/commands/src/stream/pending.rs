//! XPENDING.

use super::{ids, no_group, shown, stream_of};
use crate::parse::{int, is};
use redstart_command::{Access, Acl, Arg, Args, Arity, Command, Context, Docs, Error, Flags, Group, KeySpec, Reply};
use redstart_encoding::stream::{self, Pending, StreamId};

/// XPENDING.
pub(super) const XPENDING: Command = Command {
    name: "xpending",
    handler: xpending,
    arity: Arity::AtLeast(3),
    keys: &[KeySpec::at(1, Access::RO.with(Access::ACCESS))],
    flags: Flags::READONLY,
    acl: Acl::STREAM,
    docs: Docs {
        summary: "Tells what a consumer group has pending: in sum, or entry by entry.",
        since: "5.0.0",
        group: Group::Stream,
        complexity: "O(N) with N being the number of elements returned, so asking for a small fixed number of entries \
                     per call is O(1). O(M), where M is the total number of entries scanned when used with the IDLE \
                     filter. When the command returns just the summary and the list of consumers is small, it runs in \
                     O(1) time; otherwise, an additional O(N) time for iterating every consumer.",
        args: &[
            Arg::key("key"),
            Arg::string("group"),
            Arg::block(
                "filters",
                &[
                    Arg::int("min-idle-time").token("IDLE").optional().since("6.2.0"),
                    Arg::string("start"),
                    Arg::string("end"),
                    Arg::int("count"),
                    Arg::string("consumer").optional(),
                ],
            )
            .optional(),
        ],
        history: &[("6.2.0", "`IDLE`, and intervals that leave out their ends.")],
        ..Docs::NONE
    },
    tips: &["nondeterministic_output"],
    ..Command::BASE
};

fn xpending(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let filter = Filter::parse(args)?;
    let (key, now_ms) = (context.key(&args[1]), context.now_ms);
    let missing = || no_group(&args[1], &args[2]);
    let found = context.find(key).ok_or_else(missing)?;
    let group = stream_of(&found)?.groups.get(&args[2]).ok_or_else(missing)?;
    match filter {
        Some(filter) => filter.show(group, args, now_ms, reply),
        None => sum(group, reply),
    }
    Ok(())
}

/// How much is pending, from where to where, and with whom.
fn sum(group: &stream::Group, reply: &mut Reply<'_>) {
    reply.array(4);
    reply.count(group.pending_count());
    let Some((first, last)) = group.pending_edges() else {
        reply.null();
        reply.null();
        return reply.null_array();
    };
    shown::id(first, reply);
    shown::id(last, reply);
    let busy = || group.consumers().filter(|(_, consumer)| consumer.pending_count() > 0);
    reply.array(busy().count());
    for (_, consumer) in busy() {
        reply.array(2);
        reply.bulk(consumer.name());
        reply.bulk_int(consumer.pending_count() as i64);
    }
}

/// Which pending entries are to be shown.
struct Filter {
    min_idle_ms: i64,
    start: StreamId,
    end: StreamId,
    count: usize,
    /// Where the consumer's name stands.
    consumer_at: usize,
}

impl Filter {
    fn parse(args: &Args<'_>) -> Result<Option<Self>, Error> {
        let at = match args.len() {
            3 => return Ok(None),
            6..=9 if is(&args[3], "idle") => 5,
            6..=9 => 3,
            _ => return Err(Error::Syntax),
        };
        let min_idle_ms = if at == 5 { int(&args[4])? } else { 0 };
        if at == 5 && args.len() < 8 {
            return Err(Error::Syntax);
        }
        let count = usize::try_from(int(&args[at + 2])?).unwrap_or(0);
        let (start, end) = (ids::start(&args[at])?, ids::end(&args[at + 1])?);
        Ok(Some(Self { min_idle_ms, start, end, count, consumer_at: at + 3 }))
    }

    fn show(&self, group: &stream::Group, args: &Args<'_>, now_ms: i64, reply: &mut Reply<'_>) {
        let Some(name) = args.get(self.consumer_at) else {
            return self.entries(group, group.pending_from(self.start), now_ms, reply);
        };
        match group.find_consumer(name) {
            Some(consumer) => self.entries(group, group.pending_of(consumer, self.start), now_ms, reply),
            None => reply.array(0),
        }
    }

    fn entries(
        &self,
        group: &stream::Group,
        pending: impl Iterator<Item = (StreamId, Pending)>,
        now_ms: i64,
        reply: &mut Reply<'_>,
    ) {
        let wanted = pending
            .take_while(|(id, _)| *id <= self.end)
            .filter(|(_, one)| self.min_idle_ms == 0 || one.idle_ms(now_ms) >= self.min_idle_ms)
            .take(self.count);
        reply.array_of(self.count.min(group.pending_count()), |reply| {
            wanted.inspect(|(id, one)| show(group, *id, one, now_ms, reply)).count()
        });
    }
}

fn show(group: &stream::Group, id: StreamId, pending: &Pending, now_ms: i64, reply: &mut Reply<'_>) {
    reply.array(4);
    shown::id(id, reply);
    reply.bulk(pending.owner().map_or(&[], |owner| group.consumer(owner).name()));
    reply.int(pending.idle_ms(now_ms).max(0));
    reply.int(pending.deliveries as i64);
}
