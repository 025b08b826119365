//! Checks of single directives beyond those of their kind.

use crate::choices::{SHUTDOWN_NOSAVE, SHUTDOWN_SAVE};
use crate::value::{Value, ValueError};

const MIN_HZ: i64 = 1;
const MAX_HZ: i64 = 500;
const MAX_HOST_NAME: usize = 256;

fn require(value: Value, is_right: impl Fn(&[u8]) -> bool, otherwise: &'static str) -> Result<Value, ValueError> {
    let Value::Text(text) = &value else { return Ok(value) };
    if is_right(text) { Ok(value) } else { Err(ValueError::Text(otherwise)) }
}

fn is_base_name(name: &[u8]) -> bool {
    !name.contains(&b'/') && !name.contains(&b'\\')
}

pub(crate) fn db_file_name(value: Value) -> Result<Value, ValueError> {
    require(value, is_base_name, "dbfilename can't be a path, just a filename")
}

pub(crate) fn append_file_name(value: Value) -> Result<Value, ValueError> {
    let value = require(value, |name| !name.is_empty(), "appendfilename can't be empty")?;
    require(value, is_base_name, "appendfilename can't be a path, just a filename")
}

pub(crate) fn append_dir_name(value: Value) -> Result<Value, ValueError> {
    let value = require(value, |name| !name.is_empty(), "appenddirname can't be empty")?;
    require(value, is_base_name, "appenddirname can't be a path, just a dirname")
}

pub(crate) fn host_name(value: Value) -> Result<Value, ValueError> {
    let value = require(value, |name| name.len() < MAX_HOST_NAME, "Hostnames must be less than 256 characters")?;
    let is_host = |name: &[u8]| name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    require(value, is_host, "Hostnames may only contain alphanumeric characters, hyphens or dots")
}

pub(crate) fn node_name(value: Value) -> Result<Value, ValueError> {
    // These separate fields in the cluster's own file.
    const FORBIDDEN: &[u8] = b"!#$%&()*+:;<>?@[]^{|}~";
    let is_name = |name: &[u8]| !name.iter().any(|byte| FORBIDDEN.contains(byte));
    require(value, is_name, "Announced human node name contained invalid character")
}

pub(crate) fn title_template(value: Value) -> Result<Value, ValueError> {
    require(value, is_title_template, "template format is invalid or contains unknown variables")
}

/// Whether every `{variable}` is known, and the title is not empty on a server without a mode or socket.
fn is_title_template(template: &[u8]) -> bool {
    let mut rest = template;
    let mut shows_something = false;
    while let Some((&byte, after)) = rest.split_first() {
        if byte != b'{' {
            shows_something |= byte != b' ';
            rest = after;
            continue;
        }
        if let [b'{', after @ ..] = after {
            shows_something = true;
            rest = after;
            continue;
        }
        let Some(end) = after.iter().position(|&byte| byte == b'}') else { return false };
        match &after[..end] {
            b"title" | b"server-mode" | b"unixsocket" => {}
            b"listen-addr" | b"port" | b"tls-port" | b"config-file" => shows_something = true,
            _ => return false,
        }
        rest = &after[end + 1..];
    }
    shows_something
}

pub(crate) fn shutdown_flags(value: Value) -> Result<Value, ValueError> {
    const BOTH: i64 = SHUTDOWN_SAVE | SHUTDOWN_NOSAVE;
    match value {
        Value::Number(bits) if bits & BOTH == BOTH => {
            Err(ValueError::Text("shutdown options SAVE and NOSAVE can't be used simultaneously"))
        }
        value => Ok(value),
    }
}

/// A hint more than a setting, so a value out of range is clamped.
pub(crate) fn clamp_hz(value: Value) -> Result<Value, ValueError> {
    match value {
        Value::Number(hz) => Ok(Value::Number(hz.clamp(MIN_HZ, MAX_HZ))),
        value => Ok(value),
    }
}
