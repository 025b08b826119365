//! The ACL file: read when the engine opens and by ACL LOAD, written by ACL SAVE.

use redstart_command::Shared;
use redstart_command::acl::{Changed, parse_file};
use redstart_config::{ids, os_error_text, replace_file};
use std::io;
use std::path::PathBuf;

/// Where the file is; `None` where the configuration names none. A relative path is one in `dir`.
fn path(shared: &Shared) -> Option<PathBuf> {
    let file = shared.config.path(ids::ACLFILE)?;
    Some(shared.config.path(ids::DIR).unwrap_or_default().join(file))
}

/// Puts the users of the file in the place of all users; says which ones changed.
///
/// # Errors
/// All that is wrong, in words. Nothing changed then.
pub fn load(shared: &Shared) -> Result<Vec<Changed>, Vec<u8>> {
    let (name, rules) = (shared.config.text(ids::ACLFILE), shared.acl_rules());
    let text = path(shared).map_or_else(|| Ok(Vec::new()), std::fs::read).map_err(|error| {
        let why = os_error_text(&error);
        [b"Error loading ACLs, opening file '", &*name, b"': ", why.as_bytes()].concat()
    })?;
    Ok(shared.acl.replace_all(parse_file(&text, &name, &rules)?, &rules))
}

/// Writes all users to the file.
pub(super) fn save(shared: &Shared) -> io::Result<()> {
    let Some(path) = path(shared) else { return Ok(()) };
    let text: Vec<u8> = shared.acl.all().iter().flat_map(|user| [user.line(), b"\n".to_vec()].concat()).collect();
    replace_file(&path, &text)
}
