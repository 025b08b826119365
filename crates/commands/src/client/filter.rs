//! The filters of CLIENT LIST and CLIENT KILL: Redis's, and those that Valkey has beside them.

use crate::parse::is;
use redstart_command::clients::Names;
use redstart_command::clients::line::flags;
use redstart_command::{Args, ClientInfo, Context, Error};
use redstart_encoding::int::parse_i64;
use std::sync::atomic::Ordering;

/// Who is asked for. A client matches if every test does.
#[derive(Debug, Default)]
pub(super) struct Filter<'a> {
    tests: Vec<(bool, Test<'a>)>,
    /// SKIPME, where it was given.
    pub(super) skip_me: Option<bool>,
}

#[derive(Debug)]
enum Test<'a> {
    Ids(Vec<u64>),
    Type(Type),
    Addr(&'a [u8]),
    Laddr(&'a [u8]),
    Ip(&'a [u8]),
    User(&'a [u8]),
    Name(&'a [u8]),
    LibName(&'a [u8]),
    LibVersion(&'a [u8]),
    Database(u32),
    Flags(&'a [u8]),
    Capabilities(&'a [u8]),
    AgeSeconds(i64),
    IdleSeconds(i64),
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Normal,
    Replica,
    Primary,
    PubSub,
}

/// Who asks: CLIENT LIST takes any number for an id, CLIENT KILL only those that can be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    List,
    Kill,
}

/// Flags that a client can be asked for.
const KNOWN_FLAGS: &[u8] = b"OSMPxbtRBdcuAUreTIiEN";
const KNOWN_CAPABILITIES: &[u8] = b"r";

impl<'a> Filter<'a> {
    /// Only the client from this address, be it who asks.
    pub(super) fn by_address(addr: &'a [u8]) -> Self {
        Self { tests: vec![(true, Test::Addr(addr))], skip_me: Some(false) }
    }

    /// Reads filters from `args[2]` on.
    pub(super) fn parse(args: &'a Args<'_>, context: &Context<'_>, purpose: Purpose) -> Result<Self, Error> {
        let mut filter = Self::default();
        let mut at = 2;
        while at < args.len() {
            let (wanted, word) = match &args[at] {
                [n, o, t, b'-', word @ ..] if is(&[*n, *o, *t], "not") => (false, word),
                word => (true, word),
            };
            if is(word, "id") && at + 1 < args.len() {
                let (ids, next) = ids(args, at + 1, purpose)?;
                filter.add(wanted, Test::Ids(ids));
                at = next;
                continue;
            }
            let value = args.get(at + 1).ok_or(Error::Syntax)?;
            if wanted && is(word, "skipme") {
                filter.skip_me = Some(yes_or_no(value)?);
            } else {
                filter.add(wanted, test(wanted, word, value, context)?);
            }
            at += 2;
        }
        Ok(filter)
    }

    /// The last filter of a kind counts; ids come together.
    fn add(&mut self, wanted: bool, test: Test<'a>) {
        let kind = std::mem::discriminant(&test);
        let same = |(other_wanted, other): &&mut (bool, Test<'a>)| {
            *other_wanted == wanted && std::mem::discriminant(other) == kind
        };
        match (self.tests.iter_mut().find(same), test) {
            (Some((_, Test::Ids(ids))), Test::Ids(more)) => ids.extend(more),
            (Some((_, old)), test) => *old = test,
            (None, test) => self.tests.push((wanted, test)),
        }
    }

    /// The ids, in the order they were given, if nothing else is asked for.
    pub(super) fn only_ids(&self) -> Option<&[u64]> {
        match (&self.tests[..], self.skip_me) {
            ([(true, Test::Ids(ids))], None) => Some(ids),
            _ => None,
        }
    }

    /// Whether a client is asked for.
    pub(super) fn matches(&self, client: &ClientInfo, now_ms: i64) -> bool {
        let names = client.names.lock().clone();
        self.tests.iter().all(|(wanted, test)| test.holds(client, &names, now_ms) == *wanted)
    }
}

impl Test<'_> {
    fn holds(&self, client: &ClientInfo, names: &Names, now_ms: i64) -> bool {
        match self {
            Self::Ids(ids) => ids.contains(&client.id),
            Self::Type(kind) => *kind == if client.subscribed() { Type::PubSub } else { Type::Normal },
            Self::Addr(addr) => client.addr.as_bytes() == *addr,
            Self::Laddr(addr) => client.laddr.as_bytes() == *addr,
            Self::Ip(ip) => ip_is(&client.addr, ip),
            Self::User(user) => names.user == *user,
            Self::Name(name) => !names.name.is_empty() && names.name == *name,
            Self::LibName(name) => !names.lib_name.is_empty() && names.lib_name == *name,
            Self::LibVersion(version) => !names.lib_version.is_empty() && names.lib_version == *version,
            Self::Database(number) => client.database.load(Ordering::Relaxed) == *number,
            Self::Flags(asked) => {
                let has = flags(client);
                asked.iter().all(|flag| has.as_bytes().contains(flag))
            }
            Self::Capabilities(asked) => asked.is_empty() || client.redirects.load(Ordering::Relaxed),
            Self::AgeSeconds(least) => now_ms / 1000 - client.created_ms / 1000 >= *least,
            Self::IdleSeconds(least) => now_ms / 1000 - client.last_ms.load(Ordering::Relaxed) / 1000 >= *least,
        }
    }
}

/// Whether `addr` is `ip:port` or `[ip]:port` with this ip.
fn ip_is(addr: &str, ip: &[u8]) -> bool {
    let Some((host, port)) = addr.rsplit_once(':') else { return false };
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    port != "0" && host.as_bytes() == ip
}

/// The numbers from `args[at]` on, and where they end.
fn ids(args: &Args<'_>, mut at: usize, purpose: Purpose) -> Result<(Vec<u64>, usize), Error> {
    let not_positive = || Error::text("ERR client-id should be greater than 0");
    let mut ids = Vec::new();
    while let Some(argument) = args.get(at) {
        match (parse_i64(argument), purpose) {
            (Some(id), Purpose::Kill) if id < 1 => return Err(not_positive()),
            // No client has the number 0.
            (Some(id), _) => ids.push(u64::try_from(id).unwrap_or(0)),
            (None, Purpose::Kill) if ids.is_empty() => return Err(not_positive()),
            (None, Purpose::List) if ids.is_empty() || !is_filter(argument) => {
                return Err(Error::text("ERR Invalid client ID"));
            }
            (None, _) => break,
        }
        at += 1;
    }
    Ok((ids, at))
}

/// Whether a word is the name of a filter.
fn is_filter(word: &[u8]) -> bool {
    const POSITIVE_ONLY: [&str; 3] = ["maxage", "idle", "skipme"];
    const BOTH: [&str; 11] =
        ["id", "type", "addr", "laddr", "ip", "user", "name", "lib-name", "lib-ver", "db", "flags"];
    let bare = word.get(4..).filter(|_| is(&word[..4], "not-"));
    POSITIVE_ONLY.iter().any(|name| is(word, name))
        || BOTH.iter().chain([&"capa"]).any(|name| is(bare.unwrap_or(word), name))
}

fn yes_or_no(value: &[u8]) -> Result<bool, Error> {
    match (is(value, "yes"), is(value, "no")) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => Err(Error::Syntax),
    }
}

fn test<'a>(wanted: bool, word: &[u8], value: &'a [u8], context: &Context<'_>) -> Result<Test<'a>, Error> {
    let named = |prefix: &str, value: &[u8]| Error::Bytes([b"ERR ", prefix.as_bytes(), value].concat());
    Ok(match word.to_ascii_lowercase().as_slice() {
        b"type" => Test::Type(client_type(value)?),
        b"addr" => Test::Addr(value),
        b"laddr" => Test::Laddr(value),
        b"ip" => Test::Ip(value),
        b"user" if context.shared.acl.get(value).is_some() => Test::User(value),
        b"user" => return Err(Error::Bytes([b"ERR No such user '", value, b"'"].concat())),
        b"name" => Test::Name(value),
        b"lib-name" => Test::LibName(value),
        b"lib-ver" => Test::LibVersion(value),
        b"db" => Test::Database(database(if wanted { "DB" } else { "NOT-DB" }, value, context)?),
        b"flags" if value.iter().all(|flag| KNOWN_FLAGS.contains(flag)) => Test::Flags(value),
        b"flags" if wanted => return Err(named("Unknown flags found in the provided filter: ", value)),
        b"flags" => return Err(named("Unknown flags found in the NOT-FLAGS filter: ", value)),
        b"capa" if value.iter().all(|one| KNOWN_CAPABILITIES.contains(one)) => Test::Capabilities(value),
        b"capa" if wanted => return Err(named("Unknown capa found in the provided filter: ", value)),
        b"capa" => return Err(named("Unknown capa found in the NOT-CAPA filter: ", value)),
        b"maxage" if wanted => Test::AgeSeconds(seconds("maxage", value)?),
        b"idle" if wanted => Test::IdleSeconds(seconds("idle", value)?),
        _ => return Err(Error::Syntax),
    })
}

fn client_type(value: &[u8]) -> Result<Type, Error> {
    Ok(match value.to_ascii_lowercase().as_slice() {
        b"normal" => Type::Normal,
        b"slave" | b"replica" => Type::Replica,
        b"master" | b"primary" => Type::Primary,
        b"pubsub" => Type::PubSub,
        _ => return Err(Error::Bytes([b"ERR Unknown client type '", value, b"'"].concat())),
    })
}

fn database(name: &str, value: &[u8], context: &Context<'_>) -> Result<u32, Error> {
    let number = parse_i64(value).filter(|number| i32::try_from(*number).is_ok());
    let number = number.ok_or_else(|| Error::Text(format!("ERR {name} is not an integer or out of range").into()))?;
    let last = context.shared.keyspace.databases() - 1;
    match u32::try_from(number) {
        Ok(number) if number as usize <= last => Ok(number),
        _ => Err(Error::Text(format!("ERR {name} number should be between 0 and {last}").into())),
    }
}

fn seconds(name: &str, value: &[u8]) -> Result<i64, Error> {
    match parse_i64(value) {
        None => Err(Error::Text(format!("ERR {name} is not an integer or out of range").into())),
        Some(seconds) if seconds <= 0 => Err(Error::Text(format!("ERR {name} should be greater than 0").into())),
        Some(seconds) => Ok(seconds),
    }
}
