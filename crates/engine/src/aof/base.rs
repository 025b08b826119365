//! The base: all data at one moment, as commands that bring it about.

use redstart_command::effects::encode;
use redstart_command::{Entry, Shared, ValueRef};
use redstart_config::ids;
use redstart_keyspace::Pass;
use redstart_persistence::payload;
use redstart_persistence::rdb::WriteOptions;
use redstart_sys::clock::unix_ms;
use std::io::{self, Write};

/// Bytes that are gathered before they are written.
const AT_ONCE: usize = 256 * 1024;

/// Writes all libraries and keys; the caller has the keyspace for itself.
pub(super) fn write(shared: &Shared, pass: &Pass<'_>, to: &mut impl Write) -> io::Result<()> {
    let mut out = Vec::with_capacity(2 * AT_ONCE);
    if shared.config.get(ids::AOF_TIMESTAMP_ENABLED) {
        out.extend_from_slice(format!("#TS:{}\r\n", unix_ms() / 1000).as_bytes());
    }
    for library in shared.scripts.libraries().iter() {
        encode(&mut out, [b"FUNCTION".as_slice(), b"LOAD", &library.code].into_iter());
    }
    let options = WriteOptions { compress: shared.config.get(ids::RDBCOMPRESSION) };
    for database in 0..shared.keyspace.databases() {
        let mut selected = false;
        for index in 0..pass.count() {
            let slot = pass.lock(index);
            let Some(table) = slot.table(database).filter(|table| table.len() > 0) else { continue };
            if !selected {
                selected = true;
                encode(&mut out, [b"SELECT".as_slice(), database.to_string().as_bytes()].into_iter());
            }
            for entry in table.iter() {
                write_entry(&mut out, &entry, options);
                if out.len() >= AT_ONCE {
                    to.write_all(&out)?;
                    out.clear();
                }
            }
        }
    }
    to.write_all(&out)
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
