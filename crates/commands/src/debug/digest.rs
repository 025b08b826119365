//! DEBUG DIGEST: a signature of data that is the same for the same data, in whatever order and encoding it is kept, and
//! the same as Redis's, so that servers can be compared.
//!
//! SHA-1 of parts is joined in two ways: by exclusive or where order does not matter, and by hashing the result again
//! where it does.

use crate::sorted_set::Members;
use redstart_command::{Args, Context, Error, Reply, ValueRef};
use redstart_encoding::entry::parts::time_of;
use redstart_encoding::float::F64Text;
use redstart_encoding::int::IntText;
use redstart_encoding::listpack::{Element, Pack};
use redstart_encoding::quicklist::End;
use redstart_encoding::stream::StreamId;
use redstart_encoding::{Entry, Stream, Table};
use sha1_smol::Sha1;
use std::ops::ControlFlow;

#[derive(Clone, Copy, Default)]
struct Digest([u8; 20]);

impl Digest {
    /// Joins what may come in any order.
    fn join(&mut self, part: &[u8]) {
        let hash = Sha1::from(part).digest().bytes();
        self.0.iter_mut().zip(hash).for_each(|(byte, other)| *byte ^= other);
    }

    /// Joins what comes next.
    fn chain(&mut self, part: &[u8]) {
        self.join(part);
        self.0 = Sha1::from(self.0).digest().bytes();
    }

    fn write(self, reply: &mut Reply<'_>) {
        let text: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        reply.simple(&text);
    }
}

/// The types' numbers in a digest.
const STRING: u32 = 0;
const LIST: u32 = 1;
const SET: u32 = 2;
const SORTED_SET: u32 = 3;
const HASH: u32 = 4;
const STREAM: u32 = 6;
const ARRAY: u32 = 7;

/// DEBUG DIGEST.
pub(super) fn all(context: &mut Context<'_>, _: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    let databases = context.shared.keyspace.databases();
    // What is in a database comes in any order, so it is joined by itself, and the databases are chained afterwards.
    let mut joined: Vec<Option<Digest>> = vec![None; databases];
    for slot in 0..context.access.slot_count() {
        context.access.visit(slot, |slot| {
            for (number, joined) in joined.iter_mut().enumerate().take(slot.databases()) {
                for entry in slot.table(number).into_iter().flat_map(Table::iter) {
                    let mut digest = Digest::default();
                    digest.chain(entry.key());
                    value(&mut digest, &entry);
                    joined.get_or_insert_default().join(&digest.0);
                }
            }
        });
    }
    let mut whole = Digest::default();
    for (number, joined) in joined.iter().enumerate() {
        if let Some(joined) = joined {
            whole.chain(&(number as u32).to_be_bytes());
            whole.0.iter_mut().zip(joined.0).for_each(|(byte, other)| *byte ^= other);
        }
    }
    whole.write(reply);
    Ok(())
}

/// DEBUG DIGEST-VALUE, also of keys whose time has passed.
pub(super) fn values(context: &mut Context<'_>, args: &mut Args<'_>, reply: &mut Reply<'_>) -> Result<(), Error> {
    reply.array(args.len() - 2);
    for argument in args.iter_from(2) {
        let (key, database) = (context.key(argument), context.session.database);
        let mut digest = Digest::default();
        if let Some(table) = context.access.slot(key.hash()).table(database)
            && let Some(entry) = table.get(key.hash(), key.bytes())
        {
            value(&mut digest, &entry);
        }
        digest.write(reply);
    }
    Ok(())
}

