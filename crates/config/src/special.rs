//! The directives with their own grammar.

use std::path::{Component, Path, PathBuf};

use redstart_encoding::float::parse_f64;

use crate::choices::NotifyEvents;
use crate::directive::Special;
use crate::number::{memory_size, whole_c_integer};
use crate::value::{OutputBufferLimit, Value, ValueError};

pub(crate) const DEFAULT_SAVE: &str = "3600 1 300 100 60 10000";
pub(crate) const DEFAULT_BIND: &str = "* -::*";
const MAX_BIND: usize = 16;
const OOM_SCORES: usize = 3;
const OOM_SCORE_LIMIT: i64 = 2000;

/// Take a snapshot after this many seconds if there were this many changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SavePoint {
    /// Seconds since the last snapshot.
    pub seconds: u64,
    /// Changes since the last snapshot.
    pub changes: u64,
}

/// Classes of clients with their own output buffer limits, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientClass {
    /// All other clients.
    Normal,
    /// Replicas.
    Replica,
    /// Subscribers.
    PubSub,
}

impl ClientClass {
    /// All classes, in order.
    pub const ALL: [ClientClass; 3] = [ClientClass::Normal, ClientClass::Replica, ClientClass::PubSub];

    fn parse(name: &[u8]) -> Option<ClientClass> {
        match name.to_ascii_lowercase().as_slice() {
            b"normal" => Some(ClientClass::Normal),
            b"slave" | b"replica" => Some(ClientClass::Replica),
            b"pubsub" => Some(ClientClass::PubSub),
            _ => None,
        }
    }

    /// The name in CONFIG GET; a rewritten file contains `replica` instead of `slave`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ClientClass::Normal => "normal",
            ClientClass::Replica => "slave",
            ClientClass::PubSub => "pubsub",
        }
    }
}

pub(crate) fn default(special: Special) -> Value {
    match special {
        Special::Dir | Special::ReplicaOf => Value::text(""),
        Special::Save => Value::text(DEFAULT_SAVE),
        Special::OutputBufferLimits => Value::Limits(DEFAULT_LIMITS),
        Special::OomScoreAdjValues => Value::text("0 200 800"),
        Special::NotifyEvents => Value::Number(0),
        Special::Bind => Value::text(DEFAULT_BIND),
        Special::Percentiles => Value::text("50 99 99.9"),
    }
}

const MIB: u64 = 1 << 20;

pub(crate) const DEFAULT_LIMITS: [OutputBufferLimit; 3] = [
    OutputBufferLimit { hard_bytes: 0, soft_bytes: 0, soft_seconds: 0 },
    OutputBufferLimit { hard_bytes: 256 * MIB, soft_bytes: 64 * MIB, soft_seconds: 60 },
    OutputBufferLimit { hard_bytes: 32 * MIB, soft_bytes: 8 * MIB, soft_seconds: 60 },
];

pub(crate) fn parse(special: Special, arguments: &[Vec<u8>], current: &Value) -> Result<Value, ValueError> {
    match special {
        Special::Dir => parse_dir(arguments, current),
        Special::Save => parse_save(without_single_empty(arguments)),
        Special::OutputBufferLimits => parse_limits(arguments, current),
        Special::OomScoreAdjValues => parse_oom_scores(arguments),
        Special::NotifyEvents => parse_events(arguments),
        Special::Bind => parse_bind(arguments),
        Special::ReplicaOf => parse_replica_of(arguments),
        Special::Percentiles => parse_percentiles(without_single_empty(arguments)),
    }
}

pub(crate) fn format(special: Special, value: &Value) -> Vec<u8> {
    match (special, value) {
        (Special::NotifyEvents, Value::Number(bits)) => NotifyEvents(*bits as u32).to_letters().into_bytes(),
        (_, Value::Limits(limits)) => format_limits(limits).into_bytes(),
        (_, Value::Text(text)) => text.to_vec(),
        (_, Value::Number(number)) => number.to_string().into_bytes(),
    }
}

/// One empty argument means "none" on a command line.
fn without_single_empty(arguments: &[Vec<u8>]) -> &[Vec<u8>] {
    match arguments {
        [only] if only.is_empty() => &[],
        _ => arguments,
    }
}

fn parse_dir(arguments: &[Vec<u8>], current: &Value) -> Result<Value, ValueError> {
    use std::os::unix::ffi::OsStrExt;
    let [argument] = arguments else { return Err(ValueError::ArgumentCount) };
    if argument.is_empty() {
        return Err(ValueError::Text("No such file or directory"));
    }
    let base = match current {
        Value::Text(base) => Path::new(std::ffi::OsStr::from_bytes(base)),
        _ => Path::new(""),
    };
    let joined = base.join(std::ffi::OsStr::from_bytes(argument));
    Ok(Value::text(normalized(&joined).as_os_str().as_bytes()))
}

/// Removes `.` and, where a parent is known, `..`.
fn normalized(path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if result.file_name().is_some() => {
                result.pop();
            }
            Component::ParentDir if result.has_root() => {}
            component => result.push(component),
        }
    }
    result
}

