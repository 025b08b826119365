//! `tests/differential/exceptions.txt`: differences that are known, each with its reason.

use regex::Regex;

use crate::server::{Flavour, root};

/// One line of the file.
#[derive(Debug)]
struct Exception {
    flavour: Flavour,
    kind: Kind,
    pattern: Regex,
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// The command is not sent in a pair with that server.
    Skip,
    /// `COMMAND => LEFT <> RIGHT` may be.
    Reply,
    /// `dbN KEY WHAT => LEFT <> RIGHT` may be.
    State,
    /// `NAME: FIELD LEFT <> RIGHT` of COMMAND INFO may be.
    Metadata,
}

/// All of them.
#[derive(Debug, Default)]
pub struct Exceptions(Vec<Exception>);

impl Exceptions {
    /// Reads the file of the repository.
    ///
    /// # Errors
    /// `LINE: what is wrong`.
    pub fn read() -> Result<Exceptions, String> {
        let path = root().join("tests/differential/exceptions.txt");
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        text.lines()
            .enumerate()
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .map(|(index, line)| parse(line).map_err(|why| format!("exceptions.txt:{}: {why}", index + 1)))
            .collect::<Result<Vec<_>, _>>()
            .map(Exceptions)
    }

    fn any(&self, kind: &Kind, flavours: [Flavour; 2], text: &str) -> bool {
        self.0.iter().any(|exception| {
            exception.kind == *kind && flavours.contains(&exception.flavour) && exception.pattern.is_match(text)
        })
    }

    /// Whether the command is left out of such a pair.
    #[must_use]
    pub fn skips(&self, flavours: [Flavour; 2], command: &str) -> bool {
        self.any(&Kind::Skip, flavours, command)
    }

    /// Whether a difference of replies is known.
    #[must_use]
    pub fn excuses_reply(&self, flavours: [Flavour; 2], difference: &str) -> bool {
        self.any(&Kind::Reply, flavours, difference)
    }

    /// Whether a difference of state is known.
    #[must_use]
    pub fn excuses_state(&self, flavours: [Flavour; 2], difference: &str) -> bool {
        self.any(&Kind::State, flavours, difference)
    }
}

impl Exceptions {
    /// Whether a difference of COMMAND INFO is known.
    #[must_use]
    pub fn excuses_metadata(&self, flavours: [Flavour; 2], difference: &str) -> bool {
        self.any(&Kind::Metadata, flavours, difference)
    }
}

fn parse(line: &str) -> Result<Exception, String> {
    let (rule, reason) = line.split_once(" :: ").ok_or("a line is `WHO KIND REGEX :: reason`")?;
    if reason.trim().len() < 10 {
        return Err("the reason says nothing".to_owned());
    }
    let mut words = rule.splitn(3, ' ');
    let flavour = match words.next() {
        Some("redis") => Flavour::Redis,
        Some("valkey") => Flavour::Valkey,
        _ => return Err("a line begins with redis or valkey".to_owned()),
    };
    let kind = match words.next() {
        Some("skip") => Kind::Skip,
        Some("reply") => Kind::Reply,
        Some("state") => Kind::State,
        Some("metadata") => Kind::Metadata,
        _ => return Err("the second word is skip, reply, state or metadata".to_owned()),
    };
    let pattern = Regex::new(words.next().unwrap_or_default().trim()).map_err(|error| error.to_string())?;
    Ok(Exception { flavour, kind, pattern })
}
