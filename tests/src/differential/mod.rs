//! Differential runs: one seeded stream of commands, two servers, every reply and the final state compared.
//!
//! A family of commands is one file of [`families`]: rules in a small grammar ([`grammar`]), each with the way its
//! replies are compared ([`compare`]). What a server does not know by `COMMAND INFO` is left out of its pair's stream;
//! reasoned differences stand in `tests/differential/exceptions.txt` ([`exceptions`]). A failure is shrunk and
//! printed with its seed ([`shrink`]).

pub mod alphabet;
pub mod compare;
pub mod exceptions;
pub mod families;
pub mod grammar;
pub mod metadata;
pub mod pair;
pub mod random;
pub mod shrink;
pub mod state;

use compare::Reply;

/// One kind of command: how often, how compared, and its grammar.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Relative to the other rules of all families.
    pub weight: u32,
    /// How the replies of two servers are compared.
    pub reply: Reply,
    /// See [`grammar`].
    pub syntax: &'static str,
}

/// Rules that belong together.
#[derive(Debug, Clone, Copy)]
pub struct Family {
    /// For messages and `REDSTART_DIFF_FAMILIES`.
    pub name: &'static str,
    /// What it may send.
    pub rules: &'static [Rule],
}

/// A rule whose replies must be the same to the byte.
#[must_use]
pub const fn exact(weight: u32, syntax: &'static str) -> Rule {
    Rule { weight, reply: Reply::Exact, syntax }
}

/// A rule whose replies are compared in another way.
#[must_use]
pub const fn rule(weight: u32, reply: Reply, syntax: &'static str) -> Rule {
    Rule { weight, reply, syntax }
}

/// A generated command.
#[derive(Debug, Clone)]
pub struct Generated {
    /// Name and arguments.
    pub arguments: Vec<Vec<u8>>,
    /// How its replies are compared.
    pub reply: Reply,
}

/// A stream of `count` commands; the same for the same seed.
///
/// # Panics
/// When a rule's grammar is malformed: the generator itself is broken then.
#[must_use]
pub fn stream(families: &[Family], seed: u64, count: usize) -> Vec<Generated> {
    let rules: Vec<Rule> = families.iter().flat_map(|family| family.rules).copied().collect();
    let total: u64 = rules.iter().map(|rule| u64::from(rule.weight)).sum();
    let mut alphabet = alphabet::Alphabet::new(seed);
    (0..count)
        .map(|_| {
            let mut ticket = alphabet.random.below(total);
            let rule = rules
                .iter()
                .find(|rule| {
                    let weight = u64::from(rule.weight);
                    let found = ticket < weight;
                    ticket = ticket.wrapping_sub(if found { 0 } else { weight });
                    found
                })
                .expect("a ticket is below the sum of all weights");
            grammar::generate(rule, &mut alphabet)
        })
        .collect()
}
