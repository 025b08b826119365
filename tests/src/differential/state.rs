//! All a client can see of a server's data: keys, types, encodings, values, times to live.

use std::collections::BTreeMap;
use std::io;

use super::compare::Reply;
use crate::value::{Value, quote_argument};
use crate::wire::Client;

/// Databases the streams use.
pub const DATABASES: u32 = 3;

/// What was asked (`db0 "key" ttl`), its answer, and how answers are compared.
pub type State = BTreeMap<String, (Value, Reply)>;

/// Reads the whole state; leaves the connection in database 0.
///
/// # Errors
/// What the connection says.
pub fn read(client: &mut Client) -> io::Result<State> {
    let mut state = State::new();
    for database in 0..DATABASES {
        client.command(&["SELECT", &database.to_string()])?;
        let keys = client.command(&["KEYS", "*"])?;
        let mut keys: Vec<Vec<u8>> = keys.elements().unwrap_or_default().iter().filter_map(Value::text).collect();
        keys.sort();
        for key in keys {
            let name = format!("db{database} {}", quote_argument(&key));
            for (what, answer, how) in read_key(client, &key)? {
                state.insert(format!("{name} {what}"), (answer, how));
            }
        }
    }
    client.command(&["SELECT", "0"])?;
    Ok(state)
}

fn read_key(client: &mut Client, key: &[u8]) -> io::Result<Vec<(&'static str, Value, Reply)>> {
    let kind = client.command(&[b"TYPE", key])?;
    let encoding = client.command(&[b"OBJECT".as_slice(), b"ENCODING", key])?;
    let expires = client.command(&[b"PEXPIRETIME", key])?;
    let (value, how) = match kind.text_lossy().as_str() {
        "string" => (client.command(&[b"GET", key])?, Reply::Exact),
        "hash" => (client.command(&[b"HGETALL", key])?, Reply::Pairs),
        "list" => (client.command(&[b"LRANGE".as_slice(), key, b"0", b"-1"])?, Reply::Exact),
        "set" => (client.command(&[b"SMEMBERS", key])?, Reply::Unordered),
        "zset" => (client.command(&[b"ZRANGE".as_slice(), key, b"0", b"-1", b"WITHSCORES"])?, Reply::Exact),
        "stream" => (client.command(&[b"XRANGE".as_slice(), key, b"-", b"+"])?, Reply::Exact),
        // Unknown types are compared by their serialised form.
        _ => (client.command(&[b"DUMP", key])?, Reply::Exact),
    };
    Ok(vec![
        ("type", kind, Reply::Exact),
        ("encoding", encoding, Reply::Exact),
        ("expires", expires, Reply::Milliseconds),
        ("value", value, how),
    ])
}
