//! The users that an engine is opened with: of `requirepass`, of `user` lines, or of an ACL file.

use redstart_command::Shared;
use redstart_command::acl::{RuleError, SetUserError, name_is_valid};
use redstart_commands::load_acl_file;
use redstart_config::{LoadError, LoadErrorKind, UserLine, ids};

/// Makes them all.
///
/// # Errors
/// The first line that is wrong, or what is wrong with the ACL file.
pub(crate) fn load(shared: &Shared, lines: &[UserLine]) -> Result<(), LoadError> {
    shared.acl.set_default_password(&shared.config.text(ids::REQUIREPASS));
    let has_file = !shared.config.text(ids::ACLFILE).is_empty();
    if let Some(line) = lines.first().filter(|_| has_file) {
        return Err(line.origin.error(
            "Users are defined here and an ACL file is named as well, which is likely to lead to mistakes and security \
             holes: define them in one place only",
        ));
    }
    for (index, line) in lines.iter().enumerate() {
        if lines[..index].iter().any(|other| other.arguments.first() == line.arguments.first()) {
            return Err(wrong(line, &[], "Duplicate user found. A user can only be defined once in config files"));
        }
        define(shared, line)?;
    }
    if !has_file {
        return Ok(());
    }
    let aborted = |errors: Vec<u8>| {
        let text = format!("Aborting Redis startup because of ACL errors: {}", String::from_utf8_lossy(&errors));
        LoadError { origin: None, kind: LoadErrorKind::Line(text) }
    };
    load_acl_file(shared).map(drop).map_err(aborted)
}

fn define(shared: &Shared, line: &UserLine) -> Result<(), LoadError> {
    let Some((name, words)) = line.arguments.split_first() else { return Ok(()) };
    if !name_is_valid(name) {
        return Err(line.origin.error("Spaces not allowed in ACL usernames"));
    }
    // The default user is there already, and begins anew.
    let words: Vec<&[u8]> = std::iter::once(b"reset".as_slice()).chain(words.iter().map(Vec::as_slice)).collect();
    match shared.acl.set(name, &words, &shared.acl_rules()) {
        Ok(_) => Ok(()),
        Err(SetUserError::Rule(rule, error @ RuleError::UnknownCommand)) => {
            let (rule, name) = (String::from_utf8_lossy(&rule), String::from_utf8_lossy(name));
            let text = format!("Error loading ACL rule '{rule}' for the user named '{name}': {error}");
            Err(line.origin.error(text))
        }
        Err(SetUserError::Rule(rule, error)) => Err(wrong(line, &rule, &error.to_string())),
        Err(error) => Err(line.origin.error(String::from_utf8_lossy(&error.to_bytes()))),
    }
}

fn wrong(line: &UserLine, rule: &[u8], why: &str) -> LoadError {
    let shown = if rule.is_empty() { line.arguments.first().map_or(rule, Vec::as_slice) } else { rule };
    line.origin.error(format!("Error in user declaration '{}': {why}", String::from_utf8_lossy(shown)))
}
