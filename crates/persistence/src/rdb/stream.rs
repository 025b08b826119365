//! Streams: blocks as they lie in memory, counters, groups with what is pending.

use super::read::Reader;
use super::write::Writer;
use super::{Error, Loaded, Repair, kind};
use redstart_encoding::stream::{Counters, Group, StreamId};
use redstart_encoding::{Object, Stream};
use std::collections::HashMap;

/// Writes a stream.
pub(super) fn write<'w, 'o>(to: &'w mut Writer<'o>, stream: &Stream) -> &'w mut Writer<'o> {
    let log = &stream.log;
    to.length(log.block_count() as u64);
    for (first, block) in log.blocks() {
        write_block(to, first, block);
    }
    write_rest(to, stream);
    to
}

pub(super) fn write_block(to: &mut Writer<'_>, first: StreamId, block: &[u8]) {
    to.bytes(&first.to_bytes()).bytes(block);
}

/// What stands behind the blocks.
pub(super) fn write_rest(to: &mut Writer<'_>, stream: &Stream) {
    let log = &stream.log;
    let counters = log.counters();
    to.length(log.len());
    id(to, counters.last_id);
    id(to, log.first_id());
    id(to, counters.max_deleted_id);
    to.length(counters.entries_added);
    to.length(stream.groups.len() as u64);
    for group in stream.groups.iter() {
        write_group(to, group);
    }
}

fn id(to: &mut Writer<'_>, id: StreamId) {
    to.length(id.ms).length(id.seq);
}

fn write_group(to: &mut Writer<'_>, group: &Group) {
    to.string(group.name());
    id(to, group.last_id);
    to.length(group.entries_read.unwrap_or(-1).cast_unsigned());
    // What belongs to nobody is left to the group: readers of the format want an owner for each entry.
    let owned = || group.pending_from(StreamId::MIN).filter(|(_, pending)| pending.owner().is_some());
    to.length(owned().count() as u64);
    for (id, pending) in owned() {
        to.raw(&id.to_bytes()).raw(&pending.delivered_ms.to_le_bytes()).length(pending.deliveries);
    }
    to.length(group.consumer_count() as u64);
    for (number, consumer) in group.consumers() {
        to.string(consumer.name());
        to.raw(&consumer.seen_ms.to_le_bytes()).raw(&consumer.active_ms.unwrap_or(-1).to_le_bytes());
        to.length(consumer.pending_count() as u64);
        for (id, _) in group.pending_of(number, StreamId::MIN) {
            to.raw(&id.to_bytes());
        }
    }
}

/// Reads a stream of one of the three forms.
pub(super) fn read(form: u8, from: &mut Reader<'_>) -> Result<Loaded, Error> {
    let mut stream = Stream::new();
    for _ in 0..from.count(2)? {
        let first = from.string()?;
        let first: [u8; 16] =
            first.as_ref().try_into().map_err(|_| Error::Malformed("a stream's id of other than 16 bytes"))?;
        let block = from.string()?;
        let added = stream.log.append_block(StreamId::from_bytes(first), &block);
        added.map_err(|_| Error::Malformed("a damaged block of a stream"))?;
    }
    let (recorded, counted) = (from.length()?, stream.log.len());
    if recorded > 0 && counted == 0 {
        return Err(Error::Malformed("a stream that says it has entries, and has none"));
    }
    let mut repair = (recorded != counted).then_some(Repair::StreamLength { recorded, counted });
    let last_id = read_id(from)?;
    let mut counters = Counters { last_id, max_deleted_id: StreamId::MIN, entries_added: counted };
    if form >= kind::STREAM_LISTPACKS_2 {
        read_id(from)?;
        counters.max_deleted_id = read_id(from)?;
        counters.entries_added = from.length()?;
    }
    if last_id < stream.log.counters().last_id {
        counters.last_id = stream.log.counters().last_id;
        repair = repair.or(Some(Repair::StreamLastId));
    }
    stream.log.set_counters(counters);
    let mut unowned = 0;
    for _ in 0..from.count(4)? {
        unowned += read_group(form, from, &mut stream)?;
    }
    repair = repair.or((unowned > 0).then_some(Repair::Unowned(unowned)));
    Ok(Loaded { repair, ..Object::Stream(Box::new(stream)).into() })
}

fn read_id(from: &mut Reader<'_>) -> Result<StreamId, Error> {
    Ok(StreamId::new(from.length()?, from.length()?))
}

fn read_raw_id(from: &mut Reader<'_>) -> Result<StreamId, Error> {
    Ok(StreamId::from_bytes(from.array()?))
}

/// Reads a group. Gives how many of its pending entries belong to no consumer, and are left out.
fn read_group(form: u8, from: &mut Reader<'_>, stream: &mut Stream) -> Result<u64, Error> {
    let name = from.string()?;
    let last_id = read_id(from)?;
    let entries_read = if form >= kind::STREAM_LISTPACKS_2 {
        Some(from.length()?.cast_signed()).filter(|&count| count >= 0)
    } else {
        // What the older forms do not say can be told where nothing was ever removed in between.
        stream.log.entries_up_to(last_id).map(u64::cast_signed)
    };
    let group = stream.groups.create(&name, last_id, entries_read);
    let group = group.ok_or(Error::Malformed("two groups of one name"))?;
    let mut unowned = HashMap::new();
    for _ in 0..from.count(16)? {
        let id = read_raw_id(from)?;
        let (delivered_ms, deliveries) = (i64::from_le_bytes(from.array()?), from.length()?);
        if unowned.insert(id, (delivered_ms, deliveries)).is_some() {
            return Err(Error::Malformed("an entry that is pending twice"));
        }
    }
    for _ in 0..from.count(4)? {
        read_consumer(form, from, group, &mut unowned)?;
    }
    Ok(unowned.len() as u64)
}

fn read_consumer(
    form: u8,
    from: &mut Reader<'_>,
    group: &mut Group,
    unowned: &mut HashMap<StreamId, (i64, u64)>,
) -> Result<(), Error> {
    let name = from.string()?;
    let seen_ms = i64::from_le_bytes(from.array()?);
    let active_ms = match form {
        kind::STREAM_LISTPACKS_3 => i64::from_le_bytes(from.array()?),
        _ => seen_ms,
    };
    let number = group.create_consumer(&name, seen_ms);
    let number = number.map_err(|_| Error::Malformed("two consumers of one name"))?;
    group.consumer_mut(number).active_ms = Some(active_ms).filter(|&at_ms| at_ms >= 0);
    for _ in 0..from.count(16)? {
        let id = read_raw_id(from)?;
        let pending = unowned.remove(&id);
        let (delivered_ms, deliveries) =
            pending.ok_or(Error::Malformed("a consumer's entry that is not pending in its group"))?;
        group.assign(id, number, delivered_ms, deliveries);
    }
    Ok(())
}
