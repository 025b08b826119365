//! Redis and Valkey as `scripts/peers` finds or builds them.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::server::{Flavour, root};

/// A server to compare with.
#[derive(Debug, Clone)]
pub struct Peer {
    /// Whose.
    pub flavour: Flavour,
    /// As it names itself.
    pub version: String,
    /// The server's program.
    pub binary: PathBuf,
    /// Its sources, with its own test suite; absent when the distribution's package stands in.
    pub sources: Option<PathBuf>,
}

/// All peers there are. Redis is always among them.
///
/// # Panics
/// When not even Redis can be had: a comparison with nothing must not pass.
#[must_use]
pub fn peers() -> &'static [Peer] {
    static PEERS: OnceLock<Vec<Peer>> = OnceLock::new();
    PEERS.get_or_init(|| {
        let output = Command::new(root().join("scripts/peers"))
            .stderr(Stdio::inherit())
            .output()
            .unwrap_or_else(|error| panic!("scripts/peers: {error}"));
        let found: Vec<Peer> = String::from_utf8_lossy(&output.stdout).lines().filter_map(parse).collect();
        assert!(
            found.iter().any(|peer| peer.flavour == Flavour::Redis),
            "scripts/peers found no Redis ({}); run it by hand to see why",
            output.status
        );
        found
    })
}

/// The peer of that flavour, if there is one.
#[must_use]
pub fn peer(flavour: Flavour) -> Option<&'static Peer> {
    peers().iter().find(|peer| peer.flavour == flavour)
}

fn parse(line: &str) -> Option<Peer> {
    let mut words = line.split(' ');
    let flavour = match words.next()? {
        "redis" => Flavour::Redis,
        "valkey" => Flavour::Valkey,
        _ => return None,
    };
    let version = words.next()?.to_owned();
    let binary = PathBuf::from(words.next()?);
    let sources = words.next().filter(|folder| *folder != "-").map(PathBuf::from);
    Some(Peer { flavour, version, binary, sources })
}
