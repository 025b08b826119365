//! `docs/configuration.md` is generated from the table of directives. This test fails where the file is out of date,
//! and writes it with `REDSTART_UPDATE_DOCS=1 cargo test -p redstart-config --test reference`.

#![allow(clippy::unwrap_used)]

use redstart_config::{Config, Directive, Flags, Host, IntKind, Kind, Special, Status, THEMES, Unit};
use std::path::Path;

const WIDTH: usize = 120;
const UPDATE: &str = "REDSTART_UPDATE_DOCS";
const HEADER: &str = "\
# Configuration reference

<!-- Generated from crates/config/src/table/. To write it again:
REDSTART_UPDATE_DOCS=1 cargo test -p redstart-config --test reference -->

`redstart [FILE] [--name value ...] [-]` reads a `redis.conf` from FILE, then from standard input (`-`). It then reads
the environment (`REDIS_MAXMEMORY=1gb`, `REDSTART_THREADS=4`, `REDIS_PASSWORD` for `requirepass`), then the options. A
later source overrides an earlier one.

How to read an entry:

- The parentheses hold the values, the default and the time of a change. *At start*: CONFIG SET refuses the directive.
  *Any time*: CONFIG SET changes it. *Protected*: CONFIG SET needs `enable-protected-configs`.
- A number of bytes takes a unit: `k`, `m`, `g` (powers of 1000), `kb`, `mb`, `gb` (powers of 1024).
- *Hidden*: CONFIG GET shows the directive by its exact name only, not by a pattern.
- Directives under *No effect* are read, kept, shown and rewritten, so that a `redis.conf` or a `valkey.conf` is taken
  as it is. The log names each of them at start if its value is not the default.

A `redis.conf` also has lines that are no directives:

- `include PATH` reads another file; PATH may have wildcards.
- `rename-command OLD NEW` renames a command; an empty NEW removes it.
- `user NAME RULE ...` defines an ACL user.
- `list-max-ziplist-entries`, `list-max-ziplist-value`, `lua-replicate-commands` and `io-threads-do-reads` are skipped.
- `loadmodule` and `sentinel` are refused, as is any unknown name: the server does not start and names the line.
";

/// What a theme needs said before its directives.
fn note(title: &str) -> &'static str {
    match title {
        "Replication" => {
            "There is no replication yet. `replicaof` with a host is refused at start, and so is REPLICAOF as a command."
        }
        "Cluster" => "There is no cluster yet. `cluster-enabled yes` is refused at start.",
        "Process" => "`hz` is shown by INFO. No timer depends on it.",
        "TLS" => "See [security.md](security.md#tls) for an example and for what differs from OpenSSL.",
        _ => "",
    }
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// Bytes with the largest unit that divides them.
fn bytes(count: i128) -> String {
    for (shift, unit) in [(30, "gb"), (20, "mb"), (10, "kb")] {
        if count > 0 && count % (1 << shift) == 0 {
            return format!("{}{unit}", count >> shift);
        }
    }
    count.to_string()
}

fn range(kind: &IntKind) -> String {
    let show = |number: i128| match kind.unit {
        Unit::Memory | Unit::MemoryOrPercent => bytes(number),
        Unit::Octal => format!("{number:o}"),
        Unit::Plain => number.to_string(),
    };
    let unbounded = i128::from(i32::MAX);
    match (kind.min, kind.max) {
        (min, max) if min <= i128::from(i32::MIN) && max >= unbounded => String::new(),
        (min, max) if max >= unbounded => format!(", {} or more", show(min)),
        (min, max) => format!(", {} to {}", show(min), show(max)),
    }
}

fn values(directive: &Directive) -> String {
    match directive.kind {
        Kind::Bool { .. } => "`yes` or `no`".to_owned(),
        Kind::Int(kind) => match kind.unit {
            Unit::Plain => format!("number{}", range(&kind)),
            Unit::Memory => format!("bytes{}", range(&kind)),
            Unit::MemoryOrPercent => "bytes, or a percentage".to_owned(),
            Unit::Octal => format!("octal number{}", range(&kind)),
        },
        Kind::Choice { choices, bits, .. } => {
            let words: Vec<String> = choices.iter().map(|choice| code(choice.word)).collect();
            format!("{}{}", if bits { "several of " } else { "" }, words.join(", "))
        }
        Kind::Text { .. } => "text".to_owned(),
        Kind::Special(special) => match special {
            Special::Dir => "directory",
            Special::Save => "pairs of numbers",
            Special::OutputBufferLimits => "groups of class and three numbers",
            Special::OomScoreAdjValues => "three numbers, -2000 to 2000",
            Special::NotifyEvents => "letters",
            Special::Bind => "addresses",
            Special::ReplicaOf => "host and port, or `no one`",
            Special::Percentiles => "numbers",
        }
        .to_owned(),
    }
}

