//! `redstart check`: looks whether files are whole, without a server. Called by the name of one of Redis's tools, the
//! program is that tool.

mod aof;
mod rdb;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

/// What can be checked: its name, the tools of others that do so, what runs it, and how it is called.
struct Tool {
    name: &'static str,
    aliases: &'static [&'static str],
    /// By which name it was called, and with what.
    run: fn(&str, &[OsString]) -> ExitCode,
    help: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool { name: "aof", aliases: &["redis-check-aof"], run: aof::run, help: aof::HELP },
    Tool { name: "rdb", aliases: &["redis-check-rdb", "valkey-check-rdb"], run: rdb::run, help: rdb::HELP },
];

/// Checks files, if the program was asked for that; what it ends with then.
pub(crate) fn asked(program: &str, arguments: &[OsString]) -> Option<ExitCode> {
    let called = Path::new(program).file_name().unwrap_or_default();
    if let Some(tool) = TOOLS.iter().find(|tool| tool.aliases.iter().any(|alias| called == *alias)) {
        return Some((tool.run)(program, arguments));
    }
    let (first, rest) = arguments.split_first()?;
    if first != "check" {
        return None;
    }
    let tool = rest.first().and_then(|name| TOOLS.iter().find(|tool| name == tool.name));
    Some(match tool {
        Some(tool) => (tool.run)(&format!("{program} check {}", tool.name), &rest[1..]),
        None => {
            TOOLS.iter().for_each(|tool| eprint!("{}", tool.help));
            ExitCode::FAILURE
        }
    })
}
