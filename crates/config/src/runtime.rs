//! CONFIG GET and CONFIG SET.

use std::fmt;

use redstart_encoding::glob;

use crate::directive::{Directive, Flags};
use crate::store::Config;
use crate::table::{DIRECTIVES, lookup};
use crate::value::{Value, ValueError};

/// A directive that CONFIG SET changed.
#[derive(Clone, Debug)]
pub struct Change {
    /// The directive.
    pub directive: &'static Directive,
    index: usize,
    old: Value,
    new: Value,
}

impl Change {
    /// The old value, as in CONFIG GET.
    pub fn old(&self) -> Vec<u8> {
        self.directive.format(&self.old)
    }

    /// The new value, as in CONFIG GET.
    pub fn new_value(&self) -> Vec<u8> {
        self.directive.format(&self.new)
    }
}

/// Why an apply hook refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplyError {
    /// The directive at fault.
    pub directive: &'static str,
    /// The error message for the client.
    pub message: String,
}

/// The circumstances of a change.
#[derive(Clone, Copy, Debug, Default)]
pub struct SetContext {
    /// Whether the dataset is being loaded.
    pub loading: bool,
    /// Whether directives guarded by `enable-protected-configs` may be changed by this client.
    pub protected_allowed: bool,
}

/// Why CONFIG SET changed nothing; the text follows `ERR `, except for [`SetError::Loading`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetError {
    /// No pairs, or an incomplete pair.
    Arguments,
    /// A directive cannot be changed while the dataset is loading: the LOADING error.
    Loading,
    /// No directive has this name.
    Unknown(Vec<u8>),
    /// The directive can only be set at start.
    Immutable(Vec<u8>),
    /// The directive is guarded.
    Protected(Vec<u8>),
    /// The directive is named twice.
    Duplicate(Vec<u8>),
    /// The value is invalid.
    Value(&'static str, ValueError),
    /// The engine could not apply the value.
    Apply(ApplyError),
}

impl fmt::Display for SetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut failed = |name: &[u8], why: &dyn fmt::Display| {
            let name = String::from_utf8_lossy(name);
            write!(f, "CONFIG SET failed (possibly related to argument '{name}') - {why}")
        };
        match self {
            SetError::Arguments => f.write_str("syntax error"),
            SetError::Loading => f.write_str("LOADING Redis is loading the dataset in memory"),
            SetError::Unknown(name) => {
                // As in Redis, only up to a zero byte.
                let shown = name.split(|&byte| byte == 0).next().unwrap_or_default();
                let name = String::from_utf8_lossy(shown);
                write!(f, "Unknown option or number of arguments for CONFIG SET - '{name}'")
            }
            SetError::Immutable(name) => failed(name, &"can't set immutable config"),
            SetError::Protected(name) => failed(name, &"can't set protected config"),
            SetError::Duplicate(name) => failed(name, &"duplicate parameter"),
            SetError::Value(name, error) => failed(name.as_bytes(), error),
            SetError::Apply(error) => failed(error.directive.as_bytes(), &error.message),
        }
    }
}

impl std::error::Error for SetError {}

