//! All directives: the themes' tables, joined at compile time.

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

const THEMES: [&[Directive]; 10] = [
    network::DIRECTIVES,
    process::DIRECTIVES,
    observability::DIRECTIVES,
    security::DIRECTIVES,
    memory::DIRECTIVES,
    types::DIRECTIVES,
    persistence::DIRECTIVES,
    replication::DIRECTIVES,
    cluster::DIRECTIVES,
    tls::DIRECTIVES,
];

const COUNT: usize = {
    let (mut theme, mut count) = (0, 0);
    while theme < THEMES.len() {
        count += THEMES[theme].len();
        theme += 1;
    }
    count
};

/// Every directive.
pub static DIRECTIVES: [Directive; COUNT] = {
    let mut table = [THEMES[0][0]; COUNT];
    let (mut theme, mut next) = (0, 0);
    while theme < THEMES.len() {
        let mut index = 0;
        while index < THEMES[theme].len() {
            table[next] = THEMES[theme][index];
            next += 1;
            index += 1;
        }
        theme += 1;
    }
    table
};

/// The directive of this name or alias, in any case; and its index.
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