fn parse_save(arguments: &[Vec<u8>]) -> Result<Value, ValueError> {
    const REFUSED: ValueError = ValueError::Text("Invalid save parameters");
    if !arguments.len().is_multiple_of(2) {
        return Err(REFUSED);
    }
    let mut numbers = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let smallest = if index % 2 == 0 { 1 } else { 0 };
        let number = whole_c_integer(argument).filter(|&number| number >= smallest).ok_or(REFUSED)?;
        numbers.push(number.to_string());
    }
    Ok(Value::text(numbers.join(" ")))
}

fn parse_limits(arguments: &[Vec<u8>], current: &Value) -> Result<Value, ValueError> {
    if !arguments.len().is_multiple_of(4) {
        return Err(ValueError::Text("Wrong number of arguments in buffer limit configuration."));
    }
    let mut limits = match current {
        Value::Limits(limits) => *limits,
        _ => DEFAULT_LIMITS,
    };
    for group in arguments.chunks_exact(4) {
        let class = ClientClass::parse(&group[0])
            .ok_or(ValueError::Text("Invalid client class specified in buffer limit configuration."))?;
        let limit = parse_limit(group)
            .ok_or(ValueError::Text("Error in hard, soft or soft_seconds setting in buffer limit configuration."))?;
        limits[class as usize] = limit;
    }
    Ok(Value::Limits(limits))
}

fn parse_limit(group: &[Vec<u8>]) -> Option<OutputBufferLimit> {
    Some(OutputBufferLimit {
        hard_bytes: memory_size(&group[1])?,
        soft_bytes: memory_size(&group[2])?,
        soft_seconds: u64::try_from(whole_c_integer(&group[3])?).ok()?,
    })
}

fn format_limits(limits: &[OutputBufferLimit; 3]) -> String {
    let groups = ClientClass::ALL.map(|class| {
        let limit = limits[class as usize];
        format!("{} {} {} {}", class.name(), limit.hard_bytes, limit.soft_bytes, limit.soft_seconds)
    });
    groups.join(" ")
}

fn parse_oom_scores(arguments: &[Vec<u8>]) -> Result<Value, ValueError> {
    if arguments.len() != OOM_SCORES {
        return Err(ValueError::ArgumentCount);
    }
    let score = |argument: &Vec<u8>| {
        whole_c_integer(argument).filter(|score| (-OOM_SCORE_LIMIT..=OOM_SCORE_LIMIT).contains(score))
    };
    let scores: Option<Vec<String>> = arguments.iter().map(|text| score(text).map(|s| s.to_string())).collect();
    let refused = ValueError::Text("Invalid oom-score-adj-values, elements must be between -2000 and 2000.");
    Ok(Value::text(scores.ok_or(refused)?.join(" ")))
}

fn parse_events(arguments: &[Vec<u8>]) -> Result<Value, ValueError> {
    let [letters] = arguments else { return Err(ValueError::ArgumentCount) };
    let refused = ValueError::Text("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
    let events = NotifyEvents::parse(letters).ok_or(refused)?;
    Ok(Value::Number(events.0.into()))
}

fn parse_bind(arguments: &[Vec<u8>]) -> Result<Value, ValueError> {
    if arguments.len() > MAX_BIND {
        return Err(ValueError::Text("Too many bind addresses specified."));
    }
    Ok(Value::text(without_single_empty(arguments).join(b" ".as_slice())))
}

fn parse_replica_of(arguments: &[Vec<u8>]) -> Result<Value, ValueError> {
    let [host, port] = arguments else { return Err(ValueError::ArgumentCount) };
    if host.eq_ignore_ascii_case(b"no") && port.eq_ignore_ascii_case(b"one") {
        return Ok(Value::text(""));
    }
    let port = whole_c_integer(port).filter(|port| (0..=65_535).contains(port));
    let port = port.ok_or(ValueError::Text("Invalid master port"))?;
    if host.is_empty() || host.contains(&b' ') {
        // The host could no longer be separated from the port.
        return Err(ValueError::Text("Invalid master host"));
    }
    Ok(Value::text([host.as_slice(), b" ", port.to_string().as_bytes()].concat()))
}

fn parse_percentiles(arguments: &[Vec<u8>]) -> Result<Value, ValueError> {
    let mut percentiles = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let refused = ValueError::Text("Invalid latency-tracking-info-percentiles parameters");
        let percentile = parse_f64(argument).ok_or(refused)?;
        if !(0.0..=100.0).contains(&percentile) {
            let refused = "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]";
            return Err(ValueError::Text(refused));
        }
        let text = format!("{percentile:.6}");
        percentiles.push(text.trim_end_matches('0').trim_end_matches('.').to_string());
    }
    Ok(Value::text(percentiles.join(" ")))
}

/// The pairs in the text of a `save` value.
pub(crate) fn save_points(text: &[u8]) -> Vec<SavePoint> {
    let numbers: Vec<u64> =
        text.split(|&byte| byte == b' ').filter_map(|n| whole_c_integer(n)?.try_into().ok()).collect();
    numbers.chunks_exact(2).map(|pair| SavePoint { seconds: pair[0], changes: pair[1] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_joined() {
        for (base, dir, expected) in [
            ("/var/lib", "./x", "/var/lib/x"),
            ("/var/lib", "../log", "/var/log"),
            ("/a", "/b/", "/b"),
            ("/", "..", "/"),
        ] {
            let value = parse_dir(&[dir.into()], &Value::text(base)).unwrap();
            assert_eq!(value, Value::text(expected), "{base} {dir}");
        }
    }
}
