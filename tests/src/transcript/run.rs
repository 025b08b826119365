//! Plays a transcript against a server and lists every difference.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::format::{Action, Expected, Section, Step, Transcript, parse};
use super::pattern::{Captures, Pattern};
use super::quoting;
use crate::server::{Flavour, Server};
use crate::wire::{Client, Protocol};

/// How long one expected reply may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a connection must be silent to count as silent.
const SILENCE: Duration = Duration::from_millis(100);

/// One thing that was not as written.
#[derive(Debug)]
pub struct Failure {
    /// The file.
    pub file: PathBuf,
    /// Its line, from 1.
    pub line: usize,
    /// In which protocol.
    pub protocol: Protocol,
    /// Expected and got.
    pub what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} [RESP{}] {}", self.file.display(), self.line, self.protocol.number(), self.what)
    }
}

/// Runs a file in every protocol it is for.
#[must_use]
pub fn run_file(file: &Path, binary: &Path) -> Vec<Failure> {
    let fail = |line, protocol, what| Failure { file: file.to_owned(), line, protocol, what };
    let transcript =
        match std::fs::read_to_string(file).map_err(|error| error.to_string()).and_then(|text| parse(&text)) {
            Ok(transcript) => transcript,
            Err(why) => return vec![fail(0, Protocol::Resp2, why)],
        };
    let mut failures = Vec::new();
    for protocol in Protocol::BOTH {
        if transcript.protocol.is_some_and(|only| only != protocol) {
            continue;
        }
        match run(&transcript, binary, protocol) {
            Ok(found) => failures.extend(found.into_iter().map(|(line, what)| fail(line, protocol, what))),
            Err(why) => failures.push(fail(0, protocol, why)),
        }
    }
    failures
}

fn run(transcript: &Transcript, binary: &Path, protocol: Protocol) -> Result<Vec<(usize, String)>, String> {
    let mut server = Server::start(binary, &transcript.arguments)?;
    let flavour = section_flavour(&server, transcript);
    let mut failures = Vec::new();
    for section in &transcript.sections {
        if !section.only.is_empty() && !section.only.iter().any(|name| name == flavour.name()) {
            continue;
        }
        if !server.is_running() {
            server = Server::start(binary, &transcript.arguments)?;
        }
        failures.extend(play_section(&server, section, protocol));
        if !server.is_running() && !ends_the_server(section) {
            failures.push((first_line(section), format!("the server died in `{}`:\n{}", section.title, server.log())));
        }
    }
    Ok(failures)
}

/// INFO may be out of reach behind `requirepass`; the name of an option then has to say it.
fn section_flavour(server: &Server, transcript: &Transcript) -> Flavour {
    let password = transcript.arguments.iter().position(|word| word == "--requirepass");
    let password = password.and_then(|index| transcript.arguments.get(index + 1));
    let Some(password) = password else { return server.flavour().unwrap_or(Flavour::Redstart) };
    Client::connect(server.address())
        .and_then(|mut client| {
            client.command(&["AUTH", password])?;
            client.command(&["INFO", "server"])
        })
        .ok()
        .and_then(|info| crate::server::flavour_of(&info).ok())
        .unwrap_or(Flavour::Redstart)
}

fn first_line(section: &Section) -> usize {
    section.steps.first().map_or(0, |step| step.line)
}

fn ends_the_server(section: &Section) -> bool {
    section.steps.iter().any(|step| matches!(&step.action, Action::Send(text) if text.starts_with("SHUTDOWN")))
}

fn play_section(server: &Server, section: &Section, protocol: Protocol) -> Vec<(usize, String)> {
    if let Err(error) = Client::connect(server.address()).and_then(|mut client| client.command(&["FLUSHALL"])) {
        return vec![(first_line(section), format!("FLUSHALL before `{}`: {error}", section.title))];
    }
    let mut stage = Stage { server, protocol, connections: HashMap::new(), captures: Captures::new(), sent: None };
    let mut failures = Vec::new();
    for (index, step) in section.steps.iter().enumerate() {
        match stage.play(step, &section.steps[index + 1..]) {
            Ok(()) => {}
            Err(Trouble::Differs(what)) => failures.push((step.line, what)),
            Err(Trouble::Lost(what)) => {
                failures.push((step.line, what));
                return failures;
            }
        }
    }
    failures.extend(stage.unread().map(|what| (section.steps.last().map_or(0, |step| step.line), what)));
    failures
}

/// What went wrong in a step: a difference (the section goes on) or a connection one can no longer speak on.
enum Trouble {
    Differs(String),
    Lost(String),
}

