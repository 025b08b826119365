//! What COMMAND INFO says of every command two servers share: arity, flags, categories, key positions and specs, which
//! routers, ACLs and client libraries build on.

use std::io;

use crate::value::Value;
use crate::wire::Client;

/// Differences, one line each: `NAME: FIELD LEFT <> RIGHT`; subcommands by `name|subcommand`.
///
/// # Errors
/// What a connection says.
pub fn differences(left: &mut Client, right: &mut Client) -> io::Result<Vec<String>> {
    let mut all = Vec::new();
    let names = left.command(&["COMMAND", "LIST"])?.elements().unwrap_or_default();
    // Subcommands are compared within their command.
    let mut names: Vec<String> = names.iter().map(Value::text_lossy).filter(|name| !name.contains('|')).collect();
    names.sort();
    for name in names {
        let ask = |client: &mut Client| client.command(&["COMMAND", "INFO", &name]);
        let (one, other) = (ask(left)?, ask(right)?);
        if let (Some(one), Some(other)) = (first_entry(&one), first_entry(&other)) {
            compare(&one, &other, &mut all);
        }
    }
    Ok(all)
}

/// The fields of COMMAND INFO's entries, in their order.
const FIELDS: [&str; 9] =
    ["name", "arity", "flags", "first key", "last key", "step", "ACL categories", "tips", "key specs"];

fn first_entry(reply: &Value) -> Option<Vec<Value>> {
    reply.elements()?.first()?.elements()
}

fn compare(one: &[Value], other: &[Value], all: &mut Vec<String>) {
    let name = one.first().map(Value::text_lossy).unwrap_or_default();
    for (index, field) in FIELDS.iter().enumerate() {
        let (left, right) = (one.get(index).map(ordered), other.get(index).map(ordered));
        if left != right {
            let show = |value: Option<String>| value.unwrap_or_else(|| "(missing)".to_owned());
            all.push(format!("{name}: {field} {} <> {}", show(left), show(right)));
        }
    }
    // The last field holds the subcommands, in no order.
    let subcommands = |entry: &[Value]| entry.get(9).and_then(Value::elements).unwrap_or_default();
    let rest = subcommands(other);
    for subcommand in subcommands(one).iter().filter_map(Value::elements) {
        let twin = rest.iter().filter_map(Value::elements).find(|twin| twin.first() == subcommand.first());
        if let Some(twin) = twin {
            compare(&subcommand, &twin, all);
        }
    }
}

/// Its notation with sets in one order and without the notes, which are prose.
fn ordered(value: &Value) -> String {
    let mut parts = match value {
        Value::Map(pairs) => pairs
            .iter()
            .filter(|(key, _)| key.text_lossy() != "notes")
            .map(|(key, value)| format!("{key}: {}", ordered(value)))
            .collect(),
        other => match other.elements() {
            Some(items) => items.iter().map(ordered).collect::<Vec<_>>(),
            None => return other.to_string(),
        },
    };
    if matches!(value, Value::Set(_)) {
        parts.sort();
    }
    format!("[{}]", parts.join(" "))
}
