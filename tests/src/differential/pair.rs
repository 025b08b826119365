//! Two servers that receive the same stream.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use super::Generated;
use super::compare::{Reply, same};
use super::exceptions::Exceptions;
use super::state;
use crate::server::{Flavour, Server};
use crate::value::{Value, quote_command};
use crate::wire::{Client, Protocol};

/// Commands sent in one write.
const BATCH: usize = 200;

/// What streams set: put back before each, so that a shrunk stream does not live on what another one set.
const SETTINGS: [&str; 3] = ["list-max-listpack-size", "list-compress-depth", "hll-sparse-max-bytes"];

/// The first difference in a stream.
#[derive(Debug)]
pub struct Difference {
    /// The command it shows at; the stream's length when only the final state differs.
    pub index: usize,
    /// Both replies, in words.
    pub what: String,
}

/// One of the two.
struct Side {
    binary: PathBuf,
    arguments: Vec<String>,
    server: Server,
    client: Client,
    flavour: Flavour,
    known: HashMap<String, bool>,
    /// `CONFIG SET` and what [`SETTINGS`] were at the start; empty where it knows none of them.
    settings: Vec<String>,
}

impl Side {
    fn start(binary: &Path, arguments: &[String], protocol: Protocol) -> Result<Side, String> {
        let server = Server::start(binary, arguments)?;
        let flavour = server.flavour()?;
        let mut client = Client::connect_as(server.address(), protocol).map_err(|error| error.to_string())?;
        let settings = settings(&mut client).map_err(|error| error.to_string())?;
        Ok(Side {
            binary: binary.to_owned(),
            arguments: arguments.to_vec(),
            server,
            client,
            flavour,
            known: HashMap::new(),
            settings,
        })
    }

    /// An empty keyspace, and a server again if the last stream ended it.
    fn reset(&mut self, protocol: Protocol) -> Result<(), String> {
        if !self.server.is_running() {
            *self = Side::start(&self.binary, &self.arguments, protocol)?;
        }
        let address = self.server.address();
        let renew = || -> io::Result<Client> {
            let mut client = Client::connect_as(address, protocol)?;
            client.command(&["FLUSHALL"])?;
            forget_users(&mut client)?;
            if !self.settings.is_empty() {
                let arguments: Vec<&str> = self.settings.iter().map(String::as_str).collect();
                client.command(&arguments)?;
            }
            Ok(client)
        };
        self.client = renew().map_err(|error| format!("{}: {error}", self.flavour.name()))?;
        Ok(())
    }

    fn knows(&mut self, name: &str) -> bool {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let known = match self.client.command(&["COMMAND", "INFO", name]) {
            // A server without COMMAND is asked the command itself; none of a family does harm without arguments.
            Ok(Value::Error(_)) => match self.client.command(&[name]) {
                Ok(reply) => !reply.text_lossy().starts_with("-ERR unknown command"),
                Err(_) => false,
            },
            Ok(reply) => reply.elements().is_some_and(|items| items[0].elements().is_some()),
            Err(_) => false,
        };
        self.known.insert(name.to_owned(), known);
        known
    }
}

/// Removes all users but the default one, where the server has users.
fn forget_users(client: &mut Client) -> io::Result<()> {
    let users = client.command(&["ACL", "USERS"])?;
    for user in users.elements().unwrap_or_default().iter().map(Value::text_lossy) {
        client.command(&["ACL", "DELUSER", &user])?;
    }
    Ok(())
}

/// The server under test and a peer.
pub struct Pair {
    left: Side,
    right: Side,
    protocol: Protocol,
    exceptions: Exceptions,
}

impl Pair {
    /// Starts both with the same arguments.
    ///
    /// # Errors
    /// When one does not start.
    pub fn start(left: &Path, right: &Path, arguments: &[String], protocol: Protocol) -> Result<Pair, String> {
        Ok(Pair {
            left: Side::start(left, arguments, protocol)?,
            right: Side::start(right, arguments, protocol)?,
            protocol,
            exceptions: Exceptions::read()?,
        })
    }

    fn flavours(&self) -> [Flavour; 2] {
        [self.left.flavour, self.right.flavour]
    }

    /// Names for messages.
    #[must_use]
    pub fn names(&self) -> String {
        format!("{} and {}", self.left.flavour.name(), self.right.flavour.name())
    }