fn value(digest: &mut Digest, entry: &Entry) {
    match entry.value() {
        ValueRef::Int(number) => {
            digest.chain(&STRING.to_be_bytes());
            digest.chain(IntText::new(number).as_bytes());
        }
        ValueRef::Bytes { bytes, .. } => {
            digest.chain(&STRING.to_be_bytes());
            digest.chain(bytes);
        }
        ValueRef::HashPack(pack) => {
            digest.chain(&HASH.to_be_bytes());
            pairs(pack, |name, value| field(digest, name, value, false));
        }
        ValueRef::HashPackTimed(pack) => {
            digest.chain(&HASH.to_be_bytes());
            let mut elements = pack.iter().map(|(_, element)| element);
            while let (Some(name), Some(value), Some(time)) = (elements.next(), elements.next(), elements.next()) {
                field(digest, &name.to_vec(), &value.to_vec(), time_of(time).is_some());
            }
        }
        ValueRef::HashTable(table) => {
            digest.chain(&HASH.to_be_bytes());
            table.iter().for_each(|one| field(digest, one.name(), one.value(), one.expire_ms().is_some()));
        }
        ValueRef::ListPack(pack) => {
            digest.chain(&LIST.to_be_bytes());
            pack.iter().for_each(|(_, element)| digest.chain(&element.to_vec()));
        }
        ValueRef::QuickList(list) => {
            digest.chain(&LIST.to_be_bytes());
            let _ = list.walk::<()>(0, usize::MAX, End::Back, |element| {
                element.with_bytes(|bytes| digest.chain(bytes));
                ControlFlow::Continue(())
            });
        }
        ValueRef::SetPack(pack) => {
            digest.chain(&SET.to_be_bytes());
            pack.iter().for_each(|(_, element)| digest.join(&element.to_vec()));
        }
        ValueRef::IntSet(set) => {
            digest.chain(&SET.to_be_bytes());
            set.iter().for_each(|member| digest.join(IntText::new(member).as_bytes()));
        }
        ValueRef::SetTable(table) => {
            digest.chain(&SET.to_be_bytes());
            table.iter().for_each(|one| digest.join(one.name()));
        }
        ValueRef::SortedPack(pack) => {
            digest.chain(&SORTED_SET.to_be_bytes());
            scored(digest, Members::Pack(pack));
        }
        ValueRef::SortedSet(set) => {
            digest.chain(&SORTED_SET.to_be_bytes());
            scored(digest, Members::Set(set));
        }
        ValueRef::Stream(one) => {
            digest.chain(&STREAM.to_be_bytes());
            stream(digest, one);
        }
        ValueRef::Array(array) => {
            digest.chain(&ARRAY.to_be_bytes());
            array.iter().for_each(|(index, item)| {
                item.with_bytes(|value| field(digest, index.to_string().as_bytes(), value, false));
            });
        }
    }
    if entry.expire_ms().is_some() {
        digest.join(b"!!expire!!");
    }
}

/// The members of a sorted set.
fn scored(digest: &mut Digest, members: Members<'_>) {
    members.each(|member, score| {
        member.with_bytes(|member| field(digest, member, F64Text::with_fewest_digits(score).as_bytes(), false));
    });
}

fn stream(digest: &mut Digest, stream: &Stream) {
    for entry in stream.log.range(StreamId::MIN, StreamId::MAX) {
        digest.chain(format!("{}.{}", entry.id().ms, entry.id().seq).as_bytes());
        for (field, value) in entry.fields() {
            field.with_bytes(|bytes| digest.chain(bytes));
            value.with_bytes(|bytes| digest.chain(bytes));
        }
    }
}

fn field(digest: &mut Digest, name: &[u8], value: &[u8], expires: bool) {
    let mut pair = Digest::default();
    pair.chain(name);
    pair.chain(value);
    if expires {
        pair.join(b"!!hexpire!!");
    }
    digest.join(&pair.0);
}

/// The fields and values of a small hash.
fn pairs(pack: &Pack, mut show: impl FnMut(&[u8], &[u8])) {
    let text = |element: Element<'_>| match element {
        Element::Int(number) => IntText::new(number).as_bytes().to_vec(),
        Element::Bytes(bytes) => bytes.to_vec(),
    };
    let mut elements = pack.iter().map(|(_, element)| element);
    while let (Some(field), Some(value)) = (elements.next(), elements.next()) {
        show(&text(field), &text(value));
    }
}