fn default(directive: &Directive, config: &Config) -> String {
    match directive.kind {
        Kind::Int(kind) if kind.from_host => return "default: number of cores".to_owned(),
        Kind::Special(Special::Dir) => return "default: working directory of the process".to_owned(),
        Kind::Int(IntKind { unit: Unit::Memory, default, .. }) => return format!("default {}", code(&bytes(default))),
        _ => {}
    }
    let shown = config.get_matching(&[directive.name.as_bytes()]).remove(0).1;
    match String::from_utf8(shown).unwrap() {
        text if text.is_empty() => "default: empty".to_owned(),
        text => format!("default {}", code(&text)),
    }
}

fn when(directive: &Directive) -> &'static str {
    match directive {
        _ if directive.is(Flags::IMMUTABLE) => "at start",
        _ if directive.is(Flags::PROTECTED) && directive.is(Flags::DENY_LOADING) => "protected, not while loading",
        _ if directive.is(Flags::PROTECTED) => "protected",
        _ if directive.is(Flags::DENY_LOADING) => "any time, not while loading",
        _ => "any time",
    }
}

fn entry(directive: &Directive, config: &Config) -> String {
    let aliases: Vec<String> = directive.aliases.iter().map(|alias| code(alias)).collect();
    let aliases = if aliases.is_empty() { String::new() } else { format!(", alias {}", aliases.join(", ")) };
    let hidden = if directive.is(Flags::HIDDEN) { "; hidden" } else { "" };
    let facts = format!("{}; {}; {}{hidden}", values(directive), default(directive, config), when(directive));
    let effect = match directive.status {
        Status::Honoured(effect) => format!(" {effect}"),
        Status::Accepted => String::new(),
    };
    wrap(&format!("- **`{}`**{aliases} ({facts}).{effect}", directive.name))
}

/// Lines of at most `WIDTH` characters; those after the first belong to the same item of a list.
fn wrap(text: &str) -> String {
    let (mut out, mut column, mut code) = (String::new(), 0, false);
    // A space within code is part of a word.
    let breaks = |letter: char| {
        code ^= letter == '`';
        letter == ' ' && !code
    };
    for word in text.split(breaks) {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            out.push_str("\n  ");
            column = 2;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
    out
}

fn reference() -> String {
    let config = Config::new(&Host { cores: 1, directory: "/".into() });
    let mut text = HEADER.to_owned();
    for theme in &THEMES {
        let mut directives: Vec<&Directive> = theme.directives.iter().collect();
        directives.sort_by_key(|directive| directive.name);
        let (honoured, accepted): (Vec<_>, Vec<_>) =
            directives.into_iter().partition(|directive| directive.status != Status::Accepted);
        text.push_str(&format!("\n## {}\n", theme.title));
        if !note(theme.title).is_empty() {
            text.push_str(&format!("{}\n\n", note(theme.title)));
        }
        honoured.iter().for_each(|directive| text.push_str(&entry(directive, &config)));
        if !accepted.is_empty() {
            let gap = if honoured.is_empty() { "" } else { "\n" };
            text.push_str(&format!("{gap}*No effect:*\n\n"));
            accepted.iter().for_each(|directive| text.push_str(&entry(directive, &config)));
        }
    }
    text
}

#[test]
fn the_reference_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    let wanted = reference();
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = found.lines().zip(wanted.lines()).position(|(found, wanted)| found != wanted);
    let line = differs.unwrap_or_else(|| found.lines().count().min(wanted.lines().count())) + 1;
    assert!(
        found == wanted,
        "docs/configuration.md is out of date from line {line} on; to write it again: \
         {UPDATE}=1 cargo test -p redstart-config --test reference"
    );
}

#[test]
fn effects_are_sentences() {
    for directive in THEMES.iter().flat_map(|theme| theme.directives) {
        if let Status::Honoured(effect) = directive.status {
            assert!(effect.ends_with('.') && !effect.contains("  "), "{}: {effect:?}", directive.name);
        }
    }
}