    /// The part of a stream that both can be asked, and the names of commands left out because one does not know them.
    pub fn fitting(&mut self, stream: Vec<Generated>) -> (Vec<Generated>, Vec<String>) {
        let flavours = self.flavours();
        let mut unknown = Vec::new();
        let fitting = stream
            .into_iter()
            .filter(|command| {
                let name = String::from_utf8_lossy(&command.arguments[0]).to_lowercase();
                let known = self.left.knows(&name) && self.right.knows(&name);
                if !known && !unknown.contains(&name) {
                    unknown.push(name);
                }
                known && !self.exceptions.skips(flavours, &quote_command(&command.arguments))
            })
            .collect();
        (fitting, unknown)
    }

    /// Plays a stream from an empty keyspace.
    ///
    /// # Errors
    /// When a server cannot be brought up again.
    pub fn play(&mut self, stream: &[Generated]) -> Result<Option<Difference>, String> {
        self.left.reset(self.protocol)?;
        self.right.reset(self.protocol)?;
        for (batch_index, batch) in stream.chunks(BATCH).enumerate() {
            let commands: Vec<Vec<Vec<u8>>> = batch.iter().map(|command| command.arguments.clone()).collect();
            let left = replies(&mut self.left.client, &commands);
            let right = replies(&mut self.right.client, &commands);
            for (index, command) in batch.iter().enumerate() {
                if let Some(what) = self.differs(command, &left[index], &right[index]) {
                    return Ok(Some(Difference { index: batch_index * BATCH + index, what }));
                }
            }
        }
        Ok(self.compare_states().map(|what| Difference { index: stream.len(), what }))
    }

    fn differs(&self, command: &Generated, left: &Answer, right: &Answer) -> Option<String> {
        let text = quote_command(&command.arguments);
        match (left, right) {
            (Ok(left), Ok(right)) if same(command.reply, left, right) => None,
            (Ok(left), Ok(right)) => {
                let known = self.exceptions.excuses_reply(self.flavours(), &format!("{text} => {left} <> {right}"));
                (!known).then(|| self.describe(&left.to_string(), &right.to_string()))
            }
            (left, right) => {
                let word = |answer: &Answer| answer.as_ref().map_or_else(Clone::clone, ToString::to_string);
                Some(self.describe(&word(left), &word(right)))
            }
        }
    }

    fn describe(&self, left: &str, right: &str) -> String {
        format!("{:>8}: {left}\n{:>8}: {right}", self.left.flavour.name(), self.right.flavour.name())
    }

    fn compare_states(&mut self) -> Option<String> {
        let read = |side: &mut Side| {
            state::read(&mut side.client).map_err(|error| format!("{} after the stream: {error}", side.flavour.name()))
        };
        let (left, right) = match (read(&mut self.left), read(&mut self.right)) {
            (Ok(left), Ok(right)) => (left, right),
            (Err(why), _) | (_, Err(why)) => return Some(why),
        };
        let nothing = (Value::Null, Reply::Exact);
        left.keys().chain(right.keys()).find_map(|what| {
            let (one, how) = left.get(what).unwrap_or(&nothing);
            let (other, _) = right.get(what).unwrap_or(&nothing);
            let difference = format!("{what} => {one} <> {other}");
            let excused = || self.exceptions.excuses_state(self.flavours(), &difference);
            (!same(*how, one, other) && !excused())
                .then(|| format!("final state, {what}:\n{}", self.describe(&one.to_string(), &other.to_string())))
        })
    }
}

fn settings(client: &mut Client) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for name in SETTINGS {
        let reply = client.command(&["CONFIG", "GET", name])?;
        found.extend(reply.elements().unwrap_or_default().iter().map(Value::text_lossy));
    }
    if !found.is_empty() {
        found.splice(0..0, ["CONFIG".to_owned(), "SET".to_owned()]);
    }
    Ok(found)
}

type Answer = Result<Value, String>;

/// An answer for every command; once the connection is lost, the reason.
fn replies(client: &mut Client, commands: &[Vec<Vec<u8>>]) -> Vec<Answer> {
    let bytes: Vec<u8> = commands.iter().flat_map(|arguments| crate::wire::encode(arguments)).collect();
    let mut lost = client.send_raw(&bytes).err().map(|error| error.to_string());
    commands
        .iter()
        .map(|_| match &lost {
            Some(why) => Err(why.clone()),
            None => client.receive().map_err(|error| {
                lost = Some(error.to_string());
                error.to_string()
            }),
        })
        .collect()
}
