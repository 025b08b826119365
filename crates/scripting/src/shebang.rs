//! The first line of a script or library: `#!lua name=... flags=...`.

use redstart_command::Error;
use redstart_command::scripts::ScriptFlags;
use redstart_resp::inline;

/// The first line of a library.
pub(crate) struct Header {
    pub(crate) name: Vec<u8>,
    pub(crate) engine: Vec<u8>,
}

fn error(words: &str, what: &[u8]) -> Error {
    Error::Bytes([b"ERR ", words.as_bytes(), what].concat())
}

/// The flags of a script (`None` without a shebang), and where its code begins: at the end of that line, so that line
/// numbers are unchanged.
pub(crate) fn script(body: &[u8]) -> Result<(Option<ScriptFlags>, usize), Error> {
    if !body.starts_with(b"#!") {
        return Ok((None, 0));
    }
    let end = body.iter().position(|&byte| byte == b'\n').ok_or(Error::text("ERR Invalid script shebang"))?;
    let parts = inline::split(&body[..end]).filter(|parts| !parts.is_empty());
    let parts = parts.ok_or(Error::text("ERR Invalid engine in script shebang"))?;
    if parts[0] != b"#!lua" {
        return Err(error("Unexpected engine in script shebang: ", &parts[0]));
    }
    let mut flags = ScriptFlags::default();
    for part in &parts[1..] {
        let words = part.strip_prefix(b"flags=");
        let words = words.ok_or_else(|| error("Unknown lua shebang option: ", part))?;
        for word in words.split(|&byte| byte == b',').filter(|_| !words.is_empty()) {
            let flag = flag(word, false).ok_or_else(|| error("Unexpected flag in script shebang: ", word))?;
            flags = flags.with(flag);
        }
    }
    Ok((Some(flags), end))
}

/// The flag with this name.
pub(crate) fn flag(name: &[u8], any_case: bool) -> Option<ScriptFlags> {
    let same = |known: &str| name == known.as_bytes() || any_case && name.eq_ignore_ascii_case(known.as_bytes());
    ScriptFlags::NAMES.into_iter().find(|(known, _)| same(known)).map(|(_, flag)| flag)
}

/// The header of a library, and where its code begins.
pub(crate) fn library(source: &[u8]) -> Result<(Header, usize), Error> {
    const INVALID: Error = Error::text("ERR Invalid library metadata");
    if !source.starts_with(b"#!") {
        return Err(Error::text("ERR Missing library metadata"));
    }
    let end = source.iter().position(|&byte| byte == b'\n').ok_or(INVALID)?;
    let parts = inline::split(&source[..end]).filter(|parts| !parts.is_empty()).ok_or(INVALID)?;
    let mut name = None;
    for part in &parts[1..] {
        let (head, value) = part.split_at(part.len().min(5));
        if !head.eq_ignore_ascii_case(b"name=") {
            return Err(error("Invalid metadata value given: ", part));
        }
        if name.replace(value.to_vec()).is_some() {
            return Err(Error::text("ERR Invalid metadata value, name argument was given multiple times"));
        }
    }
    let name = name.ok_or(Error::text("ERR Library name was not given"))?;
    Ok((Header { name, engine: parts[0].get(2..).unwrap_or_default().to_vec() }, end))
}

/// Whether this is a valid name of a library or function.
pub(crate) fn is_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// The error for an invalid name.
pub(crate) const BAD_NAME: &str =
    "Library names can only contain letters, numbers, or underscores(_) and must be at least one character long";
