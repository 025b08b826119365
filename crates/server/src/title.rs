//! `proc-title-template`: the title of the server in `ps`.

use redstart::config::{Change, Config, ids};
use redstart_sys::title;
use std::os::unix::ffi::OsStrExt;
use std::sync::OnceLock;

/// The name by which the program was called.
static PROGRAM: OnceLock<String> = OnceLock::new();

/// Reserves memory for titles, at the start of the process.
pub(crate) fn claim(program: String) {
    title::claim();
    let _ = PROGRAM.set(program);
}

/// Sets the configured title, unless titles are disabled.
pub(crate) fn show(config: &Config) {
    if config.get(ids::SET_PROC_TITLE) {
        show_in_any_case(config);
    }
}

/// Updates the title after these changes of the configuration.
pub(crate) fn apply(config: &Config, changes: &[Change]) {
    let changed = |names: &[&str]| changes.iter().any(|change| names.contains(&change.directive.name));
    if changed(&["proc-title-template"]) {
        show_in_any_case(config);
    } else if changed(&["port", "tls-port", "bind"]) {
        show(config);
    }
}

fn show_in_any_case(config: &Config) {
    // A program that embeds the server has its own title.
    let Some(program) = PROGRAM.get() else { return };
    let template = config.text(ids::PROC_TITLE_TEMPLATE);
    title::set(&expand(&template, |variable, out| match variable {
        b"title" => out.extend_from_slice(program.as_bytes()),
        b"listen-addr" => out.extend_from_slice(&listen_address(config)),
        b"port" => out.extend_from_slice(config.get(ids::PORT).to_string().as_bytes()),
        b"tls-port" => out.extend_from_slice(config.get(ids::TLS_PORT).to_string().as_bytes()),
        b"unixsocket" => out.extend_from_slice(&config.text(ids::UNIXSOCKET)),
        b"config-file" => out.extend_from_slice(config.file().map_or(b"-", |path| path.as_os_str().as_bytes())),
        // The mode of a server outside a cluster is empty.
        _ => {}
    }));
}

/// The first address with the first configured port; or the Unix socket.
fn listen_address(config: &Config) -> Vec<u8> {
    let port = match config.get(ids::PORT) {
        0 => config.get(ids::TLS_PORT),
        port => port,
    };
    if port == 0 {
        return [b"unixsocket:", &*config.text(ids::UNIXSOCKET)].concat();
    }
    let addresses = config.bind_addresses();
    format!("{}:{port}", addresses.first().map_or("*", String::as_str)).into_bytes()
}

/// Expands the variables of the template, where `{{` is a brace, and trims spaces. The template was checked when it was
/// configured.
fn expand(template: &[u8], mut value: impl FnMut(&[u8], &mut Vec<u8>)) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), template);
    while let Some((&byte, after)) = rest.split_first() {
        let end = after.iter().position(|&byte| byte == b'}');
        rest = match end {
            _ if byte != b'{' || after.first() == Some(&b'{') => {
                out.push(byte);
                &after[usize::from(byte == b'{')..]
            }
            Some(end) => {
                value(&after[..end], &mut out);
                &after[end + 1..]
            }
            None => &[],
        };
    }
    let first = out.iter().position(|&byte| byte != b' ').unwrap_or(out.len());
    let last = out.iter().rposition(|&byte| byte != b' ').map_or(first, |last| last + 1);
    out[first..last].to_vec()
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn variables_are_replaced_and_ends_trimmed() {
        let expanded = |template: &[u8]| {
            let name = |variable: &[u8], out: &mut Vec<u8>| out.extend(variable.iter().map(u8::to_ascii_uppercase));
            String::from_utf8(expand(template, name)).expect("text")
        };
        assert_eq!(expanded(b"{title} {listen-addr} "), "TITLE LISTEN-ADDR");
        assert_eq!(expanded(b"  a{{b}c}{port}"), "a{b}c}PORT");
        assert_eq!(expanded(b"{open"), "");
        assert_eq!(expanded(b"   "), "");
    }
}
