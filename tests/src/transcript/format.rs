//! Reads a transcript file into sections of steps.

use super::pattern::Pattern;
use super::quoting;
use crate::wire::Protocol;

/// A whole file.
#[derive(Debug, Default)]
pub struct Transcript {
    /// Server arguments.
    pub arguments: Vec<String>,
    /// Set when the file runs in that protocol alone.
    pub protocol: Option<Protocol>,
    /// In order.
    pub sections: Vec<Section>,
}

/// Steps that share a keyspace and connections.
#[derive(Debug, Default)]
pub struct Section {
    /// What it shows.
    pub title: String,
    /// Servers it is for; empty: all.
    pub only: Vec<String>,
    /// In order.
    pub steps: Vec<Step>,
}

/// One line.
#[derive(Debug)]
pub struct Step {
    /// In the file, from 1.
    pub line: usize,
    /// The connection's name; empty: the first one.
    pub connection: String,
    /// What to do.
    pub action: Action,
}

/// What a line asks for.
#[derive(Debug)]
pub enum Action {
    /// A command to send, as written.
    Send(String),
    /// A command to repeat until its expectation holds.
    Until(String),
    /// Bytes to send.
    Raw(Vec<u8>),
    /// A reply to read; for one protocol or both.
    Expect(Option<Protocol>, Expected),
    /// A pause in milliseconds.
    Sleep(u64),
}

/// What is to come.
#[derive(Debug, Clone)]
pub enum Expected {
    /// A reply like this, and as it is written.
    Reply(Pattern, String),
    /// The end of the connection.
    Closed,
    /// Nothing.
    Silent,
}

/// Parses a file.
///
/// # Errors
/// `LINE: what is wrong`.
pub fn parse(text: &str) -> Result<Transcript, String> {
    let mut transcript = Transcript::default();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        let mut line = line.to_owned();
        // An expectation with open brackets goes on in the lines that follow.
        while is_expectation(&line) && open_brackets(&line) {
            let Some((_, next)) = lines.next() else { return Err(format!("{}: brackets are not closed", index + 1)) };
            line.push(' ');
            line.push_str(next.trim());
        }
        parse_line(&mut transcript, index + 1, line.trim_end()).map_err(|why| format!("{}: {why}", index + 1))?;
    }
    Ok(transcript)
}

fn parse_line(transcript: &mut Transcript, number: usize, line: &str) -> Result<(), String> {
    if line.is_empty() || line.starts_with('#') {
        return Ok(());
    }
    if let Some(title) = line.strip_prefix("==") {
        transcript.sections.push(Section { title: title.trim().to_owned(), ..Section::default() });
        return Ok(());
    }
    if let Some((name, value)) = directive(line) {
        return set(transcript, number, name, value.trim());
    }
    let step = parse_step(number, line)?;
    transcript.sections.last_mut().ok_or("a step before the first `== section`")?.steps.push(step);
    Ok(())
}

fn directive(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    ["args", "protocol", "only", "sleep"].contains(&name).then_some((name, value))
}

fn set(transcript: &mut Transcript, number: usize, name: &str, value: &str) -> Result<(), String> {
    let words = || quoting::split(value).map(|words| words.iter().map(|word| lossy(word)).collect::<Vec<_>>());
    match (name, transcript.sections.last_mut()) {
        ("args", None) => transcript.arguments = words()?,
        ("protocol", None) => {
            transcript.protocol = match value {
                "2" => Some(Protocol::Resp2),
                "3" => Some(Protocol::Resp3),
                _ => return Err("protocol: 2 or 3".to_owned()),
            }
        }
        ("only", Some(section)) if section.steps.is_empty() => section.only = words()?,
        ("sleep", Some(section)) => {
            let milliseconds = value.parse().map_err(|_| "sleep: wants milliseconds")?;
            section.steps.push(Step { line: number, connection: String::new(), action: Action::Sleep(milliseconds) });
        }
        _ => return Err(format!("{name}: does not belong here")),
    }
    Ok(())
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// `name`, `2` or `3`, `>` or `>>` or `<`, and the rest.
fn split_prefix(line: &str) -> Option<(&str, Option<Protocol>, &str, &str)> {
    let name_end = line.find(|character: char| !character.is_ascii_lowercase())?;
    let (name, rest) = line.split_at(name_end);
    let (protocol, rest) = match rest.as_bytes()[0] {
        b'2' => (Some(Protocol::Resp2), &rest[1..]),
        b'3' => (Some(Protocol::Resp3), &rest[1..]),
        _ => (None, rest),
    };
    let arrow = [">>", ">", "<"].into_iter().find(|arrow| rest.starts_with(arrow))?;
    let rest = &rest[arrow.len()..];
    (rest.is_empty() || rest.starts_with(' ')).then(|| (name, protocol, arrow, rest.trim_start()))
}

fn is_expectation(line: &str) -> bool {
    matches!(split_prefix(line), Some((_, _, "<", _)))
}

/// Brackets inside quotes do not count; texts that run to the end of the line have none.
fn open_brackets(line: &str) -> bool {
    let Some((_, _, _, text)) = split_prefix(line) else { return false };
    if text.starts_with(['+', '-']) || (text.starts_with('~') && !text.starts_with("~[")) {
        return false;
    }
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    for character in text.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth -= 1,
            _ => {}
        }
    }
    depth > 0
}

fn parse_step(line: usize, text: &str) -> Result<Step, String> {
    let (name, protocol, arrow, rest) =
        split_prefix(text).ok_or("neither `>`, `>>`, `<`, a directive nor a comment")?;
    let action = match (arrow, name) {
        ("<", _) => Action::Expect(protocol, parse_expected(rest)?),
        (">", "until") => Action::Until(rest.to_owned()),
        (">", _) => {
            quoting::split(rest)?;
            Action::Send(rest.to_owned())
        }
        _ => {
            let bytes = quoting::split(rest)?.concat();
            Action::Raw(bytes)
        }
    };
    let connection = if name == "until" { String::new() } else { name.to_owned() };
    if protocol.is_some() && arrow != "<" {
        return Err("only expectations may be for one protocol".to_owned());
    }
    Ok(Step { line, connection, action })
}

fn parse_expected(text: &str) -> Result<Expected, String> {
    match text {
        "(closed)" => Ok(Expected::Closed),
        "(silent)" => Ok(Expected::Silent),
        _ => Ok(Expected::Reply(Pattern::parse(text)?, text.to_owned())),
    }
}