/// A section while it is played.
pub(super) struct Stage<'a> {
    pub(super) server: &'a Server,
    pub(super) protocol: Protocol,
    pub(super) connections: HashMap<String, (Client, usize)>,
    pub(super) captures: Captures,
    /// The command sent last, for messages.
    sent: Option<String>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(server: &'a Server, protocol: Protocol) -> Stage<'a> {
        Stage { server, protocol, connections: HashMap::new(), captures: Captures::new(), sent: None }
    }

    /// The connection of that name, opened when first named, and its count of replies not read yet.
    pub(super) fn connection(&mut self, name: &str) -> io::Result<&mut (Client, usize)> {
        if !self.connections.contains_key(name) {
            let mut client = Client::connect_as(self.server.address(), self.protocol)?;
            client.set_timeout(PATIENCE);
            self.connections.insert(name.to_owned(), (client, 0));
        }
        self.connections.get_mut(name).ok_or_else(|| io::Error::other("just inserted"))
    }

    fn play(&mut self, step: &Step, following: &[Step]) -> Result<(), Trouble> {
        let lost = |error: io::Error| Trouble::Lost(error.to_string());
        match &step.action {
            Action::Sleep(milliseconds) => std::thread::sleep(Duration::from_millis(*milliseconds)),
            Action::Send(text) => self.send(&step.connection, text).map_err(lost)?,
            Action::Raw(bytes) => {
                self.sent = Some(crate::value::quote(bytes));
                self.connection(&step.connection).and_then(|(client, _)| client.send_raw(bytes)).map_err(lost)?;
            }
            Action::Until(text) => self.until(text, following).map_err(lost)?,
            Action::Expect(only, expected) if only.is_none_or(|only| only == self.protocol) => {
                self.expect(&step.connection, expected)?;
            }
            Action::Expect(..) => {}
        }
        Ok(())
    }

    pub(super) fn send(&mut self, name: &str, text: &str) -> io::Result<()> {
        let arguments: Vec<Vec<u8>> = quoting::split(text)
            .map_err(io::Error::other)?
            .iter()
            .map(|argument| substitute(argument, &self.captures))
            .collect();
        self.sent = Some(text.to_owned());
        let (client, unread) = self.connection(name)?;
        client.send(&arguments)?;
        *unread += 1;
        Ok(())
    }

    /// Asks until the expectation that follows holds; the reply itself is then read by that step.
    pub(super) fn until(&mut self, text: &str, following: &[Step]) -> io::Result<()> {
        let patterns: Vec<&Pattern> = following
            .iter()
            .map_while(|step| match &step.action {
                Action::Expect(only, Expected::Reply(pattern, _)) => Some((only, pattern)),
                _ => None,
            })
            .filter(|(only, _)| only.is_none_or(|only| only == self.protocol))
            .map(|(_, pattern)| pattern)
            .collect();
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            self.send("", text)?;
            let protocol = self.protocol;
            let (client, unread) = self.connection("")?;
            let reply = client.receive()?;
            *unread -= 1;
            if patterns.first().is_some_and(|pattern| pattern.matches(&reply, protocol, &mut Captures::new())) {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.send("", text)
    }

    fn expect(&mut self, name: &str, expected: &Expected) -> Result<(), Trouble> {
        let sent = self.sent.clone().unwrap_or_default();
        let protocol = self.protocol;
        let mut captures = std::mem::take(&mut self.captures);
        let (client, unread) = self.connection(name).map_err(|error| Trouble::Lost(error.to_string()))?;
        *unread = unread.saturating_sub(1);
        let outcome = match expected {
            Expected::Closed if client.is_closed() => Ok(()),
            Expected::Closed => Err(Trouble::Lost(format!("{sent}: expected a closed connection; it is open"))),
            Expected::Silent if client.is_silent_for(SILENCE) => Ok(()),
            Expected::Silent => Err(Trouble::Lost(format!("{sent}: expected silence"))),
            Expected::Reply(pattern, written) => match client.receive() {
                Ok(reply) if pattern.matches(&reply, protocol, &mut captures) => Ok(()),
                Ok(reply) => Err(Trouble::Differs(format!("{sent}\n    expected {written}\n    got      {reply}"))),
                Err(error) => Err(Trouble::Lost(format!("{sent}\n    expected {written}\n    got      {error}"))),
            },
        };
        self.captures = captures;
        outcome
    }

    /// A command whose reply nobody looked at is a hole in the transcript.
    fn unread(&self) -> Option<String> {
        self.connections
            .iter()
            .find(|(_, (_, unread))| *unread > 0)
            .map(|(name, (_, unread))| format!("{unread} replies of connection `{name}` are not expected by any line"))
    }
}

/// Puts remembered texts in place of `%{name}`.
fn substitute(argument: &[u8], captures: &Captures) -> Vec<u8> {
    let mut text = argument.to_vec();
    for (name, value) in captures {
        let marker = format!("%{{{name}}}").into_bytes();
        while let Some(at) = text.windows(marker.len()).position(|window| window == marker) {
            text.splice(at..at + marker.len(), value.iter().copied());
        }
    }
    text
}