impl Config {
    /// The directives that match any of `patterns`, each name once, with their values. A pattern without wildcards is a
    /// name, and is shown as given; hidden directives match only such a name.
    pub fn get_matching(&self, patterns: &[&[u8]]) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut shown: Vec<(Vec<u8>, usize)> = Vec::new();
        for pattern in patterns {
            if glob::is_pattern(pattern) {
                add_matching(pattern, &mut shown);
            } else if let Some((index, _)) = lookup(pattern) {
                add(pattern, index, &mut shown);
            }
        }
        shown.sort();
        shown.into_iter().map(|(name, index)| (name, DIRECTIVES[index].format(&self.value(index)))).collect()
    }

    /// Sets directives: all or none. Values are checked before any is set. Then `apply` is called once with the changes
    /// (directives set to their current value are omitted, unless what they name may have changed). If it refuses, the
    /// old values are restored and it is called again with the inverse changes, to undo its work.
    ///
    /// # Errors
    /// The first error, in the order in which Redis checks.
    pub fn set(
        &self,
        pairs: &[(&[u8], &[u8])],
        context: SetContext,
        mut apply: impl FnMut(&Config, &[Change]) -> Result<(), ApplyError>,
    ) -> Result<Vec<Change>, SetError> {
        if pairs.is_empty() {
            return Err(SetError::Arguments);
        }
        let found = find_all(pairs, context)?;
        let _writing = self.lock_writer();
        let changes = self.parse_all(&found, pairs)?;
        self.store_all(&changes);
        let Err(error) = apply(self, &changes) else { return Ok(changes) };
        let undo: Vec<Change> = changes
            .into_iter()
            .map(|Change { directive, index, old, new }| Change { directive, index, old: new, new: old })
            .collect();
        self.store_all(&undo);
        // The hook has already refused, and the client receives that error; a second refusal cannot be reported.
        let _ = apply(self, &undo);
        Err(SetError::Apply(error))
    }

    fn store_all(&self, changes: &[Change]) {
        for change in changes {
            self.store(change.index, change.new.clone());
        }
    }

    fn parse_all(&self, found: &[Found], pairs: &[(&[u8], &[u8])]) -> Result<Vec<Change>, SetError> {
        let mut changes = Vec::with_capacity(pairs.len());
        for (&Found { index, name }, (_, text)) in found.iter().zip(pairs) {
            let directive = &DIRECTIVES[index];
            let old = self.value(index);
            let arguments = arguments_of(directive, text);
            let new = directive.parse(&arguments, &old).map_err(|error| SetError::Value(name, error))?;
            if new != old && directive.is(Flags::IMMUTABLE) {
                return Err(SetError::Immutable(name.into()));
            }
            if new != old || directive.is(Flags::VOLATILE) {
                changes.push(Change { directive, index, old, new });
            }
        }
        Ok(changes)
    }
}

/// A directive, and the name by which it was called: errors show that name.
#[derive(Clone, Copy)]
struct Found {
    index: usize,
    name: &'static str,
}

fn add(name: &[u8], index: usize, shown: &mut Vec<(Vec<u8>, usize)>) {
    if !shown.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)) {
        shown.push((name.to_vec(), index));
    }
}

fn add_matching(pattern: &[u8], shown: &mut Vec<(Vec<u8>, usize)>) {
    for (index, directive) in DIRECTIVES.iter().enumerate().filter(|(_, directive)| !directive.is(Flags::HIDDEN)) {
        for name in directive.names().filter(|name| glob::matches_ignore_case(pattern, name.as_bytes())) {
            add(name.as_bytes(), index, shown);
        }
    }
}

/// The directives, if all may be set. As in Redis, a name and its alias are two names: the later one wins.
fn find_all(pairs: &[(&[u8], &[u8])], context: SetContext) -> Result<Vec<Found>, SetError> {
    let mut found: Vec<Found> = Vec::with_capacity(pairs.len());
    for &(called, _) in pairs {
        let (index, directive) = lookup(called).ok_or_else(|| SetError::Unknown(called.to_vec()))?;
        let name = directive.names().find(|name| name.as_bytes().eq_ignore_ascii_case(called));
        let name = name.unwrap_or(directive.name);
        if directive.is(Flags::IMMUTABLE) && !directive.is(Flags::KEEPS) {
            return Err(SetError::Immutable(called.to_vec()));
        }
        if directive.is(Flags::PROTECTED) && !context.protected_allowed {
            return Err(SetError::Protected(called.to_vec()));
        }
        if directive.is(Flags::DENY_LOADING) && context.loading {
            return Err(SetError::Loading);
        }
        if found.iter().any(|other| other.name == name) {
            return Err(SetError::Duplicate(called.to_vec()));
        }
        found.push(Found { index, name });
    }
    Ok(found)
}

/// Several arguments are passed as one text, separated by single spaces.
fn arguments_of(directive: &Directive, text: &[u8]) -> Vec<Vec<u8>> {
    if !directive.is(Flags::MULTI) {
        return vec![text.to_vec()];
    }
    if text.is_empty() {
        return Vec::new();
    }
    text.split(|&byte| byte == b' ').map(<[u8]>::to_vec).collect()
}
