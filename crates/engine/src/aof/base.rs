//! The base as commands: all data at one moment, as what brings it about (`aof-use-rdb-preamble no`).

use crate::snapshot::{Chunk, Encode, EncodeMembers, Opened, Target};
use redstart_command::effects::encode;
use redstart_command::scripts::Libraries;
use redstart_command::{Entry, Shared, ValueRef};
use redstart_config::ids;
use redstart_encoding::entry::members::Member;
use redstart_encoding::float::F64Text;
use redstart_persistence::payload;
use redstart_persistence::rdb::WriteOptions;
use redstart_sys::clock::unix_ms;
use redstart_sys::file::Paced;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::Path;

/// Entries as commands.
#[derive(Debug)]
pub(super) struct Commands(WriteOptions);

impl Commands {
    pub(super) fn new(shared: &Shared) -> Self {
        Self(WriteOptions { compress: shared.config.get(ids::RDBCOMPRESSION) })
    }
}

impl Encode for Commands {
    fn append(&self, out: &mut Vec<u8>, entry: &Entry, _: &mut Vec<Range<usize>>) -> u16 {
        // What takes long is left as it is: the sum at a payload's end is over what it says.
        let compress = self.0.compress && entry.free_effort() <= 1;
        write_entry(out, entry, WriteOptions { compress });
        0
    }

    fn begin(&self, _: &mut Vec<u8>, entry: &Entry, _: usize) -> (Box<dyn EncodeMembers>, u16) {
        let kind = match entry.value() {
            ValueRef::HashTable(_) => Kind::Hash,
            ValueRef::SetTable(_) => Kind::Set,
            _ => Kind::SortedSet,
        };
        let commands =
            MemberCommands { kind, key: entry.key().to_vec(), expire_ms: entry.expire_ms(), some: Vec::new() };
        (Box::new(commands), 0)
    }
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Hash,
    Set,
    SortedSet,
}

/// Members in one command.
const TOGETHER: usize = 64;

/// A large collection as commands that add its members. Nobody reads a part of it: a base that is not whole is none.
#[derive(Debug)]
struct MemberCommands {
    kind: Kind,
    key: Vec<u8>,
    expire_ms: Option<i64>,
    /// The words for some members, for the next command.
    some: Vec<Vec<u8>>,
}

impl MemberCommands {
    fn flush(&mut self, out: &mut Vec<u8>) {
        let word: &[u8] = match self.kind {
            Kind::Hash => b"HSET",
            Kind::Set => b"SADD",
            Kind::SortedSet => b"ZADD",
        };
        if !self.some.is_empty() {
            encode(out, [word, &self.key].into_iter().chain(self.some.iter().map(Vec::as_slice)));
            self.some.clear();
        }
    }
}

impl EncodeMembers for MemberCommands {
    fn append(&mut self, out: &mut Vec<u8>, member: &Member<'_>) {
        match self.kind {
            Kind::Hash => self.some.extend([member.name.to_vec(), member.value.to_vec()]),
            Kind::Set => self.some.push(member.name.to_vec()),
            Kind::SortedSet => self.some.extend([F64Text::new(member.score).as_bytes().to_vec(), member.name.to_vec()]),
        }
        if let Some(at_ms) = member.expire_ms {
            self.flush(out);
            let (word, parts): (&[u8], &[u8]) = match self.kind {
                Kind::Set => (b"SPEXPIREAT", b"MEMBERS"),
                _ => (b"HPEXPIREAT", b"FIELDS"),
            };
            let at_ms = at_ms.to_string();
            encode(out, [word, &self.key, at_ms.as_bytes(), parts, b"1", member.name].into_iter());
        } else if self.some.len() >= TOGETHER {
            self.flush(out);
        }
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        self.flush(out);
        if let Some(at_ms) = self.expire_ms {
            encode(out, [b"PEXPIREAT".as_slice(), &self.key, at_ms.to_string().as_bytes()].into_iter());
        }
    }
}

/// A file of commands.
struct CommandFile {
    to: BufWriter<Paced>,
    selected: Option<usize>,
}

impl Target for CommandFile {
    fn chunk(&mut self, chunk: &Chunk) -> io::Result<()> {
        if self.selected != Some(chunk.database) {
            let mut select = Vec::new();
            encode(&mut select, [b"SELECT".as_slice(), chunk.database.to_string().as_bytes()].into_iter());
            self.to.write_all(&select)?;
            self.selected = Some(chunk.database);
        }
        self.to.write_all(&chunk.bytes)
    }

    fn finish(self: Box<Self>) -> io::Result<u64> {
        let file = self.to.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.get().sync_all()?;
        Ok(file.get().metadata()?.len())
    }
}

/// Begins a file of commands, with the libraries of functions.
pub(super) fn file(shared: &Shared, path: &Path, libraries: &Libraries) -> Opened {
    let mut out = Vec::new();
    if shared.config.get(ids::AOF_TIMESTAMP_ENABLED) {
        out.extend_from_slice(format!("#TS:{}\r\n", unix_ms() / 1000).as_bytes());
    }
    for library in libraries.iter() {
        encode(&mut out, [b"FUNCTION".as_slice(), b"LOAD", &library.code].into_iter());
    }
    let mut to = BufWriter::new(Paced::new(File::create(path)?, shared.config.get(ids::AOF_REWRITE_INCREMENTAL_FSYNC)));
    to.write_all(&out)?;
    Ok(Box::new(CommandFile { to, selected: None }))
}

fn write_entry(out: &mut Vec<u8>, entry: &Entry, options: WriteOptions) {
    let at_ms = entry.expire_ms().map(|at_ms| at_ms.to_string());
    let mut digits = itoa::Buffer::new();
    let text = match entry.value() {
        ValueRef::Int(number) => Some(digits.format(number).as_bytes()),
        ValueRef::Bytes { bytes, .. } => Some(bytes),
        _ => None,
    };
    if let Some(text) = text {
        let set = [b"SET".as_slice(), entry.key(), text].into_iter();
        return match &at_ms {
            Some(at_ms) => encode(out, set.chain([b"PXAT".as_slice(), at_ms.as_bytes()])),
            None => encode(out, set),
        };
    }
    // What the other types take is the same as in an RDB file, which has all that a value knows.
    let value = payload::dump(&entry.value(), options);
    let at_ms = at_ms.as_deref().unwrap_or("0").as_bytes();
    encode(out, [b"RESTORE".as_slice(), entry.key(), at_ms, &value, b"ABSTTL"].into_iter());
}
