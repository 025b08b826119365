//! What stands for deliveries and claims when they are run again: who owns which entry since when, told as such.

use super::stream_of;
use redstart_command::Context;
use redstart_encoding::stream::StreamId;

/// What a command did to a group.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    /// Entries that are pending, newly or with another owner.
    pub(super) ids: Vec<StreamId>,
    /// Entries that are pending no more, as they are gone from the stream.
    pub(super) gone: Vec<StreamId>,
    /// The consumer was made.
    pub(super) created: bool,
    /// The group's last id may have moved.
    pub(super) moved: bool,
}

/// Says what is to be run again in the place of a command that did this to a group, for a consumer.
#[cold]
pub(super) fn say(context: &mut Context<'_>, key: &[u8], (group, consumer): (&[u8], &[u8]), delivered: &Delivered) {
    context.replay_nothing();
    if delivered.created && delivered.ids.is_empty() {
        context.replay_as(&[b"XGROUP", b"CREATECONSUMER", key, group, consumer]);
    }
    let (mut claims, mut setting) = (Vec::new(), None);
    if let Some(found) = context.peek(context.key(key))
        && let Ok(stream) = stream_of(&found)
        && let Some(there) = stream.groups.get(group)
    {
        let pending = |&id: &StreamId| there.pending(id).map(|one| (id, one.delivered_ms, one.deliveries));
        claims.extend(delivered.ids.iter().filter_map(pending));
        setting = Some((there.last_id, there.entries_read.unwrap_or(-1)));
    }
    let Some((last_id, entries_read)) = setting else { return };
    let last = last_id.text();
    for (id, delivered_ms, deliveries) in claims {
        let (id, time, count) = (id.text(), delivered_ms.to_string(), deliveries.to_string());
        let head: [&[u8]; 6] = [b"XCLAIM", key, group, consumer, b"0", id.as_bytes()];
        let how: [&[u8]; 8] = [
            b"TIME",
            time.as_bytes(),
            b"RETRYCOUNT",
            count.as_bytes(),
            b"FORCE",
            b"JUSTID",
            b"LASTID",
            last.as_bytes(),
        ];
        context.replay(head.into_iter().chain(how));
    }
    for id in &delivered.gone {
        context.replay_as(&[b"XACK", key, group, id.text().as_bytes()]);
    }
    if delivered.moved {
        let read = entries_read.to_string();
        let words: [&[u8]; 7] = [b"XGROUP", b"SETID", key, group, last.as_bytes(), b"ENTRIESREAD", read.as_bytes()];
        context.replay_as(&words);
    }
}
