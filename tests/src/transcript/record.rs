//! Writes the replies of a running server below the commands that have no expectation yet.
//!
//! A writing aid: what it records is what a server said, which a person then has to find right.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::format::{Action, Expected, Section, parse};
use super::pattern::{Captures, Pattern};
use super::run::Stage;
use crate::server::Server;
use crate::value::Value;
use crate::wire::{Client, Protocol};

/// How long a reply may take while recording.
const PATIENCE: Duration = Duration::from_millis(300);

/// Replies by the line of the command they answer.
type Replies = BTreeMap<usize, Vec<Seen>>;

#[derive(Debug, Clone, PartialEq)]
enum Seen {
    Reply(Value),
    Closed,
    Silent,
}

/// Completes the file against `binary`; returns how many lines were written.
///
/// # Errors
/// When the file or the server cannot be used.
pub fn record_file(file: &Path, binary: &Path) -> Result<usize, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let transcript = parse(&text)?;
    let mut seen = Vec::new();
    for protocol in Protocol::BOTH {
        if transcript.protocol.is_some_and(|only| only != protocol) {
            continue;
        }
        let server = Server::start(binary, &transcript.arguments)?;
        let name = server.flavour().map_or("redis", |flavour| flavour.name());
        let mut replies = Replies::new();
        for section in &transcript.sections {
            if section.only.is_empty() || section.only.iter().any(|only| only == name) {
                record_section(&server, section, protocol, &mut replies).map_err(|error| error.to_string())?;
            }
        }
        seen.push(replies);
    }
    let (written, count) = merge(&text, &seen);
    if count > 0 {
        std::fs::write(file, written).map_err(|error| error.to_string())?;
    }
    Ok(count)
}

fn record_section(server: &Server, section: &Section, protocol: Protocol, replies: &mut Replies) -> io::Result<()> {
    Client::connect(server.address())?.command(&["FLUSHALL"])?;
    let mut stage = Stage::new(server, protocol);
    for (index, step) in section.steps.iter().enumerate() {
        let expected_next = section
            .steps
            .get(index + 1)
            .is_some_and(|next| next.connection == step.connection && matches!(next.action, Action::Expect(..)));
        match &step.action {
            Action::Sleep(milliseconds) => std::thread::sleep(Duration::from_millis(*milliseconds)),
            Action::Until(text) => stage.until(text, &section.steps[index + 1..])?,
            Action::Send(text) => {
                stage.send(&step.connection, text)?;
                if !expected_next {
                    let seen = look(&mut stage.connection(&step.connection)?.0)?;
                    replies.entry(step.line).or_default().push(seen);
                }
            }
            Action::Raw(bytes) => {
                let (client, _) = stage.connection(&step.connection)?;
                client.send_raw(bytes)?;
                if !expected_next {
                    replies.insert(step.line, look_until_quiet(client)?);
                }
            }
            Action::Expect(only, expected) if only.is_none_or(|only| only == protocol) => {
                read_expected(&mut stage, &step.connection, expected)?;
            }
            Action::Expect(..) => {}
        }
    }
    Ok(())
}

fn read_expected(stage: &mut Stage<'_>, name: &str, expected: &Expected) -> io::Result<()> {
    let protocol = stage.protocol;
    let mut captures = std::mem::take(&mut stage.captures);
    let (client, _) = stage.connection(name)?;
    if let (Expected::Reply(pattern, _), Seen::Reply(reply)) = (expected, look(client)?) {
        pattern.matches(&reply, protocol, &mut captures);
    }
    stage.captures = captures;
    Ok(())
}

/// Raw bytes may be any number of commands; silence ends the list and is only noted when it is all there is.
fn look_until_quiet(client: &mut Client) -> io::Result<Vec<Seen>> {
    let mut all = Vec::new();
    loop {
        match look(client)? {
            Seen::Silent if !all.is_empty() => return Ok(all),
            Seen::Reply(value) => all.push(Seen::Reply(value)),
            end => {
                all.push(end);
                return Ok(all);
            }
        }
    }
}

fn look(client: &mut Client) -> io::Result<Seen> {
    client.set_timeout(PATIENCE);
    match client.receive() {
        Ok(reply) => Ok(Seen::Reply(reply)),
        Err(error) if error.kind() == io::ErrorKind::TimedOut => Ok(Seen::Silent),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(error),
        Err(_) => Ok(Seen::Closed),
    }
}

fn merge(text: &str, seen: &[Replies]) -> (String, usize) {
    let mut written = String::new();
    let mut count = 0;
    for (index, line) in text.lines().enumerate() {
        written.push_str(line);
        written.push('\n');
        let name: String = line.chars().take_while(char::is_ascii_lowercase).collect();
        let name = if name == "until" { String::new() } else { name };
        for expectation in expectations(seen, index + 1) {
            written.push_str(&format!("{name}{expectation}\n"));
            count += 1;
        }
    }
    (written, count)
}

/// One line for both protocols where RESP3's reply, taken as a pattern, also describes RESP2's.
fn expectations(seen: &[Replies], line: usize) -> Vec<String> {
    let lists: Vec<&Vec<Seen>> = seen.iter().filter_map(|replies| replies.get(&line)).collect();
    match lists.as_slice() {
        [only] => only.iter().map(|seen| format!("< {}", notation(seen))).collect(),
        [two, three] if two.len() == three.len() && two.iter().zip(*three).all(|(two, three)| alike(two, three)) => {
            // RESP3 has one null; which of RESP2's it stands for only RESP2's reply tells.
            two.iter()
                .zip(*three)
                .map(|(two, three)| match two {
                    Seen::Reply(Value::NullArray) => "< (nil-array)".to_owned(),
                    _ => format!("< {}", notation(three)),
                })
                .collect()
        }
        [two, three] => {
            let two = two.iter().map(|seen| format!("2< {}", notation(seen)));
            two.chain(three.iter().map(|seen| format!("3< {}", notation(seen)))).collect()
        }
        _ => Vec::new(),
    }
}

fn alike(two: &Seen, three: &Seen) -> bool {
    match (two, three) {
        (Seen::Reply(Value::NullArray), Seen::Reply(Value::Null)) => true,
        (Seen::Reply(two), Seen::Reply(three)) => Pattern::parse(&three.to_string())
            .is_ok_and(|pattern| pattern.matches(two, Protocol::Resp2, &mut Captures::new())),
        _ => two == three,
    }
}

fn notation(seen: &Seen) -> String {
    match seen {
        Seen::Reply(value) => value.to_string(),
        Seen::Closed => "(closed)".to_owned(),
        Seen::Silent => "(silent)".to_owned(),
    }
}
