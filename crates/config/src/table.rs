//! All directives: the tables of the themes, joined at compile time. `docs/configuration.md` is generated from them
//! (`tests/reference.rs`).

mod cluster;
mod memory;
mod network;
mod observability;
mod persistence;
mod process;
mod replication;
mod security;
mod tls;
mod types;

use crate::directive::Directive;

/// The directives of one theme.
pub struct Theme {
    /// Its heading in the reference.
    pub title: &'static str,
    /// Its directives.
    pub directives: &'static [Directive],
}

/// All themes, in the order of the reference.
pub static THEMES: [Theme; 10] = [
    Theme { title: "Network", directives: network::DIRECTIVES },
    Theme { title: "Process", directives: process::DIRECTIVES },
    Theme { title: "Logs and events", directives: observability::DIRECTIVES },
    Theme { title: "Security", directives: security::DIRECTIVES },
    Theme { title: "Memory", directives: memory::DIRECTIVES },
    Theme { title: "Encodings", directives: types::DIRECTIVES },
    Theme { title: "Persistence", directives: persistence::DIRECTIVES },
    Theme { title: "Replication", directives: replication::DIRECTIVES },
    Theme { title: "Cluster", directives: cluster::DIRECTIVES },
    Theme { title: "TLS", directives: tls::DIRECTIVES },
];

const COUNT: usize = {
    let (mut theme, mut count) = (0, 0);
    while theme < THEMES.len() {
        count += THEMES[theme].directives.len();
        theme += 1;
    }
    count
};

/// Every directive.
pub static DIRECTIVES: [Directive; COUNT] = {
    let mut table = [THEMES[0].directives[0]; COUNT];
    let (mut theme, mut next) = (0, 0);
    while theme < THEMES.len() {
        let mut index = 0;
        while index < THEMES[theme].directives.len() {
            table[next] = THEMES[theme].directives[index];
            next += 1;
            index += 1;
        }
        theme += 1;
    }
    table
};

/// The directive with this name or alias, ignoring case, and its index.
pub(crate) fn lookup(name: &[u8]) -> Option<(usize, &'static Directive)> {
    DIRECTIVES.iter().enumerate().find(|(_, directive)| directive.is_called(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_lower_case() {
        let mut seen = HashSet::new();
        for name in DIRECTIVES.iter().flat_map(Directive::names) {
            assert!(seen.insert(name), "{name} twice");
            assert_eq!(name, name.to_ascii_lowercase());
        }
    }

    #[test]
    fn defaults_are_values() {
        for directive in &DIRECTIVES {
            let default = directive.default_value();
            let text = directive.format(&default);
            let arguments: Vec<Vec<u8>> = match directive.is(crate::Flags::MULTI) {
                true => text.split(|&byte| byte == b' ').map(<[u8]>::to_vec).collect(),
                false => vec![text],
            };
            if directive.name == "dir" || directive.name == "replicaof" {
                continue;
            }
            assert_eq!(directive.parse(&arguments, &default), Ok(default.clone()), "{}", directive.name);
        }
    }
}
