//! DEBUG OBJECT and its like: how one value is kept.

use crate::generic::encoding_name;
use redstart_command::{Args, Context, Error, Reply, ValueRef};
use redstart_encoding::int::parse_i64;
use redstart_keyspace::clock;
use redstart_sys::alloc::size_class;

/// DEBUG OBJECT.
pub(super) fn object(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let now_ms = context.now_ms;
    let key = context.key(&args[2]);
    // Also one past its time, if it was not freed yet.
    let slot = context.access.slot(key.hash());
    let found = slot.table(context.session.database).and_then(|table| table.get(key.hash(), key.bytes()));
    let found = found.ok_or(Error::NoSuchKey)?;
    let (value, clock) = (found.value(), found.clock());
    reply.simple(&format!(
        "Value at:{:p} refcount:1 encoding:{} serializedlength:{} lru:{clock} lru_seconds_idle:{}{}",
        found.key().as_ptr(),
        encoding_name(&value),
        serialized(&value),
        clock::idle_seconds(clock, now_ms),
        nodes(&value)
    ));
    Ok(())
}

/// What DEBUG OBJECT says of a large list's nodes.
fn nodes(value: &ValueRef<'_>) -> String {
    let ValueRef::QuickList(list) = value else { return String::new() };
    format!(
        " ql_nodes:{} ql_avg_node:{:.2} ql_listpack_max:{} ql_compressed:{} ql_uncompressed_size:{}",
        list.node_count(),
        list.len() as f64 / list.node_count() as f64,
        list.fill().setting(),
        u8::from(list.depth() > 0),
        list.nodes().map(|node| node.byte_len()).sum::<usize>()
    )
}

/// Bytes that a value takes in an RDB file, before compression.
fn serialized(value: &ValueRef<'_>) -> usize {
    match value {
        ValueRef::Int(number) => serialized_int(*number),
        ValueRef::Bytes { bytes, .. } => serialized_string(bytes),
        ValueRef::HashPack(pack)
        | ValueRef::HashPackTimed(pack)
        | ValueRef::ListPack(pack)
        | ValueRef::SetPack(pack)
        | ValueRef::SortedPack(pack) => serialized_length(pack.byte_len()) + pack.byte_len(),
        ValueRef::SetTable(table) => {
            serialized_length(table.len()) + table.iter().map(|one| serialized_string(one.name())).sum::<usize>()
        }
        ValueRef::QuickList(list) => {
            let nodes = list.nodes().map(|node| 1 + serialized_length(node.byte_len()) + node.byte_len());
            serialized_length(list.node_count()) + nodes.sum::<usize>()
        }
        ValueRef::IntSet(set) => serialized_length(set.byte_len()) + set.byte_len(),
        ValueRef::SortedSet(set) => set.heap_bytes(),
        ValueRef::Stream(stream) => stream.heap_bytes(),
        ValueRef::Array(array) => array.heap_bytes(),
        ValueRef::HashTable(table) => {
            let fields = table.iter().map(|field| serialized_string(field.name()) + serialized_string(field.value()));
            serialized_length(table.len()) + fields.sum::<usize>()
        }
    }
}

fn serialized_string(bytes: &[u8]) -> usize {
    // Only short strings are looked at for being integers.
    match (bytes.len() <= 11).then(|| parse_i64(bytes)).flatten() {
        Some(number) => serialized_int(number),
        None => serialized_length(bytes.len()) + bytes.len(),
    }
}

fn serialized_int(number: i64) -> usize {
    if i8::try_from(number).is_ok() {
        2
    } else if i16::try_from(number).is_ok() {
        3
    } else if i32::try_from(number).is_ok() {
        5
    } else {
        1 + redstart_encoding::int::text_len(number)
    }
}

fn serialized_length(length: usize) -> usize {
    match length {
        0..64 => 1,
        64..16384 => 2,
        _ if u32::try_from(length).is_ok() => 5,
        _ => 9,
    }
}

/// DEBUG SDSLEN.
pub(super) fn sds_length(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let key = context.key(&args[2]);
    let found = context.peek(key).ok_or(Error::NoSuchKey)?;
    let ValueRef::Bytes { bytes, .. } = found.value() else {
        return Err(Error::text("ERR Not an sds encoded string."));
    };
    // Key and value stand in one block without room to spare, or the value in a block of its own.
    let (key, value) = (found.key().len(), bytes.len());
    reply.simple(&format!(
        "key_sds_len:{key}, key_sds_avail:0, key_zmalloc: {}, val_sds_len:{value}, val_sds_avail:0, val_zmalloc: {}",
        size_class(key),
        size_class(value)
    ));
    Ok(())
}

/// DEBUG LISTPACK.
pub(super) fn listpack(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let shared = context.shared;
    let key = context.key(&args[2]);
    let found = context.peek(key).ok_or(Error::NoSuchKey)?;
    let (ValueRef::HashPack(pack)
    | ValueRef::HashPackTimed(pack)
    | ValueRef::ListPack(pack)
    | ValueRef::SetPack(pack)
    | ValueRef::SortedPack(pack)) = found.value()
    else {
        return Err(Error::text("ERR Not a listpack encoded object."));
    };
    shared.host().log(&format!("listpack of {} bytes, {} elements:", pack.byte_len(), pack.len()));
    for (index, (_, element)) in pack.iter().enumerate() {
        shared.host().log(&format!("  {index}: {element:?}"));
    }
    reply.simple("Listpack structure printed on stdout");
    Ok(())
}

/// DEBUG QUICKLIST.
pub(super) fn quicklist(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let shared = context.shared;
    let full = args.get(3).and_then(parse_i64).is_some_and(|full| full != 0);
    let key = context.key(&args[2]);
    let found = context.peek(key).ok_or(Error::NoSuchKey)?;
    let ValueRef::QuickList(list) = found.value() else {
        return Err(Error::text("ERR Not a quicklist encoded object."));
    };
    shared.host().log(&format!("quicklist of {} elements in {} nodes:", list.len(), list.node_count()));
    for (number, node) in list.nodes().enumerate() {
        let kind = if node.is_plain() { "plain" } else { "packed" };
        let compressed = if node.is_compressed() { ", compressed" } else { "" };
        let (bytes, count) = (node.byte_len(), node.count());
        shared.host().log(&format!("  {number}: {kind}{compressed}, {bytes} bytes, {count} elements"));
        if full {
            shared.host().log(&format!("  {node:?}"));
        }
    }
    reply.simple("Quicklist structure printed on stdout");
    Ok(())
}
